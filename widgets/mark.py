"""The freshness mark of a panel: source and age, or why it could not be renewed."""

from __future__ import annotations

from datetime import datetime
from math import ceil

import msgspec
from rich.cells import cell_len

from market.freshness import Freshness, age_in_words
from market.health import Look, Trouble
from market.reports import ErrorKind
from market.snapshot import Mode
from widgets.moments import moment
from widgets.strips import plain, sources_in

ROLES = {Look.LIVE: "muted", Look.LATE: "late", Look.FAILING: "failing", Look.ABSENT: "absent"}

NEAR_S = 120
"""Seconds up to the next try below which they are counted: a minute of the clock would be past."""


class Cause(msgspec.Struct, frozen=True):
    """One kind of failure, said of a feed."""

    word: str
    """In a border: `yahoo limited`."""
    phrase: str
    """In a sentence: `yahoo: too many requests`."""


CAUSES = {
    ErrorKind.LIMITED: Cause("limited", "too many requests"),
    ErrorKind.REFUSED: Cause("refused", "it refuses"),
    ErrorKind.ABSENT: Cause("unknown", "it knows nothing of it"),
    ErrorKind.GARBLED: Cause("garbled", "its answers cannot be read"),
    ErrorKind.UNREACHABLE: Cause("no answer", "it cannot be reached"),
}
"""Every kind of failure in words."""


def cause_of(trouble: Trouble) -> str:
    """Return which feed fails and how, in two or three words: `yahoo limited`."""
    return f"{plain(trouble.feed, 12)} {CAUSES[trouble.kind].word}"


class Mark(msgspec.Struct, frozen=True):
    """What a panel's border says of its data."""

    look: Look
    wordings: tuple[str, ...]
    """The same said ever shorter."""
    is_marked: bool = False
    """Whether it is not the market's own of now: simulated, or from a tape."""

    @property
    def text(self) -> str:
        """All there is to say."""
        return self.wordings[0]

    @property
    def role(self) -> str:
        """The role it is painted in."""
        return "demo" if self.is_marked and self.look is Look.LIVE else ROLES[self.look]

    def fitted(self, room: int) -> str:
        """Return the longest wording that fits whole, else nothing."""
        return next((text for text in self.wordings if cell_len(text) <= room), "")


NO_MARK = Mark(Look.ABSENT, ("waiting", "—"))


def mark_of(freshness: Freshness, now: datetime, *, mode: Mode = Mode.LIVE) -> Mark:
    """Return the mark of a panel's freshness; of a demo or a tape it begins with its badge."""
    badge = mode.badge
    wordings = _wordings(freshness, source_in_words(freshness.source, mode), now)
    if badge:
        wordings = (*(w if w.startswith(badge) else f"{badge} {w}" for w in wordings), badge)
    return Mark(freshness.look, tuple(dict.fromkeys(w.strip() for w in wordings)), bool(badge))


def source_in_words(source: str, mode: Mode) -> str:
    """Return who gave a number: behind a badge nobody, since its source is elsewhere."""
    return mode.badge or sources_in(source, 12)


def _wordings(freshness: Freshness, source: str, now: datetime) -> tuple[str, ...]:
    age = age_in_words(freshness)
    match freshness.look:
        case Look.LIVE:
            return f"{source} {age}", age, source
        case Look.LATE:
            return _late(freshness.beside, source, age)
        case Look.FAILING:
            return _failing(freshness, source, age, now)
        case Look.ABSENT:
            return _absent(freshness, now)


def _late(beside: str, source: str, age: str) -> tuple[str, ...]:
    """Say how old it is; where something beside the price is old, what."""
    if beside:
        return f"{source} {age}, {beside} late", f"{beside} late", beside, "late"
    return f"{source} late {age}", f"late {age}", "late"


def _absent(freshness: Freshness, now: datetime) -> tuple[str, ...]:
    """Say who fails to give it, else whether it is only waited for."""
    if freshness.trouble is not None:
        return _failing(freshness, "", "", now)
    return ("waiting" if freshness.reason.startswith("waiting") else "no data"), "—"


def _failing(freshness: Freshness, source: str, age: str, now: datetime) -> tuple[str, ...]:
    """Say what is shown, which feed fails and how, and when it is asked again.

    The age of what is shown goes last: it outlasts the next try, the feed and the cause.
    """
    trouble = freshness.trouble
    if trouble is None:
        return (f"▲ {age}", "▲") if age else ("failing", "▲")
    word, cause = CAUSES[trouble.kind].word, cause_of(trouble)
    retry = _next_try(trouble.retry_at, now)
    if not age:
        return f"{cause}{retry}", cause, f"▲ {word}", "▲"
    shown = freshness.beside or (f"{source} {age}" if source != trouble.feed else age)
    return (
        f"{shown}, {cause}{retry}",
        f"{shown}, {cause}",
        f"{age}, {cause}",
        f"{age}, {word}",
        f"▲ {age}",
        "▲",
    )


def _next_try(retry_at: datetime | None, now: datetime) -> str:
    """Return when a feed is asked again: `, next 14:35`, and what is near in seconds."""
    if retry_at is None or retry_at <= now:
        return ""
    left = (retry_at - now).total_seconds()
    if left < NEAR_S:
        return f", next in {ceil(left)} s"
    return f", next {moment(retry_at, now)}"

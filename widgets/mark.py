"""The freshness mark of a panel: source and age, or why it could not be renewed."""

from __future__ import annotations

import re
from datetime import datetime

import msgspec
from rich.cells import cell_len

from market.freshness import Freshness, age_in_words
from market.health import Look
from widgets.moments import moment
from widgets.strips import plain

ROLES = {Look.LIVE: "muted", Look.LATE: "late", Look.FAILING: "failing", Look.ABSENT: "absent"}


class Mark(msgspec.Struct, frozen=True):
    """What a panel's border says of its data."""

    look: Look
    text: str
    short: str = ""
    """Said instead where there is no room for `text`."""
    is_demo: bool = False

    @property
    def role(self) -> str:
        """The role it is painted in."""
        return "demo" if self.is_demo and self.look is Look.LIVE else ROLES[self.look]

    def fitted(self, room: int) -> str:
        """Return the longest wording that fits whole, else nothing."""
        return next((t for t in (self.text, self.short) if t and cell_len(t) <= room), "")


NO_MARK = Mark(Look.ABSENT, "waiting")


def mark_of(freshness: Freshness, now: datetime, *, demo: bool = False) -> Mark:
    """Return the mark of a panel's freshness; in demo mode it begins with DEMO."""
    source = "DEMO" if demo else plain(freshness.source, 12)
    match freshness.look:
        case Look.LIVE:
            text, short = f"{source} {age_in_words(freshness)}".strip(), source
        case Look.LATE:
            age = age_in_words(freshness)
            text, short = f"{source} late {age}".strip(), f"late {age}".strip()
        case Look.FAILING:
            why = f"{source} {cause(freshness.reason)}".strip()
            text, short = why + _next_try(freshness.retry_at, now), why
        case Look.ABSENT:
            text, short = f"{'DEMO ' if demo else ''}no data", "DEMO" if demo else "—"
    return Mark(freshness.look, text, short, demo)


def cause(reason: str) -> str:
    """Return a trouble in a word or two: the HTTP status if it names one, else its first words."""
    reason = plain(reason)
    if (status := re.search(r"\b[1-5]\d\d\b", reason)) is not None:
        return status.group()
    words = re.split(r"[:;,.(]", reason)[0].split()
    while words and len(" ".join(words)) > 24:
        words.pop()
    return " ".join(words) or "failing"


def _next_try(retry_at: datetime | None, now: datetime) -> str:
    if retry_at is None or retry_at <= now:
        return ""
    return f", next {moment(retry_at, now)}"

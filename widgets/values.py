"""Named metrics as panels show them: a number or word, and whether it is old."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from market.freshness import (
    Freshness,
    age_in_words,
    family_freshness,
    freshness,
    list_freshness,
    panel_freshness,
)
from market.health import Look
from market.metrics.compute import known_symbols, metric_named
from market.quotes import ARCHIVED, Key, Phase
from market.reports import Reading
from market.sessions import exchange_date
from market.snapshot import NOT_COMPUTED, Snapshot
from widgets.lines import Line, Run, folded
from widgets.mark import Mark, mark_of
from widgets.strips import (
    MISSING,
    arrow,
    direction,
    percent,
    plain,
    price,
    relative_volume,
    signed,
)

OLD = frozenset({Look.LATE, Look.FAILING})
"""Looks under which a value is dimmed: it is shown, but not as today's truth."""

WORKING_OUT = "working out"
"""What is said of a metric whose data have just come."""
WINDOWS = ("1D", "5D", "1M", "8W", "3M", "6M", "YTD", "1Y")
"""The windows that can be chosen, shortest first."""


class Value(msgspec.Struct, frozen=True):
    """One named metric at one instant. Without number and word it is absent for `reason`."""

    number: float | None = None
    word: str = ""
    old: bool = False
    reason: str = ""
    colour: str = ""
    """What a rule of the user's paints it with."""

    @property
    def known(self) -> bool:
        """Whether there is anything to show."""
        return self.number is not None or bool(self.word)

    def run(self, text: str, role: str = "text") -> Run:
        """Return a run of the formatted value: dimmed when old, an em dash when absent."""
        if not self.known:
            return (MISSING, "absent")
        return (text, self._role(role))

    def _role(self, role: str) -> str:
        if self.old:
            return "late"
        return f"rule_{self.colour}" if self.colour else role

    def level(self, decimals: int = 2, role: str = "text") -> Run:
        """Return it as a price or level."""
        return self.run(price(self.number, decimals), role)

    def moved(self, decimals: int = 2, unit: str = "") -> Run:
        """Return it, a fraction, as signed percent coloured by its sign."""
        text = percent(self.number, decimals, unit)
        return self.run(text, direction(text))

    def relative_volume(self) -> Run:
        """Return it as a multiple of what is usual, or in full days where that is not known."""
        return self.run(relative_volume(self.number, self.reason))

    def difference(self, decimals: int = 2) -> Run:
        """Return it, points, as a signed number coloured by its sign."""
        text = signed(self.number, decimals)
        return self.run(text, direction(text))

    def arrow(self) -> Run:
        """Return its direction as a glyph."""
        role = direction(signed(self.number, 6))
        return (arrow(self.number), self._role(role))


def absence(reason: str, width: int, height: int) -> list[Line]:
    """Return an em dash and why there is nothing to show, in as many lines as that takes.

    Without room for `what is wrong: how` it is what is wrong, whole.
    """
    words = folded(reason, width - 3, height)
    what, _, how = reason.partition(": ")
    if how and words and words[-1].endswith("…"):
        words = folded(what, width - 3, height)
    first, *more = words or [""]
    lead = f"{MISSING}  {first}".rstrip()
    return [((lead, "absent"),), *(((f"   {text}", "absent"),) for text in more)]


def is_old(snapshot: Snapshot, name: str) -> bool:
    """Return whether a named metric is shown dimmed."""
    return freshness(snapshot, name).look in OLD


def ages_of_old(snapshot: Snapshot, slug: str, *names: str) -> tuple[str, ...]:
    """Return `late 25m` and `25m` of the first that is late, `▲ 5m` and `▲` of one that fails."""
    values = (freshness(snapshot, f"{slug}.{name}") for name in names)
    for value in values:
        if value.look is Look.LATE:
            return f"late {age_in_words(value)}", age_in_words(value)
        if value.look is Look.FAILING:
            return f"▲ {age_in_words(value)}", "▲"
    return ()


def age_run(age: str) -> Run:
    """Return one of those as a run of its colour."""
    return age, "failing" if "▲" in age else "late"


def value_of(snapshot: Snapshot, name: str) -> Value:
    """Return a named metric of the snapshot with its age judged."""
    reading = snapshot.reading(name)
    if reading is NOT_COMPUTED:
        reason = freshness(snapshot, name).reason
        is_waiting = reason == NOT_COMPUTED.reason and is_working_out(snapshot, [name])
        return Value(reason=WORKING_OUT if is_waiting else plain(reason))
    if reading.value is None:  # its feed may have failed since it was worked out
        return Value(reason=plain(freshness(snapshot, name).reason))
    old, colour = is_old(snapshot, name), snapshot.colours.get(name, "")
    if isinstance(reading.value, str):
        word, reason = plain(reading.value), plain(reading.reason)
        return Value(word=word, old=old, reason=reason, colour=colour)
    return Value(reading.value, old=old, reason=plain(reading.reason), colour=colour)


def is_working_out(snapshot: Snapshot, names: Sequence[str] = ()) -> bool:
    """Return whether data are there and no metric of them is yet: the first is on its way.

    Args:
        snapshot: What is known.
        names: Absent metrics: where others are known, these may still be on their way.
    """
    if not snapshot.readings:
        return bool(snapshot.quotes or snapshot.bars)
    known = {*snapshot.quotes, *(key.symbol for key in snapshot.bars)}
    return not known.isdisjoint(_symbols(snapshot, names))


def _symbols(snapshot: Snapshot, names: Iterable[str]) -> set[str]:
    """Return the symbols that named metrics are of, as far as they were not worked out yet."""
    missing = (name for name in names if snapshot.reading(name) is NOT_COMPUTED)
    cast, known = snapshot.cast, known_symbols(snapshot)
    found = (metric_named(name, cast, known) for name in missing)
    return {each[1].symbol for each in found if each is not None}


def level_of(snapshot: Snapshot, symbol: str) -> Value:
    """Return a symbol's last price, of the quote itself until the first metrics are there."""
    quote = snapshot.quotes.get(symbol)
    name = f"{snapshot.cast[symbol].slug}.last"
    if quote is not None and snapshot.reading(name) is NOT_COMPUTED:
        return Value(quote.last)
    return value_of(snapshot, name)


def earlier_day(snapshot: Snapshot, name: str) -> str:
    """Return the day of a metric that is of an earlier one while a session is under way: `Thu`.

    Empty for one of today, and outside the session, when what is shown is the last one's anyway.
    """
    struck = snapshot.reading(name).as_of
    if struck is None or snapshot.session.phase is not Phase.REGULAR:
        return ""
    day, today = exchange_date(struck), exchange_date(snapshot.now)
    if day >= today:
        return ""
    return f"{day:%a}" if (today - day).days < 6 else f"{day.day} {day:%b}"


def number_of(reading: Reading) -> float | None:
    """Return a reading's number; None for words and for what is absent."""
    return None if isinstance(reading.value, str) else reading.value


def mark_for(snapshot: Snapshot, names: Sequence[str], keys: Sequence[Key] = ()) -> Mark:
    """Return the freshness mark of a panel that shows these metrics."""
    return _mark(snapshot, panel_freshness(snapshot, names, keys), names)


def list_mark(snapshot: Snapshot, names: Sequence[str], beside: Sequence[str] = ()) -> Mark:
    """Return the freshness mark of a panel whose rows show these metrics, others beside them."""
    return _mark(snapshot, list_freshness(snapshot, names, beside), names)


def family_mark(snapshot: Snapshot, names: Sequence[str], beside: Sequence[str] = ()) -> Mark:
    """Return the freshness mark of a panel that holds these metrics against each other."""
    return _mark(snapshot, family_freshness(snapshot, names, beside), names)


def _mark(snapshot: Snapshot, fresh: Freshness, names: Sequence[str]) -> Mark:
    badge = snapshot.mode.badge
    wordings: tuple[str, ...] = ()
    if fresh.look is Look.ABSENT and fresh.trouble is None:
        wordings = _why_absent(snapshot, names)
    if not wordings:
        return mark_of(fresh, snapshot.now, mode=snapshot.mode)
    if badge:
        wordings = (f"{badge} {wordings[0]}", badge)
    return Mark(Look.ABSENT, wordings, bool(badge))


def _why_absent(snapshot: Snapshot, names: Sequence[str]) -> tuple[str, ...]:
    """Return why nothing of a panel is known though no feed fails; nothing if it is waited for."""
    if is_working_out(snapshot, names):
        return WORKING_OUT, "…"
    symbols = _symbols(snapshot, names)
    if any(key.symbol in symbols for key in snapshot.absences if key.kind not in ARCHIVED):
        return "the sources know no price", "no price", "—"
    return ()


def labelled(label: str, *runs: Run, role: str = "faint") -> Line:
    """Return `label value`, the label in the background."""
    return ((label + " ", role), *runs)

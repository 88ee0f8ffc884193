"""What is announced for a day: companies' results, economic releases, halted stocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from market.earnings import Earnings
from market.quotes import Key


class EarningsDay(msgspec.Struct, frozen=True, kw_only=True, tag="earnings"):
    """All companies that report on one day."""

    key: Key
    """`Kind.EARNINGS`, the whole market, and the day as its span: 2026-11-24."""
    source: str
    fetched_at: datetime
    day: date
    rows: tuple[Earnings, ...]
    """By symbol, no two alike."""
    withdrawn: tuple[Earnings, ...] = ()
    """Reports that an earlier answer announced for this day and the newest one does not."""


def with_moves(days: Iterable[EarningsDay], news: EarningsDay) -> EarningsDay:
    """Return a newer answer about a day that remembers for which days its reports stood before.

    Args:
        days: What was known of all days, the day's own earlier answer among it.
        news: The newer answer.
    """
    known: dict[str, Earnings] = {}
    before: EarningsDay | None = None
    for each in sorted(days, key=lambda day: day.fetched_at):
        before = each if each.key == news.key else before
        known.update((row.symbol, row) for row in (*each.withdrawn, *each.rows))
    rows = tuple(row.moved(known.get(row.symbol)) for row in news.rows)
    return replace(news, rows=rows, withdrawn=_withdrawn(before, news))


def _withdrawn(before: EarningsDay | None, news: EarningsDay) -> tuple[Earnings, ...]:
    """The reports of a day that were announced once and are not any more."""
    if before is None:
        return ()
    announced = {row.symbol for row in news.rows}
    gone = {row.symbol: row for row in (*before.withdrawn, *before.rows)}
    return tuple(row for symbol, row in gone.items() if symbol not in announced)


class Impact(StrEnum):
    """How much a release moves markets, by the word of its source."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    HOLIDAY = "holiday"
    UNKNOWN = ""


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """One economic release. Numbers stay in the source's words: "0.3%", "1.2M"."""

    title: str
    country: str
    """ISO currency or country as captop spells it: US."""
    day: date
    """New York."""
    at: datetime | None = None
    """UTC; None for all day or tentative."""
    impact: Impact = Impact.UNKNOWN
    previous: str = ""
    consensus: str = ""
    actual: str = ""


class Releases(msgspec.Struct, frozen=True, kw_only=True, tag="releases"):
    """The economic releases of one day or one week, in the order of time."""

    key: Key
    """`Kind.RELEASES`, the whole market, and as span a day (2026-11-24) or a week (thisweek)."""
    source: str
    fetched_at: datetime
    rows: tuple[Release, ...]


class Halt(msgspec.Struct, frozen=True, kw_only=True):
    """One trading halt."""

    symbol: str
    """As Yahoo spells it."""
    name: str
    code: str
    """The exchange's reason code: LUDP, T1, H10."""
    halted_at: datetime
    """UTC."""
    resumed_at: datetime | None = None
    """When trading resumes or resumed, UTC; None while that is not told."""

    def is_on(self, now: datetime) -> bool:
        """Return whether trading rests at an instant."""
        return self.halted_at <= now and (self.resumed_at is None or now < self.resumed_at)


class Halts(msgspec.Struct, frozen=True, kw_only=True, tag="halts"):
    """The halts of the current day and those that last, newest first."""

    key: Key
    """`Kind.HALTS` and the whole market."""
    source: str
    fetched_at: datetime
    rows: tuple[Halt, ...]


class Halted(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """The newest halt of each stock that had one."""

    source: str
    as_of: datetime
    by_symbol: Mapping[str, Halt]

    def of(self, symbol: str, now: datetime) -> Halt | None:
        """Return the halt that a stock is in; None while it trades."""
        halt = self.by_symbol.get(symbol)
        return halt if halt is not None and halt.is_on(now) else None

    def now(self, now: datetime) -> tuple[Halt, ...]:
        """Return the halts that last at an instant."""
        return tuple(halt for halt in self.by_symbol.values() if halt.is_on(now))

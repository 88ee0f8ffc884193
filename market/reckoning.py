"""From what is known to what follows from it: the census and the readings, as one report."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from market.census import WINDOWS, Census
from market.fold import fold
from market.freed_memory import give_back_what_loading_left
from market.holdings import WHOLE_MARKET
from market.instruments import INDEX
from market.metrics.compute import compute
from market.metrics.studying import studied, symbols_told_of
from market.quotes import Key, Kind
from market.reading import Reading
from market.reports import Computed
from market.snapshot import Snapshot

if TYPE_CHECKING:
    from market.metrics.census import CensusTaker

PROMPT = frozenset({Kind.HOLDINGS, Kind.LISTINGS, Kind.DAY})
"""What the census follows at once."""
LEISURELY = {Kind.PROFILE: 15.0, Kind.MEMBER: 15.0, Kind.PAST: 15.0, Kind.PAST_BARS: 300.0}
"""What comes in many small pieces, and for how many seconds the census waits for more of them.
Whole bars come one member at a time for hours, and each of them changes little."""


class Reckoning(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be worked out from what is known: what has changed since, and whose it is."""

    at: datetime
    """The present instant, UTC."""
    symbols: frozenset[str] | None = None
    """Whose metrics are worked out; None for all."""
    members: bool = False
    """Whether something about the index's members has changed."""
    changed: frozenset[Key] | None = frozenset()
    """Data of which there is news, for the studies that read them; None for all."""
    of_a_tick: bool = False
    """Whether only prices have come, and no more is asked than what they move visibly: neither
    what holds them against many days, nor the index's members."""


class Reckoner:
    """Works out what follows from what is known, one report after another."""

    def __init__(self) -> None:
        self._taker: CensusTaker | None = None
        self._is_loaded = False

    def begin_anew(self) -> None:
        """Let the next census follow from what is known alone: what it was last is forgotten."""
        if self._taker is not None:
            self._taker.forget()

    def copied(self) -> Reckoner:
        """Return another that goes on from here as this one would."""
        other = Reckoner()
        other._taker = None if self._taker is None else self._taker.copied()
        other._is_loaded = self._is_loaded
        return other

    def reckon(self, snapshot: Snapshot, asked: Reckoning) -> Computed:
        """Return what follows from a picture: readings, and the index if its members changed."""
        if asked.of_a_tick:
            found = compute(snapshot, asked.symbols, of_a_tick=True)
            return Computed(at=asked.at, readings=covered(found, snapshot.census))
        studies = studied(snapshot, asked.changed)
        if studies is not None:
            snapshot = replace(snapshot, studies=studies)
        if asked.symbols is not None and asked.changed is not None:
            asked = replace(asked, symbols=symbols_told_of(asked.changed) | asked.symbols)
        return replace(self._counted(snapshot, asked), studies=studies)

    def _counted(self, snapshot: Snapshot, asked: Reckoning) -> Computed:
        at, symbols = asked.at, asked.symbols
        counted = self._census if asked.members else self._held_anew
        is_due = asked.members or symbols is None or INDEX in symbols
        report = counted(snapshot, at) if is_due else None
        if report is None or report.census is None:
            return Computed(at=at, readings=covered(compute(snapshot, symbols), snapshot.census))
        seen = fold(snapshot, report, at)
        groups = (group.symbol for group in report.census.groups if report.quotes)
        told = (s for s, quote in seen.quotes.items() if snapshot.quotes.get(s) != quote)
        wanted = None if symbols is None else frozenset((*symbols, *groups, *told, WHOLE_MARKET))
        found = covered(compute(seen, wanted), report.census)
        self._leave_alone_what_is_loaded()
        return replace(report, readings={**report.readings, **found})

    def _census(self, snapshot: Snapshot, at: datetime) -> Computed | None:
        """The families of the census are loaded when there is an index to count."""
        from market.metrics.census import CensusTaker

        if self._taker is None:
            self._taker = CensusTaker()
        return self._taker.take(snapshot, at)

    def _held_anew(self, snapshot: Snapshot, at: datetime) -> Computed | None:
        """The census held against the index's price of now, whichever of the two came first."""
        return None if self._taker is None else self._taker.held_anew(snapshot, at)

    def _leave_alone_what_is_loaded(self) -> None:
        """Take the families and the members' past out of garbage collection, as the start is.

        A full collection stops every thread; of what lasts as long as the program it costs 30 ms.
        """
        if not self._is_loaded and gc.get_freeze_count():
            gc.freeze()
            give_back_what_loading_left()
        self._is_loaded = True


def covered(readings: Mapping[str, Reading], census: Census | None) -> Mapping[str, Reading]:
    """Return readings in which the groups' returns tell how many members they are made of.

    A group's level is an instrument like any other, and what is worked out of it knows nothing
    of members: a return over a window in which too few of them are known is none.
    """
    if census is None:
        return readings
    told = dict(readings)
    for name, advancing in _made_of_members(tuple(group.slug for group in census.groups)):
        reading, behind = told.get(name), census.readings.get(advancing)
        if reading is not None and behind is not None:
            told[name] = _covered(reading, behind)
    return told


@lru_cache(maxsize=4)
def _made_of_members(slugs: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The groups' returns, each with the figure that knows how many members it is made of."""
    return tuple(
        (f"{slug}.{line}.{window.lower()}", f"{slug}.advancing.{window.lower()}")
        for slug in slugs
        for window in WINDOWS
        for line in ("return", "relative")
    )


def _covered(reading: Reading, behind: Reading) -> Reading:
    is_more = reading.reason and behind.reason and reading.reason != behind.reason
    words = f"{reading.reason}; {behind.reason}" if is_more else reading.reason or behind.reason
    is_known = reading.value is not None and behind.value is not None
    return Reading(
        value=reading.value if is_known else None,
        as_of=reading.as_of if is_known else None,
        source=reading.source if is_known else "",
        delay_s=reading.delay_s,
        reason=words if is_known else behind.reason or reading.reason,
        used=behind.used,
        total=behind.total,
        coverage=behind.coverage,
    )

"""From what is known to what follows from it: the census and the readings, as one report."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from market.fold import fold
from market.instruments import INDEX
from market.metrics.compute import compute, returns_of
from market.quotes import Kind
from market.reports import Computed
from market.snapshot import Snapshot

if TYPE_CHECKING:
    from market.metrics.census import CensusTaker

PROMPT = frozenset({Kind.HOLDINGS, Kind.LISTINGS})
"""What the census follows at once."""
LEISURELY = frozenset({Kind.PROFILE, Kind.MEMBER, Kind.PAST, Kind.PAST_BARS})
"""What comes in many small pieces: the census follows some of them at a time."""


class Reckoner:
    """Works out what follows from what is known, one report after another."""

    def __init__(self) -> None:
        self._taker: CensusTaker | None = None

    def reckon(
        self, snapshot: Snapshot, symbols: Collection[str] | None, at: datetime, *, members: bool
    ) -> Computed:
        """Return what follows from an arrival: readings, and the index if its members changed.

        Args:
            snapshot: What is known.
            symbols: Whose metrics are worked out; None for all.
            at: The present instant, UTC.
            members: Whether something about the index's members has changed.
        """
        report = self._census(snapshot, at) if members else None
        if report is None or report.census is None:
            return Computed(at=at, readings=compute(snapshot, symbols))
        seen = fold(snapshot, report, at)
        groups = (group.symbol for group in report.census.groups)
        wanted = None if symbols is None else frozenset((*symbols, *groups, INDEX))
        return replace(report, readings={**report.readings, **compute(seen, wanted)})

    def _census(self, snapshot: Snapshot, at: datetime) -> Computed | None:
        """The families of the census are loaded when there is an index to count."""
        from market.metrics.census import CensusTaker

        if self._taker is None:
            self._taker = CensusTaker()
        # Attribution is held against the index's own returns of this very moment.
        returns = {**snapshot.readings, **returns_of(snapshot, INDEX)}
        return self._taker.take(replace(snapshot, readings=returns), at)

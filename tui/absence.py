"""What was known when nobody looked any longer, for the digest of what changed meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta

from market.snapshot import Snapshot
from tui.markets import Market


class Absence:
    """Keeps the picture that the terminal lost the focus with."""

    def __init__(self) -> None:
        self._left: tuple[Market, Snapshot] | None = None

    def begin(self, market: Market, now: datetime) -> None:
        """Keep what is shown and known now."""
        self._left = market, market.latest.at(now)

    def left(self, market: Market) -> Snapshot | None:
        """Return what was known, if what is shown now was shown then."""
        shown, known = self._left or (None, None)
        return known if market is shown else None

    def lasted(self, market: Market, now: datetime) -> timedelta:
        """Return for how long nobody had looked when somebody looks again."""
        left = self.left(market)
        return timedelta(0) if left is None else max(now - left.now, timedelta(0))

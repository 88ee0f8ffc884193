"""What engines have to say on screen, each sentence once."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from tui.markets import Market


class Notices:
    """Knows what was said, of whichever engine was shown in between."""

    def __init__(self) -> None:
        self._said: WeakKeyDictionary[Market, int] = WeakKeyDictionary()
        """How many sentences of each engine."""

    def next(self, market: Market) -> str:
        """Return the next sentence of an engine that was not said yet, or nothing."""
        said = self._said.get(market, 0)
        if said >= len(market.notices):
            return ""
        self._said[market] = said + 1
        return market.notices[said]

"""Which symbols have a place on which connection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import islice

SIZE = 100
"""Symbols a connection takes; further ones it passes over in silence."""
LINGER_S = 30.0
"""Seconds that what nobody wants any more keeps its place, unless another symbol needs it."""


class Places:
    """The places on all connections; the first one is filled first. All times monotonic seconds."""

    def __init__(self, lines: int, size: int = SIZE) -> None:
        self._lines = lines
        self._size = size
        self._line_of: dict[str, int] = {}
        self._left: dict[str, float] = {}
        """Since when symbols that have a place are not wanted any more, the longest first."""

    def want(self, symbols: Sequence[str], now: float) -> None:
        """Give places to symbols, the first ones first; who had one keeps it."""
        wanted = dict.fromkeys(islice(dict.fromkeys(symbols), self._lines * self._size))
        self._leave_overdue(now)
        for symbol in self._line_of:
            if symbol not in wanted:
                self._left.setdefault(symbol, now)
        for symbol in wanted:
            self._left.pop(symbol, None)
        for symbol in wanted:
            if symbol not in self._line_of:
                self._line_of[symbol] = self._free_line()

    def on(self, line: int, now: float) -> tuple[str, ...]:
        """Return the symbols on one connection."""
        self._leave_overdue(now)
        return tuple(symbol for symbol, its in self._line_of.items() if its == line)

    def _free_line(self) -> int:
        taken = Counter(self._line_of.values())
        for line in range(self._lines):
            if taken[line] < self._size:
                return line
        return self._leave(next(iter(self._left)))

    def _leave_overdue(self, now: float) -> None:
        for symbol in [each for each, since in self._left.items() if now - since >= LINGER_S]:
            self._leave(symbol)

    def _leave(self, symbol: str) -> int:
        del self._left[symbol]
        return self._line_of.pop(symbol)

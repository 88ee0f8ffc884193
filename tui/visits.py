"""The symbols looked at, in order, as a browser keeps pages."""

from __future__ import annotations


class Visits:
    """A list of symbols with a place in it."""

    def __init__(self) -> None:
        self._symbols: list[str] = []
        self._place = -1

    def visit(self, symbol: str) -> None:
        """Note a symbol as looked at now; what lay ahead is forgotten."""
        if self._symbols and self._symbols[self._place] == symbol:
            return
        del self._symbols[self._place + 1 :]
        self._symbols.append(symbol)
        self._place = len(self._symbols) - 1

    def can_go(self, step: int) -> bool:
        """Return whether there is a symbol one step back (-1) or forward (1)."""
        return 0 <= self._place + step < len(self._symbols)

    def go(self, step: int) -> str | None:
        """Go one step and return the symbol there, None at the end."""
        if not self.can_go(step):
            return None
        self._place += step
        return self._symbols[self._place]

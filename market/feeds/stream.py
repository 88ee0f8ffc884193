"""What a stream is: a source that tells prices by itself, of the symbols it was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from market.reports import Arrived, Failed

Report = Callable[[Arrived | Failed], None]


class Polled(Protocol):
    """Who asks for the same prices, more seldom while they come by themselves."""

    def stream(self, symbols: Iterable[str]) -> None:
        """Learn of which symbols prices come by themselves now."""
        ...

    def catch_up(self, symbols: Iterable[str]) -> None:
        """Ask once for what symbols were told while nothing came."""
        ...


class Stream(Protocol):
    """One source of ticks."""

    name: str

    def want(self, symbols: Sequence[str]) -> None:
        """Set whose prices are wanted, the most urgent first."""
        ...

    def set_focused(self, focused: bool) -> None:
        """Learn whether somebody looks: if nobody does, reports are made more seldom."""
        ...

    async def run(self, report: Report, polled: Polled) -> None:
        """Report ticks until cancelled."""
        ...

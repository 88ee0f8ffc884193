"""What the simulated market is made of: factors, the ranges of days, the tapes of sessions."""

from __future__ import annotations

from array import array
from typing import Protocol

import msgspec

from market.feeds.demo_models import Model


class Factor(msgspec.Struct, frozen=True, eq=False):
    """Something many symbols share: per session its return, its volatility and its gap."""

    returns: list[float]
    volatility: list[float]
    gaps: list[float]
    """What the open jumps beyond the overnight part of the return."""


class Ranges(msgspec.Struct, frozen=True, eq=False):
    """Log open, high and low, and volume (empty without one), per session."""

    open: list[float]
    high: list[float]
    low: list[float]
    volume: list[float]


def _doubles() -> array[float]:
    return array("d")


class Tape(msgspec.Struct, frozen=True, eq=False):
    """One regular session of one symbol, rounded as quoted. `path` has one price more than bars."""

    opened: int
    """Unix seconds of the regular open."""
    decimals: int
    path: array[float]
    high: array[float]
    low: array[float]
    traded: array[float] = msgspec.field(default_factory=_doubles)
    """Shares traded up to each minute of `path`; empty without volume."""

    @property
    def minutes(self) -> int:
        """The length of the session."""
        return len(self.high)

    @property
    def closed(self) -> int:
        """Unix seconds of the regular close."""
        return self.opened + 60 * self.minutes

    def price(self, at: int) -> float:
        """Return the price at a Unix second, the open before and the close after the session."""
        return round(self._at(at, self.path), self.decimals)

    def volume(self, at: int) -> float:
        """Return the shares traded up to a Unix second."""
        return float(int(self._at(at, self.traded)))

    def _at(self, at: int, column: array[float]) -> float:
        """Return a column's value at a Unix second, between its minutes too."""
        second = min(max(at - self.opened, 0), 60 * self.minutes)
        minute, rest = divmod(second, 60)
        before, after = column[minute], column[min(minute + 1, self.minutes)]
        return before + (after - before) * rest / 60


class OfMembers(Protocol):
    """Works out symbols whose prices hang together: the members of the index."""

    def knows(self, symbol: str) -> bool:
        """Return whether a symbol is a member's."""
        ...

    def model(self, symbol: str) -> Model:
        """Return what moves it."""
        ...

    def closes(self, symbol: str) -> list[float]:
        """Return the log close of every session."""
        ...

    def ranges(self, symbol: str) -> Ranges:
        """Return open, high, low and volume of every session."""
        ...

    def tape(self, symbol: str, index: int) -> Tape:
        """Return the tape of a session."""
        ...

    def listed_since(self, symbol: str, index: int) -> int:
        """Return the session in which it came to market, seen from another one."""
        ...

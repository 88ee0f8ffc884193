"""Bars of a simulated market, and the minutes of one session from which they are made."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


class Bar(NamedTuple):
    """One bar; `start` is its first instant."""

    start: datetime
    open: float
    high: float
    low: float
    close: float
    volume: int


@dataclass(frozen=True)
class Minutes:
    """The minutes of one session, of which a server shows as many as its clock allows."""

    opening: datetime
    """The pre-market's open."""
    path: Numbers
    """The price at every minute, the last at the post-market's end."""
    shares: Numbers
    """The shares of every minute, one fewer than prices."""

    @cached_property
    def _finished(self) -> Numbers:
        """Open, high, low, close and volume of every whole minute, in rows."""
        left, right = self.path[:-1], self.path[1:]
        spread = np.abs(right - left) * 0.3
        high, low = np.maximum(left, right) + spread, np.minimum(left, right) - spread
        return np.array((*np.round((left, high, low, right), 2), np.round(self.shares)))

    @cached_property
    def _bars(self) -> tuple[Bar, ...]:
        columns: list[list[float]] = self._finished.tolist()
        return tuple(
            Bar(self.opening + timedelta(minutes=minute), first, high, low, last, int(shares))
            for minute, (first, high, low, last, shares) in enumerate(zip(*columns, strict=True))
        )

    def price(self, at: datetime) -> float:
        """Return the price at an instant, between the minutes too; at the ends outside them."""
        minute = (at - self.opening).total_seconds() / 60
        return float(np.interp(minute, np.arange(len(self.path)), self.path))

    def bars(self, start: datetime, end: datetime) -> list[Bar]:
        """Return the bars from a whole minute to an instant, the last perhaps unfinished."""
        first, last, part = self._range(start, end)
        return [*islice(self._bars, first, last), *self._unfinished(last, part)]

    def merged(self, start: datetime, end: datetime) -> Bar:
        """Return one bar from a whole minute to an instant."""
        first, last, part = self._range(start, end)
        rows = self._finished[:, first:last]
        rest = self._unfinished(last, part)
        if not last > first:
            return rest[0]
        whole = Bar(
            start,
            *(float(rows[0][0]), float(rows[1].max()), float(rows[2].min()), float(rows[3][-1])),
            volume=int(rows[4].sum()),
        )
        return merged([whole, *rest])

    def _range(self, start: datetime, end: datetime) -> tuple[int, int, float]:
        """Return the first whole minute, the one after the last, and the part that is over."""
        first = int((start - self.opening).total_seconds()) // 60
        minutes = (end - self.opening).total_seconds() / 60
        last = max(first, math.floor(minutes))
        return first, last, max(0.0, minutes - last)

    def _unfinished(self, minute: int, part: float) -> list[Bar]:
        if not part:
            return []
        left, following = float(self.path[minute]), float(self.path[minute + 1])
        right = left + (following - left) * part
        spread = abs(right - left) * 0.3
        high, low = round(max(left, right) + spread, 2), round(min(left, right) - spread, 2)
        start, volume = self.opening + timedelta(minutes=minute), self.shares[minute] * part
        return [Bar(start, round(left, 2), high, low, round(right, 2), round(float(volume)))]


def merged(bars: list[Bar]) -> Bar:
    """Return one bar over neighbouring bars."""
    _, _, high, low, _, volume = zip(*bars, strict=True)
    first, last = bars[0], bars[-1]
    return Bar(first.start, first.open, max(high), min(low), last.close, sum(volume))


def grouped(bars: list[Bar], minutes: int) -> list[Bar]:
    """Return bars of so many minutes each, made of one-minute bars without a gap."""
    return [merged(bars[place : place + minutes]) for place in range(0, len(bars), minutes)]

"""The simulated market within a day: minute paths of sessions, five-minute knots of nights.

Both are Brownian bridges between daily prices, so that intraday and daily data agree. A
night runs from one close to the next open on its own time: 240 minutes after the close,
480 from 20:00 on the eve of the next session, 330 of pre-market.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from functools import cache
from itertools import accumulate, pairwise
from random import Random
from typing import TypeVar

from market.feeds.demo_days import trading_days
from market.feeds.demo_factors import INTRADAY
from market.feeds.demo_models import Model
from market.feeds.demo_paths import Paths
from market.feeds.demo_values import Tape
from market.instruments import FUTURE
from market.sessions import Session, session_of

POST_MINUTES = 240
EVE_MINUTES = 480
PRE_MINUTES = 330
NIGHT_MINUTES = POST_MINUTES + EVE_MINUTES + PRE_MINUTES
KNOT_MINUTES = 5
KNOTS = NIGHT_MINUTES // KNOT_MINUTES
NIGHT_VOLATILITY = 0.3
K = TypeVar("K")
V = TypeVar("V")

BENDS = 3
KEPT = 320
"""Tapes, nights and bridges kept at most, of each: some 5 MB."""


class Shelf(dict[K, V]):
    """Keeps the newest few hundred of what was put on it."""

    __slots__ = ()

    def put(self, key: K, value: V) -> V:
        """Put something on the shelf; the oldest falls off at the other end."""
        while len(self) >= KEPT:
            del self[next(iter(self))]
        self[key] = value
        return value


class Tapes:
    """The tapes of one seed, worked out when asked for; the newest few hundred are kept."""

    def __init__(self, paths: Paths) -> None:
        self.paths = paths
        self._tapes: Shelf[tuple[str, int], Tape] = Shelf()
        self._nights: Shelf[tuple[str, int], array[float]] = Shelf()
        self._bridges: Shelf[tuple[str, int, str], array[float]] = Shelf()

    def session(self, symbol: str, index: int) -> Tape:
        """Return the tape of a symbol in the session of that index."""
        key = (symbol, index)
        return self._tapes.get(key) or self._tapes.put(key, self._recorded(symbol, index))

    def night(self, symbol: str, index: int) -> array[float]:
        """Return the log prices of the night after a session, one every five minutes."""
        if (known := self._nights.get((symbol, index))) is not None:
            return known
        model = self.paths.model(symbol)
        knots = self._followed_night(model, index) if model.base else self._slept(model, index)
        return self._nights.put((symbol, index), knots)

    def _recorded(self, symbol: str, index: int) -> Tape:
        members = self.paths.of_members(symbol)
        return members.tape(symbol, index) if members else self._usual(symbol, index)

    def _usual(self, symbol: str, index: int) -> Tape:
        model = self.paths.model(symbol)
        leader = model.base or symbol
        offset = self.paths.offsets(model)[index] if model.base else 0.0
        session, ranges = self._session(index), self.paths.ranges(leader)
        logs = self._session_logs(leader, index, _minutes(session))
        digits = model.decimals
        top = round(math.exp(ranges.high[index] + offset), digits)
        bottom = round(math.exp(ranges.low[index] + offset), digits)
        prices = (round(math.exp(x + offset), digits) for x in logs)
        path = array("d", (min(max(price, bottom), top) for price in prices))
        high, low = _extremes(path, top, bottom, self._rng("wick", symbol, index), digits)
        traded = self._traded(symbol, index, len(high))
        opened = int(session.open.timestamp())
        return Tape(opened, digits, path, high, low, traded)

    def _session_logs(self, symbol: str, index: int, minutes: int) -> list[float]:
        model, ranges = self.paths.model(symbol), self.paths.ranges(symbol)
        start, end = ranges.open[index], self.paths.closes(symbol)[index]
        bridge = self._woven(model, index, "day", minutes, INTRADAY)
        logs = [start + (end - start) * i / minutes + x for i, x in enumerate(bridge)]
        logs[-1] = end
        return _fitted(logs, ranges.high[index], ranges.low[index])

    def _slept(self, model: Model, index: int) -> array[float]:
        start = self.paths.closes(model.symbol)[index]
        end = self.paths.ranges(model.symbol).open[index + 1]
        bridge = self._woven(model, index, "night", KNOTS, NIGHT_VOLATILITY)
        return array("d", (start + (end - start) * i / KNOTS + x for i, x in enumerate(bridge)))

    def _followed_night(self, model: Model, index: int) -> array[float]:
        """Follow the base, from this session's ratio to the next one's."""
        offsets = self.paths.offsets(model)
        first, change = offsets[index], offsets[index + 1] - offsets[index]
        base = self.night(model.base, index)
        knots = (x + first + change * i / KNOTS for i, x in enumerate(base))
        if model.symbol != FUTURE:
            return array("d", knots)
        ranges = self.paths.ranges(model.symbol)
        top, bottom = ranges.high[index + 1], ranges.low[index + 1]
        return array("d", (min(max(x, bottom), top) for x in knots))

    def _woven(self, model: Model, index: int, part: str, steps: int, scale: float) -> list[float]:
        """Return the bridge of a symbol: those of its factors by their loads, and its own."""
        own = _bridge(self._rng(part, model.symbol, index), steps)
        woven = [model.own * scale * x for x in own]
        for name, load in model.loads:
            weight = load * scale * self.paths.factors.of(name).volatility[index]
            shared = self.shared(name, index, part, steps)
            woven = [w + weight * x for w, x in zip(woven, shared, strict=True)]
        return woven

    def shared(self, factor: str, index: int, part: str, steps: int) -> array[float]:
        """Return the bridge of a factor over a session or a night, at its own scale."""
        if (known := self._bridges.get((factor, index, part))) is not None:
            return known
        bridge = array("d", _bridge(self._rng(part, factor, index), steps))
        return self._bridges.put((factor, index, part), bridge)

    def _traded(self, symbol: str, index: int, minutes: int) -> array[float]:
        volumes = self.paths.ranges(symbol).volume
        if not volumes:
            return array("d")
        draw = self._rng("minute volume", symbol, index).random
        weights = [w * (0.5 + draw()) for w in u_shape(minutes)]
        share = volumes[index] / sum(weights)
        running = accumulate(weights, initial=0.0)
        traded = array("d", (float(int(share * w)) for w in running))
        traded[-1] = volumes[index]
        return traded

    def prints(self, symbol: str, index: int) -> tuple[list[int], list[int]]:
        """Return the minutes with a trade after a session: of the post- and of the pre-market."""
        part = self.paths.model(symbol).prints
        draw = self._rng("prints", symbol, index).random
        post = [m for m in range(POST_MINUTES) if draw() < part or m == 0]
        pre = [m for m in range(PRE_MINUTES) if draw() < part or m == 0]
        return post, pre

    def _rng(self, part: str, name: str, index: int) -> Random:
        return Random(f"{self.paths.seed}|{part}|{name}|{index}")

    def _session(self, index: int) -> Session:
        return session_of(trading_days().days[index])


def night_price(knots: array[float], minute: float, decimals: int) -> float:
    """Return the price at a minute of a night."""
    place = min(max(minute / KNOT_MINUTES, 0.0), float(KNOTS))
    knot = min(int(place), KNOTS - 1)
    before, after = knots[knot], knots[knot + 1]
    return round(math.exp(before + (after - before) * (place - knot)), decimals)


def last_before(minutes: list[int], limit: float) -> int | None:
    """Return the last of the rising minutes that is below a limit."""
    place = bisect_left(minutes, limit)
    return minutes[place - 1] if place else None


def _minutes(session: Session) -> int:
    return int((session.close - session.open).total_seconds()) // 60


@cache
def u_shape(steps: int) -> tuple[float, ...]:
    """Return how busy each step is: most at the open and the close."""
    return tuple(0.55 + 1.8 * abs(2 * (i + 0.5) / steps - 1) ** 3 for i in range(steps))


@cache
def _variance(steps: int) -> tuple[float, ...]:
    total = sum(u_shape(steps))
    return tuple(v / total for v in accumulate(u_shape(steps), initial=0.0))


def _bridge(rng: Random, steps: int) -> list[float]:
    """Return a random walk from 0 to 0 whose free variance would be 1, busier at both ends."""
    gauss, shares = rng.gauss, _variance(steps)
    deviations = (math.sqrt(b - a) for a, b in pairwise(shares))
    walk = list(accumulate((gauss(0.0, d) for d in deviations), initial=0.0))
    end = walk[-1]
    return [x - end * share for x, share in zip(walk, shares, strict=True)]


def _fitted(logs: list[float], top: float, bottom: float) -> list[float]:
    """Bend a path between its ends so that it peaks at top and bottom, as rough as before."""
    for _ in range(BENDS):
        logs = _bent(logs, top)
        logs = [-x for x in _bent([-x for x in logs], -bottom)]
    return [min(max(x, bottom), top) for x in logs]


def _bent(logs: list[float], top: float) -> list[float]:
    """Add a tent that stands on both ends and lifts, or lowers, the peak to `top`."""
    last = len(logs) - 1
    edge = last // 12
    peak = max(range(edge, last - edge), key=logs.__getitem__)
    lift = top - logs[peak]
    rise = [lift * i / peak for i in range(peak)]
    fall = [lift * (last - i) / (last - peak) for i in range(peak, last + 1)]
    return [x + y for x, y in zip(logs, rise + fall, strict=True)]


def _extremes(
    path: array[float], top: float, bottom: float, rng: Random, decimals: int
) -> tuple[array[float], array[float]]:
    """Return high and low of each minute; the day's own extremes are met exactly once."""
    highs, lows = array("d"), array("d")
    draw = rng.random
    for a, b in pairwise(path):
        wick = abs(b - a) * draw() * 0.5
        highs.append(min(round(max(a, b) + wick, decimals), top))
        lows.append(max(round(min(a, b) - wick, decimals), bottom))
    highs[min(path.index(max(path)), len(highs) - 1)] = top
    lows[min(path.index(min(path)), len(lows) - 1)] = bottom
    return highs, lows

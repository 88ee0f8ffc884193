"""The daily paths of the simulated market: closes, and the range of each day.

All prices are kept as natural logarithms. A path covers every session from FIRST_DAY to
LAST_DAY whatever instant is asked for, so that no answer can depend on an earlier question.
"""

from __future__ import annotations

import math
from itertools import accumulate
from random import Random

from market.feeds.demo_days import ANCHOR_DAY, SESSIONS_A_YEAR, trading_days
from market.feeds.demo_factors import Factors, normals
from market.feeds.demo_models import USUAL_VIX, Model, model_of
from market.feeds.demo_values import OfMembers, Ranges
from market.instruments import FUTURE, Cast

OVERNIGHT = 0.35
"""The part of a day's return that has happened by the open."""


class Paths:
    """Every daily path of one seed, each worked out once when first asked for."""

    def __init__(self, seed: int, cast: Cast) -> None:
        self.seed = seed
        self._cast = cast
        self._models: dict[str, Model] = {}
        self._closes: dict[str, list[float]] = {}
        self._ranges: dict[str, Ranges] = {}
        self._offsets: dict[str, list[float]] = {}
        self.factors = Factors(seed)
        self.members: OfMembers | None = None
        """Who works out the symbols of the index's members."""

    def model(self, symbol: str) -> Model:
        """Return what moves a symbol."""
        if symbol not in self._models:
            members = self.of_members(symbol)
            self._models[symbol] = (
                members.model(symbol) if members else model_of(self.seed, self._cast, symbol)
            )
        return self._models[symbol]

    def of_members(self, symbol: str) -> OfMembers | None:
        """Return who works out a symbol if it is a member's."""
        if self.members is None or symbol in self._cast.by_symbol:
            return None
        return self.members if self.members.knows(symbol) else None

    def listed_since(self, symbol: str, index: int) -> int:
        """Return the session in which a symbol came to market, seen from another session."""
        members = self.of_members(symbol)
        return members.listed_since(symbol, index) if members else 0

    def closes(self, symbol: str) -> list[float]:
        """Return the log close of every session."""
        if symbol not in self._closes:
            members = self.of_members(symbol)
            self._closes[symbol] = (
                members.closes(symbol) if members else self._worked_out(self.model(symbol))
            )
        return self._closes[symbol]

    def ranges(self, symbol: str) -> Ranges:
        """Return open, high, low and volume of every session."""
        if symbol not in self._ranges:
            members = self.of_members(symbol)
            self._ranges[symbol] = (
                members.ranges(symbol) if members else self._usual_ranges(self.model(symbol))
            )
        return self._ranges[symbol]

    def _usual_ranges(self, model: Model) -> Ranges:
        return self._followed(model) if model.base else self._ranged(model)

    def offsets(self, model: Model) -> list[float]:
        """Return per session the log ratio at which a symbol follows its base."""
        if model.symbol not in self._offsets:
            self._offsets[model.symbol] = self._offset_path(model)
        return self._offsets[model.symbol]

    def _offset_path(self, model: Model) -> list[float]:
        noise = normals(self.seed, "offset", model.symbol)
        ratio = math.log(model.ratio)
        if model.symbol != FUTURE:
            return [ratio + model.own * z for z in noise]
        carry = [0.0065 * (1 - (i % 63) / 63) for i in range(len(noise))]
        return [c + model.own * z for c, z in zip(carry, noise, strict=True)]

    def _worked_out(self, model: Model) -> list[float]:
        if model.base:
            return _sum(self.closes(model.base), self.offsets(model))
        if model.gain is not None:
            return _implied(self.seed, model, self.factors.log_vix)
        returns = [model.own * z for z in normals(self.seed, "own", model.symbol)]
        for name, load in model.loads:
            shared = self.factors.of(name).returns
            returns = [r + load * f for r, f in zip(returns, shared, strict=True)]
        return _pinned(returns, model)

    def _ranged(self, model: Model) -> Ranges:
        closes = self.closes(model.symbol)
        opens = self._opens(model, closes)
        draw, log, root = Random(f"{self.seed}|range|{model.symbol}").random, math.log, math.sqrt
        highs: list[float] = []
        lows: list[float] = []
        for a, b, spread in zip(opens, closes, self.factors.spreads(model), strict=True):
            twice, square = 2 * spread**2, (b - a) ** 2
            highs.append((a + b + root(square - twice * log(1 - draw()))) / 2)
            lows.append((a + b - root(square - twice * log(1 - draw()))) / 2)
        return Ranges(opens, highs, lows, self._volumes(model, closes))

    def _opens(self, model: Model, closes: list[float]) -> list[float]:
        before = [closes[0], *closes[:-1]]
        noise = normals(self.seed, "gap", model.symbol)
        opens = [
            x0 + OVERNIGHT * (x1 - x0) + 0.3 * model.own * z
            for x0, x1, z in zip(before, closes, noise, strict=True)
        ]
        for name, load in model.loads:
            gaps = self.factors.of(name).gaps
            opens = [o + load * g for o, g in zip(opens, gaps, strict=True)]
        return opens

    def _followed(self, model: Model) -> Ranges:
        base, offsets = self.ranges(model.base), self.offsets(model)
        ranges = Ranges(
            _sum(base.open, offsets),
            _sum(base.high, offsets),
            _sum(base.low, offsets),
            self._volumes(model, self.closes(model.symbol)),
        )
        return self._all_day(model, ranges) if model.symbol == FUTURE else ranges

    def _all_day(self, model: Model, ranges: Ranges) -> Ranges:
        """A future trades on through the night: it opens where it closed, in a wider range."""
        closes = self.closes(model.symbol)
        before = [closes[0], *closes[:-1]]
        wider = [0.0015 * abs(z) for z in normals(self.seed, "night", model.symbol)]
        highs = [max(h, x) + w for h, x, w in zip(ranges.high, before, wider, strict=True)]
        lows = [min(v, x) - w for v, x, w in zip(ranges.low, before, wider, strict=True)]
        return Ranges(before, highs, lows, ranges.volume)

    def _volumes(self, model: Model, closes: list[float]) -> list[float]:
        if model.average_volume is None:
            return []
        noise = normals(self.seed, "volume", model.symbol)
        moves = [abs(b - a) for a, b in zip([closes[0], *closes[:-1]], closes, strict=True)]
        usual = model.average_volume
        return [
            float(round(usual * math.exp(0.22 * z + min(9 * m, 1.2) - 0.1)))
            for z, m in zip(noise, moves, strict=True)
        ]


def _sum(logs: list[float], offsets: list[float]) -> list[float]:
    return [x + o for x, o in zip(logs, offsets, strict=True)]


def _implied(seed: int, model: Model, log_vix: list[float]) -> list[float]:
    gain = model.gain if model.gain is not None else 1.0
    level, usual = math.log(model.anchor), math.log(USUAL_VIX)
    noise = 0.0
    logs: list[float] = []
    for v, z in zip(log_vix, normals(seed, "own", model.symbol), strict=True):
        noise = 0.9 * noise + model.own * z
        logs.append(level + gain * (v - usual) + noise)
    return logs


def _pinned(returns: list[float], model: Model) -> list[float]:
    """Lay a random walk on the model's drift; on the anchor day it meets the anchor price."""
    walk = list(accumulate(returns))
    anchor, last = trading_days().index[ANCHOR_DAY], len(walk) - 1
    drift, price = model.drift / SESSIONS_A_YEAR, math.log(model.anchor)
    before = (walk[anchor] - walk[0]) / anchor
    after = (walk[last] - walk[anchor]) / (last - anchor)
    return [
        price + x - walk[anchor] + (drift - (before if i < anchor else after)) * (i - anchor)
        for i, x in enumerate(walk)
    ]

"""What moves many symbols of the simulated market at once: the market, size, the sectors."""

from __future__ import annotations

import math
from random import Random

from market.feeds.demo_days import ANCHOR_DAY, SESSIONS_A_YEAR, trading_days
from market.feeds.demo_models import (
    MARKET,
    SIZE,
    USUAL_VIX,
    VIX_RESPONSE,
    Model,
    sector_volatility,
)
from market.feeds.demo_values import Factor

INTRADAY = 0.8
"""The standard deviation within a session, as a part of the day's."""


class Factors:
    """The shared factors of one seed, each worked out once when first asked for."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        market, self.log_vix = _market(seed)
        self._known = {MARKET: market, SIZE: _factor(seed, SIZE, 0.0068)}

    def of(self, name: str) -> Factor:
        """Return a factor: the market, size, or a sector by its name."""
        if name not in self._known:
            self._known[name] = _factor(self._seed, name, sector_volatility(name))
        return self._known[name]

    def spreads(self, model: Model) -> list[float]:
        """Return the standard deviation of a symbol's log price within each session."""
        shared = [0.0] * len(trading_days())
        for name, load in model.loads:
            volatility = self.of(name).volatility
            shared = [s + (load * v) ** 2 for s, v in zip(shared, volatility, strict=True)]
        own = model.own**2
        return [INTRADAY * math.sqrt(s + own) for s in shared]


def normals(seed: int, *name: str) -> list[float]:
    """Return a standard normal number for each session, the same ones for the same name."""
    gauss = Random("|".join((str(seed), *name))).gauss
    return [gauss(0.0, 1.0) for _ in range(len(trading_days()))]


def _factor(seed: int, name: str, volatility: float) -> Factor:
    returns = [volatility * z for z in normals(seed, "factor", name)]
    gaps = [0.3 * volatility * z for z in normals(seed, "factor gap", name)]
    return Factor(returns, [volatility] * len(returns), gaps)


def _market(seed: int) -> tuple[Factor, list[float]]:
    """Return the market factor and the log VIX: each drives the other, so calm and storm last."""
    rng = Random(f"{seed}|market")
    usual = math.log(USUAL_VIX)
    deviation = 0.0
    returns: list[float] = []
    volatility: list[float] = []
    log_vix: list[float] = []
    for _ in range(len(trading_days())):
        sigma = 0.78 * USUAL_VIX * math.exp(deviation) / 100 / math.sqrt(SESSIONS_A_YEAR)
        tail = 2.3 if rng.random() < 0.06 else 0.93
        change = sigma * tail * rng.gauss(0.0, 1.0)
        shock = VIX_RESPONSE * change + 0.03 * rng.gauss(0.0, 1.0)
        deviation = min(max(0.965 * deviation + shock, -0.5), 1.4)
        returns.append(change)
        volatility.append(sigma)
        log_vix.append(usual + deviation)
    gaps = [0.3 * s * z for s, z in zip(volatility, normals(seed, "market gap"), strict=True)]
    return Factor(returns, volatility, gaps), _calmed(log_vix, usual)


def _calmed(log_vix: list[float], usual: float) -> list[float]:
    """Bring the VIX to its usual level on the anchor day, less and less further away."""
    anchor = trading_days().index[ANCHOR_DAY]
    excess = log_vix[anchor] - usual
    return [v - excess * math.exp(-abs(i - anchor) / 120) for i, v in enumerate(log_vix)]

"""Closing marks of VIX futures in the simulated market: from VIX towards VIX6M with time."""

from __future__ import annotations

import math
from array import array
from datetime import date

from market.feeds.demo_days import trading_days
from market.feeds.demo_market import DAY_S, SOURCE, DemoMarket, Moment
from market.instruments import VIX
from market.quotes import Bars, Key
from market.sessions import session_of
from market.vix_futures import contract_of

TICK = 0.05
FORGETS = 75
"""Days ahead at which a third of VIX's distance from its far level still counts."""
FAR, DEARER = "^VIX6M", 1.02
"""The far level, and by how much the farthest contracts stand above it."""
KEPT_SESSIONS = 300


def marks(market: DemoMarket, key: Key, moment: Moment) -> Bars:
    """Return the closing marks of one month's contracts."""
    stop = moment.completed + 1
    first = max(0, stop - KEPT_SESSIONS)
    days = trading_days().days[first:stop]
    near, far = (market.paths.closes(symbol)[first:stop] for symbol in (VIX, FAR))
    levels = zip(near, far, days, strict=True)
    return Bars(
        key=key,
        interval_s=DAY_S,
        source=SOURCE,
        as_of=session_of(days[-1]).close,
        times=array("q", trading_days().opened(first, stop)),
        close=array(
            "d", (_mark(key.symbol, math.exp(n), math.exp(f), day) for n, f, day in levels)
        ),
    )


def _mark(symbol: str, near: float, far: float, day: date) -> float:
    ahead = (contract_of(symbol, day).settles - day).days
    weight = math.exp(-ahead / FORGETS)
    return round(round((near * weight + far * DEARER * (1 - weight)) / TICK) * TICK, 2)

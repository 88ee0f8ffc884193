"""Shares of the simulated market's funds by day: creations in whole units, as issuers tell them.

The count of a session comes out in the morning of the next one. What real counts suffer from is
there too: each quarter a fund's history lacks one day and has one count that cannot be true. One
fund's issuer tells the newest day alone, so its past is as long as it was watched.
"""

from __future__ import annotations

from array import array
from datetime import date
from functools import lru_cache
from math import exp
from random import Random

from market.feeds.demo_days import ANCHOR_DAY, trading_days
from market.feeds.demo_market import SOURCE, DemoMarket, Moment
from market.feeds.demo_models import is_known
from market.fund_shares import FundDay
from market.funds import BY_SYMBOL, KEPT_DAYS, FundHistory
from market.quotes import Key

UNIT = 50_000
WATCHED_DAYS = 13
"""Counts of the fund that is recorded day by day."""
RECORDED = "ARTY"
ASSETS = {"IWM": 70e9, "IJR": 85e9, "SPSM": 12e9, "IWO": 12e9, "IWN": 12e9, "XBI": 6.5e9}
"""About how large the large ones are, dollars; others are drawn."""
LEAST_UNITS = 400
"""Creation units of the smallest fund: with fewer nothing would flow on most days."""
WRONG = 1.31
"""What a wrong count is multiplied by."""


def fund_history(market: DemoMarket, key: Key, moment: Moment) -> FundHistory | None:
    """Return a fund's past as it is told at a moment; None for what is no fund."""
    symbol = key.symbol
    if symbol not in BY_SYMBOL or not is_known(symbol):
        return None
    last = moment.index - 1
    is_recorded = symbol == RECORDED
    first = max(0, last + 1 - (WATCHED_DAYS if is_recorded else KEPT_DAYS))
    days = trading_days().days
    anchor = _price(market, symbol, trading_days().index[ANCHOR_DAY])
    counts = _counts(market.paths.seed, symbol, anchor)
    told = [
        FundDay(days[n], _told(market.paths.seed, symbol, n, counts[n]), _price(market, symbol, n))
        for n in range(first, last + 1)
        if is_recorded or not _is_missing(market.paths.seed, symbol, days[n])
    ]
    return FundHistory(
        key=key, source=SOURCE, fetched_at=moment.at, days=tuple(told), is_recorded=is_recorded
    )


def _price(market: DemoMarket, symbol: str, index: int) -> float:
    return round(exp(market.paths.closes(symbol)[index]), 4)


@lru_cache(maxsize=64)
def _counts(seed: int, symbol: str, price: float) -> array[float]:
    """Shares outstanding on every session: they wander around their usual number."""
    rng = Random(f"{seed}|shares|{symbol}")
    assets = ASSETS.get(symbol, rng.uniform(0.6e9, 5e9))
    usual = max(LEAST_UNITS, round(assets / max(price, 1.0) / UNIT))
    count, lean, found = float(usual), 0.0, array("d")
    for _ in trading_days().days:
        lean = 0.9 * lean + rng.gauss(0, 0.0007) * usual
        is_quiet = rng.random() < 0.25
        step = 0.0 if is_quiet else lean + rng.gauss(0, 0.0025) * usual
        count = max(usual / 4, count + round(step - 0.002 * (count - usual)))
        found.append(UNIT * round(count))
    return found


def _told(seed: int, symbol: str, index: int, count: float) -> float:
    day = trading_days().days[index]
    return round(WRONG * count) if _is_drawn(seed, symbol, day, "mistaken") else count


def _is_missing(seed: int, symbol: str, day: date) -> bool:
    return _is_drawn(seed, symbol, day, "missing")


def _is_drawn(seed: int, symbol: str, day: date, what: str) -> bool:
    """Whether a day is the one of its quarter; that may fall on a day without a session."""
    return day == _drawn(seed, symbol, day.year, (day.month - 1) // 3, what)


@lru_cache(maxsize=2048)
def _drawn(seed: int, symbol: str, year: int, quarter: int, what: str) -> date:
    rng = Random(f"{seed}|{what}|{symbol}|{year}|{quarter}")
    return date(year, 3 * quarter + 1 + rng.randrange(3), 1 + rng.randrange(28))

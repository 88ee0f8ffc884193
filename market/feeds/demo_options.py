"""Option chains of the simulated market: a smile about RVX's level, quotes, contracts.

Priced by Black's formula on the forward level, with more volatility below the money than above;
the same seed and moment give the same chain.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from math import erf, exp, floor, log, sqrt
from random import Random

import msgspec

from market.feeds.demo_market import SOURCE, DemoMarket, Moment
from market.instruments import INDEX, OPTIONED, RVX, TRACKER
from market.option_files import OptionFile
from market.options import Chain, Expiry, Option
from market.quotes import Key
from market.sessions import exchange_date, next_session, session_of, session_on_or_before

RATE, YIELD = 0.037, 0.012
"""Interest and dividends a year, continuously compounded."""
DAILY, WEEKLY_TO, MONTHLY_TO = 5, 60, 200
"""Sessions that have an expiry each, and how many days ahead weeks and months have one."""
LOWEST, HIGHEST = 6.0, 4.5
"""How many standard deviations below and above the forward the strikes reach."""
STEPS = {INDEX: (5.0, 10.0, 25.0, 50.0, 100.0), TRACKER: (1.0, 2.0, 5.0, 10.0)}
"""Distances between strikes: the widest that leaves six to a standard deviation."""
TICKS = {INDEX: 0.05, TRACKER: 0.01}
SKEW, CURVE = 0.11, 0.018
"""What the volatility loses with each standard deviation above the money, and gains with its
square."""
AT_THE_MONEY = 0.945
"""Of the index level: the strips that it is made of count the wings too."""
OPEN = {INDEX: (900.0, 1.25), TRACKER: (14_000.0, 1.7)}
"""Contracts open of a call at the money at most, and puts for each call."""
TURNOVER = 0.4
"""The part of the open contracts that trades in a day near the money."""
_YEAR_S = 365 * 86_400


class _Scene(msgspec.Struct, frozen=True):
    """The underlying at a moment."""

    seed: int
    symbol: str
    price: float
    level: float
    """Its volatility index, a fraction a year."""
    as_of: datetime


class _Law(msgspec.Struct, frozen=True):
    """What prices the options of one expiry."""

    forward: float
    volatility: float
    """At the money, a fraction a year."""
    deviation: float
    """Of the log price at expiry."""
    paid: float
    """What one unit at expiry is worth today."""
    tick: float


class _Worth(msgspec.Struct, gc=False):
    """What one option should cost, and how many contracts of it are usual."""

    strike: float
    price: float
    iv: float
    delta: float
    contracts: float


class _Crowd(msgspec.Struct, frozen=True):
    """What the contracts of one expiry are scattered by."""

    open: float
    puts: float
    passed: float
    """The part of the session that has gone by."""
    rng: Random


def demo_chain(market: DemoMarket, key: Key, moment: Moment) -> OptionFile | None:
    """Return the options of an underlying at a moment, None for one that has none."""
    if key.symbol not in OPTIONED:
        return None
    quote = market.quote(key.symbol, moment)
    level = market.quote(RVX, moment).last / 100
    scene = _Scene(market.paths.seed, key.symbol, quote.last, level, quote.as_of)
    settlements = sorted(_settlements(key.symbol, quote.as_of))
    expiries = tuple(_expiry(scene, settles) for settles in settlements)
    chain = Chain(key.symbol, quote.last, quote.as_of, SOURCE, expiries)
    return OptionFile(key=key, source=SOURCE, fetched_at=moment.at, chain=chain, delay_s=0)


def _settlements(symbol: str, as_of: datetime) -> set[datetime]:
    """When options settle: next days, then weeks, then months; the index's months twice."""
    today = exchange_date(as_of)
    days = _next_sessions(today)
    fridays = [today + timedelta(days=n) for n in range(MONTHLY_TO) if _is_friday(today, n)]
    third = {session_on_or_before(friday) for friday in fridays if 15 <= friday.day <= 21}
    weekly = {session_on_or_before(f) for f in fridays if f <= today + timedelta(days=WEEKLY_TO)}
    found = {session_of(day).close for day in {*days, *weekly, *third}}
    if symbol == INDEX:
        found |= {session_of(day).open for day in third}
    return {settles for settles in found if settles > as_of}


def _is_friday(today: date, days: int) -> bool:
    return (today + timedelta(days=days)).weekday() == 4


def _next_sessions(today: date) -> list[date]:
    days = [session_on_or_before(today)]
    while len(days) < DAILY:
        days.append(next_session(days[-1]))
    return days


def _expiry(scene: _Scene, settles: datetime) -> Expiry:
    law = _law(scene, (settles - scene.as_of).total_seconds() / _YEAR_S)
    crowd = _crowd(scene, settles)
    pairs = [_pair(law, crowd, strike) for strike in _strikes(law, STEPS[scene.symbol])]
    return Expiry(settles, tuple(call for call, _ in pairs), tuple(put for _, put in pairs))


def _law(scene: _Scene, years: float) -> _Law:
    volatility = scene.level * AT_THE_MONEY * _by_term(365 * years)
    return _Law(
        forward=scene.price * exp((RATE - YIELD) * years),
        volatility=volatility,
        deviation=volatility * sqrt(years),
        paid=exp(-RATE * years),
        tick=TICKS[scene.symbol],
    )


def _crowd(scene: _Scene, settles: datetime) -> _Crowd:
    day = exchange_date(scene.as_of)
    session = session_of(session_on_or_before(day))
    passed = (scene.as_of - session.open) / (session.close - session.open)
    rng = Random(f"{scene.seed}|options|{scene.symbol}|{day}|{int(settles.timestamp())}")
    contracts, puts = OPEN[scene.symbol]
    return _Crowd(contracts * rng.uniform(0.3, 1.0), puts, passed, rng)


def _by_term(days: float) -> float:
    """Volatility rises with the term, as it does while nobody is afraid."""
    return min(1.12, 0.92 + 0.08 * sqrt(days / 30))


def _strikes(law: _Law, steps: tuple[float, ...]) -> Iterator[float]:
    """Strikes on round numbers around the forward level."""
    room = law.forward * law.deviation / 6
    step = max((each for each in steps if each <= room), default=steps[0])
    lowest = max(law.forward * exp(-LOWEST * law.deviation), step)
    highest = law.forward * exp(HIGHEST * law.deviation)
    place = max(1, floor(min(lowest, law.forward - 6 * step) / step))
    while place * step <= max(highest, law.forward + 6 * step):
        yield place * step
        place += 1


def _pair(law: _Law, crowd: _Crowd, strike: float) -> tuple[Option, Option]:
    """The call and the put of a strike."""
    far = log(strike / law.forward) / law.deviation
    iv = law.volatility * (1 - SKEW * far + CURVE * far * far)
    width = law.deviation * iv / law.volatility
    above = width / 2 - log(strike / law.forward) / width
    delta = _normal(above)
    call = law.paid * (law.forward * delta - strike * _normal(above - width))
    put = call - law.paid * (law.forward - strike)
    calls = crowd.open * exp(-0.35 * far * far)
    return (
        _option(_Worth(strike, call, iv, delta, calls), law.tick, crowd),
        _option(_Worth(strike, put, iv, delta - 1, calls * crowd.puts), law.tick, crowd),
    )


def _option(worth: _Worth, tick: float, crowd: _Crowd) -> Option:
    """Put quotes around what an option is worth; one that is worth less than a tick has no bid."""
    half = max(tick, 0.012 * worth.price)
    bid = floor((worth.price - half) / tick) * tick
    ask = (floor((worth.price + half) / tick) + 1) * tick
    scatter = crowd.rng.random()
    contracts = floor(worth.contracts * (0.4 + scatter))
    return Option(
        strike=worth.strike,
        bid=max(0.0, round(bid, 2)),
        ask=round(max(ask, tick), 2),
        iv=round(worth.iv, 4) if bid > 0 else None,
        delta=round(worth.delta, 4) if bid > 0 else None,
        volume=float(floor(contracts * TURNOVER * crowd.passed * scatter)),
        open_interest=float(contracts),
    )


def _normal(value: float) -> float:
    return (1 + erf(value / sqrt(2))) / 2

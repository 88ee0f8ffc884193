"""Seeded prices for the local server: one path per symbol, the same whoever asks and when.

Every session of a symbol has a path of minute prices from 04:00 to 20:00 New York that depends
on the seed and the day alone; a server shows as much of it as its clock allows, so that
daily bars, intraday bars and quotes agree with each other at every instant.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from random import Random

import numpy as np

from market.fed_funds_contracts import month_of
from market.instruments import INDEX, Role, default_cast
from market.sessions import (
    Session,
    exchange_date,
    previous_session,
    session_of,
    session_on_or_before,
    sessions_back,
    sessions_between,
)
from tests.exchange.bars import Bar, Minutes, Numbers
from tests.exchange.members import HALTED, Member, by_symbol

YEARS_OF_SESSIONS = 1290
"""Five years and some weeks."""
DETAILED_SESSIONS = 6
"""So many newest sessions have daily ranges taken from their minutes."""

_LEVELS = {
    "^RUT": 2990.0, "IWM": 297.2, "RTY=F": 2996.0, "^GSPC": 7710.0, "SPY": 769.4,
    "^VIX": 16.1, "^VIX9D": 12.4, "^VIX3M": 19.0, "^VIX6M": 21.5,
    "^VVIX": 88.0, "^SKEW": 140.0, "^RVX": 21.4, "^TNX": 4.31,
}  # fmt: skip
_VOLATILITY_SWING = {"^VIX": 1.0, "^VIX9D": 1.4, "^VIX3M": 0.6, "^VIX6M": 0.45, "^RVX": 0.8}
_STOCK = re.compile(r"[A-Z]{1,5}(-[A-Z])?")


@dataclass(frozen=True, slots=True)
class Profile:
    """How a symbol moves."""

    symbol: str
    name: str
    quote_type: str
    """INDEX, ETF, EQUITY or FUTURE."""
    level: float
    """Close of the session the generator is anchored at."""
    beta: float
    """Move per move of the market."""
    noise: float
    """Standard deviation of its own daily move."""
    memory: float = 1.0
    """Share of its distance from the level that is left a day later; below 1 for volatility."""
    daily_shares: float = 0.0
    """Shares of a usual session; 0 for an index."""

    @property
    def has_extended(self) -> bool:
        """Whether it trades before the open and after the close."""
        return self.quote_type in {"ETF", "EQUITY", "FUTURE"}


def is_known(symbol: str) -> bool:
    """Return whether the exchange lists a symbol: the cast, and any made-up stock but ZZ…."""
    if symbol in default_cast().by_symbol or symbol in _LEVELS or month_of(symbol):
        return True
    return _STOCK.fullmatch(symbol) is not None and not symbol.startswith("ZZ")


@cache
def profile_of(symbol: str) -> Profile:
    """Return how a known symbol moves."""
    own = Random(f"profile:{symbol}")
    instrument = default_cast()[symbol]
    if (member := by_symbol().get(symbol)) is not None:
        return _profile_of_member(member, symbol)
    if (month := month_of(symbol)) is not None:
        return _contract(symbol, month)
    name = instrument.name or f"{symbol.title()} Corporation"
    if instrument.role is Role.VOLATILITY:
        swing = _VOLATILITY_SWING.get(symbol, 0.3)
        return Profile(symbol, name, "INDEX", _LEVELS[symbol], -4 * swing, 0.03 * swing, 0.95)
    if symbol.startswith("^"):
        return Profile(symbol, name, "INDEX", _LEVELS[symbol], 1.0, 0.003)
    listed = instrument.role is not Role.WATCHED
    kind = "FUTURE" if symbol.endswith("=F") else "ETF" if listed else "EQUITY"
    if symbol in _LEVELS:
        return Profile(symbol, name, kind, _LEVELS[symbol], 1.0, 0.0008, daily_shares=3.1e7)
    noise = own.uniform(0.004, 0.009) if listed else own.uniform(0.012, 0.03)
    level, beta = round(own.uniform(20, 150), 2), own.uniform(0.8, 1.2)
    return Profile(symbol, name, kind, level, beta, noise, daily_shares=own.uniform(2e5, 6e6))


def _contract(symbol: str, month: date) -> Profile:
    """A contract on the federal funds rate: a basis point dearer for each month further away."""
    ahead = 12 * (month.year - 2026) + month.month - 7
    name = f"30 Day Federal Funds Futures,{month:%b-%Y}"
    return Profile(symbol, name, "FUTURE", round(96.37 - 0.01 * ahead, 2), 0.0, 0.00008, 0.5)


def _profile_of_member(member: Member, symbol: str) -> Profile:
    figures = (member.level, member.beta, member.noise)
    return Profile(symbol, member.name, "EQUITY", *figures, daily_shares=member.daily_shares)


class Prices:
    """All prices of one seed. `anchor` is the session whose close has the level of the profile."""

    def __init__(self, seed: int, now: datetime) -> None:
        self.seed = seed
        self.anchor = session_on_or_before(exchange_date(now))
        self.first = sessions_back(self.anchor, YEARS_OF_SESSIONS)
        self._days = tuple(sessions_between(self.first, self.anchor))
        self._detailed = sessions_back(self.anchor, DETAILED_SESSIONS)
        self._places = {day: place for place, day in enumerate(self._days)}
        self.close = lru_cache(maxsize=None)(self._close)
        self.closes = lru_cache(maxsize=None)(self._closes)
        self.path = lru_cache(maxsize=4096)(self._path)
        self.shares = lru_cache(maxsize=4096)(self._shares)
        self.day_bar = lru_cache(maxsize=None)(self._day_bar)
        self._market = lru_cache(maxsize=None)(self._move_of_the_market)
        self._way = lru_cache(maxsize=64)(self._way_of_the_index)
        self._minutes = lru_cache(maxsize=512)(self._minutes_of)
        self._ranges = lru_cache(maxsize=None)(self._ranges_of)

    def _random(self, *names: object) -> Random:
        return Random(":".join(str(name) for name in (self.seed, *names)))

    def _closes(self, symbol: str) -> dict[date, float]:
        """Return the close of every session up to the anchor."""
        if (member := by_symbol().get(symbol)) is not None:
            return self._closes_of_member(member)
        profile = profile_of(symbol)
        logs: dict[date, float] = {}
        level = 0.0
        for day in self._days:
            level = profile.memory * level + self._move(profile, day)
            logs[day] = level
        # The anchor has the profile's level; volatility forgets that correction backwards.
        base, steps = math.log(profile.level), len(logs) - 1
        return {
            day: round(math.exp(base + log - level * profile.memory ** (steps - i)), 2)
            for i, (day, log) in enumerate(logs.items())
        }

    def _closes_of_member(self, member: Member) -> dict[date, float]:
        """Return closes that follow the index, so that the members add up to it roughly."""
        own = self._random("member", member.symbol)
        steps = np.array([own.gauss(0, member.noise) for _ in self._days])
        logs = member.beta * np.log(np.array(list(self.closes(INDEX).values()))) + steps.cumsum()
        closes = np.round(member.level * np.exp(logs - logs[-1]), 2)
        return dict(zip(self._days, closes.tolist(), strict=True))

    def _move(self, profile: Profile, day: date) -> float:
        if profile.symbol in by_symbol():
            index = math.log(self.close(INDEX, day) / self.previous_close(INDEX, day))
            symbol = by_symbol()[profile.symbol].symbol
            return profile.beta * index + self._random(symbol, day).gauss(0, profile.noise)
        return profile.beta * self._market(day) + self._random(profile.symbol, day).gauss(
            0, profile.noise
        )

    def _move_of_the_market(self, day: date) -> float:
        return self._random("market", day).gauss(0.0002, 0.0105)

    def _close(self, symbol: str, day: date) -> float:
        """Return the close of any session, also one after the anchor."""
        if day <= self.anchor:
            closes = self.closes(symbol)
            return closes.get(day, next(iter(closes.values())))
        before = self.close(symbol, previous_session(day))
        return round(before * math.exp(self._move(profile_of(symbol), day)), 2)

    def previous_close(self, symbol: str, day: date) -> float:
        """Return the close of the session before `day`."""
        return self.close(symbol, previous_session(day))

    def _path(self, symbol: str, day: date) -> Numbers:
        """Return the price at every minute from the pre-market's open to the post-market's end."""
        profile = profile_of(symbol)
        session = session_of(day)
        if symbol in by_symbol():
            return self._path_of_member(profile, session)
        before, close = self.previous_close(symbol, day), self.close(symbol, day)
        if month_of(symbol) is not None:  # a contract stands at its settlement all day
            return np.full(_minutes(session.pre_open, session.post_close) + 1, close)
        own = self._random("minutes", symbol, day)
        first = before * math.exp(0.3 * math.log(close / before) + own.gauss(0, 0.0015))
        sigma = (abs(profile.beta) * 0.008 + profile.noise) / math.sqrt(390)
        after = close * math.exp(own.gauss(0, 0.002))
        pre = _bridge(own, before, first, _minutes(session.pre_open, session.open), sigma / 3)
        regular = _bridge(own, first, close, _minutes(session.open, session.close), sigma)
        post = _bridge(own, close, after, _minutes(session.close, session.post_close), sigma / 3)
        return np.concatenate((pre[:-1], regular[:-1], post))

    def _path_of_member(self, profile: Profile, session: Session) -> Numbers:
        """Return a path that goes with the index, and steadily to its own close."""
        day, symbol = session.day, profile.symbol
        before, close = self.previous_close(symbol, day), self.close(symbol, day)
        ways = profile.beta * self._way(day)
        opened = _minutes(session.pre_open, session.open)
        closed = _minutes(session.pre_open, session.close)
        own = math.log(close / before) - ways[closed]
        gone = np.clip((np.arange(len(ways)) - opened) / (closed - opened), 0, 1)
        return before * np.exp(ways + own * gone)

    def _way_of_the_index(self, day: date) -> Numbers:
        """Return how far the index has come at every minute, as a logarithm."""
        return np.log(self.path(INDEX, day) / self.previous_close(INDEX, day))

    def _minutes_of(self, symbol: str, day: date) -> Minutes:
        opening = session_of(day).pre_open
        return Minutes(opening, self.path(symbol, day), self.shares(symbol, day))

    def traded(self, symbol: str, at: datetime) -> int:
        """Return the shares traded in a session up to an instant."""
        day = session_on_or_before(exchange_date(at))
        minutes = _minutes(session_of(day).pre_open, at)
        return round(float(self.shares(symbol, day)[:minutes].sum()))

    def price(self, symbol: str, at: datetime) -> float:
        """Return the price at an instant of a session, between its minutes too."""
        day = session_on_or_before(exchange_date(at))
        return round(self._minutes(symbol, day).price(at), 2)

    def minute_bars(self, symbol: str, start: datetime, end: datetime) -> list[Bar]:
        """Return the one-minute bars of one session in [start, end), the last perhaps unfinished.

        `start` must be a whole minute of the session.
        """
        session = session_of(exchange_date(start))
        return self._minutes(symbol, session.day).bars(start, min(end, session.post_close))

    def _shares(self, symbol: str, day: date) -> Numbers:
        """Return the shares of every minute of a session, most at its ends, none outside it."""
        session = session_of(day)
        usual = profile_of(symbol).daily_shares / 390
        own = self._random("shares", symbol, day)
        count = _minutes(session.open, session.close)
        parts = 0.6 + 0.8 * np.array([own.random() for _ in range(count)])
        busy = 0.5 + 3 * (2 * np.arange(count) / count - 1) ** 4
        before = np.zeros(_minutes(session.pre_open, session.open))
        after = np.zeros(_minutes(session.close, session.post_close))
        return np.concatenate((before, usual * parts * busy, after))

    def _day_bar(self, symbol: str, day: date) -> Bar:
        """Return the bar of a whole session."""
        session = session_of(day)
        if day > self._detailed:
            return self._minutes(symbol, day).merged(session.open, session.close)
        first, high, low, shares = self._ranges(symbol)[:, self._places.get(day, 0)].tolist()
        return Bar(session.open, first, high, low, self.close(symbol, day), round(shares))

    def _ranges_of(self, symbol: str) -> Numbers:
        """Return open, high, low and shares of every session up to the anchor, in rows."""
        own = self._random("ranges", symbol)
        part, reach, shares = np.array([own.random() for _ in range(3 * len(self._days))]).reshape(
            3, -1
        )
        close = np.array(list(self.closes(symbol).values()))
        before = np.concatenate((close[:1], close[:-1]))
        first = np.round(before + (close - before) * part / 2, 2)
        reach = close * (0.001 + 0.008 * reach)
        high = np.round(np.maximum(first, close) + reach, 2)
        low = np.round(np.minimum(first, close) - reach, 2)
        return np.array((first, high, low, profile_of(symbol).daily_shares * (0.6 + shares)))

    def extremes(self, symbol: str, first: date, last: date) -> tuple[float, float]:
        """Return the highest high and the lowest low of many sessions, both included."""
        days = slice(bisect_left(self._days, first), self._places[self._detailed] + 1)
        _, high, low, _ = self._ranges(symbol)[:, days]
        detailed = sessions_between(max(first, self._detailed + timedelta(days=1)), last)
        bars = [self.day_bar(symbol, day) for day in detailed]
        highest = max(float(high.max()), *(bar.high for bar in bars))
        return highest, min(float(low.min()), *(bar.low for bar in bars))

    def day_so_far(self, symbol: str, now: datetime) -> Bar | None:
        """Return the bar of the session under way or just over, None before its open."""
        day = exchange_date(now)
        session = session_of(session_on_or_before(day))
        if now >= session.close:
            return self.day_bar(symbol, session.day)
        if now <= session.open:
            return None
        return self._minutes(symbol, session.day).merged(session.open, now)


def last_trade(symbol: str, now: datetime) -> datetime:
    """Return when the last regular trade before `now` was struck."""
    session = session_of(session_on_or_before(exchange_date(now)))
    is_future = profile_of(symbol).quote_type == "FUTURE"
    if now <= (session.pre_open if is_future else session.open) or _is_halted(symbol):
        session = session_of(previous_session(session.day))
    end = session.post_close if is_future else session.close + timedelta(seconds=1)
    return min(now, end).replace(microsecond=0)


def _is_halted(symbol: str) -> bool:
    member = by_symbol().get(symbol)
    return member is not None and member.place == HALTED


def stamp(at: datetime) -> int:
    """Return Unix seconds."""
    return int(at.astimezone(UTC).timestamp())


def _minutes(start: datetime, end: datetime) -> int:
    return int((end - start).total_seconds()) // 60


def _bridge(own: Random, first: float, last: float, steps: int, sigma: float) -> Numbers:
    """Return a random path of `steps` + 1 prices that starts and ends where it should."""
    walk = np.array([0.0, *(own.gauss(0, sigma) for _ in range(steps))]).cumsum()
    start, drift = math.log(first), math.log(last / first) - walk[-1]
    return np.exp(start + walk + drift * np.arange(steps + 1) / steps)

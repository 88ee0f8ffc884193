"""Seeded prices for the local server: one path per symbol, the same whoever asks and when.

Every session of a symbol has a path of minute prices from 04:00 to 20:00 New York that depends
on the seed and the day alone; a server shows as much of it as its clock allows, so that
daily bars, intraday bars and quotes agree with each other at every instant.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from random import Random

import numpy as np

from market.fed_funds_contracts import month_of
from market.instruments import INDEX
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
from tests.exchange.closes import Closes
from tests.exchange.members import HALTED, by_symbol
from tests.exchange.profiles import Profile, profile_of

DETAILED_SESSIONS = 6
"""So many newest sessions have daily ranges taken from their minutes."""


class Prices:
    """All prices of one seed."""

    def __init__(self, seed: int, now: datetime) -> None:
        self.closes = Closes(seed, now)
        self._detailed = sessions_back(self.closes.anchor, DETAILED_SESSIONS)
        self._places = {day: place for place, day in enumerate(self.closes.days)}
        self.path = lru_cache(maxsize=4096)(self._path)
        self.shares = lru_cache(maxsize=4096)(self._shares)
        self.day_bar = lru_cache(maxsize=None)(self._day_bar)
        self._way = lru_cache(maxsize=64)(self._way_of_the_index)
        self._minutes = lru_cache(maxsize=512)(self._minutes_of)
        self._ranges = lru_cache(maxsize=None)(self._ranges_of)

    def _path(self, symbol: str, day: date) -> Numbers:
        """Return the price at every minute from the pre-market's open to the post-market's end."""
        profile = profile_of(symbol)
        session = session_of(day)
        if symbol in by_symbol():
            return self._path_of_member(profile, session)
        before, close = self.closes.before(symbol, day), self.closes.at(symbol, day)
        if month_of(symbol) is not None:  # a contract stands at its settlement all day
            return np.full(_minutes(session.pre_open, session.post_close) + 1, close)
        own = self.closes.random("minutes", symbol, day)
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
        before, close = self.closes.before(symbol, day), self.closes.at(symbol, day)
        ways = profile.beta * self._way(day)
        opened = _minutes(session.pre_open, session.open)
        closed = _minutes(session.pre_open, session.close)
        own = math.log(close / before) - ways[closed]
        gone = np.clip((np.arange(len(ways)) - opened) / (closed - opened), 0, 1)
        return before * np.exp(ways + own * gone)

    def _way_of_the_index(self, day: date) -> Numbers:
        """Return how far the index has come at every minute, as a logarithm."""
        return np.log(self.path(INDEX, day) / self.closes.before(INDEX, day))

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
        own = self.closes.random("shares", symbol, day)
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
        return Bar(session.open, first, high, low, self.closes.at(symbol, day), round(shares))

    def _ranges_of(self, symbol: str) -> Numbers:
        """Return open, high, low and shares of every session up to the anchor, in rows."""
        own = self.closes.random("ranges", symbol)
        draws = [own.random() for _ in range(3 * len(self.closes.days))]
        part, reach, shares = np.array(draws).reshape(3, -1)
        close = np.array(list(self.closes.of(symbol).values()))
        before = np.concatenate((close[:1], close[:-1]))
        first = np.round(before + (close - before) * part / 2, 2)
        reach = close * (0.001 + 0.008 * reach)
        high = np.round(np.maximum(first, close) + reach, 2)
        low = np.round(np.minimum(first, close) - reach, 2)
        return np.array((first, high, low, profile_of(symbol).daily_shares * (0.6 + shares)))

    def extremes(self, symbol: str, first: date, last: date) -> tuple[float, float]:
        """Return the highest high and the lowest low of many sessions, both included."""
        days = slice(bisect_left(self.closes.days, first), self._places[self._detailed] + 1)
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

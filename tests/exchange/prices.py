"""Seeded prices for the local server: one path per symbol, the same whoever asks and when.

Every session of a symbol has a path of minute prices from 04:00 to 20:00 New York that depends
on the seed and the day alone; a server shows as much of it as its clock allows, so that
daily bars, intraday bars and quotes agree with each other at every instant.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from itertools import accumulate
from random import Random

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
from tests.exchange.members import Member, by_symbol

YEARS_OF_SESSIONS = 1290
"""Five years and some weeks."""
DETAILED_SESSIONS = 8
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


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; `start` is its first instant."""

    start: datetime
    open: float
    high: float
    low: float
    close: float
    volume: int


def is_known(symbol: str) -> bool:
    """Return whether the exchange lists a symbol: the cast, and any made-up stock but ZZ…."""
    if symbol in default_cast().by_symbol or symbol in _LEVELS:
        return True
    return _STOCK.fullmatch(symbol) is not None and not symbol.startswith("ZZ")


@cache
def profile_of(symbol: str) -> Profile:
    """Return how a known symbol moves."""
    own = Random(f"profile:{symbol}")
    instrument = default_cast()[symbol]
    if (member := by_symbol().get(symbol)) is not None:
        return _profile_of_member(member, symbol)
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


def _profile_of_member(member: Member, symbol: str) -> Profile:
    figures = (member.level, member.beta, member.noise)
    return Profile(symbol, member.name, "EQUITY", *figures, daily_shares=member.daily_shares)


class Prices:
    """All prices of one seed. `anchor` is the session whose close has the level of the profile."""

    def __init__(self, seed: int, now: datetime) -> None:
        self.seed = seed
        self.anchor = session_on_or_before(exchange_date(now))
        self.first = sessions_back(self.anchor, YEARS_OF_SESSIONS)
        self.close = lru_cache(maxsize=None)(self._close)
        self.closes = lru_cache(maxsize=None)(self._closes)
        self.path = lru_cache(maxsize=4096)(self._path)
        self.shares = lru_cache(maxsize=4096)(self._shares)
        self.day_bar = lru_cache(maxsize=None)(self._day_bar)

    def _random(self, *names: object) -> Random:
        return Random(":".join(str(name) for name in (self.seed, *names)))

    def _closes(self, symbol: str) -> dict[date, float]:
        """Return the close of every session up to the anchor."""
        if (member := by_symbol().get(symbol)) is not None:
            return self._closes_of_member(member)
        profile = profile_of(symbol)
        logs: dict[date, float] = {}
        level = 0.0
        for day in sessions_between(self.first, self.anchor):
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
        index, own = self.closes(INDEX), self._random("member", member.symbol)
        logs = {
            day: member.beta * math.log(close) + noise
            for (day, close), noise in zip(
                index.items(), accumulate(own.gauss(0, member.noise) for _ in index), strict=True
            )
        }
        last = logs[self.anchor]
        return {day: round(member.level * math.exp(log - last), 2) for day, log in logs.items()}

    def _move(self, profile: Profile, day: date) -> float:
        if profile.symbol in by_symbol():
            index = math.log(self.close(INDEX, day) / self.previous_close(INDEX, day))
            symbol = by_symbol()[profile.symbol].symbol
            return profile.beta * index + self._random(symbol, day).gauss(0, profile.noise)
        market = self._random("market", day).gauss(0.0002, 0.0105)
        return profile.beta * market + self._random(profile.symbol, day).gauss(0, profile.noise)

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

    def _path(self, symbol: str, day: date) -> tuple[float, ...]:
        """Return the price at every minute from the pre-market's open to the post-market's end."""
        profile = profile_of(symbol)
        session = session_of(day)
        if symbol in by_symbol():
            return self._path_of_member(profile, session)
        before, close = self.previous_close(symbol, day), self.close(symbol, day)
        own = self._random("minutes", symbol, day)
        first = before * math.exp(0.3 * math.log(close / before) + own.gauss(0, 0.0015))
        sigma = (abs(profile.beta) * 0.008 + profile.noise) / math.sqrt(390)
        after = close * math.exp(own.gauss(0, 0.002))
        pre = _bridge(own, before, first, _minutes(session.pre_open, session.open), sigma / 3)
        regular = _bridge(own, first, close, _minutes(session.open, session.close), sigma)
        post = _bridge(own, close, after, _minutes(session.close, session.post_close), sigma / 3)
        return tuple(pre[:-1] + regular[:-1] + post)

    def _path_of_member(self, profile: Profile, session: Session) -> tuple[float, ...]:
        """Return a path that goes with the index, and steadily to its own close."""
        day, symbol = session.day, profile.symbol
        before, close = self.previous_close(symbol, day), self.close(symbol, day)
        start = self.previous_close(INDEX, day)
        ways = [profile.beta * math.log(price / start) for price in self.path(INDEX, day)]
        opened = _minutes(session.pre_open, session.open)
        closed = _minutes(session.pre_open, session.close)
        own = math.log(close / before) - ways[closed]
        gone = (min(max(0.0, (i - opened) / (closed - opened)), 1.0) for i in range(len(ways)))
        return tuple(before * math.exp(w + own * g) for w, g in zip(ways, gone, strict=True))

    def traded(self, symbol: str, at: datetime) -> int:
        """Return the shares traded in a session up to an instant."""
        day = session_on_or_before(exchange_date(at))
        minutes = _minutes(session_of(day).pre_open, at)
        return round(sum(self.shares(symbol, day)[:minutes]))

    def price(self, symbol: str, at: datetime) -> float:
        """Return the price at an instant of a session, between its minutes too."""
        day = session_on_or_before(exchange_date(at))
        path = self.path(symbol, day)
        return round(_between(path, (at - session_of(day).pre_open).total_seconds() / 60), 2)

    def minute_bars(self, symbol: str, start: datetime, end: datetime) -> list[Bar]:
        """Return the one-minute bars of one session in [start, end), the last perhaps unfinished.

        `start` must be a whole minute of the session.
        """
        session = session_of(exchange_date(start))
        path, shares = self.path(symbol, session.day), self.shares(symbol, session.day)
        first = _minutes(session.pre_open, start)
        seconds = (min(end, session.post_close) - session.pre_open).total_seconds()
        bars: list[Bar] = []
        for minute in range(first, math.ceil(seconds / 60)):
            part = min(1.0, seconds / 60 - minute)
            left, right = path[minute], _between(path, minute + part)
            spread = abs(right - left) * 0.3
            high, low = round(max(left, right) + spread, 2), round(min(left, right) - spread, 2)
            at = session.pre_open + timedelta(minutes=minute)
            volume = round(shares[minute] * part)
            bars.append(Bar(at, round(left, 2), high, low, round(right, 2), volume))
        return bars

    def _shares(self, symbol: str, day: date) -> tuple[float, ...]:
        """Return the shares of every minute of a session, most at its ends, none outside it."""
        session = session_of(day)
        usual = profile_of(symbol).daily_shares / 390
        own = self._random("shares", symbol, day)
        before = _minutes(session.pre_open, session.open)
        count, after = (
            _minutes(session.open, session.close),
            _minutes(session.close, session.post_close),
        )
        regular = [
            usual * own.uniform(0.6, 1.4) * (0.5 + 3 * (2 * i / count - 1) ** 4)
            for i in range(count)
        ]
        return (*([0.0] * before), *regular, *([0.0] * after))

    def _day_bar(self, symbol: str, day: date) -> Bar:
        """Return the bar of a whole session."""
        session = session_of(day)
        if day > sessions_back(self.anchor, DETAILED_SESSIONS):
            bars = self.minute_bars(symbol, session.open, session.close)
            return merged(bars, session.open)
        close, before = self.close(symbol, day), self.previous_close(symbol, day)
        own = self._random("range", symbol, day)
        first = round(before + (close - before) * own.uniform(0, 0.5), 2)
        reach = close * own.uniform(0.001, 0.009)
        high, low = round(max(first, close) + reach, 2), round(min(first, close) - reach, 2)
        shares = round(profile_of(symbol).daily_shares * own.uniform(0.6, 1.6))
        return Bar(session.open, first, high, low, close, shares)

    def day_so_far(self, symbol: str, now: datetime) -> Bar | None:
        """Return the bar of the session under way or just over, None before its open."""
        day = exchange_date(now)
        session = session_of(session_on_or_before(day))
        if now >= session.close:
            return self.day_bar(symbol, session.day)
        if now <= session.open:
            return None
        return merged(self.minute_bars(symbol, session.open, now), session.open)


def merged(bars: list[Bar], start: datetime) -> Bar:
    """Return one bar over neighbouring bars."""
    return Bar(
        start,
        bars[0].open,
        max(bar.high for bar in bars),
        min(bar.low for bar in bars),
        bars[-1].close,
        sum(bar.volume for bar in bars),
    )


def grouped(bars: list[Bar], seconds: int) -> list[Bar]:
    """Return bars of `seconds` each, on the grid that the first bar starts."""
    groups: dict[datetime, list[Bar]] = {}
    for bar in bars:
        offset = int((bar.start - bars[0].start).total_seconds()) // seconds * seconds
        groups.setdefault(bars[0].start + timedelta(seconds=offset), []).append(bar)
    return [merged(group, start) for start, group in groups.items()]


def last_trade(symbol: str, now: datetime) -> datetime:
    """Return when the last regular trade before `now` was struck."""
    session = session_of(session_on_or_before(exchange_date(now)))
    is_future = profile_of(symbol).quote_type == "FUTURE"
    if now <= (session.pre_open if is_future else session.open):
        session = session_of(previous_session(session.day))
    end = session.post_close if is_future else session.close + timedelta(seconds=1)
    return min(now, end).replace(microsecond=0)


def stamp(at: datetime) -> int:
    """Return Unix seconds."""
    return int(at.astimezone(UTC).timestamp())


def _minutes(start: datetime, end: datetime) -> int:
    return int((end - start).total_seconds()) // 60


def _between(path: tuple[float, ...], minute: float) -> float:
    """Return the price at a part of a minute, the first or last price outside the path."""
    minute = min(max(0.0, minute), len(path) - 1.0)
    left = int(minute)
    right = min(left + 1, len(path) - 1)
    return path[left] + (path[right] - path[left]) * (minute - left)


def _bridge(own: Random, first: float, last: float, steps: int, sigma: float) -> list[float]:
    """Return a random path of `steps` + 1 prices that starts and ends where it should."""
    walk = [0.0]
    for _ in range(steps):
        walk.append(walk[-1] + own.gauss(0, sigma))
    start, drift = math.log(first), math.log(last / first) - walk[-1]
    return [math.exp(start + w + drift * i / steps) for i, w in enumerate(walk)]

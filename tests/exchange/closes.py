"""Seeded closes for the local server: one a session and symbol, the same whoever asks and when."""

from __future__ import annotations

import math
from datetime import date, datetime
from functools import lru_cache
from random import Random

import numpy as np

from market.instruments import INDEX
from market.sessions import (
    exchange_date,
    previous_session,
    session_on_or_before,
    sessions_back,
    sessions_between,
)
from tests.exchange.members import Member, by_symbol
from tests.exchange.profiles import Profile, profile_of

YEARS_OF_SESSIONS = 1290
"""Five years and some weeks."""


class Closes:
    """All closes of one seed. `anchor` is the session whose close has the level of the profile."""

    def __init__(self, seed: int, now: datetime) -> None:
        self.anchor = session_on_or_before(exchange_date(now))
        self.first = sessions_back(self.anchor, YEARS_OF_SESSIONS)
        self.days = tuple(sessions_between(self.first, self.anchor))
        self.at = lru_cache(maxsize=None)(self._at)
        self.of = lru_cache(maxsize=None)(self._of)
        self._seed = seed
        self._market = lru_cache(maxsize=None)(self._move_of_the_market)

    def random(self, *names: object) -> Random:
        """Return chance of its own for whatever has these names."""
        return Random(":".join(str(name) for name in (self._seed, *names)))

    def _of(self, symbol: str) -> dict[date, float]:
        """Return the close of every session up to the anchor."""
        if (member := by_symbol().get(symbol)) is not None:
            return self._closes_of_member(member)
        profile = profile_of(symbol)
        logs: dict[date, float] = {}
        level = 0.0
        for day in self.days:
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
        own = self.random("member", member.symbol)
        steps = np.array([own.gauss(0, member.noise) for _ in self.days])
        logs = member.beta * np.log(np.array(list(self.of(INDEX).values()))) + steps.cumsum()
        closes = np.round(member.level * np.exp(logs - logs[-1]), 2)
        return dict(zip(self.days, closes.tolist(), strict=True))

    def _move(self, profile: Profile, day: date) -> float:
        if profile.symbol in by_symbol():
            index = math.log(self.at(INDEX, day) / self.before(INDEX, day))
            symbol = by_symbol()[profile.symbol].symbol
            return profile.beta * index + self.random(symbol, day).gauss(0, profile.noise)
        return profile.beta * self._market(day) + self.random(profile.symbol, day).gauss(
            0, profile.noise
        )

    def _move_of_the_market(self, day: date) -> float:
        return self.random("market", day).gauss(0.0002, 0.0105)

    def _at(self, symbol: str, day: date) -> float:
        """Return the close of any session, also one after the anchor."""
        if day <= self.anchor:
            closes = self.of(symbol)
            return closes.get(day, next(iter(closes.values())))
        before = self.at(symbol, previous_session(day))
        return round(before * math.exp(self._move(profile_of(symbol), day)), 2)

    def before(self, symbol: str, day: date) -> float:
        """Return the close of the session before `day`."""
        return self.at(symbol, previous_session(day))

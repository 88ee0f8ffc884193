"""How each symbol of the local exchange moves: level, share of the market's moves, noise."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from random import Random

from market.fed_funds_contracts import month_of
from market.instruments import Role, default_cast
from tests.exchange.members import Member, by_symbol

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

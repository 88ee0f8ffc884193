"""Three hundred made-up members of the index that the local server plays, and what befalls them.

In the night after the session at which the server was started one member joins, one leaves, one
changes its symbol and one is split two for one. Companies, symbols and figures are invented.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import product
from random import Random

from market.taxonomy import default_taxonomy

COUNT = 300
FUND_VALUE = 70e9
"""US dollars."""
SHARES_OUTSTANDING = 278_750_000
SPLIT = 2
"""New shares for one old."""

_SECTORS = {
    "Information Technology": 14, "Health Care": 17, "Financials": 18, "Industrials": 18,
    "Consumer Discretionary": 10, "Real Estate": 6, "Energy": 5, "Materials": 5, "Utilities": 3,
    "Communication": 2, "Consumer Staples": 2,
}  # fmt: skip
"""Parts of the members by iShares' words, which lack the second half of Communication Services."""
_OF_GICS = {"Communication": "Communication Services"}


@dataclass(frozen=True, slots=True)
class Member:
    """One made-up company."""

    place: int
    """0 is the heaviest."""
    symbol: str
    """As Yahoo spells it."""
    name: str
    sector: str
    """As iShares spells it."""
    industry: str
    """As Nasdaq spells it."""
    weight: float
    """On the anchor day."""
    level: float
    """US dollars, at the anchor's close."""
    beta: float
    noise: float
    daily_shares: float

    @property
    def quantity(self) -> int:
        """Shares that the fund holds."""
        return round(self.weight * FUND_VALUE / self.level)

    @property
    def in_ishares(self) -> str:
        """Its ticker in the holdings: a class has no separator there."""
        return self.symbol.replace("-", "")

    @property
    def in_nasdaq(self) -> str:
        """Its symbol in the screener: a class has a slash and now and then a blank behind it."""
        return self.symbol.replace("-", "/") + ("  " if "-" in self.symbol else "")


CLASS, LEAVER, RENAMED, SPLITTER, HALTED, MISPRINTED, UNLISTED, JOINER = (
    20, 60, 90, 120, 150, 180, 210, COUNT,
)  # fmt: skip
"""Places of the members that are out of the ordinary."""
NEW_SYMBOL = "QNEWS"
"""What the renamed member is called after the first night."""


@cache
def members() -> tuple[Member, ...]:
    """Return everybody who ever is a member, heaviest first, the one that joins later last."""
    own = Random("members")
    syllables = ["".join(letters) for letters in product("BCDFGHJKLM", "AEIOU", "NPRSTVWX")]
    sizes = sorted((own.lognormvariate(0, 0.9) for _ in range(COUNT)), reverse=True)
    whole = sum(sizes)
    weights = [*(size / whole for size in sizes), 0.0008]
    return tuple(
        _member(own, place, syllables[place], weight) for place, weight in enumerate(weights)
    )


def _member(own: Random, place: int, syllable: str, weight: float) -> Member:
    sector = own.choices(tuple(_SECTORS), tuple(_SECTORS.values()))[0]
    symbol = f"Q{syllable}" + ("-A" if place == CLASS else "")
    spread = own.uniform(0, 0.25)
    return Member(
        place=place,
        symbol=symbol,
        name=f"{syllable.title()} {own.choice(('Works', 'Labs', 'Group', 'Bancorp'))} Inc",
        sector=sector,
        industry=own.choice(_industries(_OF_GICS.get(sector, sector))),
        weight=weight,
        level=round(own.uniform(8, 180), 2),
        beta=1 + (spread if place % 2 else -spread),
        noise=own.uniform(0.01, 0.025),
        daily_shares=own.uniform(2e5, 4e6),
    )


def _industries(sector: str) -> list[str]:
    rows = (each for each in default_taxonomy().subsectors if each.sector == sector)
    return [word for each in rows for word in each.industries]


@cache
def by_symbol() -> Mapping[str, Member]:
    """Return the members by every symbol they have or will have."""
    found = {member.symbol: member for member in members()}
    return {**found, NEW_SYMBOL: members()[RENAMED]}


def symbol_on(member: Member, day: date, anchor: date) -> str:
    """Return the symbol under which a member trades in a session."""
    return NEW_SYMBOL if member.place == RENAMED and day > anchor else member.symbol


def is_member(member: Member, day: date, anchor: date) -> bool:
    """Return whether the holdings of the end of a session have a company."""
    if member.place == JOINER:
        return day >= anchor
    return member.place != LEAVER or day < anchor


def symbol_in_holdings(member: Member, day: date, anchor: date) -> str:
    """Return its ticker in the holdings of a session's end, which know of the next morning."""
    return NEW_SYMBOL if member.place == RENAMED and day >= anchor else member.in_ishares


def price_factor(symbol: str, day: date, anchor: date) -> float:
    """Return what the prices of before the split are multiplied by, as told in a session."""
    member = by_symbol().get(symbol)
    is_split = member is not None and member.place == SPLITTER and day > anchor
    return 1 / SPLIT if is_split else 1.0

"""Who is in the simulated index: two thousand made-up companies, their size and their temper.

Names, symbols and figures are invented. Weights and sectors are spread as those of an index of
small companies are. On every day some light members are odd, each day others: one comes into
the index, one changes its symbol, a few do not trade, one is split, one is misprinted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property, lru_cache
from itertools import product
from random import Random
from typing import TYPE_CHECKING

from market.feeds.demo_members_names import FIRST, SECOND, THIRD, USUAL_THIRD
from market.taxonomy import SubSector, default_taxonomy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Column = NDArray[np.float64]
    Rows = NDArray[np.int64]

COUNT = 2_001
"""One company more than the index has members: on each day one of them is not in it yet."""
FUND_VALUE = 72e9
"""US dollars that the fund holding the index is worth on the anchor day."""
INDEX_VALUE = 3.3e12
"""US dollars that all shares of all members are worth on the anchor day."""
BREADTH_OF_SIZES = 1.0
"""Standard deviation of the logarithm of the members' values, within a sector."""
LARGEST = 0.0085
"""The largest weight on the anchor day."""
YEAR = 250
"""Days until an oddity comes round to the same company."""
HALTED = 3
"""Members that do not trade on a day."""
TAINTED = 9
"""Members whose industry no sub-sector lists."""
YOUNG = 14
"""Members that came to market within the year."""
CLASSES = 3
"""Members that are a second class of shares, which the listings lack."""

_SECTORS = {
    "Information Technology": ("Technology", 0.145, 0.125, 0.024),
    "Health Care": ("Health Care", 0.170, 0.255, 0.034),
    "Financials": ("Financials", 0.178, 0.210, 0.014),
    "Industrials": ("Industrials", 0.178, 0.135, 0.019),
    "Consumer Discretionary": ("Consumer Discretionary", 0.095, 0.095, 0.022),
    "Real Estate": ("Real Estate", 0.058, 0.055, 0.014),
    "Energy": ("Energy", 0.052, 0.040, 0.022),
    "Materials": ("Materials", 0.046, 0.035, 0.021),
    "Utilities": ("Utilities & Communication", 0.030, 0.012, 0.012),
    "Communication Services": ("Utilities & Communication", 0.026, 0.023, 0.025),
    "Consumer Staples": ("Consumer Staples", 0.022, 0.015, 0.018),
}
"""GICS sector -> (the factor it shares with its fund, part of the weight, of the names, and
the usual standard deviation of what moves one member only, each day)."""
_BUSY = {"Biotechnology": 1.35, "Pharma": 1.35, "Regional Banks": 0.9, "Crypto & Hosting": 1.5}
"""Sub-sectors whose members are livelier, or quieter, than the rest of their sector."""
_LARGE_SUBSECTORS = {"Regional Banks": 4.0, "Biotechnology": 3.0, "Pharma": 3.0, "REITs": 6.0}
"""Sub-sectors with several times as many members as others of their sector."""


class Roster:
    """The made-up companies of one seed, heaviest first on the anchor day."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        rng = Random(f"{seed}|members")
        self.sectors, self.subsectors, self.industries = _businesses(rng)
        pairs = rng.sample(tuple(product(FIRST, SECOND)), COUNT)
        self.names = tuple(
            f"{first} {second} {rng.choice(THIRD.get(business, USUAL_THIRD))}"
            for (first, second), business in zip(pairs, self.subsectors, strict=True)
        )
        symbols = [f"{first[:3]}{second[:2]}".upper() for first, second in pairs]
        self._earlier = tuple(f"{first[:2]}{second[:3]}".upper() for first, second in pairs)
        light = [*range(COUNT // 3, COUNT)]
        rng.shuffle(light)
        taken = iter(light)
        self.classes = tuple(next(taken) for _ in range(CLASSES))
        for row in self.classes:
            symbols[row] = f"{symbols[row][:4]}-A"
        self.symbols = tuple(symbols)
        known = Counter((*symbols, *self._earlier))
        drawn = [next(taken) for _ in range(YEAR)]
        self._renamed = tuple(row for row in drawn if known[self._earlier[row]] == 1)
        self._arriving, self._halted, self._split, self._misprinted = (
            tuple(next(taken) for _ in range(YEAR // 2)) for _ in range(4)
        )
        self.young = tuple(next(taken) for _ in range(YOUNG))

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """Rows by symbol, those that were and will be given up too."""
        earlier = {self._earlier[row]: row for row in self._renamed}
        return {**earlier, **{symbol: row for row, symbol in enumerate(self.symbols)}}

    @cached_property
    def factors(self) -> tuple[str, ...]:
        """What each company shares with the fund of its sector."""
        return tuple(_SECTORS[sector][0] for sector in self.sectors)

    def symbols_on(self, index: int) -> tuple[str, ...]:
        """Return the symbols in a session: one company has another from this day on."""
        symbols = list(self.symbols)
        count = len(self._renamed)
        for place, row in enumerate(self._renamed):
            if ((index - place) // count) % 2:
                symbols[row] = self._earlier[row]
        return tuple(symbols)

    def outside(self, index: int) -> int:
        """Return the company that joins the index only after a session's close."""
        return self._arriving[(index + 1) % len(self._arriving)]

    def halted(self, index: int) -> tuple[int, ...]:
        """Return the members that do not trade in a session."""
        pool = self._halted
        return tuple(pool[(HALTED * index + place) % len(pool)] for place in range(HALTED))

    def split(self, index: int) -> int:
        """Return the member that is split two for one before a session."""
        return self._split[index % len(self._split)]

    def misprinted(self, index: int) -> int:
        """Return the member whose price is misprinted all through a session."""
        return self._misprinted[index % len(self._misprinted)]

    def listed_since(self, row: int, index: int) -> int:
        """Return the session in which a company came to market; there are always young ones."""
        if row not in self.young:
            return 0
        place = self.young.index(row)
        return max(0, index - (index + 17 * place) % YEAR)

    @cached_property
    def figures(self) -> Figures:
        """Size and temper of the companies, as columns."""
        return Figures(self)


@lru_cache(maxsize=4)
def roster_of(seed: int) -> Roster:
    """Return the companies of a seed, drawn once for all that tell of them."""
    return Roster(seed)


class Figures:
    """Size and temper of the companies of a roster, as columns."""

    def __init__(self, roster: Roster) -> None:
        import numpy as np

        rng = np.random.Generator(np.random.PCG64(seed_number(roster.seed, "figures")))
        draw = rng.standard_normal((6, COUNT))
        weight = _weights(roster, draw[0])
        own = np.array([_SECTORS[sector][3] for sector in roster.sectors])
        busy = np.array([_BUSY.get(name, 1.0) for name in roster.subsectors])
        self.weight: Column = weight
        self.price: Column = np.clip(np.exp(3.4 + 0.75 * draw[1] + 0.12 * draw[0]), 3.0, 900.0)
        """US dollars on the anchor day, before each one's own path."""
        self.quantity: Column = np.fmax(np.rint(weight * FUND_VALUE / self.price), 1.0)
        """Shares that the fund holds."""
        self.shares: Column = np.rint(weight * INDEX_VALUE / self.price)
        """Shares outstanding."""
        self.beta: Column = np.clip(1.0 + 0.3 * draw[2], 0.2, 2.0)
        self.sector_load: Column = np.clip(1.0 + 0.3 * draw[3], 0.2, 2.0)
        self.own: Column = own * busy * np.exp(0.25 * draw[4])
        """Standard deviation of the daily log return that a company shares with nobody."""
        turnover = 0.006 * np.exp(0.5 * draw[5])
        self.average_volume: Column = np.fmax(np.rint(self.shares * turnover), 500.0)


def seed_number(seed: int, *name: str) -> int:
    """Return a large number that is always the same for a seed and a name."""
    return Random("|".join((str(seed), "members", *name))).getrandbits(63)


def _weights(roster: Roster, draw: Column) -> Column:
    """Heavy-tailed weights, sectors as they should be, the rows in falling order."""
    import numpy as np

    draw[:] = np.sort(draw)[::-1]  # so that a row number tells light from heavy
    size = np.exp(BREADTH_OF_SIZES * draw)
    sectors = np.array(roster.sectors)
    for sector, (_, part, _, _) in _SECTORS.items():
        own = sectors == sector
        size[own] *= part / size[own].sum()
    limited = np.minimum(size / size.sum(), LARGEST)
    return limited / limited.sum()


def _businesses(rng: Random) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Sector, sub-sector and the screener's industry of each company."""
    parts = [part for _, _, part, _ in _SECTORS.values()]
    sectors = rng.choices(tuple(_SECTORS), parts, k=COUNT)
    choices = {name: _choices(name) for name in _SECTORS}
    rows = [_business(rng, *choices[sector]) for sector in sectors]
    for row in rng.sample(range(COUNT // 4, COUNT), TAINTED):
        rows[row] = ("", rng.choice(("", "Unclassified Services")))
    return tuple(sectors), tuple(row[0] for row in rows), tuple(row[1] for row in rows)


def _choices(sector: str) -> tuple[list[SubSector], list[float]]:
    """The sub-sectors of a sector, and how many of its members each has in comparison."""
    found = [each for each in default_taxonomy().subsectors if each.sector == sector]
    return found, [_LARGE_SUBSECTORS.get(each.name, 1.0) for each in found]


def _business(rng: Random, found: list[SubSector], weights: list[float]) -> tuple[str, str]:
    (chosen,) = rng.choices(found, weights)
    first = [1 / (1 + place) for place in range(len(chosen.industries))]
    return chosen.name, rng.choices(chosen.industries, first)[0]

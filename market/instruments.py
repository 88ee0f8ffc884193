"""The cast: index, trackers, sectors, themes and the volatility family, read from `cast.toml`."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from enum import StrEnum
from functools import cache, lru_cache
from itertools import accumulate, repeat
from pathlib import Path

import msgspec
from msgspec.structs import replace

from market.shipped import shipped

INDEX = "^RUT"
TRACKER = "IWM"
FUTURE = "RTY=F"
BENCHMARK = "^GSPC"
VIX = "^VIX"
RVX = "^RVX"
OPTIONED = (INDEX, TRACKER)
"""The underlyings whose option chains are looked at."""
SHORT_RATE = "DGS3MO"
"""The rate that option chains are reckoned with."""
TERM_STRUCTURE = ("^VIX9D", "^VIX", "^VIX3M", "^VIX6M")
"""The VIX family by horizon, shortest first: 9, 30, 93 and 184 calendar days."""


class Role(StrEnum):
    """What an instrument is to a small-cap trader."""

    INDEX = "index"
    TRACKER = "tracker"
    FUTURE = "future"
    BENCHMARK = "benchmark"
    SECTOR = "sector"
    THEME = "theme"
    VOLATILITY = "volatility"
    PUBLISHED = "published"
    """A series that an office publishes, such as a rate or a count of jobs: no price."""
    RATE_FUTURE = "rate future"
    """A contract on the federal funds rate of one month: ZQZ26.CBT."""
    VOLATILITY_FUTURE = "volatility future"
    """The closing marks of the VIX contracts that settle in one month of any year: ^UZQ."""
    GROUP = "group"
    """Index members looked at together: a sector, a sub-sector or a basket; no feed knows it."""
    WATCHED = "watched"
    """Known only because somebody watches it or looked at it."""


PRICED = frozenset(Role) - {Role.PUBLISHED, Role.RATE_FUTURE, Role.VOLATILITY_FUTURE}
"""Instruments that have returns, ranges and a level of their own."""


class Instrument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One instrument of the cast."""

    symbol: str
    """As Yahoo spells it: ^RUT, RTY=F, BRK-B."""
    slug: str = ""
    """How metric names spell it; by default the symbol's letters and digits."""
    name: str = ""
    group: str = ""
    """Short name for panels: "Biotechnology"."""
    role: Role = Role.WATCHED
    sector: str = ""
    """The sector screen it stands on; empty outside sectors and themes."""
    sources: tuple[str, ...] = ("yahoo",)
    """Feeds in order of trust."""
    cboe: str = ""
    """Its name at Cboe, empty where Cboe has none."""
    decimals: int = 2

    def __post_init__(self) -> None:
        if not self.slug:
            bare = (c for c in self.symbol.lower() if c.isalnum() or c == "-")
            msgspec.structs.force_setattr(self, "slug", "".join(bare))
        if not self.group:
            msgspec.structs.force_setattr(self, "group", self.symbol)


_RATE_FUTURE = re.compile(r"ZQ[FGHJKMNQUVXZ][0-9]{2}\.CBT")
_VOLATILITY_FUTURE = re.compile(r"\^UZ[FGHJKMNQUVXZ]")
_KEPT = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-^=")
_OF_THE_MARKET = frozenset(
    {
        "sector",
        "subsector",
        "basket",
        "breadth",
        "liquidity",
        "attribution",
        "policy",
        "flows",
        "macro",
        "calendar",
        "halts",
        "options",
    }
)
"""What names of no single instrument begin with: `basket.ai.last`, `breadth.above_50dma`."""


def slug_of(symbol: str) -> str:
    """Return how metric names spell a symbol outside the cast: `BRK-B` -> `brk-b`.

    No two symbols are spelt alike: `^XYZ` stays `^xyz`, and what has no sign of its own is
    told by its number: `T.TO` -> `t:to`, `A/B` -> `a~2f~b`.
    """
    return "".join(c.lower() if c in _KEPT else _ESCAPES.get(c) or f"~{ord(c):x}~" for c in symbol)


_ESCAPES = {".": ":"}


def symbol_spelt(slug: str) -> str | None:
    """Return the symbol that `slug_of` spells so, None if there is none."""
    head, *rest = slug.split("~")
    parts = [head.replace(":", ".").upper()]
    try:
        for code, text in zip(rest[::2], rest[1::2], strict=True):
            parts += [chr(int(code, 16)), text.replace(":", ".").upper()]
    except (ValueError, OverflowError):
        return None
    symbol = "".join(parts)
    return symbol if slug_of(symbol) == slug else None


class Cast(msgspec.Struct, frozen=True, eq=False):
    """All instruments by symbol, in the order of the file; unknown symbols are `WATCHED`."""

    by_symbol: Mapping[str, Instrument]

    def __getitem__(self, symbol: str) -> Instrument:
        """Return the instrument, made up for a symbol that only the watchlist knows."""
        return self.by_symbol.get(symbol) or _made_up(self, symbol)

    def of(self, *roles: Role) -> tuple[Instrument, ...]:
        """Return the instruments of these roles."""
        return tuple(i for i in self.by_symbol.values() if i.role in roles)

    @property
    def leaders(self) -> tuple[Instrument, ...]:
        """The rows of the leaders panel: sectors and themes."""
        return self.of(Role.SECTOR, Role.THEME)

    @property
    def sectors(self) -> tuple[str, ...]:
        """The names of the sector screens."""
        return tuple(dict.fromkeys(i.sector for i in self.leaders if i.sector))

    def in_sector(self, sector: str) -> tuple[Instrument, ...]:
        """Return the rows of one sector screen, the sector's own fund first."""
        rows = [i for i in self.leaders if i.sector == sector]
        return tuple(sorted(rows, key=lambda i: i.role is not Role.SECTOR))

    def symbol_of(self, slug: str) -> str | None:
        """Return the symbol that a metric name's first part means; of a group, its first two."""
        return _by_slug(self).get(slug)

    def with_instruments(self, others: Iterable[Instrument]) -> Cast:
        """Return this cast with others added or put in place of the same symbol.

        One whose slug another has already goes by that of its symbol.
        """
        found: dict[str, Instrument] = {}
        taken = dict.fromkeys(_OF_THE_MARKET, "")
        for symbol, given in {**self.by_symbol, **{i.symbol: i for i in others}}.items():
            slug = given.slug if given.slug not in taken else _free(slug_of(symbol), taken)
            found[symbol] = given if slug == given.slug else replace(given, slug=slug)
            taken[slug] = symbol
        return Cast(found)


@lru_cache(maxsize=4096)
def _made_up(cast: Cast, symbol: str) -> Instrument:
    """The stock RUT must not be taken for the cast's "rut", which is ^RUT."""
    slug = _free(slug_of(symbol), _by_slug(cast))
    if _VOLATILITY_FUTURE.fullmatch(symbol):
        return Instrument(
            symbol=symbol,
            slug=slug,
            role=Role.VOLATILITY_FUTURE,
            sources=("cboe",),
            cboe=symbol.replace("^", "_"),
        )
    role = Role.RATE_FUTURE if _RATE_FUTURE.fullmatch(symbol) else Role.WATCHED
    return Instrument(symbol=symbol, slug=slug, role=role)


@lru_cache(maxsize=8)
def _by_slug(cast: Cast) -> Mapping[str, str | None]:
    """Symbols by slug; what is of the whole market is of none."""
    return dict.fromkeys(_OF_THE_MARKET) | {i.slug: i.symbol for i in cast.by_symbol.values()}


def _free(slug: str, taken: Container[str]) -> str:
    """Return a slug that nobody has; one with a lone `~` at its end is spelt by no symbol."""
    tried = accumulate(repeat("~"), initial=slug)
    return next(each for each in tried if each not in taken)


class _CastFile(msgspec.Struct, frozen=True):
    instrument: tuple[Instrument, ...]


@cache
def default_cast() -> Cast:
    """Return the cast that captop ships."""
    return Cast({i.symbol: i for i in shipped(_CAST_FILE, _CastFile).instrument})


_CAST_FILE = Path(__file__).with_name("cast.toml")

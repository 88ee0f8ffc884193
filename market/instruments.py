"""The cast: index, trackers, sectors, themes and the volatility family, read from `cast.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path

import msgspec

INDEX = "^RUT"
TRACKER = "IWM"
FUTURE = "RTY=F"
BENCHMARK = "^GSPC"
VIX = "^VIX"
RVX = "^RVX"
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
    WATCHED = "watched"
    """Known only because somebody watches it or looked at it."""


class Instrument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One instrument of the cast."""

    symbol: str
    """As Yahoo spells it: ^RUT, RTY=F, BRK-B."""
    slug: str = ""
    """How metric names spell it; by default the symbol in small letters."""
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
            msgspec.structs.force_setattr(self, "slug", slug_of(self.symbol))
        if not self.group:
            msgspec.structs.force_setattr(self, "group", self.symbol)


def slug_of(symbol: str) -> str:
    """Return how metric names spell a symbol: `BRK-B` -> `brk-b`, `^TNX` -> `tnx`."""
    return "".join(c for c in symbol.lower() if c.isalnum() or c == "-")


class Cast(msgspec.Struct, frozen=True, eq=False):
    """All instruments by symbol, in the order of the file; unknown symbols are `WATCHED`."""

    by_symbol: Mapping[str, Instrument]

    def __getitem__(self, symbol: str) -> Instrument:
        """Return the instrument, made up for a symbol that only the watchlist knows."""
        return self.by_symbol.get(symbol) or self._made_up(symbol)

    def _made_up(self, symbol: str) -> Instrument:
        """Yahoo's ^SPX must not be taken for the cast's "spx", which is ^GSPC."""
        instrument = Instrument(symbol=symbol)
        if self.symbol_of(instrument.slug) is None:
            return instrument
        return Instrument(symbol=symbol, slug=f"{instrument.slug}-2")

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
        """Return the symbol that a metric name's first part means."""
        return next((i.symbol for i in self.by_symbol.values() if i.slug == slug), None)

    def with_instruments(self, others: Iterable[Instrument]) -> Cast:
        """Return this cast with others added or put in place of the same symbol."""
        return Cast({**self.by_symbol, **{i.symbol: i for i in others}})


@cache
def default_cast() -> Cast:
    """Return the cast that captop ships."""
    rows = tomllib.loads(_CAST_FILE.read_text(encoding="utf-8"))["instrument"]
    instruments = msgspec.convert(rows, tuple[Instrument, ...])
    return Cast({i.symbol: i for i in instruments})


_CAST_FILE = Path(__file__).with_name("cast.toml")

"""Sectors and sub-sectors: which sub-sector a member belongs to, by its sector and industry."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from market.shipped import shipped

UNMAPPED = ""
"""The sub-sector of a member whose industry is listed nowhere in its sector."""


class SubSector(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of `subsectors.toml`."""

    name: str
    sector: str
    """GICS sector."""
    industries: tuple[str, ...]
    """The whole-market screener's words."""
    members: tuple[str, ...] = ()
    """Symbols of members of the sector that stand here whatever their industry."""


class Taxonomy(msgspec.Struct, frozen=True, eq=False):
    """All sub-sectors, in the order of the file."""

    subsectors: tuple[SubSector, ...]
    by_industry: Mapping[tuple[str, str], str]
    """(sector, industry in small letters) -> name of the sub-sector."""
    by_member: Mapping[tuple[str, str], str]
    """(sector, symbol) -> name of the sub-sector."""

    def subsector_of(self, sector: str, industry: str, symbol: str = "") -> str:
        """Return the name of a member's sub-sector, UNMAPPED if its industry is not listed.

        A symbol counts within its sector only: in another one it is another company's by now.
        """
        by_industry = self.by_industry.get((sector, industry.strip().casefold()), UNMAPPED)
        return self.by_member.get((sector, symbol), by_industry)

    @property
    def sectors(self) -> tuple[str, ...]:
        """The GICS sectors."""
        return tuple(dict.fromkeys(s.sector for s in self.subsectors))


class _File(msgspec.Struct, frozen=True):
    subsector: tuple[SubSector, ...]


@cache
def default_taxonomy() -> Taxonomy:
    """Return the sub-sectors that captop ships."""
    subsectors = shipped(_FILE, _File).subsector
    by_industry = {
        (s.sector, industry.casefold()): s.name for s in subsectors for industry in s.industries
    }
    by_member = {(s.sector, symbol): s.name for s in subsectors for symbol in s.members}
    return Taxonomy(subsectors, by_industry, by_member)


_FILE = Path(__file__).with_name("subsectors.toml")

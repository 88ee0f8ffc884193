"""The groups of members: GICS sectors, captop's sub-sectors, thematic baskets."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping

from market.baskets import Basket, MemberRule
from market.census import Group, GroupKind, Members
from market.holdings import Holdings
from market.taxonomy import default_taxonomy


def groups_of(
    members: Members, baskets: Iterable[Basket], funds: Mapping[str, Holdings]
) -> tuple[Group, ...]:
    """Return the groups that have members, sectors first, then sub-sectors, then baskets."""
    taxonomy = default_taxonomy()
    sectors = dict.fromkeys((*taxonomy.sectors, *members.sectors))
    found = [
        *(_sector(name, _rows_where(members.sectors, name)) for name in sectors if name),
        *(
            _subsector(each.name, each.sector, _rows_where(members.subsectors, each.name))
            for each in taxonomy.subsectors
        ),
        *(_basket(basket, _picked(members, basket.members, funds)) for basket in baskets),
    ]
    return tuple(group for group in found if len(group.rows))


def slug_of_name(name: str) -> str:
    """Return how metric names spell a group: `Semis & Hardware` -> `semis-hardware`."""
    words = "".join(c if c.isalnum() else " " for c in name.casefold()).split()
    return "-".join(words)


def missing_funds(basket: Basket, funds: Mapping[str, Holdings]) -> tuple[str, ...]:
    """Return the funds of a basket's rule whose holdings are not known yet."""
    return tuple(fund for fund in basket.members.funds if fund not in funds)


def _sector(name: str, rows: array[int]) -> Group:
    slug = slug_of_name(name)
    return Group(
        symbol=f"@sector:{slug}",
        slug=f"sector.{slug}",
        name=name,
        kind=GroupKind.SECTOR,
        sector=name,
        rows=rows,
    )


def _subsector(name: str, sector: str, rows: array[int]) -> Group:
    slug = slug_of_name(name)
    return Group(
        symbol=f"@{slug}",
        slug=f"subsector.{slug}",
        name=name,
        kind=GroupKind.SUBSECTOR,
        sector=sector,
        rows=rows,
    )


def _basket(basket: Basket, rows: array[int]) -> Group:
    return Group(
        symbol=f"@basket:{basket.slug}",
        slug=f"basket.{basket.slug}",
        name=basket.name,
        kind=GroupKind.BASKET,
        sector="",
        rows=rows,
        proxies=basket.proxies,
        rule=basket.rule,
        as_of=basket.as_of,
    )


def _rows_where(words: Iterable[str], wanted: str) -> array[int]:
    return array("q", (row for row, word in enumerate(words) if word == wanted))


def _picked(members: Members, rule: MemberRule, funds: Mapping[str, Holdings]) -> array[int]:
    held = {s for fund in rule.funds if fund in funds for s in funds[fund].symbols}
    return array("q", _fitting(members, rule, held))


def _fitting(members: Members, rule: MemberRule, held: Collection[str]) -> Iterator[int]:
    industries = {word.casefold() for word in rule.industries}
    for row, symbol in enumerate(members.symbols):
        fits = rule.is_open and all(
            (
                not rule.funds or symbol in held,
                not rule.sectors or members.sectors[row] in rule.sectors,
                not rule.industries or members.industries[row].casefold() in industries,
                not rule.subsectors or members.subsectors[row] in rule.subsectors,
            )
        )
        if (fits or symbol in rule.symbols) and symbol not in rule.but:
            yield row

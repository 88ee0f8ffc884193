"""The groups of members: GICS sectors, captop's sub-sectors, thematic baskets."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from market.baskets import Basket, MemberRule, basket_symbol
from market.census import Group, GroupKind, Members, heaviest_first
from market.holdings import Holdings
from market.taxonomy import default_taxonomy

_NAMED = 3
"""Symbols of a basket that are no members and are named."""
_NOBODY: array[int] = array("q")


def groups_of(
    members: Members, baskets: Iterable[Basket], funds: Mapping[str, Holdings]
) -> tuple[Group, ...]:
    """Return the groups that have members, sectors first, then sub-sectors, then baskets."""
    taxonomy, order = default_taxonomy(), heaviest_first(members)
    sectors = dict.fromkeys((*taxonomy.sectors, *members.sectors))
    in_sector, in_subsector = _places(members.sectors, order), _places(members.subsectors, order)
    found = [
        *(_sector(name, in_sector.get(name, _NOBODY)) for name in sectors if name),
        *(
            _subsector(each.name, each.sector, in_subsector.get(each.name, _NOBODY))
            for each in taxonomy.subsectors
        ),
        *(_basket(basket, members, order, funds) for basket in baskets),
    ]
    return tuple(group for group in found if len(group.rows))


def slug_of_name(name: str) -> str:
    """Return how metric names spell a group: `Semis & Hardware` -> `semis-hardware`."""
    words = "".join(c if c.isalnum() else " " for c in name.casefold()).split()
    return "-".join(words)


def missing_funds(basket: Basket, funds: Mapping[str, Holdings]) -> tuple[str, ...]:
    """Return the funds of a basket's rule whose holdings are not known yet."""
    return tuple(fund for fund in basket.members.funds if fund not in funds)


def what_is_missing(basket: Basket, funds: Mapping[str, Holdings], members: Collection[str]) -> str:
    """Return which part of a basket's rule picks nobody yet, for a person; empty if it is whole.

    Args:
        basket: The basket.
        funds: Holdings known, by fund.
        members: The symbols of the index's members.
    """
    rule, words = basket.members, list[str]()
    if missing := missing_funds(basket, funds):
        known = len(rule.funds) - len(missing)
        words.append(f"{known} of {len(rule.funds)} funds known, without {', '.join(missing)}")
    if strangers := [symbol for symbol in rule.symbols if symbol not in members]:
        count = len(rule.symbols)
        named = f"{count - len(strangers)} of {count} symbols named are members"
        words.append(f"{named}, without {_first_of(strangers)}")
    return "; ".join(words)


def _first_of(symbols: Sequence[str]) -> str:
    """Return `NOSUCH, GONE, LEFT and 4 more`."""
    more = len(symbols) - _NAMED
    return ", ".join(symbols[:_NAMED]) + (f" and {more} more" if more > 0 else "")


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


def _basket(
    basket: Basket, members: Members, order: array[int], funds: Mapping[str, Holdings]
) -> Group:
    return Group(
        symbol=basket_symbol(basket.slug),
        slug=f"basket.{basket.slug}",
        name=basket.name,
        kind=GroupKind.BASKET,
        sector="",
        rows=_picked(members, order, _rule_of(basket, funds), funds),
        proxies=basket.proxies,
        rule=_told_rule(basket, funds),
        as_of=basket.as_of,
        note=what_is_missing(basket, funds, frozenset(members.symbols)),
    )


def _rule_of(basket: Basket, funds: Mapping[str, Holdings]) -> MemberRule:
    """The rule that picks members now."""
    meanwhile = basket.meanwhile if missing_funds(basket, funds) else None
    return basket.members if meanwhile is None else meanwhile


def _told_rule(basket: Basket, funds: Mapping[str, Holdings]) -> str:
    """A basket's rule in words, and of which day the funds' holdings are that it picks by."""
    days = (f"{f} {funds[f].day.isoformat()}" for f in basket.members.funds if f in funds)
    waiting = (f"{fund} not known yet" for fund in missing_funds(basket, funds))
    told = ", ".join((*days, *waiting))
    return f"{basket.rule}; holdings: {told}" if told else basket.rule


def _places(words: Sequence[str], order: Iterable[int]) -> dict[str, array[int]]:
    """The rows that each word stands in, in an order of rows."""
    found: dict[str, array[int]] = {}
    for row in order:
        found.setdefault(words[row], array("q")).append(row)
    return found


def _picked(
    members: Members, order: array[int], rule: MemberRule, funds: Mapping[str, Holdings]
) -> array[int]:
    held = {s for fund in rule.funds if fund in funds for s in funds[fund].symbols}
    fitting = frozenset(_fitting(members, rule, held))
    return array("q", (row for row in order if row in fitting))


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

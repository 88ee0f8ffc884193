"""What is wrong with baskets: names that there are none of, and rules that no member fits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

from market.baskets import Basket, MemberRule, baskets_in
from market.census import GroupKind
from market.metrics.groups import what_is_missing
from market.snapshot import Snapshot
from market.taxonomy import default_taxonomy

_LONGEST = 60
"""Characters of a wrong name that are quoted."""


def checked_baskets(folders: Iterable[Path]) -> tuple[tuple[Basket, ...], tuple[str, ...]]:
    """Return the baskets of several folders, and a sentence for each thing wrong with a file.

    A file that is no basket is skipped; a basket that names what there is none of is kept.
    """
    return baskets_in(folders, unknown_names)


def unknown_names(basket: Basket) -> Iterator[str]:
    """Yield half a sentence for each sector, sub-sector and industry that there is none of.

    The rule holds all the same: an industry may be one that captop lists in no sub-sector.
    """
    for rule in filter(None, (basket.members, basket.meanwhile)):
        yield from _unknown_in(rule)


def _unknown_in(rule: MemberRule) -> Iterator[str]:
    taxonomy = default_taxonomy()
    industries = {word for each in taxonomy.subsectors for word in each.industries}
    folded = {word.casefold() for word in industries}
    yield from _unknown("sector", rule.sectors, taxonomy.sectors)
    yield from _unknown("sub-sector", rule.subsectors, [each.name for each in taxonomy.subsectors])
    strange = [word for word in rule.industries if word.casefold() not in folded]
    yield from _unknown("industry", strange, sorted(industries))


def _unknown(what: str, written: Iterable[str], known: Sequence[str]) -> Iterator[str]:
    for name in written:
        if name not in known:
            shown, nearest = name[:_LONGEST], _nearest(name, known)
            yield f'there is no {what} "{shown}", the nearest is "{nearest}"'


def _nearest(name: str, known: Sequence[str]) -> str:
    by_letters = {each.casefold(): each for each in known}
    return by_letters[get_close_matches(name.casefold(), by_letters, n=1, cutoff=0.0)[0]]


def empty_baskets(snapshot: Snapshot) -> tuple[tuple[Basket, str], ...]:
    """Return the baskets without a member, and why in a sentence; none before there are members."""
    census = snapshot.census
    if census is None:
        return ()
    filled = {group.slug for group in census.groups if group.kind is GroupKind.BASKET}
    empty = [each for each in snapshot.baskets if f"basket.{each.slug}" not in filled]
    members = frozenset(census.members.symbols)
    return tuple((each, _why(each, snapshot, members)) for each in empty)


def _why(basket: Basket, snapshot: Snapshot, members: frozenset[str]) -> str:
    missing = what_is_missing(basket, snapshot.holdings, members)
    beside = f" ({missing})" if missing else ""
    return f"0 of {len(members):,} members fit the rule{beside}"

"""Which metrics there are: of the cast, and of the groups that a census will bring."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from market.baskets import Basket
from market.instruments import Cast, Instrument, Role
from market.metrics.catalogue import METRICS
from market.metrics.compute import metric_named, metric_names
from market.metrics.groups import slug_of_name
from market.rules.rows import OWN
from market.rules.written import Writing
from market.taxonomy import default_taxonomy


def with_possible_groups(cast: Cast, baskets: Iterable[Basket]) -> Cast:
    """Return the cast with every sector, sub-sector and basket, with members or without."""
    groups = {each.symbol: each for each in _groups(baskets)}
    return Cast({**groups, **cast.by_symbol})


def rule_writing(cast: Cast, baskets: Iterable[Basket], states: Collection[str] = ()) -> Writing:
    """Return what reads rules about these instruments and groups.

    Args:
        cast: The instruments.
        baskets: Groups of members beside sectors and sub-sectors.
        states: Further names that rules may speak of (`market/named_states.py`).
    """
    known = with_possible_groups(cast, baskets)
    return Writing(
        lambda name: name in states or metric_named(name, known) is not None,
        lambda: (*states, *metric_names(known)),
    )


def mark_writing(cast: Cast, baskets: Iterable[Basket], states: Collection[str] = ()) -> Writing:
    """Return what reads rules that mark rows, whose own numbers are named `{slug}.last`.

    Args:
        cast: The instruments.
        baskets: Groups of members beside sectors and sub-sectors.
        states: Further names that rules may speak of.
    """
    own = [metric.name for metric in METRICS if metric.name.startswith(OWN)]
    return rule_writing(cast, baskets, (*states, *own))


def _groups(baskets: Iterable[Basket]) -> Iterator[Instrument]:
    taxonomy = default_taxonomy()
    for name in taxonomy.sectors:
        slug = slug_of_name(name)
        yield _group(f"@sector:{slug}", f"sector.{slug}", name)
    for each in taxonomy.subsectors:
        slug = slug_of_name(each.name)
        yield _group(f"@{slug}", f"subsector.{slug}", each.name)
    for basket in baskets:
        yield _group(f"@basket:{basket.slug}", f"basket.{basket.slug}", basket.name)


def _group(symbol: str, slug: str, name: str) -> Instrument:
    return Instrument(symbol=symbol, slug=slug, name=name, group=name, role=Role.GROUP, sources=())

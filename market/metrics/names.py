"""Which metrics there are: of the cast, and of the groups that a census will bring."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TypeAlias

from market.baskets import Basket, basket_symbol
from market.instruments import Cast, Instrument, Role
from market.metrics.catalogue import METRICS
from market.metrics.compute import metric_named, metric_names
from market.metrics.groups import slug_of_name
from market.metrics.metric import Metric, Unit
from market.rules.rows import OWN
from market.rules.rule import FEED, THESIS
from market.rules.written import Kind, Writing
from market.taxonomy import default_taxonomy

States: TypeAlias = Mapping[str, tuple[str, ...]]
"""Names of states, each with the words that it can be."""
NO_STATES: States = MappingProxyType({})


def with_possible_groups(cast: Cast, baskets: Iterable[Basket]) -> Cast:
    """Return the cast with every sector, sub-sector and basket, with members or without."""
    groups = {each.symbol: each for each in _groups(baskets)}
    return Cast({**groups, **cast.by_symbol})


def rule_writing(cast: Cast, baskets: Iterable[Basket], states: States = NO_STATES) -> Writing:
    """Return what reads rules about these instruments and groups.

    Args:
        cast: The instruments.
        baskets: Groups of members beside sectors and sub-sectors.
        states: Further names that rules may speak of (`market/named_states.py`).
    """
    return _writing(cast, baskets, {name: Kind(True, words) for name, words in states.items()})


def story_writing(cast: Cast, baskets: Iterable[Basket]) -> Writing:
    """Return what reads rules of stories, which cannot speak of states."""
    forgetful = "a line of a story is judged by each close alone"
    return _writing(cast, baskets, {}, forgetful, _state_in_story)


def _state_in_story(name: str) -> str:
    is_state = name.partition(".")[0] in {THESIS, FEED}
    return "states of lines and feeds are for alerts and marks, not for stories" if is_state else ""


def mark_writing(cast: Cast, baskets: Iterable[Basket], states: States = NO_STATES) -> Writing:
    """Return what reads rules that mark rows, whose own numbers are named `{slug}.last`.

    Args:
        cast: The instruments.
        baskets: Groups of members beside sectors and sub-sectors.
        states: Further names that rules may speak of.
    """
    told = {name: Kind(True, words) for name, words in states.items()}
    own = {metric.name: _kind(metric) for metric in METRICS if metric.name.startswith(OWN)}
    return _writing(cast, baskets, {**told, **own}, "a mark is judged by the present alone")


def _writing(
    cast: Cast,
    baskets: Iterable[Basket],
    further: Mapping[str, Kind],
    forgetful: str = "",
    unfit: Callable[[str], str] = lambda _: "",
) -> Writing:
    known = with_possible_groups(cast, baskets)

    def kind_of(name: str) -> Kind | None:
        if name in further:
            return further[name]
        found = metric_named(name, known)
        return None if found is None else _kind(found[0])

    def names() -> Iterable[str]:
        return (*further, *metric_names(known))

    return Writing(kind_of, names, forgetful=forgetful, unfit=unfit)


def _kind(metric: Metric) -> Kind:
    return Kind(metric.unit is Unit.WORD, metric.words)


def _groups(baskets: Iterable[Basket]) -> Iterator[Instrument]:
    taxonomy = default_taxonomy()
    for name in taxonomy.sectors:
        slug = slug_of_name(name)
        yield _group(f"@sector:{slug}", f"sector.{slug}", name)
    for each in taxonomy.subsectors:
        slug = slug_of_name(each.name)
        yield _group(f"@{slug}", f"subsector.{slug}", each.name)
    for basket in baskets:
        yield _group(basket_symbol(basket.slug), f"basket.{basket.slug}", basket.name)


def _group(symbol: str, slug: str, name: str) -> Instrument:
    return Instrument(symbol=symbol, slug=slug, name=name, group=name, role=Role.GROUP, sources=())

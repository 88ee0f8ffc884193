"""Which data named metrics are made of: what stories, alerts and programs ask for by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from market.baskets import basket_symbol
from market.holdings import WHOLE_MARKET
from market.instruments import TRACKER, Instrument
from market.interest import INDEX_KEYS, basket_funds, is_group, overview_keys, watch_keys
from market.interest_rooms import (
    calendar_keys,
    day_curve_keys,
    mark_keys,
    option_keys,
    policy_line_keys,
    release_keys,
    reported_keys,
    today_keys,
    week_keys,
)
from market.metrics.compute import metric_named
from market.metrics.metric import Cadence, Metric
from market.quotes import Key, Kind
from market.sessions import exchange_date
from market.snapshot import Snapshot


def metric_keys(names: Iterable[str], snapshot: Snapshot) -> frozenset[Key]:
    """Return the data that metrics are made of; names that there are none of ask for nothing."""
    return frozenset[Key]().union(*keys_by_metric(names, snapshot).values())


def metric_keys_at_once(names: Iterable[str], snapshot: Snapshot) -> frozenset[Key]:
    """Return the data that metrics are made of, for who asks once: no day waits for its turn."""
    asked = tuple(names)
    keys = metric_keys(asked, snapshot)
    is_of_reports = any(name.startswith(_REPORTS) for name in asked)
    return keys | reported_keys(snapshot) if is_of_reports else keys


def keys_by_metric(names: Iterable[str], snapshot: Snapshot) -> Mapping[str, frozenset[Key]]:
    """Return the data of each metric by its name."""
    shown = overview_keys(snapshot.cast)
    return {name: frozenset(_keys_of(name, snapshot, shown)) for name in names}


def _keys_of(name: str, snapshot: Snapshot, shown: frozenset[Key]) -> Iterable[Key]:
    found = metric_named(name, snapshot.cast)
    if found is None:
        return ()
    metric, instrument = found
    for family, keys_on in _CONTRACTS.items():
        if name.startswith(family):
            return keys_on(exchange_date(snapshot.now))
    if metric.cadence is Cadence.CHAIN:
        return option_keys()
    if metric.cadence is Cadence.CALENDAR:
        return _of_the_calendar(name, snapshot)
    kind = _DOCUMENTS.get(metric.cadence)
    if kind is not None:
        return (Key(kind, symbol) for symbol in (instrument.symbol, *metric.symbols))
    return _prices(metric, instrument, snapshot, shown)


_CONTRACTS: Mapping[str, Callable[[date], frozenset[Key]]] = {
    "policy.": policy_line_keys,
    "vix.futures.": mark_keys,
}
"""Families of metrics that are made of the contracts which are near on a day."""
_REPORTS = "calendar.beat_rate"
"""Metrics of a month of reports."""
_DOCUMENTS = {Cadence.PUBLISHED: Kind.PUBLISHED, Cadence.FUND: Kind.FUND}


def _of_the_calendar(name: str, snapshot: Snapshot) -> Iterable[Key]:
    if name.startswith("calendar.next"):
        return release_keys(snapshot)
    if name == "calendar.earnings.today":
        return today_keys(snapshot) | _MEMBERS
    if name.startswith("calendar.earnings"):
        return week_keys(exchange_date(snapshot.now)) | _MEMBERS
    return calendar_keys(snapshot) | _MEMBERS


_MEMBERS = frozenset({Key(Kind.HOLDINGS, TRACKER), Key(Kind.LISTINGS, WHOLE_MARKET)})
"""Who is in the index, and how the companies are spelled."""


def _prices(
    metric: Metric, instrument: Instrument, snapshot: Snapshot, shown: frozenset[Key]
) -> Iterator[Key]:
    """What prices are made of; of the cast the overview asks for them already."""
    if metric.of_members or is_group(instrument.symbol):
        yield from INDEX_KEYS
        own = (each for each in snapshot.baskets if basket_symbol(each.slug) == instrument.symbol)
        yield from (Key(Kind.HOLDINGS, fund) for fund in basket_funds(own))
    if metric.name.endswith("relative_volume"):
        yield from day_curve_keys(snapshot)
    symbols = {instrument.symbol, *metric.symbols} - {WHOLE_MARKET}
    if WHOLE_MARKET in metric.symbols:
        yield Key(Kind.HALTS, WHOLE_MARKET)
    yield from (key for key in shown if key.symbol in symbols)
    yield from watch_keys(symbols - set(snapshot.cast.by_symbol), snapshot.cast)

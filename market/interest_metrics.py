"""Which data named metrics are made of: what stories, alerts and programs ask for by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from market.instruments import Instrument
from market.interest import INDEX_KEYS, is_group, overview_keys, watch_keys
from market.interest_rooms import (
    calendar_keys,
    option_keys,
    policy_line_keys,
    release_keys,
)
from market.metrics.compute import metric_named
from market.metrics.metric import Cadence, Metric
from market.quotes import Key, Kind
from market.sessions import exchange_date
from market.snapshot import Snapshot


def metric_keys(names: Iterable[str], snapshot: Snapshot) -> frozenset[Key]:
    """Return the data that metrics are made of; names that there are none of ask for nothing."""
    shown = overview_keys(snapshot.cast)
    return frozenset(key for name in names for key in _keys_of(name, snapshot, shown))


def _keys_of(name: str, snapshot: Snapshot, shown: frozenset[Key]) -> Iterable[Key]:
    found = metric_named(name, snapshot.cast)
    if found is None:
        return ()
    metric, instrument = found
    if name.startswith("policy."):
        return policy_line_keys(exchange_date(snapshot.now))
    if metric.cadence is Cadence.CHAIN:
        return option_keys()
    if metric.cadence is Cadence.CALENDAR:
        return _of_the_calendar(name, snapshot)
    kind = _DOCUMENTS.get(metric.cadence)
    if kind is not None:
        return (Key(kind, symbol) for symbol in (instrument.symbol, *metric.symbols))
    return _prices(metric, instrument, snapshot, shown)


_DOCUMENTS = {Cadence.PUBLISHED: Kind.PUBLISHED, Cadence.FUND: Kind.FUND}


def _of_the_calendar(name: str, snapshot: Snapshot) -> Iterable[Key]:
    return release_keys(snapshot) if name.startswith("calendar.next") else calendar_keys(snapshot)


def _prices(
    metric: Metric, instrument: Instrument, snapshot: Snapshot, shown: frozenset[Key]
) -> Iterator[Key]:
    """What prices are made of; of the cast the overview asks for them already."""
    if metric.of_members or is_group(instrument.symbol):
        yield from INDEX_KEYS
    symbols = {instrument.symbol, *metric.symbols}
    yield from (key for key in shown if key.symbol in symbols)
    yield from watch_keys(symbols - set(snapshot.cast.by_symbol), snapshot.cast)

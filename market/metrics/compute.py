"""From a snapshot to the readings of all named metrics."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

from market.instruments import Cast, Instrument, default_cast
from market.metrics.catalogue import METRICS
from market.metrics.metric import Metric
from market.reports import Reading
from market.snapshot import Snapshot


def compute(snapshot: Snapshot, symbols: Collection[str] | None = None) -> dict[str, Reading]:
    """Return the readings of all metrics, or of those that read one of `symbols`.

    Never raises for any data: what cannot be known is absent with its reason.
    """
    import numpy as np

    with np.errstate(all="ignore"):  # what makes no sense comes out as no number, and is said so
        return dict(_readings(snapshot, symbols))


def _readings(snapshot: Snapshot, symbols: Collection[str] | None) -> Iterator[tuple[str, Reading]]:
    """The families are loaded when something is worked out, not to draw what is known."""
    from market.metrics.readings import read
    from market.metrics.registry import FUNCTIONS
    from market.metrics.subject import Subject

    changed = frozenset(symbols) if symbols is not None else None
    peers: dict[str, Subject] = {}
    for instrument in known_instruments(snapshot.cast, known_symbols(snapshot)):
        subject = peers.setdefault(instrument.symbol, Subject(snapshot, instrument, peers))
        for name, metric, reads in _lines_of(instrument):
            if changed is None or not changed.isdisjoint(reads):
                yield name, read(FUNCTIONS[metric.name], subject)


@lru_cache(maxsize=4096)
def _lines_of(instrument: Instrument) -> tuple[tuple[str, Metric, frozenset[str]], ...]:
    """An instrument's metrics: their names, what they are, and which symbols they read."""
    return tuple(
        (metric.name_for(instrument), metric, frozenset((instrument.symbol, *metric.symbols)))
        for metric in METRICS
        if metric.exists_for(instrument)
    )


def known_symbols(snapshot: Snapshot) -> list[str]:
    """Return every symbol the snapshot has something to say about, in alphabetical order."""
    asked = (
        {key.symbol for key in keys}
        for keys in (snapshot.bars, snapshot.fetched, snapshot.troubles, snapshot.absences)
    )
    return sorted({*snapshot.quotes, *snapshot.details}.union(*asked))


def known_instruments(cast: Cast, symbols: Iterable[str]) -> list[Instrument]:
    """Return the cast and then the instruments of further symbols; a slug means only one."""
    by_slug = {i.slug: i for i in cast.by_symbol.values()}
    for symbol in symbols:
        if symbol not in cast.by_symbol:
            instrument = cast[symbol]
            by_slug.setdefault(instrument.slug, instrument)
    return list(by_slug.values())


def metric_names(cast: Cast, symbols: Iterable[str] = ()) -> list[str]:
    """Return the names of all metrics of the cast and of further symbols."""
    instruments = known_instruments(cast, symbols)
    return [name for instrument in instruments for name, _metric, _reads in _lines_of(instrument)]


def metric_named(
    name: str, cast: Cast, symbols: Iterable[str] = ()
) -> tuple[Metric, Instrument] | None:
    """Return the metric of a name with its own unit and cadence, and whose it is.

    A name outside the cast is looked for among `symbols`; failing that its first part is
    taken for a plain symbol. None if no metric is called so.
    """
    found = _in_cast(name, cast)
    if found is not None:
        return found
    slug, _, rest = name.partition(".")
    line = _templates().get(rest)
    if line is None or not slug or any(i.slug == slug for i in cast.by_symbol.values()):
        return None
    symbol = next((s for s in symbols if cast[s].slug == slug), slug.upper())
    instrument = cast[symbol]
    return (line.of(instrument), instrument) if line.exists_for(instrument) else None


@lru_cache(maxsize=4096)
def _in_cast(name: str, cast: Cast) -> tuple[Metric, Instrument] | None:
    for line in METRICS:
        if line.only and line.name == name:
            instrument = cast[line.only]
            return line.of(instrument), instrument
    slug, _, rest = name.partition(".")
    symbol = cast.symbol_of(slug)
    line = _templates().get(rest)
    if symbol is None or line is None or not line.exists_for(cast[symbol]):
        return None
    return line.of(cast[symbol]), cast[symbol]


@lru_cache(maxsize=1)
def _templates() -> dict[str, Metric]:
    return {m.name.removeprefix("{slug}."): m for m in METRICS if m.name.startswith("{slug}.")}


def nearest_metric(name: str, cast: Cast | None = None, symbols: Iterable[str] = ()) -> str | None:
    """Return the metric name most like one that does not exist, or None if none is like it."""
    from difflib import get_close_matches

    names = metric_names(cast or default_cast(), symbols)
    return next(iter(get_close_matches(name.lower(), names, n=1)), None)

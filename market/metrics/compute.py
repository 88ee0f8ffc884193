"""From a snapshot to the readings of all named metrics."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TypeAlias

from market.instruments import Cast, Instrument, symbol_spelt
from market.metrics.catalogue import METRICS
from market.metrics.metric import Metric
from market.quotes import ARCHIVED, Phase
from market.reports import Reading
from market.snapshot import Snapshot

_Line: TypeAlias = tuple[str, Metric, frozenset[str]]
"""A metric of an instrument: its name, what it is, and which symbols it reads."""

WITH_A_TICK = frozenset(
    f"{{slug}}.{line}"
    for line in (
        "last", "change", "high", "low", "return.1d", "relative.1d", "index.contribution.1d",
        "extended.last", "extended.return", "extended.phase",
    )
)  # fmt: skip
"""Lines of METRICS that an instrument's tick moves visibly, or that would contradict it."""
_IN_HOURS = frozenset(line for line in WITH_A_TICK if ".extended." not in line)
"""Those of them that a tick in regular hours moves: no print outside them comes then."""
_READ_BY_MANY = frozenset(
    symbol
    for metric in METRICS
    if not metric.only and not metric.among
    for symbol in metric.symbols
)
"""The symbols that metrics of other instruments read, whichever those are."""


def compute(
    snapshot: Snapshot, symbols: Collection[str] | None = None, *, of_a_tick: bool = False
) -> dict[str, Reading]:
    """Return the readings of all metrics, or of those that read one of `symbols`.

    Never raises for any data: what cannot be known is absent with its reason.

    Args:
        snapshot: What is known.
        symbols: Of which there is news; None for all.
        of_a_tick: Whether only `WITH_A_TICK` is asked for, of nobody but `symbols`.
    """
    import numpy as np

    with np.errstate(all="ignore"):  # what makes no sense comes out as no number, and is said so
        return dict(_readings(snapshot, symbols, of_a_tick=of_a_tick))


def returns_of(snapshot: Snapshot, symbol: str) -> dict[str, Reading]:
    """Return the readings of one instrument's own returns, by metric name."""
    import numpy as np

    from market.metrics.readings import read
    from market.metrics.registry import FUNCTIONS
    from market.metrics.subject import Subject

    instrument = snapshot.cast[symbol]
    subject = Subject(snapshot, instrument, {})
    with np.errstate(all="ignore"):
        return {
            name: read(FUNCTIONS[metric.name], subject)
            for name, metric, _ in _lines_of(instrument)
            if metric.name.startswith("{slug}.return.")
        }


def readings_named(snapshot: Snapshot, names: Iterable[str]) -> dict[str, Reading]:
    """Return the readings of some metrics; names that there are none of are left out."""
    import numpy as np

    from market.metrics.readings import read
    from market.metrics.registry import FUNCTIONS
    from market.metrics.subject import Subject

    peers: dict[str, Subject] = {}
    found: dict[str, Reading] = {}
    with np.errstate(all="ignore"):
        for name in names:
            if (told := metric_named(name, snapshot.cast)) is None:
                continue
            instrument = told[1]
            subject = peers.setdefault(instrument.symbol, Subject(snapshot, instrument, peers))
            line = next(m for n, m, _ in _lines_of(instrument) if n == name)
            found[name] = read(FUNCTIONS[line.name], subject)
    peers.clear()
    return found


def _readings(
    snapshot: Snapshot, symbols: Collection[str] | None, *, of_a_tick: bool
) -> Iterator[tuple[str, Reading]]:
    """The families are loaded when something is worked out, not to draw what is known."""
    from market.metrics.readings import read
    from market.metrics.registry import FUNCTIONS
    from market.metrics.subject import Subject

    counted: Mapping[str, Reading] = {} if snapshot.census is None else snapshot.census.readings
    peers: dict[str, Subject] = {}
    due = _ticking(snapshot, symbols or ()) if of_a_tick else _due(snapshot, symbols)
    for instrument, lines in due:
        subject = peers.setdefault(instrument.symbol, Subject(snapshot, instrument, peers))
        for name, metric, _ in lines:
            yield name, counted.get(name) or read(FUNCTIONS[metric.name], subject)
    peers.clear()  # they hold one another, and so would the whole picture until a full collection


def _ticking(
    snapshot: Snapshot, symbols: Iterable[str]
) -> Iterator[tuple[Instrument, Iterable[_Line]]]:
    """Yield the instruments that have ticked and those of their metrics that it moves visibly."""
    names = _IN_HOURS if snapshot.session.phase is Phase.REGULAR else WITH_A_TICK
    for instrument in map(snapshot.cast.__getitem__, sorted(symbols)):
        yield instrument, _lines_among(instrument, names)


def _due(
    snapshot: Snapshot, symbols: Collection[str] | None
) -> Iterator[tuple[Instrument, Iterable[_Line]]]:
    """Yield the instruments and those of their metrics that read one of `symbols`."""
    if symbols is None:
        for instrument in known_instruments(snapshot.cast, known_symbols(snapshot)):
            yield instrument, _lines_of(instrument)
        return
    changed = frozenset(symbols)
    is_alone = changed.isdisjoint(_READ_BY_MANY) and changed <= snapshot.quotes.keys()
    others = sorted(changed) if is_alone else known_symbols(snapshot)
    for instrument in known_instruments(snapshot.cast, others):
        if not changed.isdisjoint(_read_for(instrument)):
            lines = _lines_of(instrument)
            if instrument.symbol not in changed:  # which all of them read
                lines = [line for line in lines if not changed.isdisjoint(line[2])]
            yield instrument, lines


@lru_cache(maxsize=4096)
def _lines_of(instrument: Instrument) -> tuple[_Line, ...]:
    """The metrics of an instrument."""
    return tuple(
        (metric.name_for(instrument), metric, frozenset((instrument.symbol, *metric.symbols)))
        for metric in METRICS
        if metric.exists_for(instrument)
    )


@lru_cache(maxsize=4096)
def _lines_among(instrument: Instrument, names: frozenset[str]) -> tuple[_Line, ...]:
    """Those of some names, as METRICS has them."""
    return tuple(line for line in _lines_of(instrument) if line[1].name in names)


@lru_cache(maxsize=4096)
def _read_for(instrument: Instrument) -> frozenset[str]:
    """All symbols that an instrument's metrics read."""
    return frozenset(symbol for _, _, reads in _lines_of(instrument) for symbol in reads)


def known_symbols(snapshot: Snapshot) -> list[str]:
    """Return every symbol the snapshot has something to say about, in alphabetical order."""
    asked = (
        {key.symbol for key in keys if key.kind not in ARCHIVED}
        for keys in (snapshot.bars, snapshot.fetched, snapshot.troubles, snapshot.absences)
    )
    return sorted({*snapshot.quotes, *snapshot.details}.union(*asked))


def known_instruments(cast: Cast, symbols: Iterable[str]) -> list[Instrument]:
    """Return the cast and then the instruments of further symbols, each once."""
    others = dict.fromkeys(symbol for symbol in symbols if symbol not in cast.by_symbol)
    return [*cast.by_symbol.values(), *(cast[symbol] for symbol in others)]


def metric_names(cast: Cast, symbols: Iterable[str] = ()) -> list[str]:
    """Return the names of all metrics of the cast and of further symbols."""
    instruments = known_instruments(cast, symbols)
    return [name for instrument in instruments for name, _metric, _reads in _lines_of(instrument)]


def metric_named(
    name: str, cast: Cast, symbols: Iterable[str] = ()
) -> tuple[Metric, Instrument] | None:
    """Return the metric of a name with its own unit and cadence, and whose it is.

    A name outside the cast is looked for among `symbols`; failing that its first part is
    read as a symbol's own slug. None if no metric is called so.
    """
    if (found := _in_cast(name, cast) or _spelt(name, cast)) is not None:
        return found
    slug, line = _template_of(name, cast)
    if line is None:
        return None
    symbol = next((s for s in symbols if cast[s].slug == slug), None)
    return None if symbol is None else _line_of(line, cast[symbol])


@lru_cache(maxsize=4096)
def _spelt(name: str, cast: Cast) -> tuple[Metric, Instrument] | None:
    """Return the metric of a symbol that its name spells, as far as the cast has none so called."""
    slug, line = _template_of(name, cast)
    symbol = symbol_spelt(slug) or symbol_spelt(slug.removesuffix("~"))
    if line is None or symbol is None or cast[symbol].slug != slug:
        return None
    return _line_of(line, cast[symbol])


def _template_of(name: str, cast: Cast) -> tuple[str, Metric | None]:
    """Return whose metric a name is and which, as far as it is of nobody in the cast."""
    slug, _, rest = name.partition(".")
    is_other = slug and cast.symbol_of(slug) is None
    return slug, _templates().get(rest) if is_other else None


def _line_of(line: Metric, instrument: Instrument) -> tuple[Metric, Instrument] | None:
    return (line.of(instrument), instrument) if line.exists_for(instrument) else None


@lru_cache(maxsize=4096)
def _in_cast(name: str, cast: Cast) -> tuple[Metric, Instrument] | None:
    if (single := _singles().get(name)) is not None:
        instrument = cast[single.only]
        return single.of(instrument), instrument
    first, _, rest = name.partition(".")
    second, _, beyond = rest.partition(".")
    for slug, figure in ((first, rest), (f"{first}.{second}", beyond)):  # `subsector.biotechnology`
        symbol, line = cast.symbol_of(slug), _templates().get(figure)
        if symbol is not None and line is not None and line.exists_for(cast[symbol]):
            return line.of(cast[symbol]), cast[symbol]
    return None


@lru_cache(maxsize=1)
def _singles() -> dict[str, Metric]:
    return {m.name: m for m in METRICS if m.only}


@lru_cache(maxsize=1)
def _templates() -> dict[str, Metric]:
    return {m.name.removeprefix("{slug}."): m for m in METRICS if m.name.startswith("{slug}.")}

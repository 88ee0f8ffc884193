"""Which rules hold of a row, and which named numbers are painted: by one picture alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from market.census import Census
from market.instruments import Instrument
from market.metrics.closes import count_before
from market.metrics.member_figures import member_figure
from market.metrics.subject import session_day
from market.quotes import Kind
from market.rule_values import NamedValues
from market.rules.judging import NEVER_JUDGED, Seen, Standing, judged
from market.rules.rows import OWN, MarkRule, beside_rows
from market.rules.rule import Condition, Test
from market.snapshot import Snapshot
from market.venues import venue_of

Own = Callable[[str], "float | str | None"]
"""A row's own metric by its name without `{slug}.`; None is missing."""
Closes = Callable[[], Sequence[float]]
UNKNOWN = Seen(None, reason="not known of this row")


class RowValues:
    """What rules read of one row."""

    def __init__(self, own: Own, closes: Closes, beside: NamedValues) -> None:
        self._own = own
        self._closes = closes
        self._beside = beside

    def now(self, metric: str) -> Seen:
        """Return the row's own newest value, or that of a metric beside it."""
        if not metric.startswith(OWN):
            return self._beside.now(metric)
        value = self._own(metric[len(OWN) :])
        return UNKNOWN if value is None else Seen(value)

    def closes(self, metric: str, count: int) -> Sequence[float]:
        """Return the row's prices at up to `count` closes before its session, newest last."""
        del metric
        return self._closes()[-count:]


def values_of(snapshot: Snapshot, symbol: str, beside: NamedValues) -> RowValues:
    """Return what rules read of an instrument that has readings of its own."""
    instrument = snapshot.cast[symbol]
    slug = instrument.slug
    return RowValues(
        lambda figure: snapshot.reading(f"{slug}.{figure}").value,
        lambda: _closes_of(snapshot, instrument),
        beside,
    )


class MemberRules:
    """The rules that hold of each member of the index, by its row in the census."""

    def __init__(self, rules: Sequence[MarkRule], snapshot: Snapshot, census: Census) -> None:
        self._rules = rules
        self._census = census
        self._past = snapshot.past
        self._beside = NamedValues(snapshot)

    def of(self, row: int) -> tuple[MarkRule, ...]:
        """Return the rules that hold of a member, in their order."""
        return holding(self._rules, self._values(row))

    def among(self, rows: Iterable[int], begins: str) -> list[bool]:
        """Return of each member whether a rule holds whose id begins so."""
        rules = [rule for rule in self._rules if rule.id.startswith(begins)]
        return [bool(rules) and bool(holding(rules, self._values(row))) for row in rows]

    def _values(self, row: int) -> RowValues:
        census = self._census
        return RowValues(
            lambda figure: member_figure(census, row, figure),
            lambda: self._closes(row),
            self._beside,
        )

    def _closes(self, row: int) -> Sequence[float]:
        members = self._census.members
        bars = self._past.get(members.symbols[row])
        return () if bars is None else bars.close[: count_before(bars, members.day)]


def seen_beside(rules: Iterable[MarkRule], snapshot: Snapshot) -> tuple[Seen, ...]:
    """Return what rules read beside the rows: where that is the same, they hold of the same."""
    beside = NamedValues(snapshot)
    return tuple(beside.now(name) for name in beside_rows(rules))


def _closes_of(snapshot: Snapshot, instrument: Instrument) -> Sequence[float]:
    quote = snapshot.quotes.get(instrument.symbol)
    bars = snapshot.series(instrument.symbol, Kind.DAILY, Kind.CLOSES)
    if quote is None or bars is None:
        return ()
    day = session_day(venue_of(instrument), quote.as_of, bars)
    return bars.close[: count_before(bars, day)]


def holding(rules: Iterable[MarkRule], values: RowValues) -> tuple[MarkRule, ...]:
    """Return the rules that hold of a row, in their order."""
    return tuple(rule for rule in rules if judged(rule.test, NEVER_JUDGED, values).holds)


def colours_of(rules: Iterable[MarkRule], snapshot: Snapshot) -> Mapping[str, str]:
    """Return the colour of each number that a rule about named metrics holds of.

    Of two rules the first counts. A rule's bounds are not painted, nor parts that do not hold.
    """
    beside, found = NamedValues(snapshot), dict[str, str]()
    for rule in rules:
        standing = judged(rule.test, NEVER_JUDGED, beside)
        if standing.holds and rule.colour is not None:
            for name in _held(rule.test, standing):
                found.setdefault(name, str(rule.colour))
    return found


def _held(test: Test, standing: Standing) -> Iterator[str]:
    """Yield the metrics of the conditions that hold."""
    if isinstance(test, Condition):
        if standing.holds:
            yield test.metric
        return
    for part, each in zip(test.parts, standing.parts, strict=True):
        yield from _held(part, each)

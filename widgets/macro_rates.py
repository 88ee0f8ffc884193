"""Rates as a table: policy rates, Treasury yields, spreads, credit, each with its own day."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from textual.app import ComposeResult

from market.published import Published
from market.quotes import Key, Kind
from market.snapshot import Snapshot
from widgets.board import Board, Cell, Column, Row
from widgets.macro_values import KEPT, metric_day, next_words, reference_day, why_absent
from widgets.mark import Mark
from widgets.panel import BoardPanel
from widgets.strips import MISSING, plain, share, signed, sources_in
from widgets.values import Value, list_mark, value_of

SERIES = ("EFFR", "SOFR", "IORB", "DGS3MO", "DGS2", "DGS10", "DGS30", "BAMLH0A0HYM2")
"""Daily rates in their order; the target range stands before them, the spreads behind."""
LOW, HIGH = "DFEDTARL", "DFEDTARU"
SPREADS = {
    "2y − EFFR": ("macro.2y_minus_effr", "DGS2", "EFFR"),
    "10y − 2y": ("macro.curve.2s10s", "DGS10", "DGS2"),
    "10y − 3m": ("macro.curve.3m10y", "DGS10", "DGS3MO"),
    "SOFR − EFFR": ("macro.sofr_minus_effr", "SOFR", "EFFR"),
}
"""Spreads by name: the metric, and the two series it is made of."""
SOURCE = 8
"""Cells of a source: `treasury`."""
COLUMNS = (
    Column("name", "Rate", 11, "left", flex=True, descending_first=False),
    Column("value", "Value", 9),
    Column("change", "bp", 6, priority=1),
    Column("change.20d", "bp 20d", 6, priority=3),
    Column("trend", "Trend", 8, "left", priority=5, sortable=False),
    Column("of", "Of", 6, priority=2, sortable=False),
    Column("source", "Source", SOURCE, "left", priority=4, descending_first=False),
    Column("next", "Next in", 7, priority=6, sortable=False),
)


class RateRow(msgspec.Struct, frozen=True):
    """One rate, or one spread between two."""

    key: str
    name: str
    value: Value
    text: str
    change: Value
    change_20d: Value
    trend: tuple[float | None, ...]
    of: str
    source: str
    next: str
    reason: tuple[str, ...] = ()
    """Why it is absent, ever shorter."""


def rate_rows(snapshot: Snapshot) -> tuple[RateRow, ...]:
    """Return the target range, the rates, then the spreads."""
    return (_target(snapshot), *_series(snapshot), *_spreads(snapshot))


def _series(snapshot: Snapshot) -> Iterator[RateRow]:
    for symbol in SERIES:
        instrument = snapshot.cast[symbol]
        slug, series = instrument.slug, _document(snapshot, symbol)
        value = value_of(snapshot, f"{slug}.value")
        yield RateRow(
            symbol,
            plain(instrument.group, 20),
            value,
            share(value.number, 2, ""),
            value_of(snapshot, f"{slug}.value.change"),
            value_of(snapshot, f"{slug}.value.change.20d"),
            () if series is None else series.values[-KEPT:],
            reference_day(snapshot, symbol),
            "" if series is None else sources_in(series.source, SOURCE),
            next_words(snapshot, symbol),
            why_absent(snapshot, f"{slug}.value", value, is_published=series is not None),
        )


def _target(snapshot: Snapshot) -> RateRow:
    low, high = (value_of(snapshot, f"{snapshot.cast[s].slug}.value") for s in (LOW, HIGH))
    series, value = _document(snapshot, HIGH), high if low.known else low
    blank = HIGH if low.known else LOW
    is_published = _document(snapshot, blank) is not None
    return RateRow(
        HIGH,
        "Target",
        value,
        f"{share(low.number, 2, '')}–{share(high.number, 2, '')}",
        value_of(snapshot, f"{snapshot.cast[HIGH].slug}.value.change"),
        value_of(snapshot, f"{snapshot.cast[HIGH].slug}.value.change.20d"),
        () if series is None else series.values[-KEPT:],
        reference_day(snapshot, HIGH),
        "" if series is None else sources_in(series.source, SOURCE),
        next_words(snapshot, HIGH),
        why_absent(
            snapshot, f"{snapshot.cast[blank].slug}.value", value, is_published=is_published
        ),
    )


def _spreads(snapshot: Snapshot) -> Iterator[RateRow]:
    for name, (metric, ours, theirs) in SPREADS.items():
        value = value_of(snapshot, metric)
        trend = _difference(_document(snapshot, ours), _document(snapshot, theirs))
        change = Value(trend[-1] - trend[-2], old=value.old) if len(trend) > 1 else Value()
        month = Value(trend[-1] - trend[-21], old=value.old) if len(trend) > 20 else Value()
        yield RateRow(
            metric,
            name,
            value,
            f"{signed(value.number, 0)} bp",
            change,
            month,
            trend,
            metric_day(snapshot, metric),
            sources_in(snapshot.reading(metric).source, SOURCE),
            "",
            why_absent(snapshot, metric, value, is_published=bool(trend)),
        )


def _difference(ours: Published | None, theirs: Published | None) -> tuple[float, ...]:
    """The newest spreads in basis points, over the days that both series have."""
    if ours is None or theirs is None:
        return ()
    other = dict(zip(theirs.days[-2 * KEPT :], theirs.values[-2 * KEPT :], strict=True))
    pairs = zip(ours.days[-2 * KEPT :], ours.values[-2 * KEPT :], strict=True)
    found = (round(100 * (value - other[day]), 2) for day, value in pairs if day in other)
    return tuple(found)[-KEPT:]


def _document(snapshot: Snapshot, symbol: str) -> Published | None:
    return snapshot.document(Key(Kind.PUBLISHED, symbol), Published)


def board_row(row: RateRow) -> Row:
    """Return a rate as the board shows it."""
    cells = (
        Cell(row.name, "strong", row.name.casefold()),
        Cell(*row.value.run(row.text), row.value.number),
        _points(row.change),
        _points(row.change_20d),
        Cell("", "line", spark=row.trend),
        Cell(row.of or MISSING, "muted"),
        Cell(row.source or MISSING, "muted", row.source),
        Cell(row.next, "muted"),
    )
    is_spread = bool(row.reason)
    return Row(row.key, cells, row.name, row.value.old, notes=row.reason, is_spread=is_spread)


def _points(value: Value) -> Cell:
    """Basis points, with a decimal where there is one."""
    number = None if value.number is None else round(value.number, 1)
    decimals = 0 if number is None or number.is_integer() else 1
    return Cell(*value.run(signed(number, decimals), "muted"), value.number)


class RatesPanel(BoardPanel):
    """Policy rates, yields and spreads."""

    TITLE = "Rates · %"

    def compose(self) -> ComposeResult:
        """Hold one board."""
        yield Board(COLUMNS, empty="waiting for the rates' offices")

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the rates."""
        return list_mark(snapshot, [f"{snapshot.cast[s].slug}.value" for s in SERIES])

    def take(self, snapshot: Snapshot) -> bool:
        """Give the board its rows; it repaints what changed by itself."""
        rows = rate_rows(snapshot)
        if self.has_board and rows != self._taken:
            self._taken = rows
            self.board.show([board_row(row) for row in rows], COLUMNS)
        return False

    _taken: tuple[RateRow, ...] = ()

"""What a price chart shows, worked out of one snapshot; drawing it is widgets/chart_paint.py."""

from __future__ import annotations

import msgspec
from msgspec.structs import astuple

from market.instruments import INDEX
from market.quotes import ARCHIVED, Bars, Key, Kind
from market.snapshot import Snapshot
from widgets.bar_times import (
    bars_of,
    closes_at,
    intraday_of,
    is_daily,
    moving_average,
    with_today,
)
from widgets.chart_figures import base_of, change_of, end_price, extremes_of, outside_of
from widgets.chart_layout import Layout, curve, curves_by_phase, layout_of
from widgets.picture import Curve, Rule
from widgets.reconstituted import is_reconstituted, marked_days
from widgets.strips import percent, plain, price
from widgets.values import Value, is_old

AVERAGES = ((50, "average_50"), (200, "average_200"))


class ChartView(msgspec.Struct, frozen=True, eq=False):
    """One chart. Two views of the same `version` show the same bars."""

    symbol: str
    span: str
    drawing: str = "line"
    """`line` or `candles`."""
    compare: str = ""
    """Symbol drawn beside, both in percent since the start."""
    averages: bool = False
    decimals: int = 2
    version: tuple[object, ...] = ()
    reason: str = ""
    """Why there is nothing to draw."""
    high: float | None = None
    """Of 1D in regular hours, as on the quote card."""
    low: float | None = None
    hours: str = ""
    """`pre` or `post` when high and low are of these hours alone."""
    change: float | None = None
    """Its return over the span, as on the quote card; of 1D the regular session's."""
    change_beside: float | None = None
    """The same of the compared symbol."""
    outside: Value = Value()
    """Return of the newest print outside regular hours since the regular price; only of 1D."""
    tag: str = ""
    """Which hours that print is of: `pre` or `post`."""
    old: bool = False
    """Whether the newest price is late or fails to be renewed: the line is dimmed."""
    curves: tuple[Curve, ...] = ()
    rules: tuple[Rule, ...] = ()
    marks: tuple[float, ...] = ()
    """Where the index's members change at once, on charts of daily bars."""
    layout: Layout | None = None

    def __eq__(self, other: object) -> bool:
        """Whether both show the same: curves, rules, marks and layout follow from the rest."""
        return isinstance(other, ChartView) and astuple(self)[:-4] == astuple(other)[:-4]

    def __ne__(self, other: object) -> bool:
        """Whether they differ, which a Struct's own answer would tell by identity."""
        return not self == other

    def __hash__(self) -> int:
        """Return the hash of what is compared."""
        return hash(astuple(self)[:-4])

    @property
    def bars(self) -> Bars | None:
        """The bars shown."""
        return None if self.layout is None else self.layout.bars

    @property
    def has_candles(self) -> bool:
        """Whether it is drawn as candles: it must be asked for, and ranges known."""
        known = self.bars is not None and self.bars.has_range
        return self.drawing == "candles" and not self.compare and known


def chart_view(
    snapshot: Snapshot,
    symbol: str,
    span: str = "1D",
    drawing: str = "line",
    *,
    compare: bool = False,
    averages: bool = False,
) -> ChartView:
    """Return the chart of one symbol over one span."""
    other = INDEX if compare and symbol != INDEX else ""
    bars = bars_of(snapshot, symbol, span)
    if bars is None or not len(bars):
        return ChartView(symbol, span, drawing, other, averages, reason=_why(snapshot, symbol))
    base = base_of(snapshot, symbol, span, bars)
    end = end_price(snapshot, symbol, bars)
    change = change_of(snapshot, symbol, span, end, base)
    outside, tag = outside_of(snapshot, symbol, span)
    beside = _beside(snapshot, other, span, bars) if other else None
    layout = layout_of(bars, span)
    decimals = snapshot.cast[symbol].decimals
    if other:
        start = base or bars.close[0]
        told = end / start - 1.0 if span == "1D" or change is None else change
        curves, rules = _compared(layout, start, told, beside)
    else:
        curves, rules = _plain(snapshot, layout, base, end, decimals, averages=averages)
    extremes = extremes_of(snapshot, symbol, span, bars)
    return ChartView(
        symbol,
        span,
        drawing,
        other,
        averages,
        decimals,
        (version_of(bars), None if beside is None else beside.version, base, end),
        high=extremes.high,
        low=extremes.low,
        hours=extremes.tag,
        change=change,
        change_beside=None if beside is None else beside.told,
        outside=outside,
        tag=tag,
        old=is_old(snapshot, f"{snapshot.cast[symbol].slug}.last"),
        curves=curves,
        rules=rules,
        marks=_marks(symbol, layout),
        layout=layout,
    )


def _marks(symbol: str, layout: Layout) -> tuple[float, ...]:
    if layout.by_clock or not is_daily(layout.bars) or not is_reconstituted(symbol):
        return ()
    return tuple(layout.xs[place] for place in marked_days(layout.bars.times))


def version_of(bars: Bars | None) -> tuple[object, ...]:
    """Return what tells one state of a series from another."""
    if bars is None or not len(bars):
        return ()
    return len(bars), bars.times[0], bars.times[-1], bars.close[-1], bars.as_of, bars.source


def _why(snapshot: Snapshot, symbol: str) -> str:
    absent = (why for key, why in snapshot.absences.items() if _is_of_prices(key, symbol))
    failed = (each.text for key, each in snapshot.troubles.items() if _is_of_prices(key, symbol))
    return plain(next(absent, "") or next(failed, "") or "waiting for bars")


def _is_of_prices(key: Key, symbol: str) -> bool:
    return key.symbol == symbol and key.kind not in ARCHIVED


def _plain(
    snapshot: Snapshot,
    layout: Layout,
    base: float | None,
    end: float,
    decimals: int,
    *,
    averages: bool,
) -> tuple[tuple[Curve, ...], tuple[Rule, ...]]:
    bars = layout.bars
    curves = list(curves_by_phase(layout, bars.close))
    if averages and is_daily(bars):
        curves += _averages(snapshot, layout)
    rules = [Rule(bars.close[-1], "line", price(end, decimals), drawn=False)]
    if layout.by_clock and base is not None:
        rules.append(Rule(base, "previous", price(base, decimals)))
    return tuple(curves), tuple(rules)


def _averages(snapshot: Snapshot, layout: Layout) -> list[Curve]:
    symbol = layout.bars.key.symbol
    daily = with_today(snapshot, symbol, snapshot.series(symbol, Kind.DAILY, Kind.CLOSES))
    if daily is None:
        return []
    start = len(daily) - len(layout.bars)
    return [
        Curve(layout.xs, tuple(moving_average(daily.close, length)[start:]), role)
        for length, role in AVERAGES
    ]


class _Beside(msgspec.Struct, frozen=True):
    """The compared symbol, as fractions since the start at each bar of the other."""

    values: tuple[float | None, ...]
    told: float | None
    """Its change as the header says it."""
    end: float
    """Its change at the chart's end: of its newest price, though the other's bars end before."""
    version: tuple[object, ...]


def _beside(snapshot: Snapshot, other: str, span: str, bars: Bars) -> _Beside | None:
    theirs = intraday_of(snapshot, other) if span == "1D" else bars_of(snapshot, other, span)
    if theirs is None or not len(theirs):
        return None
    closes = closes_at(theirs, bars.times)
    start = base_of(snapshot, other, span, theirs) or next((c for c in closes if c), None)
    if not start:
        return None
    values = tuple(None if c is None else c / start - 1.0 for c in closes)
    told = change_of(snapshot, other, span, (values[-1] or 0.0) + 1.0, 1.0)
    end = end_price(snapshot, other, theirs) / start - 1.0
    return _Beside(values, told, end if span == "1D" or told is None else told, version_of(theirs))


def _compared(
    layout: Layout, base: float, told: float, beside: _Beside | None
) -> tuple[tuple[Curve, ...], tuple[Rule, ...]]:
    """Return both in percent; what stands at their ends has the decimals of the header."""
    own = tuple(close / base - 1.0 for close in layout.bars.close)
    curves = tuple(curves_by_phase(layout, own))
    rules = [Rule(0.0), Rule(own[-1], "line", percent(told, 2, " %"), drawn=False)]
    if beside is None:
        return curves, tuple(rules)
    if (last := beside.values[-1]) is not None:
        rules.append(Rule(last, "compare", percent(beside.end, 2, " %"), drawn=False))
    return (*curves, curve(layout, beside.values, layout.shown, "compare")), tuple(rules)

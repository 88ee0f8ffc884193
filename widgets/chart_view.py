"""What a price chart shows, worked out of one snapshot; drawing it is widgets/chart_paint.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from market.instruments import INDEX
from market.quotes import Bars, Kind, Phase
from market.sessions import exchange_date
from market.snapshot import Snapshot
from widgets.bar_times import (
    bars_of,
    closes_at,
    intraday_of,
    is_daily,
    moving_average,
    with_today,
)
from widgets.chart_layout import Layout, curve, curves_by_phase, layout_of
from widgets.picture import Curve, Rule
from widgets.strips import percent, price
from widgets.values import is_old, number_of

AVERAGES = ((50, "average_50"), (200, "average_200"))


@dataclass(frozen=True, slots=True)
class ChartView:
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
    low: float | None = None
    change: float | None = None
    """Of 1D the regular session's return, as on the quote card; else from the first close shown."""
    change_beside: float | None = None
    """The same of the compared symbol."""
    outside: float | None = None
    """Return of the newest print outside regular hours since the regular price; only of 1D."""
    tag: str = ""
    """Which hours that print is of: `pre` or `post`."""
    old: bool = False
    """Whether the newest price is late or fails to be renewed: the line is dimmed."""
    curves: tuple[Curve, ...] = field(default=(), compare=False)
    rules: tuple[Rule, ...] = field(default=(), compare=False)
    layout: Layout | None = field(default=None, compare=False)

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
    base = _base(snapshot, symbol, span, bars)
    outside, tag = _outside(snapshot, symbol, span)
    beside = _beside(snapshot, other, span, bars) if other else None
    layout = layout_of(bars, span)
    decimals = snapshot.cast[symbol].decimals
    if other:
        curves, rules = _compared(layout, base or bars.close[0], beside)
    else:
        curves, rules = _plain(snapshot, layout, base, decimals, averages=averages)
    wide = bars.has_range
    return ChartView(
        symbol,
        span,
        drawing,
        other,
        averages,
        decimals,
        (version_of(bars), None if beside is None else beside.version, base),
        high=max(bars.high if wide else bars.close),
        low=min(bars.low if wide else bars.close),
        change=_change(snapshot, symbol, span, bars.close[-1], base),
        change_beside=None if beside is None else beside.told,
        outside=outside,
        tag=tag,
        old=is_old(snapshot, f"{snapshot.cast[symbol].slug}.last"),
        curves=curves,
        rules=rules,
        layout=layout,
    )


def version_of(bars: Bars | None) -> tuple[object, ...]:
    """Return what tells one state of a series from another."""
    if bars is None or not len(bars):
        return ()
    return len(bars), bars.times[0], bars.times[-1], bars.close[-1], bars.as_of, bars.source


def _why(snapshot: Snapshot, symbol: str) -> str:
    told = (reason for key, reason in snapshot.absences.items() if key.symbol == symbol)
    return next(told, "waiting for bars")


def _base(snapshot: Snapshot, symbol: str, span: str, bars: Bars) -> float | None:
    """Return the price that the chart's line is measured from.

    Bars of 1D that are younger than the last regular session are measured from its close.
    """
    if span != "1D":
        return bars.close[0] if bars.close[0] > 0 else None
    slug = snapshot.cast[symbol].slug
    last = snapshot.reading(f"{slug}.last")
    shown = exchange_date(datetime.fromtimestamp(bars.times[-1], UTC))
    is_older = last.as_of is not None and exchange_date(last.as_of) < shown
    base = number_of(last if is_older else snapshot.reading(f"{slug}.previous_close"))
    return base if base is not None and base > 0 else None


def _change(
    snapshot: Snapshot, symbol: str, span: str, last: float, base: float | None
) -> float | None:
    """Return what the chart's symbol gained, of 1D without any print outside regular hours."""
    if span == "1D":
        return number_of(snapshot.reading(f"{snapshot.cast[symbol].slug}.return.1d"))
    return last / base - 1.0 if base else None


def _outside(snapshot: Snapshot, symbol: str, span: str) -> tuple[float | None, str]:
    """Return the newest print outside regular hours as a return, and which hours it is of."""
    if span != "1D" or snapshot.session.phase is Phase.REGULAR:
        return None, ""
    slug = snapshot.cast[symbol].slug
    tag = snapshot.reading(f"{slug}.extended.phase").value
    found = number_of(snapshot.reading(f"{slug}.extended.return"))
    return found, tag if isinstance(tag, str) and found is not None else ""


def _plain(
    snapshot: Snapshot, layout: Layout, base: float | None, decimals: int, *, averages: bool
) -> tuple[tuple[Curve, ...], tuple[Rule, ...]]:
    bars = layout.bars
    curves = list(curves_by_phase(layout, bars.close))
    if averages and is_daily(bars):
        curves += _averages(snapshot, layout)
    last = bars.close[-1]
    rules = [Rule(last, "line", price(last, decimals), drawn=False)]
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
    version: tuple[object, ...]


def _beside(snapshot: Snapshot, other: str, span: str, bars: Bars) -> _Beside | None:
    theirs = intraday_of(snapshot, other) if span == "1D" else bars_of(snapshot, other, span)
    if theirs is None or not len(theirs):
        return None
    closes = closes_at(theirs, bars.times)
    start = _base(snapshot, other, span, bars) if span == "1D" else None
    start = start or next((c for c in closes if c), None)
    if not start:
        return None
    values = tuple(None if c is None else c / start - 1.0 for c in closes)
    told = _change(snapshot, other, span, (values[-1] or 0.0) + 1.0, 1.0)
    return _Beside(values, told, version_of(theirs))


def _compared(
    layout: Layout, base: float, beside: _Beside | None
) -> tuple[tuple[Curve, ...], tuple[Rule, ...]]:
    own = tuple(close / base - 1.0 for close in layout.bars.close)
    curves = tuple(curves_by_phase(layout, own))
    rules = [Rule(0.0), Rule(own[-1], "line", percent(own[-1], 1, " %"), drawn=False)]
    if beside is None:
        return curves, tuple(rules)
    if (end := beside.values[-1]) is not None:
        rules.append(Rule(end, "compare", percent(end, 1, " %"), drawn=False))
    return (*curves, curve(layout, beside.values, layout.shown, "compare")), tuple(rules)

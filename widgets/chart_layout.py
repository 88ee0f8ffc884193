"""Where bars stand on a chart's x axis, and the cutting of a series into curves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from market.quotes import Bars
from market.sessions import Session
from widgets.bar_times import gap_after, session_of_bars, shown_part
from widgets.picture import Curve


class Layout(msgspec.Struct, frozen=True):
    """One day stands by the clock, so that the rest of the day is visible; else bar by bar."""

    bars: Bars
    xs: tuple[float, ...]
    """The x position of each bar."""
    times: tuple[int, ...]
    """Unix seconds at the x positions 0, 1, 2 ..."""
    shown: range
    """The bars that have room on the axis."""
    by_clock: bool = False
    session: Session | None = None


def layout_of(bars: Bars, span: str) -> Layout:
    """Return the layout of some bars over a span; weekends and nights take no room."""
    if span != "1D":
        xs = tuple(float(i) for i in range(len(bars)))
        return Layout(bars, xs, tuple(bars.times), range(len(bars)))
    session = session_of_bars(bars)
    start, stop = bars.times[0], bars.times[-1]
    if session is not None:
        start, stop = shown_part(bars, session)
    first = next((i for i, t in enumerate(bars.times) if t >= start), len(bars))
    xs = tuple((t - start) / 60.0 for t in bars.times)
    times = tuple(range(start, stop + 1, 60))
    return Layout(bars, xs, times, range(first, len(bars)), by_clock=True, session=session)


def curves_by_phase(layout: Layout, values: Sequence[float | None]) -> Iterator[Curve]:
    """Split one line into pre-market, regular and post-market parts."""
    if layout.session is None:
        yield curve(layout, values, layout.shown, "line")
        return
    opens = _index_at(layout, layout.session.open.timestamp())
    closes = _index_at(layout, layout.session.close.timestamp())
    start, stop = layout.shown.start, layout.shown.stop
    for part, role in (
        (range(start, opens), "extended"),
        (range(opens, closes), "line"),
        (range(closes, stop), "extended"),
    ):
        if len(part):
            yield curve(layout, values, part, role)


def _index_at(layout: Layout, instant: float) -> int:
    """Return the index of the first shown bar that does not begin before an instant."""
    times = layout.bars.times
    return next((i for i in layout.shown if times[i] >= instant), layout.shown.stop)


def curve(layout: Layout, values: Sequence[float | None], part: range, role: str) -> Curve:
    """Return a part as one curve, broken where more than five minutes are missing."""
    gap = gap_after(layout.bars) if layout.by_clock else None
    times = layout.bars.times
    xs: list[float] = []
    ys: list[float | None] = []
    for i in part:
        if gap is not None and xs and times[i] - times[i - 1] > gap:
            xs.append((layout.xs[i - 1] + layout.xs[i]) / 2)
            ys.append(None)
        xs.append(layout.xs[i])
        ys.append(values[i])
    return Curve(tuple(xs), tuple(ys), role)

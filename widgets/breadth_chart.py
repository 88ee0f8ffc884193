"""Breadth over time: A/D line against the index, averages, extremes, McClellan, weights."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache

import msgspec
from textual.reactive import reactive

from market.census import BreadthHistory
from market.sessions import exchange_date
from market.snapshot import Snapshot
from widgets import plotting
from widgets.axis import session_ticks
from widgets.census_mark import census_mark, census_reading, coverage_in_words, is_census_old
from widgets.lines import Item, Line, dimmed, item, packed, sentence
from widgets.mark import Mark
from widgets.panel import ViewPanel
from widgets.picture import Curve, Rule
from widgets.strips import percent, plain, price, share, signed

Numbers = tuple[float | None, ...]

LENGTHS = {"6M": 126, "1Y": 252}
"""Sessions that a window shows; shorter windows show a quarter, below which breadth is noise."""
SHORTEST = 63
DIVERGENCE_SESSIONS, RECENT = 63, 5
"""A high of so many sessions, made within the last few, that only one of two lines makes."""
WARM_UP = 100
"""Sessions before the McClellan oscillator says something."""


class Trace(msgspec.Struct, frozen=True):
    """One line of a chart and how its newest value is told."""

    label: str
    values: Numbers
    role: str
    told: str


class Pane(msgspec.Struct, frozen=True):
    """One chart of a topic; some topics have two, one above the other."""

    traces: tuple[Trace, ...]
    rules: tuple[float, ...] = ()
    decimals: int = 0
    labelled: bool = True
    """Whether the value axis means something: lines of different kinds share none."""
    note: str = ""
    """What the lines say together, or why there are none."""


class ChartView(msgspec.Struct, frozen=True):
    """One topic of breadth over the sessions of a window."""

    topic: str
    window: str
    times: tuple[int, ...] = ()
    panes: tuple[Pane, ...] = ()
    reason: str = ""
    coverage: str = ""
    old: bool = False


class _Columns:
    """The columns of a history, cut to what is shown."""

    def __init__(self, history: BreadthHistory, first: int) -> None:
        self._history = history
        self._first = first

    def __call__(self, name: str) -> Numbers:
        column = self._history.columns.get(name, ())
        return tuple(v if math.isfinite(v) else None for v in column[self._first :])

    def all_of(self, name: str) -> Sequence[float]:
        """Return a column from its beginning."""
        return self._history.columns.get(name, ())


def _ad_line(columns: _Columns) -> tuple[Pane, ...]:
    line, index = columns("ad_line"), columns("index")
    traces = (
        Trace("A/D line", _to_unit(line), "line", signed(_last(line), 0)),
        Trace("index", _to_unit(index), "compare", price(_last(index), 2)),
    )
    return (Pane(traces, labelled=False, note=divergence(index, line)),)


def _averages(columns: _Columns) -> tuple[Pane, ...]:
    looks = ((20, "line"), (50, "average_50"), (200, "average_200"))
    traces = tuple(_share(f">{n}DMA", columns(f"above_{n}"), role) for n, role in looks)
    return (Pane(traces, rules=(50.0,)),)


def _extremes(columns: _Columns) -> tuple[Pane, ...]:
    pairs = zip(columns("new_highs"), columns("new_lows"), strict=True)
    net = tuple(None if h is None or low is None else h - low for h, low in pairs)
    return (
        Pane((Trace("net new highs", net, "line", signed(_last(net), 0)),), rules=(0.0,)),
        Pane((_share("high-low index", columns("high_low_index"), "compare"),), rules=(50.0,)),
    )


def _mcclellan(columns: _Columns) -> tuple[Pane, ...]:
    oscillator, summation = columns("mcclellan"), columns("summation")
    known = sum(math.isfinite(v) for v in columns.all_of("rana"))
    note = f"warming, {known} of {WARM_UP} sessions" if _last(oscillator) is None else ""
    above = Trace("McClellan", oscillator, "line", signed(_last(oscillator), 0))
    below = Trace("summation", summation, "compare", signed(_last(summation), 0))
    return Pane((above,), rules=(0.0,), note=note), Pane((below,), rules=(0.0,))


def _weights(columns: _Columns) -> tuple[Pane, ...]:
    equal, cap = (_since_start(columns(name)) for name in ("equal_weight", "cap_weight"))
    traces = (
        Trace("equal weight", equal, "line", _percents(_last(equal))),
        Trace("cap weight", cap, "compare", _percents(_last(cap))),
    )
    return (Pane(traces, rules=(0.0,), decimals=1),)


def _percents(value: float | None) -> str:
    return percent(None if value is None else value / 100, 1, " %")


TOPICS: dict[str, tuple[str, Callable[[_Columns], tuple[Pane, ...]]]] = {
    "ad_line": ("A/D line and index", _ad_line),
    "averages": ("Above their averages, %", _averages),
    "extremes": ("New highs and lows", _extremes),
    "mcclellan": ("McClellan", _mcclellan),
    "weights": ("Equal and cap weight, %", _weights),
}
"""What can be drawn: topic -> title and panes."""


def chart_view(snapshot: Snapshot, topic: str, window: str) -> ChartView:
    """Return one topic of breadth over a window, at least a quarter of a year."""
    reading = census_reading(snapshot, "breadth.advances")
    census = snapshot.census
    if census is None or not len(census.breadth.times):
        reason = plain(reading.reason) or "waiting for the members' past closes"
        return ChartView(topic, window, reason=reason)
    times, panes = _drawable(census.breadth, topic, window)
    return ChartView(
        topic,
        window,
        times,
        panes,
        coverage=coverage_in_words(reading),
        old=is_census_old(snapshot),
    )


@lru_cache(maxsize=16)
def _drawable(
    history: BreadthHistory, topic: str, window: str
) -> tuple[tuple[int, ...], tuple[Pane, ...]]:
    """Return sessions and panes, cut out of a history once and not at every paint beat."""
    first = _first_shown(history.times, window)
    return tuple(history.times[first:]), TOPICS[topic][1](_Columns(history, first))


def _first_shown(times: Sequence[int], window: str) -> int:
    count = LENGTHS.get(window, SHORTEST)
    if window == "YTD":
        year = _day_of(times[-1]).year
        count = max(SHORTEST, sum(_day_of(t).year == year for t in times[-300:]))
    return max(0, len(times) - count)


def _day_of(time: int) -> datetime:
    day = exchange_date(datetime.fromtimestamp(time, UTC))
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def divergence(index: Numbers, line: Numbers) -> str:
    """Return in words whether only one of two lines is at a new high or low, else nothing."""
    for sign, word in ((1.0, "high"), (-1.0, "low")):
        of_index, of_line = (_is_extreme(values, sign) for values in (index, line))
        if of_index != of_line:
            one, other = ("index", "A/D line") if of_index else ("A/D line", "index")
            return f"diverges: {one} at a {DIVERGENCE_SESSIONS}-session {word}, {other} not"
    return ""


def _is_extreme(values: Numbers, sign: float) -> bool:
    recent = [sign * v for v in values[-DIVERGENCE_SESSIONS:] if v is not None]
    if len(recent) < DIVERGENCE_SESSIONS:
        return False
    return max(recent[-RECENT:]) >= max(recent)


def _share(label: str, values: Numbers, role: str) -> Trace:
    told = share(_last(values))
    return Trace(label, tuple(None if v is None else v * 100 for v in values), role, told)


def _last(values: Numbers) -> float | None:
    return values[-1] if values else None


def _to_unit(values: Numbers) -> Numbers:
    """Return values between 0 and 1, so that lines of different kinds can be compared in shape."""
    known = [v for v in values if v is not None]
    low, span = (min(known), max(known) - min(known)) if known else (0.0, 0.0)
    return tuple(None if v is None else (v - low) / span if span else 0.5 for v in values)


def _since_start(values: Numbers) -> Numbers:
    """Return percent since the first known value."""
    start = next((v for v in values if v), None)
    return tuple(None if v is None or not start else (v / start - 1.0) * 100 for v in values)


def chart_lines(
    view: ChartView, width: int, height: int, *, ascii_only: bool = False
) -> Sequence[Line]:
    """Return a topic's charts above one another, each below a line of what it shows."""
    if height < 1 or width < 1:
        return ()
    if not view.panes:
        return [((sentence(view.reason, width), "absent"),)]
    shown = view.panes[: max(1, min(len(view.panes), height // 4))]
    lines: list[Line] = []
    for n, pane in enumerate(shown):
        rows = (height - len(lines)) // (len(shown) - n)
        lines += _pane(view, pane, width, rows, is_last=n == len(shown) - 1, ascii_only=ascii_only)
    return [dimmed(line) for line in lines] if view.old else lines


def _pane(
    view: ChartView, pane: Pane, width: int, height: int, *, is_last: bool, ascii_only: bool
) -> Iterable[Line]:
    yield _header(pane, width)
    if height < 2:
        return
    xs = tuple(float(n) for n in range(len(view.times)))
    ticks = session_ticks(view.times, width - 8, "1Y" if view.window == "1Y" else "6M")
    yield from plotting.line_chart(
        [Curve(xs, trace.values, trace.role) for trace in pane.traces],
        width,
        height - 1,
        rules=[Rule(y) for y in pane.rules],
        ticks=ticks if is_last else (),
        y_decimals=pane.decimals,
        y_side="right" if pane.labelled else "none",
        ascii_only=ascii_only,
        x_range=(0.0, float(max(1, len(view.times) - 1))),
        gutter=8 if pane.labelled else 0,
    )


def _header(pane: Pane, width: int) -> Line:
    items: list[Item] = [
        item((f"{trace.label} ", trace.role), (trace.told, "text"), priority=n)
        for n, trace in enumerate(pane.traces)
    ]
    if pane.note:
        items.append(item((pane.note, "failing"), priority=len(items)))
    return packed(items, width, 3)


class BreadthChartPanel(ViewPanel[ChartView]):
    """One topic of breadth over time; `topic` is a name of TOPICS."""

    can_focus = True

    topic: reactive[str] = reactive("ad_line", repaint=False)

    def watch_topic(self) -> None:
        """Draw another topic."""
        self.renew()

    def heading(self) -> str:
        """Return the topic's title, and of how many members it tells."""
        told = "" if self._view is None else self._view.coverage
        title = TOPICS[self.topic][0]
        return f"{title} · {told}" if told else title

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the members' prices."""
        return census_mark(snapshot)

    def view_from(self, snapshot: Snapshot) -> ChartView:
        """Return the view."""
        return chart_view(snapshot, self.topic, self.window)

    def lines_of(
        self, view: ChartView, width: int, height: int, *, ascii_only: bool
    ) -> Sequence[Line]:
        """Draw the view."""
        return chart_lines(view, width, height, ascii_only=ascii_only)

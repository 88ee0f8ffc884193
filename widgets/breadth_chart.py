"""Breadth over time: A/D line against the index, averages, extremes, McClellan, weights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import msgspec
from textual.reactive import reactive

from market.census import BreadthHistory
from market.snapshot import Snapshot
from widgets import plotting
from widgets.axis import session_ticks
from widgets.breadth_topics import TOPICS, Columns, Numbers, Pane, day_of
from widgets.census_mark import (
    census_mark,
    census_reading,
    coverage_in_words,
    holdings_in_words,
    is_census_old,
)
from widgets.frame import PART
from widgets.lines import Item, Line, dimmed, item, packed, sentence, width_of
from widgets.mark import Mark
from widgets.panel import ViewPanel
from widgets.picture import Curve, Marker, Rule
from widgets.reconstituted import LEGEND, ROLE, marked_days, markers_at
from widgets.strips import plain
from widgets.strokes import sample_of

__all__ = ["TOPICS", "BreadthChartPanel", "ChartView", "chart_lines", "chart_view"]

LENGTHS = {"6M": 126, "1Y": 252}
"""Sessions that a window shows; shorter windows show a quarter, below which breadth is noise."""
SHORTEST = 63
_TURN_ROWS = 6
"""Rows of a pane from which on words stand beneath it."""
_LANE_ROWS = 6
"""Rows of a plot from which on a whole one keeps its lines apart."""
_ABOVE, _BELOW = "▼", "▲"
"""Over a high that is denied, and under a low."""


class ChartView(msgspec.Struct, frozen=True):
    """One topic of breadth over the sessions of a window."""

    topic: str
    window: str
    times: tuple[int, ...] = ()
    panes: tuple[Pane, ...] = ()
    reason: str = ""
    coverage: str = ""
    held: str = ""
    """Of which day the members are."""
    marks: tuple[int, ...] = ()
    """The first sessions of new members after a reconstitution."""
    old: bool = False


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
        marks=marked_days(times, effective=True),
        coverage=coverage_in_words(reading),
        held=holdings_in_words(snapshot),
        old=is_census_old(snapshot),
    )


@lru_cache(maxsize=16)
def _drawable(
    history: BreadthHistory, topic: str, window: str
) -> tuple[tuple[int, ...], tuple[Pane, ...]]:
    """Return sessions and panes, cut out of a history once and not at every paint beat."""
    first = _first_shown(history.times, window)
    return tuple(history.times[first:]), TOPICS[topic][1](Columns(history, first))


def _first_shown(times: Sequence[int], window: str) -> int:
    count = LENGTHS.get(window, SHORTEST)
    if window == "YTD":
        year = day_of(times[-1]).year
        count = max(SHORTEST, sum(day_of(t).year == year for t in times[-300:]))
    return max(0, len(times) - count)


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
    beneath = _words(pane, width) if height >= _TURN_ROWS else ()
    yield _header(view, pane, width, () if beneath else _words(pane, width))
    if height < 2:
        return
    xs = tuple(float(n) for n in range(len(view.times)))
    ticks = session_ticks(view.times, width - 8, "1Y" if view.window == "1Y" else "6M")
    rows = height - 2 if beneath else height - 1
    lines = _in_lanes(pane, rows - int(is_last)) if pane.in_lanes else _values(pane)
    markers = tuple(_markers(pane, lines[-1]))
    yield from plotting.line_chart(
        [Curve(xs, ys, trace.role) for trace, ys in zip(pane.traces, lines, strict=True)],
        width,
        rows,
        rules=[Rule(y) for y in pane.rules],
        ticks=ticks if is_last else (),
        y_decimals=pane.decimals,
        y_side="right" if pane.labelled else "none",
        ascii_only=ascii_only,
        x_range=(0.0, float(max(1, len(view.times) - 1))),
        y_range=_room_for(markers, height),
        gutter=8 if pane.labelled else 0,
        markers=(*markers_at(view.marks), *markers),
    )
    if beneath:
        yield beneath


def _values(pane: Pane) -> list[Numbers]:
    return [trace.values for trace in pane.traces]


def _in_lanes(pane: Pane, rows: int) -> list[Numbers]:
    """Return lines from 0 to 1 above one another: a cell shows one line, so none hides another.

    A row stays free between them, which holds the signs over the lower one; in a low plot less.
    """
    count = len(pane.traces)
    gap = (1.2 if rows >= _LANE_ROWS else 0.5) / max(1, rows)
    tall = max(0.0, 1.0 - gap * (count - 1)) / count
    feet = [(count - 1 - n) * (tall + gap) for n in range(count)]
    return [
        tuple(None if v is None else foot + v * tall for v in values)
        for foot, values in zip(feet, _values(pane), strict=True)
    ]


def _markers(pane: Pane, values: Numbers) -> Iterable[Marker]:
    """Yield a sign over each high, and under each low, of the last line that the first denies."""
    for n, (turn, value) in enumerate(zip(pane.turns, values, strict=False)):
        if turn and value is not None:
            yield Marker(float(n), value, _ABOVE if turn > 0 else _BELOW, "failing", turn > 0)


def _room_for(markers: Sequence[Marker], height: int) -> tuple[float, float] | None:
    """Return values so far apart that a row stays free for the signs under the lower line."""
    row = 1.2 / max(4, height)
    return (-row, 1.0) if any(not m.is_above for m in markers) else None


def _words(pane: Pane, width: int) -> Line:
    """Return what the lines say together, in as many words as have room."""
    found = next((text for text in pane.words if len(text) + 2 <= width), "")
    return ((found, "failing"),) if found else ()


def _header(view: ChartView, pane: Pane, width: int, words: Line) -> Line:
    has_samples = len(pane.traces) > 1
    items: list[Item] = [
        item(
            (f"{sample_of(trace.role)} " if has_samples else "", trace.role),
            (f"{trace.label} ", trace.role),
            (trace.told, "text"),
            priority=n,
        )
        for n, trace in enumerate(pane.traces)
    ]
    if pane.note:
        items.append(item((pane.note, "failing"), priority=1))
    if words and width_of(words) < width:
        items.append(item(*words, priority=len(items)))
    if view.marks:
        items.append(item((LEGEND, ROLE), priority=len(items) + 1))
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
        view = self._view
        told = () if view is None else (view.coverage, view.held)
        return PART.join(words for words in (TOPICS[self.topic][0], *told) if words)

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

"""The charts. The only file that knows plotext, and the vocabulary all charts share.

plotext draws every line, chart or sparkline, on its braille canvas, in pieces that are remembered
(`widgets/pieces.py`); ticks, labels and looks are ours. What reaches plotext are whole dots of a
canvas with gaps between, so nothing a feed may say (a missing value, one point, a constant, 1e308)
makes it fail. Importing plotext is dear: until `prepare` has run, in a thread after the first
paint, lines are blank and of the right size.

Only for the thread that paints: plotext keeps its figure in the module.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Protocol, cast

from widgets.axis import value_label
from widgets.chart_frame import Frame, Side, frame_of
from widgets.picture import Curve, Marker, Picture, Rule, Run, Tick, blank, finite
from widgets.pieces import BLANK, LEFT_DOTS, RIGHT_DOTS, Dot, Pieces, Stroke
from widgets.sparkline import Spark, spark_of
from widgets.strokes import BEADS, Point, beads, strokes

__all__ = [
    "Curve",
    "Marker",
    "Picture",
    "Rule",
    "Run",
    "Side",
    "Spark",
    "Tick",
    "curve_chart",
    "curves_beneath",
    "drawing_of",
    "is_ready",
    "line_chart",
    "markers_above",
    "prepare",
    "spark_of",
]

_SGR = r"\x1b\[[\d;]*m"
_GAP = (math.nan, math.nan)


class _Plotext(Protocol):
    """The part of plotext in use."""

    def limit_size(self, width: bool, height: bool) -> None: ...
    def xaxes(self, lower: bool, upper: bool) -> None: ...
    def yaxes(self, left: bool, right: bool) -> None: ...
    def xfrequency(self, frequency: int) -> None: ...
    def yfrequency(self, frequency: int) -> None: ...
    def theme(self, theme: str) -> None: ...
    def plot_size(self, width: int, height: int) -> None: ...
    def clear_data(self) -> None: ...
    def xlim(self, left: float, right: float) -> None: ...
    def ylim(self, lower: float, upper: float) -> None: ...
    def plot(self, xs: list[float], ys: list[float], *, marker: str) -> None: ...
    def build(self) -> str: ...


_ready: list[_Plotext] = []


def prepare() -> None:
    """Import plotext and set up its figure. Takes tens of milliseconds: call it in a thread."""
    if _ready:
        return
    import plotext

    library = cast("_Plotext", plotext)
    library.theme("clear")
    library.limit_size(False, False)
    library.xaxes(False, False)
    library.yaxes(False, False)
    library.xfrequency(0)
    library.yfrequency(0)
    _ready.append(library)


def is_ready() -> bool:
    """Return whether lines are drawn; before `prepare` has run they are blank."""
    return bool(_ready)


def drawing_of(spark: Spark) -> str:
    """Return one row of braille, exactly as wide as the sparkline says, oldest value first.

    A gap is blank, and so are fewer than two values. The last drawings are remembered.
    """
    if not _ready or not spark.levels or spark.width < 1:
        return " " * max(0, spark.width)
    return _draw_spark(spark)


@lru_cache(maxsize=4096)
def _draw_spark(spark: Spark) -> str:
    """Put a line of one row together, value by value: in one row a way hardly ever is a new one."""
    along = (2 * spark.width - 1) / (len(spark.levels) - 1)
    line = [(int(place * along + 0.5), level) for place, level in enumerate(spark.levels)]
    cells = [0] * spark.width
    for (start, height), (end, target) in pairwise([*line, (0, None)]):
        if height is None:
            continue
        way = (0, 0) if target is None else (end - start, target - height)
        for right, _, dots in _pieces.piece(start % 2, height, way):
            cells[start // 2 + right] |= dots
    return "".join(_cell(dots, ascii_only=spark.ascii_only) if dots else " " for dots in cells)


def line_chart(
    curves: Sequence[Curve],
    width: int,
    height: int,
    *,
    rules: Sequence[Rule] = (),
    ticks: Sequence[Tick] = (),
    y_decimals: int = 2,
    y_side: Side = "right",
    ascii_only: bool = False,
    x_range: tuple[float, float] | None = None,
    y_range: tuple[float, float] | None = None,
    percent: bool = False,
    gutter: int = 0,
    markers: Sequence[Marker] = (),
) -> Picture:
    """Return lines over one value axis; the first curve lies on top.

    Args:
        curves: lines, each in its role; points that are not finite are gaps.
        width: cells of a row, value labels included.
        height: rows, the row of tick labels included.
        rules: levels drawn across, dotted.
        ticks: labels of the horizontal axis, in the curves' x; those that do not fit are left out.
        y_decimals: decimals of value labels that are not whole.
        y_side: where the value labels stand; "none" for no labels.
        ascii_only: draw without braille.
        x_range: the x of the left and right edge; the curves' own extent when not given.
        y_range: values that have room whatever the curves' own extent.
        percent: the values are fractions, labelled in percent.
        gutter: least width of the label column, to align charts above one another.
        markers: signs above or below points of the lines, over anything else.
    """
    xs, ys = _known(curves)
    frame = frame_of(
        width,
        height,
        xs=x_range or xs,
        ys=[*ys, *(y_range or ())] if ys else ys,
        rules=rules,
        ticks=ticks,
        decimals=y_decimals,
        side=y_side,
        percent=percent,
        gutter=gutter,
    )
    _rule_lines(frame, rules, ascii_only=ascii_only)
    _paint_curves(frame, curves, ascii_only=ascii_only)
    _put_markers(frame, markers)
    return frame.grid.picture(ascii_only=ascii_only)


def _known(curves: Sequence[Curve]) -> tuple[list[float], list[float]]:
    """The x and the y of all points that are no gaps."""
    points = [(x, y) for curve in curves for x, y in _places(curve) if y is not None]
    return [x for x, _ in points], [y for _, y in points]


def _put_markers(frame: Frame, markers: Sequence[Marker]) -> None:
    """Put each sign a row above or below its point, on the point's own row at the plot's edge."""
    (left, right), (low, high) = frame.xs, frame.ys
    for marker in markers:
        y = low if marker.y is None else marker.y
        if left <= marker.x <= right and low <= y <= high:
            aside = 0 if marker.y is None else -1 if marker.is_above else 1
            row = max(0, min(frame.row(y) + aside, frame.height - 1))
            frame.grid.put(frame.column(marker.x), row, marker.sign, marker.role)


def markers_above(markers: Sequence[Marker]) -> Callable[[Frame], None]:
    """Return what puts markers into a candle chart's frame, over the candles."""
    return lambda frame: _put_markers(frame, markers)


def curves_beneath(curves: Sequence[Curve], *, ascii_only: bool = False) -> Callable[[Frame], None]:
    """Return what paints curves into a candle chart's frame, their x counting bars from 0."""
    return lambda frame: _paint_curves(frame, curves, ascii_only=ascii_only)


def _paint_curves(frame: Frame, curves: Sequence[Curve], *, ascii_only: bool) -> None:
    """Draw curves, the first on top."""
    drawn = [
        (number, stroke)
        for number, curve in reversed(list(enumerate(curves)))
        for stroke in strokes(_in_dots(frame, _places(curve)), curve.role)
    ]
    _paint(frame, drawn, [curve.role for curve in curves], ascii_only=ascii_only)
    for curve in curves:
        if curve.role in BEADS:
            for x, y in beads(_in_dots(frame, _places(curve))):
                frame.grid.put(*frame.cell_of(x, y), BEADS[curve.role], curve.role)


def curve_chart(
    points: Sequence[tuple[str, float | None]],
    width: int,
    height: int,
    *,
    decimals: int = 1,
    role: str = "line",
    ascii_only: bool = False,
) -> Picture:
    """Return a small chart of named points in even steps, such as a term structure.

    Names stand below their points, values above them where there is room.
    """
    known = [
        (index, y) for index, (_, value) in enumerate(points) if (y := finite(value)) is not None
    ]
    if not known:
        return blank(width, height)
    names = [name for name, _ in points]
    words = [*names, *(value_label(y, decimals) for _, y in known)]
    margin = (max(map(len, words)) + 1) / 2 / max(1, width) * len(points)
    frame = frame_of(
        width, height, xs=(-margin, len(points) - 1 + margin), ys=[y for _, y in known],
        ticks=[Tick(float(index), name) for index, name in enumerate(names)],
        decimals=decimals, side="none",
    )  # fmt: skip
    line = [frame_dot for index, y in known for frame_dot in _in_dots(frame, [(float(index), y)])]
    _paint(frame, [(0, stroke) for stroke in strokes(line)], [role], ascii_only=ascii_only)
    points_at = [(frame.column(float(index)), frame.row(y), y) for index, y in known]
    for column, row, _ in points_at:
        frame.grid.put(column, row, "o" if ascii_only else "●", "strong")
    for column, row, y in points_at:
        _value_beside(frame, column, row, value_label(y, decimals))
    return frame.grid.picture(ascii_only=ascii_only)


def _value_beside(frame: Frame, column: int, row: int, words: str) -> None:
    """Write a point's value where cells are free: above, below, to a side, or two rows off."""
    length, last = len(words), frame.grid.width - len(words)
    middle, right, left = column - length // 2, column + 2, column - 1 - length
    spots = [(middle, row - 1), (middle, row + 1), (right, row), (left, row)]
    for off in (1, 2):
        spots += [(x, y) for y in (row - off, row + off) for x in (left + 1, right - 1)]
    spots += [(x, y) for y in (row - 2, row + 2) for x in (middle, left, right)]
    for wished, at in spots:
        start = max(0, min(wished, last))
        cells = range(max(0, start - 1), min(frame.grid.width, start + length + 1))
        if 0 <= at < frame.height and all(frame.grid.is_free(cell, at) for cell in cells):
            frame.grid.put(start, at, words, "text")
            return


def _places(curve: Curve) -> list[tuple[float, float | None]]:
    """Return a curve's points with a known place; what cannot be drawn is a gap."""
    return [
        (x, finite(y)) for x, y in zip(curve.xs, curve.ys, strict=False) if finite(x) is not None
    ]


def _in_dots(frame: Frame, line: Iterable[tuple[float, float | None]]) -> Iterator[Point | None]:
    """Scale points to the canvas; outside the frame they are gaps."""
    (left, right), (low, high) = frame.xs, frame.ys
    for x, y in line:
        inside = y is not None and left <= x <= right and low <= y <= high
        yield (frame.dot_x(x), frame.dot_y(y)) if y is not None and inside else None


def _paint(
    frame: Frame, drawn: Sequence[Stroke], roles: Sequence[str], *, ascii_only: bool
) -> None:
    """Draw strokes into the frame, the last one on top, each in its role."""
    if not _ready:
        return
    for (column, row), (dots, number) in _pieces.joined(drawn).items():
        cell = _cell(dots, ascii_only=ascii_only)
        frame.grid.put(frame.left + column, frame.height - 1 - row, cell, roles[number])


def _plotted(lines: Sequence[Sequence[Dot]], width: int, height: int) -> list[str]:
    """Let plotext draw lines; return rows of cells. What is no number is a gap."""
    library = _ready[0]
    library.clear_data()
    library.plot_size(width, height)
    library.xlim(0, 2 * width - 1)
    library.ylim(0, 4 * height - 1)
    points = [point for line in lines for point in (*line, _GAP)]
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    library.plot(xs, ys, marker="braille")
    return re.sub(_SGR, "", library.build()).split("\n")[:height]


_pieces = Pieces(_plotted)


def _rule_lines(frame: Frame, rules: Sequence[Rule], *, ascii_only: bool) -> None:
    """Draw levels as rows of dots, as finely placed as the lines themselves."""
    for rule in rules:
        if not rule.drawn or finite(rule.y) is None or not frame.ys[0] <= rule.y <= frame.ys[1]:
            continue
        dot = int(frame.dot_y(rule.y) + 0.5) % 4
        cell = "-" if ascii_only else "⡀⠄⠂⠁"[dot]
        frame.grid.put(frame.left, frame.row(rule.y), cell * frame.width, rule.role)


def _cell(dots: int, *, ascii_only: bool) -> str:
    return _ascii_cell(dots) if ascii_only else chr(BLANK + dots)


@lru_cache(maxsize=256)
def _ascii_cell(bits: int) -> str:
    """Return the ASCII character nearest to a braille cell's shape."""
    left = [level for level, bit in enumerate(LEFT_DOTS) if bits & bit]
    right = [level for level, bit in enumerate(RIGHT_DOTS) if bits & bit]
    levels = left + right
    if not levels:
        return " "
    if max(levels) - min(levels) >= 2:
        lean = (sum(right) / len(right) if right else 0) - (sum(left) / len(left) if left else 0)
        return "|" if not (left and right) or abs(lean) < 1 else "/" if lean > 0 else "\\"
    return "_.-'"[round(sum(levels) / len(levels))]

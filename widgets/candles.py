"""Candles and volume bars, drawn in half and eighth cells: finer than plotext's whole ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from widgets.chart_frame import Frame, Side, frame_of
from widgets.picture import Picture, Rule, Tick, finite

_MOST_STEP = 4
"""Cells a candle may have to itself: a handful of them does not fill a wide screen."""


class Candle(msgspec.Struct, frozen=True):
    """Open, high, low and close of one column."""

    open: float
    high: float
    low: float
    close: float

    @property
    def is_up(self) -> bool:
        """Whether the price did not fall."""
        return self.close >= self.open

    def then(self, later: Candle) -> Candle:
        """Return the candle of both spans together."""
        return Candle(self.open, max(self.high, later.high), min(self.low, later.low), later.close)


def candle_chart(
    opens: Sequence[float | None],
    highs: Sequence[float | None],
    lows: Sequence[float | None],
    closes: Sequence[float | None],
    *,
    width: int,
    height: int,
    rules: Sequence[Rule] = (),
    ticks: Sequence[Tick] = (),
    y_decimals: int = 2,
    y_side: Side = "right",
    ascii_only: bool = False,
    gutter: int = 0,
    x_range: tuple[float, float] | None = None,
    xs: Sequence[float] | None = None,
    beneath: Callable[[Frame], None] | None = None,
    above: Callable[[Frame], None] | None = None,
) -> Picture:
    """Return one candle a column, bars joined where they are more than the columns.

    Rising candles are thin (`+`), falling ones broad (`#`), so that direction is seen without
    colour. A bar with a number missing leaves its place empty. Bars stand side by side, their x
    counted from 0, unless `x_range` and `xs` put them where a line chart has its points.
    `beneath` paints what the candles lie on (`plotting.curves_beneath`), `above` what lies on
    them (`plotting.markers_above`); the other arguments are those of `line_chart`.
    """
    bars = [_candle(*bar) for bar in zip(opens, highs, lows, closes, strict=False)]
    known = [bar for bar in bars if bar is not None]
    frame = frame_of(
        width,
        height,
        xs=x_range or bar_extent(len(bars), width),
        ys=[y for bar in known for y in (bar.low, bar.high)],
        rules=rules,
        ticks=ticks,
        decimals=y_decimals,
        side=y_side,
        gutter=gutter,
    )
    if beneath is not None:
        beneath(frame)
    columns = _joined(bars, frame, xs)
    is_dense = any(column + 1 in columns for column in columns)
    glyphs = _glyphs(ascii_only=ascii_only, is_dense=is_dense)
    for column, candle in columns.items():
        _draw_candle(frame, column, candle, glyphs[candle.is_up])
    if above is not None:
        above(frame)
    return frame.grid.picture(ascii_only=ascii_only)


def bar_extent(count: int, width: int) -> tuple[float, float]:
    """Return the x of the plot's edges when bars, counted from 0, stand side by side."""
    return -0.5, max(count, width / _MOST_STEP, 1) - 0.5


def _candle(
    open_: float | None, high: float | None, low: float | None, close: float | None
) -> Candle | None:
    values = [finite(value) for value in (open_, high, low, close)]
    known = [value for value in values if value is not None]
    if len(known) < 4:
        return None
    return Candle(known[0], max(known), min(known), known[3])


def _joined(
    bars: Sequence[Candle | None], frame: Frame, xs: Sequence[float] | None
) -> dict[int, Candle]:
    """Return the candle of each column that has one."""
    columns: dict[int, Candle] = {}
    for bar, place in zip(bars, _seats(bars, xs), strict=False):
        if bar is not None:
            column = frame.cell(place) if xs is None else frame.column(place)
            earlier = columns.get(column)
            columns[column] = bar if earlier is None else earlier.then(bar)
    return columns


def _glyphs(*, ascii_only: bool, is_dense: bool) -> Mapping[bool, Mapping[str, str]]:
    """Return the cells of candles by whether they rise; close ones must not grow together."""
    if ascii_only:
        return {True: _ASCII_UP, False: _ASCII_DOWN}
    return {True: _UP, False: _DENSE_DOWN if is_dense else _DOWN}


def _draw_candle(frame: Frame, column: int, candle: Candle, glyphs: Mapping[str, str]) -> None:
    top, bottom = _halves(frame, candle.high), _halves(frame, candle.low)
    body = sorted((_halves(frame, candle.open), _halves(frame, candle.close)))
    role = "up" if candle.is_up else "down"
    for row in range(bottom // 2, top // 2 + 1):
        shape = tuple(_part(half, bottom, top, body) for half in (2 * row + 1, 2 * row))
        frame.grid.put(column, frame.height - 1 - row, glyphs["".join(shape)], role)


def _halves(frame: Frame, y: float) -> int:
    """Return how many half rows above the plot's lower edge a price lies."""
    return int(frame.dot_y(y) + 0.5) // 2


def _part(half: int, bottom: int, top: int, body: Sequence[int]) -> str:
    if body[0] <= half <= body[1]:
        return "b"
    return "w" if bottom <= half <= top else " "


_UP = {
    "bb": "┃", "ww": "│", "b ": "╹", " b": "╻", "w ": "╵", " w": "╷", "bw": "╿", "wb": "╽",
}  # fmt: skip
"""(upper half, lower half), each body, wick or nothing, as a cell."""
_DOWN = _UP | {"bb": "█", "b ": "▀", " b": "▄", "bw": "█", "wb": "█"}
_DENSE_DOWN = _UP | {"bb": "▌", "b ": "▘", " b": "▖", "bw": "▌", "wb": "▌"}
_ASCII_UP = {shape: "+" if "b" in shape else "|" for shape in _UP}
_ASCII_DOWN = {shape: "#" if "b" in shape else "|" for shape in _UP}


def volume_bars(
    volumes: Sequence[float | None],
    ups: Sequence[bool | None] | None,
    width: int,
    height: int,
    *,
    x_range: tuple[float, float] | None = None,
    xs: Sequence[float] | None = None,
    y_side: Side = "right",
    ascii_only: bool = False,
    gutter: int = 0,
    label: str = "",
) -> Picture:
    """Return bars of volume from the bottom up, the highest as high as the picture.

    Args:
        volumes: one value a bar, not negative; several of one column are added up.
        ups: direction of each bar, which colours it; quiet where it is None or not given.
        width: cells of a row, the label column included.
        height: rows.
        x_range: the x of the edges, to stand below a line chart; bars side by side, as under
            candles, when not given.
        xs: where each bar stands; its index when not given.
        y_side: where the label column is.
        ascii_only: draw without block characters.
        gutter: width of the label column, that of the chart above.
        label: what stands in the label column beside the highest bar.
    """
    room = 0 if y_side == "none" or gutter > width - 1 else gutter
    frame = Frame.bare(width, height, room, y_side, x_range or bar_extent(len(volumes), width))
    totals, looks = _totals(frame, volumes, ups, xs)
    highest = max(totals.values(), default=0.0)
    if highest > 0:
        for column, total in totals.items():
            eighths = max(1, round(total / highest * frame.height * 8)) if total else 0
            _draw_bar(frame, column, eighths, looks[column], ascii_only=ascii_only)
        if room > len(label):
            start = 0 if y_side == "left" else frame.width + 1
            frame.grid.put(start, 0, label.rjust(room - 1), "axis")
    return frame.grid.picture(ascii_only=ascii_only)


def _totals(
    frame: Frame,
    volumes: Sequence[float | None],
    ups: Sequence[bool | None] | None,
    xs: Sequence[float] | None,
) -> tuple[dict[int, float], dict[int, str]]:
    """Return the volume and the role of each column that has a bar."""
    totals: dict[int, float] = {}
    looks: dict[int, str] = {}
    for index, (volume, place) in enumerate(zip(volumes, _seats(volumes, xs), strict=False)):
        known = finite(volume)
        if known is None or known < 0 or not frame.xs[0] <= place <= frame.xs[1]:
            continue
        column = frame.cell(place) if xs is None else frame.column(place)
        totals[column] = totals.get(column, 0.0) + known
        up = ups[index] if ups is not None and index < len(ups) else None
        looks[column] = "volume" if up is None else "volume_up" if up else "volume_down"
    return totals, looks


def _seats(bars: Sequence[object], xs: Sequence[float] | None) -> Iterator[float]:
    return map(float, range(len(bars)) if xs is None else xs)


def _draw_bar(frame: Frame, column: int, eighths: int, role: str, *, ascii_only: bool) -> None:
    glyphs = " ..::||##" if ascii_only else " ▁▂▃▄▅▆▇█"
    for row in range((eighths + 7) // 8):
        part = min(8, eighths - 8 * row)
        frame.grid.put(column, frame.height - 1 - row, glyphs[part], role)

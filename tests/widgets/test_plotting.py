"""Charts: always of the right size, never failing, and showing what they are given."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from widgets.candles import candle_chart, volume_bars
from widgets.pieces import LEFT_DOTS, LONGEST, RIGHT_DOTS, Cells, Dot, Pieces
from widgets.plotting import (
    Curve,
    Picture,
    Rule,
    Side,
    Tick,
    _pieces,
    _plotted,
    curve_chart,
    drawing_of,
    is_ready,
    line_chart,
    prepare,
    spark_of,
)
from widgets.sparkline import Spark, runs_within
from widgets.strokes import Point, strokes

BLANK_BRAILLE = "\u2800"
wild = st.one_of(
    st.none(),
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([0.0, -0.0, 1e308, -1e308, 5e-324, math.nan, math.inf, -math.inf, 2996.11]),
)
widths = st.integers(0, 90)
heights = st.integers(0, 20)


@pytest.fixture(autouse=True)
def ready() -> None:
    prepare()
    assert is_ready()


def rows(picture: Picture) -> list[str]:
    return ["".join(text for text, _ in row) for row in picture]


def is_sized(picture: Picture, width: int, height: int) -> bool:
    return len(picture) == height and all(cell_len(row) == width for row in rows(picture))


def roles_at(picture: Picture, role: str) -> str:
    return "".join(text for row in picture for text, own in row if own == role)


def sparkline(values: Sequence[float | None], width: int, *, ascii_only: bool = False) -> str:
    return drawing_of(spark_of(values, width, ascii_only=ascii_only))


def dots_of(stroke: Sequence[Point]) -> list[Dot]:
    return [(int(x + 0.5), int(y + 0.5)) for x, y in stroke]


def has_dot(cells: Cells, x: int, y: int) -> bool:
    dots, _ = cells.get((x // 2, y // 4), (0, 0))
    return bool(dots & (LEFT_DOTS, RIGHT_DOTS)[x % 2][y % 4])


class TestSparkline:
    def test_it_rises_from_the_oldest_value_to_the_newest(self) -> None:
        assert sparkline([1, 2, 3, 4], 2) == "⡠⠊"
        assert sparkline([4, 3, 2, 1], 2) == "⠑⢄"

    def test_a_constant_is_a_line_in_the_middle(self) -> None:
        assert sparkline([5.0] * 9, 4) in {"⠒⠒⠒⠒", "⠤⠤⠤⠤"}

    def test_what_cannot_be_drawn_is_a_gap(self) -> None:
        values = [1.0, None, math.nan, 2.0, 1e300, -math.inf, 3.0]
        assert spark_of(values, 11).levels == (0, None, None, 2, None, None, 3)
        assert spark_of([None, 1.0, math.nan], 11).levels == ()

    def test_a_gap_stays_a_gap(self) -> None:
        drawn = sparkline([1, 1, 1, None, None, None, 1, 1, 1, 2], 5)
        assert drawn[2] == " "
        assert drawn.strip() == drawn

    def test_one_point_none_and_nothing_finite_are_blank(self) -> None:
        for values in ([], [1.0], [None, None], [1.0, math.nan], [1e308, -1e308]):
            assert sparkline(values, 6) == " " * 6

    def test_long_series_end_with_their_newest_value(self) -> None:
        falling = sparkline([*([1.0] * 500), 0.0], 10)
        assert falling[-1] != falling[-2]

    def test_ascii(self) -> None:
        assert sparkline([1, 2, 3, 4] * 4, 8, ascii_only=True).isascii()

    def test_its_cells_are_told_apart_by_a_band(self) -> None:
        values = [1.0, 1.0, 3.0, 3.0, None, None, 2.0, 9.0]
        assert runs_within(values, 4, (2.0, 4.0)) == [(1, False), (2, True), (1, False)]
        assert runs_within(values, 4, (None, 4.0)) == [(3, True), (1, False)]
        assert runs_within([], 3, (2.0, None)) == [(3, False)]

    @given(st.lists(wild, max_size=80), st.integers(0, 60), st.booleans())
    def test_it_has_its_width_whatever_comes(
        self, values: list[float | None], width: int, ascii_only: bool
    ) -> None:
        drawn = sparkline(values, width, ascii_only=ascii_only)
        assert cell_len(drawn) == len(drawn) == width
        assert BLANK_BRAILLE not in drawn

    @given(st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=2, max_size=40))
    def test_the_pieces_are_what_plotext_makes_of_the_whole_line(
        self, levels: list[int | None]
    ) -> None:
        width = 20
        along = (2 * width - 1) / (len(levels) - 1)
        line = ((n * along, float(y)) if y is not None else None for n, y in enumerate(levels))
        (whole,) = _plotted([dots_of(stroke) for stroke in strokes(line)], width, 1)
        drawn = drawing_of(Spark(tuple(levels), width, ascii_only=False))
        assert drawn == whole.replace(BLANK_BRAILLE, " ")

    def test_before_plotext_is_there_it_is_blank(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("widgets.plotting._ready", [])
        assert not is_ready()
        assert sparkline([1, 2, 3], 5) == "     "
        chart = line_chart([Curve((0, 1), (1, 2))], 30, 5)
        assert is_sized(chart, 30, 5)
        assert roles_at(chart, "line") == ""
        assert "2" in roles_at(chart, "axis")


def straight(count: int = 60) -> Curve:
    return Curve(tuple(map(float, range(count))), tuple(2900.0 + n for n in range(count)))


class TestPieces:
    WIDTH, HEIGHT = 60, 12

    def drawn(self, cells: Cells) -> list[str]:
        places = [(x, self.HEIGHT - 1 - y) for y in range(self.HEIGHT) for x in range(self.WIDTH)]
        text = "".join(chr(0x2800 + cells.get(place, (0, 0))[0]) for place in places)
        return [text[n : n + self.WIDTH] for n in range(0, len(text), self.WIDTH)]

    @pytest.mark.parametrize("way", [1, -1], ids=["to the right", "to the left"])
    def test_a_line_of_short_ways_is_what_plotext_makes_of_the_whole(self, way: int) -> None:
        dice, y, line = Random(1), 20, list[Point]()
        for x in range(0, 2 * self.WIDTH, 2):
            y = max(0, min(y + dice.randint(-LONGEST, LONGEST), 4 * self.HEIGHT - 1))
            line.append((float(x), float(y)))
        whole = _plotted([dots_of(line[::way])], self.WIDTH, self.HEIGHT)
        joined = self.drawn(_pieces.joined([(0, line[::way])]))
        assert joined == [row.replace(" ", BLANK_BRAILLE) for row in whole]

    @pytest.mark.parametrize("end", [(99, 7), (99, 47), (3, 47), (40, 0)])
    def test_every_dot_of_a_long_way_is_within_two_of_the_straight_line(
        self, end: tuple[int, int]
    ) -> None:
        right, up = end
        cells = _pieces.joined([(0, [(0.0, 0.0), (float(right), float(up))])])
        dots = [(x, y) for x in range(right + 1) for y in range(up + 1) if has_dot(cells, x, y)]
        assert len(dots) == max(right, up) + 1, "one in each column or row"
        assert all(abs(x * up - y * right) < 2 * max(right, up) for x, y in dots)

    def test_of_lines_that_cross_the_last_one_shows(self) -> None:
        level, steep = [(0.0, 1.0), (9.0, 1.0)], [(4.0, 0.0), (4.0, 7.0)]
        cells = _pieces.joined([(5, level), (6, steep)])
        assert {place: number for place, (_, number) in cells.items()} == {
            (0, 0): 5, (1, 0): 5, (3, 0): 5, (4, 0): 5, (2, 0): 6, (2, 1): 6
        }  # fmt: skip

    def test_what_was_drawn_once_is_not_drawn_again_elsewhere(self) -> None:
        asked: list[int] = []

        def draw(lines: Sequence[Sequence[Dot]], width: int, height: int) -> list[str]:
            asked.append(len(lines))
            return _plotted(lines, width, height)

        pieces = Pieces(draw)
        line = [(0.0, 0.0), (3.0, 2.0), (6.0, 4.0), (9.0, 12.0)]
        pieces.joined([(0, line)])
        assert sum(asked) == 2, "a way of (3, 2), twice, and one of (3, 8)"
        pieces.joined([(0, [(x + 5, y + 7) for x, y in line])])
        assert sum(asked) == 2


class TestLineChart:
    def test_the_line_fills_the_plot_from_corner_to_corner(self) -> None:
        drawn = rows(line_chart([straight()], 40, 10, y_side="none"))
        assert drawn[0][-1] != " "
        assert drawn[-1][0] != " "
        assert drawn[0][0] == drawn[-1][-1] == " "

    def test_values_stand_right_of_the_plot_with_separators(self) -> None:
        drawn = rows(line_chart([straight(400)], 60, 12))
        assert any(row.endswith("3,000") for row in drawn)

    def test_values_can_stand_at_the_left(self) -> None:
        drawn = rows(line_chart([straight(400)], 60, 12, y_side="left"))
        assert any(row.startswith("3,000 ") for row in drawn)

    def test_each_curve_keeps_its_role_and_the_first_lies_on_top(self) -> None:
        flat = Curve((0.0, 59.0), (2930.0, 2930.0), "compare")
        both = line_chart([straight(), flat], 40, 10)
        assert roles_at(both, "line").strip(BLANK_BRAILLE)
        assert roles_at(both, "compare")
        alone = line_chart([straight()], 40, 10)
        assert len(roles_at(both, "line")) == len(roles_at(alone, "line"))

    def test_a_missing_stretch_is_an_empty_stretch(self) -> None:
        ys = tuple(None if 20 <= n < 40 else 5.0 + n % 2 for n in range(60))
        drawn = rows(line_chart([Curve(tuple(map(float, range(60))), ys)], 30, 4, y_side="none"))
        assert all(row[11:19] == " " * 8 for row in drawn)
        assert any(row[:9].strip() for row in drawn)
        assert any(row[21:].strip() for row in drawn)

    def test_a_rule_runs_across_and_is_in_the_range(self) -> None:
        chart = line_chart([straight()], 50, 10, rules=[Rule(2880.0, "previous", "2,880.00")])
        assert len(roles_at(chart, "previous").replace("2,880.00", "").strip()) == 50 - 9
        assert rows(chart)[-1].endswith("2,880.00")

    def test_a_label_without_a_line(self) -> None:
        chart = line_chart([straight()], 50, 10, rules=[Rule(2930.0, "strong", "2,930.00", False)])
        assert roles_at(chart, "strong").strip() == "2,930.00"

    def test_ticks_stand_on_the_last_row_and_are_never_cut(self) -> None:
        ticks = [Tick(float(n), f"{n:02d}:00") for n in range(0, 60, 2)]
        last = rows(line_chart([straight()], 60, 8, ticks=ticks))[-1]
        words = last.split()
        assert len(words) > 4
        assert all(len(word) == 5 for word in words)

    def test_the_range_can_be_wider_than_the_data(self) -> None:
        drawn = rows(line_chart([straight(30)], 42, 6, x_range=(0, 59), y_side="none"))
        assert all(row[22:].strip() == "" for row in drawn)

    def test_points_outside_the_range_are_left_out(self) -> None:
        chart = line_chart([straight()], 42, 6, x_range=(100, 200))
        assert roles_at(chart, "line") == ""

    def test_percent(self) -> None:
        curve = Curve((0.0, 1.0, 2.0), (-0.2, 0.0, 0.2))
        assert "+20 %" in roles_at(line_chart([curve], 40, 8, percent=True), "axis")

    def test_a_gutter_aligns_charts(self) -> None:
        small = rows(line_chart([Curve((0.0, 1.0), (1.0, 9.0))], 40, 8, gutter=12))
        assert all(row[28:30] == "  " for row in small)

    def test_a_narrow_chart_gives_up_its_labels_not_its_shape(self) -> None:
        chart = line_chart([straight(400)], 10, 6)
        assert is_sized(chart, 10, 6)
        assert roles_at(chart, "axis") == ""

    def test_ascii(self) -> None:
        curve = Curve((0.0, 1.0, 2.0), (-0.2, 0.0, 0.2))
        chart = line_chart([curve], 40, 8, percent=True, rules=[Rule(0.1)], ascii_only=True)
        assert all(row.isascii() for row in rows(chart))

    @given(
        st.lists(st.tuples(wild, wild), max_size=60),
        st.lists(wild, max_size=30),
        widths,
        heights,
        wild,
        st.sampled_from(["left", "right", "none"]),
        st.booleans(),
        st.one_of(st.none(), st.tuples(st.floats(), st.floats())),
    )
    def test_it_has_its_size_whatever_comes(  # noqa: PLR0917
        self,
        points: list[tuple[float | None, float | None]],
        more: list[float | None],
        width: int,
        height: int,
        level: float | None,
        side: Side,
        ascii_only: bool,
        x_range: tuple[float, float] | None,
    ) -> None:
        xs = tuple(math.nan if x is None else x for x, _ in points)
        curves = [
            Curve(xs, tuple(y for _, y in points)),
            Curve(tuple(map(float, range(len(more)))), tuple(more), "compare"),
        ]
        rule = Rule(math.nan if level is None else level, label="level")
        chart = line_chart(
            curves,
            width,
            height,
            rules=[rule],
            ticks=[Tick(0.0, "10:00"), Tick(math.nan, "bad"), Tick(3.0, "a long label indeed")],
            y_side=side,
            ascii_only=ascii_only,
            x_range=x_range,
        )
        assert is_sized(chart, width, height)


def bars(count: int) -> tuple[list[float], list[float], list[float], list[float]]:
    opens = [100.0 + n for n in range(count)]
    closes = [o + (1.5 if n % 2 else -1.5) for n, o in enumerate(opens)]
    return opens, [o + 3 for o in opens], [o - 3 for o in opens], closes


class TestCandles:
    def test_direction_is_seen_without_colour(self) -> None:
        chart = candle_chart(*bars(10), width=60, height=12)
        assert set(roles_at(chart, "up")) <= set("┃│╹╻╵╷╿╽")
        assert {"█"} <= set(roles_at(chart, "down")) | set("▀▄")
        assert not set(roles_at(chart, "up")) & set("█▀▄")

    def test_close_candles_do_not_grow_together(self) -> None:
        chart = candle_chart(*bars(45), width=60, height=12)
        assert not set(roles_at(chart, "down")) & set("█▀▄")

    def test_one_column_a_bar_while_there_is_room(self) -> None:
        chart = candle_chart(*bars(20), width=60, height=12, y_side="none")
        columns = {c for row in rows(chart) for c, text in enumerate(row) if text != " "}
        assert len(columns) == 20

    def test_more_bars_than_columns_are_joined(self) -> None:
        opens, highs, lows, closes = bars(500)
        chart = rows(candle_chart(opens, highs, lows, closes, width=50, height=12, y_side="none"))
        columns = {c for row in chart for c, text in enumerate(row) if text != " "}
        assert len(columns) == 50

    def test_an_unknown_bar_leaves_its_place_empty(self) -> None:
        opens, highs, lows, closes = (list[float | None](column) for column in bars(10))
        closes[4] = None
        chart = rows(candle_chart(opens, highs, lows, closes, width=40, height=8, y_side="none"))
        columns = {c for row in chart for c, text in enumerate(row) if text != " "}
        assert len(columns) == 9

    def test_candles_can_stand_where_a_line_has_its_points(self) -> None:
        places = (0.0, 25.0, 75.0)
        chart = candle_chart(
            *bars(3), width=50, height=8, y_side="none", x_range=(0.0, 100.0), xs=places
        )
        columns = {c for row in rows(chart) for c, text in enumerate(row) if text != " "}
        line = line_chart(
            [Curve(places[n : n + 1] * 2, (1.0, 2.0)) for n in range(3)],
            50,
            8,
            y_side="none",
            x_range=(0.0, 100.0),
        )
        assert columns == {
            c for row in rows(line) for c, text in enumerate(row) if text.strip("\u2800 ")
        }

    @given(st.lists(st.tuples(wild, wild, wild, wild), max_size=60), widths, heights, st.booleans())
    def test_it_has_its_size_whatever_comes(
        self,
        values: list[tuple[float | None, ...]],
        width: int,
        height: int,
        ascii_only: bool,
    ) -> None:
        columns: Sequence[Sequence[float | None]] = [[bar[n] for bar in values] for n in range(4)]
        opens, highs, lows, closes = columns
        chart = candle_chart(
            opens, highs, lows, closes, width=width, height=height, ascii_only=ascii_only
        )
        assert is_sized(chart, width, height)
        assert not ascii_only or all(row.isascii() for row in rows(chart))


class TestVolume:
    def test_the_highest_bar_fills_the_height_and_others_their_share(self) -> None:
        drawn = rows(volume_bars([4.0, 1.0, 2.0, 0.0], None, 8, 2, y_side="none"))
        assert drawn == [" █      ", " █ ▄ █  "]

    def test_directions_are_roles(self) -> None:
        chart = volume_bars([1.0, 1.0, 1.0], [True, False, None], 12, 1)
        assert [role for row in chart for text, role in row if text.strip()] == [
            "volume_up",
            "volume_down",
            "volume",
        ]

    def test_the_label_stands_in_the_gutter(self) -> None:
        drawn = rows(volume_bars([1.0, 2.0], None, 30, 2, gutter=8, label="1.2M"))
        assert drawn[0].endswith("    1.2M")

    @given(st.lists(wild, max_size=60), widths, heights, st.integers(0, 20), st.booleans())
    def test_it_has_its_size_whatever_comes(
        self, volumes: list[float | None], width: int, height: int, gutter: int, ascii_only: bool
    ) -> None:
        chart = volume_bars(volumes, None, width, height, gutter=gutter, ascii_only=ascii_only)
        assert is_sized(chart, width, height)


class TestCurve:
    def test_points_are_named_and_valued(self) -> None:
        chart = rows(curve_chart([("9D", 12.4), ("30D", 16.2), ("3M", 19.0), ("6M", 21.5)], 40, 9))
        assert chart[-1].split() == ["9D", "30D", "3M", "6M"]
        text = "\n".join(chart)
        assert text.count("●") == 4
        assert all(value in text for value in ("12.4", "16.2", "19.0", "21.5"))

    @pytest.mark.parametrize("shape", [(10, 13, 16, 17.5), (30, 26, 24, 23), (15, 16, 14, 21)])
    def test_every_value_finds_a_place_beside_its_point(self, shape: tuple[float, ...]) -> None:
        points = list(zip(("9D", "30D", "3M", "6M"), shape, strict=True))
        for width, height in ((52, 4), (60, 5), (64, 6), (64, 9), (64, 12)):
            text = "\n".join(rows(curve_chart(points, width, height)))
            missing = [f"{value:.1f}" for value in shape if f"{value:.1f}" not in text]
            assert not missing, (width, height)

    def test_a_missing_point_keeps_its_name(self) -> None:
        chart = rows(curve_chart([("9D", 12.4), ("30D", None), ("3M", 19.0)], 40, 9))
        assert chart[-1].split() == ["9D", "30D", "3M"]
        assert "\n".join(chart).count("●") == 2

    @given(st.lists(st.tuples(st.sampled_from(["9D", "30D", ""]), wild)), widths, heights)
    def test_it_has_its_size_whatever_comes(
        self, points: list[tuple[str, float | None]], width: int, height: int
    ) -> None:
        assert is_sized(curve_chart(points, width, height), width, height)


def test_importing_the_charts_and_the_board_imports_nothing_heavy() -> None:
    code = (
        "import sys, widgets.plotting, widgets.board\n"
        "print([m for m in ('plotext', 'numpy', 'pandas', 'httpx') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_no_series_ends_the_process_or_fails() -> None:
    """In a process of its own: a library that aborts would take the tests with it."""
    code = """
from math import inf, nan
from random import Random
from widgets.candles import candle_chart
from widgets.plotting import Curve, curve_chart, drawing_of, line_chart, prepare, spark_of
prepare()
hostile = (nan, inf, -inf, 1e308, -1e308, 1e15, 5e-324, -0.0, 2996.11, None)
random = Random(1)
given = [(), (5.0,), (5.0,) * 9, (nan,) * 9, (1.0, nan, 3.0), (1e308, -1e308), (None, None, 1.0)]
given += [tuple(random.choices(hostile, k=random.randrange(40))) for _ in range(40)]
for ys in given:
    xs = tuple(map(float, range(len(ys))))
    assert len(drawing_of(spark_of(ys, 20))) == 20, ys
    assert len(line_chart([Curve(xs, ys)], 40, 8)) == 8, ys
    assert len(curve_chart([("", y) for y in ys], 40, 8)) == 8, ys
    assert len(candle_chart(ys, ys, ys, ys, width=40, height=8)) == 8, ys
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")

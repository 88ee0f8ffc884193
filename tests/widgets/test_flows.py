"""Fund flows as they look: the table, the chart of one fund, the line, bars up and down."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from market.funds import FUNDS
from market.health import Look, Trouble
from market.quotes import Key, Kind
from market.reports import ErrorKind
from market.sessions import session_of
from market.snapshot import Mode, Snapshot, empty_snapshot
from tests.clocks import THURSDAY_AFTERNOON as NOW
from tests.widgets.funds import TOLD, with_flows
from widgets.board import Row
from widgets.flow_mark import flow_freshness, flow_mark, flows_mark
from widgets.flows import line_of, view_of
from widgets.flows_chart import chart_lines, chart_view
from widgets.flows_table import COLUMNS, cumulative, flow_rows, sessions_of
from widgets.lines import width_of
from widgets.picture import Tick
from widgets.signed_bars import signed_bars
from widgets.strips import MISSING, money

SIZES = [(116, 20), (78, 9), (40, 5), (20, 3), (8, 1), (0, 0)]


@cache
def picture(mode: Mode = Mode.LIVE) -> Snapshot:
    return with_flows(empty_snapshot(NOW, mode))


def failing(symbol: str) -> Snapshot:
    trouble = Trouble(ErrorKind.LIMITED, "State Street says there were too many", "ssga", NOW)
    return replace(picture(), troubles={Key(Kind.FUND, symbol): trouble})


def row_of(symbol: str, snapshot: Snapshot) -> dict[str, str]:
    (row,) = [row for row in flow_rows(snapshot) if row.key == symbol]
    return words_of(row)


def words_of(row: Row) -> dict[str, str]:
    cells = zip(COLUMNS, row.cells, strict=True)
    return {column.id: cell.text for column, cell in cells}


def text(lines: object) -> list[str]:
    assert isinstance(lines, (list, tuple))
    return ["".join(run for run, _ in line) for line in lines]


# The table


def test_every_fund_has_a_row_that_shows_or_says_why_not() -> None:
    rows = flow_rows(failing("XOP"))
    assert [row.key for row in rows] == [fund.symbol for fund in FUNDS]
    assert [row.key for row in rows if not row.notes] == [
        f.symbol for f in FUNDS if f.symbol in TOLD
    ]
    notes = {row.key: row.notes[0] for row in rows if row.notes}
    assert notes["XOP"] == "State Street says there were too many"
    assert notes["KRE"] == "waiting for data"
    assert all(len(row.cells) == len(COLUMNS) for row in rows)


def test_a_row_agrees_with_the_readings() -> None:
    row, readings = row_of("IWM", picture()), picture().readings
    for window in (1, 5, 20):
        value = readings[f"iwm.flow.{window}d"].value
        assert isinstance(value, float)
        assert row[f"dollars.{window}d"] == money(value, with_sign=True)
    assert row["day"] == "1 Jul"
    assert row["source"] == "demo"
    assert int(row["known"]) > 390


def test_what_is_recorded_says_how_far_it_has_come() -> None:
    row = row_of("ARTY", picture())
    assert row["dollars.20d"] == row["share.20d"] == row["percentile"] == MISSING
    assert row["dollars.5d"] != MISSING
    assert row["marks"].startswith("collecting, 12 of 20 days")
    widths = {column.id: column.width for column in COLUMNS}
    assert widths["marks"] >= len("collecting, 19 of 20 days")


def test_a_failing_fund_is_dimmed_and_a_late_one_too() -> None:
    (failed,) = [row for row in flow_rows(failing("XBI")) if row.key == "XBI"]
    assert failed.dim
    assert flow_mark(failing("XBI"), "XBI").look is Look.FAILING
    later = picture().at(session_of(date(2026, 7, 10)).close)
    assert flow_freshness(later, "IWM").look is Look.LATE
    assert "3 sessions" in flow_freshness(later, "IWM").reason
    assert flows_mark(later).look is Look.LATE


def test_marks_say_source_and_day() -> None:
    assert flow_mark(picture(), "IWM").text == "demo Wed 16:00"
    assert flows_mark(picture(Mode.DEMO)).text == "DEMO Wed 16:00"
    assert flows_mark(empty_snapshot(NOW)).look is Look.ABSENT


def test_the_cumulative_line_has_gaps_where_no_count_is() -> None:
    study = picture().studies.flows
    assert study is not None
    for found in study.funds.values():
        path, days = cumulative(found, 60), sessions_of(found, 60)
        assert len(path) == len(days) <= 60
        shown = [each for each in found.ledger.creations if each.day in days]
        assert sum(value is not None for value in path) == len(shown)
        assert path[-1] == pytest.approx(sum(each.dollars for each in shown))


# The chart and the line


@pytest.mark.parametrize("symbol", [*TOLD, "KRE", ""])
@pytest.mark.parametrize("window", ["1D", "YTD", "1Y"])
def test_the_chart_fits_whatever_room_there_is(symbol: str, window: str) -> None:
    view = chart_view(picture(), symbol or "IWM", window)
    for width, height in SIZES:
        for ascii_only in (False, True):
            lines = chart_lines(view, width, height, ascii_only=ascii_only)
            assert len(lines) <= height
            assert all(width_of(line) <= width for line in lines)


def test_the_chart_says_what_it_is_of_and_what_is_doubtful() -> None:
    lines = text(chart_lines(chart_view(picture(), "IWM", "3M"), 116, 20))
    assert lines[0].startswith("IWM $m a session   sum ")
    assert "in 63d" in lines[0]
    assert "left out: too large a change" in lines[-1]
    assert any("█" in line for line in lines)
    assert chart_view(picture(), "IWM", "3M") == chart_view(picture(), "IWM", "1D")
    (absent,) = text(chart_lines(chart_view(failing("KRE"), "KRE", "1D"), 80, 1))
    assert "too many" in absent


def test_the_line_names_the_windows_and_drops_the_least_first() -> None:
    (wide,) = text([line_of(view_of(picture()), 196)])
    assert wide.startswith(" IWM flows   1d ")
    assert "20d percentile " in wide
    assert wide.index("1d ") < wide.index("5d ") < wide.index("20d ")
    (narrow,) = text([line_of(view_of(picture()), 40)])
    assert "1d " in narrow
    assert len(narrow) <= 40
    nothing = replace(failing("IWM"), documents={}, readings={})
    (said,) = text([line_of(view_of(nothing), 196)])
    assert said == " IWM flows   State Street says there were too many"


# Bars and dollars


def test_bars_rise_above_zero_and_fall_below_it() -> None:
    rows = text(signed_bars([2.0, -2.0, None, 0.5], 16, 5, y_side="none"))
    assert rows == [
        "███             ",
        "███             ",
        "▀▀▀─▄▄▄─────▀▀▀─",
        "    ███         ",
        "    ███         ",
    ]
    assert text(signed_bars([1.0, -1.0], 8, 2, y_side="none", ascii_only=True))[0] == "'''-...-"


def test_no_bar_is_cut_wherever_zero_falls() -> None:
    rows = text(signed_bars([0.55, -0.33, -0.45, -0.20], 16, 13, y_side="none"))
    halves = [sum(2 if row[n] == "█" else row[n] in "▀▄" for row in rows) for n in (0, 4, 8, 12)]
    assert halves == [13, 8, 11, 5]
    assert all(len(set(row)) > 1 for row in rows[1:]), "of the rows no more than one stays empty"


def test_bars_are_added_up_where_they_are_more_than_cells() -> None:
    ticks = [Tick(0.0, "a"), Tick(99.0, "z")]
    rows = text(signed_bars([1.0] * 100, 30, 6, ticks=ticks))
    assert rows[-1].startswith("a")
    assert rows[2].endswith(" 2"), "five sessions a bar, so that it is as high as 5"


@given(
    st.lists(st.none() | st.floats(allow_nan=True, allow_infinity=True), max_size=40),
    st.integers(0, 50),
    st.integers(0, 12),
)
def test_bars_of_any_numbers_are_a_picture_of_the_size(
    values: list[float | None], width: int, height: int
) -> None:
    rows = text(signed_bars(values, width, height, ticks=[Tick(0.0, "Jul")]))
    assert [len(row) for row in rows] == [width] * height


@pytest.mark.parametrize(
    ("value", "shown", "with_sign"),
    [
        (80.26e9, "$80.26bn", "+$80.26bn"),
        (-2.913e9, "−$2.91bn", "−$2.91bn"),
        (205e6, "$205m", "+$205m"),
        (999.6e6, "$1.00bn", "+$1.00bn"),
        (3.44e6, "$3.4m", "+$3.4m"),
        (-12_000.0, "$0", "$0"),
        (163e9, "$163bn", "+$163bn"),
        (None, MISSING, MISSING),
        (float("nan"), MISSING, MISSING),
    ],
)
def test_dollars_in_few_cells(value: float | None, shown: str, with_sign: str) -> None:
    assert (money(value), money(value, with_sign=True)) == (shown, with_sign)

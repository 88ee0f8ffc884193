"""The quote panel and the chart panel's header line."""

from __future__ import annotations

import math

import pytest
from msgspec.structs import replace

from tests.widgets.censuses import counted
from tests.widgets.numbers import assert_good_at_all_sizes
from tests.widgets.pictures import MONDAY_MORNING, empty, failing, late, picture
from widgets.chart_view import chart_view
from widgets.lines import text_of, width_of
from widgets.price_chart import SPANS, header
from widgets.price_chart import paint as paint_chart
from widgets.quote_card import paint
from widgets.quote_place import FIGURES, Place, place_lines
from widgets.quote_view import QuoteView, session_range, view_of
from widgets.values import WINDOWS, Value


def told(view: QuoteView, width: int = 60, height: int = 40) -> str:
    return "\n".join(text_of(line).rstrip() for line in paint(view, width, height))


def test_all_that_is_known_of_a_fund() -> None:
    words = told(view_of(picture(), "XBI"))
    for word in (
        "SPDR S&P Biotech", "121.47", "Open", "Prev. close", "Day", "Volume",
        "Rel. volume", "50d mean", "from 200d", "52w", "Drawdown", "YTD", "vs RUT", "14:32 ET",
    ):  # fmt: skip
        assert word in words


def test_a_print_outside_regular_hours_says_when_it_was_struck() -> None:
    view = view_of(picture(MONDAY_MORNING), "XBI")
    (line,) = [line for line in told(view).splitlines() if line.startswith("pre ")]
    assert line.endswith(" %  08:09")
    (narrow,) = [line for line in told(view, 20).splitlines() if line.startswith("pre ")]
    assert narrow.endswith(" %"), "the time leaves first"


def test_the_index_is_not_compared_with_itself() -> None:
    assert "vs RUT" not in told(view_of(picture(), "^RUT"))


def test_values_that_are_missing_say_why() -> None:
    view = view_of(picture(), "XBI")
    assert view.traded is not None
    lost = replace(view, traded=(view.traded[0], Value(reason="fewer than 20 sessions are known")))
    assert told(lost).splitlines()[-1] == "Rel. volume: fewer than 20 sessions are known"
    assert told(lost, 24).endswith("Rel. volume: fewer than\n20 sessions are known")


def test_an_index_has_no_rows_for_a_volume_that_nobody_gives() -> None:
    assert "olume" not in told(view_of(picture(), "^RVX"))
    assert "Volume" in told(view_of(picture(), "XBI"))


def test_a_group_has_no_rows_for_what_no_group_has() -> None:
    snapshot = counted()
    assert snapshot.census is not None
    view = view_of(snapshot, snapshot.census.groups[0].symbol)
    known = replace(view, last=Value(104.0), why="", opening=(("Prev. close", Value(103.0)),))
    words = told(known)
    assert "Prev. close" in words
    for word in ("Open", "High", "Low", "olume", view.symbol):
        assert word not in words
    assert ("Open" not in dict(view.opening), view.traded, view.name) == (True, None, "")


def test_an_unknown_symbol_says_why_and_nothing_else_twice() -> None:
    view = view_of(picture(), "ZZZQ")
    words = told(view)
    assert view.why
    assert words.count(view.why[:30]) == 1


def test_prints_outside_regular_hours_stand_below_the_close() -> None:
    assert "pre 298.02" in told(view_of(picture(MONDAY_MORNING), "IWM"))
    assert "pre" not in told(view_of(picture(), "IWM")).split("Open")[0]


def test_late_and_failing_values_are_dimmed_and_kept() -> None:
    for snapshot in (late(), failing()):
        runs = [run for line in paint(view_of(snapshot, "IWM"), 60, 40) for run in line]
        assert ("295.80", "late") in runs


def test_no_size_cuts_a_number() -> None:
    for snapshot, symbol in ((picture(), "XBI"), (picture(), "ZZZQ"), (empty(), "IWM")):
        view = replace(view_of(snapshot, symbol), name="")
        assert_good_at_all_sizes(lambda width, height, v=view: paint(v, width, height))


def test_the_header_marks_the_span_and_tells_its_change() -> None:
    line = header(chart_view(picture(), "IWM", "1Y"), 90)
    assert [t for t, role in line if role == "accent"] == ["1Y"]
    assert all(span in text_of(line) for span in SPANS)
    assert "H " in text_of(line)


def test_the_header_names_both_when_compared() -> None:
    line = text_of(header(chart_view(picture(), "XBI", "1Y", compare=True), 90))
    assert "XBI +" in line
    assert "RUT +" in line


def test_the_header_fits_any_width() -> None:
    view = chart_view(picture(), "IWM", "6M", averages=True)
    for width in range(1, 120):
        assert width_of(header(view, width)) <= max(width, len(view.span))
    assert len(paint_chart(view, 60, 12)) == 12


@pytest.mark.parametrize("width", [20, 30, 40, 60, 90])
def test_a_range_of_closes_says_so_at_its_place(width: int) -> None:
    view = view_of(picture(), "XBI")
    assert not view.year.position.reason
    assert "close" not in told(view, width).replace("Prev. close", "")
    position = replace(view.year.position, reason="closing basis")
    closes = replace(view, year=replace(view.year, position=position))
    line = next(line for line in told(closes, width).splitlines() if line.startswith("52w"))
    assert line.endswith(" % by closes")
    assert_good_at_all_sizes(lambda w, h: paint(replace(closes, name=""), w, h))


@pytest.mark.parametrize("width", [32, 36, 44, 56])
def test_session_and_year_are_bars_of_one_length_at_one_place(width: int) -> None:
    lines = told(view_of(picture(), "XBI"), width).splitlines()
    day, year = (next(line for line in lines if line.startswith(name)) for name in ("Day", "52w"))
    assert (day.index("├"), day.index("┤")) == (year.index("├"), year.index("┤"))
    assert len(day) == len(year) <= width
    assert not any(line.startswith("High") for line in lines)


def test_without_room_for_bars_the_ends_of_the_session_are_figures() -> None:
    words = told(view_of(picture(), "XBI"), 26)
    assert "├" not in words
    for name in ("High", "Low", "52w"):
        assert name in words


@pytest.mark.parametrize(
    ("low", "high", "position"),
    [(10.0, 20.0, 0.5), (15.0, 20.0, 0.0), (15.0, 15.0, None), (None, 20.0, None), (16.0, 20.0, 0)],
)
def test_the_place_within_the_session(
    low: float | None, high: float | None, position: float | None
) -> None:
    assert session_range(Value(15.0), Value(low), Value(high)).position.number == position


def test_all_windows_stand_below_each_other_where_there_is_room_for_them() -> None:
    view = view_of(picture(), "XBI")
    lines = told(view, 36, 30).splitlines()
    at = next(n for n, line in enumerate(lines) if "Return %" in line)
    assert [line.split()[0] for line in lines[at + 1 : at + 9]] == list(WINDOWS)
    assert len({len(line) for line in lines[at : at + 9]}) == 1
    assert len(lines) <= 30
    low = told(view, 36, 20)
    assert "Return  " in low
    assert "8W" not in low
    assert "8W" in told(view, 80, 20)


@pytest.mark.parametrize("width", [32, 36, 44, 56, 96])
def test_a_mean_and_the_distance_from_it_are_neighbours(width: int) -> None:
    lines = told(view_of(picture(), "XBI"), width).splitlines()
    at = next(n for n, line in enumerate(lines) if "50d mean" in line)
    assert "from 50d" in " ".join(lines[at : at + 2])


def test_with_few_rows_the_ranges_stay_rather_than_the_means() -> None:
    view = view_of(picture(), "XBI")
    assert "mean" not in told(view, 56, 7)
    assert [line.split()[0] for line in told(view, 56, 7).splitlines()[-3:]] == [
        "Day", "52w", "Drawdown"
    ]  # fmt: skip
    assert "200d mean" in told(view, 56, 9)


def test_the_tracker_and_the_index_say_how_near_they_are() -> None:
    wide = Value(-0.0031, reason="outside the usual 20 basis points")
    place = Place({}, Value(), tracking=(wide, Value(0.00001), Value(0.00066)))
    assert [text_of(line) for line in place_lines(place, 80)] == [
        "IWM less RUT −31.0 bp  63d mean +0.1 bp  deviation 6.6 bp",
        "outside the usual 20 basis points",
    ]
    assert place_lines(Place({}, Value(), tracking=(Value(), Value(), Value())), 80) == []
    assert len(view_of(picture(), "^RUT").place.tracking) == 3
    assert view_of(picture(), "XBI").place.tracking == ()


@pytest.mark.parametrize(("dollars", "is_thin"), [(9e5, True), (2e6, False)])
def test_a_thin_member_tells_its_median_idle_days_and_spread_proxies(
    dollars: float, is_thin: bool
) -> None:
    known = {
        "weight": 0.001, "dollar_volume": dollars, "median_dollar_volume": 4e5, "turnover": 0.004,
        "amihud": 0.0015, "idle_share": 0.1, "spread.corwin_schultz": 0.0112,
        "momentum.21d": 0.031, "momentum.12_1": -0.2,
    }  # fmt: skip
    figures = {name: Value(known.get(name)) for name in FIGURES}
    words = " ".join(text_of(line) for line in place_lines(Place(figures, Value()), 200))
    assert ("median 400K" in words) == is_thin
    for part in (
        "turnover 0.400 %", "Amihud 15 bp per $1M", "idle days 10 %", "spread proxies 112 bp / —",
        "momentum vs RUT 21d +3.1 %", "12−1 momentum −20.0 %",
    ):  # fmt: skip
        assert part in words
    assert "63d" not in words


@pytest.mark.parametrize(
    ("amihud", "said"),
    [
        (2.9e-05, "Amihud 0.29 bp per $1M"),
        (0.123456, "Amihud 1,235 bp per $1M"),
        (1.2e-08, "Amihud under 0.001 bp per $1M"),
        (math.nan, "Amihud —"),
    ],
)
def test_illiquidity_is_told_in_basis_points(amihud: float, said: str) -> None:
    known = {"dollar_volume": 3e6, "amihud": amihud}
    figures = {name: Value(known.get(name)) for name in FIGURES}
    assert said in " ".join(text_of(line) for line in place_lines(Place(figures, Value()), 200))

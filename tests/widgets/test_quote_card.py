"""The quote panel and the chart panel's header line."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.widgets.numbers import assert_good_at_all_sizes
from tests.widgets.pictures import MONDAY_MORNING, empty, failing, late, picture
from widgets.chart_view import chart_view
from widgets.lines import text_of, width_of
from widgets.price_chart import SPANS, header
from widgets.price_chart import paint as paint_chart
from widgets.quote_card import QuoteView, paint, view_of


def told(view: QuoteView, width: int = 60, height: int = 40) -> str:
    return "\n".join(text_of(line).rstrip() for line in paint(view, width, height))


def test_all_that_is_known_of_a_fund() -> None:
    words = told(view_of(picture(), "XBI"))
    for word in (
        "SPDR S&P Biotech", "121.47", "Open", "High", "Low", "Previous close", "Volume",
        "Rel. volume", "50d mean", "from 200d", "52w", "Drawdown", "YTD", "vs RUT", "14:32 ET",
    ):  # fmt: skip
        assert word in words


def test_the_index_is_not_compared_with_itself() -> None:
    assert "vs RUT" not in told(view_of(picture(), "^RUT"))


def test_values_that_are_missing_say_why() -> None:
    view = view_of(picture(), "^RVX")
    assert "Volume" in told(view).splitlines()[-1]


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
    assert not view.position.reason
    assert "close)" not in told(view, width)
    closes = replace(view, position=replace(view.position, reason="closing basis"))
    line = next(line for line in told(closes, width).splitlines() if line.startswith("52w"))
    assert line.endswith((" % (close)", " % c"))
    assert "(close)" in line or width < 30
    assert_good_at_all_sizes(lambda w, h: paint(replace(closes, name=""), w, h))

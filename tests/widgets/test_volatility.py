"""The volatility panel: levels, term structure in words and as a chart, the cursor."""

from __future__ import annotations

from msgspec.structs import replace

from market.quotes import Kind
from tests.widgets.numbers import assert_good_at_all_sizes
from tests.widgets.pictures import empty, late, picture, trouble
from widgets.lines import Line, text_of
from widgets.plotting import prepare
from widgets.values import Value
from widgets.volatility import ROWS, paint, symbol_at, view_of


def told(lines: list[Line]) -> str:
    return "\n".join(text_of(line) for line in lines)


def test_four_lines_say_all() -> None:
    words = told(paint(view_of(picture()), 110, 4))
    for word in ("VIX 16.38", "mid-teens", "1y", "RVX", "RVX/VIX", "9D", "30D", "3M", "6M"):
        assert word in words
    for word in ("contango", "Yang-Zhang", "close", "RVX − realised", "VVIX", "SKEW"):
        assert word in words


def test_room_turns_the_term_structure_into_a_grid_and_then_a_chart() -> None:
    prepare()
    view = view_of(picture())
    grid = paint(view, 56, 7)
    assert text_of(grid[2]).split() == ["9D", "30D", "3M", "6M"]
    chart = paint(view, 56, 14)
    assert any(role == "line" for line in chart for _, role in line)


def test_a_row_that_would_be_empty_says_what_found_no_place() -> None:
    full, spare = (told(paint(view_of(picture()), 36, height)) for height in (6, 8))
    assert "SKEW" not in full
    assert "SKEW" in spare
    assert "3M − 30D" in spare


def test_backwardation_stands_out() -> None:
    view = replace(view_of(picture()), state=Value(word="backwardation"))
    roles = {t: role for line in paint(view, 60, 4) for t, role in line}
    assert roles["backwardation"] == "failing"


def test_the_cursor_marks_label_and_value() -> None:
    lines = paint(view_of(picture()), 110, 4, "^VIX3M")
    assert [t for line in lines for t, role in line if role == "cursor"] == ["3M", " ", "18.1"]


def test_each_cell_belongs_to_a_symbol() -> None:
    lines = paint(view_of(picture()), 110, 4)
    found = {symbol_at(line, x) for line in lines for x in range(110)}
    assert set(ROWS) <= found


def test_late_and_absent() -> None:
    lines = paint(view_of(late()), 110, 1)
    assert ("16.38", "late") in lines[0]
    assert "—" in told(paint(view_of(empty()), 110, 4))


def test_a_level_that_fails_although_most_of_the_family_does_not_says_its_age() -> None:
    vix, rvx = paint(view_of(trouble(late(), Kind.QUOTE, "^RVX", "cboe refuses")), 60, 6)[:2]
    assert ("▲ 10m", "failing") in rvx
    assert "10m" not in text_of(vix)
    assert "10m" not in told(paint(view_of(late()), 60, 6))


def test_what_keeps_all_levels_away_is_said_instead_of_waiting() -> None:
    failed = trouble(empty(), Kind.QUOTE, "^VIX", "cboe answered 403 Forbidden")
    assert told(paint(view_of(failed), 60, 9)) == "—  cboe answered 403 Forbidden"


def test_no_size_cuts_a_number() -> None:
    for snapshot in (picture(), empty()):
        view = view_of(snapshot)
        assert_good_at_all_sizes(lambda width, height, v=view: paint(v, width, height))

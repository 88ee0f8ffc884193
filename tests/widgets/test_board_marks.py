"""The quiet mark on a changed number: what is marked, what never is, and that it goes again."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.style import Style
from textual.app import App, ComposeResult
from textual.geometry import Region

from tests.widgets.boards import COLUMNS, row
from widgets.board import Board, Column, Row, Sort
from widgets.board_layout import Seat, seats
from widgets.board_marks import Marks, changes
from widgets.board_paint import Look, row_strip, with_cursor
from widgets.palette import palette_from
from widgets.plotting import prepare

MARKED = tuple(replace(c, is_marked=c.id == "day") for c in COLUMNS)
DAY = next(n for n, c in enumerate(MARKED) if c.id == "day")
COLORS = {
    "foreground": "#ffffff",
    "surface": "#000000",
    "up": "#00ff00",
    "down": "#ff0000",
    "cursor": "#0000ff",
}


def placed(columns: Sequence[Column] = MARKED) -> tuple[Seat, ...]:
    return seats(columns, [c.width for c in columns], {3}, 60)


def told(before: Row, after: Row, columns: Sequence[Column] = MARKED) -> dict[int, str]:
    return dict(changes(before, after, columns, placed(columns)))


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_number_that_reads_otherwise_is_marked_by_its_direction(old: float, new: float) -> None:
    before, after = row("K1", old), row("K1", new)
    if before.cells[DAY].text == after.cells[DAY].text:
        assert told(before, after) == {}
    else:
        assert told(before, after) == {DAY: "risen" if new > old else "fallen"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (row("K1", 1.0), row("K1", 1.0)),
        (row("K1", 1.0), row("K1", 1.001)),
        (row("K1", None), row("K1", 1.0)),
        (row("K1", 1.0), row("K1", None)),
        (row("K1", 1.0), replace(row("K1", 2.0), dim=True)),
        (row("K1", 1.0, "one"), row("K1", 1.0, "two")),
    ],
    ids=["equal", "reads the same", "appeared", "went", "late", "words"],
)
def test_what_is_no_change_of_a_number_is_not_marked(before: Row, after: Row) -> None:
    assert told(before, after) == {}


def test_only_columns_that_ask_for_it_and_stand_in_sight_are_marked() -> None:
    before, after = row("K1", 1.0), row("K1", 2.0)
    assert told(before, after, COLUMNS) == {}
    assert changes(before, after, MARKED, [s for s in placed() if s.column != DAY]) == {}


def test_a_mark_stands_for_its_ticks_and_the_newest_change_counts() -> None:
    marks = Marks()
    marks.note("A", {1: "risen"}, 2)
    marks.note("B", {}, 2)
    assert marks.tick() == set()
    marks.note("A", {2: "fallen"}, 2)
    assert marks.of("A") == {2: "fallen"}
    assert [marks.tick(), marks.tick()] == [set(), {"A"}]
    assert not marks
    assert marks.of("A") == {}


def test_a_mark_is_a_tint_behind_the_number_alone_also_under_the_cursor() -> None:
    prepare()
    palette = palette_from(COLORS)
    look = Look(MARKED, placed(), 60, palette, Style())
    tint = palette.style("risen").bgcolor
    strip = row_strip(row("K1", 2.0), look, {DAY: "risen"})
    assert [text for text, style, _ in strip if style and style.bgcolor] == ["+2.00"]
    grounds = {text: style.bgcolor for text, style, _ in with_cursor(strip, look) if style}
    assert grounds["+2.00"] == tint
    assert grounds["+1.00"] == palette.style("cursor").bgcolor


class Host(App[None]):
    CSS = "Board { height: 1fr; }"

    def compose(self) -> ComposeResult:
        yield Board(MARKED)


def rows(turn: int, count: int = 40) -> list[Row]:
    return [row(f"K{n:03d}", float(n if n % 2 else n + turn)) for n in range(count)]


def marked(board: Board) -> set[str]:
    return {key for key in (f"K{n:03d}" for n in range(40)) if board.marks.of(key)}


def tinted(board: Board) -> int:
    strips = board.render_lines(Region(0, 0, *board.size))
    grounds = [{s.bgcolor for _, s, _ in strip if s is not None} for strip in strips[1:]]
    return sum(len(found) > 1 for found in grounds)


async def test_marks_of_a_board_come_with_news_in_sight_alone_and_go_again() -> None:
    app = Host()
    async with app.run_test(size=(60, 11)) as pilot:
        board = app.query_one(Board)
        app.set_focus(None)
        board.show(rows(0))
        await pilot.pause()
        assert marked(board) == set(), "a first fill is no news"
        board.show(rows(0))
        board.sort = Sort("day", True)
        board.filter_text = "row 3"
        board.filter_text = ""
        board.sort = Sort()
        board.end()
        board.home()
        await pilot.pause()
        assert marked(board) == set(), "the order, the filter and the place are no news"
        assert board.is_still

        board.show(rows(1))
        assert marked(board) == {f"K{n:03d}" for n in range(0, 10, 2)}
        assert tinted(board) == 5
        assert not board.is_still
        board.fade()
        assert tinted(board) == 0
        assert board.is_still, "no timer while no mark stands"

        board.show(rows(2))
        board.show(rows(3), [with_title(c) for c in MARKED])
        assert marked(board) == set(), "another window is no news"
        app.animation_level = "none"
        board.show(rows(4), [with_title(c) for c in MARKED])
        assert marked(board) == set(), "nothing moves for those who asked for it"


def with_title(column: Column) -> Column:
    return replace(column, title="5D") if column.id == "day" else column

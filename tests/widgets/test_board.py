"""The board on a screen: keys and mouse, what is repainted, the cursor through any changes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.filter import Monochrome
from textual.geometry import Region
from textual.message import Message
from textual.pilot import Pilot

from tests.widgets.boards import COLUMNS, numbered, row
from widgets.board import Board, Row, Sort
from widgets.board_rows import matches


class Host(App[None]):
    """A screen with one board and a record of what it said."""

    CSS = "Board { height: 1fr; }"

    def __init__(self, rows: Sequence[Row]) -> None:
        super().__init__()
        self.rows = rows
        self.said: list[Message] = []

    def compose(self) -> ComposeResult:
        yield Board(COLUMNS, empty="no rows yet")

    def on_mount(self) -> None:
        self.board.show(self.rows)
        self.board.focus()

    @property
    def board(self) -> Board:
        return self.query_one(Board)

    def on_board_opened(self, event: Board.Opened) -> None:
        self.said.append(event)

    def on_board_highlighted(self, event: Board.Highlighted) -> None:
        self.said.append(event)

    def on_board_sort_changed(self, event: Board.SortChanged) -> None:
        self.said.append(event)

    def opened(self) -> list[str]:
        return [event.key for event in self.said if isinstance(event, Board.Opened)]


def lines(board: Board) -> list[str]:
    width, height = board.size
    return [strip.text for strip in board.render_lines(Region(0, 0, width, height))]


async def settled(pilot: Pilot[None], board: Board) -> None:
    await pilot.pause()
    lines(board)


async def test_titles_stay_while_rows_scroll() -> None:
    app = Host(numbered(100))
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        assert "Name" in lines(app.board)[0]
        app.board.end()
        await pilot.pause()
        shown = lines(app.board)
        assert "Name" in shown[0]
        assert "row 99" in shown[-1]
        assert shown[-1].startswith("▸")
        app.board.home()
        await pilot.pause()
        assert "row 0 " in lines(app.board)[1]


async def test_movements_and_their_messages() -> None:
    app = Host(numbered(100))
    async with app.run_test(size=(60, 11)) as pilot:
        board = app.board
        await pilot.pause()
        for moved, key in [
            (partial(board.move, 1), "K001"),
            (partial(board.page, 0.5), "K006"),
            (partial(board.page, -0.5), "K001"),
            (partial(board.move, -1), "K000"),
            (partial(board.move, -1), "K000"),
            (board.end, "K099"),
            (partial(board.match, 1), "K000"),
            (partial(board.match, -1), "K099"),
            (board.home, "K000"),
        ]:
            moved()
            assert board.cursor_key == key
        board.open()
        await pilot.pause()
        told = [event.key for event in app.said if isinstance(event, Board.Highlighted)]
        assert told == ["K000", "K001", "K006", "K001", "K000", "K099", "K000", "K099", "K000"]
        assert app.opened() == ["K000"]


async def test_an_update_paints_changed_rows_only() -> None:
    app = Host(numbered(200))
    async with app.run_test(size=(60, 12)) as pilot:
        board = app.board
        await settled(pilot, board)
        painted = board.strips.painted
        assert painted == 11
        board.show(numbered(200))
        await settled(pilot, board)
        assert board.strips.painted == painted
        board.show([row(f"K{n:03d}", 5.0 if n in {3, 150} else float(n)) for n in range(200)])
        await settled(pilot, board)
        assert board.strips.painted == painted + 1
        assert any("+5.00" in line for line in lines(board))


async def test_only_changed_lines_are_asked_for() -> None:
    app = Host(numbered(50))
    async with app.run_test(size=(60, 12)) as pilot:
        board = app.board
        await settled(pilot, board)
        asked: list[Region] = []
        whole = board.refresh

        def record(*regions: Region) -> Board:
            asked.extend(regions or [board.size.region])
            return whole(*regions)

        board.refresh = record  # type: ignore[method-assign,assignment]
        board.show([row(f"K{n:03d}", 70.0 if n in {3, 4, 7} else float(n)) for n in range(50)])
        assert [(region.y, region.height) for region in asked] == [(4, 2), (8, 1)]


async def test_lines_are_as_the_apps_filters_show_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = Host(numbered(4))
    async with app.run_test(size=(60, 12)):
        board = app.board
        filters, (_, behind) = app.get_line_filters(), board.background_colors
        assert any(isinstance(each, Monochrome) for each in filters)
        for line in board.render_lines(board.size.region):
            again = line
            for each in filters:
                again = again.apply_filter(each, behind)
            assert again == line


async def test_rows_that_move_keep_their_paint() -> None:
    app = Host(numbered(8))
    async with app.run_test(size=(60, 12)) as pilot:
        board = app.board
        await settled(pilot, board)
        painted = board.strips.painted
        board.show(list(reversed(numbered(8))))
        await settled(pilot, board)
        assert board.strips.painted == painted
        assert "row 7" in lines(board)[1]


async def test_sorting_by_keys() -> None:
    app = Host(numbered(5))
    async with app.run_test(size=(60, 12)) as pilot:
        board = app.board
        await pilot.pause()
        for sort in (Sort("name", False), Sort("day", True), Sort("month", True), Sort()):
            board.cycle_sort()
            assert board.sort == sort
        board.sort = Sort("day", True)
        assert board.cursor_key == "K004"
        board.choose("K003")
        assert "▼" in lines(board)[0]
        assert "row 4" in lines(board)[1]
        board.reverse_sort()
        await pilot.pause()
        assert "row 0" in lines(board)[1]
        assert board.cursor_key == "K003"
        told = [event.sort for event in app.said if isinstance(event, Board.SortChanged)]
        assert told[-1] == Sort("day", False)


async def test_a_sort_by_hand_opens_at_the_top_unless_the_cursor_was_moved() -> None:
    app = Host(numbered(100))
    async with app.run_test(size=(60, 12)) as pilot:
        board = app.board
        await pilot.pause()
        board.sort = Sort("day", True)
        assert board.cursor_key == "K099"
        board.move(1)
        board.sort = Sort("day", False)
        assert board.cursor_key == "K098", "who moved keeps the row"
        board.rest()
        assert board.cursor_key == "K000"
        board.sort = Sort("day", True)
        await pilot.pause()
        assert board.cursor_key == "K099"
        assert board.scroll_offset.y == 0


async def test_sorting_leaves_out_columns_that_are_not_in_sight() -> None:
    app = Host(numbered(5))
    async with app.run_test(size=(24, 12)) as pilot:
        await pilot.pause()
        ids: list[str | None] = []
        for _ in range(3):
            app.board.cycle_sort()
            ids.append(app.board.sort.column)
        assert ids == ["name", "day", None]


async def test_the_next_column_is_the_one_after_the_ranking() -> None:
    app = Host(numbered(5))
    async with app.run_test(size=(60, 12)) as pilot:
        board = app.board
        await pilot.pause()
        board.rank_by(Sort("day", reverse=True))
        for sort in (Sort("month", True), Sort("name", False), Sort(), Sort("month", True)):
            board.cycle_sort()
            assert board.sort == sort
        board.sort = Sort("day", False)
        board.cycle_sort()
        assert board.sort == Sort("month", True), "the ranking turned round is still its column"


async def test_a_filter_shows_matches_and_gives_the_cursor_back() -> None:
    app = Host(numbered(50))
    async with app.run_test(size=(60, 12)) as pilot:
        board = app.board
        await pilot.pause()
        board.choose("K030")
        board.filter_text = "row 7"
        await pilot.pause()
        assert board.cursor_key == "K007", "the first match, not the nearest"
        board.filter_text = "row"
        assert board.cursor_key == "K030"
        board.filter_text = "nowhere"
        await pilot.pause()
        assert board.cursor_key is None
        assert "no match for “nowhere”" in lines(board)[1]
        board.open()
        board.filter_text = ""
        await pilot.pause()
        assert board.cursor_key == "K030"
        assert any("row 30" in line and line.startswith("▸") for line in lines(board))
        assert app.opened() == []
        board.filter_text = "row 7"
        board.open()
        board.filter_text = ""
        assert board.cursor_key == "K007", "who opens a row has chosen it"


async def test_an_empty_board_says_so() -> None:
    app = Host([])
    async with app.run_test(size=(60, 8)) as pilot:
        await pilot.pause()
        assert "no rows yet" in lines(app.board)[1]
        app.board.move(1)
        app.board.match(1)
        assert app.board.cursor_key is None


async def test_the_mouse_chooses_opens_and_sorts() -> None:
    app = Host(numbered(30))
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        await pilot.click(Board, offset=(10, 4))
        assert app.board.cursor_key == "K003"
        assert app.opened() == []
        await pilot.click(Board, offset=(10, 4))
        await pilot.pause()
        assert app.opened() == ["K003"]
        at = lines(app.board)[0].index("1D")
        await pilot.click(Board, offset=(at, 0))
        assert app.board.sort == Sort("day", True)
        await pilot.click(Board, offset=(at, 0))
        assert app.board.sort == Sort("day", False)
        await pilot.click(Board, offset=(10, 11))


async def test_a_click_after_a_move_only_chooses() -> None:
    app = Host(numbered(30))
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        await pilot.click(Board, offset=(10, 4))
        app.board.move(1)
        app.board.move(-1)
        await pilot.click(Board, offset=(10, 4))
        await pilot.pause()
        assert app.opened() == []


async def test_the_cursor_hides_without_focus() -> None:
    app = Host(numbered(5))
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        assert lines(app.board)[1].startswith("▸")
        app.set_focus(None)
        await pilot.pause()
        assert not lines(app.board)[1].startswith("▸")


async def test_a_row_in_sight_stays_in_sight_when_rows_move() -> None:
    app = Host(numbered(100))
    async with app.run_test(size=(60, 12)) as pilot:
        board = app.board
        await pilot.pause()
        board.choose("K005")
        board.show(list(reversed(numbered(100))))
        await pilot.pause()
        assert any("row 5 " in line and line.startswith("▸") for line in lines(board))


@pytest.mark.parametrize("width", [20, 40, 60, 80, 120, 160])
async def test_every_line_is_as_wide_as_the_board(width: int) -> None:
    app = Host([*numbered(20), row("WIDE", 1e9, name="日本株式インデックス" * 3)])
    async with app.run_test(size=(width, 12)) as pilot:
        await pilot.pause()
        app.board.end()
        await pilot.pause()
        assert {cell_len(line) for line in lines(app.board)} == {width}
        rows = (line for line in lines(app.board)[app.board.titles :])
        assert all(line.endswith(" ") for line in rows), "a cell for the scrollbar"
        assert not any("1000000000" in line and "+1000000000.00" not in line for line in lines(app.board))  # noqa: E501  # fmt: skip


@pytest.mark.parametrize("height", [1, 2, 3, 5])
async def test_low_boards_show_rows_first(height: int) -> None:
    app = Host(numbered(20))
    async with app.run_test(size=(60, height)) as pilot:
        await pilot.pause()
        app.board.choose("K010")
        await pilot.pause()
        assert any("row 10" in line for line in lines(app.board))


keys = st.sampled_from([f"K{n:03d}" for n in range(12)])
values = st.one_of(st.none(), st.integers(-3, 3).map(float))
steps = st.one_of(
    st.dictionaries(keys, values).map(lambda rows: ("show", rows)),
    st.tuples(st.just("sort"), st.sampled_from([None, "name", "day"]), st.booleans()),
    st.tuples(st.just("filter"), st.sampled_from(["", "row", "row 1", "k00", "nothing"])),
    st.tuples(st.just("move"), st.integers(-5, 5)),
)


def take(board: Board, step: tuple[object, ...]) -> None:
    match step:
        case ("show", dict(rows)):
            board.show([row(key, value) for key, value in rows.items()])  # type: ignore[misc]
        case ("sort", column, bool(reverse)):
            board.sort = Sort(None if column is None else str(column), reverse)
        case ("filter", str(text)):
            board.filter_text = text
        case ("move", int(delta)):
            board.move(delta)
        case _:
            raise AssertionError(step)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(steps, max_size=25))
async def test_any_steps_keep_the_cursors_symbol_and_the_order(
    script: list[tuple[object, ...]],
) -> None:
    app = Host(numbered(6))
    async with app.run_test(size=(60, 8)) as pilot:
        board = app.board
        chosen: str | None = None
        for step in script:
            take(board, step)
            if step[0] == "move" and board.cursor_key is not None:
                chosen = board.cursor_key
            shown = [row.key for row in board.listing.order]
            assert board.cursor_key == chosen or chosen not in shown
            assert (board.cursor_key in shown) if shown else board.cursor_key is None
            assert all(matches(row, board.filter_text) for row in board.listing.order)
            assert_sorted(board)
        await pilot.pause()
        assert len(lines(board)) == 8


def assert_sorted(board: Board) -> None:
    if board.sort.column != "day":
        return
    found = [row.cells[1].sort for row in board.listing.order]
    known = [value for value in found if isinstance(value, float)]
    assert found[len(known) :] == [None] * (len(found) - len(known))
    assert known == sorted(known, reverse=board.sort.reverse)

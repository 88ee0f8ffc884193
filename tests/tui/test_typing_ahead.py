"""Keys typed in one go: each meets what the one before it has done."""

from __future__ import annotations

from textual import events
from textual.command import CommandList
from textual.widgets import Input

from tests.tui.driving import lines_of
from tests.tui.fakes import Stage
from tui.commands import Palette
from tui.filter_line import FilterLine
from tui.screens.group import GroupScreen
from tui.screens.search import SearchScreen
from widgets.leaders import LeadersPanel

SIZE = (120, 34)


def _type(stage: Stage, *keys: str) -> None:
    """Hand keys to the app as a terminal does that got them in one read."""
    for key in keys:
        stage.app.simulate_key(key)


async def test_a_filter_typed_behind_its_key_goes_into_the_line() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        _type(stage, "slash", *"regional")
        await pilot.pause()
        line = stage.app.screen.query_one(FilterLine)
        assert (line.value, line.has_focus) == ("regional", True)
        board = stage.app.screen.query_one(LeadersPanel).board
        assert board.filter_text == "regional"
        assert board.cursor_key == "@regional-banks"
        row = next(text for text in lines_of(stage) if "Regional Banks" in text)
        assert "▸" in row, "what enter will open is seen while the filter is typed"
        await pilot.press("escape")
        assert not board.is_searched


async def test_enter_keeps_the_filter_and_the_next_one_opens_the_row() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        _type(stage, "slash", *"biotech", "enter", "enter")
        await pilot.pause()
        await pilot.pause()
        screen = stage.app.screen
        assert isinstance(screen, GroupScreen)
        assert screen.crumbs()[-1] == "Small biotech"


async def test_a_key_behind_enter_moves_in_the_list_and_not_in_the_line() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        _type(stage, "slash", "a", "enter", "j")
        await pilot.pause()
        board = stage.app.screen.query_one(LeadersPanel).board
        assert (board.filter_text, board.listing.cursor.index) == ("a", 1)
        assert board.has_focus


async def test_a_filter_opened_again_is_typed_over() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        _type(stage, "slash", "k", "enter")
        await pilot.pause()
        _type(stage, "slash", "r")
        await pilot.pause()
        line = stage.app.screen.query_one(FilterLine)
        assert (line.value, line.display, line.has_focus) == ("r", True, True)


async def test_a_symbol_typed_behind_its_key_goes_into_the_search() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        _type(stage, "W", *"pltr")
        await pilot.pause()
        search = stage.app.screen
        assert isinstance(search, SearchScreen)
        assert search.query_one(Input).value == "pltr"


async def test_a_command_typed_behind_its_key_goes_into_the_palette() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        _type(stage, "colon", *"theme")
        await pilot.pause()
        palette = stage.app.screen
        assert isinstance(palette, Palette)
        assert palette.query_one(Input).value == "theme"
        choices = palette.query_one(CommandList)
        choices.highlighted, choices.styles.height = 0, 0  # as before it is laid out
        await pilot.pause()
        for page in ("page_down", "page_up"):
            palette._action_command_list(page)
        assert stage.app.screen is palette, "it has no pages yet"


async def test_a_screen_is_left_once_and_whole_however_fast_the_keys_come() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        stage.app.action_changes()
        opening = stage.app.screen
        opening.dismiss()
        assert stage.app.screen is opening, "it is not there yet"
        await pilot.pause()
        assert stage.app.market_screen is stage.app.screen is not opening
        below = stage.app.screen
        search = SearchScreen(stage.app.desk)
        stage.app.push_screen(search)
        await pilot.pause()
        stage.app.action_breadth()
        assert stage.app.screen is search, "a room is not entered from under a dialog"
        search.dismiss("IWM")
        search.dismiss("IWM")
        await pilot.pause()
        assert stage.app.screen is below


async def test_keys_behind_the_one_that_ends_the_program_meet_no_screen() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await pilot.pause()
    assert stage.app.screen_stack == []
    await stage.app.on_event(events.Key("escape", None))

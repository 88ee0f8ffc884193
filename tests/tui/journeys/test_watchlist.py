"""Symbols into the watchlist, out of it, up and down in it, and back by undo."""

from __future__ import annotations

import pytest
from textual.widgets import Input, OptionList

from market.quotes import Match
from tests.tui.counted import uncounted_picture
from tests.tui.driving import lines_of, press
from tests.tui.fakes import LISTS, FakeEngine, Stage
from tui.key_bar import KeyBar
from tui.keys import Scope, line_of
from tui.screens.overview import OverviewScreen
from tui.screens.search import SearchScreen
from widgets.leaders import LeadersPanel
from widgets.watchlist import WatchlistPanel

SIZE = (120, 34)
MATCHES = (
    Match("KTOS", "Kratos Defense [/bold]\x1b[31m", "EQUITY", "NASDAQ"),
    Match("KTO.F", "Kratos, Frankfurt", "EQUITY", "FRA"),
)


def _shown(stage: Stage) -> tuple[str, ...]:
    return stage.app.screen.query_one(WatchlistPanel).symbols


def _message(stage: Stage) -> str:
    return stage.app.screen.query_one(KeyBar).message


async def test_a_leader_goes_in_and_undo_takes_it_out() -> None:
    stage = Stage(FakeEngine(uncounted_picture()))
    async with stage.app.run_test(size=SIZE) as pilot:
        board = stage.app.screen.query_one(LeadersPanel).board
        leaders = [row.key for row in board.listing.order]
        added = next(symbol for symbol in leaders if symbol not in LISTS["default"])
        board.choose(added)
        await press(pilot, "w")
        assert _shown(stage) == (*LISTS["default"], added)
        assert _message(stage) == f"{added} added to default; u undoes"
        assert added in stage.engine.watched
        await press(pilot, "u")
        assert _shown(stage) == LISTS["default"]


async def test_a_watched_symbol_goes_out_and_comes_back_to_its_place() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "3", "j", "w")
        assert "XBI" not in _shown(stage)
        await press(pilot, "u")
        assert _shown(stage) == LISTS["default"]


async def test_w_on_a_symbol_screen_means_its_symbol() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "3", "enter", "w", "escape")
        assert _shown(stage) == LISTS["default"][1:]


async def test_the_same_key_twice_leaves_the_list_as_it_was() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "3", "G", "w")
        assert "HIMS" not in _shown(stage)
        await press(pilot, "w")
        assert _shown(stage) == LISTS["default"]
        await press(pilot, "w", "k", "w")
        assert len(_shown(stage)) == len(LISTS["default"]) - 2, "another row was chosen"


async def test_rows_are_put_in_another_order() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "3", "J", "J", "K")
        assert _shown(stage)[:3] == ("XBI", "IWM", "KRE")
        assert stage.app.screen.query_one(WatchlistPanel).cursor_symbol == "IWM"


async def test_the_next_list_is_shown() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "}")
        panel = stage.app.screen.query_one(WatchlistPanel)
        assert (panel.list_name, panel.list_place, panel.symbols) == (
            "funds",
            "2/2",
            LISTS["funds"],
        )
        await press(pilot, "{")
        assert panel.list_name == "default"
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert any("Watchlist: default" in line for line in lines_of(stage))


async def test_a_symbol_is_found_by_name_and_added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.screens.search.PAUSE_S", 3600)
    stage = Stage(FakeEngine(matches=MATCHES))
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "W", *"krat")
        search = stage.app.screen
        assert isinstance(search, SearchScreen)
        assert not stage.engine.searched
        search.ask("krat")
        await stage.app.workers.wait_for_complete()
        await pilot.pause()
        assert stage.engine.searched == ["krat"]
        assert search.query_one(OptionList).option_count == 2
        await press(pilot, "down", "up", "enter")
        assert isinstance(stage.app.screen, OverviewScreen)
        assert _shown(stage)[-1] == "KTOS"


async def test_a_symbol_that_no_search_knows_is_added_as_typed() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "W", *"zzzz", "enter")
        assert _shown(stage)[-1] == "ZZZZ"
        assert stage.app.screen.query_one(WatchlistPanel).cursor_symbol == "ZZZZ"


async def test_what_cannot_be_a_symbol_is_refused_in_a_sentence() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "W")
        stage.app.screen.query_one(Input).value = "no symbol"
        await press(pilot, "enter")
        assert isinstance(stage.app.screen, SearchScreen)
        await press(pilot, "escape")
        assert _shown(stage) == LISTS["default"]


async def test_letters_typed_into_a_dialog_are_no_keys() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        footer = stage.app.screen.query_one(KeyBar)
        before = footer.hints
        await press(pilot, "W", "q", "w", "z")
        assert stage.app.screen.query_one(Input).value == "qwz"
        assert stage.app.is_running
        offered = {line_of(hint.id).scope for hint in footer.hints}
        assert offered == {Scope.DIALOG}, "the footer offers no letters either"
        await press(pilot, "escape")
        assert footer.hints == before

"""The moment a screen opens: nothing is missing from it, and nothing comes too early for it."""

from __future__ import annotations

from textual.containers import VerticalScroll
from textual.widgets import Static

from tests.tui.fakes import Stage
from tui.screens.symbol import SymbolScreen


async def test_a_beat_and_keys_may_come_while_a_screen_opens() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(120, 34)) as pilot:
        overview = stage.app.market_screen
        assert overview is not None
        overview.go_down(SymbolScreen(stage.app.desk, "IWM"))
        stage.engine.tick()
        stage.app.beat()
        stage.app.action_hold()
        stage.app.action_faster()
        await pilot.pause()
        assert isinstance(stage.app.market_screen, SymbolScreen)


async def test_the_help_is_whole_when_it_opens() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(120, 34)) as pilot:
        await pilot.press("f1")
        await pilot.pause()
        lines, page = stage.app.screen.query_one("#lines", Static), VerticalScroll
        assert lines.region.height == str(lines.content).count("\n") + 1
        assert stage.app.screen.query_one(page).region.height > 20


async def test_a_strip_has_no_room_for_an_offer() -> None:
    stage = Stage(demo=None)
    async with stage.app.run_test(size=(80, 24)) as pilot:
        offer = stage.app.screen.query_one("#offer", Static)
        assert not offer.display
        offer.set_class(True, "-shown")
        await pilot.pause()
        assert offer.display
        await pilot.resize_terminal(40, 3)
        await pilot.pause()
        assert not offer.display

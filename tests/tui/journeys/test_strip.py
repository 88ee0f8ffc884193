"""A terminal of one to three lines: what it says, what it refuses, what it leaves as it was."""

from __future__ import annotations

from tests.tui.driving import lines_of, press
from tests.tui.fakes import Stage
from tui.screens.overview import OverviewScreen
from tui.screens.strip_screen import NEEDS_ROOM
from widgets.watchlist import WatchlistPanel


async def test_hold_is_seen_in_a_strip() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(80, 1)) as pilot:
        await pilot.pause()
        assert "HOLD" not in lines_of(stage)[0]
        await press(pilot, "p")
        screen = stage.app.market_screen
        assert screen is not None
        assert "2,9" in lines_of(stage)[0], "no message covers the level"
        for height in (1, 2, 3):
            await pilot.resize_terminal(80, height)
            screen.say("")
            await pilot.pause()
            assert "HOLD 14:32" in lines_of(stage)[0], height
            assert "2,9" in lines_of(stage)[0], "the level stays"


async def test_in_one_line_a_message_stands_beside_the_level_or_is_not_said() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(80, 1)) as pilot:
        await pilot.pause()
        level = lines_of(stage)[0][:11]
        assert stage.app.market_screen is not None
        assert level.startswith("RUT 2,9")
        await press(pilot, "j")
        assert lines_of(stage)[0].startswith(level)
        assert lines_of(stage)[0].endswith(NEEDS_ROOM)
        await pilot.resize_terminal(60, 1)
        stage.app.market_screen.say(
            "nasdaqtrader and 1 more left alone for 39 s; asking the rest again"
        )
        await pilot.pause()
        assert lines_of(stage)[0].startswith(level)
        assert lines_of(stage)[0].endswith("  nasdaqtrader and 1 more left alone for 39 s")
        stage.app.market_screen.say("it has more to say than there is room for beside the level")
        await pilot.pause()
        assert "VIX" in lines_of(stage)[0], "what cannot be said whole hides nothing"
        for width in (60, 40, 12):
            await pilot.resize_terminal(width, 1)
            await pilot.pause()
            assert level[4:] in lines_of(stage)[0], width


async def test_a_key_that_needs_room_says_so() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(80, 3)) as pilot:
        await pilot.pause()
        overview, lists = stage.app.screen, stage.lists.current
        assert isinstance(overview, OverviewScreen)
        for key in ("enter", "i", "colon", "slash", "question_mark", "W", "b", "2", "z", "j", "w"):
            overview.say("")
            await pilot.pause()
            assert NEEDS_ROOM not in lines_of(stage)[2]
            await press(pilot, key)
            assert stage.app.screen is overview, key
            assert lines_of(stage)[2].strip() == NEEDS_ROOM, key
            assert stage.lists.current == lists, key


async def test_what_the_footer_would_say_stands_in_the_strip_and_goes_again() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(80, 3)) as pilot:
        await pilot.pause()
        before = lines_of(stage)
        await press(pilot, "plus")
        assert "twice as often" in lines_of(stage)[2]
        screen = stage.app.market_screen
        assert screen is not None
        screen.say("")
        await pilot.pause()
        assert lines_of(stage) == before


async def test_a_resize_through_a_strip_leaves_keys_and_footer_as_they_were() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(120, 34)) as pilot:
        board = stage.app.screen.query_one(WatchlistPanel).board
        await press(pilot, "3")
        assert stage.app.focused is board
        footer = lines_of(stage)[-1]
        assert "open" in footer
        for height in (2, 3):
            await pilot.resize_terminal(120, height)
            await pilot.pause()
            await pilot.resize_terminal(120, 34)
            await pilot.pause()
            await pilot.pause()
            assert stage.app.focused is board
            assert lines_of(stage)[-1] == footer

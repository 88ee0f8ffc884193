"""A terminal of one to three lines: what it says, what it refuses, what it leaves as it was."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from tests.tui.fakes import Stage
from tui.screens.overview import OverviewScreen
from tui.screens.strip_screen import NEEDS_ROOM
from widgets.watchlist import WatchlistPanel


async def _press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


def _lines(stage: Stage) -> list[str]:
    return [strip.text for strip in stage.app.screen._compositor.render_strips()]


@pytest.mark.parametrize("height", [1, 2, 3])
async def test_hold_is_seen_in_a_strip(height: int) -> None:
    stage = Stage()
    async with stage.app.run_test(size=(80, height)) as pilot:
        await pilot.pause()
        assert "HOLD" not in _lines(stage)[0]
        await _press(pilot, "p")
        screen = stage.app.market_screen
        assert screen is not None
        screen.say("")
        await pilot.pause()
        assert "HOLD 14:32" in _lines(stage)[0]
        assert "2,9" in _lines(stage)[0], "the level stays"


@pytest.mark.parametrize(
    "key", ["enter", "i", "colon", "slash", "question_mark", "W", "b", "2", "z", "j", "w"]
)
async def test_a_key_that_needs_room_says_so(key: str) -> None:
    stage = Stage()
    async with stage.app.run_test(size=(80, 3)) as pilot:
        await pilot.pause()
        await _press(pilot, key)
        assert isinstance(stage.app.screen, OverviewScreen)
        assert _lines(stage)[2].strip() == NEEDS_ROOM
        assert stage.lists.current == Stage().lists.current


async def test_what_the_footer_would_say_stands_in_the_strip_and_goes_again() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(80, 3)) as pilot:
        await pilot.pause()
        before = _lines(stage)
        await _press(pilot, "plus")
        assert "twice as often" in _lines(stage)[2]
        screen = stage.app.market_screen
        assert screen is not None
        screen.say("")
        await pilot.pause()
        assert _lines(stage) == before


async def test_a_resize_through_a_strip_leaves_the_keys_where_they_were() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(120, 34)) as pilot:
        board = stage.app.screen.query_one(WatchlistPanel).board
        await _press(pilot, "3")
        assert stage.app.focused is board
        await pilot.resize_terminal(60, 2)
        await pilot.pause()
        await pilot.resize_terminal(120, 34)
        await pilot.pause()
        await pilot.pause()
        assert stage.app.focused is board

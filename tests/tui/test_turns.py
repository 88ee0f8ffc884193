"""Panels come to a beat's picture one a turn of the loop; what is painted is of one picture."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from msgspec.structs import replace
from textual import events

from tests.tui.counted import uncounted_picture
from tests.tui.driving import frames_of
from tests.tui.fakes import Stage
from tests.widgets.censuses import census, with_census
from tui.screens.market_screen import MarketScreen
from widgets.breadth import BreadthPanel
from widgets.panel import Panel


async def test_a_beat_comes_to_panels_in_order_with_keys_between_and_is_painted_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage = Stage()
    async with stage.app.run_test(size=(120, 34)) as pilot:
        await pilot.pause()
        screen = stage.app.screen
        assert isinstance(screen, MarketScreen)
        happened: list[object] = []
        renew = Panel.watch_snapshot

        def watched(panel: Panel) -> None:
            renew(panel)
            happened.append(panel)

        monkeypatch.setattr(Panel, "watch_snapshot", watched)
        monkeypatch.setattr(stage.app, "action_hold", lambda: happened.append("key"))
        frames = frames_of(stage, monkeypatch)
        shown = screen.visible_panels
        assert len(shown) > 3

        stage.clock.jump(5)
        stage.engine.tick()
        first = stage.engine.latest
        stage.app.beat()
        assert screen.turns.are_left
        assert happened == [], "the beat itself leaves the loop free"
        stage.engine.latest = replace(first)
        stage.app.beat()
        await until(lambda: len(happened) == 1)
        stage.app.post_message(events.Key("space", " "))
        await until(lambda: not screen.turns.are_left)
        assert [each for each in happened if each != "key"] == shown
        assert "key" in happened[1:-1]
        assert frames == [], "nothing is painted before all have it"
        assert len({id(panel.snapshot) for panel in shown}) == 1

        happened.clear()
        stage.clock.jump(5)
        stage.app.beat()
        await pilot.pause()
        assert happened == shown, "what came meanwhile has its turns after that"
        assert frames


async def test_the_first_census_comes_to_panels_in_turns_too_and_then_breadth_has_its_room() -> (
    None
):
    stage = Stage()
    stage.engine.latest = uncounted_picture()
    counted = with_census(stage.engine.latest, census(20))
    async with stage.app.run_test(size=(120, 34)) as pilot:
        await pilot.pause()
        screen = stage.app.screen
        assert isinstance(screen, MarketScreen)
        breadth = screen.query_one(BreadthPanel)
        height = breadth.size.height
        stage.engine.latest = counted
        stage.app.beat()
        assert screen.turns.are_left, "the loop is free between panels"
        await pilot.pause()
        assert not screen.turns.are_left
        assert breadth.size.height > height
        assert breadth.snapshot is not None
        assert breadth.snapshot.census is counted.census


async def test_whoever_asks_for_all_at_once_has_it_and_a_screen_that_goes_lets_others_paint() -> (
    None
):
    stage = Stage()
    async with stage.app.run_test(size=(120, 34)) as pilot:
        await pilot.pause()
        screen = stage.app.screen
        assert isinstance(screen, MarketScreen)
        stage.engine.tick()
        stage.app.beat()
        screen.renew()
        assert not screen.turns.are_left
        assert {id(panel.snapshot) for panel in screen.visible_panels} == {id(screen.snapshot)}

        stage.engine.tick()
        stage.app.beat()
        assert stage.app._batch_count == 1
        await pilot.press("question_mark")
        await pilot.pause()
        assert stage.app._batch_count == 0


async def until(holds: Callable[[], bool]) -> None:
    """Let the loop turn until something holds."""
    for _ in range(1000):
        if holds():
            return
        await asyncio.sleep(0)
    raise TimeoutError

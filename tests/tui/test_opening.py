"""The moment a screen opens: nothing is missing from it, and nothing comes too early for it."""

from __future__ import annotations

import gc

import pytest
from textual.containers import VerticalScroll
from textual.geometry import Region
from textual.widgets import Static

from market.snapshot import Snapshot, empty_snapshot
from tests.clocks import THURSDAY_AFTERNOON
from tests.tui.driving import frames_of, lines_of, press
from tests.tui.fakes import FakeEngine, Stage, demo_picture, nothing_known
from tui.rooms import RoomApp
from tui.screens.market_screen import MarketScreen
from tui.screens.symbol import SymbolScreen
from tui.start_app import LATER
from widgets.feeds_table import FeedsPanel
from widgets.flows_table import FlowsTablePanel
from widgets.strip_line import StripLine
from widgets.title_bar import TitleBar


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


async def test_no_garbage_is_collected_while_a_room_is_made_and_painted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage, collects = Stage(), list[bool]()
    made = FlowsTablePanel.take

    def noticed(panel: FlowsTablePanel, snapshot: Snapshot) -> bool:
        collects.append(gc.isenabled())
        return made(panel, snapshot)

    monkeypatch.setattr(FlowsTablePanel, "take", noticed)
    async with stage.app.run_test(size=(60, 16)) as pilot:
        await pilot.pause()
        await stage.app.workers.wait_for_complete()
        await press(pilot, "f")
        assert collects
        assert not collects[0]
        assert gc.isenabled()
        assert "2 chart" in "\n".join(lines_of(stage)), "what has no room is named"


class Visited:
    """Stands in for an app: knows which rooms its keys lead to, and opens none."""

    desk = market_screen = None

    def __init__(self) -> None:
        self.kinds: set[type[MarketScreen]] = set()

    def visit(self, kind: type[MarketScreen], _: object) -> None:
        self.kinds.add(kind)


def test_each_room_is_loaded_before_its_key_is_pressed() -> None:
    visited = Visited()
    for name, action in vars(RoomApp).items():
        if name.startswith("action_"):
            action(visited)
    assert len(visited.kinds) > 10
    assert {kind.__module__ for kind in visited.kinds} <= set(LATER)


async def test_the_help_is_whole_when_it_opens() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(120, 34)) as pilot:
        await pilot.press("f1")
        await pilot.pause()
        lines, page = stage.app.screen.query_one("#lines", Static), VerticalScroll
        assert lines.region.height == str(lines.content).count("\n") + 1
        assert stage.app.screen.query_one(page).region.height > 20


async def test_an_offer_takes_as_much_room_as_its_words() -> None:
    live = FakeEngine(nothing_known())
    live.can_offer_demo = True
    stage = Stage(live, demo=FakeEngine(demo_picture()))
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        offer = stage.app.screen.query_one("#offer", Static)
        assert offer.region.width == 80
        await pilot.resize_terminal(40, 3)
        await pilot.pause()
        assert not offer.display
        strip = stage.app.screen.query_one(StripLine)
        assert strip.region == Region(0, 0, 40, 3)
        assert strip.render_line(0).text.rstrip().endswith("  D: demo")
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert offer.display
        assert strip.offer == ""


async def test_all_feeds_are_counted_before_anybody_has_heard_of_them() -> None:
    stage = Stage(FakeEngine(empty_snapshot(THURSDAY_AFTERNOON)))
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        title = stage.app.screen.query_one(TitleBar).render_line(0).text
        assert f"○ 0/{len(stage.app.desk.feeds)}" in title
        await pilot.press("i")
        await pilot.pause()
        board = stage.app.screen.query_one(FeedsPanel).board
        named = [row.key for row in board.listing.order]
        assert named == [*sorted(stage.app.desk.feeds), "loops"]


async def test_the_simulated_market_has_one_feed() -> None:
    live = FakeEngine(nothing_known())
    live.can_offer_demo = True
    stage = Stage(live, demo=FakeEngine(demo_picture()))
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await pilot.press("D")
        await pilot.pause()
        assert "● 1/1" in stage.app.screen.query_one(TitleBar).render_line(0).text
        await pilot.press("L")
        await pilot.pause()
        feeds = len(live.latest.feeds)
        assert f"▲ 0/{feeds}" in stage.app.screen.query_one(TitleBar).render_line(0).text


async def test_nothing_is_offered_where_there_is_nothing() -> None:
    stage = Stage(demo=None)
    async with stage.app.run_test(size=(80, 24)):
        assert not stage.app.screen.query_one("#offer", Static).display


async def test_a_small_terminal_never_sees_the_layout_of_a_large_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage = Stage()
    frames = frames_of(stage, monkeypatch)
    async with stage.app.run_test(size=(60, 16)) as pilot:
        await pilot.pause()
    painted = [frame for frame in frames if any("Russell 2000" in line for line in frame)]
    assert painted
    assert all(_titles(frame) == _titles(painted[-1]) for frame in painted)


def _titles(frame: list[str]) -> list[int]:
    """The lines on which panels begin."""
    return [y for y, line in enumerate(frame) if "Leaders" in line or "Watchlist" in line]

"""Heat map, breadth and rotation: entered and left by one key, and the way through them."""

from __future__ import annotations

import asyncio
import re
from itertools import pairwise

import pytest
from msgspec.structs import replace

from tests.tui.driving import lines_of, press, title_of
from tests.tui.fakes import LISTS, FakeEngine, Stage, live_picture
from tests.widgets.censuses import census, with_census
from tui.commands import commands_of
from tui.key_bar import KeyBar
from tui.screens.breadth import BreadthScreen
from tui.screens.calendar import CalendarScreen
from tui.screens.changes import ChangesScreen
from tui.screens.health import HealthScreen
from tui.screens.heat import HeatMap, HeatScreen
from tui.screens.overview import OverviewScreen
from tui.screens.rotation import RotationScreen
from tui.screens.search import SearchScreen
from tui.screens.symbol import SymbolScreen
from widgets.breadth import BreadthPanel
from widgets.breadth_chart import TOPICS, BreadthChartPanel
from widgets.breadth_table import BreadthTablePanel
from widgets.leaders import LeadersPanel
from widgets.panel import Panel
from widgets.policy import PolicyPanel
from widgets.rotation import RotationPanel
from widgets.strips import price
from widgets.thesis import ThesisPanel
from widgets.values import number_of
from widgets.volatility import VolatilityPanel
from widgets.watchlist import WatchlistPanel

SIZE = (120, 34)
SIZES = ((200, 55), (120, 34), (80, 24), (60, 16), (40, 12))
ROOMS = {
    "m": HeatScreen,
    "b": BreadthScreen,
    "R": RotationScreen,
    "i": HealthScreen,
    "C": ChangesScreen,
    "c": CalendarScreen,
}


def counted(count: int = 60) -> Stage:
    """The program over an index of so many members."""
    return Stage(FakeEngine(with_census(live_picture(), census(count))))


def uncounted() -> Stage:
    """The program before anything is known of the members."""
    return Stage(FakeEngine(replace(live_picture(), census=None)))


def the_map(stage: Stage) -> HeatMap:
    return stage.app.screen.query_one(HeatMap)


def crumbs(stage: Stage) -> tuple[str, ...]:
    return title_of(stage.app.screen).crumbs


def text_of(stage: Stage) -> str:
    return "\n".join(lines_of(stage))


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_one_key_enters_a_room_and_it_or_escape_leaves_it(size: tuple[int, int]) -> None:
    stage = counted()
    async with stage.app.run_test(size=size) as pilot:
        row = stage.app.screen.query_one(LeadersPanel).cursor_symbol
        await press(pilot, "j", "k")
        place = SIZES.index(size)
        for number, (key, room) in enumerate(tuple(ROOMS.items())[place % 2 :: 2]):
            await press(pilot, key)
            assert isinstance(stage.app.screen, room), key
            await press(pilot, (key, "escape")[(number + place // 2) % 2])
            assert isinstance(stage.app.screen, OverviewScreen), key
            assert stage.app.screen.query_one(LeadersPanel).cursor_symbol == row, key


async def test_going_round_in_rooms_piles_up_nothing_and_leaves_no_task_or_timer() -> None:
    stage = counted()
    async with stage.app.run_test(size=SIZE) as pilot:
        await stage.app.workers.wait_for_complete()
        await pilot.pause()
        before = asyncio.all_tasks()
        for _ in range(2):
            for key, room in ROOMS.items():
                await press(pilot, key)
                assert isinstance(stage.app.screen, room)
                hints = stage.app.screen.query_one(KeyBar).hints
                assert key not in {hint.key for hint in hints}, "a room does not offer itself"
        assert len(stage.app.market_screens) <= 1 + len(ROOMS)
        while len(stage.app.screen_stack) > 1:
            await press(pilot, "escape")
        stage.app.push_screen(SearchScreen(stage.app.desk))
        await press(pilot, "x")
        begun = asyncio.all_tasks() - before
        assert any(task.get_name().startswith("set_timer") for task in begun), "it waits for more"
        await press(pilot, "escape")
        await stage.app.workers.wait_for_complete()
        assert asyncio.all_tasks() <= before, "Textual's timers are tasks too"


async def test_a_key_pressed_twice_at_once_opens_one_room() -> None:
    stage = counted()
    async with stage.app.run_test(size=SIZE) as pilot:
        stage.app.action_breadth()
        stage.app.action_breadth()
        stage.app.action_rotation()
        await pilot.pause()
        assert [type(s) for s in stage.app.market_screens] == [OverviewScreen, BreadthScreen]


async def test_the_palette_goes_into_every_room_and_moves_no_cursor() -> None:
    stage = counted()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "m")
        active = {a.binding.id or "" for a in stage.app.screen.active_bindings.values()}
        commands = {c.name: c for c in commands_of(stage.app, frozenset(active))}
        assert "The tile on the left" not in commands
        commands["Rotation of the sub-sectors against the index, and back"].run()
        await pilot.pause()
        assert isinstance(stage.app.screen, RotationScreen)
        commands["Heat map of what is shown, and back to the table"].run()
        await pilot.pause()
        assert isinstance(stage.app.screen, HeatScreen)
        assert "Breadth over time and by sector, and back" in commands


async def test_the_map_of_a_group_is_beside_its_table() -> None:
    stage = counted()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "b", "j", "enter")
        table = stage.app.market_screen
        assert table is not None
        await press(pilot, "m")
        assert the_map(stage).place == table.place != ""
        await press(pilot, "m")
        assert stage.app.screen is table


# The heat map


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_map_goes_down_to_a_member_and_up_again(size: tuple[int, int]) -> None:
    stage = counted()
    async with stage.app.run_test(size=size) as pilot:
        await press(pilot, "m")
        ways: list[str | None] = []
        while isinstance(stage.app.screen, HeatScreen):
            ways.append(the_map(stage).cursor_symbol)
            await press(pilot, "enter")
            assert len(ways) < 5, "every tile leads one level down"
        symbol = stage.app.screen
        assert isinstance(symbol, SymbolScreen)
        assert symbol.symbol == ways[-1]
        await press(pilot, "escape")
        for chosen in reversed(ways):
            assert the_map(stage).cursor_symbol == chosen
            await press(pilot, "escape")
        assert isinstance(stage.app.screen, OverviewScreen)


async def test_the_crumbs_name_sector_and_sub_sector() -> None:
    stage = counted()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "m")
        assert crumbs(stage) == ("Russell 2000", "heat map")
        await press(pilot, "g", "enter")
        assert crumbs(stage) == ("Russell 2000", "Health Care", "heat map")
        await press(pilot, "g", "enter")
        sub = the_map(stage).place
        group = census(60).group(sub)
        assert group is not None
        assert crumbs(stage) == ("Russell 2000", "Health Care", group.name, "heat map")
        await press(pilot, "enter")
        assert crumbs(stage)[:3] == ("Russell 2000", "Health Care", group.name)


async def test_others_are_opened_by_key_and_mouse_until_all_are_seen_and_left_again() -> None:
    stage = counted(300)
    async with stage.app.run_test(size=(60, 16)) as pilot:
        await press(pilot, "asterisk")
        await press(pilot, "m", "g")
        below: list[str] = []
        while (others := the_map(stage).chosen) is not None and others.is_rest:
            below.append(others.label)
            if len(below) == 1:
                map_lines = lines_of(stage)[the_map(stage).region.y :]
                row = next(n for n, line in enumerate(map_lines) if n and others.label in line)
                await pilot.click(HeatMap, offset=(map_lines[row].index(others.label), row))
                await pilot.pause()
            else:
                await press(pilot, "enter")
            assert crumbs(stage)[-3:] == ("all members", others.label, "heat map")
            assert the_map(stage).heading().startswith(f"{others.label} of All members · ")
            await press(pilot, "g", "t")
        assert 1 < len(below) < 6
        await press(pilot, "enter")
        assert isinstance(stage.app.screen, SymbolScreen)
        assert below[-1] in crumbs(stage)
        await press(pilot, "escape")
        for label in reversed(below):
            assert crumbs(stage)[-2] == label
            await press(pilot, "escape")
            chosen = the_map(stage).chosen
            assert chosen is not None
            assert chosen.label == label
        assert crumbs(stage)[-2:] == ("all members", "heat map")


async def test_left_and_right_go_to_tiles_and_to_no_other_screen() -> None:
    stage = counted()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "m", "g")
        first = the_map(stage).chosen
        await press(pilot, "l", "j")
        moved = the_map(stage).chosen
        assert moved != first
        await press(pilot, "h", "left", "up", "k", "k", "k")
        assert isinstance(stage.app.screen, HeatScreen)
        assert the_map(stage).place == ""
        await press(pilot, "G")
        assert the_map(stage).chosen not in {first, moved}


async def test_the_footer_of_the_map_offers_no_list() -> None:
    stage = counted()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "m")
        offered = {hint.id for hint in stage.app.screen.query_one(KeyBar).hints}
        assert {"go.open", "go.up", "go.policy", "window.next"} <= offered
        assert not offered & {"list.filter", "list.sort"}


async def test_the_window_holds_on_the_map_and_a_lone_panel_has_no_zoom() -> None:
    stage = counted()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "m", "g", "enter", "z")
        bar = stage.app.screen.query_one(KeyBar)
        assert bar.message == "zoom: nothing to do here"
        await press(pilot, "t")
        assert the_map(stage).window == "5D"
        assert the_map(stage).place == "@sector:health-care"
        await press(pilot, "escape")
        assert the_map(stage).place == ""


async def test_a_group_is_not_watched_and_a_member_is() -> None:
    stage = counted()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "m", "w")
        bar = stage.app.screen.query_one(KeyBar)
        assert bar.message == "a group is no symbol to watch; open it and watch its members"
        assert "watch.toggle" not in {hint.id for hint in bar.hints}
        assert stage.lists.current == LISTS["default"]
        await press(pilot, "g", "enter", "g", "enter", "w")
        assert stage.lists.current == (*LISTS["default"], the_map(stage).cursor_symbol)


async def test_a_click_chooses_a_tile_and_a_second_opens_it() -> None:
    stage = counted()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "m")
        await pilot.click(HeatMap, offset=(4, 1))
        await pilot.pause()
        assert the_map(stage).cursor_symbol == "@sector:health-care"
        await pilot.click(HeatMap, offset=(4, 1))
        await pilot.pause()
        assert the_map(stage).place == "@sector:health-care"


# Breadth and rotation


async def test_d_draws_one_topic_after_another() -> None:
    stage = counted()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "b")
        chart = stage.app.screen.query_one(BreadthChartPanel)
        seen: list[str] = []
        for _ in TOPICS:
            seen.append(chart.topic)
            await press(pilot, "d")
        assert seen == list(TOPICS)
        assert chart.topic == seen[0]
        await pilot.resize_terminal(40, 12)
        await pilot.pause()
        assert not chart.display
        await press(pilot, "d")
        assert (chart.display, chart.topic) == (True, seen[0]), "it comes before it changes"
        await press(pilot, "d")
        assert chart.topic == seen[1]
        await press(pilot, "escape")
        assert not chart.display


@pytest.mark.parametrize("key", ["b", "R"])
async def test_a_group_is_opened_and_left_to_the_same_row(key: str) -> None:
    stage = counted()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, key, "j", "j")
        room = stage.app.market_screen
        assert room is not None
        row = room.cursor_symbol
        assert row is not None
        await press(pilot, "enter")
        opened = stage.app.market_screen
        assert opened is not None
        assert opened.place == row
        await press(pilot, "escape")
        assert stage.app.screen is room
        assert room.cursor_symbol == row


async def test_rotation_is_walked_like_a_list() -> None:
    stage = counted()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "R")
        panel = stage.app.screen.query_one(RotationPanel)
        first = panel.cursor_symbol
        await press(pilot, "j", "down")
        assert panel.cursor_symbol != first
        await press(pilot, "k", "up")
        assert panel.cursor_symbol == first
        await press(pilot, "G")
        last = panel.cursor_symbol
        await press(pilot, "j")
        assert panel.cursor_symbol == last
        await press(pilot, "g")
        assert panel.cursor_symbol == first
        offered = {hint.id for hint in stage.app.screen.query_one(KeyBar).hints}
        assert not offered & {"window.next", "list.filter"}


# Before the members are known, and the overview


@pytest.mark.parametrize("key", ["m", "b", "R"])
async def test_a_room_says_what_it_waits_for(key: str) -> None:
    stage = uncounted()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, key)
        assert "waiting for the members and their prices" in text_of(stage)
        await press(pilot, "j", "G", "enter", "w")
        assert isinstance(stage.app.screen, ROOMS[key])


async def test_breadth_takes_a_line_of_the_overview_until_it_is_counted() -> None:
    stage = uncounted()
    async with stage.app.run_test(size=SIZE) as pilot:
        breadth = stage.app.screen.query_one(BreadthPanel)
        assert breadth.region.height == 3
        assert "waiting for the members" in text_of(stage)
        assert "w watch" in lines_of(stage)[-1], "the row is a fund's"
        stage.engine.latest = with_census(live_picture(), census(60))
        stage.clock.jump(1)
        stage.app.beat()
        await pilot.pause()
        assert breadth.region.height == 7
        assert ">50DMA" in text_of(stage)
        assert "w watch" not in lines_of(stage)[-1], "now it is a group's"


async def test_small_panes_hear_of_breadth_when_it_is_counted() -> None:
    stage = uncounted()
    async with stage.app.run_test(size=(80, 24)) as pilot:
        breadth = stage.app.screen.query_one(BreadthPanel)
        assert not breadth.display
        stage.engine.latest = with_census(live_picture(), census(60))
        stage.clock.jump(1)
        stage.app.beat()
        await pilot.pause()
        assert breadth.region.height == 4
        assert ">50DMA" in text_of(stage)
        await pilot.resize_terminal(60, 16)
        await pilot.pause()
        assert not breadth.display
        await press(pilot, "5")
        assert breadth.region.size == (60, 14)


async def test_a_strip_tells_of_breadth_behind_the_vix() -> None:
    stage = counted()
    told = census(60).readings
    ups, downs = (price(number_of(told[f"breadth.{n}"]), 0) for n in ("advances", "declines"))
    async with stage.app.run_test(size=(80, 1)) as pilot:
        await pilot.pause()
        assert re.search(rf"VIX \d+\.\d+  ▲ {ups} {downs} ▼ nasdaq 40s  RVX", text_of(stage))
        await pilot.resize_terminal(40, 1)
        await pilot.pause()
        assert re.search(r"VIX \d+\.\d+  (?!▲)", text_of(stage))


async def test_a_strip_is_silent_about_breadth_until_it_is_counted() -> None:
    stage = uncounted()
    async with stage.app.run_test(size=(80, 1)) as pilot:
        await pilot.pause()
        assert re.search(r"VIX \d+\.\d+  RVX", text_of(stage))


@pytest.mark.parametrize("size", [(200, 55), (120, 34), (80, 24)], ids=str)
async def test_the_overview_is_laid_out_as_drawn(size: tuple[int, int]) -> None:
    stage = counted()
    async with stage.app.run_test(size=size) as pilot:
        await pilot.pause()
        screen = stage.app.screen
        left = [screen.query_one(f"#{name}", Panel) for name in ("index", "breadth", "watchlist")]
        kinds = (LeadersPanel, VolatilityPanel, PolicyPanel, ThesisPanel)
        right = [panel for kind in kinds if (panel := screen.query_one(kind)).display]
        for column in (left, right):
            assert [p.region.x for p in column] == [column[0].region.x] * len(column)
            for above, below in pairwise(column):
                assert above.region.bottom == below.region.y
        last_lines = {(200, 55): 3, (80, 24): 2}.get(size, 1)  # keys, and what has no room above
        assert left[-1].region.bottom == right[-1].region.bottom == size[1] - last_lines


async def test_the_numbers_of_the_panels_are_those_people_know() -> None:
    stage = counted()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "3")
        assert isinstance(stage.app.market_screen, OverviewScreen)
        assert isinstance(stage.app.market_screen.focused_panel, WatchlistPanel)
        await press(pilot, "5")
        assert isinstance(stage.app.market_screen.focused_panel, BreadthPanel)


async def test_the_table_of_breadth_has_the_keys_at_first() -> None:
    stage = counted()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "b")
        screen = stage.app.market_screen
        assert screen is not None
        assert isinstance(screen.focused_panel, BreadthTablePanel)

"""Every screen at every size: mounts, fills the terminal exactly, and cuts no number."""

from __future__ import annotations

import re

import pytest
from textual.pilot import Pilot

from tests.tui.driving import lines_of
from tests.tui.fakes import FakeEngine, Stage, nothing_known
from tui.settings import Settings
from widgets.index_card import IndexPanel
from widgets.leaders import LeadersPanel
from widgets.strip_line import StripLine
from widgets.volatility import VolatilityPanel
from widgets.watchlist import WatchlistPanel

SIZES = (
    *((200, 55), (120, 34), (80, 24), (60, 16), (40, 12)),
    *((80, 3), (120, 2), (60, 1)),
    *((100, 10), (60, 40), (40, 24), (44, 60), (200, 6), (30, 6), (20, 4), (78, 20), (77, 19)),
)
WAYS = {
    "overview": (),
    "sector": ("enter",),
    "sub-sector": ("enter", "enter"),
    "member": ("enter", "enter", "enter"),
    "members": ("asterisk", "G", "s"),
    "symbol": ("3", "enter"),
    "candles": ("3", "enter", "t", "t", "t", "d", "M"),
    "health": ("i",),
    "map": ("m",),
    "map of a group": ("m", "enter"),
    "breadth": ("b",),
    "mcclellan": ("b", "d", "d", "d"),
    "rotation": ("R", "j", "j"),
    "changes": ("C",),
    "help": ("f1",),
    "search": ("W",),
}
CUT_NUMBER = re.compile(r"\d[.,]\d*…|[+−]\d*…")
STARTS = ((200, 55), (120, 34), (80, 24), (60, 16), (40, 12), (80, 3), (40, 1))


async def _walk(pilot: Pilot[None], keys: tuple[str, ...]) -> None:
    await pilot.app.workers.wait_for_complete()
    for key in keys:
        await pilot.press(key)
    await pilot.pause()


def _check(stage: Stage, size: tuple[int, int]) -> None:
    lines = lines_of(stage)
    text = "\n".join(lines)
    assert len(lines) == size[1], size
    assert text.strip(), size
    assert not CUT_NUMBER.search(text), f"{size}\n{text}"


@pytest.mark.parametrize("way", WAYS)
async def test_every_screen_fits_every_size(way: str) -> None:
    stage = Stage()
    async with stage.app.run_test(size=(120, 34)) as pilot:
        await _walk(pilot, WAYS[way])
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            _check(stage, size)


async def test_a_first_start_without_a_network_fits_every_size() -> None:
    engine = FakeEngine(nothing_known())
    engine.can_offer_demo = True
    stage = Stage(engine, demo=FakeEngine())
    async with stage.app.run_test(size=(120, 34)) as pilot:
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            _check(stage, size)


@pytest.mark.parametrize("size", STARTS, ids=str)
async def test_the_level_of_the_index_is_whole_from_the_start(size: tuple[int, int]) -> None:
    stage = Stage()
    async with stage.app.run_test(size=size) as pilot:
        await _walk(pilot, ())
        last = stage.engine.latest.quotes["^RUT"].last
        assert f"{last:,.2f}" in "\n".join(lines_of(stage))
        _check(stage, size)


@pytest.mark.parametrize("size", [(200, 55), (120, 34), (80, 24)], ids=str)
async def test_all_four_panels_stay_down_to_80x24(size: tuple[int, int]) -> None:
    stage = Stage()
    async with stage.app.run_test(size=size):
        for kind in (IndexPanel, LeadersPanel, VolatilityPanel, WatchlistPanel):
            panel = stage.app.screen.query_one(kind)
            assert panel.display
            assert panel.region.height >= 6


@pytest.mark.parametrize("size", [(60, 16), (40, 12)], ids=str)
async def test_small_panes_keep_index_vix_leaders_and_watchlist(size: tuple[int, int]) -> None:
    stage = Stage()
    async with stage.app.run_test(size=size) as pilot:
        await _walk(pilot, ())
        text = "\n".join(lines_of(stage))
        assert "VIX" in text
        for kind in (LeadersPanel, WatchlistPanel):
            assert stage.app.screen.query_one(kind).board.region.height >= 2


@pytest.mark.parametrize("height", [1, 2, 3])
async def test_a_strip_shows_the_strip_alone(height: int) -> None:
    stage = Stage()
    async with stage.app.run_test(size=(100, height)) as pilot:
        await _walk(pilot, ())
        screen = stage.app.screen
        assert screen.query_one(StripLine).region.size == (100, height)
        assert "RUT" in lines_of(stage)[0]


async def test_a_strip_stays_a_strip_when_zoomed() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(100, 3)) as pilot:
        await _walk(pilot, ("z",))
        assert "RUT" in lines_of(stage)[0]
        await pilot.resize_terminal(100, 12)
        await pilot.pause()
        assert not stage.app.screen.query_one(StripLine).display


@pytest.mark.parametrize("size", [(120, 34), (40, 12)], ids=str)
async def test_the_scrollbar_of_a_list_stands_beside_its_rows_alone(size: tuple[int, int]) -> None:
    stage = Stage()
    async with stage.app.run_test(size=size) as pilot:
        await _walk(pilot, ())
        board = stage.app.screen.query_one(LeadersPanel).board
        bar = board.vertical_scrollbar.region
        assert board.titles == 1
        assert bar.y == board.region.y + 1
        assert bar.bottom == board.region.bottom
        board.end()
        await pilot.pause()
        last = board.listing.order[-1].cells[1].text
        assert last in lines_of(stage)[board.region.bottom - 1]


async def test_a_pane_that_grows_and_shrinks_is_complete_each_time() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(80, 24)) as pilot:
        for size in ((80, 2), (200, 55), (40, 12), (120, 34)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert len(lines_of(stage)) == size[1]
        volatility = stage.app.screen.query_one(VolatilityPanel)
        assert volatility.snapshot is stage.app.screen.query_one(LeadersPanel).snapshot
        assert "contango" in "\n".join(lines_of(stage))


async def test_ascii_only_means_ascii_only() -> None:
    stage = Stage(settings=Settings(ascii=True))
    async with stage.app.run_test(size=(120, 34)) as pilot:
        for way, keys in WAYS.items():
            await _walk(pilot, keys)
            strange = {c for line in lines_of(stage) for c in line if not c.isascii()}
            assert not strange, way
            await _walk(pilot, ("escape",) * 3)


@pytest.mark.parametrize("size", [(120, 8), (80, 5), (30, 8), (20, 5), (20, 4)], ids=str)
async def test_the_lowest_panes_keep_level_and_leaders(size: tuple[int, int]) -> None:
    stage = Stage()
    async with stage.app.run_test(size=size) as pilot:
        await _walk(pilot, ())
        lines = lines_of(stage)
        leaders = stage.app.screen.query_one(LeadersPanel)
        assert leaders.board.region.height >= 1
        assert f"{stage.engine.latest.quotes['^RUT'].last:,.2f}" in "\n".join(lines[:2])
        watched = stage.app.screen.query_one(WatchlistPanel)
        assert not watched.display or watched.board.region.height >= 1, "no title without a row"


@pytest.mark.parametrize("size", [(120, 8), (120, 12), (80, 5)], ids=str)
async def test_panels_without_borders_do_not_touch(size: tuple[int, int]) -> None:
    stage = Stage()
    async with stage.app.run_test(size=size) as pilot:
        await _walk(pilot, ())
        left, right = (stage.app.screen.query_one(k).region for k in (LeadersPanel, WatchlistPanel))
        assert right.x - left.right == 1


@pytest.mark.parametrize("size", [(10, 3), (8, 1), (12, 2)], ids=str)
async def test_the_level_outlasts_all_else(size: tuple[int, int]) -> None:
    stage = Stage()
    async with stage.app.run_test(size=size) as pilot:
        await _walk(pilot, ())
        last = stage.engine.latest.quotes["^RUT"].last
        assert f"{last:,.2f}" in lines_of(stage)[0]

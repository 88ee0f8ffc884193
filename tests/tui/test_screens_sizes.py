"""Every screen at every size: mounts, fills the terminal exactly, and cuts no number."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from textual.pilot import Pilot

from tests.tui.driving import lines_of, press
from tests.tui.fakes import FakeEngine, Stage, nothing_known
from tui.settings import Settings
from widgets.index_card import IndexPanel
from widgets.leaders import LeadersPanel
from widgets.strip_line import StripLine
from widgets.volatility import VolatilityPanel
from widgets.watchlist import WatchlistPanel

SIZES = ((120, 34), (200, 55), (80, 24), (60, 16), (40, 12), (80, 3))
"""Every screen's sizes; the first is the one it is opened at."""
ODD_SIZES = (
    *(
        (44, 60),
        (30, 6),
        (120, 2),
        (60, 1),
        (100, 10),
        (60, 40),
        (40, 24),
        (200, 6),
        (20, 4),
        (78, 20),
        (77, 19),
    ),
)
"""Further sizes, of the screen that has the most panels and of a dialog."""
ODDLY_SIZED = ("overview", "search")
WAYS = {
    "overview": (),
    "sector": ("enter",),
    "sub-sector": ("enter", "enter"),
    "member": ("enter", "enter", "enter"),
    "members": ("asterisk", "G", "s"),
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
STARTS = ((200, 55), (120, 34), (80, 24), (60, 16), (40, 12), (80, 3), (100, 2), (40, 1))


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


async def _check_each(pilot: Pilot[None], stage: Stage, sizes: Iterable[tuple[int, int]]) -> None:
    for size in sizes:
        if stage.app.size != size:
            await pilot.resize_terminal(*size)
            await pilot.pause()
        _check(stage, size)


@pytest.mark.parametrize("way", WAYS)
async def test_every_screen_fits_every_size(way: str) -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZES[0]) as pilot:
        await _walk(pilot, WAYS[way])
        await _check_each(pilot, stage, (*SIZES, *ODD_SIZES) if way in ODDLY_SIZED else SIZES)


async def test_a_first_start_without_a_network_fits_every_size() -> None:
    engine = FakeEngine(nothing_known())
    engine.can_offer_demo = True
    stage = Stage(engine, demo=FakeEngine())
    async with stage.app.run_test(size=SIZES[0]) as pilot:
        await _check_each(pilot, stage, SIZES)


@pytest.mark.parametrize("size", STARTS, ids=str)
async def test_a_start_shows_the_level_and_what_its_size_has_room_for(
    size: tuple[int, int],
) -> None:
    stage = Stage()
    async with stage.app.run_test(size=size) as pilot:
        await _walk(pilot, ())
        last = stage.engine.latest.quotes["^RUT"].last
        text = "\n".join(lines_of(stage))
        assert f"{last:,.2f}" in text
        _check(stage, size)
        screen = stage.app.screen
        if size[1] <= 3:
            assert screen.query_one(StripLine).region.size == size
            assert "RUT" in lines_of(stage)[0]
        elif size[0] < 80:
            assert "VIX" in text
            for kind in (LeadersPanel, WatchlistPanel):
                assert screen.query_one(kind).board.region.height >= 2
        else:
            for kind in (IndexPanel, LeadersPanel, VolatilityPanel, WatchlistPanel):
                assert screen.query_one(kind).display
                assert screen.query_one(kind).region.height >= 6


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
        for size in ((80, 2), (40, 12), (120, 34)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert len(lines_of(stage)) == size[1]
        volatility = stage.app.screen.query_one(VolatilityPanel)
        assert volatility.snapshot is stage.app.screen.query_one(LeadersPanel).snapshot
        assert "contango" in "\n".join(lines_of(stage))


async def test_ascii_only_means_ascii_only() -> None:
    stage = Stage(settings=Settings(ascii=True))
    longest = {keys for keys in WAYS.values() if not any(_begins(k, keys) for k in WAYS.values())}
    async with stage.app.run_test(size=(120, 34)) as pilot:
        for keys in longest:
            for done, key in enumerate(keys):
                await _walk(pilot, (key,))
                assert not _strange(stage), keys[: done + 1]
            await _walk(pilot, ("escape",) * 3)
        await _walk(pilot, ("colon",))
        await stage.app.workers.wait_for_complete()
        await pilot.pause()
        assert any("Search for commands" in line for line in lines_of(stage))
        assert not _strange(stage), "the palette"


def _strange(stage: Stage) -> set[str]:
    return {c for line in lines_of(stage) for c in line if not c.isascii()}


def _begins(way: tuple[str, ...], beginning: tuple[str, ...]) -> bool:
    """Return whether a longer way begins with this one."""
    return len(way) > len(beginning) and way[: len(beginning)] == beginning


async def test_the_lowest_panes_keep_level_and_leaders() -> None:
    stage = Stage()
    last = f"{stage.engine.latest.quotes['^RUT'].last:,.2f}"
    async with stage.app.run_test(size=(120, 12)) as pilot:
        await _walk(pilot, ())
        leaders, watched = (
            stage.app.screen.query_one(kind) for kind in (LeadersPanel, WatchlistPanel)
        )
        assert watched.region.x - leaders.region.right == 1, "no border, yet a gap"
        for size in ((120, 8), (80, 5), (30, 8), (20, 5), (20, 4)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert leaders.board.region.height >= 1, size
            assert last in "\n".join(lines_of(stage)[:2]), size
            shown = watched.display
            assert not shown or watched.board.region.height >= 1, f"{size}: a title without a row"
            assert size[0] < 80 or watched.region.x - leaders.region.right == 1, size
        for size in ((10, 3), (8, 1), (12, 2)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert last in lines_of(stage)[0], "the level outlasts all else"


async def test_rooms_are_passed_over_in_another_size_than_they_were_opened_in() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(120, 34)) as pilot:
        for key in "vPcfy":
            await press(pilot, key)
        await pilot.resize_terminal(80, 24)
        await press(pilot, "v")
        await pilot.pause()
        assert stage.app.screen.query_one(StripLine).is_mounted
        assert "› volatility" in lines_of(stage)[0]

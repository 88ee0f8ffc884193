"""From the index to a sector, a sub-sector, a member and back to the same place, at five sizes."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from market.census import Group, GroupKind
from market.quotes import Key, Kind
from tests.tui.counted import counted_picture, uncounted_picture
from tests.tui.driving import frames_of, press, title_of
from tests.tui.fakes import FakeEngine, Stage
from tests.widgets.censuses import BASKET
from tui.screens.group import GroupScreen
from tui.screens.heat import HeatMap
from tui.screens.overview import OverviewScreen
from tui.screens.sector import SectorScreen
from tui.screens.symbol import SymbolScreen
from widgets.board import Board, Sort
from widgets.group_card import GroupPanel
from widgets.leaders import LeadersPanel
from widgets.leaders_view import RowKind
from widgets.members import MembersPanel
from widgets.price_chart import PricePanel
from widgets.quote_card import QuotePanel

SIZES = ((200, 55), (120, 34), (80, 24), (60, 16), (40, 12))
SIZE = (120, 34)


def _stage() -> Stage:
    return Stage(FakeEngine(counted_picture()))


def _group(stage: Stage) -> Group:
    screen = stage.app.screen
    assert isinstance(screen, GroupScreen)
    assert screen.group is not None
    return screen.group


def _state(board: Board) -> tuple[str | None, Sort, str, int]:
    return board.cursor_key, board.sort, board.filter_text, board.scroll_offset.y


def _board(stage: Stage, kind: type[LeadersPanel | MembersPanel]) -> Board:
    board = stage.app.screen.query_one(kind).board
    assert isinstance(board, Board)
    return board


def _crumbs(stage: Stage) -> tuple[str, ...]:
    return title_of(stage.app.screen).crumbs[1:]


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_from_the_overview_to_a_member_and_back(size: tuple[int, int]) -> None:
    stage = _stage()
    async with stage.app.run_test(size=size) as pilot:
        await press(pilot, "t", "s", "j", "j", "j")
        leaders = _board(stage, LeadersPanel)
        row, sort = leaders.cursor_key, leaders.sort
        assert row is not None
        await press(pilot, "enter")
        sector = _group(stage)
        assert sector.kind is GroupKind.SECTOR
        parts = _board(stage, LeadersPanel)
        assert parts.cursor_key == row
        await press(pilot, "enter")
        part = _group(stage)
        assert (part.symbol, part.sector) == (row, sector.sector)
        assert _crumbs(stage) == (sector.name, part.name)
        await press(pilot, "s", "j", "slash", "h", "o", "l", "d", "enter")
        members = _board(stage, MembersPanel)
        before = _state(members)
        assert members.cursor_key is not None
        following = "last" if size[0] > 40 else "symbol"  # weight, the ranking, has no room there
        assert (members.filter_text, members.sort.column) == ("hold", following)
        await press(pilot, "enter")
        assert isinstance(stage.app.screen, SymbolScreen)
        assert stage.app.screen.symbol == members.cursor_key
        assert _crumbs(stage) == (sector.name, part.name, members.cursor_key)
        await press(pilot, "backspace")
        assert _group(stage) is part
        assert _state(_board(stage, MembersPanel)) == before
        assert stage.app.screen.query_one(MembersPanel).window == "5D"
        await press(pilot, "escape", "escape", "h")
        assert isinstance(stage.app.screen, OverviewScreen)
        assert (leaders.cursor_key, leaders.sort) == (row, sort)
        assert stage.app.screen.query_one(LeadersPanel).window == "5D"


async def test_a_basket_opens_its_own_screen_with_its_funds_beside() -> None:
    stage = _stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        assert _board(stage, LeadersPanel).choose(BASKET)
        await press(pilot, "enter")
        assert _crumbs(stage) == ("Automation",)
        screen = stage.app.screen
        assert screen.query_one(PricePanel).symbol == BASKET
        assert screen.query_one(GroupPanel).symbol == BASKET
        assert not screen.query(LeadersPanel)
        assert Key(Kind.TRACE, "BOTZ") in stage.engine.wanted
        assert Key(Kind.TRACE, BASKET) not in stage.engine.wanted, "no feed knows a group"
        await press(pilot, "1", "enter")
        assert _crumbs(stage) == ("Automation", "chart")
        assert stage.app.screen.query_one(QuotePanel).heading() == "Automation"


async def test_the_members_days_are_asked_for_while_that_of_their_group_on_screen_is_cut() -> None:
    stage = _stage()

    def days() -> set[Key]:
        return {key for key in stage.engine.wanted if key.kind is Kind.DAY}

    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "enter")
        group = _group(stage)
        assert not days(), "the whole of it was seen"
        whole = stage.engine.latest
        key = Key(Kind.TRACE, group.symbol)
        trace = whole.bars[key]
        cut = replace(trace, times=trace.times[:1] + trace.times[-1:], close=trace.close[:1] * 2)
        stage.engine.latest = replace(whole, bars={**whole.bars, key: cut})
        await _news(stage, pilot)
        symbols = {key.symbol for key in days()}
        assert whole.census is not None
        assert symbols < {whole.census.members.symbols[row] for row in group.rows}
        await press(pilot, "t")
        assert not days(), "no day is drawn"
        await press(pilot, "T")
        assert {key.symbol for key in days()} == symbols
        stage.engine.latest = whole
        await _news(stage, pilot)
        assert not days()


async def _news(stage: Stage, pilot: Pilot[None]) -> None:
    stage.clock.jump(1)
    stage.app.beat()
    await pilot.pause()


async def test_members_in_sight_tick_wherever_scrolling_comes_to_rest() -> None:
    stage = _stage()

    def ticking() -> set[str]:
        return {key.symbol for key in stage.engine.wanted if key.kind is Kind.TICK}

    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "asterisk")
        await _news(stage, pilot)
        board = _board(stage, MembersPanel)
        body = board.body
        order = [row.key for row in board.listing.order]
        assert ticking() == set(order[:body])
        await press(pilot, "end")
        await _news(stage, pilot)
        assert ticking() == set(order[:body]), "it may scroll on"
        await _news(stage, pilot)
        assert ticking() == set(order[-body:])
        await press(pilot, "slash", *order[0].lower(), "enter")
        await _news(stage, pilot)
        await _news(stage, pilot)
        assert order[0] in ticking() < set(order), "what a filter leaves"
        await press(pilot, "escape", "enter")
        assert not ticking(), "one member is looked at, and asked for"
        await press(pilot, "backspace", "escape")
        assert not ticking()


async def test_a_member_opened_from_the_table_is_asked_for_like_any_symbol() -> None:
    stage = _stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "asterisk", "j", "enter")
        symbol = counted_picture().census
        assert symbol is not None
        assert Key(Kind.INTRADAY, symbol.members.symbols[1]) in stage.engine.wanted
        await press(pilot, "w")
        assert symbol.members.symbols[1] in stage.app.desk.watchlists.current


async def test_all_members_are_one_key_away_and_found_by_any_of_their_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage = _stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        frames = frames_of(stage, monkeypatch)
        await press(pilot, "asterisk")
        first = next(frame for frame in frames if "all members" in frame[0])
        assert first is next(frame for frame in frames if "Watchlist" not in "".join(frame))
        assert "⏎ open" in first[-1], "the first frame has title and footer"
        monkeypatch.undo()
        board = _board(stage, MembersPanel)
        assert len(board.listing.order) == 300
        assert _crumbs(stage) == ("all members",)
        await press(pilot, "j", "m")
        the_map = stage.app.screen.query_one(HeatMap)
        assert _crumbs(stage) == ("all members", "heat map")
        assert (the_map.cursor_symbol, the_map.heading()[:11]) == (board.cursor_key, "All members")
        await press(pilot, "m")
        assert stage.app.screen is board.screen
        await press(pilot, "asterisk")
        assert len(stage.app.market_screens) == 2, "it is open already"
        await press(pilot, "slash", *"biotechnology", "enter")
        assert 0 < len(board.listing.order) < 60
        await press(pilot, "escape", "escape")
        assert isinstance(stage.app.screen, OverviewScreen)


async def test_without_members_the_key_says_so() -> None:
    stage = Stage(FakeEngine(uncounted_picture()))
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "asterisk")
        assert isinstance(stage.app.screen, OverviewScreen)
        await press(pilot, "enter")
        assert isinstance(stage.app.screen, SectorScreen), "funds stand for the members"


async def test_members_without_a_sub_sector_are_shown_where_their_row_is_opened() -> None:
    stage = _stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "enter")
        while not _board(stage, LeadersPanel).choose(RowKind.UNMAPPED):
            await press(pilot, "escape", "j", "enter")
        await press(pilot, "enter")
        board = _board(stage, MembersPanel)
        assert board.has_focus
        assert board.filter_text == "unmapped"
        census = counted_picture().census
        assert census is not None
        rows = [census.row_of(row.key) for row in board.listing.order]
        assert rows
        assert all(row is not None and not census.members.subsectors[row] for row in rows)


async def test_members_without_a_sub_sector_are_shown_from_the_overview_too() -> None:
    stage = _stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        assert _board(stage, LeadersPanel).choose(RowKind.UNMAPPED)
        assert stage.app.screen.query_one(LeadersPanel).cursor_symbol is None
        await press(pilot, "enter")
        await pilot.pause()
        board = _board(stage, MembersPanel)
        census = counted_picture().census
        assert census is not None
        assert board.filter_text == "unmapped"
        assert len(board.listing.order) == census.unmapped
        await press(pilot, "escape", "escape")
        assert isinstance(stage.app.screen, OverviewScreen)


async def test_what_is_unattributed_opens_nothing_and_is_no_symbol() -> None:
    stage = _stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "G")
        assert _board(stage, LeadersPanel).cursor_key == RowKind.UNATTRIBUTED
        assert stage.app.screen.query_one(LeadersPanel).cursor_symbol is None
        await press(pilot, "enter")
        assert isinstance(stage.app.screen, OverviewScreen)


async def test_thin_names_join_the_ranks_when_asked() -> None:
    stage = _stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "asterisk", "H")
        assert stage.app.screen.query_one(MembersPanel).with_thin
        await press(pilot, "H")
        assert not stage.app.screen.query_one(MembersPanel).with_thin


async def test_funds_make_way_for_the_members_when_they_come() -> None:
    stage = Stage(FakeEngine(uncounted_picture()))
    async with stage.app.run_test(size=SIZE) as pilot:
        leaders = stage.app.screen.query_one(LeadersPanel)
        assert "by funds · 1D · until members arrive" in leaders.heading()
        stage.engine.latest = counted_picture()
        stage.app.beat()
        await pilot.pause()
        assert "by funds" not in leaders.heading()
        assert leaders.board.listing.place("@biotechnology") is not None
        assert leaders.board.listing.place("XBI") is None

"""From the index to a sub-sector to a symbol and back, with the keyboard and with the mouse."""

from __future__ import annotations

from market.quotes import Key, Kind
from tests.tui.counted import uncounted_picture
from tests.tui.driving import press, title_of
from tests.tui.fakes import FakeEngine, Stage
from tui.key_bar import KeyBar
from tui.screens.health import HealthScreen
from tui.screens.overview import OverviewScreen
from tui.screens.sector import SectorScreen
from tui.screens.symbol import SymbolScreen
from widgets.board import Board
from widgets.leaders import LeadersPanel
from widgets.price_chart import PricePanel
from widgets.quote_card import QuotePanel
from widgets.volatility import VolatilityPanel
from widgets.watchlist import WatchlistPanel

SIZE = (120, 34)


def _board(stage: Stage) -> Board:
    board = stage.app.screen.query_one(LeadersPanel).board
    assert isinstance(board, Board)
    return board


async def test_overview_to_symbol_and_back_to_the_same_row() -> None:
    stage = Stage(FakeEngine(uncounted_picture()))
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "s", "j", "j", "j")
        row, sort = _board(stage).cursor_key, _board(stage).sort
        assert row is not None
        await press(pilot, "enter")
        sector = stage.app.screen
        assert isinstance(sector, SectorScreen)
        assert sector.sector == stage.app.desk.settings.cast[row].sector
        assert _board(stage).cursor_key == row
        await press(pilot, "enter")
        symbol = stage.app.screen
        assert isinstance(symbol, SymbolScreen)
        assert title_of(symbol).crumbs == ("Russell 2000", sector.sector, row)
        assert symbol.query_one(QuotePanel).symbol == row
        await press(pilot, "h", "left")
        assert isinstance(stage.app.screen, OverviewScreen)
        assert (_board(stage).cursor_key, _board(stage).sort) == (row, sort)


async def test_the_filter_and_the_window_survive_the_way_back() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "t", "slash", *"bio", "enter", "enter", "enter", "backspace", "escape")
        assert isinstance(stage.app.screen, OverviewScreen)
        assert _board(stage).filter_text == "bio"
        assert stage.app.screen.query_one(LeadersPanel).window == "5D"


async def test_at_the_top_up_clears_the_filter_and_then_does_nothing() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "slash", *"bio", "enter", "escape")
        assert _board(stage).filter_text == ""
        await press(pilot, "escape", "h", "backspace")
        assert isinstance(stage.app.screen, OverviewScreen)


async def test_a_watched_row_opens_its_symbol() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "3", "j", "l")
        assert isinstance(stage.app.screen, SymbolScreen)
        assert stage.app.screen.symbol == "XBI"


async def test_index_and_volatility_open_symbols() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "1", "enter")
        assert isinstance(stage.app.screen, SymbolScreen)
        assert stage.app.screen.symbol == "^RUT"
        await press(pilot, "escape", "4")
        assert isinstance(stage.app.screen, OverviewScreen)
        assert isinstance(stage.app.screen.focused_panel, VolatilityPanel)
        await press(pilot, "enter")
        assert isinstance(stage.app.screen, SymbolScreen)
        assert stage.app.screen.symbol.startswith("^V")


async def test_each_screen_asks_for_what_it_shows() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await pilot.pause()  # what is shown is asked for once it is painted
        assert Key(Kind.DAILY, "^RUT") in stage.engine.wanted
        await press(pilot, "3", "j", "enter", "t")
        assert Key(Kind.CHART, "XBI", "5D") in stage.engine.wanted
        assert Key(Kind.CHART, "^RUT", "5D") not in stage.engine.wanted
        await press(pilot, "x")
        assert Key(Kind.CHART, "^RUT", "5D") in stage.engine.wanted
        await press(pilot, "escape")
        assert Key(Kind.CHART, "XBI", "5D") not in stage.engine.wanted


async def test_the_chart_of_a_sector_goes_with_the_window_of_its_list() -> None:
    stage = Stage(FakeEngine(uncounted_picture()))
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "t", "enter")
        screen = stage.app.screen
        assert isinstance(screen, SectorScreen)
        chart = screen.query_one(PricePanel)
        spans: list[tuple[str, str]] = []
        for _ in range(8):
            spans.append((screen.query_one(LeadersPanel).window, chart.span))
            await press(pilot, "t")
        assert spans == [
            ("5D", "5D"),
            ("1M", "1M"),
            ("8W", "6M"),
            ("3M", "6M"),
            ("6M", "6M"),
            ("YTD", "YTD"),
            ("1Y", "1Y"),
            ("1D", "1D"),
        ]
        bars = {Key(Kind.CHART, symbol, "5D") for symbol in (screen.fund, "^RUT")}
        assert bars <= stage.engine.wanted
        await press(pilot, "T")
        assert not bars & stage.engine.wanted


async def test_the_chart_has_ranges_candles_averages_and_the_index_beside() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "3", "enter")
        chart = stage.app.screen.query_one(PricePanel)
        spans: list[str] = []
        for _ in range(7):
            spans.append(chart.span)
            await press(pilot, "t")
        assert spans == ["1D", "5D", "1M", "6M", "YTD", "1Y", "5Y"]
        await press(pilot, "T")
        assert chart.span == "5Y"
        bar = stage.app.screen.query_one(KeyBar)
        hints = {hint.id: hint.label for hint in bar.hints}
        await press(pilot, "d")
        told = {hint.id: hint.label for hint in bar.hints}
        assert (hints["symbol.drawing"], told["symbol.drawing"]) == ("candles", "line")
        await press(pilot, "M", "x")
        assert (chart.drawing, chart.compare, chart.averages) == ("candles", True, True)
        await press(pilot, "x", "d", "M")
        assert (chart.drawing, chart.compare, chart.averages) == ("line", False, False)


async def test_symbols_looked_at_before_come_back() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "3", "enter", "escape", "j", "enter", "left_square_bracket")
        screen = stage.app.screen
        assert isinstance(screen, SymbolScreen)
        assert screen.symbol == "IWM"
        assert title_of(screen).crumbs[-1] == "IWM"
        await press(pilot, "right_square_bracket")
        assert screen.symbol == "XBI"


async def test_the_health_of_the_feeds_is_one_key_away_and_back() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "i")
        assert isinstance(stage.app.screen, HealthScreen)
        await press(pilot, "i")
        assert isinstance(stage.app.screen, OverviewScreen)


async def test_the_mouse_chooses_a_row_opens_it_and_makes_a_panel_full() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        watchlist = stage.app.screen.query_one(WatchlistPanel)
        x, y = watchlist.board.region.x + 4, watchlist.board.region.y + 3
        await pilot.click(offset=(x, y))
        await pilot.pause()
        assert watchlist.cursor_symbol == "KRE"
        await pilot.click(offset=(x, y))
        await pilot.pause()
        assert isinstance(stage.app.screen, SymbolScreen)
        await press(pilot, "escape")
        await pilot.click(watchlist, offset=(5, 0))
        await pilot.pause()
        assert watchlist.region.width == SIZE[0]
        await pilot.click(watchlist, offset=(5, 0))
        await pilot.pause()
        assert watchlist.region.width < SIZE[0]


async def test_a_wish_that_comes_twice_opens_once() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        board = _board(stage)
        board.open()
        board.open()
        await pilot.pause()
        assert len(stage.app.market_screens) == 2


async def test_a_symbol_offers_only_what_changes_its_chart() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(120, 34)) as pilot:
        stage.app.open_symbol("XBI")
        await pilot.pause()
        screen = stage.app.screen
        assert isinstance(screen, SymbolScreen)
        bar = screen.query_one(KeyBar)
        assert screen.check_action("averages", ()) is False, "no bars of days on 1D"
        await press(pilot, "M")
        assert bar.message == "averages need daily bars: choose 6M or longer"
        bar.hush()
        await press(pilot, "t", "t", "t")
        assert screen.check_action("averages", ()) is True
        await press(pilot, "d")
        assert bar.message == "candles need opens, highs and lows, which this range lacks"
        await press(pilot, "x")
        assert screen.check_action("drawing", ()) is False, "a comparison has no candles"
        await press(pilot, "d")
        assert bar.message == "no candles while the index stands beside"
        assert screen.check_action("averages", ()) is False


async def test_where_no_symbol_was_looked_at_before_it_is_said() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(120, 34)) as pilot:
        stage.app.open_symbol("XBI")
        await pilot.pause()
        await press(pilot, "left_square_bracket")
        said = stage.app.screen.query_one(KeyBar).message
        assert said == "no symbol was looked at before this one"

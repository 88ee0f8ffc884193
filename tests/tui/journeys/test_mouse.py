"""Clicks that do what keys do: footer, crumbs, the feeds' badge, a chart's ranges, the index."""

from __future__ import annotations

from textual.pilot import Pilot
from textual.widget import Widget

from tests.tui.fakes import Stage
from tui.key_bar import KeyBar
from tui.screens.health import HealthScreen
from tui.screens.overview import OverviewScreen
from tui.screens.sector import SectorScreen
from tui.screens.symbol import SymbolScreen
from widgets.index_card import IndexPanel
from widgets.leaders import LeadersPanel
from widgets.price_chart import PricePanel
from widgets.title_bar import TitleBar

SIZE = (120, 34)
WITH_ALL_KEYS = (200, 34)


async def _down_to_a_symbol(pilot: Pilot[None], stage: Stage) -> None:
    sector = SectorScreen(stage.app.desk, "Health Care", "XBI")
    await stage.app.push_screen(sector)
    await stage.app.push_screen(SymbolScreen(stage.app.desk, "XBI", sector.crumbs()))
    await pilot.pause()


async def _click_on(pilot: Pilot[None], kind: type[Widget], word: str, y: int = 0) -> None:
    """Click on the first letter of a word that stands on a line of a widget."""
    widget = pilot.app.screen.query_one(kind)
    row = widget.region.y + y
    line = pilot.app.screen._compositor.render_strips()[row].text
    at = line.index(word, widget.region.x) - widget.region.x
    await pilot.click(kind, offset=(at, y))
    await pilot.pause()


async def test_a_click_on_a_key_of_the_footer_does_what_the_key_does() -> None:
    stage = Stage()
    async with stage.app.run_test(size=WITH_ALL_KEYS) as pilot:
        await _click_on(pilot, KeyBar, "zoom")
        screen = stage.app.market_screen
        assert screen is not None
        assert screen.is_zoomed
        assert isinstance(screen.focused_panel, LeadersPanel), "the list keeps the keys"
        await _click_on(pilot, KeyBar, "⏎")
        assert not isinstance(stage.app.screen, OverviewScreen)


async def test_a_click_on_a_crumb_goes_back_to_it() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await _down_to_a_symbol(pilot, stage)
        await _click_on(pilot, TitleBar, "Health Care")
        assert isinstance(stage.app.screen, SectorScreen)
        stage.app.open_symbol("IWM")
        await pilot.pause()
        await _click_on(pilot, TitleBar, "Russell 2000")
        assert isinstance(stage.app.screen, OverviewScreen)
        await _click_on(pilot, TitleBar, "Russell 2000")
        assert isinstance(stage.app.screen, OverviewScreen)


async def test_a_click_on_the_badge_shows_the_feeds() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await _click_on(pilot, TitleBar, "feeds")
        assert isinstance(stage.app.screen, HealthScreen)


async def test_a_click_on_a_range_shows_it() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await _down_to_a_symbol(pilot, stage)
        chart = stage.app.screen.query_one(PricePanel)
        await _click_on(pilot, PricePanel, "6M", 1)
        assert chart.span == "6M"
        await _click_on(pilot, PricePanel, "1Y", 1)
        assert chart.span == "1Y"


async def test_a_click_on_a_range_of_a_sector_chooses_the_window() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await stage.app.push_screen(SectorScreen(stage.app.desk, "Health Care", "XBI"))
        await pilot.pause()
        await _click_on(pilot, PricePanel, "1M", 1)
        assert stage.app.desk.window == "1M"
        assert stage.app.screen.query_one(LeadersPanel).window == "1M"
        await _click_on(pilot, PricePanel, "5Y", 1)
        assert stage.app.desk.window == "1M", "no list is ranked over five years"


async def test_the_second_click_on_the_index_opens_it() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await pilot.click(IndexPanel, offset=(5, 4))
        await pilot.pause()
        assert isinstance(stage.app.screen, OverviewScreen)
        await pilot.click(IndexPanel, offset=(5, 4))
        await pilot.pause()
        assert isinstance(stage.app.screen, SymbolScreen)
        assert stage.app.screen.symbol == "^RUT"

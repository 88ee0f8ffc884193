"""News on the symbol screen: what it wants, how it fits, and what opens in the browser."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from market.quotes import Key, Kind
from market.stories import Filing, Filings, Headline, Headlines
from tests.clocks import THURSDAY_AFTERNOON as NOW
from tests.tui.driving import lines_of, press
from tests.tui.fakes import FakeEngine, Stage, live_picture
from tui.screens.address import AddressScreen
from tui.screens.symbol import SymbolScreen

SYMBOL = "CRDO"
FILED, WRITTEN = Key(Kind.FILINGS, SYMBOL), Key(Kind.HEADLINES, SYMBOL)
ADDRESS = f"https://www.sec.gov/Archives/edgar/data/1807794/{'0' * 90}/results.htm"
SIZES = ((200, 55), (120, 34), (80, 24), (60, 16), (40, 12))
SHOWN = {(200, 55), (120, 34)}
"""Where the news stands beside chart and quote; elsewhere its number brings it."""


class ScriptedBrowser:
    """Notes what it is to show, and may have no window to show it in."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.has_window = True

    async def open(self, address: str) -> bool:
        self.shown.append(address)
        return self.has_window


def stage() -> Stage:
    news = Headline(title="[red]Credo[/red] rises", at=NOW, url="https://example.org/1")
    plain = replace(news, title="No address", at=NOW - timedelta(hours=1), url="")
    results = Filing(
        form="8-K", items=("2.02",), day=NOW.date(), filed_at=NOW - timedelta(hours=2), url=ADDRESS
    )
    documents = {
        FILED: Filings(key=FILED, source="sec", fetched_at=NOW, rows=(results,)),
        WRITTEN: Headlines(key=WRITTEN, source="yahoo_rss", fetched_at=NOW, rows=(news, plain)),
    }
    return Stage(FakeEngine(replace(live_picture(), documents=documents)))


def text_of(shown: Stage) -> str:
    return "\n".join(lines_of(shown))


async def test_news_at_all_sizes_and_in_the_browser() -> None:
    shown, browser = stage(), ScriptedBrowser()
    shown.app.desk.browser = browser
    async with shown.app.run_test(size=SIZES[0]) as pilot:
        shown.app.push_screen(SymbolScreen(shown.app.desk, SYMBOL))
        await pilot.pause()
        screen = shown.app.screen
        assert isinstance(screen, SymbolScreen)
        assert {FILED, WRITTEN} <= shown.engine.wanted
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert screen.stories.display is (size in SHOWN), size
            assert ("[red]Credo[/red] rises" in text_of(shown)) is (size in SHOWN), size
        await press(pilot, "o")
        assert "press 3 for the news" in text_of(shown)
        await press(pilot, "3")
        text = text_of(shown)
        assert screen.focused_panel is screen.stories
        assert "rises" in text
        await pilot.resize_terminal(80, 24)
        await press(pilot, "o")
        assert browser.shown == ["https://example.org/1"]
        assert "opened in the browser" in text_of(shown)
        await press(pilot, "j", "o")
        assert "this row has no address" in text_of(shown)
        browser.has_window = False
        await press(pilot, "j", "enter")
        await pilot.pause()
        assert browser.shown[-1] == ADDRESS
        assert isinstance(shown.app.screen, AddressScreen)
        box = "".join(line.strip("│ \n") for line in lines_of(shown) if "│" in line)
        assert ADDRESS in box.replace(" ", "").replace("│", ""), "all of it, on several lines"
        await press(pilot, "escape")
        assert shown.app.screen is screen


async def test_a_group_has_no_news_to_wait_for() -> None:
    shown = stage()
    async with shown.app.run_test(size=SIZES[0]) as pilot:
        shown.app.push_screen(SymbolScreen(shown.app.desk, "@sector:energy"))
        await pilot.pause()
        screen = shown.app.screen
        assert isinstance(screen, SymbolScreen)
        assert not screen.stories.display
        await press(pilot, "3")
        assert "there is no panel 3 here" in text_of(shown)
        await press(pilot, "o")
        assert "there is no news of this to read" in text_of(shown)
        screen.symbol = SYMBOL
        screen._point()
        await pilot.pause()
        assert screen.stories.display
        await press(pilot, "3", "3")
        assert screen.is_zoomed
        screen.symbol = "@sector:energy"
        screen._point()
        await pilot.pause()
        assert (screen.is_zoomed, screen.focused_panel) == (False, screen.chart)

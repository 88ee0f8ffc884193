"""The volatility screen: what it wants, how it fits, and the way through its panels."""

from __future__ import annotations

from market.interest_rooms import volatility_keys
from market.sessions import exchange_date
from market.snapshot import empty_snapshot
from tests.clocks import THURSDAY_AFTERNOON
from tests.tui.driving import lines_of, press
from tests.tui.fakes import FakeEngine, Stage
from tests.widgets.volatilities import volatility_picture
from tui.screens.overview import OverviewScreen
from tui.screens.symbol import SymbolScreen
from tui.screens.volatility import VolatilityScreen
from widgets.options_expiries import OptionExpiriesPanel
from widgets.volatility_family import VolatilityFamilyPanel

SHOWN = {
    (200, 55): 7,
    (120, 55): 7,
    (120, 34): 5,
    (80, 24): 2,
    (80, 40): 4,
    (60, 16): 1,
    (40, 12): 1,
}
"""How many panels there is room for."""
UNSEEN = {
    (120, 34): "4 history  7 ATM IV",
    (80, 24): "3 options  4 history  5 cone  6 realised  7 ATM IV",
    (60, 16): "2 term  3 options  4 history  5 cone  6 realised  7 ATM IV",
    (40, 12): "2 term  3 options  4 history  5-7 more",
}
"""What names those that have none."""
TITLES = (
    "Volatility family",
    "Term structure",
    "RUT options",
    "VIX and RVX",
    "Volatility cone",
    "Realised and implied",
    "volatility at the money",
)
"""Panels by number: those that have no room come to full screen."""


def text_of(shown: Stage) -> str:
    return "\n".join(lines_of(shown))


async def test_the_screen_at_all_sizes_and_through_its_panels() -> None:
    shown = Stage(FakeEngine(volatility_picture()))
    async with shown.app.run_test(size=(200, 55)) as pilot:
        await press(pilot, "v")
        screen = shown.app.screen
        assert isinstance(screen, VolatilityScreen)
        keys = volatility_keys(exchange_date(THURSDAY_AFTERNOON), shown.app.desk.settings.cast)
        assert keys <= shown.engine.wanted
        for size, count in SHOWN.items():
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert len(screen.visible_panels) == count, size
            text = text_of(shown)
            assert "Pctl 1Y" in text, size
            assert UNSEEN.get(size, "") in text, size
            assert ("GKYZ" in text) == (size in {(120, 34), (80, 40)}), "all seven, side by side"
            for line in lines_of(shown):
                assert "RVX/VIX" not in line or line.split("RVX/VIX")[1].strip()[:1].isdigit()
        for number, title in enumerate(TITLES, 1):
            await press(pilot, str(number))
            assert title in text_of(shown), title
            assert screen.query_one("#unseen").display is not screen.is_zoomed
        await press(pilot, "d")
        table = screen.query_one(OptionExpiriesPanel)
        assert table.has_class("-full"), "a table that has no room comes to full screen"
        assert "IWM options" in text_of(shown), "with the other chain, by one key"
        await press(pilot, "d")
        assert "RUT options" in text_of(shown)
        await press(pilot, "t", "1", "j", "enter")
        assert isinstance(shown.app.screen, SymbolScreen)
        assert shown.app.screen.symbol == "^VIX9D"
        await press(pilot, "escape")
        assert shown.app.screen is screen
        assert screen.query_one(VolatilityFamilyPanel).cursor_symbol == "^VIX9D"
        await press(pilot, "G")
        assert screen.query_one(VolatilityFamilyPanel).cursor_symbol == "^RVX", "of the ratio"
        await press(pilot, "v")
        assert isinstance(shown.app.screen, OverviewScreen)
        assert keys - shown.engine.wanted, (
            "chains and futures are wanted only while the screen is shown"
        )


async def test_before_anything_is_known_it_is_there_and_fills_in() -> None:
    shown = Stage(FakeEngine(empty_snapshot(THURSDAY_AFTERNOON)))
    async with shown.app.run_test(size=(120, 34)) as pilot:
        await press(pilot, "v")
        text = text_of(shown)
        assert all(title in text for title in ("Volatility family", "Term structure", "RVX/VIX"))
        shown.engine.latest = volatility_picture()
        shown.app.beat()
        await pilot.pause()
        assert "contango" in text_of(shown)

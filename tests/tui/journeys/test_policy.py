"""The policy screen and the overview's policy panel: what they want, and how they fit."""

from __future__ import annotations

from market.interest_rooms import policy_keys, policy_line_keys
from market.sessions import exchange_date
from tests.clocks import THURSDAY_AFTERNOON
from tests.tui.driving import lines_of, press
from tests.tui.fakes import FakeEngine, Stage, live_picture
from tests.widgets.policies import added_to
from tui.screens.overview import OverviewScreen
from tui.screens.policy import PolicyScreen
from widgets.panel import Panel
from widgets.policy import PolicyPanel
from widgets.policy_path import PolicyPathPanel

SIZES = ((200, 55), (120, 34), (80, 24), (60, 16), (40, 12))
SHOWN = {
    (200, 55): 4,
    (120, 34): 4,
    (80, 24): 2,
    (60, 16): 1,
    (40, 12): 1,
}
"""How many panels there is room for."""
TITLES = ("Federal funds path", "Rates", "Expected rate", "Prices and jobs")
"""Panels by number: those that have no room come to full screen."""
TODAY = exchange_date(THURSDAY_AFTERNOON)


def stage() -> Stage:
    return Stage(FakeEngine(added_to(live_picture(), THURSDAY_AFTERNOON)))


def text_of(shown: Stage) -> str:
    return "\n".join(lines_of(shown))


async def test_the_screen_at_all_sizes_and_through_its_panels() -> None:
    shown = stage()
    async with shown.app.run_test(size=SIZES[0]) as pilot:
        await press(pilot, "P")
        screen = shown.app.screen
        assert isinstance(screen, PolicyScreen)
        assert policy_keys(TODAY, shown.app.desk.settings.cast) <= shown.engine.wanted
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert len(screen.visible_panels) == SHOWN[size], size
            text = text_of(shown)
            assert "29 Jul" in text, size
            assert screen.query_one(PolicyPathPanel).display
            if SHOWN[size] == 4:
                assert all(word in text for word in ("Hike", "2y − EFFR", "CPI yoy", "Jul"))
            assert ("4 prices and jobs" in text) == (size in SIZES[2:]), "what has no room is named"
        for number, title in enumerate(TITLES, 1):
            await press(pilot, str(number))
            assert title in text_of(shown)
        watched = shown.app.desk.watchlists.current
        await press(pilot, "1", "enter", "t", "w")
        assert shown.app.screen is screen, "a meeting has no screen of its own"
        assert shown.app.desk.watchlists.current == watched, "nor can it be watched"
        assert "w watch" not in text_of(shown)
        await press(pilot, "P")
        assert isinstance(shown.app.screen, OverviewScreen)
        await press(pilot, "P", "escape")
        assert isinstance(shown.app.screen, OverviewScreen)


async def test_the_overview_wants_the_path_only_while_its_panel_is_in_sight() -> None:
    shown = stage()
    line = policy_line_keys(TODAY)
    async with shown.app.run_test(size=(120, 34)) as pilot:
        await pilot.pause()
        assert line <= shown.engine.wanted
        text = text_of(shown)
        assert "Jul FOMC" in text
        assert "Dec FOMC" in text
        panels = shown.app.screen.query(Panel)
        assert any(isinstance(panel, PolicyPanel) and panel.display for panel in panels)
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        await pilot.pause()
        assert line.isdisjoint(shown.engine.wanted)
        await press(pilot, "6")
        assert "Jul FOMC" in text_of(shown), "its number brings it to full screen"
        await pilot.pause()
        assert line <= shown.engine.wanted

"""The thesis screen: entered and left by one key, from a claim to its evidence and beyond."""

from __future__ import annotations

from tests.tui.driving import lines_of, press
from tests.tui.fakes import Stage
from tui.screens.overview import OverviewScreen
from tui.screens.symbol import SymbolScreen
from tui.screens.thesis import ThesisScreen
from widgets.thesis import ThesisPanel
from widgets.thesis_chart import CoursePanel
from widgets.thesis_evidence import EvidencePanel
from widgets.thesis_table import ThesisTablePanel

SIZES = ((200, 55), (120, 34), (80, 24), (60, 16), (40, 12))


async def test_from_a_claim_to_its_evidence_and_back_at_every_size() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZES[1]) as pilot:
        await press(pilot, "y")
        screen = stage.app.screen
        assert isinstance(screen, ThesisScreen)
        text = "\n".join(lines_of(stage))
        assert "Thesis · Three factors" in text
        assert "2,401–2,499" in text
        await press(pilot, "g", "j")
        assert screen.query_one(EvidencePanel).row.endswith("/ytd")
        assert screen.query_one(CoursePanel).row.endswith("/ytd")
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert screen.query_one(ThesisTablePanel).display
            assert screen.query_one(EvidencePanel).display is (size[1] >= 32)
            assert "Year to date" in "\n".join(lines_of(stage)), size
        await press(pilot, "enter")
        assert isinstance(screen.focused_panel, EvidencePanel)
        assert screen.is_zoomed, "evidence without room is shown full screen"
        await press(pilot, "enter")
        assert isinstance(stage.app.screen, SymbolScreen)
        await press(pilot, "escape", "escape")
        assert stage.app.screen is screen
        await press(pilot, "y")
        assert isinstance(stage.app.screen, OverviewScreen)


async def test_evidence_keeps_the_keys_in_a_terminal_that_has_no_more_room_for_it() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZES[1]) as pilot:
        await press(pilot, "y", "g", "j", "enter", "j")
        screen = stage.app.screen
        assert isinstance(screen, ThesisScreen)
        evidence = screen.query_one(EvidencePanel)
        chosen = evidence.cursor_symbol
        assert chosen
        await pilot.resize_terminal(*SIZES[2])
        await pilot.pause()
        assert (screen.focused_panel, screen.is_zoomed) == (evidence, True)
        assert evidence.cursor_symbol == chosen
        await press(pilot, "escape")
        await pilot.pause()
        assert screen.focused_panel is screen.query_one(ThesisTablePanel)


async def test_the_panel_of_the_overview_opens_the_screen() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZES[1]) as pilot:
        await press(pilot, "7")
        assert isinstance(stage.app.screen, OverviewScreen)
        assert isinstance(stage.app.screen.focused_panel, ThesisPanel)
        await press(pilot, "enter")
        await pilot.pause()
        assert isinstance(stage.app.screen, ThesisScreen)
        assert "watch" not in lines_of(stage)[-1], "a claim is no symbol"

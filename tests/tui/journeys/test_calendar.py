"""The calendar: entered by its key, walked by day, and left to a company and back."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from market.health import Trouble
from market.quotes import Key, Kind
from market.reports import ErrorKind
from tests.tui.driving import lines_of, press
from tests.tui.fakes import FakeEngine, Stage, live_picture
from tests.widgets.agendas import CPI, agenda, report, with_agenda
from tests.widgets.censuses import census, with_census
from tui.key_bar import KeyBar
from tui.screens.calendar import CalendarScreen
from tui.screens.overview import OverviewScreen
from tui.screens.symbol import SymbolScreen
from widgets.board import Sort
from widgets.calendar import AgendaPanel
from widgets.calendar_day import ReleasesPanel
from widgets.calendar_mark import CALENDARS, calendar_freshness
from widgets.calendar_week import WeekPanel

MONDAY = date(2026, 7, 6)
SIZES = ((200, 55), (120, 34), (80, 24), (60, 16), (40, 12))


def staged() -> Stage:
    """The program with an agenda of two days."""
    reports = (
        report("AAAA"),
        report("BBBB", MONDAY, "Financials"),
        report("CCCC", MONDAY),
    )
    known = with_census(live_picture(), census(60))
    return Stage(FakeEngine(with_agenda(known, agenda(reports, (CPI,)))))


async def test_the_way_through_the_calendar() -> None:
    stage = staged()
    async with stage.app.run_test(size=SIZES[1]) as pilot:
        await press(pilot, "c")
        screen = stage.app.screen
        assert isinstance(screen, CalendarScreen)
        panel, releases = screen.query_one(AgendaPanel), screen.query_one(ReleasesPanel)
        wanted = {key for key in stage.engine.wanted if key.symbol == "US" and key.span}
        assert Key(Kind.EARNINGS, "US", "2026-07-02") in wanted
        assert Key(Kind.RELEASES, "US", "thisweek") in wanted
        text = "\n".join(lines_of(stage))
        assert "1 report, 0.2 % of the index · 1 release" in text
        assert "Releases · Thu 2 Jul" in text
        assert "65 % of 20 beat in 30 d" in text

        bar = screen.query_one(KeyBar)
        assert "go.open" not in {hint.id for hint in bar.hints}
        await press(pilot, "enter")
        assert bar.message == "only a company can be opened"
        await press(pilot, "G")
        assert panel.board.cursor_key == " 2026-07-15"
        await press(pilot, "g", "j", "j")
        assert panel.cursor_symbol == "AAAA"
        assert "go.open" in {hint.id for hint in bar.hints}
        await press(pilot, "o")
        assert bar.message == "o works on a symbol's screen"
        await press(pilot, "j", "j")
        assert (panel.day, releases.day) == ("2026-07-06", "2026-07-06")

        await press(pilot, "s")
        assert not [key for key in panel.board.listing.order if key.key.startswith(" 2026-07-06")]
        keys = [row.key for row in panel.board.listing.order]
        assert [k for k in keys if not k.startswith(" ")] == [
            "AAAA 2026-07-02", "BBBB 2026-07-06", "CCCC 2026-07-06",
        ]  # fmt: skip
        panel.board.sort = Sort()
        await pilot.pause()
        assert " 2026-07-06" in [row.key for row in panel.board.listing.order]

        await press(pilot, "slash", *"fina", "enter")
        assert [row.key for row in panel.board.listing.order] == ["BBBB 2026-07-06"]
        await press(pilot, "enter")
        assert isinstance(stage.app.screen, SymbolScreen)
        assert stage.app.screen.symbol == "BBBB"
        await press(pilot, "escape")
        assert isinstance(stage.app.screen, CalendarScreen)

        for size in SIZES:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            lines = lines_of(stage)
            assert len(lines) == size[1]
            assert "BBBB" in "\n".join(lines), size
            assert panel.display
            assert screen.query_one(WeekPanel).display is (size[0] >= 110), size
            assert releases.display is (size[0] >= 50 and size[1] >= 20), size
        await press(pilot, "escape", "c")
        assert isinstance(stage.app.screen, OverviewScreen)


async def test_a_day_that_came_leaves_its_turn_to_the_next_one() -> None:
    stage = staged()
    async with stage.app.run_test(size=SIZES[2]) as pilot:
        await press(pilot, "c")
        assert "2 sectors" in "\n".join(lines_of(stage)), "what has no room is named"
        first = {key for key in stage.engine.wanted if key.kind is Kind.EARNINGS}
        assert {key.span for key in first} == {"2026-07-02", "2026-07-06"}
        known = stage.engine.latest
        fetched = {**known.fetched, **dict.fromkeys(first, known.now)}
        stage.engine.latest = replace(known, fetched=fetched)
        stage.engine.tick()
        beat = stage.app.desk.beat()
        assert beat is not None
        screen = stage.app.screen
        assert isinstance(screen, CalendarScreen)
        screen.beat(beat)
        await pilot.pause()
        second = {key.span for key in stage.engine.wanted if key.kind is Kind.EARNINGS}
        assert second == {"2026-07-02", "2026-07-06", "2026-07-07", "2026-07-08"}

        trouble = Trouble(ErrorKind.LIMITED, "asked too often", "nasdaq", known.now)
        troubles = dict.fromkeys(first, trouble)
        for stage.engine.latest in (
            with_agenda(known, None),
            replace(with_agenda(known, None), troubles=troubles),
        ):
            stage.engine.tick()
            beat = stage.app.desk.beat()
            assert beat is not None
            screen.beat(beat)
            await pilot.pause()
            shown = lines_of(stage)
            reason = calendar_freshness(stage.engine.latest, *CALENDARS).reason
            assert any(line.strip("│ ").startswith(reason) for line in shown), (
                reason,
                "\n".join(shown),
            )


async def test_a_large_overview_has_a_line_about_today() -> None:
    stage = staged()
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert not [key for key in stage.engine.wanted if key.kind is Kind.EARNINGS]
        await pilot.resize_terminal(*SIZES[0])
        await pilot.pause()
        assert "CPI m/m 08:30 0.3%, 0.2% expected   1 member reports" in "\n".join(lines_of(stage))
        wanted = {key.span for key in stage.engine.wanted if key.kind is Kind.EARNINGS}
        assert "2026-07-02" in wanted
        await pilot.resize_terminal(*SIZES[1])
        await pilot.pause()
        assert "1 member reports" not in "\n".join(lines_of(stage))

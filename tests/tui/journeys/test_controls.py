"""Windows, sort, filter, zoom, hold, pace, help, palette, demo, rebinding, quitting."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from textual import events
from textual.command import CommandPalette

from market.reports import RefreshAnswer
from tests.tui.driving import press, title_of
from tests.tui.fakes import LISTS, FakeEngine, Stage, demo_picture, live_picture, nothing_known
from tui.commands import Commands, rank_of
from tui.key_bar import KeyBar
from tui.keys import KeysError, line_of
from tui.screens.help import HelpScreen
from tui.screens.market_screen import MarketScreen
from tui.screens.symbol import SymbolScreen
from tui.settings import Settings
from widgets.index_card import IndexPanel
from widgets.leaders import LeadersPanel
from widgets.strip_line import StripLine
from widgets.watchlist import WatchlistPanel

SIZE = (120, 34)


def _market_screen(stage: Stage) -> MarketScreen:
    screen = stage.app.market_screen
    assert screen is not None
    return screen


def _footer(stage: Stage) -> KeyBar:
    return _market_screen(stage).query_one(KeyBar)


def _offered(stage: Stage) -> set[str]:
    return {hint.id for hint in _footer(stage).hints}


async def test_windows_go_round_and_reach_every_panel() -> None:
    stage = Stage(settings=Settings(window="YTD"))
    async with stage.app.run_test(size=SIZE) as pilot:
        leaders = stage.app.screen.query_one(LeadersPanel)
        assert leaders.window == "YTD"
        await press(pilot, "t", "t")
        assert leaders.window == "1D"
        await press(pilot, "T")
        assert {panel.window for panel in _market_screen(stage).panels} == {"1Y"}
        assert _market_screen(stage).query_one(StripLine).window == "1Y"


async def test_sort_goes_through_the_columns_and_turns_round() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        board = stage.app.screen.query_one(LeadersPanel).board
        before = board.sort
        await press(pilot, "s")
        first = board.sort
        assert first != before
        await press(pilot, "S")
        assert board.sort.column == first.column
        assert board.sort.reverse != first.reverse


async def test_the_filter_is_applied_while_typing_and_escape_clears_it() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        board = stage.app.screen.query_one(LeadersPanel).board
        await press(pilot, "slash", *"home")
        assert board.filter_text == "home"
        assert board.cursor_key is not None
        assert "home" in board.cursor_key
        await press(pilot, "escape")
        assert board.filter_text == ""
        assert stage.app.focused is board


async def test_while_a_filter_is_typed_the_footer_tells_its_keys_alone() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "slash", *"ho")
        assert [(h.key, h.label) for h in _footer(stage).hints] == [
            ("esc", "clear"),
            ("⏎", "keep"),
        ]
        await press(pilot, "enter")
        board = stage.app.screen.query_one(LeadersPanel).board
        assert board.filter_text == "ho"
        assert "filter.keep" not in _offered(stage)
        assert "list.filter" in _offered(stage)


async def test_the_key_that_keeps_a_filter_may_be_another() -> None:
    stage = Stage(settings=Settings(keys={"filter.keep": "f2"}))
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "slash", *"ho", "f2")
        board = stage.app.screen.query_one(LeadersPanel).board
        assert stage.app.focused is board
        assert board.filter_text == "ho"


async def test_the_first_press_of_a_digit_only_goes_to_its_panel() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        screen = _market_screen(stage)
        assert screen.focused_panel is screen.panels[1]
        await press(pilot, "2")
        assert not screen.is_zoomed
        await press(pilot, "2")
        assert screen.is_zoomed
        await press(pilot, "2", "tab", "shift+tab", "2")
        assert not screen.is_zoomed


async def test_another_window_ranks_by_that_window_again() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        board = stage.app.screen.query_one(LeadersPanel).board
        given = board.sort
        await press(pilot, "s")
        assert board.sort != given
        await press(pilot, "t")
        assert board.sort == given


async def test_z_and_the_same_digit_make_a_panel_full_screen_and_back() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        index = stage.app.screen.query_one(IndexPanel)
        await press(pilot, "1", "1")
        assert index.region.size == (120, 32)
        await press(pilot, "tab")
        assert stage.app.screen.query_one(LeadersPanel).region.size == (120, 32)
        await press(pilot, "z")
        assert index.region.width < 120
        await press(pilot, "z", "escape")
        assert index.display


async def test_tab_goes_round_the_panels() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        screen = _market_screen(stage)
        seen: list[str | None] = []
        for _ in range(7):
            seen.append(screen.focused_panel.id if screen.focused_panel else None)
            await press(pilot, "tab")
        assert seen == [
            "leaders",
            "watchlist",
            "volatility",
            "breadth",
            "policy",
            "thesis",
            "index",
        ]
        await press(pilot, "shift+tab")
        assert screen.focused_panel is not None
        assert screen.focused_panel.id == "index"


async def test_hold_stops_the_picture_but_not_the_clock() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "p")
        screen = _market_screen(stage)
        held = screen.snapshot
        stage.engine.tick()
        stage.clock.jump(3)
        stage.app.beat()
        assert screen.snapshot is held
        title = title_of(screen)
        assert title.held_at == stage.clock.now() - timedelta(seconds=3)
        assert title.now == stage.clock.now()
        await press(pilot, "space")
        assert title_of(screen).held_at is None
        assert screen.snapshot is not held


async def test_news_reach_the_panels_on_the_next_beat() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        before = _market_screen(stage).snapshot
        stage.engine.tick()
        stage.app.beat()
        await pilot.pause()
        after = _market_screen(stage).snapshot
        assert after is not before
        assert {panel.snapshot for panel in _market_screen(stage).visible_panels} == {after}


async def test_refresh_says_what_came_of_it() -> None:
    stage = Stage()
    stage.engine.answer = RefreshAnswer(asked=0, refused=3, wait_s=8.2)
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "r")
        await stage.app.workers.wait_for_complete()
        await pilot.pause()
        assert _footer(stage).message == "the request budget is used up for 8 s"


async def test_faster_and_slower_stand_in_the_title() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "plus", "plus", "minus")
        assert stage.engine.pace == 0.5
        assert title_of(_market_screen(stage)).pace == 2


async def test_the_footer_offers_only_what_the_focused_panel_can_do() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        assert {"list.sort", "list.filter", "go.open"} <= _offered(stage)
        assert "go.up" not in _offered(stage)
        await press(pilot, "1")
        assert not {"list.sort", "list.filter"} & _offered(stage)
        await press(pilot, "enter")
        assert {"symbol.compare", "go.up"} <= _offered(stage)


async def test_help_tells_the_keys_of_the_focused_panel() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "3", "question_mark")
        help_screen = stage.app.screen
        assert isinstance(help_screen, HelpScreen)
        assert "In the watchlist" in _text_of(stage)
        await press(pilot, "escape", "2", "f1")
        assert "In the watchlist" not in _text_of(stage)
        assert "In a list" in _text_of(stage)
        page = stage.app.screen.query_one("#page")
        seen: list[float] = []
        for key in ("j", "ctrl+d", "k", "ctrl+u", "G", "g"):
            await press(pilot, key)
            seen.append(page.scroll_y)
        half = page.size.height // 2
        assert seen == [1, 1 + half, half, 0, page.max_scroll_y, 0]
        await press(pilot, "s", "slash", "question_mark")
        assert isinstance(stage.app.screen, MarketScreen), "the key that opened it closes it"
        await press(pilot, "f1", "q")
        assert stage.app._exit is True


def _text_of(stage: Stage) -> str:
    strips = stage.app.screen._compositor.render_strips()
    return "\n".join(strip.text for strip in strips)


async def test_the_palette_goes_to_a_symbol_by_its_name() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "colon", *"XHB")
        assert isinstance(stage.app.screen, CommandPalette)
        await stage.app.workers.wait_for_complete()
        await press(pilot, "down", "enter", "enter")
        assert isinstance(stage.app.screen, SymbolScreen)
        assert stage.app.screen.symbol == "XHB"
        found = [hit async for hit in Commands(stage.app.screen).search("comp")]
        best = max(found, key=lambda hit: hit.score)
        assert best.text == line_of("symbol.compare").help.rstrip("."), "by its word in the footer"


@pytest.mark.parametrize(
    ("typed", "name", "rank"),
    [
        ("theme nord", "Theme nord", 4),
        ("Rename", "Rename list default", 3),
        ("rename", "Who came to the index or was renamed", 2),
        ("name", "Who came to the index or was renamed", 1),
        ("rename", "Who came, left it, R marks, end, etc.", 0),
        ("(", "Move (it)", 1),
    ],
)
def test_the_palette_prefers_the_beginning_of_a_name_then_of_a_word(
    typed: str, name: str, rank: int
) -> None:
    assert rank_of(typed, name) == rank


async def test_an_answer_to_a_key_lasts_until_the_next_and_a_notice_its_while() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "2")
        assert "again makes it full screen" in _footer(stage).message
        await press(pilot, "2")
        assert _footer(stage).message == ""
        await press(pilot, "2", "8")
        assert "no panel 8" in _footer(stage).message
        first = _footer(stage)
        stage.app.action_feeds()
        await pilot.pause()
        assert first.message == "", "it does not come back with its screen"
        stage.engine.notices.append("The cache cannot be written.")
        stage.clock.jump(1)
        stage.app.beat()
        await press(pilot, "j")
        assert _footer(stage).message == "The cache cannot be written."


async def test_rebound_keys_work_and_the_footer_names_them() -> None:
    settings = Settings(keys={"list.sort": "F", "panel.zoom": "ctrl+f"})
    stage = Stage(settings=settings)
    async with stage.app.run_test(size=SIZE) as pilot:
        board = stage.app.screen.query_one(LeadersPanel).board
        before = board.sort
        await press(pilot, "s")
        assert board.sort == before
        await press(pilot, "F")
        assert board.sort != before
        assert next(h.key for h in _footer(stage).hints if h.id == "list.sort") == "F"


def test_a_wrong_rebinding_ends_the_start_with_a_sentence() -> None:
    with pytest.raises(KeysError, match="unknown key id"):
        Stage(settings=Settings(keys={"list.srot": "F"}))


async def test_the_demo_is_offered_shown_marked_and_left() -> None:
    live = FakeEngine(nothing_known())
    live.can_offer_demo = True
    demo = FakeEngine(demo_picture())
    stage = Stage(live, demo=demo)
    async with stage.app.run_test(size=SIZE) as pilot:
        assert "Press D for the simulated market" in _text_of(stage)
        assert "DEMO" not in _text_of(stage)
        await press(pilot, "D")
        assert "DEMO" in _text_of(stage)
        assert live.is_running
        live.latest = live_picture()
        live.can_offer_demo = False
        stage.app.beat()
        demo.tick()
        stage.app.beat()
        await pilot.pause()
        assert "Press L to leave the simulated market" in _text_of(stage)
        await press(pilot, "L")
        await stage.app.workers.wait_for_complete()
        assert not demo.is_running
        assert "DEMO" not in _text_of(stage)


async def test_the_demo_may_be_left_though_no_feed_answers_yet() -> None:
    live = FakeEngine(nothing_known())
    live.can_offer_demo = True
    demo = FakeEngine(demo_picture())
    stage = Stage(live, demo=demo)
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "D", "L")
        await stage.app.workers.wait_for_complete()
        assert not demo.is_running
        assert "Press D for the simulated market" in _text_of(stage)


@pytest.mark.parametrize(
    ("size", "words"),
    [
        ((40, 1), "D: demo"),
        ((60, 3), "D: demo"),
        ((40, 12), "No feed answers: press D for a demo"),
        ((80, 24), "Press D for the simulated market"),
    ],
)
async def test_the_demo_is_offered_in_words_that_fit(size: tuple[int, int], words: str) -> None:
    live = FakeEngine(nothing_known())
    live.can_offer_demo = True
    stage = Stage(live, demo=FakeEngine(demo_picture()))
    async with stage.app.run_test(size=size) as pilot:
        await pilot.pause()
        assert words in _text_of(stage)
        assert not stage.app.screen.show_vertical_scrollbar
        assert not stage.app.screen.show_horizontal_scrollbar
        await pilot.resize_terminal(120, 34)
        await pilot.pause()
        assert "captop goes on trying" in _text_of(stage)


async def test_the_lists_of_the_demo_are_left_with_it() -> None:
    live = FakeEngine(nothing_known())
    live.can_offer_demo = True
    stage = Stage(live, demo=FakeEngine(demo_picture()))
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "D", "3", "w")
        panel = stage.app.screen.query_one(WatchlistPanel)
        assert panel.symbols == LISTS["default"][1:]
        assert "the list is not saved" in _footer(stage).message
        await press(pilot, "L")
        assert panel.symbols == LISTS["default"]


async def test_d_does_nothing_while_live_data_come() -> None:
    demo = FakeEngine(demo_picture())
    stage = Stage(demo=demo)
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "D")
        assert not demo.is_running


async def test_ctrl_c_quits_when_pressed_twice() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "ctrl+c")
        assert _footer(stage).message == "press ctrl+c again to quit"
        await stage.clock.push(3)
        await press(pilot, "ctrl+c")
        assert stage.app._exit is False
        await press(pilot, "ctrl+c")
        assert stage.app._exit is True


async def test_engines_run_while_the_app_does() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert stage.engine.is_running
        assert stage.engine.watched[0] == "IWM"
        await press(pilot, "q")
    assert not stage.engine.is_running


async def test_notices_of_the_engine_are_said_in_the_footer() -> None:
    stage = Stage()
    stage.engine.notices.append("The cache cannot be written.")
    async with stage.app.run_test(size=SIZE):
        stage.clock.jump(1)
        stage.app.beat()
        assert _footer(stage).message == "The cache cannot be written."


async def test_names_with_markup_and_escape_codes_are_text() -> None:
    picture = live_picture()
    name = "Evil [bold red]Corp[/x] \x1b[31m\x07"
    details = {s: replace(d, name=name) for s, d in picture.details.items()}
    stage = Stage(FakeEngine(replace(picture, details=details)))
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "3", "j", "j", "j", "enter")
        assert "\x1b" not in _text_of(stage)
        assert "Evil [bold" in _text_of(stage)


async def test_focus_lost_and_found_reaches_the_engine_and_the_picture() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        stage.app.post_message(events.AppBlur())
        await pilot.pause()
        assert not stage.engine.focused
        stage.engine.tick()
        stage.clock.jump(1)
        stage.app.post_message(events.AppFocus())
        await pilot.pause()
        assert stage.engine.focused
        shown = _market_screen(stage).snapshot
        assert shown is not None
        assert shown.now == stage.clock.now()


async def test_a_kept_filter_is_told_in_title_and_footer() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        panel = stage.app.screen.query_one(LeadersPanel)
        count = panel.board.listing.count
        await press(pilot, "slash", *"bio", "enter")
        left = len(panel.board.listing.order)
        assert 0 < left < count
        assert f" /bio {left} of {count} · 1D" in _text_of(stage)
        assert {h.id: h.label for h in _footer(stage).hints}["go.up"] == "clear filter"
        await press(pilot, "slash", *"zz", "enter", "n")
        assert _footer(stage).message == "no row matches zz"
        await press(pilot, "escape")
        assert "/bio" not in _text_of(stage)
        assert "go.up" not in _offered(stage)


async def test_a_digit_after_another_screen_only_goes_to_its_panel() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        screen = _market_screen(stage)
        await press(pilot, "3", "enter", "escape", "3")
        assert stage.app.screen is screen
        assert not screen.is_zoomed

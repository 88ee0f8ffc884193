"""Panels in a small app: painting only what changed, focus, clicks, charts that come later."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from textual.app import App, ComposeResult
from textual.widget import Widget

from market.quotes import Kind
from market.snapshot import Snapshot
from tests.clocks import THURSDAY_AFTERNOON as NOW
from tests.widgets.pictures import WATCHED, demo, empty, failing, late, picture, trouble
from widgets.board import Sort
from widgets.feeds_table import FeedsPanel
from widgets.index_card import IndexPanel
from widgets.leaders import CHOSEN, LeadersPanel
from widgets.panel import BoardPanel, Panel
from widgets.plotting import prepare
from widgets.price_chart import PricePanel
from widgets.quote_card import QuotePanel
from widgets.strip_line import StripLine
from widgets.title_bar import TitleBar
from widgets.title_line import view_of as title_of
from widgets.volatility import VolatilityPanel
from widgets.watchlist import WatchlistPanel
from widgets.whole_reason import WholeReason

PANELS = (
    IndexPanel, LeadersPanel, VolatilityPanel, WatchlistPanel, PricePanel, QuotePanel, FeedsPanel,
)  # fmt: skip


class Host(App[None]):
    """One widget on a screen of its own."""

    ascii_only = False

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget
        self.messages: list[object] = []

    def compose(self) -> ComposeResult:
        yield self.widget

    def on_panel_opened(self, event: Panel.Opened) -> None:
        self.messages.append(event.symbol)

    def on_panel_title_clicked(self) -> None:
        self.messages.append("title")

    def lines(self) -> list[str]:
        strips = self.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip) for strip in strips]


def made(kind: type[Panel], snapshot: Snapshot | None) -> Panel:
    """Return a panel with its symbols set and a snapshot given before it is mounted."""
    panel = kind()
    if isinstance(panel, (PricePanel, QuotePanel)):
        panel.symbol = "IWM"
    if isinstance(panel, WatchlistPanel):
        panel.symbols = WATCHED
    panel.snapshot = snapshot
    return panel


@pytest.fixture(autouse=True)
def _charts() -> None:
    prepare()


async def test_a_reason_that_is_cropped_stands_whole_below_the_feeds() -> None:
    why = "the source sent a web page instead of the closes of thirty-nine symbols at once"
    app = Host(made(FeedsPanel, trouble(failing(), Kind.DAILY, "^RVX", why)))
    async with app.run_test(size=(80, 24)) as pilot:
        panel = app.query_one(FeedsPanel)
        for size, frame in (((80, 24), "box"), ((120, 34), "rule"), ((200, 55), "box")):
            panel.frame = "box" if frame == "box" else "rule"
            await pilot.resize_terminal(*size)
            panel.board.home()
            await pilot.pause()
            assert not panel.query_one(WholeReason).display
            panel.board.choose("yahoo daily ^RVX")
            await pilot.pause()
            words = " ".join(" ".join(line.strip("│ ") for line in app.lines()).split())
            assert why in words
            assert panel.query_one(WholeReason).display is (size[0] < 200)


@pytest.mark.parametrize("kind", PANELS)
async def test_every_panel_paints_every_look_at_every_size(kind: type[Panel]) -> None:
    app = Host(made(kind, None))
    async with app.run_test(size=(200, 55)) as pilot:
        for size in ((200, 55), (40, 12), (20, 4), (7, 2)):
            await pilot.resize_terminal(*size)
            looks = (picture(), empty(), picture(), late(), failing(), demo())
            for number, snapshot in enumerate(looks):
                panel = app.query_one(Panel)
                panel.snapshot = snapshot
                panel.frame = "rule" if number == 0 else "box"
                await pilot.pause()
                lines = app.lines()
                assert len(lines) == size[1]
                assert {len(line) for line in lines} == {size[0]}, size
            if size[0] >= 40:
                assert "DEMO" in app.lines()[0], size


@pytest.mark.parametrize("kind", PANELS)
async def test_a_panel_given_its_snapshot_before_it_is_mounted_shows_it(kind: type[Panel]) -> None:
    app = Host(made(kind, picture()))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        assert any(c.isdigit() for line in app.lines()[1:] for c in line)


@pytest.mark.parametrize("kind", [IndexPanel, VolatilityPanel, PricePanel, QuotePanel])
async def test_an_equal_view_is_not_painted_again(
    kind: type[Panel], monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = made(kind, picture())
    app = Host(panel)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        painted: list[tuple[int, int]] = []
        body = type(panel).body

        def counted(self: Panel, width: int, height: int, *, ascii_only: bool) -> object:
            painted.append((width, height))
            return body(self, width, height, ascii_only=ascii_only)

        monkeypatch.setattr(type(panel), "body", counted)
        panel.snapshot = replace(picture())
        panel.snapshot = picture().at(NOW + timedelta(seconds=3))
        await pilot.pause()
        assert painted == [], "a mark that ages must not paint the body"
        assert "demo 3s" in app.lines()[0]
        panel.snapshot = late()
        await pilot.pause()
        assert len(painted) == 1


async def test_the_volatility_cursor_walks_and_opens() -> None:
    app = Host(made(VolatilityPanel, picture()))
    async with app.run_test(size=(100, 12)) as pilot:
        panel = app.query_one(VolatilityPanel)
        panel.focus()
        panel.action_cursor_down()
        assert panel.cursor_symbol == "^RVX"
        panel.action_end()
        panel.action_cursor_down()
        assert panel.cursor_symbol == "^SKEW"
        panel.action_open()
        panel.action_home()
        panel.action_cursor_up()
        assert panel.cursor_symbol == "^VIX"
        await pilot.pause()
        assert app.messages == ["^SKEW"]


async def test_a_click_selects_and_a_second_one_opens() -> None:
    app = Host(made(VolatilityPanel, picture()))
    async with app.run_test(size=(100, 12)) as pilot:
        await pilot.pause()
        line = app.lines()[2]
        await pilot.click(VolatilityPanel, offset=(line.index("RVX"), 2), times=2)
        await pilot.pause()
        assert app.query_one(VolatilityPanel).cursor_symbol == "^RVX"
        assert app.messages == ["^RVX"]


@pytest.mark.parametrize("kind", [IndexPanel, LeadersPanel, VolatilityPanel])
async def test_a_click_on_the_title_says_so(kind: type[Panel]) -> None:
    app = Host(made(kind, picture()))
    async with app.run_test(size=(100, 20)) as pilot:
        await pilot.click(kind, offset=(3, 0))
        await pilot.pause()
        assert app.messages == ["title"]


async def test_a_board_panel_gives_its_keys_to_the_board_and_opens_its_row() -> None:
    app = Host(made(LeadersPanel, picture()))
    async with app.run_test(size=(100, 20)) as pilot:
        panel = app.query_one(LeadersPanel)
        panel.focus()
        await pilot.pause()
        assert panel.board.has_focus
        assert panel.cursor_symbol == "PSCU"
        panel.action_open()
        await pilot.pause()
        assert app.messages == ["PSCU"]


async def test_the_cursor_stays_on_the_leader_until_it_is_moved() -> None:
    app = Host(made(LeadersPanel, empty()))
    async with app.run_test(size=(100, 20)) as pilot:
        panel = app.query_one(LeadersPanel)
        await pilot.pause()
        panel.snapshot = picture()
        await pilot.pause()
        assert panel.cursor_symbol == "PSCU"
        panel.board.move(1)
        panel.window = "YTD"
        await pilot.pause()
        assert panel.cursor_symbol == "PSCF"


async def test_the_watchlist_keeps_a_symbol_nobody_knows() -> None:
    app = Host(made(WatchlistPanel, picture()))
    async with app.run_test(size=(120, 12)) as pilot:
        await pilot.pause()
        (line,) = [line for line in app.lines() if "ZZZQ" in line]
        assert "—" in line
        assert "Watchlist · default" in app.lines()[0]


async def test_another_window_changes_title_and_rank() -> None:
    app = Host(made(LeadersPanel, picture()))
    async with app.run_test(size=(100, 20)) as pilot:
        panel = app.query_one(LeadersPanel)
        panel.window = "YTD"
        await pilot.pause()
        assert "Sub-sectors by funds · YTD · until members arrive" in app.lines()[0]
        assert panel.board.cursor_key is not None


async def test_the_ranking_is_marked_and_turned_round_like_a_sort() -> None:
    app = Host(made(LeadersPanel, picture()))
    async with app.run_test(size=(100, 20)) as pilot:
        board = app.query_one(LeadersPanel).board
        await pilot.pause()
        assert "1D▼" in app.lines()[1]
        best = board.listing.order[0].key
        board.reverse_sort()
        await pilot.pause()
        assert board.sort == Sort(CHOSEN, reverse=False)
        assert "1D▲" in app.lines()[1]
        assert board.listing.order[-1].key == best


async def test_another_window_ranks_over_it_whatever_was_sorted_by() -> None:
    app = Host(made(LeadersPanel, picture()))
    async with app.run_test(size=(100, 20)) as pilot:
        panel = app.query_one(LeadersPanel)
        await pilot.pause()
        panel.board.sort_by("name")
        panel.window = "YTD"
        await pilot.pause()
        assert panel.board.sort == Sort()
        assert "YTD▼" in app.lines()[1]


async def test_a_sort_by_the_chosen_window_follows_the_choice() -> None:
    app = Host(made(LeadersPanel, picture()))
    async with app.run_test(size=(100, 20)) as pilot:
        panel = app.query_one(LeadersPanel)
        await pilot.pause()
        panel.board.reverse_sort()
        panel.window = "6M"
        await pilot.pause()
        assert panel.board.sort == Sort(CHOSEN, reverse=False)
        assert "6M▲" in app.lines()[1]
        returns = [row.cells[3].sort for row in panel.board.listing.order]
        known = [value for value in returns if isinstance(value, float)]
        assert known == sorted(known)


async def test_a_list_in_the_order_of_its_user_has_no_arrow() -> None:
    app = Host(made(WatchlistPanel, picture()))
    async with app.run_test(size=(100, 12)) as pilot:
        await pilot.pause()
        assert not set("▲▼") & set(app.lines()[1])
        board = app.query_one(WatchlistPanel).board
        board.reverse_sort()
        assert board.sort == Sort()


async def test_ascii_only_needs_no_other_letters() -> None:
    for kind in PANELS:
        app = Host(made(kind, picture()))
        app.ascii_only = True
        async with app.run_test(size=(100, 40)) as pilot:
            await pilot.pause()
            assert all(line.isascii() for line in app.lines()), kind


async def test_charts_come_when_they_can_be_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("widgets.plotting._ready", [])
    app = Host(made(IndexPanel, picture()))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        before = "".join(app.lines())
        monkeypatch.undo()
        app.query_one(Panel).refresh_charts()
        await pilot.pause()
        after = "".join(app.lines())
    assert sum("⠀" < c <= "⣿" for c in after) > sum("⠀" < c <= "⣿" for c in before)


async def test_the_title_line_repaints_only_when_a_letter_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bar = TitleBar()
    app = Host(bar)
    async with app.run_test(size=(120, 3)) as pilot:
        bar.view = title_of(picture(), ("Russell 2000",))
        await pilot.pause()
        refreshed: list[int] = []

        def counted(*_: object) -> None:
            refreshed.append(1)

        monkeypatch.setattr(bar, "refresh", counted)
        bar.view = title_of(replace(picture()), ("Russell 2000",))
        assert refreshed == []
        later = picture().at(NOW + timedelta(seconds=1))
        bar.view = title_of(later, ("Russell 2000",))
        assert refreshed == [1]
        bar.view = title_of(later, ("Russell 2000",), held_at=NOW)
        assert len(refreshed) == 2


async def test_the_strip_fills_three_lines() -> None:
    strip = StripLine()
    app = Host(strip)
    async with app.run_test(size=(100, 3)) as pilot:
        strip.symbols = WATCHED
        strip.snapshot = picture()
        await pilot.pause()
        assert [line.split()[0] for line in app.lines()] == ["RUT", "Utilities", "IWM"]


async def test_late_panels_say_so_in_their_border() -> None:
    app = Host(made(IndexPanel, late()))
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        assert "demo late 10m" in app.lines()[0]


async def test_a_failing_feed_leaves_its_last_answer_on_screen() -> None:
    app = Host(made(FeedsPanel, failing()))
    async with app.run_test(size=(140, 20)) as pilot:
        await pilot.pause()
        lines = app.lines()
        assert "0/1 ok" in lines[0]
        assert "▲ failing" in lines[2]
        assert "14:32:07" in lines[2]
        panel = app.query_one(FeedsPanel)
        assert isinstance(panel, BoardPanel)
        assert panel.cursor_symbol is None


async def test_a_feed_cannot_be_opened() -> None:
    app = Host(made(FeedsPanel, failing()))
    async with app.run_test(size=(140, 20)) as pilot:
        await pilot.pause()
        app.query_one(FeedsPanel).board.open()
        await pilot.pause()
        assert app.messages == []

"""The chart below a short watchlist: when there is room for it, and what it says."""

from __future__ import annotations

import pytest

from tests.widgets.pictures import WATCHED, empty, late, picture
from tests.widgets.test_panel import Host, made
from widgets.chart_view import chart_view
from widgets.lines import text_of, width_of
from widgets.plotting import prepare
from widgets.watched_chart import FEWEST_ROWS, MOST_ROWS, WatchedChart, paint, rows_left
from widgets.watchlist import WatchlistPanel


@pytest.mark.parametrize(
    ("width", "height", "count", "rows"),
    [
        (98, 18, 7, 7),
        (98, 18, 8, 6),
        (98, 18, 9, 0),
        (98, 60, 3, MOST_ROWS),
        (59, 18, 3, 0),
        (98, 18, 400, 0),
    ],
)
def test_the_list_comes_first(width: int, height: int, count: int, rows: int) -> None:
    assert rows_left(width, height, count) == rows


def test_it_says_whose_chart_it_is_and_how_it_moved() -> None:
    prepare()
    view = chart_view(picture(), "IWM", "1D")
    header, *chart = paint(view, "iShares Russell 2000 ETF", 94, 8)
    assert text_of(header).startswith("IWM iShares Russell 2000 ETF ")
    assert "1D +" in text_of(header) or "1D −" in text_of(header)
    assert len(chart) == 7
    assert any("⠤" in text_of(line) or "⣀" in text_of(line) for line in chart)


@pytest.mark.parametrize("width", [30, 56, 94])
def test_no_line_is_wider_than_its_place(width: int) -> None:
    for snapshot in (picture(), late(), empty()):
        view = chart_view(snapshot, "IWM", "1D")
        assert all(width_of(line) <= width for line in paint(view, "A fund", width, FEWEST_ROWS))


async def test_it_follows_the_cursor_and_goes_where_the_list_needs_the_rows() -> None:
    panel = made(WatchlistPanel, picture())
    app = Host(panel)
    async with app.run_test(size=(98, 20)) as pilot:
        await pilot.pause()
        chart = app.query_one(WatchedChart)
        assert chart.size.height == chart.rows == 20 - 2 - 1 - len(WATCHED) - 1
        assert any(line.startswith("│ IWM iShares") for line in app.lines())
        assert isinstance(panel, WatchlistPanel)
        panel.board.go(1)
        await pilot.pause()
        assert any(line.startswith("│ XBI SPDR") for line in app.lines())
        panel.board.go(WATCHED.index("ZZZQ"))
        await pilot.pause()
        assert any("knows no symbol ZZZQ " in line for line in app.lines()[-7:])
        await pilot.resize_terminal(98, 14)
        await pilot.pause()
        assert not chart.display
        panel.symbols = ()
        await pilot.resize_terminal(98, 30)
        await pilot.pause()
        assert not chart.display

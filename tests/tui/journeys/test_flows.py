"""Fund flows: entered by their key, walked by fund, drawn, sorted, and left to a fund and back."""

from __future__ import annotations

from market.funds import FUNDS
from market.metrics.catalogue_flows import SMALL_CAPS
from market.quotes import Kind
from tests.tui.driving import lines_of, press
from tests.tui.fakes import FakeEngine, Stage, live_picture
from tests.widgets.censuses import census, with_census
from tests.widgets.funds import with_flows
from tui.screens.flows import FlowsScreen
from tui.screens.overview import OverviewScreen
from tui.screens.symbol import SymbolScreen
from widgets.flows_chart import FlowsChartPanel
from widgets.flows_table import FlowsTablePanel

SIZES = ((200, 55), (120, 34), (80, 24), (60, 16), (40, 12))


def counts(stage: Stage) -> set[str]:
    return {key.symbol for key in stage.engine.wanted if key.kind is Kind.FUND}


async def test_the_way_through_the_flows() -> None:
    known = with_flows(with_census(live_picture(), census(60)))
    stage = Stage(FakeEngine(known))
    async with stage.app.run_test(size=SIZES[1]) as pilot:
        assert counts(stage) == set(SMALL_CAPS), "the stories alone ask while nobody looks"
        await press(pilot, "f")
        screen = stage.app.screen
        assert isinstance(screen, FlowsScreen)
        assert counts(stage) == {fund.symbol for fund in FUNDS}
        table, chart = screen.query_one(FlowsTablePanel), screen.query_one(FlowsChartPanel)
        text = "\n".join(lines_of(stage))
        assert "Fund flows · 5 of 18 funds" in text
        assert "waiting for data" in text
        assert "IWM Russell 2000 · net creations" in text

        await press(pilot, "j")
        assert (table.cursor_symbol, chart.symbol) == ("IJR", "IJR")
        assert "IJR $bn a session" in "\n".join(lines_of(stage))
        await press(pilot, "s", "s", "s")
        assert table.board.sort.column == "assets"
        assert table.board.listing.order[0].key == "IJR"
        await press(pilot, "t")
        assert chart.window == screen.window

        await press(pilot, "slash", *"bio", "enter")
        assert [row.key for row in table.board.listing.order] == ["XBI", "IBB"]
        await press(pilot, "enter")
        assert isinstance(stage.app.screen, SymbolScreen)
        assert stage.app.screen.symbol == "XBI"
        await press(pilot, "escape")

        for size in SIZES:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            lines = lines_of(stage)
            assert len(lines) == size[1]
            assert "XBI" in "\n".join(lines), size
            assert table.display
            assert chart.display is (size[1] >= 20), size

        await press(pilot, "escape", "f")
        assert isinstance(stage.app.screen, OverviewScreen)
        await pilot.resize_terminal(*SIZES[0])
        await pilot.pause()
        await pilot.pause()
        assert counts(stage) == set(SMALL_CAPS), "the line below needs no other fund"
        assert "IWM flows   1d " in "\n".join(lines_of(stage))

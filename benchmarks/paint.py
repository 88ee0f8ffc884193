"""What a changed picture costs to be painted: table, chart and heat map at three sizes.

CPU time in one process, against an empty Textual app that paints a line anew at the same size.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Sequence
from functools import partial
from time import process_time

from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Static

from benchmarks.empty_app import EmptyApp
from benchmarks.samples import Comparison, Measurement
from benchmarks.simulated import known_market, moved, reckoned
from market.instruments import INDEX
from market.reckoning import Reckoner
from market.snapshot import Snapshot
from widgets import plotting
from widgets.members import MembersPanel
from widgets.panel import Panel
from widgets.price_chart import PricePanel
from widgets.treemap import TreemapPanel

SIZES = ((80, 24), (120, 34), (200, 55))
RUNS = 11
MOVE = 0.001

Turn = Callable[[int], None]
"""Shows the picture of a turn."""


def measure() -> list[Measurement]:
    """Return CPU milliseconds from a new picture to the lines that are written."""
    known = known_market()
    reckoner = Reckoner()
    pictures = [reckoned(moved(known, n * MOVE), reckoner) for n in range(2 + RUNS)]
    plotting.prepare()
    gc.collect()
    gc.freeze()  # as captop does after its first paint
    panels = {"table of all members": MembersPanel, "chart": _chart, "heat map": TreemapPanel}
    return [
        asyncio.run(_compared(name, made, pictures, size))
        for name, made in panels.items()
        for size in SIZES
    ]


def _chart() -> PricePanel:
    panel = PricePanel()
    panel.symbol = INDEX
    return panel


async def _compared(
    name: str, made: Callable[[], Panel], pictures: Sequence[Snapshot], size: tuple[int, int]
) -> Measurement:
    """Paint a panel and the empty app in turn; the first two pictures are the warm-up."""
    async with (
        EmptyApp().run_test(size=size) as empty,
        PanelApp(made()).run_test(size=size) as pilot,
    ):
        panel, line = pilot.app.query_one(Panel), empty.app.query_one(Static)
        own, control = list[float](), list[float]()
        for turn, picture in enumerate(pictures):
            own.append(await _painted(pilot, panel, partial(_show, panel, picture)))
            control.append(await _painted(empty, line, partial(line.update, f"READY {turn}")))
    what = f"paint: {name}, {size[0]}x{size[1]}, CPU"
    return Comparison(what, "ms", tuple(own[2:]), tuple(control[2:]), "< 16 ms")


def _show(panel: Panel, picture: Snapshot) -> None:
    panel.snapshot = picture


async def _painted(pilot: Pilot[None], widget: Widget, change: Callable[[], object]) -> float:
    """Return CPU milliseconds from a change to the lines that the terminal is sent."""
    start = process_time()
    change()
    await pilot.pause()
    for each in (*widget.query("*"), widget):
        lines = each.render_lines(each.size.region)
        "".join(line.render(pilot.app.console) for line in lines)
    return (process_time() - start) * 1000


class PanelApp(App[None]):
    """One panel alone."""

    def __init__(self, panel: Panel) -> None:
        super().__init__()
        self._panel = panel

    def compose(self) -> ComposeResult:
        """Show it."""
        yield self._panel

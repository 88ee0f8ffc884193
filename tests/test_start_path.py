"""What the first paint loads: Textual, our own light modules, and nothing that can wait."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LATER = {
    "heavy": (
        "argparse",
        "exchange_calendars",
        "google.protobuf",
        "httpx",
        "numpy",
        "pandas",
        "plotext",
        "prometheus_client",
        "tomlkit",
        "tomllib",
        "websockets",
    ),
    "values": (
        "market.agenda",
        "market.alerts",
        "market.baskets",
        "market.interest_rooms",
        "market.rules",
        "market.stories",
        "market.thesis",
    ),
    "charts": (
        "widgets.breadth_chart",
        "widgets.candles",
        "widgets.members_cells",
        "widgets.price_chart",
        "widgets.strip_paint",
    ),
    "engine": ("market.engine_room", "market.fold", "market.feeds.polling", "market.feeds.http"),
    "feeds": ("market.feeds.yahoo", "market.feeds.cboe", "market.feeds.demo"),
    "metrics": (
        "market.metrics.implied",
        "market.metrics.price",
        "market.metrics.ranges",
        "market.metrics.realised",
        "market.metrics.strength",
        "market.metrics.volatility",
    ),
    "screens": (
        "tui.screens.alerts",
        "tui.screens.breadth",
        "tui.screens.heat",
        "tui.screens.health",
        "tui.screens.help",
        "tui.screens.rotation",
        "tui.screens.search",
        "tui.screens.sector",
        "tui.screens.symbol",
        "tui.commands",
        "tui.filter_line",
    ),
    "headless": (
        "tui.command_line",
        "tui.doctor",
        "tui.export",
        "tui.get",
        "tui.headless",
        "tui.picture",
        "tui.serve",
        "tui.settings_show",
        "tui.shot",
        "tui.status",
        "tui.status_store",
        "tui.watchlist_file",
    ),
}
CODE = (
    "import sys, tui.cli, tui.launch, tui.settings, tui.wiring\n"
    "tui.wiring.story_folders(tui.settings.Settings())\n"
    "print(*sys.modules)"
)


def test_the_first_paint_loads_nothing_that_can_wait() -> None:
    run = subprocess.run(
        [sys.executable, "-c", CODE], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(run.stdout.split())
    assert "tui.screens.overview" in loaded
    too_early = {name for names in LATER.values() for name in names} & loaded
    assert not too_early

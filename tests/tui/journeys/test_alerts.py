"""Alerts on screen: set on the number in focus, told quietly, listed, seen, taken out."""

from __future__ import annotations

import tomllib
from pathlib import Path

from msgspec.structs import replace
from textual.widgets import Input, Static

from market.alerts.board import AlertBoard
from market.alerts.written import alerts_of
from market.instruments import default_cast
from market.metrics.names import rule_writing
from market.named_states import state_names
from market.quotes import Key, Kind
from market.readers import stories_judged
from market.snapshot import Snapshot
from market.watcher import Watcher
from tests.tui.driving import lines_of, press
from tests.tui.fakes import FakeEngine, Stage, live_picture
from tui.screens.alert_dialog import AlertDialog
from tui.screens.alerts import AlertsScreen
from tui.screens.overview import OverviewScreen
from tui.settings import AlertSettings, Settings
from tui.wiring import alert_sources
from widgets.alerts_table import AlertHistoryPanel, AlertsPanel

ALERTS = """
[[alert]]
id = "level"
title = "Small caps high"
rule = { metric = "rut.last", above = 2900, until = 2800 }
[[alert]]
id = "any"
title = "Breadth thrust"
rule = { any = [{ metric = "breadth.advancing", above = 0.99 }, {metric="vix.last", z_move=9}] }
[[alert]]
id = "feed"
rule = { metric = "feed.demo.state", turns = true }
[[alert]]
id = "line"
rule = { metric = "thesis.small-caps-2026-07.jobs", turns = true }
[[alert]]
id = "lost"
rule = { metric = "vix.lost", above = 1 }
"""
CAST = default_cast()


def told(snapshot: Snapshot) -> Snapshot:
    """The picture after the first alert was told of."""
    states = state_names(stories_judged(snapshot), ("demo",))
    alerts, faults = alerts_of(ALERTS, rule_writing(CAST, (), states), CAST)
    watcher = Watcher(words=alert_sources(Settings(), None, is_live=False).words)
    watcher.use(alerts, faults, snapshot)
    rut = snapshot.readings["rut.last"]
    low = replace(snapshot, readings={**snapshot.readings, "rut.last": replace(rut, value=2700.0)})
    watcher.after(low)
    return watcher.after(snapshot)


def stage(folder: Path, snapshot: Snapshot | None = None) -> Stage:
    settings = Settings(alerts=AlertSettings(file=folder / "alerts.toml"))
    return Stage(FakeEngine(snapshot if snapshot is not None else live_picture()), settings)


def text_of(shown: Stage) -> str:
    return "\n".join(lines_of(shown))


async def test_an_alert_is_set_on_the_number_in_focus(tmp_path: Path) -> None:
    shown, path = stage(tmp_path), tmp_path / "alerts.toml"
    async with shown.app.run_test(size=(120, 34)) as pilot:
        await press(pilot, "3", "a")
        dialog = shown.app.screen
        assert isinstance(dialog, AlertDialog)
        metric, bound, cooldown = dialog.query(Input)
        assert metric.value == "iwm.last"
        assert bound.has_focus
        usual = bound.value
        assert float(usual.replace(",", "")) > 1
        await press(pilot, "down", "down", "down", "down")
        assert (dialog.comparison, bound.value) == ("rises", "1 %")
        await press(pilot, "up", "up")
        assert (dialog.comparison, bound.value) == ("within", f"{usual} to {usual}")
        await press(pilot, "up", "up", "tab")
        assert cooldown.has_focus
        await press(pilot, "tab")
        assert (metric.has_focus, bound.value) == (True, usual)
        metric.value = "vix.lost"
        await press(pilot, "enter")
        await shown.app.workers.wait_for_complete()
        await pilot.pause()
        assert "nearest is" in str(dialog.query_one("#state", Static).content)
        metric.value = "vix.last"
        bound.value, cooldown.value = "20 until 18", "5"
        await press(pilot, "enter")
        await shown.app.workers.wait_for_complete()
        await pilot.pause()
        written = tomllib.loads(path.read_text(encoding="utf-8"))["alert"]
        assert written == [
            {
                "id": "vix-last-above-20",
                "rule": {"metric": "vix.last", "above": 20.0, "until": 18.0},
                "cooldown": 5.0,
            }
        ]
        assert shown.engine.alerts_text == path.read_text(encoding="utf-8")
        assert "alert set; A shows all" in text_of(shown)
        await press(pilot, "a", "escape")
        assert isinstance(shown.app.screen, OverviewScreen)


async def test_what_is_told_stands_quietly_in_the_footer_until_it_is_seen(tmp_path: Path) -> None:
    picture = told(live_picture())
    assert picture.alerts is not None
    picture = replace(picture, alerts=replace(picture.alerts, faults=()))
    shown = stage(tmp_path, picture)
    async with shown.app.run_test(size=(120, 34)) as pilot:
        await pilot.pause()
        assert lines_of(shown)[-1].startswith(" ! Small caps high  ")
        for width in (80, 40):
            await pilot.resize_terminal(width, 24)
            await pilot.pause()
            assert "! Small caps" in lines_of(shown)[-1]
        await pilot.resize_terminal(60, 2)
        await pilot.pause()
        assert "! Small caps high" in text_of(shown), "a strip says it too"
        await pilot.resize_terminal(120, 34)
        await pilot.pause()
        await pilot.click("KeyBar", offset=(4, 0))
        await pilot.pause()
        assert isinstance(shown.app.screen, AlertsScreen)
        await press(pilot, "exclamation_mark")
        assert shown.engine.acknowledged == ("level",)
        assert "1 alert seen" in text_of(shown)


async def test_the_screen_tells_of_each_alert_at_all_sizes(tmp_path: Path) -> None:
    shown = stage(tmp_path, told(live_picture()))
    (tmp_path / "alerts.toml").write_text(ALERTS, encoding="utf-8")
    async with shown.app.run_test(size=(120, 34)) as pilot:
        shown.engine.tick()
        shown.app.beat()
        await pilot.pause()
        assert "alert lost in line" in lines_of(shown)[-1]
        await press(pilot, "A")
        screen = shown.app.screen
        assert isinstance(screen, AlertsScreen)
        text = text_of(shown)
        for words in (
            *(
                "Alerts · 4 · 1 new · 1 left out",
                "! Small caps high",
                "rut.last above 2,900 until 2,800",
                "● holds",
            ),
            *("0 of 40 daily returns are known", "— not known", "0 of 2", "○ armed"),
            *(
                "feed.demo.state turns",
                "✗ lost",
                "left out: rule.metric: ",
                'no metric is called "vix.lost"',
                "What happened",
                "began",
            ),
        ):
            assert words in text, words
        assert Key(Kind.PUBLISHED, "PAYEMS") in shown.engine.wanted, "a line is judged by jobs"
        for size in ((200, 55), (80, 24), (60, 16), (40, 12)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert "Small caps" in text_of(shown), size
        await pilot.resize_terminal(120, 34)
        await press(pilot, "2")
        assert screen.query_one(AlertHistoryPanel) is screen.focused_panel
        await press(pilot, "1", "X")
        await shown.app.workers.wait_for_complete()
        await pilot.pause()
        assert "alert level taken out" in text_of(shown)
        assert 'id = "level"' not in shown.engine.alerts_text
        assert screen.query_one(AlertsPanel).chosen is not None
        await press(pilot, "a")
        assert isinstance(shown.app.screen, AlertDialog)
        assert shown.app.screen.metric == "rut.last"
        await press(pilot, "escape", "enter")
        assert "RUT" in text_of(shown)
        await press(pilot, "escape", "A")
        assert isinstance(shown.app.screen, OverviewScreen)


async def test_without_alerts_the_screen_says_how_to_set_one(tmp_path: Path) -> None:
    shown = stage(tmp_path, replace(live_picture(), alerts=AlertBoard()))
    async with shown.app.run_test(size=(120, 34)) as pilot:
        await press(pilot, "A", "exclamation_mark")
        text = text_of(shown)
        assert "no alert is set; press a on a number to set one" in text
        assert shown.engine.acknowledged == ()
        await press(pilot, "X")
        assert "there is no alert under the cursor" in text_of(shown)

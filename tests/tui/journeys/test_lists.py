"""Watchlists begun, renamed and deleted by commands, and brought back by undo."""

from __future__ import annotations

import tomllib
from pathlib import Path

from textual.command import CommandList
from textual.pilot import Pilot
from textual.widgets import Input, Static

from market.clock import Clock
from tests.clocks import ManualClock
from tests.tui.driving import press
from tests.tui.fakes import LISTS, FakeEngine
from tui.app import CaptopApp
from tui.commands import Palette, commands_of
from tui.key_bar import KeyBar
from tui.screens.list_name import ListNameScreen
from tui.screens.overview import OverviewScreen
from tui.settings import Settings
from tui.watchlists import Watchlists
from widgets.watchlist import WatchlistPanel

FILE = """\
[watchlists] # mine
default = ["IWM", "XBI", "KRE", "CRDO", "IONQ", "HIMS"]
funds = [
    "IWM",   # the tracker
    "IGV",
]
"""


def _app(path: Path) -> CaptopApp:
    clock: Clock = ManualClock()
    lists = Watchlists(LISTS, path=path)
    return CaptopApp(FakeEngine(), Settings(), clock=clock, watchlists=lists)


async def _command(app: CaptopApp, pilot: Pilot[None], name: str) -> None:
    """Run a command as the palette does when it is chosen."""
    {c.name: c for c in commands_of(app, frozenset())}[name].run()
    await pilot.pause()


async def _name(app: CaptopApp, pilot: Pilot[None], name: str) -> None:
    """Type a name over the one that stands there."""
    assert isinstance(app.screen, ListNameScreen)
    app.screen.query_one(Input).value = name
    await press(pilot, "enter")


def _shown(app: CaptopApp) -> tuple[str, str, tuple[str, ...]]:
    panel = app.screen.query_one(WatchlistPanel)
    return panel.list_name, panel.list_place, panel.symbols


def _lines(app: CaptopApp) -> list[str]:
    return [strip.text for strip in app.screen._compositor.render_strips()]


def _message(app: CaptopApp) -> str:
    return app.screen.query_one(KeyBar).message


async def _take_out_around_a_new_list(app: CaptopApp, pilot: Pilot[None]) -> None:
    """Take two symbols out: the second time the key has nothing of its own to put back."""
    app.choose_list("default")
    await press(pilot, "3", "w")
    await _command(app, pilot, "New list")
    await _name(app, pilot, "more")
    app.choose_list("default")
    await pilot.pause()
    await press(pilot, "w")
    lists = app.desk.watchlists
    assert "more" in lists.names, "w puts back only what it took out last"
    assert lists.current == LISTS["default"][2:]


async def test_lists_come_and_go_by_command_and_undo_gives_every_byte_back(tmp_path: Path) -> None:
    path = tmp_path / "captop.toml"
    path.write_text(FILE, encoding="utf-8")
    app = _app(path)
    async with app.run_test(size=(120, 34)) as pilot:
        await press(pilot, "colon", *"new")
        assert isinstance(app.screen, Palette)
        await app.workers.wait_for_complete()
        app.screen.query_one(CommandList).highlighted = 0
        await press(pilot, "enter")
        assert isinstance(app.screen, ListNameScreen)
        await press(pilot, *"a[b", "enter")
        assert isinstance(app.screen, OverviewScreen)
        assert _shown(app) == ("a[b", "3/3", ())
        assert _message(app) == "list a[b begun; W adds a symbol, u undoes"
        assert any("Watchlist: a[b · 3/3" in line and "no symbols" in line for line in _lines(app))
        assert any("an empty list: W adds a symbol" in line for line in _lines(app))

        await _command(app, pilot, "Rename list a[b")
        assert app.screen.query_one(Input).value == "a[b"
        await _name(app, pilot, "funds")
        assert isinstance(app.screen, ListNameScreen), "another list has that name"
        state = app.screen.query_one("#state", Static)
        assert str(state.content) == "There is a list funds already."
        await _name(app, pilot, " ideas ")
        assert _shown(app) == ("ideas", "3/3", ())
        await press(pilot, "W", *"ktos", "enter")
        assert _shown(app) == ("ideas", "3/3", ("KTOS",))

        await press(pilot, "{")
        await _command(app, pilot, "Delete list funds")
        assert _shown(app) == ("default", "1/2", LISTS["default"])
        assert _message(app) == "list funds deleted; u brings it back"
        await press(pilot, "u")
        assert _shown(app) == ("funds", "2/3", LISTS["funds"])
        assert _message(app) == "undone: list funds is back"

        await _command(app, pilot, "New list")
        await press(pilot, "x", "escape")
        assert _shown(app) == ("funds", "2/3", LISTS["funds"])

        await _take_out_around_a_new_list(app, pilot)
        await press(pilot, "u", "u", "u")
        assert app.desk.watchlists.names == ("default", "funds", "ideas")
        assert app.desk.watchlists.current == LISTS["default"]
    saved = path.read_text(encoding="utf-8")
    assert saved.startswith(FILE), "remarks and layout stay"
    assert tomllib.loads(saved)["watchlists"]["ideas"] == ["KTOS"]

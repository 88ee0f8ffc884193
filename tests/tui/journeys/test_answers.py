"""No key is silent: what can do nothing is not offered, and says so when it is pressed."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.tui.counted import counted_picture
from tests.tui.driving import lines_of, press
from tests.tui.fakes import LISTS, FakeEngine, Stage
from tui.key_bar import LAST_TO_GO, Hint, KeyBar, fitted, hints_of
from tui.keys import KEYS, Scope
from tui.screens.answering import lines_of_key, why_not
from tui.screens.group import GroupScreen
from tui.screens.health import HealthScreen
from tui.screens.symbol import SymbolScreen
from widgets.breadth import BreadthPanel
from widgets.leaders_view import RowKind
from widgets.watchlist import WatchlistPanel

SIZE = (120, 34)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("s", "s works in a list"),
        ("J", "J works in the watchlist"),
        ("H", "H works in a table of members"),
        ("d", "d works on a symbol's screen, on the breadth screen and on the volatility screen"),
        ("u", "undo: nothing to do here"),
        ("left_square_bracket", "[ works on a symbol's screen"),
    ],
)
def test_a_key_says_where_it_works(key: str, said: str) -> None:
    assert why_not(key, lines_of_key(key, {})) == said


def test_every_key_of_the_table_has_an_answer_and_others_have_none() -> None:
    for line in KEYS:
        for key in line.keys.split(","):
            lines = lines_of_key(key, {})
            assert bool(lines) or line.scope in (Scope.DIALOG, Scope.FILTER)
            assert not lines or why_not(key, lines)
    assert lines_of_key("f12", {}) == []
    assert [line.id for line in lines_of_key("f12", {"list.sort": "f12"})] == ["list.sort"]


def _bar(stage: Stage) -> KeyBar:
    return stage.app.screen.query_one(KeyBar)


def _said(stage: Stage) -> str:
    return _bar(stage).message


def _ids(fitting: Iterable[Hint]) -> str:
    return " ".join(hint.id for hint in fitting)


def test_the_footer_keeps_what_is_needed_most() -> None:
    shown = [line.id for line in KEYS if line.show and line.scope is Scope.APP]
    ids = ("go.open", "go.up", "list.filter", "list.sort", "window.next", "watch.toggle")
    on_breadth = hints_of((*ids, *shown, "breadth.topic"), {})
    for width in (58, 78):
        assert {"breadth.topic", "window.next"} <= set(_ids(fitted(on_breadth, width)).split())
    first = "window.next list.filter list.sort go.map go.volatility"
    last = "app.commands app.help"
    on_overview = hints_of({*ids, *shown} - {"go.up", "watch.toggle"}, {})
    assert _ids(fitted(on_overview, 78)) == f"go.open {first} {last}"
    further = "go.policy go.breadth go.calendar go.flows"
    assert _ids(fitted(on_overview, 118)) == f"go.open {first} {further} {last}"
    needed = first.split() + further.split()
    in_words = hints_of({*ids, *shown} - {"go.up", "watch.toggle"}, {}, ascii_only=True)
    for width in range(30, 118):
        told = [i for i in _ids(fitted(in_words, width)).split() if i not in LAST_TO_GO]
        assert told == needed[: len(told)], "none takes the room of one that is needed more"
    help_alone = _ids(fitted(on_overview, 30))
    assert help_alone == f"go.open {last}"


def _offered(stage: Stage) -> set[str]:
    active = stage.app.screen.active_bindings.values()
    return {each.binding.id or "" for each in active if each.enabled}


async def test_no_key_is_silent_where_it_can_do_nothing() -> None:
    stage = Stage(FakeEngine(counted_picture()))
    async with stage.app.run_test(size=SIZE) as pilot:
        app = stage.app
        await press(pilot, "8")
        assert _said(stage) == "there is no panel 8 here"
        await press(pilot, "2")
        assert _said(stage) == "panel 2 has the keys; 2 again makes it full screen"
        await press(pilot, "escape")
        assert _said(stage) == "back: nothing to do here"

        footer = lines_of(stage)[-2:]
        app.market_screens[-1].say(f"{'word ' * 30}the end of it")
        await pilot.pause()
        assert lines_of(stage)[-1].strip().endswith("the end of it"), "what is long has two lines"
        app.market_screens[-1].say("")
        await pilot.pause()
        assert lines_of(stage)[-2] == footer[0]

        board = stage.app.market_screens[-1].focused_board
        assert board is not None
        assert "go.open" in _offered(stage)
        await press(pilot, "G")
        assert board.cursor_key == RowKind.UNATTRIBUTED
        assert "go.open" not in {hint.id for hint in _bar(stage).hints}
        await press(pilot, "enter")
        assert _said(stage) == "open: nothing to do here"
        await press(pilot, "k")
        assert "go.open" in {hint.id for hint in _bar(stage).hints}

        await press(pilot, "5")
        assert isinstance(stage.app.market_screens[-1].focused_panel, BreadthPanel)
        assert "go.open" not in _offered(stage)
        await press(pilot, "enter")
        assert _said(stage) == "open: nothing to do here"

        app.push_screen(SymbolScreen(app.desk, "IWM"))
        await pilot.pause()
        assert not {"list.sort", "list.filter", "go.open"} & _offered(stage)
        await press(pilot, "s")
        assert _said(stage) == "s works in a list"

        app.push_screen(GroupScreen(app.desk))
        await pilot.pause()
        assert not {"go.members", "panel.zoom", "panel.next"} & _offered(stage)
        await press(pilot, "asterisk")
        assert _said(stage) == "members: nothing to do here"
        assert isinstance(app.screen, GroupScreen)

        app.push_screen(HealthScreen(app.desk))
        await pilot.pause()
        await press(pilot, "t")
        assert _said(stage) == "window: nothing to do here"
        await press(pilot, "enter")
        assert _said(stage) == "a feed's row tells all there is; nothing lies behind it"


async def test_a_row_of_a_sorted_list_does_not_move_unseen() -> None:
    stage = Stage()
    async with stage.app.run_test(size=SIZE) as pilot:
        await press(pilot, "3", "s", "J")
        assert isinstance(stage.app.market_screens[-1].focused_panel, WatchlistPanel)
        assert _said(stage).startswith("the list is sorted; press s until")
        assert stage.lists.current == LISTS["default"]

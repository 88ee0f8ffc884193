"""The one table of keys: complete, consistent, rebindable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.binding import Binding, BindingsMap
from textual.keys import _character_to_key

from tui.app import CaptopApp
from tui.filter_line import FilterLine
from tui.key_names import character_name, key_name
from tui.keys import (
    KEYS,
    KeysError,
    Scope,
    key_in_words,
    keys_in_words,
    keys_table,
    line_of,
    resolve_keys,
    told_lines,
)
from tui.screens.alerts import AlertsScreen
from tui.screens.breadth import BreadthScreen
from tui.screens.calendar import CalendarScreen
from tui.screens.changes import ChangesScreen
from tui.screens.dialog import Dialog
from tui.screens.flows import FlowsScreen
from tui.screens.group import GroupScreen
from tui.screens.health import HealthScreen
from tui.screens.heat import HeatMap, HeatScreen
from tui.screens.help import HelpScreen, help_lines
from tui.screens.market_screen import MarketScreen
from tui.screens.overview import OverviewScreen
from tui.screens.panel_screen import PanelScreen
from tui.screens.policy import PolicyScreen
from tui.screens.rotation import RotationScreen
from tui.screens.search import SearchScreen
from tui.screens.sector import SectorScreen
from tui.screens.symbol import SymbolScreen
from tui.screens.volatility import VolatilityScreen

ROOMS = {
    "v": VolatilityScreen,
    "P": PolicyScreen,
    "f": FlowsScreen,
    "c": CalendarScreen,
    "b": BreadthScreen,
    "R": RotationScreen,
    "m": HeatScreen,
    "i": HealthScreen,
    "C": ChangesScreen,
    "A": AlertsScreen,
}
MARKET_SCREENS = (OverviewScreen, SectorScreen, GroupScreen, SymbolScreen, *ROOMS.values())
DIALOGS = (Dialog, HelpScreen, SearchScreen)
OURS = (*MARKET_SCREENS, PanelScreen, CaptopApp, *DIALOGS, FilterLine, HeatMap)
HOLDERS: dict[Scope, tuple[type, ...]] = {
    Scope.APP: (CaptopApp,),
    Scope.SCREEN: MARKET_SCREENS,
    Scope.LIST: MARKET_SCREENS,
    Scope.WATCHLIST: MARKET_SCREENS,
    Scope.SYMBOL: (SymbolScreen,),
    Scope.MEMBERS: (GroupScreen,),
    Scope.MAP: (HeatMap,),
    Scope.BREADTH: (BreadthScreen,),
    Scope.VOLATILITY: (VolatilityScreen,),
    Scope.ALERTS: (AlertsScreen,),
    Scope.DIALOG: (HelpScreen, SearchScreen),
    Scope.FILTER: (FilterLine,),
}


def _own_actions(cls: type) -> set[str]:
    ours = [c for c in cls.__mro__ if c.__module__.startswith("tui.")]
    return {n.removeprefix("action_") for c in ours for n in vars(c) if n.startswith("action_")}


def test_ids_are_unique() -> None:
    ids = [line.id for line in KEYS]
    assert len(ids) == len(set(ids))


def test_every_line_has_its_action_wherever_it_works() -> None:
    for key in KEYS:
        for holder in HOLDERS[key.scope]:
            assert hasattr(holder, f"action_{key.action_name}"), f"{holder} lacks {key.action}"


def test_every_action_of_ours_has_a_line() -> None:
    known = {line.action_name for line in KEYS}
    forgotten = {
        f"{c.__name__}.action_{a}" for c in OURS for a in _own_actions(c) if a not in known
    }
    assert not forgotten


def test_the_table_as_shipped_claims_no_key_twice() -> None:
    assert resolve_keys({}) == {}


@pytest.mark.parametrize(("key", "room"), ROOMS.items())
def test_a_room_knows_the_key_that_enters_and_leaves_it(key: str, room: type[MarketScreen]) -> None:
    assert line_of(room.room).keys == key


def test_help_is_a_sentence() -> None:
    for line in KEYS:
        assert line.help.endswith("."), line.id
        assert line.help[0].isupper(), line.id


def test_an_unknown_id_is_named_with_the_nearest() -> None:
    with pytest.raises(KeysError, match=r"'list\.sorted'.*nearest: 'list\.sort'"):
        resolve_keys({"list.sorted": "s"})


def test_a_key_claimed_twice_names_both() -> None:
    with pytest.raises(KeysError, match=r"'q' is claimed by both 'list\.sort' and 'app\.quit'"):
        resolve_keys({"list.sort": "q"})


def test_two_lines_that_never_meet_may_share_a_key() -> None:
    assert resolve_keys({"symbol.compare": "J"}) == {"symbol.compare": "J"}


def test_a_key_of_the_map_stands_in_front_of_the_way_up_and_of_no_other() -> None:
    assert resolve_keys({"map.left": "backspace"}) == {"map.left": "backspace"}
    for taken, by in (("m", "go.map"), ("q", "app.quit"), ("t", "window.next")):
        with pytest.raises(KeysError, match=rf"'{taken}' is claimed by .*'{by}'"):
            resolve_keys({"map.left": taken})


def test_the_help_tells_no_key_that_something_closer_has_taken() -> None:
    both = [line.plain for line in help_lines({"go.up", "map.left"}, {}, 70)]
    assert any(line.startswith("h ← ") and "tile" in line for line in both)
    assert any(line.startswith("esc backspace ") and "level" in line for line in both)
    alone = [line.plain for line in help_lines({"go.up"}, {}, 70)]
    assert any(line.startswith("esc h ← backspace ") for line in alone)


def test_keys_may_be_exchanged() -> None:
    assert resolve_keys({"list.sort": "x", "symbol.compare": "s"}) == {
        "list.sort": "x",
        "symbol.compare": "s",
    }


EXCHANGES = (
    {"app.quit": "Q", "go.up": "q"},
    {"app.refresh": "i", "app.feeds": "r"},
    {"list.down": "n", "list.next_match": "f5"},
    {"list.sort": "slash", "list.filter": "s"},
)
"""Rebindings of which one takes what the other gives away."""


@pytest.mark.parametrize("lines", EXCHANGES)
def test_a_key_that_is_given_away_may_be_taken(lines: dict[str, str]) -> None:
    for overrides in (lines, dict(reversed(lines.items()))):
        keymap = resolve_keys(overrides)
        shipped = BindingsMap(
            Binding(key, line.action, id=line.id)
            for line in KEYS
            if line.id in lines
            for key in line.keys.split(",")
        )
        shipped.apply_keymap(keymap)
        for key_id, key in overrides.items():
            assert {found.id for found in shipped.key_to_bindings[key]} == {key_id}
        assert {found.id for _, found in shipped} == set(lines)


@pytest.mark.parametrize(
    ("written", "named"),
    [("F", "F"), ("Y ctrl+f", "Y,ctrl+f"), ("&", "ampersand"), (" ", "space")],
)
def test_keys_are_written_as_people_do(written: str, named: str) -> None:
    taken = {"app.hold": "f2"} if written == " " else {}
    assert resolve_keys({**taken, "list.filter": written})["list.filter"] == named


@pytest.mark.parametrize(
    "key", ["/", "é", "§", "ctrl+shift+f5", "alt+/", "ctrl++", "f12", "pgdn", "esc", "delete", "5"]
)
def test_keys_that_exist(key: str) -> None:
    assert key_name(key) is not None


@pytest.mark.parametrize(
    "key", ["notakey", "ctrl+", "ctrl+ctrl+x", "strg+x", "f25", "+x", "ctrl+notakey", "\x1b"]
)
def test_keys_that_do_not_exist(key: str) -> None:
    assert key_name(key) is None
    with pytest.raises(KeysError, match="there is no key"):
        resolve_keys({"list.sort": key})


def test_an_unknown_key_is_told_with_the_nearest() -> None:
    with pytest.raises(KeysError, match=r"no key 'entr' for 'list\.sort', nearest: 'enter'"):
        resolve_keys({"list.sort": "entr"})


@given(st.characters(min_codepoint=33, exclude_categories=["Z", "C"]))
def test_characters_have_the_names_that_textual_gives_them(character: str) -> None:
    assert character_name(character) == _character_to_key(character)


def test_the_keys_as_shipped_exist() -> None:
    for line in KEYS:
        for key in line.keys.split(","):
            assert key_name(key) == key


def test_a_line_without_a_key_is_refused() -> None:
    with pytest.raises(KeysError, match="names no key"):
        resolve_keys({"list.filter": ","})


@given(
    st.dictionaries(st.sampled_from([line.id for line in KEYS]), st.text(max_size=6), max_size=4)
)
def test_any_rebinding_is_taken_or_refused_in_a_sentence(overrides: dict[str, str]) -> None:
    try:
        keymap = resolve_keys(overrides)
    except KeysError:
        return
    assert set(keymap) == set(overrides)
    assert all(keymap.values())


def test_words_for_keys() -> None:
    assert key_in_words("slash") == "/"
    assert key_in_words("enter") == "⏎"
    assert key_in_words("enter", ascii_only=True) == "enter"
    assert key_in_words("minus", ascii_only=True) == "-"
    assert keys_in_words(line_of("list.down"), {}) == "j ↓"
    assert keys_in_words(line_of("list.down"), {"list.down": "n"}) == "n"


@pytest.mark.parametrize("width", [34, 70])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_the_help_and_the_docs_say_what_short_forms_mean(width: int, ascii_only: bool) -> None:
    lines = [line.plain for line in help_lines({"app.quit"}, {}, width, ascii_only=ascii_only)]
    after = lines[lines.index("Short forms on screens") + 1 :]
    assert after[0].startswith("3 left out ")
    words = " ".join(" ".join(after).split())
    assert "suspect, of a move that no second source confirms" in words
    assert words.isascii() or not ascii_only
    assert all(len(line) <= width for line in after)
    assert "| `3 left out` | Members that no figure counts: suspect" in keys_table()


def test_the_docs_name_every_line_once() -> None:
    table = keys_table()
    for line in told_lines():
        assert table.count(f"`{line.id}`") == 1

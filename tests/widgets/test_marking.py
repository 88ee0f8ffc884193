"""The user's rules on the rows of tables: signs, colours, and what a filter keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from msgspec.structs import replace
from rich.style import Style

from market.instruments import Role
from market.metrics.catalogue import METRICS
from market.metrics.member_figures import MEMBER_FIGURES
from market.metrics.names import mark_writing
from market.rules.rows import OWN, Colour, MarkRule
from market.rules.rows_written import mark_rules_of
from market.snapshot import Snapshot
from tests.widgets.boards import COLUMNS, row
from tests.widgets.censuses import census, counted
from tests.widgets.pictures import late, picture
from widgets.board_layout import seats
from widgets.board_model import Column, Sort
from widgets.board_paint import Look, row_strip
from widgets.board_rows import ordered
from widgets.leaders import columns_for as leader_columns
from widgets.marking import marked, marker, member_rules, role_of
from widgets.members_table import columns_for as member_columns
from widgets.members_table import member_rows
from widgets.palette import OF_RULES, ROLES, palette_from
from widgets.values import WINDOWS, Value, value_of
from widgets.watchlist_table import WatchRows
from widgets.watchlist_table import columns_for as watch_columns
from widgets.watchlist_view import list_view

NO_METRIC = {"rank"}
"""Columns that say where a row stands in the order it is shown in."""
OF_MEMBERS: Mapping[str, str] = {
    "weight": "index.weight", "last": "last", "day": "return.1d", "window": "return.{window}",
    "contribution": "index.contribution.{window}", "points": "index.contribution.{window}",
    "volume": "relative_volume", "dollars": "index.dollar_volume",
    "position": "range52w.position", "momentum.21": "index.momentum.21d",
    "momentum.63": "index.momentum.63d", "momentum.126": "index.momentum.126d",
}  # fmt: skip
OF_LEADERS: Mapping[str, str] = {
    **{window: f"return.{window.lower()}" for window in WINDOWS},
    "window": "return.{window}", "relative": "relative.{window}",
    "contribution": "contribution.{window}", "advancing": "advancing",
    "volume": "typical_relative_volume",
}  # fmt: skip
OF_WATCHLIST: Mapping[str, str] = {
    **{window: f"return.{window.lower()}" for window in WINDOWS},
    "last": "last", "change": "change", "day": "return.1d", "extended_last": "extended.last",
    "extended": "extended.return", "relative": "relative.1d", "volume": "relative_volume",
    "position": "range52w.position",
}  # fmt: skip


def named(columns: Sequence[Column], names: Mapping[str, str], window: str) -> list[str]:
    """The metrics of all columns of numbers; a column that was forgotten is a KeyError."""
    numbers = [c.id for c in columns if c.justify == "right" and c.id not in NO_METRIC]
    return [names[each].replace("{window}", window.lower()) for each in numbers]


@pytest.mark.parametrize("window", WINDOWS)
def test_every_column_of_numbers_has_a_metric_that_rules_can_name(window: str) -> None:
    roles = {m.name: m.roles for m in METRICS if m.name.startswith(OWN)}
    of_members = named(member_columns(window), OF_MEMBERS, window)
    assert set(of_members) <= MEMBER_FIGURES.keys()
    funds = named(leader_columns(window), OF_LEADERS, window)
    groups = named(leader_columns(window, by_members=True), OF_LEADERS, window)
    watched = named(watch_columns(list_view(picture(), ("IWM", "CRDO"))), OF_WATCHLIST, window)
    for names, role in ((funds, Role.SECTOR), (groups, Role.GROUP), (watched, Role.WATCHED)):
        assert all(role in roles[OWN + name] for name in names), role
    assert {OWN + name for name in of_members} <= roles.keys()


def test_every_colour_has_a_role_for_rows_and_one_for_numbers() -> None:
    assert OF_RULES.keys() == {colour.value for colour in Colour}
    assert set(OF_RULES.values()) | {f"rule_{colour}" for colour in Colour} <= ROLES
    palette = palette_from({"foreground": "#ffffff"})
    assert all(palette.style(f"rule_{colour}").underline for colour in Colour)


def look(*, ascii_only: bool = False) -> Look:
    needs = [column.width for column in COLUMNS]
    palette = palette_from({"up": "#00ff00", "accent": "#0000ff", "foreground": "#ffffff"})
    placed = seats(COLUMNS, needs, {3}, 40)
    return Look(COLUMNS, placed, 40, palette, Style(), ascii_only)


def test_a_painted_row_has_a_sign_and_keeps_its_directions() -> None:
    plain = row("K1", 1.0)
    painted = replace(plain, rules=("busy",), colour="accent")
    shown = look()
    accent, up = shown.palette.style("accent"), shown.palette.style("up")
    strip = row_strip(painted, shown)
    styles = {text.strip(): style for text, style, _ in strip if text.strip()}
    assert strip.text.startswith("•row 1")
    assert (styles["row 1"], styles["•"], styles["+1.00"]) == (accent, accent, up)
    assert strip.cell_length == 40
    assert row_strip(painted, look(ascii_only=True)).text.startswith("*row 1")
    assert row_strip(replace(plain, rules=("busy",)), shown).text == row_strip(plain, shown).text


def test_a_filter_keeps_the_rows_of_a_rule_and_of_words_together() -> None:
    rows = [
        replace(row("K1", 1.0), rules=("busy", "odd")),
        replace(row("K2", 2.0), rules=("busy-day",)),
        row("K3", 3.0),
    ]

    def kept(text: str) -> list[str]:
        return [each.key for each in ordered(rows, COLUMNS, Sort(), text)]

    assert kept("#busy") == kept("#") == kept("#BU") == ["K1", "K2"]
    assert kept("#busy-") == ["K2"]
    assert kept("#busy #odd") == ["K1"]
    assert kept("2 #busy") == kept("#busy 2") == ["K2"]
    assert kept("#lost") == []


def rules() -> tuple[MarkRule, ...]:
    found, faults = mark_rules_of(
        """
[[rule]]
id = "any-price"
when = { metric = "{slug}.last", above = 0 }
[[rule]]
id = "risen"
when = { metric = "{slug}.return.1d", above = 0 }
colour = "good"
[[rule]]
id = "moved"
when = { metric = "{slug}.return.1d", within = [-1, 1] }
colour = "dim"
""",
        mark_writing(picture().cast, ()),
    )
    assert faults == ()
    return found


def listed(snapshot: Snapshot, symbols: tuple[str, ...], given: tuple[MarkRule, ...]) -> WatchRows:
    """The rows of a watchlist, marked by rules."""
    view = list_view(snapshot, symbols)
    return WatchRows(snapshot, symbols, "1D", view, marker(given, snapshot))


def test_rows_of_instruments_carry_what_holds_of_them_and_the_first_colour() -> None:
    snapshot = picture()
    symbols = ("IWM", "CRDO", "ZZZQ")
    rows = listed(snapshot, symbols, ())
    found = {each.key: each for each in marked(rows, rules(), snapshot)}
    move = snapshot.readings["crdo.return.1d"].value
    assert isinstance(move, float)
    risen = move >= 0
    expected = ("any-price", "risen", "moved") if risen else ("any-price", "moved")
    assert (found["CRDO"].rules, found["CRDO"].colour) == (expected, "up" if risen else "faint")
    assert (found["ZZZQ"].rules, found["ZZZQ"].colour) == ((), "")
    assert list(listed(snapshot, symbols, rules())) == list(found.values())
    assert listed(snapshot, symbols, rules()).holding("any") == {0, 1}
    assert marked(rows, (), snapshot) is rows
    old = listed(late(), symbols, ())
    assert all(not each.rules for each in marked(old, rules(), late()) if each.dim)
    assert any(each.dim for each in old)


def test_members_are_judged_when_they_are_looked_at_and_all_when_a_filter_asks() -> None:
    found = census()
    count = len(found.members)
    held = member_rules(rules(), counted())
    assert held is not None
    rows = member_rows(found, range(count), "1D", {}, rules=held)
    moves = found.members.returns["1D"]
    by_hand = [n for n in range(count) if moves[n] >= 0 and rows[n].rules]
    assert sorted(rows.holding("risen")) == by_hand
    assert all(rows[n].colour == "up" for n in by_hand)
    assert [each.key for each in ordered(rows, (), Sort(), "#risen")] == [
        found.members.symbols[n] for n in by_hand
    ]
    bare = member_rows(found, range(count), "1D", {})
    assert not bare.holding("")
    assert member_rules((), counted()) is None


def test_a_painted_number_is_underlined_in_its_colour_wherever_it_is_shown() -> None:
    snapshot = replace(picture(), colours={"vix.last": "warn"})
    assert value_of(snapshot, "vix.last").level()[1] == "rule_warn"
    assert value_of(snapshot, "rvx.last").level()[1] == "text"
    assert Value(1.0, old=True, colour="warn").level()[1] == "late"
    assert Value(reason="unknown", colour="warn").level()[1] == "absent"
    assert role_of(()) == ""

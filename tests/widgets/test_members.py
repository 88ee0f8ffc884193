"""The table of members: what its cells say, their order, and that nothing is made unseen."""

from __future__ import annotations

import math
from array import array
from datetime import timedelta
from random import Random
from typing import ClassVar, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from textual.app import App, ComposeResult

from market.census import MOMENTA, Census, Mark
from market.quotes import Bars, Key, Kind, Quote
from market.snapshot import Snapshot
from tests.clocks import THURSDAY_AFTERNOON as NOW
from tests.widgets.censuses import (
    IDLE_ROW,
    MISSING_ROW,
    NAN,
    SUSPECT_ROW,
    census,
    counted,
)
from widgets.board_layout import seats
from widgets.board_listing import Listing
from widgets.board_model import Row, Sort
from widgets.board_rows import ordered
from widgets.members import MembersPanel
from widgets.members_cells import CHOSEN, MAKERS, SORTED_BY, TREND
from widgets.members_prices import prices_of
from widgets.members_table import (
    MemberCells,
    MemberRows,
    columns_for,
    member_rows,
)
from widgets.picture import finite
from widgets.values import WINDOWS


def rows_of(found: Census, window: str = "1D", **options: float | bool) -> MemberRows:
    level = options.pop("level", 3000.0)
    return member_rows(
        found, range(len(found.members)), window, {}, level=level,
        old=bool(options.get("old")), with_thin=bool(options.get("with_thin")),
    )  # fmt: skip


def cell(row: Row, column: str, window: str = "1D") -> tuple[str, str]:
    place = next(n for n, c in enumerate(columns_for(window)) if c.id == column)
    found = row.cells[place]
    return found.text, found.role


def bars(symbol: str, *closes: float) -> Bars:
    return Bars(
        key=Key(Kind.PAST, symbol), interval_s=86_400, source="yahoo", as_of=NOW,
        times=array("q", range(len(closes))), close=array("d", closes),
    )  # fmt: skip


@pytest.mark.parametrize("window", WINDOWS)
def test_every_column_has_its_cell_and_its_order(window: str) -> None:
    columns = columns_for(window)
    assert {c.id for c in columns} <= MAKERS.keys() == SORTED_BY.keys() | {TREND}
    rows = rows_of(census(), window)
    for n, column in enumerate(columns):
        for row, key in zip(rows, rows.sort_values(n, column), strict=True):
            found = row.cells[n].sort
            if isinstance(found, float):
                shown = found / 3000.0 if column.id == "points" else found
                assert isinstance(key, float)
                assert key == pytest.approx(shown)
            elif isinstance(key, float):
                assert math.isnan(key)
            else:
                assert key == (found or None)


@pytest.mark.parametrize("window", WINDOWS)
def test_cells_fit_their_columns_though_nobody_measures_them(window: str) -> None:
    columns = columns_for(window)
    for row in rows_of(census(2000), window):
        for column, found in zip(columns, row.cells, strict=True):
            assert column.justify == "left" or len(found.text) <= column.width, (row.key, column.id)


@given(st.floats(allow_nan=True, allow_infinity=True), st.floats(-1.0, 1e4), st.floats(0, 1e13))
def test_whatever_a_source_sends_no_number_is_cut(last: float, move: float, dollars: float) -> None:
    found = census()
    members = found.members
    some = len(members)
    wild = replace(
        members,
        last=array("d", [last] * some),
        returns={w: array("d", [move] * some) for w in WINDOWS},
        contributions={w: array("d", [move / 100] * some) for w in WINDOWS},
        relative_volume=array("d", [dollars] * some),
        dollar_volume=array("d", [dollars] * some),
        momentum={n: array("d", [move] * some) for n in MOMENTA},
    )
    row = rows_of(replace(found, members=wild))[0]
    for column, made in zip(columns_for("1D"), row.cells, strict=True):
        assert column.justify == "left" or len(made.text) <= column.width, column.id


def test_what_a_member_says() -> None:
    found = census()
    members = found.members
    row = rows_of(found)[0]
    assert cell(row, "symbol") == (members.symbols[0], "strong")
    assert cell(row, "weight")[0] == f"{members.weight[0] * 100:.3f}"
    bp = members.contributions["1D"][0] * 1e4
    assert cell(row, "contribution")[0].replace("−", "-") == f"{bp:+.2f}"
    points = members.contributions["1D"][0] * 3000
    assert cell(row, "points")[0].replace("−", "-") == f"{points:+.2f}"
    assert cell(row, CHOSEN)[1] == ("up" if members.returns["1D"][0] > 0 else "down")


def test_volume_is_in_full_days_where_what_is_usual_by_now_is_not_known() -> None:
    members = census(300).members
    wild = replace(members, relative_volume=array("d", [0.71, 4321.0] * 150))
    by_now = replace(wild, volume_words="by IWM's usual part of the day, 4 sessions")
    in_days = replace(wild, volume_words="session so far against full days")
    shown: list[list[str]] = []
    for told in (by_now, in_days):
        rows = rows_of(replace(census(300), members=told))[:2]
        shown.append([cell(row, "volume")[0] for row in rows])
    assert shown == [["0.7x", ">999x"], ["0.7d", ">999d"]]


def test_without_the_index_there_are_no_points() -> None:
    row = member_rows(census(), [0], "1D", {})[0]
    assert cell(row, "points") == ("—", "absent")


@pytest.mark.parametrize(
    ("place", "sign", "role"),
    [(SUSPECT_ROW, "!", "failing"), (IDLE_ROW, "I", "muted"), (MISSING_ROW, "—", "muted")],
)
def test_prices_that_are_not_believed_are_marked(place: int, sign: str, role: str) -> None:
    assert cell(rows_of(census())[place], "mark") == (sign, role)


def test_an_idle_member_is_not_busy_and_stands_below_those_that_are() -> None:
    found = census()
    idle = array("d", [0.0 if n == IDLE_ROW else 0.5 + n for n in range(60)])
    members = replace(found.members, relative_volume=idle)
    rows = rows_of(replace(found, members=members))
    assert cell(rows[IDLE_ROW], "volume") == ("—", "absent")
    volumes = rows.sort_values(0, next(c for c in columns_for("1D") if c.id == "volume"))
    known = [n for n, value in enumerate(volumes) if finite(cast("float", value)) is not None]
    assert known == [n for n in range(60) if n != IDLE_ROW]


@pytest.mark.parametrize("window", ["1D", "1M"])
@pytest.mark.parametrize(
    ("closes", "role"), [((9.0, 8.0, 10.0), "up"), ((9.0, 10.0, 8.0), "down"), ((9.0, 9.0), "flat")]
)
def test_a_line_has_the_colour_of_its_own_way_whatever_the_window(
    window: str, closes: tuple[float, ...], role: str
) -> None:
    found = census()
    symbol = found.members.symbols[0]
    row = member_rows(found, [0], window, {symbol: bars(symbol, *closes)})[0]
    assert cell(row, "trend", window)[1] == role


def test_a_suspect_value_is_shown_muted_and_a_missing_one_never_as_zero() -> None:
    rows = rows_of(census())
    assert cell(rows[SUSPECT_ROW], CHOSEN)[1] == "muted"
    assert cell(rows[SUSPECT_ROW], "symbol")[1] == "muted"
    assert cell(rows[MISSING_ROW], CHOSEN) == ("—", "absent")
    assert cell(rows[MISSING_ROW], "contribution") == ("—", "absent")
    assert all(not mark for row, mark in zip(rows, census().members.marks, strict=True)
               if cell(row, "mark")[0] == "" and mark is not Mark.FINE)  # fmt: skip


def test_the_filter_looks_in_names_sectors_and_industries() -> None:
    rows = rows_of(census(300))
    columns = columns_for("1D")
    members = census(300).members
    for text, words in (
        ("biotechnology", members.subsectors), ("health care", members.sectors),
        ("blank checks", members.industries),
    ):  # fmt: skip
        left = ordered(rows, columns, Sort(), text)
        expected = sum(text in word.casefold() for word in words)
        assert 0 < expected <= len(left) < len(rows)
    unmapped = ordered(rows, columns, Sort(), "unmapped")
    assert len(unmapped) == census(300).unmapped


def test_sorting_makes_no_cells() -> None:
    rows = rows_of(census(300))
    in_order = ordered(rows, columns_for("1D"), Sort("contribution", reverse=True), "")
    gains = [r.cells.values.contribution for r in in_order if isinstance(r.cells, MemberCells)]
    known = [g for g in gains if not math.isnan(g)]
    assert known == sorted(known, reverse=True)
    assert math.isnan(gains[-1]), "missing is last"
    assert all(isinstance(r.cells, MemberCells) and r.cells.made == 0 for r in rows)


@pytest.mark.parametrize("reverse", [False, True])
def test_a_table_made_of_columns_has_the_order_of_its_rows(reverse: bool) -> None:
    columns, rows = columns_for("5D"), rows_of(census(), "5D")
    made = rows_of(census(), "5D", with_thin=True)
    for column in columns:
        for text in ("", "biotechnology"):
            lazily = ordered(rows, columns, Sort(column.id, reverse), text)
            given_rows = ordered(list(made), columns, Sort(column.id, reverse), text)
            if column.sortable:
                assert [r.key for r in lazily] == [r.key for r in given_rows], column.id
    assert rows.find(rows[3].key) is rows[3]
    assert rows.find("STRANGER") is None


def test_rows_that_say_the_same_are_equal_and_others_are_not() -> None:
    one, other = rows_of(census()), rows_of(census())
    known = [n for n in range(60) if n != MISSING_ROW]
    assert all(one[n] == other[n] for n in known)
    dearer = array("d", (price + 1 for price in census().members.last))
    moved = rows_of(replace(census(), members=replace(census().members, last=dearer)))
    assert all(one[n] != moved[n] for n in known)


def test_ranks_stand_beside_momentum_and_a_new_one_changes_the_row() -> None:
    places = array("d", [*map(float, range(1, 60)), NAN])
    some = array("d", [1.0, *([NAN] * 59)])
    members = replace(census().members, ranks={63: some}, ranks_with_thin={63: places})
    without, ranked = (
        rows_of(replace(census(), members=members), with_thin=thin) for thin in (False, True)
    )
    assert cell(without[0], "momentum.63")[0].endswith("   1")
    assert cell(without[1], "momentum.63")[0].endswith("   ·")
    assert cell(ranked[1], "momentum.63")[0].endswith("   2")
    assert cell(ranked[1], "momentum.21")[0].endswith("   ·")
    assert without[0] == ranked[0]
    assert without[1] != ranked[1]


@pytest.mark.parametrize("width", [38, 58, 76, 116, 196])
def test_columns_leave_whole_and_the_last_to_stay_say_who_and_how_much(width: int) -> None:
    columns = columns_for("1M")
    listing = Listing(columns)
    listing.replace(rows_of(census(), "1M"))
    placed = seats(columns, listing.needs, listing.sparks, width)
    ids = {columns[s.column].id for s in placed}
    assert {"symbol", CHOSEN} <= ids
    assert all(s.width >= columns[s.column].width for s in placed if not columns[s.column].flex)
    assert placed[-1].start + placed[-1].width < width


class Host(App[None]):
    """An app with a table of members alone."""

    CSS: ClassVar[str] = "Screen { layout: vertical; }"

    def compose(self) -> ComposeResult:
        """Show it."""
        yield MembersPanel()


async def test_two_thousand_rows_keep_the_cursor_on_its_symbol_as_rows_move() -> None:
    app = Host()
    async with app.run_test(size=(120, 30)) as pilot:
        panel = app.query_one(MembersPanel)
        panel.snapshot = counted(2000)
        panel.focus()
        await pilot.pause()
        board = panel.board
        board.sort_by("contribution")
        board.move(700)
        chosen = board.cursor_key
        members = census(2000).members
        turned = {**members.contributions, "1D": array("d", reversed(members.contributions["1D"]))}
        moved = replace(census(2000), members=replace(members, contributions=turned))
        panel.snapshot = replace(counted(2000), census=moved)
        await pilot.pause()
        assert board.cursor_key == chosen
        assert len(board.listing.order) == 2000
        made = [row.cells.made for row in board.listing.order if isinstance(row.cells, MemberCells)]
        assert sum(count > 0 for count in made) <= 30, "only rows in sight are made"


async def test_members_are_shown_by_their_weight_not_in_the_files_order() -> None:
    chance = Random(3)
    shuffled = list(census().members.weight)
    chance.shuffle(shuffled)
    found = replace(census(), members=replace(census().members, weight=array("d", shuffled)))
    app = Host()
    async with app.run_test(size=(120, 30)) as pilot:
        app.query_one(MembersPanel).snapshot = replace(counted(), census=found)
        await pilot.pause()
        board = app.query_one(MembersPanel).board
        first = [row.key for row in board.listing.order]
        weights = dict(zip(found.members.symbols, shuffled, strict=True))
        assert [weights[key] for key in first] == sorted(shuffled, reverse=True)
        board.sort = Sort("weight", reverse=True)
        await pilot.pause()
        assert [row.key for row in board.listing.order] == first, (
            "sorting by hand agrees with the first picture"
        )


async def test_the_same_census_is_not_shown_again() -> None:
    app = Host()
    async with app.run_test(size=(120, 30)) as pilot:
        panel = app.query_one(MembersPanel)
        panel.snapshot = counted()
        await pilot.pause()
        before = panel.board.listing.order[0]
        panel.snapshot = replace(counted(), fetched={})
        await pilot.pause()
        assert panel.board.listing.order[0] is before
        last = panel.snapshot.reading("rut.last")
        assert isinstance(last.value, float)
        ticked = replace(last, value=last.value * 1.0005)
        readings = {**counted().readings, "rut.last": ticked}
        panel.snapshot = replace(counted(), readings=readings)
        await pilot.pause()
        assert panel.board.listing.order[0] is before, "the index's returns follow in a moment"


async def test_a_tick_moves_the_row_of_its_member_and_no_other() -> None:
    picture, members = counted(), census().members
    place = sorted(range(len(members)), key=members.last.__getitem__)[-5]
    symbol, before = members.symbols[place], members.last[place]

    def ticked(factor: float, age: timedelta, at: Snapshot = picture) -> Snapshot:
        quote = Quote(symbol=symbol, last=before * factor, as_of=NOW - age, source="yahoo_stream")
        return replace(at, ticks={symbol: quote})

    app = Host()
    async with app.run_test(size=(160, 30)) as pilot:
        panel = app.query_one(MembersPanel)
        panel.snapshot = picture
        await pilot.pause()
        board, strips = panel.board, panel.board.strips
        board.sort_by("last")
        await pilot.pause()
        order, painted = [row.key for row in board.listing.order], strips.painted
        others = {row.key: row for row in board.listing.order if row.key != symbol}
        panel.snapshot = ticked(1.03, timedelta(seconds=1))
        row = board.listing.find(symbol)
        assert row is not None
        change = 1.03 * (1 + members.returns["1D"][place]) - 1
        assert row.cells[4].sort == before * 1.03
        assert row.cells[5].sort == pytest.approx(change)
        assert row.cells[6].sort == pytest.approx(members.weight[place] * change)
        assert [each.key for each in board.listing.order] == order, "rows keep their places"
        assert all(board.listing.find(key) is other for key, other in others.items())
        assert set(board.marks_of(symbol).values()) == {"risen"}
        assert strips.painted == painted + 1
        panel.snapshot = replace(panel.snapshot, fetched={})
        assert board.listing.find(symbol) is row, "the same tick is no news"
        assert panel.in_sight == {each.key for each in board.listing.order[:27]}
        panel.window = "1M"
        renewed = board.listing.find(symbol)
        assert renewed is not None
        assert renewed.cells[4].sort == row.cells[4].sort, "in another table of the same census too"


def test_a_row_is_as_late_as_its_own_price() -> None:
    symbol = census().members.symbols[2]
    picture = counted().at(NOW + timedelta(minutes=20))

    def is_dim(age: timedelta) -> bool:
        quote = Quote(symbol=symbol, last=50.0, as_of=picture.now - age, source="yahoo_stream")
        told = prices_of(replace(picture, ticks={symbol: quote}), old=True)
        rows = member_rows(census(), range(9), "1D", {}, old=True, price_of=told)
        assert rows[3].dim, "the census is late"
        return rows[2].dim

    assert not is_dim(timedelta(seconds=3))
    assert is_dim(timedelta(minutes=19))


async def test_the_title_says_whose_members_and_how_many_are_known() -> None:
    app = Host()
    async with app.run_test(size=(120, 30)) as pilot:
        panel = app.query_one(MembersPanel)
        panel.snapshot = counted()
        assert panel.heading().startswith("All members · 1D · 57 of 60 members")
        panel.place, panel.with_thin = "@biotechnology", True
        await pilot.pause()
        assert panel.heading().startswith("Biotechnology · 1D · ")
        assert panel.heading().endswith("thin names ranked")
        found = counted().census
        assert found is not None
        group = found.group("@biotechnology")
        assert group is not None
        assert len(panel.board.listing.order) == len(group.rows)

"""A board without a screen: order, filter, cursor, columns, cells."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len
from rich.style import Style

from widgets.board_layout import fitted, seats, shown
from widgets.board_listing import Listing
from widgets.board_model import Cell, Column, Row, Sort
from widgets.board_paint import (
    Look,
    StripStore,
    message_strip,
    row_strip,
    title_strip,
    with_cursor,
)
from widgets.board_rows import matches, ordered
from widgets.palette import palette_from
from widgets.plotting import drawing_of, prepare, spark_of
from widgets.strips import plain

COLUMNS = (
    Column("rank", "#", 2, priority=6, descending_first=False),
    Column("name", "Sub-sector", 10, "left", flex=True, descending_first=False),
    Column("day", "1D", 6),
    Column("month", "1M", 6, priority=2),
    Column("trend", "Trend", 8, "left", priority=1, sortable=False),
)


def row(key: str, day: float | None, name: str = "", dim: bool = False) -> Row:
    text = "—" if day is None else f"{day:+.2f}"
    return Row(
        key,
        (
            Cell("1", "muted", 1),
            Cell(name or key),
            Cell(text, "up", day),
            Cell("+1.00", "up", 1.0),
            Cell("", "up", spark=(1.0, 2.0, 3.0)),
        ),
        search=name,
        dim=dim,
    )


def keys(rows: Iterable[Row]) -> list[str]:
    return [row.key for row in rows]


class TestOrder:
    ROWS = (row("B", 1.0), row("A", None), row("D", 1.0), row("C", -2.0), row("E", float("nan")))

    def test_without_a_sort_the_given_order_stays(self) -> None:
        assert keys(ordered(self.ROWS, COLUMNS, Sort(), "")) == ["B", "A", "D", "C", "E"]

    def test_a_place_is_told_by_key(self) -> None:
        for sort, text in ((Sort(), ""), (Sort("day", True), ""), (Sort("day"), "d")):
            order = ordered(self.ROWS, COLUMNS, sort, text)
            shown_keys = keys(order)
            assert order.keys(0, 9) == shown_keys
            assert order.keys(1, 3) == shown_keys[1:3]
            places = {key: order.place(key) for key in ("A", "B", "C", "D", "E", "STRANGER")}
            assert places == {
                key: shown_keys.index(key) if key in shown_keys else None for key in places
            }

    def test_missing_values_come_last_both_ways_and_ties_by_key(self) -> None:
        up = keys(ordered(self.ROWS, COLUMNS, Sort("day", False), ""))
        down = keys(ordered(self.ROWS, COLUMNS, Sort("day", True), ""))
        assert up == ["C", "B", "D", "A", "E"]
        assert down == ["B", "D", "C", "A", "E"]

    def test_a_column_without_values_sorts_by_the_words_shown(self) -> None:
        names = {"@autos": "Autos", "@basket:ai": "AI", "@z": "banks", "@a": "—"}
        rows = [row(key, None, name) for key, name in names.items()]
        for reverse in (False, True):
            shown = keys(ordered(rows, COLUMNS, Sort("day", reverse), ""))
            assert shown == ["@basket:ai", "@autos", "@z", "@a"]

    def test_words_are_sorted_as_words_without_case(self) -> None:
        rows = [row("1", 0, "beta"), row("2", 0, "Alpha"), row("3", 0, "—")]
        assert keys(ordered(rows, COLUMNS, Sort("name", False), "")) == ["2", "1", "3"]

    def test_a_sort_by_a_column_that_went_is_no_sort(self) -> None:
        assert keys(ordered(self.ROWS, COLUMNS, Sort("gone", True), "")) == keys(list(self.ROWS))

    def test_a_filter_wants_every_word_in_key_or_search(self) -> None:
        bank = row("KRE", 1.0, "Regional banks")
        assert matches(bank, "bank reg")
        assert matches(bank, "kre")
        assert not matches(bank, "bank bio")
        assert matches(bank, "  ")


cells_of = st.one_of(st.none(), st.floats(allow_nan=True), st.text(max_size=3))


@given(st.dictionaries(st.text(max_size=3), cells_of, max_size=20), st.booleans())
def test_any_mixture_of_values_can_be_sorted(
    values: dict[str, float | str | None], reverse: bool
) -> None:
    rows = [Row(key, (Cell("x", sort=value),)) for key, value in values.items()]
    column = Column("x", "X", 3)
    result = ordered(rows, [column], Sort("x", reverse), "")
    assert sorted(keys(result)) == sorted(values)
    known = [value for row in result if isinstance(value := values[row.key], float)]
    finite = [value for value in known if value == value]  # noqa: PLR0124
    assert finite == sorted(finite, reverse=reverse)


class TestFitted:
    def test_words_are_cropped_and_padded(self) -> None:
        assert fitted("Biotechnology", 8, "left") == "Biotech…"
        assert fitted("Bio", 8, "left") == "Bio     "

    def test_numbers_are_right_aligned_and_never_cut(self) -> None:
        assert fitted("1.25", 6, "right") == "  1.25"
        assert fitted("1234.25", 6, "right") == "     …"

    @given(st.text(max_size=30), st.integers(0, 20), st.sampled_from(["left", "right"]))
    def test_it_is_as_wide_as_asked(self, text: str, width: int, justify: str) -> None:
        shown = fitted(text, width, "left" if justify == "left" else "right")
        assert cell_len(shown) == width


class TestShown:
    @given(st.text(max_size=30))
    def test_it_is_what_is_left_without_control_characters(self, text: str) -> None:
        assert shown(text).strip() == plain(text)

    def test_signs_stay_as_they_are(self) -> None:
        assert shown("−1.25 ▲") == "−1.25 ▲"


class TestSeats:
    NEEDS = (2, 14, 6, 6, 8)

    def at(self, width: int) -> list[str]:
        return [COLUMNS[seat.column].id for seat in seats(COLUMNS, self.NEEDS, {4}, width)]

    def test_columns_go_whole_by_priority(self) -> None:
        assert self.at(80) == ["rank", "name", "day", "month", "trend"]
        assert self.at(36) == ["name", "day", "month", "trend"]
        assert self.at(34) == ["name", "day", "trend"]
        assert self.at(20) == ["name", "day"]

    def test_words_are_squeezed_before_the_last_numbers_go(self) -> None:
        assert self.at(14) == ["name", "day"]
        assert self.at(10) == ["name"]

    def test_spare_cells_go_to_words_then_lines_and_end(self) -> None:
        wide = {seat.column: seat.width for seat in seats(COLUMNS, self.NEEDS, {4}, 200)}
        assert wide == {0: 2, 1: 14, 2: 6, 3: 6, 4: 24}

    @given(st.integers(0, 220))
    def test_seats_never_touch_and_stay_on_the_line(self, width: int) -> None:
        placed = seats(COLUMNS, self.NEEDS, {4}, width)
        assert all(seat.start >= 1 for seat in placed)
        assert all(seat.start + seat.width <= max(0, width - 1) for seat in placed)
        assert all(a.start + a.width < b.start for a, b in pairwise(placed))


class TestListing:
    def test_only_new_and_changed_rows_are_changed(self) -> None:
        listing = Listing(COLUMNS)
        assert listing.replace([row("A", 1.0), row("B", 2.0)]) == {"A", "B"}
        assert listing.replace([row("A", 1.0), row("B", 2.5), row("C", 0.0)]) == {"B", "C"}
        assert listing.replace([row("A", 1.0)]) == set()

    def test_a_column_of_numbers_grows_to_its_longest_and_keeps_it(self) -> None:
        listing = Listing(COLUMNS)
        listing.replace([row("A", 1.0)])
        version = listing.version
        listing.replace([row("A", 1234567.0)])
        assert listing.needs[2] == len("+1234567.00")
        assert listing.version > version
        listing.replace([row("A", 1.0)])
        assert listing.needs[2] == len("+1234567.00")

    def test_the_cursor_stays_on_its_key(self) -> None:
        listing = Listing(COLUMNS)
        listing.replace([row(key, 0.0) for key in "ABCD"])
        listing.arrange(Sort(), "")
        listing.cursor.choose(2, listing.order)
        listing.replace([row(key, 0.0) for key in "DCBA"])
        listing.arrange(Sort(), "")
        assert listing.key == "C"

    def test_a_gone_key_leaves_it_near_and_takes_it_back(self) -> None:
        listing = Listing(COLUMNS)
        listing.replace([row(key, 0.0) for key in "ABCD"])
        listing.arrange(Sort(), "")
        listing.cursor.choose(2, listing.order)
        listing.replace([row(key, 0.0) for key in "ABD"])
        listing.arrange(Sort(), "")
        assert listing.key == "D"
        listing.replace([row(key, 0.0) for key in "DABC"])
        listing.arrange(Sort(), "")
        assert listing.key == "C"

    def test_an_empty_board_has_no_key(self) -> None:
        listing = Listing(COLUMNS)
        listing.arrange(Sort(), "")
        assert listing.key is None


def look(width: int, ascii_only: bool = False) -> Look:
    placed = seats(COLUMNS, (2, 14, 8, 6, 8), {4}, width)
    return Look(COLUMNS, placed, width, palette_from({}), Style(), ascii_only)


class TestPaint:
    def test_every_line_is_as_wide_as_the_board(self) -> None:
        prepare()
        for width in range(161):
            for strip in (
                row_strip(row("XBI", 1.5, "日本株式インデックス"), look(width)),
                title_strip(Sort("day", True), look(width)),
                message_strip("nothing to show", look(width)),
                with_cursor(row_strip(row("XBI", 1.5), look(width)), look(width)),
            ):
                assert strip.cell_length == width
                assert cell_len(strip.text) == width

    def test_a_sparkline_is_drawn_anew_with_its_row(self) -> None:
        prepare()
        store, lines = StripStore(), list[str]()
        store.use(look(60))
        width = look(60).seats[-1].width
        for values in ((1.0, 2.0, 3.0), (3.0, 1.0, 2.0)):
            told = row("XBI", 1.5)
            changed = replace(told, cells=(*told.cells[:-1], Cell("", "up", spark=values)))
            lines.append(store.row(changed).text)
            assert drawing_of(spark_of(values, width)).strip() in lines[-1]
        assert lines[0] != lines[1]

    def test_numbers_stand_under_their_titles(self) -> None:
        shown = row_strip(row("XBI", 1.5), look(60)).text
        titles = title_strip(Sort(), look(60)).text
        assert shown.index("+1.50") + len("+1.50") == titles.index("1D") + len("1D")

    def test_the_sort_mark_stands_after_the_title(self) -> None:
        assert "1D▼" in title_strip(Sort("day", True), look(60)).text
        assert "1D▲" in title_strip(Sort("day", False), look(60)).text
        assert "1Dv" in title_strip(Sort("day", True), look(60, ascii_only=True)).text

    def test_the_sort_mark_leaves_a_gap_before_the_next_title(self) -> None:
        titles = ("1D", "Trend", "adv 1D", "Answers", "Feed")
        lefts = {"Trend", "Feed"}
        columns = tuple(
            Column(t, t, max(6, len(t)), "left" if t in lefts else "right", priority=n)
            for n, t in enumerate(titles)
        )
        for width in range(9, 50):
            placed = seats(columns, [c.width for c in columns], (), width)
            given = Look(columns, placed, width, palette_from({}), Style())
            for seat, following in pairwise(placed):
                line = title_strip(Sort(columns[seat.column].id, True), given).text
                mark = line.index("▼")
                assert line[mark + 1] == " ", line
                assert columns[following.column].title in line[mark + 2 :]
                assert mark <= seat.start + seat.width

    def test_outside_text_is_text(self) -> None:
        strip = row_strip(row("EVIL", 1.0, "[red]a\x1b[2Jb\u202ec\n[/x]"), look(80))
        assert "[red]a" in strip.text
        assert not any(ord(c) < 32 or c == "\u202e" for c in strip.text)

    def test_the_cursor_is_seen_without_colour(self) -> None:
        strip = with_cursor(row_strip(row("XBI", 1.0), look(60)), look(60))
        assert strip.text.startswith("▸")
        assert with_cursor(strip, look(60, ascii_only=True)).text.startswith(">")

    def test_what_did_not_change_is_painted_once(self) -> None:
        store = StripStore()
        store.use(look(60))
        of = row("XBI", 1.0)
        assert store.row(of, is_cursor=True) is store.row(of, is_cursor=True)
        assert store.titles(Sort("day")) is store.titles(Sort("day"))
        assert store.titles(Sort("day", True)) is not store.titles(Sort("day"))
        before = store.row(of)
        store.use(look(50))
        assert (before.cell_length, store.row(of).cell_length) == (60, 50)
        assert store.row(of, is_cursor=True).cell_length == 50
        assert store.painted == 2

    def test_ascii_boards_hold_ascii_only(self) -> None:
        prepare()
        assert row_strip(row("XBI", -1.0), look(60, ascii_only=True)).text.isascii()
        assert message_strip(
            "no match for “[bold](\\*” — …", look(60, ascii_only=True)
        ).text.isascii()

    def test_a_late_row_is_muted_but_keeps_its_absences(self) -> None:
        palette = palette_from({"foreground": "#ffffff", "late": "#111111", "absent": "#222222"})
        placed = seats(COLUMNS, (2, 14, 8, 6, 8), {4}, 60)
        late = Row("A", (Cell("1"), Cell("A"), Cell("+1", "up"), Cell("—", "absent")), dim=True)
        strip = row_strip(late, Look(COLUMNS, placed, 60, palette, Style()))
        styles = {text: style for text, style, _ in strip if text.strip()}
        assert styles["+1"] == palette.style("late")
        assert styles["—"] == palette.style("absent")

    def test_what_a_row_is_of_looks_the_same_before_its_numbers_are_known(self) -> None:
        palette = palette_from({"foreground": "#ffffff"})
        given = Look(COLUMNS, seats(COLUMNS, (2, 14, 8, 6, 8), {4}, 60), 60, palette, Style())
        known = Row("A", (Cell("1", "text"), Cell("3.1"), *(Cell("") for _ in COLUMNS[2:])))
        for each in (known, Row("A", known.cells, notes=("no base",))):
            styles = {text.strip(): style for text, style, _ in row_strip(each, given)}
            assert styles["1"] == palette.style("text")


@pytest.mark.parametrize("sort", [Sort(), Sort("name"), Sort("name", True), Sort("n", True)])
def test_pinned_rows_stay_last_in_the_order_they_were_given_in(sort: Sort) -> None:
    columns = (Column("name", "Name", 4, "left"), Column("n", "N", 4))
    rows = [
        Row(key, (Cell(key, sort=key), Cell("1", sort=n)), pinned=key in "zx")
        for key, n in (("z", 9.0), ("b", None), ("x", 5.0), ("c", 1.0))
    ]
    assert [r.key for r in ordered(rows, columns, sort, "")][2:] == ["z", "x"]

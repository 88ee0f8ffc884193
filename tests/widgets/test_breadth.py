"""The breadth panels: lines that fold, charts of every topic, the table by sector."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from datetime import UTC, datetime
from statistics import median

import pytest
from msgspec.structs import replace

from market.census import GroupKind
from market.reading import Reading
from market.snapshot import Snapshot
from tests.clocks import THURSDAY_AFTERNOON as NOW
from tests.widgets.censuses import SESSIONS, SUSPECT_ROW, census, counted, with_census
from tests.widgets.numbers import assert_good_at_all_sizes
from tests.widgets.pictures import empty, picture
from tests.widgets.test_panel import Host
from widgets.board import Board
from widgets.board_layout import seats
from widgets.breadth import DOWN_BAR, UP_BAR, BreadthPanel, paint, view_of
from widgets.breadth_chart import TOPICS, BreadthChartPanel, chart_lines, chart_view
from widgets.breadth_table import BreadthTablePanel, board_rows, columns_for, group_rows
from widgets.breadth_topics import divergence
from widgets.census_mark import coverage_in_words, left_out_in_words, summed
from widgets.lines import Line, text_of, width_of
from widgets.plotting import prepare
from widgets.strokes import sample_of
from widgets.values import absence


@pytest.fixture(autouse=True)
def _charts() -> None:
    prepare()


def told(lines: list[Line]) -> str:
    return "\n".join(text_of(line) for line in lines)


def with_readings(**values: Reading) -> Snapshot:
    """The picture with other breadth readings."""
    found = census(2000)
    named = {f"breadth.{name}": reading for name, reading in values.items()}
    return with_census(picture(), replace(found, readings={**found.readings, **named}))


# The compact panel


def test_five_lines_say_all() -> None:
    words = told(paint(view_of(counted(2000), "1D"), 100, 5))
    for word in (
        "▲ 875", "1,122 ▼", "0 flat", ">50DMA 61 %", ">200DMA 58 %", "NH 58", "NL 31", "TRIN 0.91",
        "EW−CW +1 bp", "top-10 13 %", "McClellan +31", "up volume 58 %",
        "1,997 of 2,000 members", "98.3 % of weight", "1 suspect", "1 missing", "1 idle",
        "68 unmapped",
    ):  # fmt: skip
        assert word in words


def test_all_who_are_left_out_are_told_each_or_summed_never_some_of_them() -> None:
    view = view_of(counted(2000), "1D")
    narrow = told(paint(view, 40, 5)).splitlines()[4]
    assert narrow == "1,997 of 2,000 members  3 left out"
    assert (
        told(paint(view, 80, 5))
        .splitlines()[4]
        .endswith("1 suspect  1 missing  1 idle  68 unmapped")
    )
    assert told(paint(view, 30, 5)).splitlines()[4] == "1,997 of 2,000 members"


def test_a_low_terminal_folds_it_into_two_lines_that_keep_the_most() -> None:
    lines = paint(view_of(counted(2000), "1D"), 76, 2)
    assert len(lines) == 2
    for word in (
        "875",
        "1,122",
        "NH 58",
        ">50DMA",
        ">200DMA",
        "TRIN",
        "EW−CW",
        "top-10",
        "n 1,997",
    ):
        assert word in told(lines)


def test_the_bar_is_split_as_advances_and_declines_are() -> None:
    snapshot = with_readings(
        advances=Reading(1800.0, NOW, "nasdaq"), declines=Reading(1.0, NOW, "nasdaq")
    )
    line = text_of(paint(view_of(snapshot, "1D"), 60, 2)[0])
    assert line.count(DOWN_BAR) == 1, "one that fell is seen"
    assert line.count(UP_BAR) > 10
    ascii_line = text_of(paint(view_of(snapshot, "1D"), 60, 2, ascii_only=True)[0])
    assert "##########-" in ascii_line
    nobody = with_readings(
        advances=Reading(0.0, NOW, "nasdaq"), declines=Reading(0.0, NOW, "nasdaq")
    )
    assert UP_BAR not in told(paint(view_of(nobody, "1D"), 60, 2))


def test_spreads_follow_the_window_and_say_so() -> None:
    words = told(paint(view_of(counted(2000), "1M"), 100, 5))
    assert "EW−CW 1M" in words
    assert "top-10 1M" in words


def test_warming_and_too_little_weight_are_told_in_place_of_numbers() -> None:
    warming = with_readings(
        mcclellan=Reading(None, reason="warming: 62 of 100 sessions"),
        advances=Reading(None, reason="61 % of weight", used=900, total=2000, coverage=0.61),
    )
    words = told(paint(view_of(warming, "1D"), 100, 5))
    assert "McClellan —" in words
    assert "warming: 62 of 100 sessions" in words
    assert "900 of 2,000 members" in words
    assert "61.0 % of weight" in words


@pytest.mark.parametrize(
    ("width", "height", "said"),
    [
        (90, 1, "—  Nasdaq's screener cannot be read: it lists no stocks at all"),
        (50, 2, "—  Nasdaq's screener cannot be read: it lists no\n   stocks at all"),
        (50, 1, "—  Nasdaq's screener cannot be read"),
        (20, 1, "—  Nasdaq's …"),
    ],
)
def test_a_reason_without_room_is_what_is_wrong_without_how(
    width: int, height: int, said: str
) -> None:
    reason = "Nasdaq's screener cannot be read: it lists no stocks at all"
    assert told(absence(reason, width, height)) == said


def test_nothing_known_says_why() -> None:
    assert "waiting for the members" in told(paint(view_of(empty(), "1D"), 60, 5))


def test_late_figures_are_dimmed() -> None:
    view = view_of(counted(2000).at(NOW.replace(hour=19, minute=30)), "1D")
    assert ("875", "late") in paint(view, 100, 5)[0]


def test_room_draws_the_ad_line_beneath() -> None:
    lines = paint(view_of(counted(2000), "1D"), 90, 20)
    assert any(role == "line" and "⠤" in text for line in lines for text, role in line)


def test_no_size_cuts_a_number() -> None:
    for snapshot in (counted(2000), empty()):
        view = view_of(snapshot, "1D")
        assert_good_at_all_sizes(lambda width, height, v=view: paint(v, width, min(height, 8)))


# Over time


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("window", ["1D", "6M", "YTD", "1Y"])
def test_every_topic_draws_all_its_lines_over_a_quarter_at_least(topic: str, window: str) -> None:
    view = chart_view(counted(2000), topic, window)
    assert len(view.times) >= min(63, SESSIONS)
    lines = chart_lines(view, 90, 24)
    assert [width_of(line) for line in lines if width_of(line) > 90] == []
    assert len(lines) == 24
    drawn = {role for line in lines for text, role in line if any("⠀" < c <= "⣿" for c in text)}
    assert {trace.role for pane in view.panes for trace in pane.traces} <= drawn
    assert "1,997 of 2,000 members" in view.coverage


@pytest.mark.parametrize("size", [(3, 1), (20, 3), (40, 8), (200, 50)])
@pytest.mark.parametrize("topic", TOPICS)
def test_charts_fit_every_size(topic: str, size: tuple[int, int]) -> None:
    for snapshot in (counted(60), empty()):
        for ascii_only in (False, True):
            view = chart_view(snapshot, topic, "1Y")
            lines = chart_lines(view, *size, ascii_only=ascii_only)
            assert len(lines) <= size[1]
            assert all(width_of(line) <= size[0] for line in lines)


DAYS = [int(datetime(2026, 6, 1 + n, 13, 30, tzinfo=UTC).timestamp()) for n in range(30)]
"""The opens of made-up sessions from 1 June on."""
PEAKED = tuple(20.0 - abs(20 - n) for n in range(30))
"""A line with its high on the 21st."""


def turns_at(**signs: float) -> tuple[float, ...]:
    """A sign at sessions named by their day, as d25=1."""
    return tuple(signs.get(f"d{n + 1}", 0.0) for n in range(30))


@pytest.mark.parametrize(
    ("turns", "words"),
    [
        (turns_at(), ""),
        (turns_at(d24=1, d30=1), "A/D below its 21 Jun high while RUT at a new high"),
        (turns_at(d24=1), "24 Jun: A/D below its 21 Jun high while RUT at a new high"),
        (turns_at(d26=-1), "26 Jun: A/D above its 7 Jun low while RUT at a new low"),
        (turns_at(d9=1), ""),
    ],
)
def test_the_last_divergence_shown_is_told_in_words(turns: tuple[float, ...], words: str) -> None:
    found = divergence(turns, PEAKED, DAYS, 10)
    assert "".join(found[:1]) == words
    assert [len(text) for text in found] == sorted((len(text) for text in found), reverse=True)


def signs_in(lines: Sequence[Line]) -> str:
    return "".join(c for line in lines for text, role in line if role == "failing" for c in text)


def test_divergences_are_marked_on_the_chart_and_told_beneath_it() -> None:
    view = chart_view(counted(2000), "ad_line", "6M")
    (pane,) = view.panes
    assert any(turn == 1 for turn in pane.turns), "the made-up lines part at the end"
    lines = chart_lines(view, 110, 16)
    assert text_of(lines[-1]) == pane.words[0]
    assert "▼" in signs_in(lines[1:-1])
    low = chart_lines(view, 110, 5)
    assert pane.words[0] in text_of(low[0]), "a low chart tells it in its first line"
    narrow = chart_lines(view, len(pane.words[1]) + 4, 16)
    assert text_of(narrow[-1]) == pane.words[1], "fewer words, none cut"
    follows = counted(2000).census
    assert follows is not None
    columns = {**follows.breadth.columns, "ad_line": follows.breadth.columns["index"]}
    columns["divergence"] = array("d", [0.0] * SESSIONS)
    calm = replace(follows, breadth=replace(follows.breadth, columns=columns))
    assert (
        signs_in(chart_lines(chart_view(with_census(picture(), calm), "ad_line", "6M"), 90, 16))
        == ""
    )


@pytest.mark.parametrize("rows", [6, 7, 10, 20])
def test_neither_the_ad_line_nor_the_index_hides_the_other(rows: int) -> None:
    lines = chart_lines(chart_view(counted(2000), "ad_line", "6M"), 110, rows)[1:]
    cells: dict[str, set[tuple[int, int]]] = {"line": set(), "compare": set()}
    for row, line in enumerate(lines):
        at = 0
        for text, role in line:
            cells.get(role, set()).update(
                (row, at + n) for n, c in enumerate(text) if c not in " ⠀"
            )
            at += len(text)
    upper, lower = cells["line"], cells["compare"]
    shared = int(rows < 8)
    assert max(row for row, _ in upper) - shared < min(row for row, _ in lower)
    assert len({column for _, column in upper}) > 105, "the whole A/D line"
    assert len({column for _, column in lower}) > 105, "the whole index"


def test_lines_of_one_chart_are_told_apart_without_colour() -> None:
    for topic in ("ad_line", "weights", "averages"):
        (pane,) = chart_view(counted(2000), topic, "1Y").panes
        samples = [sample_of(trace.role) for trace in pane.traces]
        assert len(set(samples)) == len(samples)
        header = text_of(chart_lines(chart_view(counted(2000), topic, "1Y"), 110, 12)[0])
        assert all(f"{s} {t.label}" in header for s, t in zip(samples, pane.traces, strict=True))


def test_a_warming_oscillator_says_how_far_it_is() -> None:
    found = census(60)
    columns = dict(found.breadth.columns)
    blank = array("d", [math.nan] * SESSIONS)
    columns |= {"mcclellan": blank, "summation": blank}
    columns["rana"] = array("d", [math.nan] * (SESSIONS - 62) + [1.0] * 62)
    warming = replace(found, breadth=replace(found.breadth, columns=columns))
    view = chart_view(with_census(picture(), warming), "mcclellan", "6M")
    assert "warming, 62 of 100 sessions" in told(list(chart_lines(view, 90, 12)))


def test_without_a_history_the_chart_says_what_it_waits_for() -> None:
    view = chart_view(empty(), "averages", "6M")
    assert "waiting for the members" in told(list(chart_lines(view, 90, 12)))


def test_who_is_left_out_is_told_by_kind_or_in_all() -> None:
    snapshot = counted(2000)
    words = "1 suspect, 1 missing, 1 idle, 68 unmapped"
    assert left_out_in_words(snapshot, len(words)) == words
    assert left_out_in_words(snapshot, len(words) - 1) == "3 left out, 68 unmapped"
    assert left_out_in_words(snapshot, 20) == "3 left out"
    unmapped = ((13, "unmapped"),)
    assert summed(unmapped) == (unmapped, unmapped), "they count but in sub-sectors"
    assert summed(((2, "idle"), *unmapped)) == (((2, "left out"), *unmapped), ((2, "left out"),))
    assert left_out_in_words(empty(), 80) == ""


def test_what_a_basket_still_lacks_stands_behind_its_coverage() -> None:
    reading = Reading(0.5, NOW, "nasdaq", reason="1 of 2 funds known", used=3, total=4)
    assert coverage_in_words(reading) == "3 of 4 members; 1 of 2 funds known"
    assert coverage_in_words(replace(reading, value=None)) == "3 of 4 members"


# By sector


def test_sectors_are_followed_by_their_own_sub_sectors_and_baskets_come_last() -> None:
    rows = group_rows(counted(2000), "1D")
    assert len(rows) == len(census(2000).groups)
    assert rows[0].symbol == "@sector:health-care"
    names = [row.cells[0] for row in board_rows(rows)]
    assert [cell.text.startswith("  ") for cell in names[:6]] == [False, *[True] * 4, False]
    assert [cell.role for cell in names[:6]] == ["strong", *["text"] * 4, "strong"]
    assert all(row.sector == "Health Care" for row in rows[:5])
    assert rows[-1].symbol.startswith("@basket:")
    assert [cell.text.startswith("◆ ") for cell in names] == [
        row.symbol.startswith("@basket:") for row in rows
    ]


def test_medians_leave_out_suspects_and_the_missing() -> None:
    found = census(60)
    place = next(
        g for g in found.groups if g.kind is GroupKind.SECTOR and SUSPECT_ROW in set(g.rows)
    )
    row = next(r for r in group_rows(counted(60), "1D") if r.symbol == place.symbol)
    returns = found.members.returns["1D"]
    taken = sorted(
        returns[n] for n in place.rows if n != SUSPECT_ROW and not math.isnan(returns[n])
    )
    assert row.median.number is not None
    assert row.median.number == pytest.approx(median(taken))


def test_cells_stand_under_their_columns_and_used_under_priced() -> None:
    columns = columns_for("1M")
    rows = board_rows(group_rows(counted(2000), "1M"))
    assert all(len(row.cells) == len(columns) for row in rows)
    at = {column.id: n for n, column in enumerate(columns)}
    first = rows[0].cells
    assert (first[at["members"]].text, first[at["used"]].text) == ("447", "446")
    today = board_rows(group_rows(counted(2000), "1D"))[0].cells
    assert (first[at["advancing"]].text, today[at["advancing"]].text) == ("47%", "34%")
    assert rows[1].cells[0].text == "  Biotechnology"


def test_a_wide_table_has_more_windows_and_a_trend() -> None:
    rows = board_rows(group_rows(counted(2000), "1M"))
    for window, others in (("1M", ["1D", "5D", "YTD"]), ("1Y", ["1D", "5D", "1M", "YTD"])):
        columns = columns_for(window)
        assert [c.title for c in columns if c.id.startswith("return.")] == others
        for width in (120, 200):
            placed = seats(columns, [c.width for c in columns], [len(columns) - 1], width)
            shown = [columns[seat.column].id for seat in placed]
            assert shown[:3] == ["name", "advancing", "above_50"]
            assert (shown == [c.id for c in columns]) is (width == 200)
            assert placed[-1].start + placed[-1].width > 0.8 * width
    names = [column.id for column in columns_for("1M")]
    week = rows[0].cells[names.index("return.5D")]
    assert week.text not in {"", "—"}


async def test_the_table_opens_groups_and_names_who_stands_in_no_row() -> None:
    panel = BreadthTablePanel()
    app = Host(panel)
    async with app.run_test(size=(90, 20)) as pilot:
        panel.snapshot = counted(2000)
        await pilot.pause()
        assert "1 suspect, 1 missing, 1 idle, 68 unmapped" in app.lines()[0]
        panel.board.move(1)
        panel.board.open()
        panel.window = "1Y"
        await pilot.pause()
        assert app.messages == ["@biotechnology"]
        assert "1Y" in app.lines()[1]
        table = panel.query_one(Board)
        last = table.look().seats[-1]
        assert table.scrollbar_size_vertical == 1
        assert last.start + last.width == table.size.width - 2, "a cell stays free beside the bar"


@pytest.mark.parametrize("kind", [BreadthPanel, BreadthChartPanel, BreadthTablePanel])
@pytest.mark.parametrize("size", [(200, 55), (80, 24), (40, 12), (20, 4), (7, 2)])
async def test_every_panel_paints_every_size(
    kind: type[BreadthPanel | BreadthChartPanel | BreadthTablePanel], size: tuple[int, int]
) -> None:
    panel = kind()
    app = Host(panel)
    async with app.run_test(size=size) as pilot:
        for snapshot in (empty(), counted(60), counted(2000)):
            panel.snapshot = snapshot
            await pilot.pause()
            assert {len(line) for line in app.lines()} == {size[0]}


async def test_topics_change_the_title() -> None:
    panel = BreadthChartPanel()
    app = Host(panel)
    async with app.run_test(size=(100, 20)) as pilot:
        panel.snapshot = counted(2000)
        for topic, (title, _) in TOPICS.items():
            panel.topic = topic
            await pilot.pause()
            assert title in app.lines()[0]
            assert "1,997 of 2,000 members" in app.lines()[0]

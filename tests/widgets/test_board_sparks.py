"""Sparklines of a board are drawn between paints, one by one: a burst never holds up a key."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from widgets.board import Board
from widgets.board_model import Cell, Column, Row
from widgets.board_sparks import Sparks
from widgets.board_table import BREATH_S
from widgets.plotting import drawing_of, prepare, spark_of

ROWS = 30
WIDTH = 11


def test_what_cannot_be_drawn_is_a_gap() -> None:
    values = [1.0, None, float("nan"), 2.0, 1e300, float("-inf"), 3.0]
    assert spark_of(values, WIDTH).levels == (0, None, None, 2, None, None, 3)
    assert spark_of([None, 1.0, float("nan")], WIDTH).levels == ()


@pytest.fixture(autouse=True)
def ready(monkeypatch: pytest.MonkeyPatch) -> None:
    prepare()
    monkeypatch.setattr("widgets.plotting._drawn", {})


def path(number: int, turn: int) -> tuple[float, ...]:
    """Points that no other row or turn shares."""
    return tuple(float((n * (number + 3) + turn * n * n) % 61) for n in range(24))


def texts(sparks: Sparks, turn: int) -> list[str]:
    return [
        sparks.text((f"S{n}", 1), Cell("", spark=path(n, turn)), WIDTH, ascii_only=False)
        for n in range(ROWS)
    ]


def wanted(turn: int) -> list[str]:
    return [drawing_of(spark_of(path(n, turn), WIDTH)) for n in range(ROWS)]


def test_no_two_drawings_of_these_tests_are_alike() -> None:
    assert len({*wanted(0), *wanted(1), *wanted(2)}) == 3 * ROWS


def test_a_first_paint_draws_everything_at_once() -> None:
    sparks = Sparks()
    sparks.begin()
    assert texts(sparks, 0) == wanted(0)
    assert not sparks.owed


def test_later_paints_draw_nothing_and_what_changed_is_drawn_one_by_one() -> None:
    sparks = Sparks()
    sparks.begin()
    texts(sparks, 0)
    sparks.begin()
    assert texts(sparks, 1) == wanted(0)
    assert [sparks.draw_next() for _ in range(3)] == ["S0", "S1", "S2"]
    assert texts(sparks, 1) == wanted(1)[:3] + wanted(0)[3:]
    while sparks.draw_next() is not None:
        pass
    assert texts(sparks, 1) == wanted(1)
    assert not sparks.owed


def test_a_row_that_comes_later_is_blank_until_it_is_drawn() -> None:
    sparks = Sparks()
    sparks.begin()
    sparks.text(("OLD", 1), Cell("", spark=path(0, 0)), WIDTH, ascii_only=False)
    sparks.begin()
    assert (
        sparks.text(("NEW", 1), Cell("", spark=path(1, 0)), WIDTH, ascii_only=False) == " " * WIDTH
    )
    assert sparks.draw_next() == "NEW"
    assert (
        sparks.text(("NEW", 1), Cell("", spark=path(1, 0)), WIDTH, ascii_only=False) == wanted(0)[1]
    )


def test_what_is_remembered_by_others_is_shown_at_once() -> None:
    sparks = Sparks()
    sparks.begin()
    texts(sparks, 0)
    wanted(1)
    sparks.begin()
    assert texts(sparks, 1) == wanted(1)
    assert not sparks.owed


def test_the_newest_of_several_changes_is_drawn() -> None:
    sparks = Sparks()
    sparks.begin()
    texts(sparks, 0)
    sparks.begin()
    for turn in (1, 2):
        texts(sparks, turn)
    assert len(sparks.owed) == ROWS
    while sparks.draw_next() is not None:
        pass
    assert texts(sparks, 2) == wanted(2)


def test_drawings_reach_the_screen_however_often_values_change() -> None:
    sparks = Sparks()
    sparks.begin()
    texts(sparks, 0)
    for turn in range(1, ROWS + 1):
        sparks.begin()
        texts(sparks, turn)
        sparks.draw_next()
    later = texts(sparks, ROWS)
    assert all(now != then for now, then in zip(later, wanted(0), strict=True))


def test_rows_out_of_sight_are_not_drawn() -> None:
    sparks = Sparks()
    sparks.begin()
    texts(sparks, 0)
    sparks.begin()
    texts(sparks, 1)
    gone = sparks.retain({"S3", "S5", "unknown"})
    assert gone == {f"S{n}" for n in range(ROWS)} - {"S3", "S5"}
    assert [sparks.draw_next() for _ in range(3)] == ["S3", "S5", None]


def test_another_look_forgets_what_was_shown() -> None:
    sparks = Sparks()
    sparks.begin()
    texts(sparks, 0)
    sparks.forget()
    sparks.begin()
    assert texts(sparks, 2) == wanted(2)


class Host(App[None]):
    def compose(self) -> ComposeResult:
        yield Board((Column("s", "S", 6, "left"), Column("t", "T", WIDTH, "left", most=WIDTH)))


def rows(turn: int) -> list[Row]:
    return [Row(f"S{n}", (Cell(f"S{n}"), Cell("", spark=path(n, turn)))) for n in range(ROWS)]


async def test_rows_that_scroll_into_sight_are_paid_too() -> None:
    app = Host()
    async with app.run_test(size=(40, 8)) as pilot:
        board = app.query_one(Board)
        board.show(rows(0))
        await pilot.pause()
        board.end()
        await pilot.pause()
        for _ in range(20 * ROWS):
            if not board.strips.sparks.owed:
                break
            await pilot.pause(BREATH_S)
        last = board.render_lines(board.size.region)[-1].text
        assert wanted(0)[-1].strip() in last


async def test_a_board_pays_what_it_owes() -> None:
    app = Host()
    async with app.run_test(size=(40, ROWS + 2)) as pilot:
        board = app.query_one(Board)
        board.show(rows(0))
        await pilot.pause()
        board.show(rows(1))
        await pilot.pause()
        for _ in range(20 * ROWS):
            if not board.strips.sparks.owed:
                break
            await pilot.pause(BREATH_S)
        shown = [strip.text for strip in board.render_lines(board.size.region)]
        missing = [text for text in wanted(1) if not any(text.strip() in line for line in shown)]
        assert not missing

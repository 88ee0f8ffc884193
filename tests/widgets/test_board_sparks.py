"""Sparklines of a board are drawn in slices: a burst never holds up a key."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from widgets.board import Board
from widgets.board_model import Cell, Column, Row
from widgets.board_sparks import Sparks
from widgets.board_table import PAY_AFTER_S
from widgets.plotting import forget_drawings, prepare, sparkline

ROWS = 30
WIDTH = 11


@pytest.fixture(autouse=True)
def ready() -> None:
    prepare()
    forget_drawings()


def path(number: int, turn: int) -> tuple[float, ...]:
    """Points that no other row or turn shares."""
    return tuple(float((n * (number + 3) + turn * n * n) % 17) for n in range(24))


def texts(sparks: Sparks, turn: int) -> list[str]:
    return [sparks.text(f"S{n}", 1, path(n, turn), WIDTH, ascii_only=False) for n in range(ROWS)]


def wanted(turn: int) -> list[str]:
    return [sparkline(path(n, turn), WIDTH) for n in range(ROWS)]


def test_what_was_never_shown_is_drawn_at_once() -> None:
    sparks = Sparks()
    assert texts(sparks, 0) == wanted(0)
    assert not sparks.owed


def test_what_changes_in_a_burst_is_drawn_in_slices_until_all_is_paid() -> None:
    sparks = Sparks()
    texts(sparks, 0)
    sparks.grant()
    shown = texts(sparks, 1)
    assert sparks.owed
    assert shown != wanted(1)
    forget_drawings()
    for _ in range(ROWS):
        sparks.grant()
        sparks.settle()
        shown = texts(sparks, 1)
    assert not sparks.owed
    assert shown == wanted(1)


def test_another_look_forgets_what_was_shown() -> None:
    sparks = Sparks()
    texts(sparks, 0)
    sparks.forget()
    assert texts(sparks, 2) == wanted(2)


class Host(App[None]):
    def compose(self) -> ComposeResult:
        yield Board((Column("s", "S", 6, "left"), Column("t", "T", WIDTH, "left", most=WIDTH)))


def rows(turn: int) -> list[Row]:
    return [Row(f"S{n}", (Cell(f"S{n}"), Cell("", spark=path(n, turn)))) for n in range(ROWS)]


async def test_a_board_pays_what_it_owes() -> None:
    app = Host()
    async with app.run_test(size=(40, ROWS + 2)) as pilot:
        board = app.query_one(Board)
        board.show(rows(0))
        await pilot.pause()
        board.show(rows(1))
        await pilot.pause()
        for _ in range(ROWS):
            if not board.strips.sparks.owed:
                break
            await pilot.pause(PAY_AFTER_S)
        shown = [strip.text for strip in board.render_lines(board.size.region)]
        missing = [text for text in wanted(1) if not any(text.strip() in line for line in shown)]
        assert not missing

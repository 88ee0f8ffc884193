"""A line of a board: divided like any strip, without garbage."""

from __future__ import annotations

import gc

from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from textual.strip import Strip

from widgets.board_line import Line

WIDTH = 12


@given(st.lists(st.sampled_from(["a", "bc", "漢", " "]), max_size=6), st.sets(st.integers(1, 14)))
def test_a_line_is_divided_like_a_strip(words: list[str], places: set[int]) -> None:
    segments, cuts = [Segment(word) for word in words], sorted(places)
    found, wanted = Line(segments).divide(cuts), Strip(segments).divide(cuts)
    if any(cut <= Strip(segments).cell_length for cut in cuts):
        assert [each.text for each in found] == [each.text for each in wanted]


def line_of(words: str) -> Line:
    """A line that ends in a cell of its own."""
    return Line([Segment(words[:-1]), Segment(words[-1])], len(words))


def test_a_line_is_whole_until_a_scrollbar_stands_at_its_end() -> None:
    line = line_of("x" * (WIDTH - 1) + " ")
    assert line.divide([WIDTH]) == (line,)
    rows, cell = line.divide([WIDTH - 1, WIDTH])
    assert (rows.text, cell.text) == ("x" * (WIDTH - 1), " ")
    assert line.divide([WIDTH - 1, WIDTH])[0] is rows, "divided once"


def test_a_line_that_was_divided_leaves_no_garbage() -> None:
    line_of("x" * WIDTH).divide([WIDTH - 1, WIDTH])
    gc.disable()
    gc.freeze()  # what other tests left is not looked through
    try:
        for _ in range(9):
            line_of("x" * WIDTH).divide([WIDTH])
            line_of("x" * WIDTH).divide([WIDTH - 1, WIDTH])
        assert gc.collect() == 0
    finally:
        gc.unfreeze()
        gc.enable()

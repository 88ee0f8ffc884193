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


def test_what_a_scrollbar_covers_is_not_of_the_line() -> None:
    line = Line([Segment("x" * WIDTH)], WIDTH)
    assert line.divide([WIDTH, WIDTH + 1]) == (line,)
    assert line.divide([WIDTH + 1]) == (line,), "before the scrollbar has its place"


def test_a_line_that_was_divided_leaves_no_garbage() -> None:
    gc.collect()
    gc.disable()
    try:
        for _ in range(9):
            Line([Segment("x" * WIDTH)], WIDTH).divide([WIDTH])
        assert gc.collect() == 0
    finally:
        gc.enable()

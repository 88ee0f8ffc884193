"""Lines in dots: gaps, what shows of a column, beads and dashes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.picture import Curve
from widgets.plotting import line_chart, prepare
from widgets.strips import ascii_text
from widgets.strokes import BEAD_EVERY, BEADS, DASHES, Point, beads, sample_of, strokes

FLAT = [(float(x), 3.0) for x in range(0, 80, 5)]


def columns_of(points: list[Point | None], role: str = "") -> list[list[int]]:
    return [[round(x) for x, _ in stroke] for stroke in strokes(points, role)]


def test_a_line_is_whole_and_a_gap_parts_it() -> None:
    assert columns_of([*FLAT[:4], None, *FLAT[5:8]]) == [[0, 5, 10, 15], [25, 30, 35]]
    assert columns_of([None, None]) == []


@pytest.mark.parametrize("role", DASHES)
def test_dashes_stand_at_the_same_dots_whatever_the_line(role: str) -> None:
    drawn, left_out = DASHES[role]
    for first in (0, 3):
        shown = {x for stroke in columns_of(list(FLAT[first:]), role) for x in stroke}
        whole = range(5 * first, 76)
        assert shown == {x for x in whole if x % (drawn + left_out) < drawn} | {75}


@given(
    st.lists(st.tuples(st.floats(0, 60), st.floats(0, 20)), min_size=1, max_size=40).map(sorted),
    st.sampled_from(["line", *DASHES]),
)
def test_dashes_lie_on_the_line_and_its_newest_column_shows(points: list[Point], role: str) -> None:
    cut = [point for stroke in strokes(points, role) for point in stroke]
    (whole,) = strokes(points)
    lows, highs = (min(y for _, y in whole), max(y for _, y in whole))
    assert all(lows - 1e-9 <= y <= highs + 1e-9 for _, y in cut)
    assert cut[-1] == whole[-1]
    assert all(round(x) in range(round(points[0][0]), round(points[-1][0]) + 1) for x, _ in cut)


def test_samples_look_different_in_ascii_too() -> None:
    samples = [sample_of(role) for role in ("line", *BEADS, *DASHES)]
    assert len(set(samples)) == len({ascii_text(sample) for sample in samples}) == 4
    assert all(ascii_text(sample).isascii() for sample in samples)


def test_beads_stand_at_the_same_dots_and_on_every_piece() -> None:
    middle = BEAD_EVERY // 2
    for first in (0, 1, 3):
        columns = [round(x) for x, _ in beads(FLAT[first:])]
        assert columns == [x for x in range(5 * first, 76) if x % BEAD_EVERY == middle]
    assert [*beads([*FLAT[:4], None, FLAT[8], None])] == [(6.0, 3.0), FLAT[8]]


@pytest.mark.parametrize("ascii_only", [False, True])
def test_of_two_lines_one_is_beaded_and_neither_has_holes(ascii_only: bool) -> None:
    prepare()
    xs = tuple(float(n) for n in range(30))
    whole, beaded, dashed = (
        "".join(
            text
            for text, _ in line_chart(
                [Curve(xs, (1.0,) * 30, role)], 40, 1, y_side="none", ascii_only=ascii_only
            )[0]
        ).replace("⠀", " ")
        for role in ("line", "compare", "average_50")
    )
    assert whole.split() == [whole]
    assert beaded.split() == [beaded]
    assert beaded.count("o" if ascii_only else "○") == 80 // BEAD_EVERY + 1
    assert dashed.split() != [dashed]

"""New highs and lows of the index that the advance-decline line does not make."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.metrics.columns import Column, column
from market.metrics.divergences import SESSIONS, divergences

NAN = float("nan")
RISING = np.arange(40.0)


def tired(top: int, length: int = 40) -> Column:
    """A line that rises up to a session and falls from then on."""
    return top - np.abs(np.arange(float(length)) - top)


def test_only_the_index_at_a_new_high() -> None:
    found = divergences(RISING, tired(30))
    assert np.isnan(found[: SESSIONS - 1]).all()
    assert found[SESSIONS - 1 : 31].tolist() == [0.0] * 12
    assert found[31:].tolist() == [1.0] * 9


def test_only_the_index_at_a_new_low() -> None:
    assert divergences(-RISING, -tired(30))[30:].tolist() == [0.0] + [-1.0] * 9


def test_no_new_high_of_the_index_is_no_divergence() -> None:
    level = np.full(40, 7.0)
    assert divergences(level, RISING)[SESSIONS:].tolist() == [0.0] * 20
    assert divergences(RISING, level)[SESSIONS:].tolist() == [0.0] * 20, "it is at its own high too"


def test_a_high_of_longer_ago_than_the_window_denies_nothing() -> None:
    line = np.concatenate(([100.0], np.arange(39.0)))
    found = divergences(RISING, line)
    assert found[SESSIONS - 1] == 1.0
    assert found[SESSIONS] == 0.0


def test_a_hole_leaves_its_windows_unknown() -> None:
    line = tired(30)
    line[25] = NAN
    found = divergences(RISING, line)
    assert found[24] == 0.0
    assert np.isnan(found[25:]).all()


def test_too_few_sessions_say_nothing() -> None:
    assert np.isnan(divergences(RISING[:19], RISING[:19])).all()
    assert len(divergences(column(()), column(()))) == 0


LEVELS = st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=20, max_size=60)


@given(LEVELS)
def test_it_is_what_its_words_say(levels: list[tuple[int, int]]) -> None:
    index, line = (column(values) for values in zip(*levels, strict=True))
    found = divergences(index, line)
    for at in range(SESSIONS - 1, len(levels)):
        ours, theirs = (v[at - SESSIONS + 1 : at + 1].tolist() for v in (index, line))
        is_high, is_low = ours[-1] > max(ours[:-1]), ours[-1] < min(ours[:-1])
        expected = (is_high and theirs[-1] < max(theirs)) - (is_low and theirs[-1] > min(theirs))
        assert found[at] == expected


@given(LEVELS, st.integers(-500, 500), st.integers(1, 9))
def test_turned_over_it_turns_and_the_level_of_the_line_means_nothing(
    levels: list[tuple[int, int]], shift: int, scale: int
) -> None:
    index, line = (column(values) for values in zip(*levels, strict=True))
    found = divergences(index, line)
    np.testing.assert_array_equal(divergences(-index, -line), -found)
    np.testing.assert_array_equal(divergences(index, line * scale + shift), found)


@pytest.mark.parametrize("count", [2, 5])
def test_the_count_is_of_sessions_with_the_session_itself(count: int) -> None:
    found = divergences(RISING[:8], tired(3, 8), count)
    assert np.isnan(found[: count - 1]).all()
    assert not np.isnan(found[count - 1])

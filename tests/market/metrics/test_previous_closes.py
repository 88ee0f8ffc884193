"""Whose previous close counts: the daily series', unless a split lies between the two."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.metrics.previous_closes import PreviousCloses, previous_closes

CLOSE = 40.0
NAN = float("nan")


def found(
    told: float, last: float, known: float = CLOSE, recorded: float | None = None
) -> PreviousCloses:
    record = None if recorded is None else np.array([recorded])
    return previous_closes(np.array([told]), np.array([known]), np.array([last]), record)


@pytest.mark.parametrize("factor", [1.0, 1.0004, 1.03, 0.97, 1.055])
def test_a_small_difference_is_of_sources_and_the_daily_series_counts(factor: float) -> None:
    answer = found(CLOSE * factor, 37.5)
    assert (answer.closes[0], answer.scale[0], answer.is_odd[0]) == (CLOSE, 1.0, False)


@pytest.mark.parametrize("factor", [1.4, 0.7, 1 / 1.5, 1.1, 0.8, 2.3])
def test_a_wide_one_that_is_no_whole_ratio_is_odd(factor: float) -> None:
    answer = found(CLOSE * factor, CLOSE * factor)
    assert (answer.closes[0], answer.scale[0], answer.is_odd[0]) == (CLOSE, 1.0, True)


@pytest.mark.parametrize(("told", "scale"), [(20.0, 0.5), (80.0, 2.0), (4.1, 0.1), (1000.0, 25.0)])
def test_a_whole_one_with_a_plausible_move_is_a_split(told: float, scale: float) -> None:
    answer = found(told, CLOSE * scale * 0.9)
    assert answer.scale[0] == scale
    assert answer.closes[0] == CLOSE * scale, "the daily close in today's shares"
    assert not answer.is_odd[0]


def test_a_price_that_did_not_follow_the_split_is_odd() -> None:
    """The exchange tells half the close, and the price is still the whole one."""
    answer = found(CLOSE / 2, 37.5)
    assert (answer.closes[0], answer.scale[0], answer.is_odd[0]) == (CLOSE, 1.0, True)


def test_a_record_makes_a_split_of_any_ratio() -> None:
    answer = found(CLOSE / 1.5, 25.0, recorded=1.5)
    assert answer.closes[0] == pytest.approx(CLOSE / 1.5)
    assert answer.scale[0] == pytest.approx(1 / 1.5)
    assert not answer.is_odd[0]


def test_a_record_of_a_split_that_the_past_knows_already_changes_nothing() -> None:
    answer = found(CLOSE, 39.0, recorded=2.0)
    assert (answer.closes[0], answer.scale[0], answer.is_odd[0]) == (CLOSE, 1.0, False)


def gapped(told: float, last: float, older: float = CLOSE) -> PreviousCloses:
    """Return what is found where yesterday's bar is missing and an older one is there."""
    columns = [np.array([value]) for value in (told, NAN, last, NAN, older)]
    return previous_closes(*columns)


def test_over_a_gap_of_the_series_the_source_counts_and_a_split_is_still_seen() -> None:
    answer = gapped(told=20.6, last=21.0)
    assert (answer.closes[0], answer.scale[0], answer.is_odd[0]) == (20.6, 0.5, False)
    moved = gapped(told=52.0, last=53.0)
    assert (moved.closes[0], moved.scale[0], moved.is_odd[0]) == (52.0, 1.0, False)
    silent = gapped(told=NAN, last=41.0)
    assert (silent.closes[0], silent.scale[0], silent.is_odd[0]) == (CLOSE, 1.0, False)


def test_without_one_of_the_two_the_other_counts() -> None:
    assert found(41.0, 42.0, known=NAN).closes[0] == 41.0
    assert found(NAN, 42.0).closes[0] == CLOSE
    assert np.isnan(found(-1.0, 42.0, known=0.0).closes[0])


@given(
    st.lists(
        st.tuples(*[st.floats(0.01, 1e4) | st.just(NAN)] * 3, st.sampled_from([NAN, 2.0, 1.5])),
        min_size=1,
    )
)
def test_a_move_is_never_measured_from_anything_but_a_close_of_the_series(
    rows: list[tuple[float, float, float, float]],
) -> None:
    told, known, last, recorded = (np.array(each) for each in zip(*rows, strict=True))
    answer = previous_closes(told, known, last, recorded)
    has_both = ~np.isnan(known)
    assert np.array_equal(answer.closes[has_both], (known * answer.scale)[has_both])
    assert np.array_equal(answer.closes[~has_both], told[~has_both], equal_nan=True)
    is_split = answer.scale != 1
    assert not (is_split & answer.is_odd).any()
    by_itself = is_split & np.isnan(recorded)
    assert (np.abs(last / answer.closes - 1)[by_itself] <= 0.4 + 1e-9).all()
    assert (np.abs(told / answer.closes - 1)[is_split] <= 0.07).all()

"""Columns and matrices of members: what is missing takes no part in anything."""

from __future__ import annotations

from array import array

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.metrics.columns import (
    Coverage,
    Matrix,
    column,
    coverage,
    coverages,
    divided,
    forward_filled,
    known_in,
    mean_of,
    packed,
    previous_of,
    total_of,
)
from tests.market.metrics.members import NAN, PRICES, RETURNS, matrices_of, with_missing_member


def test_an_array_is_looked_at_in_place() -> None:
    kept = array("d", [1.0, 2.0])
    seen = column(kept)
    kept[0] = 5.0
    assert seen.tolist() == [5.0, 2.0]


def test_any_numbers_become_a_column_and_go_back_into_an_array() -> None:
    assert packed(column(x / 2 for x in range(3))) == array("d", [0.0, 0.5, 1.0])
    assert packed(walked := column([1.0, 2.0, 3.0])[::2]) == array("d", walked.tolist())


def test_coverage_is_of_the_weight_not_of_the_number() -> None:
    found = coverage(np.array([NAN, 0.01, 0.0]), np.array([0.15, 0.85, NAN]))
    assert found == Coverage(2, 3, 0.85)
    assert found.is_enough
    assert not Coverage(2, 3, 0.79).is_enough


@given(matrices_of(RETURNS), st.booleans())
def test_the_coverage_of_a_table_is_that_of_each_row(table: Matrix, is_light: bool) -> None:
    weights = np.linspace(1, 2, table.shape[1])
    weights[0] = NAN if is_light else 1.0
    for found, row in zip(coverages(table, weights), table, strict=True):
        expected = coverage(row, weights)
        assert found[:2] == expected[:2]
        assert found.weight == pytest.approx(expected.weight)


def test_nothing_is_covered_without_weights() -> None:
    assert coverage(np.array([0.1]), np.array([NAN])).weight == 0.0


def test_nothing_is_divided_by_zero() -> None:
    found = divided(np.array([1.0, 0.0, 4.0]), np.array([0.0, 0.0, 2.0]))
    assert np.isnan(found[:2]).all()
    assert found[2] == 2.0


@given(matrices_of(PRICES))
def test_holes_are_filled_with_the_last_value_before_them(prices: Matrix) -> None:
    expected = pd.DataFrame(prices).ffill()
    assert np.array_equal(forward_filled(prices), expected.to_numpy(), equal_nan=True)
    before = expected.shift(1).to_numpy()
    assert np.array_equal(previous_of(prices), before, equal_nan=True)


@given(matrices_of(PRICES))
def test_what_is_missing_is_in_no_sum_count_or_mean(prices: Matrix) -> None:
    frame = pd.DataFrame(prices)
    assert total_of(prices) == pytest.approx(frame.sum(axis=1).to_numpy())
    assert known_in(prices).tolist() == frame.count(axis=1).tolist()
    assert mean_of(prices) == pytest.approx(frame.mean(axis=1).to_numpy(), nan_ok=True)
    more = mean_of(with_missing_member(prices))
    assert np.array_equal(more, mean_of(prices), equal_nan=True)


def test_a_single_column_gives_a_number() -> None:
    assert float(mean_of(np.array([1.0, NAN, 3.0]))) == 2.0
    assert np.isnan(mean_of(np.array([NAN])))

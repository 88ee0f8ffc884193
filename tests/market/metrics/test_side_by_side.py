"""Groups of members worked out at once: the same as one after the other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.metrics.columns import Matrix, coverage
from market.metrics.participation import median_member
from market.metrics.side_by_side import side_by_side
from tests.market.metrics.members import RETURNS, matrices_of


@given(matrices_of(RETURNS), st.data())
def test_each_group_is_as_it_is_alone(table: Matrix, data: st.DataObject) -> None:
    some = st.lists(st.integers(0, table.shape[1] - 1), min_size=1, unique=True)
    groups = data.draw(st.lists(some, min_size=1, max_size=4))
    weights = np.linspace(1, 2, table.shape[1])
    members = side_by_side(groups)
    own = members.of(table)
    medians, counts = members.medians(own), members.counts(own > 0)
    covered = members.coverages(own, members.of(weights))
    for place, rows in enumerate(groups):
        alone = table[:, rows]
        assert np.array_equal(own[:, members.of_group(place)], alone, equal_nan=True)
        assert np.array_equal(medians[:, place], median_member(alone), equal_nan=True)
        assert counts[:, place].tolist() == (alone > 0).sum(axis=1).tolist()
        for found, row in zip(covered[place], alone, strict=True):
            expected = coverage(row, weights[rows])
            assert found[:2] == expected[:2]
            assert found.weight == pytest.approx(expected.weight)


def test_an_index_without_groups_has_no_figures() -> None:
    members = side_by_side(())
    assert members.medians(members.of(np.ones((2, 3)))).shape == (2, 0)

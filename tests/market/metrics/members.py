"""Made-up members: prices, holes, and strategies that draw them."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from market.metrics.columns import Column, Matrix

NAN = float("nan")
PRICES = st.integers(50, 50_000).map(lambda cents: cents / 100)
RETURNS = st.one_of(st.floats(-0.9, 3), st.integers(-90, 90).map(lambda bp: bp / 10_000))


def some_or_missing(values: st.SearchStrategy[float]) -> st.SearchStrategy[float]:
    """Values, some of which are missing."""
    return st.one_of(values, st.just(NAN))


def columns_of(values: st.SearchStrategy[float], most: int = 40) -> st.SearchStrategy[Column]:
    """A column of some members, with holes."""
    shapes = st.integers(1, most)
    return arrays.arrays(np.float64, shapes, elements=some_or_missing(values))


def matrices_of(
    values: st.SearchStrategy[float], sessions: int = 12, members: int = 6
) -> st.SearchStrategy[Matrix]:
    """Sessions x members, with holes."""
    shapes = st.tuples(st.integers(1, sessions), st.integers(1, members))
    return arrays.arrays(np.float64, shapes, elements=some_or_missing(values))


def walk(sessions: int, members: int, seed: int = 7) -> Matrix:
    """Closes of members that walk at random, without holes."""
    chance = np.random.default_rng(seed)
    return 50 * np.exp(np.cumsum(chance.normal(0, 0.02, (sessions, members)), axis=0))


def with_missing_member(values: Matrix) -> Matrix:
    """The same with one more member of whom nothing is known."""
    missing = np.full((*values.shape[:-1], 1), NAN)
    return np.concatenate((values, missing), axis=-1)

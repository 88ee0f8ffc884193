"""Ratios of two prices and how far from their year's mean they stand."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import fmean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.metrics.risk_appetite import appetite, ratios, z_score
from market.metrics.subject import Unknown

FIRST = date(2026, 1, 1)


def prices(values: list[float]) -> dict[date, float]:
    return {FIRST + timedelta(days=n): value for n, value in enumerate(values)}


WAVES = [100 + (n * 7919 % 101) / 10 for n in range(300)]


def test_ratios_are_joined_by_day_and_in_order() -> None:
    ours = {FIRST + timedelta(days=2): 6.0, FIRST: 8.0, FIRST + timedelta(days=1): 5.0}
    theirs = {FIRST: 4.0, FIRST + timedelta(days=2): 2.0, FIRST + timedelta(days=5): 1.0}
    found = ratios(ours, theirs)
    assert list(found.items()) == [(FIRST, 2.0), (FIRST + timedelta(days=2), 3.0)]


def test_a_price_that_is_not_positive_has_no_ratio() -> None:
    assert ratios(prices([1.0, -37.6, 2.0]), prices([1.0, 1.0, 0.0])) == {FIRST: 1.0}


def test_z_score_looks_at_252_values_the_newest_among_them() -> None:
    year = WAVES[-252:]
    assert z_score(WAVES) == pytest.approx((year[-1] - fmean(year)) / stdev(year))


@given(st.floats(0.01, 50), st.floats(-100, 100))
def test_z_score_knows_neither_scale_nor_level(scale: float, shift: float) -> None:
    assert z_score([scale * v + shift for v in WAVES]) == pytest.approx(z_score(WAVES), rel=1e-6)


def test_appetite_is_the_newest_common_days() -> None:
    found = appetite(prices(WAVES), prices([50.0] * 299))
    assert found.day == FIRST + timedelta(days=298)
    assert found.ratio == WAVES[298] / 50
    assert found.z_score == pytest.approx(z_score(WAVES[:299]))
    assert found.reason == ""


@pytest.mark.parametrize(("count", "is_known"), [(199, False), (200, True)])
def test_a_short_past_has_a_ratio_and_no_score(count: int, is_known: bool) -> None:
    found = appetite(prices(WAVES[:count]), prices([50.0] * count))
    assert (found.z_score is not None) is is_known
    assert (found.reason == "") is is_known
    assert found.ratio == WAVES[count - 1] / 50


def test_prices_that_do_not_move_or_never_meet_have_none() -> None:
    still = appetite(prices([3.1] * 252), prices([0.7] * 252))
    assert (still.z_score, still.reason) == (None, "the values have not moved")
    with pytest.raises(Unknown, match="no day in common"):
        appetite(prices([1.0]), {})

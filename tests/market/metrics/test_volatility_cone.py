"""The volatility cone, held against the estimator one window at a time."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from market.metrics.volatility import close_to_close
from market.metrics.volatility_cone import FEWEST, WINDOWS, volatility_cone

STEPS = np.random.default_rng(3).normal(0, 0.01, 520)
CLOSES = [100.0, *(100 * np.exp(np.cumsum(STEPS))).tolist()]


def test_every_ring_is_of_all_windows_that_end_on_a_session() -> None:
    rings = volatility_cone(CLOSES)
    assert [ring.window for ring in rings] == list(WINDOWS) == [5, 10, 21, 42, 63, 126, 252]
    for ring in rings:
        span = ring.window + 1
        each = [close_to_close(CLOSES[i : i + span]) for i in range(len(CLOSES) - ring.window)]
        assert ring.count == len(each)
        quarters = np.quantile(each, (0.25, 0.5, 0.75))
        assert (ring.low, ring.high) == pytest.approx((min(each), max(each)))
        middle = (ring.lower_quarter, ring.median, ring.upper_quarter)
        assert middle == pytest.approx(tuple(quarters))
        assert ring.now == pytest.approx(each[-1])
        assert ring.percentile == np.mean(np.array(each) <= each[-1])
        assert ring.reason == ""


@settings(max_examples=25)
@given(st.lists(st.floats(0.9, 1.1), min_size=210, max_size=260))
def test_rings_are_in_order_and_todays_place_lies_in_them(growths: list[float]) -> None:
    (ring,) = volatility_cone(list(accumulate([100.0, *growths], lambda a, b: a * b)), (5,))
    rings = (ring.low, ring.lower_quarter, ring.median, ring.upper_quarter, ring.high)
    known = [value for value in rings if value is not None]
    assert len(known) == 5
    assert known == sorted(known)
    assert ring.now is not None
    assert known[0] <= ring.now <= known[-1]
    assert ring.percentile is not None
    assert 0 < ring.percentile <= 1


@pytest.mark.parametrize(("missing", "is_known"), [(0, True), (1, False)])
def test_a_ring_needs_two_hundred_windows(missing: int, is_known: bool) -> None:
    closes = CLOSES[: FEWEST + 5 - missing]
    (ring,) = volatility_cone(closes, (5,))
    assert ring.count == FEWEST - missing
    assert (ring.percentile is not None) is is_known
    assert ring.now is not None
    assert bool(ring.reason) is not is_known


def test_too_short_a_past_has_a_reason_for_every_ring() -> None:
    for closes in ([], CLOSES[:3]):
        for ring in volatility_cone(closes):
            assert (ring.count, ring.now, ring.median) == (0, None, None)
            assert ring.reason.endswith("are needed, 0 are known")


def test_a_close_that_cannot_be_blanks_the_windows_it_stands_in() -> None:
    closes = [*CLOSES]
    closes[100] = 0.0
    (ring,) = volatility_cone(closes, (5,))
    assert ring.count == len(CLOSES) - 5 - 6
    assert ring.now is not None
    closes[-3] = float("nan")
    (ring,) = volatility_cone(closes, (5,))
    assert (ring.now, ring.percentile) == (None, None)
    assert ring.median is not None
    assert ring.reason == "a close of the newest window is missing"

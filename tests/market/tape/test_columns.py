"""Columns in few bytes: what comes back is the same bit for bit, whatever stands in it."""

from __future__ import annotations

import math
from array import array
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.tape.columns import column_of, packed_column

CENTS = st.integers(-(10**6), 10**12).map(lambda n: n / 100)
NUMBERS = st.one_of(CENTS, st.floats(width=32), st.floats(), st.just(math.nan), st.just(-0.0))


@given(st.one_of(st.lists(CENTS), st.lists(NUMBERS)))
def test_doubles_come_back_bit_for_bit(values: list[float]) -> None:
    column = array("d", values)
    assert column_of("d", packed_column(column)).tobytes() == column.tobytes()


@given(st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_integers_come_back(values: list[int]) -> None:
    column = array("q", values)
    assert column_of("q", packed_column(column)) == column


@pytest.mark.parametrize(
    ("values", "least"),
    [
        ([(2_000 + n % 50) / 100 for n in range(500)], 1_002),
        (array("d", array("f", [(2_000 + n % 50) / 100 for n in range(500)])), 1_002),
        ([(123 + n % 50) / 10_000 for n in range(500)], 502),
        ([math.nan, *((2_000 + n % 50) / 100 for n in range(499))], 1_502),
        ([float(1_000_000 + n) for n in range(500)], 2_002),
    ],
)
def test_prices_and_shares_take_few_bytes(values: list[float], least: int) -> None:
    assert len(packed_column(array("d", values))) <= least


@given(st.sampled_from("dq"), st.binary(max_size=60))
def test_damaged_bytes_are_refused_or_give_wrong_numbers_never_more(code: str, data: bytes) -> None:
    with suppress(ValueError):
        assert column_of(code, data).typecode == code

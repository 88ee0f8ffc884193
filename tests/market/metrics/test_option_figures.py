"""Expected moves, put/call ratios, skew and the term structure of a chain."""

from __future__ import annotations

from datetime import date, time, timedelta
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from market.metrics.option_figures import (
    at_the_money_iv,
    expected_move,
    figures_of,
    put_call_open_interest,
    put_call_volume,
    skew_25,
    straddle_at,
    straddle_move,
    term_structure,
)
from market.metrics.option_forward import days_to, growth, years_to
from market.metrics.subject import Unknown
from market.option_study import PutCall
from market.options import Option
from tests.market.chains import NOON, black, chain_of, expiry_of, quoted, settles

STRIKES = [float(strike) for strike in range(70, 131)]
DAY = NOON.date()


def option(strike: float, iv: float | None = None, delta: float | None = None) -> Option:
    return Option(strike=strike, iv=iv, delta=delta)


class TestDays:
    @pytest.mark.parametrize(
        ("day", "days", "counted"),
        [(DAY, 0, 1), (DAY + timedelta(1), 1, 1), (date(2026, 8, 28), 24, 24)],
    )
    def test_are_calendar_days_and_the_last_one_counts_as_one(
        self, day: date, days: int, counted: int
    ) -> None:
        assert days_to(settles(day), NOON) == days
        assert years_to(days) == counted / 365

    def test_of_an_expiry_that_is_past_are_unknown(self) -> None:
        with pytest.raises(Unknown, match="past"):
            days_to(settles(DAY, time(9, 30)), NOON)


class TestExpectedMove:
    @given(st.floats(1, 5000), st.floats(0.05, 2), st.integers(0, 700))
    def test_grows_with_the_root_of_time(self, price: float, iv: float, days: int) -> None:
        once, four = (expected_move(price, iv, n * years_to(days)) for n in (1, 4))
        assert four == pytest.approx(2 * once)

    @given(st.floats(0.05, 0.6), st.integers(1, 60))
    def test_of_a_straddle_is_that_of_its_volatility(self, iv: float, days: int) -> None:
        expiry = black(100, iv, years_to(days), [100.0])
        found = straddle_move(straddle_at(expiry, 100).price)
        assert found == pytest.approx(expected_move(100, iv, years_to(days)), rel=0.01)

    def test_straddle_is_the_nearest_with_both_legs_quoted(self) -> None:
        calls = [quoted(95, 7), quoted(100, 0), quoted(105, 2)]
        puts = [quoted(95, 1), quoted(100, 3), quoted(105, 6)]
        assert straddle_at(expiry_of(calls, puts), 101).strike == 105
        with pytest.raises(Unknown, match="no strike has both"):
            straddle_at(expiry_of(calls[1:2], puts), 101)


class TestPutCall:
    CALLS = Option(strike=1, volume=10, open_interest=100), Option(strike=2)
    PUTS = Option(strike=1, volume=5), Option(strike=2, volume=20, open_interest=50)

    def test_of_one_expiry_and_of_several(self) -> None:
        expiry = expiry_of(self.CALLS, self.PUTS)
        assert put_call_volume([expiry]) == PutCall(25, 10)
        assert put_call_volume([expiry]).ratio == 2.5
        assert put_call_open_interest([expiry]).ratio == 0.5
        assert put_call_volume([expiry, expiry_of(self.CALLS, [])]).ratio == 1.25

    def test_without_a_call_has_no_ratio(self) -> None:
        assert put_call_volume([expiry_of([], self.PUTS)]).ratio is None
        assert put_call_volume([]).ratio is None


class TestVolatilities:
    def test_at_the_money_lies_between_the_strikes_around_the_forward(self) -> None:
        calls = option(100, 0.20), option(110, 0.16)
        puts = option(100, 0.22), option(110, None), option(90, 0.3)
        assert at_the_money_iv(expiry_of(calls, puts), 105) == pytest.approx((0.21 + 0.16) / 2)
        assert at_the_money_iv(expiry_of(calls, puts), 110) == pytest.approx(0.16)
        with pytest.raises(Unknown, match="do not enclose the money"):
            at_the_money_iv(expiry_of(calls, puts), 111)

    def test_skew_is_interpolated_in_delta(self) -> None:
        puts = option(90, 0.30, -0.20), option(95, 0.26, -0.30), option(100, 0.20, -0.5)
        calls = option(105, 0.18, 0.25), option(110, 0.17, 0.1)
        assert skew_25(expiry_of(calls, puts)) == pytest.approx(0.28 - 0.18)

    def test_dead_rows_take_no_part_in_the_skew(self) -> None:
        dead = [option(80, 0.9, -999), option(85, 0.0, -0.26), option(86, 0.9, None)]
        puts = [*dead, option(90, 0.30, -0.20), option(95, 0.26, -0.30)]
        calls = option(105, 0.18, 0.3), option(110, 0.16, 0.2)
        assert skew_25(expiry_of(calls, puts)) == pytest.approx(0.28 - 0.17)
        with pytest.raises(Unknown, match="no calls enclose a delta of 25"):
            skew_25(expiry_of(calls[:1], puts))

    def test_a_delta_out_of_its_order_takes_no_part_in_the_skew(self) -> None:
        puts = option(80, 0.9, -0.25), option(90, 0.30, -0.20), option(95, 0.26, -0.30)
        calls = option(105, 0.18, 0.3), option(110, 0.16, 0.2), option(115, 0.9, 0.25)
        assert skew_25(expiry_of(calls, puts)) == pytest.approx(0.28 - 0.17)

    @given(st.floats(0.1, 0.6), st.integers(5, 60))
    def test_of_a_chain_of_one_volatility_are_that_volatility(self, iv: float, days: int) -> None:
        strikes = [float(strike) for strike in range(20, 401, 2)]
        expiry = black(100.4, iv, years_to(days), strikes)
        assert at_the_money_iv(expiry, 100.4) == pytest.approx(iv)
        assert skew_25(expiry) == pytest.approx(0, abs=1e-9)


class TestTermStructure:
    def test_has_every_figure_of_every_expiry_ahead(self) -> None:
        days = 24
        expiry = black(100, 0.2, years_to(days), STRIKES)
        past = replace(expiry, settles=settles(date(2026, 8, 3)))
        chain = chain_of(past, expiry)
        (found,) = term_structure(chain, 0.0)
        assert (found.settles, found.days, found.reason) == (expiry.settles, days, "")
        assert found.forward == pytest.approx(100)
        assert found.iv == pytest.approx(0.2)
        assert found.move == pytest.approx(100 * 0.2 * sqrt(days / 365))
        assert found.straddle is not None
        assert found.straddle.strike == 100
        assert found.straddle_move == pytest.approx(found.move, rel=0.01)
        assert found.skew == pytest.approx(0, abs=1e-9)

    def test_what_one_expiry_lacks_is_none_and_named(self) -> None:
        expiry = expiry_of([quoted(100, 3)], [quoted(100, 2)])
        found = figures_of(expiry, chain_of(expiry), 0.05)
        grown = growth(0.05, 24 / 365)
        assert found.forward == pytest.approx(100 + grown)
        assert found.straddle_move == pytest.approx(1.2533141 * 5 * grown)
        assert (found.iv, found.move, found.skew) == (None, None, None)
        assert found.reason == (
            "strikes with an implied volatility do not enclose the money; "
            "no puts enclose a delta of 25"
        )
        silent = figures_of(expiry_of([], []), chain_of(), 0.05)
        assert (silent.forward, silent.straddle) == (None, None)
        assert silent.reason.startswith("no strike has both a call and a put")

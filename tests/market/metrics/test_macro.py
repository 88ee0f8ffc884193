"""Inflation, jobs and claims with holes; spreads between rates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.metrics.macro import (
    annualised,
    eases,
    four_week_mean,
    level_change,
    mean_level_change,
    month_on_month,
    newest,
    sahm_gap,
    three_month_mean,
    year_on_year,
)
from market.metrics.rate_spreads import change, spread, value_at
from market.metrics.subject import Unknown
from market.metrics.windows import months_before

START, LAPSE, END = date(2024, 6, 1), date(2025, 10, 1), date(2026, 12, 1)
Series = dict[date, float]


def growing(rate: float = 0.03) -> Series:
    """An index that grows at a yearly rate, its October 2025 never collected."""
    months = (months_before(START, -count) for count in range(31))
    return {m: 100 * (1 + rate) ** (n / 12) for n, m in enumerate(months) if m != LAPSE}


def constant(value: float, **others: float) -> Series:
    """Unemployment of 2025 and 2026; others by `m2601` for January 2026."""
    months = {months_before(END, back): value for back in range(24)}
    named = {date(2000 + int(n[1:3]), int(n[3:]), 1): v for n, v in others.items()}
    return {**months, **named}


class TestInflation:
    @given(st.floats(-0.1, 0.2))
    def test_of_steady_growth_is_that_growth(self, rate: float) -> None:
        index, month = growing(rate), date(2026, 7, 1)
        assert year_on_year(index, month) == pytest.approx(rate)
        assert month_on_month(index, month) == pytest.approx((1 + rate) ** (1 / 12) - 1)
        for months in (3, 6):
            assert annualised(index, month, months) == pytest.approx(rate)

    @pytest.mark.parametrize(
        ("month", "reason"),
        [
            (LAPSE, "October 2025 was never collected"),
            (date(2026, 10, 1), "no base: October 2025 was never collected"),
            (date(2027, 1, 1), "January 2027 is not published yet"),
            (date(2025, 3, 1), "no base: the series begins with June 2024"),
        ],
    )
    def test_has_no_yearly_change_without_both_ends(self, month: date, reason: str) -> None:
        with pytest.raises(Unknown, match=f"^{reason}$"):
            year_on_year(growing(), month)

    def test_a_yearly_change_passes_over_the_hole_between(self) -> None:
        assert year_on_year(growing(), date(2026, 3, 1)) == pytest.approx(0.03)

    @pytest.mark.parametrize("months", [3, 6])
    def test_an_annualised_one_that_touches_the_hole_is_unknown(self, months: int) -> None:
        index = growing()
        for after in range(months + 1):
            with pytest.raises(Unknown, match="October 2025 was never collected"):
                annualised(index, months_before(LAPSE, -after), months)
        free = months_before(LAPSE, -months - 1)
        assert annualised(index, free, months) == pytest.approx(0.03)

    def test_eases_when_the_yearly_change_is_lower_than_three_months_before(self) -> None:
        index = growing()
        assert not eases(index, date(2026, 8, 1))
        index[date(2026, 8, 1)] *= 0.999
        assert eases(index, date(2026, 8, 1))

    def test_of_an_empty_series_is_unknown(self) -> None:
        with pytest.raises(Unknown):
            newest({})
        with pytest.raises(Unknown):
            year_on_year({}, LAPSE)
        assert newest(growing()) == END


class TestJobs:
    def test_change_and_its_mean(self) -> None:
        levels = {months_before(END, back): 158_000.0 - 10 * back for back in range(6)}
        assert level_change(levels, END) == 10
        levels[END] += 60
        assert mean_level_change(levels, END) == pytest.approx((70 + 10 + 10) / 3)
        with pytest.raises(Unknown, match="no base: the series begins with July 2026"):
            mean_level_change(levels, months_before(END, 3), 3)

    @pytest.mark.parametrize("known", [3, 2, 1])
    def test_a_mean_of_three_months_needs_two(self, known: int) -> None:
        rates = {months_before(END, back): 4.0 + back for back in range(known)}
        if known >= 2:
            assert three_month_mean(rates, END) == 4 + (known - 1) / 2
        else:
            with pytest.raises(Unknown, match="two of the three months to December 2026"):
                three_month_mean(rates, END)

    def test_sahm_gap_is_the_rise_over_the_lowest_mean_of_the_year_before(self) -> None:
        assert sahm_gap(constant(4.0, m2610=4.6, m2611=4.6, m2612=4.6), END) == pytest.approx(0.6)

    def test_sahm_gap_is_negative_at_a_low(self) -> None:
        assert sahm_gap(constant(4.2, m2611=4.1, m2612=4.0), END) < 0

    @pytest.mark.parametrize(("back", "counts"), [(12, True), (13, False)])
    def test_sahm_gap_looks_twelve_months_back(self, back: int, counts: bool) -> None:
        rates = constant(4.2)
        for each in range(back, back + 3):
            rates[months_before(END, each)] = 3.9
        lowest = min(three_month_mean(rates, months_before(END, b)) for b in range(1, 13))
        assert sahm_gap(rates, END) == pytest.approx(4.2 - lowest)
        assert (lowest == pytest.approx(3.9)) is counts

    def test_sahm_gap_bears_one_missing_month_but_not_the_newest(self) -> None:
        rates = constant(4.2)
        del rates[LAPSE]
        assert sahm_gap(rates, date(2026, 10, 1)) == pytest.approx(0)
        with pytest.raises(Unknown, match="January 2027 is not published yet"):
            sahm_gap(rates, date(2027, 1, 1))


class TestClaims:
    SATURDAY = date(2026, 8, 15)

    def test_mean_of_four_weeks(self) -> None:
        weeks = {self.SATURDAY - timedelta(weeks=n): 200.0 + n for n in range(5)}
        assert four_week_mean(weeks, self.SATURDAY) == 201.5
        del weeks[date(2026, 8, 1)]
        with pytest.raises(Unknown, match="the week to 1 August 2026 is missing"):
            four_week_mean(weeks, self.SATURDAY)


class TestSpreads:
    def test_is_of_the_newest_day_in_common(self) -> None:
        two_years = {date(2026, 7, 1): 4.10, date(2026, 7, 2): 4.14}
        effective = {date(2026, 7, 1): 3.62, date(2026, 6, 30): 3.63, date(2026, 7, 6): 3.63}
        found = spread(two_years, effective)
        assert found.day == date(2026, 7, 1)
        assert found.basis_points == pytest.approx(48)
        with pytest.raises(Unknown, match="no date in common"):
            spread(two_years, {date(2026, 7, 6): 3.6})

    def test_change_counts_sessions_and_bears_a_bond_holiday(self) -> None:
        # Twenty sessions before 9 November 2026 is Columbus Day, on which only shares trade.
        day, before = date(2026, 11, 9), date(2026, 10, 9)
        assert change({before: 2.75, day: 2.95}, day) == pytest.approx(20)
        with pytest.raises(Unknown, match="no value is known for 12 October 2026"):
            change({date(2026, 10, 6): 2.75, day: 2.95}, day)

    def test_a_value_is_that_of_the_day_or_of_the_nearest_before(self) -> None:
        rates = {date(2026, 10, 8): 1.0, date(2026, 10, 9): 2.0, date(2026, 10, 13): 3.0}
        assert value_at(rates, date(2026, 10, 12)) == 2
        assert value_at(rates, date(2026, 10, 13)) == 3

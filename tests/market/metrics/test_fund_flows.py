"""Net creations of funds: the arithmetic, what is not believed, and sums over sessions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from market.fund_shares import FundDay
from market.metrics.fund_flow_sums import flow_percentile, flow_sum
from market.metrics.fund_flows import LeftOut, creation, ledger
from market.metrics.subject import Unknown
from market.sessions import sessions_between

DAYS = list(islice(sessions_between(date(2025, 1, 2), date(2027, 12, 31)), 320))
UNIT = 50_000
COUNTS = st.lists(st.integers(-8, 8), min_size=1, max_size=30)


def row(place: int, shares: float | None, nav: float | None = 200.0) -> FundDay:
    return FundDay(DAYS[place], shares, nav)


def rows(counts: Iterable[float | None], nav: float = 200.0) -> list[FundDay]:
    return [row(place, count, nav) for place, count in enumerate(counts)]


def walk(changes: Sequence[float], start: float = 1e6) -> list[FundDay]:
    """Share counts that change by so many thousand a session."""
    counts = [start]
    for change in changes:
        counts.append(counts[-1] + 1e3 * change)
    return rows(counts)


class TestCreation:
    def test_is_the_change_of_shares_at_the_later_value(self) -> None:
        found = creation(row(0, 1e6, 100.0), row(1, 1.02e6, 110.0), UNIT)
        assert (found.day, found.base, found.sessions) == (DAYS[1], DAYS[0], 1)
        assert found.units == 20_000
        assert found.dollars == 2.2e6
        assert found.share == pytest.approx(0.022)
        assert found.assets == 1e8
        assert found.remarks == ("not whole creation units",)

    def test_marks_what_it_is_made_of(self) -> None:
        before, after = FundDay(DAYS[0], 1e6, close=100), FundDay(DAYS[2], 1.05e6, close=101)
        assert creation(before, after, UNIT).remarks == ("2d", "at the close")
        assert creation(row(0, 1e6), row(1, 1.05e6), UNIT).remarks == ()
        assert creation(row(0, 1e6), row(1, 1.01e6)).remarks == ()

    @pytest.mark.parametrize(
        ("ratio", "words"), [(2, "split 2:1"), (3, "split 3:1"), (0.5, "split 1:2")]
    )
    def test_a_split_creates_nothing(self, ratio: float, words: str) -> None:
        found = creation(row(0, 1e6, 120.0), row(1, (1e6 + 1000) * ratio, 121.2 / ratio))
        assert found.units == pytest.approx(1000 * ratio)
        assert found.share == pytest.approx(0.001 * 1.01)
        assert found.remarks == (words,)

    def test_a_fund_that_doubles_without_its_price_moving_has_not_split(self) -> None:
        assert creation(row(0, 1e6), row(1, 2e6)).units == 1e6
        assert creation(row(0, 1e6, 100.0), row(1, 2e6, 69.0)).units == 1e6

    def test_needs_shares_and_a_price_on_both_days(self) -> None:
        for broken in (row(1, None), row(1, 0), row(1, 1e6, None), row(1, 1e6, float("nan"))):
            with pytest.raises(Unknown, match="missing"):
                creation(row(0, 1e6), broken)


class TestLedger:
    @given(COUNTS)
    def test_units_add_up_to_the_change_of_shares(self, changes: list[int]) -> None:
        days = walk(changes)
        found = ledger(days)
        assert sum(each.units for each in found.creations) == 1e3 * sum(changes)
        assert found.left_out == ()
        assert found.pending is None

    @given(COUNTS.filter(lambda changes: len(changes) > 1), st.data())
    def test_missing_days_roll_into_the_next(self, changes: list[int], data: st.DataObject) -> None:
        days = walk(changes)
        gone = data.draw(st.sets(st.sampled_from(range(1, len(days) - 1))))
        found = ledger([each for place, each in enumerate(days) if place not in gone])
        assert sum(each.units for each in found.creations) == 1e3 * sum(changes)
        assert sum(each.sessions for each in found.creations) == len(changes)
        assert all((f"{e.sessions}d" in e.remarks) is (e.sessions > 1) for e in found.creations)

    def test_rows_that_cannot_be_are_left_out_and_named(self) -> None:
        saturday = FundDay(date(2025, 1, 4), 9e9, 200.0)
        days = [*rows([1e6, None, 0, 1.001e6]), row(4, 1e6, None), saturday]
        found = ledger(reversed(days))
        assert [each.day for each in found.creations] == [DAYS[3]]
        assert found.left_out == (
            LeftOut(DAYS[1], "no count of shares"),
            LeftOut(saturday.day, "no session"),
            LeftOut(DAYS[2], "no count of shares"),
            LeftOut(DAYS[4], "neither net asset value nor close"),
        )

    @pytest.mark.parametrize("wrong", [1.2e6, 0.8e6, 5.0, 9e12])
    def test_a_count_that_is_gone_the_next_day_was_never_true(self, wrong: float) -> None:
        found = ledger(rows([1e6, 1.001e6, wrong, 1.002e6]))
        assert [each.units for each in found.creations] == [1000, 1000]
        assert found.creations[-1].remarks == ("2d",)
        assert [each.day for each in found.left_out] == [DAYS[2]]

    def test_a_large_count_that_stays_is_true(self) -> None:
        found = ledger(rows([1e6, 1.2e6, 1.21e6]))
        assert [each.units for each in found.creations] == [2e5, 1e4]

    def test_the_newest_large_count_waits_for_a_witness(self) -> None:
        days = rows([1e6, 1.001e6, 1.2e6])
        found = ledger(days)
        assert [each.day for each in found.creations] == [DAYS[1]]
        assert found.pending is not None
        assert found.pending.day == DAYS[2]
        witnessed = ledger(days, confirmed=[DAYS[2]])
        assert [each.day for each in witnessed.creations] == DAYS[1:3]
        assert witnessed.pending is None

    @pytest.mark.parametrize(("after", "waits"), [(1.049e6, False), (1.051e6, True)])
    def test_five_per_cent_a_session_are_believed(self, after: float, waits: bool) -> None:
        assert (ledger(rows([1e6, after])).pending is not None) is waits
        over_two = [row(0, 1e6), row(2, 2 * after - 1e6)]
        assert (ledger(over_two).pending is not None) is waits

    def test_of_nothing_is_empty(self) -> None:
        assert ledger([]).creations == ()
        assert ledger([row(0, 1e6)]).creations == ()
        assert ledger([row(0, None)]).left_out[0].day == DAYS[0]


class TestSums:
    def test_one_five_and_twenty_sessions(self) -> None:
        known = ledger(walk(list(range(1, 21))))
        found = [flow_sum(known, window) for window in (1, 5, 20)]
        assert [each.dollars for each in found] == [200e3 * n for n in (20, 90, 210)]
        assert [each.sessions for each in found] == [1, 5, 20]
        assert found[-1].share == pytest.approx(0.21)
        assert found[0].share == pytest.approx(20 / 1190)

    def test_says_how_far_the_collecting_has_come(self) -> None:
        found = flow_sum(ledger(walk([1] * 7)), 20)
        assert (found.dollars, found.share, found.sessions) == (None, None, 7)
        assert found.reason == "collecting, 7 of 20 days"
        assert flow_sum(ledger([]), 1).reason == "collecting, 0 of 1 days"

    def test_a_count_rolled_over_the_start_is_not_cut(self) -> None:
        days = walk([1, 2, 3, 4])
        found = flow_sum(ledger([days[0], *days[3:]]), 2)
        assert (found.sessions, found.dollars) == (4, 200e3 * 10)

    def test_what_waits_for_a_witness_is_told(self) -> None:
        known = ledger(rows([1e6, 1.001e6, 1.2e6]))
        found = flow_sum(known, 1)
        assert found.dollars == 200e3
        assert found.reason == f"the count of {DAYS[2].day} {DAYS[2]:%b} awaits confirmation"
        assert flow_sum(known, 20).reason == "collecting, 1 of 20 days"

    def test_percentile_is_of_the_funds_own_year(self) -> None:
        # The first sums are the largest, but older than a year; the last is the year's median.
        year = [*range(1, 127), *range(128, 253), 127]
        known = ledger(walk([900] * 20 + [each / 100 for each in year], 1e9))
        assert flow_percentile(known, 1) == pytest.approx(127 / 252)

    @settings(max_examples=20)
    @given(st.integers(1, 230))
    def test_percentile_needs_two_hundred_sums(self, count: int) -> None:
        known = ledger(walk([1] * count))
        if count >= 219:
            assert 0 < flow_percentile(known, 20) <= 1
        else:
            with pytest.raises(Unknown, match=f"collecting, {max(0, count - 19)} of 200 days"):
                flow_percentile(known, 20)

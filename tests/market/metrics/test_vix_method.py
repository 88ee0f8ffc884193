"""A volatility index from a chain: which quotes count, which terms, and when there is none."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from market.metrics.option_forward import MINUTES_A_YEAR, forward_level, minutes_to
from market.metrics.subject import Unknown
from market.metrics.vix_method import (
    chain_index,
    ends_week,
    near_and_next,
    selected,
    term,
    walked,
)
from market.options import Expiry, Option
from market.sessions import NEW_YORK
from tests.market.chains import NOON, black, chain_of, expiry_of, options_of, quoted, settles

STRIKES = [float(strike) for strike in range(60, 161)]
NEAR, NEXT = settles(date(2026, 8, 28)), settles(date(2026, 9, 4))
DEAD = Option(strike=0, bid=0.0, ask=0.05)


def flat(iv: float, at: datetime, strikes: list[float] = STRIKES) -> Expiry:
    years = minutes_to(at, NOON) / MINUTES_A_YEAR
    return replace(black(100.3, iv, years, strikes), settles=at)


def without_quotes(expiry: Expiry, *, calls: set[float], puts: set[float]) -> Expiry:
    return replace(
        expiry,
        calls=tuple(replace(o, bid=0.0) if o.strike in calls else o for o in expiry.calls),
        puts=tuple(replace(o, ask=0.0) if o.strike in puts else o for o in expiry.puts),
    )


def reason_of(expiry: Expiry) -> str:
    with pytest.raises(Unknown) as refused:
        term(expiry, NOON, 0.0)
    return str(refused.value)


class TestIndex:
    def test_of_a_chain_of_one_volatility_is_that_volatility(self) -> None:
        found = chain_index(chain_of(flat(0.2, NEAR), flat(0.2, NEXT)), 0.0)
        assert found.value == pytest.approx(20, abs=0.1)
        assert (found.near.settles, found.next.settles) == (NEAR, NEXT)
        assert found.near.forward == pytest.approx(100.3)
        assert found.near.at_strike == 100

    def test_lies_between_its_two_terms(self) -> None:
        found = chain_index(chain_of(flat(0.2, NEAR), flat(0.3, NEXT)), 0.0)
        assert 20 < found.value < 30
        assert found.near.variance == pytest.approx(0.04, rel=0.01)
        assert found.next.variance == pytest.approx(0.09, rel=0.01)

    @given(st.lists(st.tuples(st.floats(0.05, 9), st.floats(0, 9)), min_size=1, max_size=6))
    def test_does_not_hear_quotes_beyond_the_cut(self, beyond: list[tuple[float, float]]) -> None:
        expiry = without_quotes(flat(0.3, NEAR), calls={130, 131}, puts={75, 74})
        low = [quoted(59.0 - i, bid + half, half) for i, (bid, half) in enumerate(beyond)]
        high = [quoted(161.0 + i, bid + half, half) for i, (bid, half) in enumerate(beyond)]
        louder = replace(expiry, puts=(*reversed(low), *expiry.puts), calls=(*expiry.calls, *high))
        assert term(louder, NOON, 0.03) == term(expiry, NOON, 0.03)
        strikes = [each.strike for each in term(louder, NOON, 0.03).strip]
        assert (min(strikes), max(strikes)) == (76, 129)

    @pytest.mark.parametrize(
        ("clock", "is_given"),
        [(time(9, 44), False), (time(9, 45), True), (time(15, 59), True), (time(16, 0), False)],
    )
    def test_only_of_quotes_of_regular_trading(self, clock: time, is_given: bool) -> None:
        as_of = datetime.combine(date(2026, 8, 4), clock, NEW_YORK).astimezone(UTC)
        chain = chain_of(flat(0.2, NEAR), flat(0.2, NEXT), as_of=as_of)
        if is_given:
            assert chain_index(chain, 0.0).value > 0
        else:
            with pytest.raises(Unknown, match="regular trading"):
                chain_index(chain, 0.0)


class TestWings:
    @given(st.sampled_from(["put", "call"]), st.booleans())
    def test_an_empty_one_is_refused(self, wing: str, has_no_bid: bool) -> None:
        expiry = flat(0.2, NEAR)
        silence = {"bid": 0.0} if has_no_bid else {"ask": None}
        calls = tuple(replace(o, **silence) if o.strike > 100 else o for o in expiry.calls)
        puts = tuple(replace(o, **silence) if o.strike < 100 else o for o in expiry.puts)
        silenced = replace(expiry, puts=puts) if wing == "put" else replace(expiry, calls=calls)
        side = "put below" if wing == "put" else "call above"
        assert reason_of(silenced) == f"no {side} 100 is bid and asked for"

    def test_two_unquoted_ones_next_to_the_money_are_an_empty_wing(self) -> None:
        expiry = without_quotes(flat(0.2, NEAR), calls={101, 102}, puts=set())
        assert reason_of(expiry) == "no call above 100 is bid and asked for"

    def test_the_strike_at_the_money_needs_both_its_quotes(self) -> None:
        expiry = flat(0.2, NEAR)
        for silenced in ({100.0}, set[float]()), (set[float](), {100.0}):
            calls, puts = silenced
            assert reason_of(without_quotes(expiry, calls=calls, puts=puts)) == (
                "call or put at 100, at the money, is not bid and asked for"
            )

    def test_a_single_gap_is_skipped_and_gaps_apart_do_not_add_up(self) -> None:
        rows = [(1, 1, 2), (2, 0, 2), (3, 1, 2), (4, 1, 0), (5, 1, 2), (6, 0, 0), (7, 1, 0)]
        assert [each.strike for each in walked(options_of([*rows, (8, 1, 2)]))] == [1, 3, 5]

    def test_a_chain_without_any_pair_or_any_strike_below_is_refused(self) -> None:
        calls = [quoted(strike, 2) for strike in (101, 102)]
        assert reason_of(expiry_of(calls, [])).startswith("no strike has both a call and a put")
        puts = [quoted(strike, 30) for strike in (101, 102)]
        assert reason_of(expiry_of(calls, puts)).startswith("no strike is at or below")
        assert reason_of(expiry_of(calls, puts, NOON)) == "the expiry is past"

    def test_quotes_that_contradict_each_other_have_no_variance(self) -> None:
        # Almost nothing for every option, but a forward far above the strike below it.
        calls = [quoted(50, 40), quoted(100, 0.01), quoted(110, 0.01)]
        puts = [quoted(45, 0.01), quoted(50, 0.01), quoted(100, 40)]
        assert "not positive" in reason_of(expiry_of(calls, puts))

    def test_the_forward_is_taken_where_call_and_put_cost_most_nearly_the_same(self) -> None:
        calls, puts = [quoted(90, 15), quoted(100, 6)], [quoted(90, 1), quoted(100, 5)]
        expiry = expiry_of(calls, puts)
        assert forward_level(expiry, 1.01) == pytest.approx(100 + 1.01)
        with pytest.raises(Unknown, match="call above"):
            selected(expiry, 101.01)


class TestTerms:
    def test_minutes_are_those_of_cboes_example(self) -> None:
        now = datetime(2022, 9, 27, 10, 45, 15, tzinfo=NEW_YORK)
        assert minutes_to(settles(date(2022, 10, 21), time(9, 30)), now) == 34_484
        assert minutes_to(settles(date(2022, 10, 28)), now) == 44_954

    def test_a_day_has_as_many_minutes_when_the_clocks_change(self) -> None:
        now = datetime(2026, 10, 31, 16, 0, tzinfo=NEW_YORK)
        assert minutes_to(settles(date(2026, 11, 1)), now) == 1_440

    @given(st.integers(0, 60 * 24 * 1000))
    def test_every_instant_has_two_fridays_that_enclose_thirty_days(self, minutes: int) -> None:
        now = datetime(2026, 1, 2, 15, 0, tzinfo=UTC) + timedelta(minutes=minutes)
        start = now.date() + timedelta(days=20)
        days = [d for i in range(21) if ends_week(d := start + timedelta(days=i))]
        found = near_and_next([expiry_of([], [], settles(day)) for day in days], now)
        near, following = (minutes_to(each.settles, now) / 1_440 for each in found)
        # A holiday moves an expiry ahead by a day, and the week's place in the month not at all.
        assert 22 < near <= 30
        assert 29 < following <= 37
        assert 5.9 < following - near < 8.1  # an hour more or less when clocks change

    def test_a_friday_moved_by_a_holiday_keeps_its_place(self) -> None:
        # Fridays 24 and 31 days ahead; the first, 1 January, is a Thursday by holiday.
        now = datetime(2026, 12, 8, 12, 0, tzinfo=NEW_YORK)
        days = [date(2026, 12, 24), date(2026, 12, 31), date(2027, 1, 8), date(2027, 1, 15)]
        near, following = near_and_next([expiry_of([], [], settles(day)) for day in days], now)
        assert (near.settles, following.settles) == (settles(days[1]), settles(days[2]))

    def test_without_an_expiry_on_each_side_there_is_none(self) -> None:
        with pytest.raises(Unknown, match="no expiry is 30 to 37 days away"):
            chain_index(chain_of(flat(0.2, NEAR)), 0.0)
        with pytest.raises(Unknown, match="no expiry is 23 to 30 days away"):
            chain_index(chain_of(flat(0.2, NEXT)), 0.0)

    def test_expiries_in_the_middle_of_the_week_count_only_when_asked_for(self) -> None:
        wednesday = settles(date(2026, 9, 2))
        chain = chain_of(flat(0.2, NEAR), flat(0.2, wednesday), flat(0.2, NEXT))
        assert chain_index(chain, 0.0).near.settles == NEAR
        assert chain_index(chain, 0.0, is_weekly=False).near.settles == wednesday

    @pytest.mark.parametrize(
        ("day", "ends"),
        [
            (date(2026, 8, 28), True),
            (date(2026, 8, 27), False),
            (date(2026, 4, 2), True),  # Good Friday follows
            (date(2026, 4, 3), False),
            (date(2026, 8, 29), False),
        ],
    )
    def test_a_week_ends_on_friday_or_on_the_session_before(self, day: date, ends: bool) -> None:
        assert ends_week(day) is ends

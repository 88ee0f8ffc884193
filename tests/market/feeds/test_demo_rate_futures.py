"""The simulated market's contracts on the federal funds rate: one path behind prices and range."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.fed_funds_contracts import contract_of, wanted_months
from market.feeds.demo_fed import (
    average_rate,
    decisions,
    effective_rate,
    expected_steps,
    target_range,
)
from market.feeds.demo_rate_futures import TICK
from market.feeds.feed import Answer
from market.fomc import TargetRange, default_schedule
from market.metrics.fed_funds_path import fed_funds_path
from market.quotes import Key, Kind
from market.reports import ErrorKind, FeedError
from market.sessions import exchange_date
from tests.market.feeds.demo_asked import FEED, asked

NOW = datetime(2026, 8, 4, 18, 32, tzinfo=UTC)
SEED = 39


@given(st.integers(0, 99), st.dates(date(2024, 1, 1), date(2028, 12, 1)))
def test_the_rate_lies_in_the_range_and_a_decision_holds_from_the_next_day(
    seed: int, day: date
) -> None:
    in_force = target_range(seed, day)
    assert in_force.lower_bp < 100 * effective_rate(seed, day) < in_force.upper_bp
    moved = decisions(seed).get(day, 0)
    assert target_range(seed, day + timedelta(days=1)) == in_force.moved(moved)


def test_the_year_behind_is_as_it_was() -> None:
    assert target_range(SEED, date(2026, 7, 1)) == TargetRange(350, 375)
    assert target_range(SEED, date(2025, 9, 17)) == TargetRange(425, 450)


@given(st.integers(0, 99), st.sampled_from(default_schedule().days[12:]))
def test_on_the_day_itself_the_decision_is_expected(seed: int, meeting: date) -> None:
    steps = expected_steps(seed, meeting, meeting, 14.0)
    assert steps == pytest.approx(decisions(seed)[meeting])


def test_the_path_is_found_again_in_the_prices() -> None:
    day = exchange_date(NOW)
    months = [date(2026 + n // 12, n % 12 + 1, 1) for n in range(7, 24)]
    prices = {month: 100 - average_rate(SEED, month, day, 14.0) for month in months}
    path = fed_funds_path(prices, default_schedule(), target_range(SEED, day), day)
    for meeting in path.meetings[:8]:
        assert meeting.start is not None
        assert meeting.end is not None
        expected = expected_steps(SEED, meeting.day, day, 14.0)
        assert (meeting.end - meeting.start) / 0.25 == pytest.approx(expected, abs=1e-6)


def test_contracts_answer_as_others_do_and_agree_with_themselves() -> None:
    symbol = contract_of(date(2026, 12, 1))
    quote = asked(NOW, Key(Kind.TRACE, symbol)).quote
    trace = asked(NOW, Key(Kind.TRACE, symbol)).bars
    assert trace.close[-1] == quote.last
    assert quote.as_of == NOW
    assert round(quote.last / TICK) * TICK == pytest.approx(quote.last)
    closes = asked(NOW, Key(Kind.CLOSES, symbol)).bars
    assert len(closes) > 20
    assert closes.close[-1] == quote.reported_previous_close
    later = asked(NOW + timedelta(days=1), Key(Kind.CLOSES, symbol)).bars
    assert list(later.close[-3:-1]) == list(closes.close[-2:])
    details = FEED.parse(
        FEED.plan([Key(Kind.DETAILS, symbol)])[0], Answer(NOW.isoformat().encode()), NOW
    ).details
    assert details[0].name == "30-Day Federal Funds Dec 2026 (simulated)"
    chart = asked(NOW, Key(Kind.CHART, symbol, "5D")).bars
    assert (chart.interval_s, chart.close[-1]) == (300, quote.last)


def test_a_contract_whose_month_is_over_is_told_by_nobody() -> None:
    keys = [Key(Kind.TRACE, contract_of(m)) for m in wanted_months(exchange_date(NOW))]
    arrived = asked(NOW, *keys).arrived
    assert [absent.key.symbol for absent in arrived.absent] == ["ZQN26.CBT"]
    assert len(arrived.quotes) == len(keys) - 1
    (query,) = FEED.plan(keys[:1])
    with pytest.raises(FeedError) as refused:
        FEED.parse(query, Answer(NOW.isoformat().encode()), NOW)
    assert refused.value.kind is ErrorKind.ABSENT


def test_on_a_weekend_the_last_price_is_fridays() -> None:
    sunday = datetime(2026, 8, 2, 15, tzinfo=UTC)
    quote = asked(sunday, Key(Kind.QUOTE, "ZQZ26.CBT")).quote
    assert quote.as_of == datetime(2026, 7, 31, 21, tzinfo=UTC)

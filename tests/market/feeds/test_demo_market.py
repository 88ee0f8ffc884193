"""The simulated market: daily, intraday and outside the session of one piece, as markets are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import isfinite, log
from statistics import correlation, median, stdev

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from market.instruments import INDEX, TERM_STRUCTURE, Role, default_cast
from market.quotes import Bars, Key, Kind, Phase, Quote
from market.reports import ErrorKind, FeedError
from market.sessions import (
    exchange_date,
    last_completed_session,
    previous_session,
    session_of,
    session_state,
)
from tests.clocks import THURSDAY_AFTERNOON
from tests.market.feeds.demo_asked import (
    SYMBOLS,
    all_keys,
    asked,
    instants,
)


@settings(deadline=None, max_examples=20)
@given(now=instants, symbol=st.sampled_from([*SYMBOLS, "ACME", "BRK-B"]))
def test_at_any_instant_every_value_is_sound(now: datetime, symbol: str) -> None:
    for key in all_keys(symbol):
        seen = asked(now, key).arrived
        assert seen.keys == (key,)
        assert not seen.absent
        for bars in seen.bars:
            assert_sound(bars, now)
        for quote in seen.quotes:
            assert_quote_sound(quote, now)


def assert_sound(bars: Bars, now: datetime) -> None:
    assert len(bars) > 0
    assert all(a < b for a, b in pairwise(bars.times))
    assert len(bars.close) == len(bars)
    for column in (bars.open, bars.high, bars.low, bars.volume):
        assert len(column) in {0, len(bars)}
    assert all(isfinite(x) and x > 0 for x in bars.close)
    assert all(x >= 0 for x in bars.volume)
    assert bars.as_of <= now
    assert bars.times[-1] <= now.timestamp()
    if bars.has_range:
        rows = zip(bars.open, bars.high, bars.low, bars.close, strict=True)
        assert all(low <= min(o, c) <= max(o, c) <= high for o, high, low, c in rows)


def assert_quote_sound(quote: Quote, now: datetime) -> None:
    assert quote.as_of <= now
    assert quote.open is not None
    assert quote.high is not None
    assert quote.low is not None
    assert quote.low <= min(quote.open, quote.last) <= max(quote.open, quote.last) <= quote.high
    if quote.extended is not None:
        assert quote.as_of < quote.extended.as_of <= now
        assert 0.8 < quote.extended.last / quote.last < 1.25


@pytest.mark.parametrize("symbol", ["^RUT", "IWM", "XBI", "^VIX", "PSCT", "ACME"])
def test_a_session_ends_as_its_daily_bar_says(symbol: str) -> None:
    day = exchange_date(THURSDAY_AFTERNOON)
    for _ in range(40):
        close = session_of(day).close
        minutes = asked(close, Key(Kind.INTRADAY, symbol)).bars
        start = minutes.times.index(int(session_of(day).open.timestamp()))
        regular = minutes.between(start, len(minutes))
        daily = asked(close, Key(Kind.DAILY, symbol)).bars
        quote = asked(close, Key(Kind.QUOTE, symbol)).quote
        assert len(regular) * 60 == (close - session_of(day).open).total_seconds()
        assert daily.times[-1] == regular.times[0]
        assert daily.close[-1] == regular.close[-1] == quote.last
        assert daily.open[-1] == regular.open[0] == quote.open
        assert daily.high[-1] == max(regular.high) == quote.high
        assert daily.low[-1] == min(regular.low) == quote.low
        if daily.volume:
            assert daily.volume[-1] == sum(regular.volume) == quote.volume
        day = previous_session(day)


@pytest.mark.parametrize("symbol", ["^RUT", "IWM", "RTY=F"])
def test_all_kinds_of_bars_are_cut_from_one_path(symbol: str) -> None:
    now = THURSDAY_AFTERNOON
    last = asked(now, Key(Kind.QUOTE, symbol)).quote.last
    for key in (Key(Kind.INTRADAY, symbol), Key(Kind.TRACE, symbol)):
        assert asked(now, key).bars.close[-1] == last
    closes, daily = asked(now, Key(Kind.CLOSES, symbol)).bars, asked(now, Key(Kind.DAILY, symbol))
    assert closes.close == daily.bars.close[-len(closes) :]
    five_days = asked(now, Key(Kind.CHART, symbol, "5D")).bars
    assert daily.bars.close[-1] in five_days.close


def test_completed_bars_never_change() -> None:
    key = Key(Kind.INTRADAY, "IWM")
    early = asked(THURSDAY_AFTERNOON, key).bars
    late = asked(THURSDAY_AFTERNOON + timedelta(hours=1), key).bars
    count = len(early) - 1
    assert early.close[:count] == late.close[:count]
    assert early.high[:count] == late.high[:count]
    assert early.volume[:count] == late.volume[:count]


def test_prices_move_from_one_second_to_another() -> None:
    key = Key(Kind.QUOTE, INDEX)
    seconds = [asked(THURSDAY_AFTERNOON + timedelta(seconds=s), key).quote.last for s in range(60)]
    assert len(set(seconds)) > 20
    assert all(abs(b - a) < 5 for a, b in pairwise(seconds))


THURSDAY = session_of(exchange_date(THURSDAY_AFTERNOON))
FRIDAY_HOLIDAY = datetime(2026, 7, 3, 15, tzinfo=UTC)
SUNDAY_EVENING = datetime(2026, 7, 5, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "phase"),
    [
        (THURSDAY.open - timedelta(hours=1), Phase.PRE),
        (THURSDAY_AFTERNOON, None),
        (THURSDAY.close + timedelta(hours=1), Phase.POST),
        (FRIDAY_HOLIDAY, Phase.POST),
        (SUNDAY_EVENING, Phase.POST),
    ],
)
def test_funds_have_prints_outside_the_session_and_indices_none(
    now: datetime, phase: Phase | None
) -> None:
    fund = asked(now, Key(Kind.QUOTE, "IWM")).quote
    assert (fund.extended.phase if fund.extended is not None else None) is phase
    assert asked(now, Key(Kind.QUOTE, INDEX)).quote.extended is None


def test_before_the_open_the_last_session_is_shown_and_the_pre_market_of_the_fund() -> None:
    now = THURSDAY.open - timedelta(hours=1)
    index, fund = asked(now, Key(Kind.INTRADAY, INDEX)), asked(now, Key(Kind.INTRADAY, "IWM"))
    wednesday = session_of(previous_session(THURSDAY.day))
    assert index.quote.as_of == fund.quote.as_of == wednesday.close
    assert index.bars.times[0] == wednesday.open.timestamp()
    assert fund.bars.times[0] == THURSDAY.pre_open.timestamp()


def test_a_day_of_the_fund_runs_from_pre_to_post_market() -> None:
    bars = asked(THURSDAY.post_close, Key(Kind.INTRADAY, "IWM")).bars
    assert bars.times[0] == THURSDAY.pre_open.timestamp()
    assert bars.times[-1] >= THURSDAY.post_close.timestamp() - 600
    assert bars.as_of <= THURSDAY.post_close


def test_the_future_trades_when_the_index_does_not() -> None:
    future, index = (asked(SUNDAY_EVENING, Key(Kind.QUOTE, s)).quote for s in ("RTY=F", INDEX))
    assert future.as_of == SUNDAY_EVENING
    assert index.as_of == THURSDAY.close
    assert abs(future.last / index.last - 1) < 0.03
    holiday = asked(FRIDAY_HOLIDAY, Key(Kind.QUOTE, "RTY=F")).quote
    assert holiday.as_of == FRIDAY_HOLIDAY
    closed = asked(FRIDAY_HOLIDAY + timedelta(hours=9), Key(Kind.QUOTE, "RTY=F")).quote
    assert closed.as_of == FRIDAY_HOLIDAY + timedelta(hours=2)
    assert closed.last == holiday.last


def test_the_last_daily_bar_is_the_last_completed_session() -> None:
    for now in (THURSDAY_AFTERNOON, THURSDAY.close, FRIDAY_HOLIDAY, SUNDAY_EVENING):
        daily = asked(now, Key(Kind.DAILY, "RTY=F")).bars
        assert daily.times[-1] == session_of(last_completed_session(now)).open.timestamp()


@settings(deadline=None, max_examples=20)
@given(now=instants)
def test_the_tracker_and_the_future_follow_the_index(now: datetime) -> None:
    index, fund = (asked(now, Key(Kind.QUOTE, s)).quote for s in (INDEX, "IWM"))
    assert fund.last * 10.06 == pytest.approx(index.last, rel=0.002)
    if session_state(now).is_open:
        future = asked(now, Key(Kind.QUOTE, "RTY=F")).quote
        assert future.last == pytest.approx(index.last, rel=0.01)


def returns(symbol: str) -> list[float]:
    closes = asked(THURSDAY_AFTERNOON, Key(Kind.DAILY, symbol)).bars.close
    return [log(b / a) for a, b in pairwise(closes)]


def test_levels_are_those_of_2026() -> None:
    close = {s: asked(THURSDAY.close, Key(Kind.QUOTE, s)).quote.last for s in SYMBOLS}
    assert close["^RUT"] == pytest.approx(2_996, rel=0.001)
    assert close["^GSPC"] == pytest.approx(7_483, rel=0.001)
    assert close["^VIX"] == pytest.approx(16.4, rel=0.01)
    assert close["^RVX"] == pytest.approx(1.3 * close["^VIX"], rel=0.15)
    assert 75 < close["^VVIX"] < 110
    assert 125 < close["^SKEW"] < 155
    for instrument in default_cast().of(Role.SECTOR, Role.THEME):
        assert 15 < close[instrument.symbol] < 400


def test_volatility_behaves_like_volatility() -> None:
    small, large = returns(INDEX), returns("^GSPC")
    assert 0.14 < stdev(small) * 252**0.5 < 0.32
    assert stdev(large) < stdev(small)
    assert 0.6 < correlation(small, large) < 0.95
    assert correlation(large, returns("^VIX")) < -0.5
    family = [asked(THURSDAY_AFTERNOON, Key(Kind.CLOSES, s)).bars.close for s in TERM_STRUCTURE]
    contango = [near < far for near, far in zip(family[1], family[2], strict=True)]
    assert 0.7 < sum(contango) / len(contango) < 1
    assert [median(c) for c in family] == sorted(median(c) for c in family)


@pytest.mark.parametrize("year", [2018, 2029, 2035])
def test_outside_its_years_it_knows_nothing_and_says_so(year: int) -> None:
    with pytest.raises(FeedError, match="runs from 2019-01-02 to 2028-12-29") as refused:
        asked(datetime(year, 6, 1, tzinfo=UTC), Key(Kind.QUOTE, INDEX))
    assert refused.value.kind is ErrorKind.ABSENT


def test_details_agree_with_the_history() -> None:
    seen = asked(THURSDAY_AFTERNOON, Key(Kind.DETAILS, "IWM")).arrived.details[0]
    daily = asked(THURSDAY_AFTERNOON, Key(Kind.DAILY, "IWM")).bars
    assert seen.name == "iShares Russell 2000 ETF"
    assert seen.week52_high is not None
    assert seen.week52_high >= max(daily.high[-252:])
    assert seen.average_50d == pytest.approx(sum(daily.close[-50:]) / 50, abs=1e-4)
    assert seen.average_volume == pytest.approx(sum(daily.volume[-63:]) / 63, abs=1)
    assert asked(THURSDAY_AFTERNOON, Key(Kind.DETAILS, INDEX)).arrived.details[0].volume is None

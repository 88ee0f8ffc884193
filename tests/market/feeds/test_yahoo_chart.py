"""Charts: bars, the quote beside them, and the traps of the last row."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from market.quotes import Key, Kind, Phase
from market.reports import ErrorKind, FeedError
from market.sessions import session_of
from tests.market.feeds.yahoo_wire import (
    IN_SESSION,
    NEXT_WEEK,
    POST_MARKET,
    PRE_MARKET,
    YEARS_LATER,
    as_json,
    only_bars,
    only_quote,
    own,
    parsed,
    recorded,
    utc,
)
from tests.shared import needs_shared

IWM_TRACE = Key(Kind.TRACE, "IWM")
IWM_TODAY = Key(Kind.INTRADAY, "IWM")
RUT_DAYS = Key(Kind.DAILY, "^RUT")


def days_of(times: list[int]) -> list[str]:
    return [datetime.fromtimestamp(t, UTC).date().isoformat() for t in times]


# Today


def test_before_the_open_the_print_is_pre_market_and_the_quote_is_yesterdays() -> None:
    arrived = parsed(own("chart_pre_market.json"), PRE_MARKET, IWM_TODAY)
    quote, bars = only_quote(arrived), only_bars(arrived)
    assert (quote.last, quote.as_of) == (298.4, utc("2026-07-01T20:00:01"))
    assert quote.open is None, "the session of the last price has no bar here"
    assert quote.reported_previous_close is None, "the chart's is the close before today"
    assert quote.extended is not None
    assert (quote.extended.phase, quote.extended.last) == (Phase.PRE, 298.35)
    assert quote.extended.as_of == PRE_MARKET, "the bar is under way: its close is of now"
    assert (len(bars), bars.interval_s, bars.key) == (3, 60, IWM_TODAY)
    assert not bars.volume, "pre-market bars carry no volume"
    assert arrived.keys == (IWM_TODAY,)


def test_after_the_close_the_print_is_post_market_and_never_the_last_price() -> None:
    arrived = parsed(own("chart_post_market.json"), POST_MARKET, IWM_TODAY)
    quote, bars = only_quote(arrived), only_bars(arrived)
    assert (quote.last, quote.open, quote.volume) == (300.25, 298.6, 30_000_000)
    assert quote.extended is not None
    assert (quote.extended.phase, quote.extended.last) == (Phase.POST, 300.55)
    assert quote.extended.as_of == POST_MARKET
    assert len(bars) == len(bars.volume) == 6
    assert bars.has_range


def test_details_come_along() -> None:
    (details,) = parsed(own("chart_post_market.json"), POST_MARKET, IWM_TODAY).details
    assert (details.name, details.currency) == ("iShares Russell 2000 ETF", "USD")
    assert (details.quote_type, details.exchange) == ("ETF", "NYSEArca")
    assert (details.week52_high, details.week52_low) == (302.5, 201.25)
    assert (details.price_decimals, details.as_of) == (2, utc("2026-07-02T20:00:01"))


def test_a_hostile_name_is_plain_and_a_bad_field_costs_only_itself() -> None:
    arrived = parsed(own("chart_hostile_name.json"), IN_SESSION, IWM_TODAY)
    (details,) = arrived.details
    assert details.name == "Bad [/x] Name"
    quote = only_quote(arrived)
    assert quote.last == 299.1, "without a time in the meta the newest bar is the last price"
    assert quote.as_of == utc("2026-07-02T13:32:00")
    assert only_bars(arrived).open[0] == 298.9, "an unreadable open is taken from the close"
    assert any("regularMarketTime" in text for text in arrived.lost)


@needs_shared
def test_the_last_trade_behind_the_bars_is_no_bar() -> None:
    body = recorded("v8_chart/AAPL_1d_5m_in_session_2026-10-05.json")
    now = utc("2026-10-05T13:58:30")
    arrived = parsed(body, now, Key(Kind.CHART, "AAPL", "5D"))
    bars = only_bars(arrived)
    assert len(bars) == 6
    assert bars.as_of == utc("2026-10-05T13:58:27"), "the newest bar holds the last trade"
    assert arrived.quotes == (), "asked for several days, not for the price"


@needs_shared
def test_null_bars_are_gaps_and_a_closing_print_is_no_bar() -> None:
    body = recorded("v8_chart/7203.T_1d_5m_nullbars_2026-10-05.json")
    arrived = parsed(body, utc("2026-10-05T07:00:00"), Key(Kind.INTRADAY, "7203.T"))
    bars, quote = only_bars(arrived), only_quote(arrived)
    assert list(bars.times) == [1791158400, 1791158700, 1791167400, 1791171000, 1791181200]
    assert quote.last == 2893.5
    assert quote.extended is None, "Tokyo has no post-market"
    assert quote.delay_s == 900


@needs_shared
def test_an_index_on_chicago_time_has_no_volume_and_no_print() -> None:
    body = recorded("v8_chart/^TNX_1d_5m_2026-02-02.json")
    arrived = parsed(body, utc("2026-02-02T20:05:00"), Key(Kind.INTRADAY, "^TNX"))
    assert (only_quote(arrived).volume, only_quote(arrived).extended) == (None, None)
    assert not only_bars(arrived).volume
    assert only_quote(arrived).open == pytest.approx(4.271)


@needs_shared
def test_a_day_with_pre_and_post_market() -> None:
    body = recorded("_composed/IWM_1d_5m_prepost_2026-08-20.COMPOSED.json")
    arrived = parsed(body, utc("2026-08-21T02:00:00"), IWM_TODAY)
    quote, bars = only_quote(arrived), only_bars(arrived)
    assert len(bars) == 189
    assert datetime.fromtimestamp(bars.times[0], UTC) == utc("2026-08-20T08:00:00")
    assert (quote.last, quote.reported_previous_close) == (297.67, 301.72)
    assert quote.open == pytest.approx(299.27)
    assert quote.extended is not None
    assert (quote.extended.phase, quote.extended.last) == (Phase.POST, bars.close[-1])
    assert utc("2026-08-20T23:55:00") <= quote.extended.as_of <= utc("2026-08-21T00:00:00")


@needs_shared
@pytest.mark.parametrize(
    ("symbol", "name"),
    [
        ("AAPL", "chart-notimestamp-weird-quote.fake.json"),
        ("LUCYW", "LUCYW_null_currency_2025-06-15.json"),
    ],
)
def test_no_bars_are_no_error(symbol: str, name: str) -> None:
    key = Key(Kind.INTRADAY, symbol)
    arrived = parsed(recorded(f"v8_chart/{name}"), YEARS_LATER, key)
    assert (arrived.bars, arrived.absent, arrived.keys) == ((), (), (key,))
    assert only_quote(arrived).last > 0


@needs_shared
def test_days_without_bars_are_absent_though_there_is_a_price() -> None:
    key = Key(Kind.DAILY, "AAPL")
    body = recorded("v8_chart/chart-notimestamp-weird-quote.fake.json")
    arrived = parsed(body, YEARS_LATER, key)
    assert [(a.key, a.reason) for a in arrived.absent] == [(key, "Yahoo has no daily bars of AAPL")]
    assert only_quote(arrived).last > 0


@needs_shared
def test_a_currency_may_be_unknown() -> None:
    body = recorded("v8_chart/LUCYW_null_currency_2025-06-15.json")
    (details,) = parsed(body, YEARS_LATER, Key(Kind.DAILY, "LUCYW")).details
    assert (details.currency, details.price_decimals) == (None, 4)


def test_neither_bars_nor_price_is_absent() -> None:
    body = b'{"chart":{"result":[{"meta":{},"indicators":{"quote":[{}]}}],"error":null}}'
    (absent,) = parsed(body, IN_SESSION, IWM_TODAY).absent
    assert absent.key == IWM_TODAY
    assert "IWM" in absent.reason


# Days


def test_the_row_of_the_day_under_way_is_no_close() -> None:
    bars = only_bars(parsed(own("chart_daily_in_session.json"), IN_SESSION, RUT_DAYS))
    assert days_of(list(bars.times)) == ["2026-06-25", "2026-06-30", "2026-07-01"]
    assert list(bars.close) == [3005.0, 3025.0, 3029.16]
    assert bars.as_of == session_of(datetime(2026, 7, 1, tzinfo=UTC).date()).close


def settled(body: bytes, at: str = "2026-07-02T20:00:00") -> bytes:
    """The same answer asked for again when the session was over."""
    answer = as_json(body)
    result = answer["chart"]["result"][0]
    result["meta"]["regularMarketTime"] = result["timestamp"][-1] = int(utc(at).timestamp())
    return msgspec.json.encode(answer)


@pytest.mark.parametrize("now", [NEXT_WEEK, utc("2026-07-02T20:00:00"), utc("2026-07-03T15:00:00")])
def test_after_the_close_the_row_counts_and_is_stamped_with_the_open(now: datetime) -> None:
    bars = only_bars(parsed(settled(own("chart_daily_in_session.json")), now, RUT_DAYS))
    assert bars.close[-1] == 3012.59
    assert datetime.fromtimestamp(bars.times[-1], UTC) == utc("2026-07-02T13:30:00")
    assert bars.as_of == utc("2026-07-02T20:00:00")


@pytest.mark.parametrize("now", [NEXT_WEEK, utc("2026-07-02T21:00:00")])
def test_a_source_that_stopped_before_the_close_has_no_close(now: datetime) -> None:
    bars = only_bars(parsed(own("chart_daily_in_session.json"), now, RUT_DAYS))
    assert days_of(list(bars.times))[-1] == "2026-07-01"


def test_the_quote_of_a_daily_chart_is_the_last_price() -> None:
    quote = only_quote(parsed(own("chart_daily_in_session.json"), IN_SESSION, RUT_DAYS))
    assert (quote.last, quote.open, quote.volume) == (3012.59, 3030.0, None)
    assert quote.reported_previous_close is None, "on long ranges it is the close before them"
    assert quote.extended is None


def test_absurd_rows_are_lost_and_impossible_ranges_widened() -> None:
    arrived = parsed(own("chart_daily_in_session.json"), IN_SESSION, RUT_DAYS)
    bars = only_bars(arrived)
    assert bars.high[1] == 3025.0, "the close lay above the high"
    assert any("no usable price" in text for text in arrived.lost)
    assert any("impossible range" in text for text in arrived.lost)


def test_distributions_of_a_day_are_added_up_and_bad_events_left_out() -> None:
    arrived = parsed(own("chart_daily_in_session.json"), IN_SESSION, RUT_DAYS)
    bars = only_bars(arrived)
    ((_, paid),) = bars.dividends
    ((_, ratio),) = bars.splits
    assert (paid, ratio) == (0.75, 1.5)
    assert any("dividends" in text for text in arrived.lost)


@needs_shared
def test_a_split_is_an_event_and_closes_are_not_dividend_adjusted() -> None:
    body = recorded("v8_chart/historical-via-chart-NVDA-split-2021-02-01-to-2022-01-31.json")
    bars = only_bars(parsed(body, YEARS_LATER, Key(Kind.DAILY, "NVDA")))
    assert [ratio for _, ratio in bars.splits] == [4.0]
    assert len(bars) == 252
    raw = as_json(body)["chart"]["result"][0]["indicators"]
    assert list(bars.close) == raw["quote"][0]["close"]
    assert list(bars.close) != raw["adjclose"][0]["adjclose"]


@needs_shared
def test_in_session_the_partial_row_of_a_recorded_month_is_dropped() -> None:
    body = recorded("v8_chart/AAPL_1mo_1d_in_session_2026-10-05.json")
    key = Key(Kind.DAILY, "AAPL")
    during = only_bars(parsed(body, utc("2026-10-05T13:59:30"), key))
    over = settled(body, "2026-10-05T20:00:01")
    after = only_bars(parsed(over, utc("2026-10-05T20:00:01"), key))
    assert (len(during), len(after)) == (4, 5)
    assert (during.close[-1], after.close[-1]) == pytest.approx((329.4, 333.825), abs=1e-3)


def test_cboe_indices_close_a_quarter_of_an_hour_after_the_shares() -> None:
    body = settled(own("chart_daily_in_session.json"))
    end = int(utc("2026-07-02T20:15:00").timestamp())
    later = body.replace(b'"end":1783022400', b'"end":%d' % end)
    assert later != body
    at_four, at_quarter_past = (
        only_bars(parsed(later, utc(f"2026-07-02T20:{minute}:00"), RUT_DAYS))
        for minute in ("05", "15")
    )
    assert (len(at_four), len(at_quarter_past)) == (3, 4)


def test_futures_trade_on_for_an_hour() -> None:
    body = settled(own("chart_daily_in_session.json")).replace(b'"INDEX"', b'"FUTURE"')
    body = body.replace(b"^RUT", b"RTY=F")
    key = Key(Kind.DAILY, "RTY=F")
    at_half_past, at_five = (
        parsed(body, utc(f"2026-07-02T{time}"), key) for time in ("20:30:00", "21:00:00")
    )
    assert (len(only_bars(at_half_past)), len(only_bars(at_five))) == (3, 4)
    assert only_quote(at_five).delay_s == 600


def test_a_day_abroad_is_over_when_its_own_trading_period_is() -> None:
    open_at, close_at = utc("2026-07-02T07:00:00"), utc("2026-07-02T15:30:00")
    start, end = int(open_at.timestamp()), int(close_at.timestamp())
    day = 86_400
    body = (
        '{"chart":{"result":[{"meta":{"exchangeTimezoneName":"Europe/Berlin","instrumentType":'
        f'"EQUITY","currentTradingPeriod":{{"regular":{{"start":{start},"end":{end}}}}}}},'
        f'"timestamp":[{start - day},{start}],'
        '"indicators":{"quote":[{"close":[10.0,11.0]}]}}],"error":null}}'
    ).encode()
    key = Key(Kind.DAILY, "WSU.DE")
    during = only_bars(parsed(body, close_at - timedelta(seconds=1), key))
    after = only_bars(parsed(body, close_at, key))
    assert (list(during.close), list(after.close)) == ([10.0], [10.0, 11.0])
    assert not after.has_range


# Refusals


@needs_shared
def test_an_unknown_symbol_is_absent_by_name() -> None:
    with pytest.raises(FeedError) as refusal:
        parsed(
            recorded("v8_chart/ZZZZZZZZQ_404_2026-10-05.json"), YEARS_LATER, Key(Kind.DAILY, "ZZZ")
        )
    assert refusal.value.kind is ErrorKind.ABSENT
    assert refusal.value.text == "Yahoo knows no symbol ZZZ"


@needs_shared
def test_a_range_that_cannot_be_had_is_refused_in_yahoos_words() -> None:
    with pytest.raises(FeedError, match="within the last 60 days") as refusal:
        parsed(recorded("v8_chart/AAPL_5m_2y_422_2026-10-05.json"), YEARS_LATER, IWM_TODAY)
    assert refusal.value.kind is ErrorKind.GARBLED


@pytest.mark.parametrize(
    ("body", "kind", "word"),
    [
        (b"", ErrorKind.GARBLED, "empty"),
        (b"  <!DOCTYPE html><html>", ErrorKind.REFUSED, "web page"),
        (b"Too Many Requests\r\n", ErrorKind.LIMITED, "too many requests"),
        (b"Edge: Too Many Requests", ErrorKind.LIMITED, "too many requests"),
        (b'{"chart":{"result":[{"meta":{', ErrorKind.GARBLED, "cut short"),
        (b"certainly", ErrorKind.GARBLED, "not JSON"),
        (b"\xff\xfe\x00", ErrorKind.GARBLED, "not JSON"),
        (b"[" * 5000, ErrorKind.GARBLED, "chart of IWM"),
        (b"{}", ErrorKind.GARBLED, "`chart`"),
        (b'{"chart":{"result":[],"error":null}}', ErrorKind.ABSENT, "IWM"),
        (b'{"chart":{"result":null,"error":null}}', ErrorKind.ABSENT, "IWM"),
        (b'{"chart":{"result":[{"indicators":{}}]}}', ErrorKind.GARBLED, "`meta`"),
        (b'{"chart":{"result":[{"meta":{}}]}}', ErrorKind.GARBLED, "`indicators`"),
        (
            b'{"chart":{"result":[{"meta":{},"timestamp":[60],"indicators":{"quote":[{}]}}]}}',
            ErrorKind.GARBLED,
            "`close`",
        ),
        (
            b'{"chart":{"result":[{"meta":{},"timestamp":[60],"indicators":{"quote":[{"close":[1,2]}]}}]}}',
            ErrorKind.GARBLED,
            "2 entries for 1 times",
        ),
    ],
)
def test_what_is_no_chart_is_refused_for_a_stated_reason(
    body: bytes, kind: ErrorKind, word: str
) -> None:
    with pytest.raises(FeedError, match=word) as refusal:
        parsed(body, IN_SESSION, IWM_TODAY)
    assert refusal.value.kind is kind


def test_a_wrong_type_in_a_column_costs_its_row() -> None:
    body = own("chart_post_market.json").replace(b"298.05,298.9,299.1", b'"x",298.9,[1]')
    arrived = parsed(body, POST_MARKET, IWM_TODAY)
    assert len(only_bars(arrived)) == 4
    assert any(text.startswith("2 bars") for text in arrived.lost)


@pytest.mark.parametrize("factor", [100, 0.01])
def test_a_last_price_far_from_its_own_bars_is_left_out(factor: float) -> None:
    for name, key in (("chart_post_market.json", IWM_TODAY), ("spark_v7.json", IWM_TRACE)):
        whole = only_quote(parsed(own(name), IN_SESSION, key))
        document = as_json(own(name))
        (outer,) = document.values()
        rows = (row for row in outer["result"] if isinstance(row, dict))
        (entry,) = (row for row in rows if row.get("symbol", "IWM") == "IWM")
        meta = (entry["response"][0] if "response" in entry else entry)["meta"]
        meta["regularMarketPrice"] *= factor
        arrived = parsed(msgspec.json.encode(document), IN_SESSION, key)
        assert only_quote(arrived).last == pytest.approx(whole.last, rel=0.05)
        assert any("was left out: its bars are at" in text for text in arrived.lost)

"""Sparklines of many symbols: one bad symbol costs that symbol."""

import msgspec
import pytest

from market.quotes import Key, Kind
from market.reports import ErrorKind, FeedError
from tests.market.feeds.yahoo_wire import (
    IN_SESSION,
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

SYMBOLS = ("IWM", "KRE", "XBI", "IGV", "ZZZ")
JUST_NOW = utc("2026-07-02T13:42:20")


def traces(*symbols: str) -> list[Key]:
    return [Key(Kind.TRACE, symbol) for symbol in symbols]


def test_one_bad_symbol_costs_that_symbol() -> None:
    arrived = parsed(own("spark_v8_one_bad.json"), JUST_NOW, *traces(*SYMBOLS))
    assert [bars.key.symbol for bars in arrived.bars] == ["IWM", "IGV"]
    assert arrived.keys == tuple(traces("IWM", "XBI", "IGV", "ZZZ")), "KRE was not answered"
    reasons = {absent.key.symbol: absent.reason for absent in arrived.absent}
    assert reasons == {
        "XBI": "Yahoo has no prices of XBI",
        "ZZZ": "Yahoo knows no symbol ZZZ",
    }
    assert any("KRE" in text for text in arrived.lost)
    assert any("IGV" in text for text in arrived.lost)


def test_null_closes_and_the_last_trade_are_no_bars() -> None:
    arrived = parsed(own("spark_v8_one_bad.json"), JUST_NOW, Key(Kind.TRACE, "IWM"))
    bars = only_bars(arrived)
    assert list(bars.close) == [298.9, 299.2]
    assert (bars.interval_s, bars.has_range, len(bars.volume)) == (300, False, 0)
    assert only_quote(arrived).last == 299.25, "the last trade is the price"


def test_a_quote_is_the_last_trade() -> None:
    quote = only_quote(parsed(own("spark_v8_one_bad.json"), JUST_NOW, Key(Kind.QUOTE, "IWM")))
    assert (quote.last, quote.as_of) == (299.25, utc("2026-07-02T13:42:10"))
    assert (quote.reported_previous_close, quote.delay_s) == (298.4, 0)
    assert (quote.open, quote.volume) == (None, None)


def test_a_bar_under_way_is_of_now_and_a_finished_one_of_its_end() -> None:
    body = own("spark_v8_one_bad.json").replace(b",1782999730]", b"]").replace(b",299.25]", b"]")
    quotes = [
        only_quote(parsed(body, now, Key(Kind.QUOTE, "IWM")))
        for now in (utc("2026-07-02T13:41:00"), IN_SESSION)
    ]
    assert [q.as_of for q in quotes] == [utc("2026-07-02T13:41:00"), utc("2026-07-02T13:45:00")]


def test_quote_and_trace_of_a_symbol_share_an_answer() -> None:
    keys = (Key(Kind.QUOTE, "IWM"), Key(Kind.TRACE, "IWM"))
    arrived = parsed(own("spark_v8_one_bad.json"), JUST_NOW, *keys)
    assert (len(arrived.quotes), len(arrived.bars), arrived.keys) == (1, 1, keys)


def test_a_trace_is_the_price_of_a_symbol_too() -> None:
    now = utc("2026-07-02T13:41:00")
    arrived = parsed(own("spark_v8_one_bad.json"), now, *traces("IWM", "XBI", "IGV"))
    prices = {quote.symbol: quote.last for quote in arrived.quotes}
    assert set(prices) == {bars.key.symbol for bars in arrived.bars} == {"IWM", "IGV"}
    assert prices["IWM"] == 299.25
    years = parsed(own("spark_daily.json"), IN_SESSION, Key(Kind.CLOSES, "IWM"))
    assert not years.quotes, "a close is no price of now"


def test_the_older_form() -> None:
    keys = (Key(Kind.QUOTE, "IWM"), Key(Kind.TRACE, "IWM"), Key(Kind.TRACE, "KRE"))
    arrived = parsed(own("spark_v7.json"), JUST_NOW, *keys)
    assert list(only_bars(arrived).close) == [298.9, 299.2]
    assert (only_quote(arrived).last, only_quote(arrived).reported_previous_close) == (
        299.25,
        298.4,
    )
    assert arrived.keys == keys[:2], "a row could not be read: KRE may have been in it"
    assert len(arrived.lost) == 1


@needs_shared
def test_the_older_form_may_hold_no_bars() -> None:
    keys = [Key(Kind.QUOTE, symbol) for symbol in ("MSFT", "AAPL")]
    arrived = parsed(recorded("v7_spark/MSFT_2026-07-28.json"), YEARS_LATER, *keys)
    assert [(q.symbol, q.last) for q in arrived.quotes] == [("MSFT", 389.1), ("AAPL", 336.91)]
    assert arrived.details[0].name == "Microsoft Corporation"


@needs_shared
def test_a_recorded_answer() -> None:
    key = Key(Kind.CLOSES, "AAPL")
    bars = only_bars(parsed(recorded("v8_spark/AAPL_1y_1mo_2021-04-08.json"), YEARS_LATER, key))
    assert (len(bars), bars.close[-1], bars.interval_s) == (13, 130.36, 86_400)


def test_daily_closes_end_with_the_last_completed_day() -> None:
    keys = (Key(Kind.CLOSES, "IWM"), Key(Kind.CLOSES, "7203.T"))
    arrived = parsed(own("spark_daily.json"), IN_SESSION, *keys)
    by_symbol = {bars.key.symbol: bars for bars in arrived.bars}
    assert list(by_symbol["IWM"].close) == [297.0, 298.4]
    assert by_symbol["IWM"].as_of == utc("2026-07-01T20:00:00")
    assert list(by_symbol["7203.T"].close) == [2880.0], "abroad a day is given a day"
    evening = utc("2026-07-03T01:00:00")
    stopped = parsed(own("spark_daily.json"), evening, keys[0])
    assert list(only_bars(stopped).close) == [297.0, 298.4], "the last row is of mid-session"
    answer = as_json(own("spark_daily.json"))
    answer["IWM"]["timestamp"][-1] = int(utc("2026-07-02T20:00:00").timestamp())
    over = parsed(msgspec.json.encode(answer), evening, keys[0])
    assert list(only_bars(over).close) == [297.0, 298.4, 299.25]


def test_prices_abroad_and_of_futures_are_delayed() -> None:
    body = own("spark_v8_one_bad.json")
    delays = {
        symbol: only_quote(
            parsed(
                body.replace(b'"IWM"', f'"{symbol}"'.encode()), JUST_NOW, Key(Kind.QUOTE, symbol)
            )
        ).delay_s
        for symbol in ("RTY=F", "ZQN26.CBT", "7203.T", "BRK-B")
    }
    assert delays == {"RTY=F": 600, "ZQN26.CBT": 600, "7203.T": 900, "BRK-B": 0}


def test_when_none_is_known_the_whole_answer_is_absent() -> None:
    with pytest.raises(FeedError) as refusal:
        parsed(own("spark_unknown_404.json"), IN_SESSION, *traces("ZZZ", "YYY"))
    assert refusal.value.kind is ErrorKind.ABSENT


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"IWM":7}', ErrorKind.GARBLED),
        (b"[1]", ErrorKind.GARBLED),
        (b"{", ErrorKind.GARBLED),
        (b'{"spark":{"result":[{"symbol":4}]}}', ErrorKind.GARBLED),
        (b'{"spark":{"result":null}}', ErrorKind.ABSENT),
    ],
)
def test_what_is_no_spark_is_refused_for_a_stated_reason(body: bytes, kind: ErrorKind) -> None:
    with pytest.raises(FeedError) as refusal:
        parsed(body, IN_SESSION, *traces("IWM"))
    assert refusal.value.kind is kind

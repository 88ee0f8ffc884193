"""An answer about another symbol than the one asked for is not used, and says so."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.feeds.yahoo.identity import other_symbol
from market.quotes import Key, Kind
from market.reports import Arrived, ErrorKind, FeedError
from tests.market.feeds.yahoo_wire import IN_SESSION, own, parsed

SAYS_META = "Yahoo answers for META where FB was asked for: perhaps it was renamed"


@pytest.mark.parametrize(
    ("named", "asked"),
    [
        ("IWM", "iwm"),
        ("iwm", "IWM"),
        ("BRK-B", "BRK.B"),
        ("JPY=X", "USDJPY=X"),
        ("USDJPY=X", "JPY=X"),
        ("RTYZ26.CME", "RTY=F"),
        ("RTY=F", "RTY=F"),
        ("", "IWM"),
        (None, "IWM"),
        (7, "IWM"),
        (["SPY"], "IWM"),
    ],
)
def test_one_symbol_may_be_spelled_in_many_ways(named: object, asked: str) -> None:
    assert other_symbol(named, asked) == ""


@pytest.mark.parametrize(
    ("named", "asked"),
    [("META", "FB"), ("^SPX", "^RUT"), ("EURUSD=X", "EUR=X"), ("ESZ26.CME", "RTY=F"), ("F", "FB")],
)
def test_another_symbol_is_named(named: str, asked: str) -> None:
    assert other_symbol(named, asked) == named


@given(st.text())
def test_a_symbol_is_always_its_own(symbol: str) -> None:
    assert other_symbol(symbol, symbol) == ""
    assert other_symbol(f"{symbol}\x1b[2J", "IWM").isprintable()


def charted(symbol: object, key: Key) -> Arrived:
    document: Any = json.loads(own("chart_daily_in_session.json"))
    document["chart"]["result"][0]["meta"]["symbol"] = symbol
    return parsed(json.dumps(document).encode(), IN_SESSION, key)


def test_a_chart_of_another_symbol_is_garbled() -> None:
    with pytest.raises(FeedError) as caught:
        charted("META", Key(Kind.DAILY, "FB"))
    assert (caught.value.kind, caught.value.text) == (ErrorKind.GARBLED, SAYS_META)
    assert charted("fb", Key(Kind.DAILY, "FB")).bars[0].key.symbol == "FB"
    assert charted(None, Key(Kind.DAILY, "FB")).bars


CLOSES = {"timestamp": [1782998400, 1782998700], "close": [41.0, 41.1]}


def test_a_sparkline_of_another_symbol_costs_that_symbol() -> None:
    keys = (Key(Kind.TRACE, "FB"), Key(Kind.TRACE, "iwm"))
    body = {"FB": {**CLOSES, "symbol": "META"}, "IWM": {**CLOSES, "symbol": "IWM"}}
    arrived = parsed(json.dumps(body).encode(), IN_SESSION, *keys)
    assert [(a.key, a.reason) for a in arrived.absent] == [(keys[0], SAYS_META)]
    assert {quote.symbol for quote in arrived.quotes} == {"iwm"}
    assert arrived.keys == keys


def test_a_quote_of_a_renamed_symbol_names_the_new_one() -> None:
    keys = (Key(Kind.DETAILS, "FB"), Key(Kind.DETAILS, "iwm"))
    price = {"regularMarketPrice": 41.0, "regularMarketTime": 1782998400, "quoteType": "EQUITY"}
    rows = [{**price, "symbol": "META"}, {**price, "symbol": "IWM"}]
    body = {"quoteResponse": {"result": rows, "error": None}}
    arrived = parsed(json.dumps(body).encode(), IN_SESSION, *keys)
    assert [(a.key, a.reason) for a in arrived.absent] == [(keys[0], SAYS_META)]
    assert {quote.symbol for quote in arrived.quotes} == {"iwm"}
    assert {about.symbol for about in arrived.details} == {"iwm"}

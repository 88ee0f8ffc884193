"""What Yahoo is asked for each kind of datum, in how many requests."""

import pytest

from market.feeds.yahoo.hosts import LARGEST_BATCH
from market.feeds.yahoo.plan import SPARK_PATH, interval_of
from market.quotes import DOCUMENTS, Key, Kind
from tests.market.feeds.yahoo_wire import (
    a_feed,
    details,
    one_query,
)

OF_OTHERS = {Kind.TICK, Kind.CHART, Kind.HOLDINGS, Kind.LISTINGS, *DOCUMENTS}
"""Kinds that need a span, or that no page of a symbol tells."""


def test_each_kind_has_its_question() -> None:
    feed = a_feed()
    asked = {
        key: (query.path, dict(query.params))
        for key in (
            Key(Kind.INTRADAY, "^RUT"),
            Key(Kind.DAILY, "RTY=F"),
            Key(Kind.CHART, "IWM", "5D"),
            Key(Kind.CHART, "IWM", "1M"),
            Key(Kind.PAST_BARS, "CRD-A"),
        )
        for query in feed.plan([key])
    }
    assert asked == {
        Key(Kind.INTRADAY, "^RUT"): (
            "/v8/finance/chart/%5ERUT",
            {"range": "1d", "interval": "1m", "includePrePost": "true", "events": "div,splits"},
        ),
        Key(Kind.DAILY, "RTY=F"): (
            "/v8/finance/chart/RTY%3DF",
            {
                "range": "5y",
                "interval": "1d",
                "includePrePost": "false",
                "events": "div,splits,capitalGains",
            },
        ),
        Key(Kind.CHART, "IWM", "5D"): (
            "/v8/finance/chart/IWM",
            {"range": "5d", "interval": "5m", "includePrePost": "false"},
        ),
        Key(Kind.CHART, "IWM", "1M"): (
            "/v8/finance/chart/IWM",
            {"range": "1mo", "interval": "15m", "includePrePost": "false"},
        ),
        Key(Kind.PAST_BARS, "CRD-A"): (
            "/v8/finance/chart/CRD-A",
            {"range": "2y", "interval": "1d", "includePrePost": "false", "events": "div,splits"},
        ),
    }


def test_sparks_go_by_twenty_symbols_and_share_quote_trace_and_day() -> None:
    symbols = [f"S{i}" for i in range(45)]
    kinds = (Kind.QUOTE, Kind.TRACE, Kind.DAY)
    keys = [Key(kind, symbol) for kind in kinds for symbol in symbols]
    queries = a_feed().plan(keys)
    assert [len(dict(q.params)["symbols"].split(",")) for q in queries] == [20, 20, 5]
    assert [len(q.keys) for q in queries] == [60, 60, 15]
    assert {q.path for q in queries} == {SPARK_PATH}
    assert {key for q in queries for key in q.keys} == set(keys)


def test_closes_are_a_spark_of_their_own() -> None:
    keys = [Key(Kind.CLOSES, "XBI"), Key(Kind.TRACE, "XBI")]
    today, years = a_feed().plan(keys)
    assert (dict(today.params)["range"], interval_of(today)) == ("1d", 300)
    assert (dict(years.params)["range"], interval_of(years)) == ("2y", 86_400)


def test_quotes_name_their_fields_and_go_by_the_batch() -> None:
    queries = a_feed().plan(details(300))
    assert [len(q.keys) for q in queries] == [LARGEST_BATCH, 50]
    assert "averageDailyVolume3Month" in dict(queries[0].params)["fields"].split(",")
    assert "crumb" not in dict(queries[0].params)


def test_every_key_is_asked_once() -> None:
    keys = [Key(kind, "IWM") for kind in Kind if kind not in OF_OTHERS]
    queries = a_feed().plan([*keys, *keys])
    assert sorted(key for q in queries for key in q.keys) == sorted(keys)


@pytest.mark.parametrize(
    ("key", "is_served"),
    [
        (Key(Kind.QUOTE, "BRK-B"), True),
        (Key(Kind.DAILY, "^VIX"), True),
        (Key(Kind.CHART, "IWM", "5D"), True),
        (Key(Kind.CHART, "IWM", "5Y"), False),
        (Key(Kind.DAILY, "^RVX"), False),
        (Key(Kind.DAILY, ""), False),
        (Key(Kind.DAILY, ".."), False),
        (Key(Kind.TRACE, "A,B"), False),
        (Key(Kind.TRACE, "A B"), False),
        (Key(Kind.HOLDINGS, "IWM"), False),
        (Key(Kind.LISTINGS, "US"), False),
        (Key(Kind.CLOSES, "@biotechnology"), False),
    ],
)
def test_what_is_served(key: Key, is_served: bool) -> None:
    feed = a_feed()
    assert feed.serves(key) is is_served
    assert bool(feed.plan([key])) is is_served


def test_a_symbol_cannot_leave_its_place_in_the_address() -> None:
    query = one_query(a_feed(), Key(Kind.INTRADAY, "../A?b#c%"))
    assert query.path == "/v8/finance/chart/..%2FA%3Fb%23c%25"

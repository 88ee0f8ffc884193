"""Contracts on the federal funds rate from Yahoo: twenty a request, closes of completed days."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from market.fed_funds_contracts import wanted_contracts
from market.feeds.yahoo.plan import SPARK_LIMIT
from market.quotes import Key, Kind
from market.sessions import exchange_date
from tests.exchange.prices import Prices
from tests.exchange.yahoo import Yahoo
from tests.market.feeds.yahoo_wire import a_feed, parsed

NOW = datetime(2026, 8, 4, 18, 32, tzinfo=UTC)
SYMBOLS = wanted_contracts(exchange_date(NOW))


def midnight(day: int) -> int:
    """Midnight in New York, with which Yahoo stamps the days of futures."""
    return int(datetime(2026, 8, day, 4, tzinfo=UTC).timestamp())


def test_all_contracts_fit_into_one_request_each_for_prices_and_closes() -> None:
    keys = [Key(kind, symbol) for symbol in SYMBOLS for kind in (Kind.TRACE, Kind.CLOSES)]
    queries = a_feed().plan(keys)
    assert len(SYMBOLS) <= SPARK_LIMIT
    assert [len(query.keys) for query in queries] == [len(SYMBOLS)] * 2
    assert dict(queries[0].params)["symbols"].split(",") == list(SYMBOLS)


def test_the_day_under_way_is_no_close() -> None:
    spark = {"timestamp": [midnight(3), midnight(4)], "close": [96.07, 96.08]}
    body = json.dumps({"ZQZ26.CBT": {"symbol": "ZQZ26.CBT", **spark}}).encode()
    (bars,) = parsed(body, NOW, Key(Kind.CLOSES, "ZQZ26.CBT")).bars
    assert list(bars.close) == [96.07]
    (later,) = parsed(body, NOW + timedelta(days=1), Key(Kind.CLOSES, "ZQZ26.CBT")).bars
    assert list(later.close) == [96.07, 96.08]


def test_a_thin_contracts_last_trade_is_told_with_its_own_time_and_delay() -> None:
    at = int((NOW - timedelta(hours=3, seconds=7)).timestamp())
    body = json.dumps({"ZQF28.CBT": {"timestamp": [at], "close": [95.9]}}).encode()
    arrived = parsed(body, NOW, Key(Kind.TRACE, "ZQF28.CBT"))
    (quote,) = arrived.quotes
    assert (quote.last, quote.delay_s) == (95.9, 600)
    assert quote.as_of == NOW - timedelta(hours=3, seconds=7)


def test_the_local_server_plays_them() -> None:
    status, spark = Yahoo(Prices(7, NOW)).spark(
        {"symbols": ",".join(SYMBOLS[:3]), "range": "2y", "interval": "1d"}, NOW
    )
    assert status == 200
    arrived = parsed(
        json.dumps(spark).encode(), NOW, *(Key(Kind.CLOSES, symbol) for symbol in SYMBOLS[:3])
    )
    assert all(95 < close < 97.5 for bars in arrived.bars for close in bars.close)
    assert [bars.key.symbol for bars in arrived.bars] == list(SYMBOLS[:3])

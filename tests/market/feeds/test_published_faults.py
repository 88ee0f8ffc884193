"""FRED, New York Fed and Treasury over a real socket: what is played, and patience."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from market.publications import publications, why_late
from market.published import Published
from market.reports import ErrorKind, FeedError
from tests.exchange import Exchange, faults
from tests.market.feeds.published_wire import NOW, key
from tests.market.feeds.real_wire import documents_of, reports_of


@pytest.fixture(scope="module")
def exchange() -> Iterator[Exchange]:
    with Exchange(now=NOW) as played:
        yield played


async def test_every_series_is_played_by_whoever_has_it(exchange: Exchange) -> None:
    for name, symbols in {
        "fred": [*publications()],
        "nyfed": ["EFFR", "DFEDTARL", "DFEDTARU", "SOFR"],
        "treasury": ["DGS3MO", "DGS2", "DGS10", "DGS30"],
    }.items():
        found = documents_of(*await reports_of(exchange, name, *map(key, symbols), now=NOW))
        assert [document.key.symbol for document in found] == symbols
        for document in found:
            assert isinstance(document, Published)
            assert document.source == name
            assert why_late(document.key.symbol, document.days[-1], NOW) == ""
            assert document.on(date(2026, 7, 3)) is None or name != "treasury"


async def test_an_unknown_series_is_absent(exchange: Exchange) -> None:
    with pytest.raises(FeedError, match=r"no such data \(HTTP 404\)") as caught:
        await reports_of(exchange, "fred", key("NOSUCH"), now=NOW)
    assert caught.value.kind is ErrorKind.ABSENT


@pytest.mark.parametrize(("name", "patience"), [("fred", "0.2 s"), ("nyfed", "0.05 s")])
async def test_fred_is_waited_for_longer_than_others(
    exchange: Exchange, name: str, patience: str
) -> None:
    exchange.fault("*", faults.hang())
    with pytest.raises(FeedError, match=f"did not answer within {patience}"):
        await reports_of(exchange, name, key("EFFR"), now=NOW, timeout_s=0.05)
    exchange.heal()

"""FRED, New York Fed and Treasury over a real socket, healthy and with faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from market.feeds.feed import Feed
from market.feeds.fred import FredFeed
from market.feeds.http import Http
from market.feeds.nyfed import NyFedFeed
from market.feeds.treasury import TreasuryFeed
from market.publications import publications, why_late
from market.published import Published
from market.reports import Arrived, ErrorKind, FeedError
from tests.exchange import Exchange, faults
from tests.exchange.faults import Fault
from tests.market.feeds.published_wire import NOW, clock, key
from tui.settings import FeedsSettings
from tui.wiring import http_of

MAKERS: dict[str, Callable[[Http, str], Feed]] = {
    "fred": lambda http, url: FredFeed(http, base_url=url, clock=clock()),
    "nyfed": lambda http, url: NyFedFeed(http, base_url=url, clock=clock()),
    "treasury": lambda http, url: TreasuryFeed(http, base_url=url, clock=clock()),
}
ONE = {"fred": "ICSA", "nyfed": "EFFR", "treasury": "DGS2"}


@pytest.fixture(scope="module")
def exchange() -> Iterator[Exchange]:
    with Exchange(now=NOW) as played:
        yield played


async def asked(exchange: Exchange, name: str, symbols: list[str], timeout_s: float) -> Arrived:
    http = Http(timeout_s=timeout_s)
    feed = MAKERS[name](http, exchange.addresses[name])
    try:
        (query,) = feed.plan([key(symbol) for symbol in symbols])
        return feed.parse(query, await feed.fetch(query), NOW)
    finally:
        await http.aclose()


async def test_every_series_is_played_by_whoever_has_it(exchange: Exchange) -> None:
    for name, groups in {
        "fred": [[symbol] for symbol in publications()],
        "nyfed": [["EFFR", "DFEDTARL", "DFEDTARU"], ["SOFR"]],
        "treasury": [["DGS3MO", "DGS2", "DGS10", "DGS30"]],
    }.items():
        for symbols in groups:
            arrived = await asked(exchange, name, symbols, 5)
            assert [document.key.symbol for document in arrived.documents] == symbols
            for document in arrived.documents:
                assert isinstance(document, Published)
                assert document.source == name
                assert why_late(document.key.symbol, document.days[-1], NOW) == ""
                assert document.on(date(2026, 7, 3)) is None or name != "treasury"


async def test_an_unknown_series_is_absent(exchange: Exchange) -> None:
    with pytest.raises(FeedError, match=r"no such data \(HTTP 404\)") as caught:
        await asked(exchange, "fred", ["NOSUCH"], 5)
    assert caught.value.kind is ErrorKind.ABSENT


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (faults.limited(7), ErrorKind.LIMITED),
        (faults.limited(), ErrorKind.LIMITED),
        (faults.forbidden(), ErrorKind.REFUSED),
        (faults.absent(), ErrorKind.ABSENT),
        (faults.server_error(), ErrorKind.UNREACHABLE),
        (faults.hang(), ErrorKind.UNREACHABLE),
        (faults.connection_reset(), ErrorKind.UNREACHABLE),
        (faults.cut_body(), ErrorKind.GARBLED),
        (faults.html_200(), ErrorKind.REFUSED),
        (faults.wrong_type(), ErrorKind.GARBLED),
        (faults.empty(), ErrorKind.GARBLED),
    ],
    ids=lambda value: value.name if isinstance(value, Fault) else str(value),
)
@pytest.mark.parametrize("name", MAKERS)
async def test_a_fault_is_told_by_its_kind(
    exchange: Exchange, name: str, fault: Fault, kind: ErrorKind
) -> None:
    exchange.heal()
    exchange.fault("*", fault)
    with pytest.raises(FeedError) as caught:
        await asked(exchange, name, [ONE[name]], 0.15 if fault.name == "hang" else 5)
    exchange.heal()
    assert caught.value.kind is kind
    assert caught.value.text.isprintable()
    if fault.name == "limited" and fault.reply and fault.reply.headers:
        assert caught.value.retry_after_s == 7.0


@pytest.mark.parametrize(("name", "patience"), [("fred", "0.2 s"), ("nyfed", "0.05 s")])
async def test_fred_is_waited_for_longer_than_others(
    exchange: Exchange, name: str, patience: str
) -> None:
    exchange.fault("*", faults.hang())
    http = http_of(FeedsSettings(timeout_s=0.05), name)
    feed = MAKERS[name](http, exchange.addresses[name])
    with pytest.raises(FeedError, match=f"did not answer within {patience}"):
        await feed.fetch(feed.plan([key("EFFR")])[0])
    exchange.heal()
    await http.aclose()

"""iShares' shares by day over a real socket, healthy and with faults."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from market.feeds.http import Http
from market.feeds.ishares import IsharesFeed
from market.fund_shares import FundDay
from market.funds import FundHistory, Issuer, funds_of
from market.quotes import Key, Kind
from market.reports import ErrorKind, FeedError
from tests.exchange import Exchange, faults
from tests.exchange.faults import Fault
from tests.exchange.members import SHARES_OUTSTANDING

NOW = datetime(2026, 7, 2, 13, 0, tzinfo=UTC)
DAY = date(2026, 7, 1)
PLANE = "get-product-data"


@pytest.fixture(scope="module")
def exchange() -> Iterator[Exchange]:
    with Exchange(now=NOW) as played:
        yield played


async def counts(exchange: Exchange, *funds: str, timeout_s: float = 5) -> list[FundHistory]:
    http = Http(timeout_s=timeout_s)
    feed = IsharesFeed(http, base_url=exchange.ishares_url)
    found: list[FundHistory] = []
    try:
        for query in feed.plan([Key(Kind.FUND, fund) for fund in funds]):
            (document,) = feed.parse(query, await feed.fetch(query), NOW).documents
            assert isinstance(document, FundHistory)
            found.append(document)
    finally:
        await http.aclose()
    return found


async def test_every_fund_is_told_by_day(exchange: Exchange) -> None:
    funds = sorted(funds_of(Issuer.ISHARES))
    found = await counts(exchange, *funds)
    assert [each.key.symbol for each in found] == funds
    for each in found:
        assert not each.is_recorded
        assert each.days[-1].day == DAY
        assert len(each.days) > 250
        assert all(row.shares and row.nav for row in each.days)
    assert len(exchange.asked("product-screener")) == 1, "the list of funds is asked for once"


@pytest.mark.parametrize(
    "fault", [faults.absent(), faults.forbidden(), faults.html_200(), faults.cut_body()]
)
async def test_the_holdings_file_stands_in_while_the_plane_fails(
    exchange: Exchange, fault: Fault
) -> None:
    exchange.fault(PLANE, fault)
    (found,) = await counts(exchange, "IWM")
    exchange.heal()
    assert found.is_recorded
    assert found.days == (FundDay(DAY, SHARES_OUTSTANDING),)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (faults.limited(7), ErrorKind.LIMITED),
        (faults.limited(), ErrorKind.LIMITED),
        (faults.server_error(), ErrorKind.UNREACHABLE),
        (faults.hang(), ErrorKind.UNREACHABLE),
        (faults.html_200(), ErrorKind.REFUSED),
        (faults.absent(), ErrorKind.ABSENT),
    ],
    ids=lambda value: value.name if isinstance(value, Fault) else str(value),
)
async def test_a_fault_of_the_whole_host_is_told_by_its_kind(
    exchange: Exchange, fault: Fault, kind: ErrorKind
) -> None:
    exchange.fault("*", fault)
    with pytest.raises(FeedError) as caught:
        await counts(exchange, "IWM", timeout_s=0.15 if fault.name == "hang" else 5)
    exchange.heal()
    assert caught.value.kind is kind
    assert caught.value.text.isprintable()

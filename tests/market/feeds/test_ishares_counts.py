"""iShares' shares by day over a real socket, and what stands in for them."""

from __future__ import annotations

from datetime import date

import pytest

from market.fund_shares import FundDay
from market.funds import FundHistory, Issuer, funds_of
from market.quotes import Key, Kind
from tests.exchange import Exchange, faults
from tests.exchange.faults import Fault
from tests.exchange.members import SHARES_OUTSTANDING
from tests.market.feeds.real_wire import documents_of, reports_of

DAY = date(2026, 7, 1)
PLANE = "get-product-data"


async def test_every_fund_is_told_by_day(afternoon: Exchange) -> None:
    before = len(afternoon.asked("product-screener"))
    keys = [Key(Kind.FUND, fund) for fund in sorted(funds_of(Issuer.ISHARES))]
    found = documents_of(*await reports_of(afternoon, "ishares", *keys))
    assert [each.key for each in found] == keys
    for each in found:
        assert isinstance(each, FundHistory)
        assert not each.is_recorded
        assert each.days[-1].day == DAY
        assert len(each.days) > 250
        assert all(row.shares and row.nav for row in each.days)
    asked = len(afternoon.asked("product-screener")) - before
    assert asked == 1, "the list of funds is asked for once"


@pytest.mark.parametrize(
    "fault", [faults.absent(), faults.forbidden(), faults.html_200(), faults.cut_body()]
)
async def test_the_holdings_file_stands_in_while_the_plane_fails(
    afternoon: Exchange, fault: Fault
) -> None:
    afternoon.fault(PLANE, fault)
    key = Key(Kind.FUND, "IWM")
    (found,) = documents_of(*await reports_of(afternoon, "ishares", key))
    assert isinstance(found, FundHistory)
    assert found.is_recorded
    assert found.days == (FundDay(DAY, SHARES_OUTSTANDING),)

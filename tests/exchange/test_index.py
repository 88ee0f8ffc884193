"""The index that the local server plays: its feeds agree, and the nights bring what they should."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from market.feeds.ishares.feed import read_table
from market.feeds.ishares.members import holdings_of
from market.feeds.nasdaq_screener import read_listings
from market.holdings import Holdings, Listings
from market.membership import changes_between
from market.reports import FeedError
from tests.clocks import THURSDAY_AFTERNOON
from tests.exchange import Exchange, faults
from tests.exchange.ishares import FUNDS, Ishares, newest_day
from tests.exchange.members import COUNT, MISPRINTED, SPLITTER, UNLISTED, members
from tests.exchange.nasdaq import Nasdaq
from tests.exchange.prices import Prices

THURSDAY, MONDAY = date(2026, 7, 2), datetime(2026, 7, 6, 15, 0, tzinfo=UTC)
PRICES = Prices(7, THURSDAY_AFTERNOON)


def holdings(day: date, fund: str = "IWM") -> Holdings:
    return holdings_of(read_table(Ishares(PRICES).file(fund, day), fund), fund, MONDAY)[0]


def listings(now: datetime) -> Listings:
    return read_listings(Nasdaq(PRICES).screener(now), now)[0]


def test_file_and_plane_tell_the_same_with_all_traps() -> None:
    file = holdings(date(2026, 7, 1))
    kinds = dict(file.left_out)
    assert kinds == {"cash": 4, "futures": 1, "rights and escrow": 4, "duplicates": 1}
    assert len(file) == COUNT
    number, _, _ = FUNDS["IWM"]
    body, _ = Ishares(PRICES).answer(
        "/varnish-api/x", {"portfolioId": str(number)}, THURSDAY_AFTERNOON
    )
    plane, _ = holdings_of(read_table(body, "IWM"), "IWM", THURSDAY_AFTERNOON)
    assert (plane.symbols, plane.day) == (file.symbols, file.day)


def test_the_plane_has_no_rows_for_a_weekend() -> None:
    asked = {"portfolioId": str(FUNDS["IWM"][0]), "asOfDate": "20260627"}
    body, _ = Ishares(PRICES).answer("/varnish-api/x", asked, THURSDAY_AFTERNOON)
    with pytest.raises(FeedError, match="for that day"):
        read_table(body, "IWM")


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 7, 2, 11, 29, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 7, 2, 11, 30, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 4, 15, 0, tzinfo=UTC), date(2026, 7, 1)),
        (MONDAY, THURSDAY),
    ],
)
def test_holdings_appear_on_the_next_business_morning(now: datetime, day: date) -> None:
    assert newest_day(now) == day


def test_one_joins_one_leaves_one_is_renamed_after_the_first_day() -> None:
    changes = changes_between(holdings(date(2026, 7, 1)), holdings(THURSDAY))
    assert sorted((c.is_addition, bool(c.renamed_to)) for c in changes) == [
        (False, False),
        (False, True),
        (True, False),
    ]


@pytest.mark.parametrize("now", [THURSDAY_AFTERNOON, MONDAY])
def test_the_members_add_up_to_the_index(now: datetime) -> None:
    found, file = listings(now), holdings(newest_day(now))
    rows = {symbol: row for row, symbol in enumerate(found.symbols)}
    odd = {members()[MISPRINTED].symbol, members()[SPLITTER].symbol}
    held = [
        (quantity * (found.last[row] - found.change[row]), quantity * found.change[row])
        for symbol, quantity in zip(file.symbols, file.quantity, strict=True)
        if symbol not in odd and (row := rows.get(symbol)) is not None
    ]
    move = sum(change for _, change in held) / sum(before for before, _ in held)
    before = PRICES.closes.before("^RUT", now.date())
    assert move == pytest.approx(PRICES.price("^RUT", now) / before - 1, abs=25e-4)


def test_the_screener_has_the_market_and_lacks_one_member() -> None:
    found = listings(THURSDAY_AFTERNOON)
    assert len(found) > 3000
    missing = {member.symbol for member in members()} - set(found.symbols)
    assert missing == {members()[UNLISTED].symbol}
    assert "XXPF-PA" in found.symbols


def test_a_split_halves_the_prices_everywhere() -> None:
    symbol = members()[SPLITTER].symbol
    path = f"/v8/finance/chart/{symbol}?range=5d&interval=1d&events=div,splits"
    closes: list[float] = []
    for now in (THURSDAY_AFTERNOON, MONDAY):
        moment = [THURSDAY_AFTERNOON]
        with Exchange(now=lambda moment=moment: moment[0]) as exchange:
            moment[0] = now
            result: dict[str, Any] = httpx.get(exchange.url + path).json()["chart"]["result"][0]
        closes.append(result["indicators"]["quote"][0]["close"][1 if now == MONDAY else 3])
    assert "splits" in result["events"]
    before = PRICES.closes.at(symbol, date(2026, 7, 1))
    assert closes[0] == before
    assert closes[1] in {round(before / 2, 4), round(PRICES.closes.at(symbol, THURSDAY) / 2, 4)} | {
        round(PRICES.closes.at(symbol, date(2026, 6, 30)) / 2, 4)
    }


def test_a_batch_of_pages_has_an_end() -> None:
    with Exchange(now=THURSDAY_AFTERNOON) as exchange, httpx.Client() as client:
        client.get(f"{exchange.url}/quote/IWM")
        crumb = client.get(f"{exchange.url}/v1/test/getcrumb").text
        asked = {"symbols": ",".join(m.symbol for m in members()[:251]), "crumb": crumb}
        assert client.get(f"{exchange.url}/v7/finance/quote", params=asked).status_code == 400


@pytest.mark.parametrize(
    ("fault", "rows"), [(faults.empty_screener(), 0), (faults.short_screener(), 370)]
)
def test_a_screener_may_come_short(fault: faults.Fault, rows: int) -> None:
    with Exchange(now=THURSDAY_AFTERNOON) as exchange:
        exchange.fault("/screener", fault)
        body = httpx.get(f"{exchange.nasdaq_url}/screener/stocks").content
    assert len(json.loads(body)["data"]["rows"]) == pytest.approx(rows, abs=2)

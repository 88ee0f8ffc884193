"""The JSON plane: holdings of any day, a fund's own history, and the list of funds."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.feeds.ishares.feed import read_shares
from market.feeds.ishares.plane import Product, read_history, read_products
from market.fund_shares import FundDay
from market.funds import KEPT_DAYS, FundHistory
from market.quotes import Key, Kind
from market.reports import ErrorKind, FeedError
from tests.market.feeds.ishares_wire import (
    BIG,
    CASH,
    CLAIMS,
    DAY,
    FUTURE,
    MEMBERS,
    NOW,
    Addresses,
    Held,
    a_feed,
    enveloped,
    file_of,
    holdings,
    parsed,
    plane_of,
    products_of,
)

COUNTS = Key(Kind.FUND, "IWM")
ALL = (*MEMBERS, *CASH, *CLAIMS, FUTURE)


def test_the_plane_and_the_file_tell_the_same() -> None:
    by_plane, by_file = holdings(plane_of(*ALL)), holdings(file_of(*ALL))
    assert by_plane.day == by_file.day == DAY
    assert by_plane.symbols == by_file.symbols
    assert by_plane.sectors == by_file.sectors
    assert by_plane.left_out == by_file.left_out
    assert list(by_plane.market_value) == pytest.approx(list(by_file.market_value))
    assert by_plane.shares_outstanding is None, "the plane tells them elsewhere"


@pytest.mark.parametrize("day", [20260701, [20260701], "20260701", "Jul 01, 2026", 20260701.0])
def test_the_day_in_any_dress(day: object) -> None:
    assert holdings(plane_of(*MEMBERS, day=day)).day == DAY


def test_a_missing_cell_costs_its_row() -> None:
    rows = [replace(row, weight=33.3) for row in MEMBERS]
    arrived = parsed(plane_of(*rows, unitPrice=["-", 300.0, 3.5]))
    assert arrived.holdings[0].symbols == ("MOG-A", "ZEST")
    assert len(arrived.lost) == 1


def test_numbers_may_be_written_out() -> None:
    found = holdings(plane_of(BIG, holdingPercent=["99.9"], marketValue=["1,532,500,000.00"]))
    assert list(found.market_value) == [1_532_500_000.0]


def test_columns_that_are_not_needed_may_be_missing_or_short() -> None:
    found = holdings(plane_of(*MEMBERS, exchange=..., marketCurrencyCode=["USD"], sedol=None))
    assert len(found) == 3


@pytest.mark.parametrize("empty", [[], None, ...])
def test_a_day_without_holdings_is_absent(empty: object) -> None:
    names = ("ticker", "issueName", "sectorName", "assetClass", "holdingPercent", "marketValue")
    nothing = dict.fromkeys((*names, "unitsHeld", "unitPrice"), empty)
    with pytest.raises(FeedError, match="no holdings of IWM for that day") as caught:
        parsed(plane_of(**nothing))
    assert caught.value.kind is ErrorKind.ABSENT


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{}", "not what was agreed"),
        (b"[]", "not what was agreed"),
        (plane_of(*MEMBERS)[:-40], "not what was agreed"),
        (b'{"componentsByNameMap": {}}', r"has no `holdings\.all`"),
        (b'{"componentsByNameMap": {"holdings": {}}}', r"has no `holdings\.all`"),
        (
            b'{"componentsByNameMap": {"holdings": {"containersByNameMap": {"all": {}}}}}',
            r"has no `holdings\.all`",
        ),
        (plane_of(*MEMBERS, day=None), "does not say of which day"),
        (plane_of(*MEMBERS, day="-"), "does not say of which day"),
        (plane_of(*MEMBERS, day=[]), "does not say of which day"),
        (plane_of(*MEMBERS, ticker=["AMPL"]), "missing or of different length"),
        (plane_of(*MEMBERS, unitPrice=...), "missing or of different length"),
        (plane_of(*MEMBERS[1:]), "add up to 40 %"),
        (plane_of(*MEMBERS).replace(b'"IWM"', b'"IVV"'), "they are those of IVV"),
        (plane_of(*MEMBERS, day=20260704), "yet to come"),
    ],
)
def test_an_answer_is_refused_with_its_reason(body: bytes, words: str) -> None:
    with pytest.raises(FeedError, match=words) as caught:
        parsed(body)
    assert caught.value.kind is ErrorKind.GARBLED


def test_holdings_of_another_day_than_asked_for_are_absent() -> None:
    key = Key(Kind.HOLDINGS, "IWM", "2026-06-30")
    with pytest.raises(FeedError, match="for 2026-06-30: it sent those of 2026-07-01") as caught:
        parsed(plane_of(*MEMBERS), key)
    assert caught.value.kind is ErrorKind.ABSENT
    assert holdings(plane_of(*MEMBERS, day=20260630), key).day == date(2026, 6, 30)


# A fund's history


def history_body(**columns: object) -> bytes:
    return json.dumps(enveloped("fundDownload", "historical", columns)).encode()


def history_of(**columns: object) -> FundHistory:
    return read_history(history_body(**columns), "IWM", NOW)


def test_a_history_comes_oldest_first() -> None:
    found = history_of(
        asof=[20260707, 20260701, 20260630, "-"],
        nav=[300.0, "298.51", 297.0, 1.0],
        exDividends=["-", "-", 0.71, "-"],
        sharesOutstanding=[1.0, 278_750_000.0, "-", 1.0],
    )
    assert (found.key, found.source, found.fetched_at) == (COUNTS, "ishares", NOW)
    assert not found.is_recorded
    assert found.days == (
        FundDay(date(2026, 6, 30), None, 297.0),
        FundDay(date(2026, 7, 1), 278_750_000, 298.51),
    ), "no day that is yet to come"


def test_a_history_keeps_its_newest_days() -> None:
    days = [f"{date(2026, 7, 1) - timedelta(days=n):%Y%m%d}" for n in range(KEPT_DAYS + 9)]
    found = history_of(asof=days, nav=[1.0] * len(days), sharesOutstanding=[2.0] * len(days))
    assert (len(found.days), found.days[-1].day) == (KEPT_DAYS, DAY)


def test_a_history_with_nothing_in_it_is_absent() -> None:
    with pytest.raises(FeedError, match="history of its shares has no rows") as caught:
        history_of(asof=[], nav=[], sharesOutstanding=[])
    assert caught.value.kind is ErrorKind.ABSENT
    with pytest.raises(FeedError, match="no day that has come"):
        history_of(asof=["20991231"], nav=[1.0], sharesOutstanding=[1.0])


def test_a_history_with_columns_of_different_length_is_garbled() -> None:
    with pytest.raises(FeedError, match="different length"):
        history_of(asof=[20260701], nav=[298.5], sharesOutstanding=[])


def test_the_holdings_file_stands_in_for_the_history_with_one_day() -> None:
    found = read_shares(file_of(*MEMBERS), "IWM", NOW)
    assert found.is_recorded
    assert (found.key, found.days) == (COUNTS, (FundDay(DAY, 278_750_000),))
    with pytest.raises(FeedError, match="no holdings of IWM with a count of its shares"):
        read_shares(file_of(*MEMBERS, outstanding="-"), "IWM", NOW)
    with pytest.raises(FeedError, match="yet to come"):
        read_shares(file_of(*MEMBERS, day="Jul 03, 2026"), "IWM", NOW)


async def test_counts_are_asked_of_the_plane_and_then_of_the_file() -> None:
    good = history_body(asof=[20260701], nav=[298.5], sharesOutstanding=[2e8])
    for plane, asked, is_recorded in (
        (good, ["get-product-data"], False),
        (b"{}", ["get-product-data", "latest-holdings.csv"], True),
        (404, ["get-product-data", "latest-holdings.csv"], True),
    ):
        http = Addresses({"get-product-data": plane, "latest-holdings.csv": file_of(*MEMBERS)})
        feed = a_feed(http)
        assert feed.serves(COUNTS)
        (query,) = feed.plan([COUNTS])
        arrived = feed.parse(query, await feed.fetch(query), NOW)
        (document,) = arrived.documents
        assert isinstance(document, FundHistory)
        assert (document.is_recorded, http.ends()) == (is_recorded, asked)
        assert dict(http.asked[0].params)["component"] == "fundDownload"
    http = Addresses({"latest-holdings.csv": 404})
    feed = a_feed(http)
    with pytest.raises(FeedError) as caught:
        await feed.fetch(feed.plan([COUNTS])[0])
    assert caught.value.kind is ErrorKind.ABSENT


# The list of funds


def test_the_list_tells_number_and_page() -> None:
    page = "/us/products/239771/ishares-expanded-tech-software-sector-etf"
    found = read_products(products_of(IGV=(239771, page), ARTY=("297905", None)))
    assert found == {"IGV": Product(239771, page), "ARTY": Product(297905, "")}


@pytest.mark.parametrize(
    "page", ["https://evil.example/us/products/1/x", "/us/products/1/../../x", "//evil", 7, "?"]
)
def test_a_page_that_leads_elsewhere_is_not_used(page: object) -> None:
    assert read_products(products_of(IGV=(239771, page)))["IGV"].page == ""


@pytest.mark.parametrize("body", [b"{}", b"[]", b"", b'{"1": 2}', products_of(IGV=(-1, ""))])
def test_a_list_without_funds_is_garbled(body: bytes) -> None:
    with pytest.raises(FeedError) as caught:
        read_products(body)
    assert caught.value.kind is ErrorKind.GARBLED


def test_a_page_instead_of_the_list_is_a_refusal() -> None:
    with pytest.raises(FeedError, match="web page instead of its list of funds"):
        read_products(b"<html>")


# Whatever may come

VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
JSON = st.recursive(
    VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    [
        *("ticker", "issueName", "sectorName", "assetClass", "marketValue", "unitsHeld"),
        *("unitPrice", "holdingPercent", "exchange", "marketCurrencyCode", "asOfDate"),
    ]
)


def survives(body: bytes) -> None:
    try:
        arrived = parsed(body)
    except FeedError as error:
        arrived, text = None, error.text
    else:
        text = ""
    assert text.isprintable()
    if arrived is None:
        return
    (found,) = arrived.holdings
    assert len(set(found.symbols)) == len(found) > 0
    assert all(text.isprintable() for text in (*found.symbols, *found.names, *arrived.lost))
    assert all(0 < n < math.inf for n in (*found.market_value, *found.quantity, *found.price))


@given(columns=st.dictionaries(NAMES, JSON | st.lists(JSON, min_size=3, max_size=3), max_size=3))
def test_columns_of_any_type_are_read_or_refused(columns: Mapping[str, object]) -> None:
    day = columns.get("asOfDate", 20260701)
    rest = {name: value for name, value in columns.items() if name != "asOfDate"}
    survives(plane_of(*MEMBERS, day=day, **rest))


SEED = plane_of(*MEMBERS, Held("-", "X Prvt"))


@given(at=st.integers(0, len(SEED)), junk=st.binary(max_size=8))
def test_damaged_answers_are_read_or_refused(at: int, junk: bytes) -> None:
    survives(SEED[:at])
    survives(SEED[:at] + junk + SEED[at:])
    survives(SEED[:at] + junk + SEED[at + len(junk) :])


@given(JSON)
def test_histories_and_lists_of_any_shape_are_read_or_refused(value: object) -> None:
    for document in (value, enveloped("fundDownload", "historical", {"asof": value}), {"1": value}):
        body = json.dumps(document).encode()
        said = ""
        try:
            read_products(body)
            read_history(body, "IWM", NOW)
        except FeedError as error:
            said = error.text
        assert said.isprintable()

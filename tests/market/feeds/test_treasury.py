"""The Treasury's yields: two years of one table each, CSV first, XML where that fails."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.feeds.treasury import BETWEEN, TreasuryFeed
from market.quotes import Key, Kind
from market.reports import Arrived, ErrorKind, FeedError
from tests.market.feeds.published_wire import NOW, WEB_PAGE, clock, in_turn, key, parsed, series
from tests.shared import PAYLOADS, needs_shared

YIELDS = ("DGS3MO", "DGS2", "DGS10", "DGS30")
HEADER = (
    'Date,"1 Mo","1.5 Month","2 Mo","3 Mo","4 Mo","6 Mo","1 Yr","2 Yr","3 Yr","5 Yr","7 Yr",'
    '"10 Yr","20 Yr","30 Yr"'
)
ROW = "3.70,3.70,3.71,3.71,3.72,3.73,3.72,4.14,4.16,4.21,4.33,4.48,4.99,4.97"
TABLE = f"{HEADER}\n08/03/2026,{ROW}\n07/31/2026,{ROW}\n".encode()
LAST_YEAR = f"{HEADER}\n12/31/2025,{ROW.replace('4.48', '4.18')}\n".encode()
XML = (
    b'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><entry>'
    b'<content type="application/xml"><m:properties><d:Id m:type="Edm.Int32">9</d:Id>'
    b'<d:NEW_DATE m:type="Edm.DateTime">2026-08-03T00:00:00</d:NEW_DATE>'
    b'<d:BC_1_5MONTH m:type="Edm.Double" m:null="true" />'
    b'<d:BC_3MONTH m:type="Edm.Double">3.71</d:BC_3MONTH>'
    b'<d:BC_2YEAR m:type="Edm.Double">4.14</d:BC_2YEAR>'
    b'<d:BC_10YEAR m:type="Edm.Double">4.48</d:BC_10YEAR>'
    b'<d:BC_30YEARDISPLAY m:type="Edm.Double">4.97</d:BC_30YEARDISPLAY>'
    b"</m:properties></content></entry></feed>"
)
LIMITED = FeedError(ErrorKind.LIMITED, "too many", 60.0)


def a_feed(*answers: bytes | int | FeedError, now: datetime = NOW, **more: Any) -> TreasuryFeed:
    return TreasuryFeed(in_turn(*answers), clock=clock(now), **more)


def read(body: bytes, *symbols: str, now: datetime = NOW) -> Arrived:
    return parsed(a_feed(now=now), body, *(symbols or YIELDS), now=now)


async def fetched(
    *answers: bytes | int | FeedError, now: datetime = NOW
) -> tuple[Arrived, list[tuple[str, bool]]]:
    """What came of these answers in turn, and what was asked: year and form, and who paid."""
    http = in_turn(*answers)
    feed = TreasuryFeed(http, clock=clock(now))
    (query,) = feed.plan([key(symbol) for symbol in YIELDS])
    arrived = feed.parse(query, await feed.fetch(query), now)
    asked = [
        (f"{dict(r.params)['field_tdr_date_value']} {r.url.rsplit('/', 1)[1]}", r.is_extra)
        for r in http.asked
    ]
    return arrived, asked


async def test_all_tenors_come_with_one_answer_about_two_years() -> None:
    arrived, asked = await fetched(TABLE, LAST_YEAR)
    assert asked == [("2026 all", False), ("2025 all", True)]
    ten = series(arrived, "DGS10")
    assert ten.days == (date(2025, 12, 31), date(2026, 7, 31), date(2026, 8, 3))
    assert ten.values == (4.18, 4.48, 4.48)
    assert [series(arrived, symbol).values[-1] for symbol in YIELDS] == [3.71, 4.14, 4.48, 4.97]


async def test_the_request_is_the_page_s_own() -> None:
    http = in_turn(TABLE, LAST_YEAR, TABLE)
    feed = TreasuryFeed(http, clock=clock())
    (query,) = feed.plan([key("DGS2"), Key(Kind.QUOTE, "DGS2"), key("EFFR")])
    assert query.keys == (key("DGS2"),)
    await feed.fetch(query)
    base = "https://home.treasury.gov/resource-center/data-chart-center/interest-rates"
    assert http.asked[0].url == f"{base}/daily-treasury-rates.csv/2026/all"
    assert dict(http.asked[0].params) == {
        "type": "daily_treasury_yield_curve",
        "field_tdr_date_value": "2026",
        "page": "",
        "_format": "csv",
    }


async def test_a_tenor_that_is_wanted_a_little_later_costs_no_request() -> None:
    http, time = in_turn(TABLE, LAST_YEAR, TABLE), clock()
    feed = TreasuryFeed(http, clock=time)
    queries = [feed.plan([key(symbol)])[0] for symbol in YIELDS]
    answers = await asyncio.gather(*map(feed.fetch, queries))
    assert len({answer.body for answer in answers}) == 1
    assert len(http.asked) == 2
    await time.push(600, 60)
    await feed.fetch(queries[0])
    assert len(http.asked) == 3, "a year that is over is asked for once"


@pytest.mark.parametrize("failure", [403, 404, WEB_PAGE, b"", b"nonsense"])
async def test_where_the_csv_fails_the_xml_is_asked_for(failure: bytes | int) -> None:
    arrived, asked = await fetched(failure, XML, LAST_YEAR)
    assert asked == [("2026 all", False), ("2026 xml", True), ("2025 all", True)]
    assert [series(arrived, symbol).values[-1] for symbol in YIELDS] == [3.71, 4.14, 4.48, 4.97]


@pytest.mark.parametrize(
    ("answers", "kind", "asked"),
    [
        ((LIMITED,), ErrorKind.LIMITED, 1),
        ((503,), ErrorKind.UNREACHABLE, 1),
        ((403, LIMITED), ErrorKind.LIMITED, 2),
        ((403, 503), ErrorKind.REFUSED, 2),
        ((WEB_PAGE, WEB_PAGE), ErrorKind.REFUSED, 2),
        ((404, 404, 404, 404), ErrorKind.ABSENT, 4),
    ],
)
async def test_no_more_is_asked_than_can_help(
    answers: tuple[bytes | int | FeedError, ...], kind: ErrorKind, asked: int
) -> None:
    http = in_turn(*answers)
    feed = TreasuryFeed(http, clock=clock())
    with pytest.raises(FeedError) as caught:
        await feed.fetch(feed.plan([key("DGS2")])[0])
    assert (caught.value.kind, len(http.asked)) == (kind, asked)


async def test_without_the_last_year_this_one_is_told() -> None:
    arrived, asked = await fetched(TABLE, 503)
    assert len(asked) == 2
    assert len(series(arrived, "DGS2")) == 2


@pytest.mark.parametrize("answers", [(404, 404), (f"{HEADER}\n".encode(),)])
async def test_on_new_year_the_last_year_is_told(answers: tuple[bytes | int, ...]) -> None:
    new_year = datetime(2026, 1, 2, 14, 0, tzinfo=UTC)
    arrived, asked = await fetched(*answers, LAST_YEAR, now=new_year)
    assert asked[-1] == ("2025 all", True)
    assert series(arrived, "DGS10").days == (date(2025, 12, 31),)


def test_both_forms_may_stand_side_by_side() -> None:
    told = series(read(LAST_YEAR + BETWEEN + XML), "DGS10")
    assert (told.days[0], told.values) == (date(2025, 12, 31), (4.18, 4.48))


def test_a_column_that_is_not_there_is_absent() -> None:
    arrived = read(b'Date,"10 Yr"\n08/03/2026,4.48\n')
    assert [each.key.symbol for each in arrived.absent] == ["DGS3MO", "DGS2", "DGS30"]


def test_a_missing_cell_is_missing_and_a_bad_row_is_told() -> None:
    rows = "08/03/2026,4.48\n07/31/2026,N/A\n07/30/2026,\n31/07/2026,4.5\n07/29/2026,x\n\n"
    arrived = read(f'Date,"10 Yr"\n{rows}'.encode(), "DGS10")
    assert series(arrived, "DGS10").values == (4.48,)
    assert len(arrived.lost) == 2


def test_entities_are_not_expanded() -> None:
    bomb = XML.replace(b"<feed", b'<!DOCTYPE x [<!ENTITY a "4">]><feed').replace(b"4.48", b"&a;")
    with pytest.raises(FeedError, match="no value of DGS10"):
        read(bomb, "DGS10")


@given(st.binary(max_size=150))
def test_no_body_makes_it_fail_otherwise(body: bytes) -> None:
    for told in (body, b'Date,"10 Yr"\n' + body, b"<feed><m:properties>" + body):
        days: tuple[date, ...] = ()
        with suppress(FeedError):
            days = series(read(told, "DGS10"), "DGS10").days
        assert list(days) == sorted(set(days))


@needs_shared
def test_the_recorded_shape_is_understood() -> None:
    bodies = sorted((PAYLOADS / "treasury").rglob("*.xml"))
    assert bodies
    for path in bodies:
        now = datetime(2026, 8, 13, 15, tzinfo=UTC)
        arrived = read(path.read_bytes(), now=now)
        assert series(arrived, "DGS3MO").days == (date(2026, 8, 12),)
        assert series(arrived, "DGS3MO").values == (3.87,)
        assert series(arrived, "DGS10").values == (4.68,)
        assert [each.key.symbol for each in arrived.absent] == ["DGS2", "DGS30"]

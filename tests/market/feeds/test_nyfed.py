"""The New York Fed: one request a rate, the target range along with EFFR."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.feeds.nyfed import NyFedFeed
from market.quotes import Key, Kind
from market.reports import Arrived, ErrorKind, FeedError
from tests.market.feeds.published_wire import NOW, WEB_PAGE, clock, in_turn, key, parsed, series

RANGE = ("EFFR", "DFEDTARL", "DFEDTARU")


def a_feed(*answers: bytes | int | FeedError, **addresses: Any) -> NyFedFeed:
    return NyFedFeed(in_turn(*answers), clock=clock(), **addresses)


def row(day: str = "2026-08-03", **changes: object) -> dict[str, object]:
    """A sound row of EFFR with some of it changed."""
    return {
        "effectiveDate": day,
        "type": "EFFR",
        "percentRate": 3.63,
        "percentPercentile1": 3.6,
        "percentPercentile99": 3.65,
        "targetRateFrom": 3.5,
        "targetRateTo": 3.75,
        "volumeInBillions": 114,
        "revisionIndicator": "",
        **changes,
    }


def body(*rows: object) -> bytes:
    return json.dumps({"refRates": list(rows)}).encode()


def read(raw: bytes, *symbols: str) -> Arrived:
    return parsed(a_feed(), raw, *(symbols or RANGE))


async def test_the_range_comes_with_the_rate_and_sofr_alone() -> None:
    http = in_turn(b"", b"")
    feed = NyFedFeed(http, clock=clock())
    wanted = [key(symbol) for symbol in ("DFEDTARU", "SOFR", "EFFR", "DFEDTARL", "IORB")]
    queries = feed.plan([*wanted, Key(Kind.QUOTE, "EFFR")])
    assert [{k.symbol for k in query.keys} for query in queries] == [set(RANGE), {"SOFR"}]
    for query in queries:
        await feed.fetch(query)
    root = "https://markets.newyorkfed.org/api/rates"
    assert [request.url for request in http.asked] == [
        f"{root}/unsecured/effr/search.json",
        f"{root}/secured/sofr/search.json",
    ]
    days = {"startDate": "2024-05-26", "endDate": "2026-08-04"}
    assert [dict(request.params) for request in http.asked] == [days, days]


def test_one_answer_tells_three_series() -> None:
    arrived = read(body(row(), row("2026-07-31", percentRate=3.64)))
    assert {document.key for document in arrived.documents} == {key(s) for s in RANGE}
    effr = series(arrived, "EFFR")
    assert (effr.days, effr.values) == ((date(2026, 7, 31), date(2026, 8, 3)), (3.64, 3.63))
    assert (effr.source, effr.fetched_at) == ("nyfed", NOW)
    assert series(arrived, "DFEDTARL").values == (3.5, 3.5)
    assert series(arrived, "DFEDTARU").values == (3.75, 3.75)


def test_sofr_has_no_range() -> None:
    raw = row(type="SOFR", percentRate="3.66")
    del raw["targetRateFrom"], raw["targetRateTo"]
    assert series(read(body(raw), "SOFR"), "SOFR").values == (3.66,)


def test_a_range_that_is_not_told_is_absent() -> None:
    arrived = read(body(row(targetRateFrom=None, targetRateTo="NA")))
    assert [each.key.symbol for each in arrived.absent] == ["DFEDTARL", "DFEDTARU"]
    assert series(arrived, "EFFR").values == (3.63,)


def test_rows_that_make_no_sense_are_left_out_whole() -> None:
    odd = (
        row(type="SOFR"),
        row("3 August"),
        row("2026-07-30", percentRate="many"),
        row("2026-07-29", targetRateTo=[]),
        7,
    )
    arrived = read(body(*odd, row()))
    assert len(arrived.lost) == len(odd)
    assert all(series(arrived, symbol).days == (date(2026, 8, 3),) for symbol in RANGE)


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"", ErrorKind.GARBLED),
        (WEB_PAGE, ErrorKind.REFUSED),
        (b"[]", ErrorKind.GARBLED),
        (b'{"refRates": 7}', ErrorKind.GARBLED),
        (b'{"refRates": [{"effec', ErrorKind.GARBLED),
        (body(), ErrorKind.ABSENT),
        (body(row(type="OBFR")), ErrorKind.GARBLED),
    ],
)
def test_what_is_no_rate_is_refused_with_a_reason(raw: bytes, kind: ErrorKind) -> None:
    with pytest.raises(FeedError) as caught:
        read(raw)
    assert caught.value.kind is kind
    assert caught.value.text.isprintable()


@given(st.binary(max_size=120))
def test_no_body_makes_it_fail_otherwise(raw: bytes) -> None:
    for told in (raw, b'{"refRates":[' + raw + b"]}"):
        with pytest.raises(FeedError):
            read(told)

"""FRED: what is asked, which tables are understood, and what is missing in them."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.feeds.fred import FredFeed
from market.quotes import Key, Kind
from market.reports import Arrived, ErrorKind, FeedError
from tests.market.feeds.published_wire import NOW, WEB_PAGE, clock, in_turn, key, parsed, series
from tests.shared import PAYLOADS, needs_shared

RECORDED = PAYLOADS / "fred" / "fredgraph_csv"
KEYED = PAYLOADS / "fred_api_keyed"


def a_feed(*answers: bytes | int | FeedError, **addresses: Any) -> FredFeed:
    return FredFeed(in_turn(*answers), clock=clock(), **addresses)


def read(body: bytes, symbol: str = "DGS10") -> Arrived:
    return parsed(a_feed(), body, symbol)


async def test_one_series_a_request_with_six_years_of_history() -> None:
    http = in_turn(b"", b"")
    feed = FredFeed(http, clock=clock())
    queries = feed.plan([key("DGS10"), key("ICSA"), key("DGS10"), Key(Kind.CLOSES, "DGS10")])
    for query in queries:
        await feed.fetch(query)
    assert [request.url for request in http.asked] == [
        "https://fred.stlouisfed.org/graph/fredgraph.csv"
    ] * 2
    assert [dict(request.params) for request in http.asked] == [
        {"id": "DGS10", "cosd": "2020-01-01"},
        {"id": "ICSA", "cosd": "2020-01-01"},
    ]
    assert not any(request.is_extra for request in http.asked)


@pytest.mark.parametrize(
    ("wanted", "is_served"),
    [
        (key("CPIAUCNS"), True),
        (key("MORTGAGE30US"), True),
        (key("^RUT"), False),
        (key("ZQZ26.CBT"), False),
        (key("X" * 41), False),
        (Key(Kind.QUOTE, "CPIAUCNS"), False),
    ],
)
def test_published_series_are_served_and_nothing_else(wanted: Key, is_served: bool) -> None:
    assert a_feed().serves(wanted) is is_served


def test_another_server_can_stand_in() -> None:
    feed = a_feed(base_url="http://127.0.0.1:8123/fred/")
    assert feed.host(feed.plan([key("DGS2")])[0]) == "127.0.0.1:8123"


@pytest.mark.parametrize("title", ["observation_date", "DATE"])
@pytest.mark.parametrize("missing", ["", ".", " "])
def test_both_headers_and_both_ways_of_missing(title: str, missing: str) -> None:
    body = f"{title},DGS10\n2026-06-18,4.47\n2026-06-19,{missing}\n2026-06-22,4.50\n"
    told = series(read(body.encode()), "DGS10")
    assert told.days == (date(2026, 6, 18), date(2026, 6, 22))
    assert told.values == (4.47, 4.50)
    assert (told.source, told.fetched_at) == ("fred", NOW)


def test_its_own_column_is_taken_of_several() -> None:
    body = b"observation_date,FEDFUNDS,DGS10\r\n2026-06-18,3.63,4.47\r\n"
    assert series(read(body), "DGS10").values == (4.47,)


def test_rows_that_make_no_sense_are_left_out_and_told() -> None:
    rows = "2026-06-18,4.47\nyesterday,4.48\n2026-06-22\n2026-06-23,nan\n2026-06-24,4.6x\n"
    arrived = read(f"observation_date,DGS10\n{rows}".encode())
    assert series(arrived, "DGS10").values == (4.47,)
    assert len(arrived.lost) == 4
    assert "yesterday,4.48" in arrived.lost[0]


def test_order_does_not_matter_and_the_later_row_counts() -> None:
    body = b"observation_date,DGS10\n2026-06-22,4.5\n2026-06-18,4.47\n2026-06-22,4.51\n"
    told = series(read(body), "DGS10")
    assert (told.days, told.values) == ((date(2026, 6, 18), date(2026, 6, 22)), (4.47, 4.51))


def test_a_value_of_a_day_to_come_is_left_out() -> None:
    body = b"observation_date,DGS10\n2026-08-04,3.65\n2026-08-05,3.65\n"
    assert series(read(body), "DGS10").days == (date(2026, 8, 4),)


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (b"", ErrorKind.GARBLED, "FRED sent nothing for DGS10"),
        (WEB_PAGE, ErrorKind.REFUSED, "a web page instead of the series DGS10"),
        (b'{"observations": []}', ErrorKind.GARBLED, "no table for DGS10"),
        (b"observation_date,DGS2\n2026-06-18,4.1\n", ErrorKind.GARBLED, "DGS2 instead of DGS10"),
        (b"observation_date\n", ErrorKind.GARBLED, "no series instead of DGS10"),
        (b"observation_date,DGS10\n", ErrorKind.ABSENT, "fred has no value of DGS10"),
        (b"observation_date,DGS10\n2026-06-19,\n", ErrorKind.ABSENT, "no value of DGS10"),
        (b"observation_date,DGS10\nx,y\n", ErrorKind.GARBLED, "no value of DGS10"),
        (b"\xff\xfe\x00,\x1b[31m\n", ErrorKind.GARBLED, "no table for DGS10"),
    ],
)
def test_what_is_no_series_is_refused_with_a_reason(
    body: bytes, kind: ErrorKind, words: str
) -> None:
    with pytest.raises(FeedError, match=words) as caught:
        read(body)
    assert caught.value.kind is kind


@given(st.binary(max_size=200))
def test_no_body_makes_it_fail_otherwise(body: bytes) -> None:
    for told in (body, b"observation_date,DGS10\n" + body):
        days: tuple[date, ...] = ()
        with suppress(FeedError):
            days = series(read(told), "DGS10").days
        assert list(days) == sorted(set(days))


# As it was recorded


def recorded() -> Iterator[tuple[str, bytes]]:
    for path in sorted(RECORDED.glob("*.csv*")):
        if path.suffix in {".csv", ".gz"}:
            raw = path.read_bytes()
            yield path.name, gzip.decompress(raw) if path.suffix == ".gz" else raw


def columns(name: str) -> list[str]:
    parts = name.split("_")
    multi = [part for part in parts[1:] if not part[:1].isdigit() and "." not in part]
    return multi if parts[0] == "multi" else parts[:1]


@needs_shared
def test_every_recorded_series_is_understood() -> None:
    seen: dict[str, int] = {}
    for name, body in recorded():
        for symbol in columns(name):
            arrived = read(body, symbol)
            told = series(arrived, symbol)
            assert arrived.lost == (), name
            cells = [row.split(",")[-1].strip() for row in body.decode().splitlines()[1:]]
            if len(columns(name)) == 1:
                assert len(told) == sum(cell not in {"", "."} for cell in cells), name
            seen[symbol] = len(told)
    assert len(seen) == 12
    assert seen["MORTGAGE30US"] == seen["FEDFUNDS"] == 312


@needs_shared
def test_what_only_looks_like_it_is_refused() -> None:
    bodies: list[Path] = [*RECORDED.glob("*metadata.json"), *KEYED.rglob("*.json")]
    assert len(bodies) > 10
    for path in bodies:
        with pytest.raises(FeedError) as caught:
            read(path.read_bytes())
        assert caught.value.kind in {ErrorKind.GARBLED, ErrorKind.REFUSED}

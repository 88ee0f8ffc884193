"""Nasdaq's screener row by row: its spellings, its blanks, and what damage costs."""

from __future__ import annotations

import gzip
import json
import math
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.feeds.nasdaq_numbers import number
from market.feeds.nasdaq_screener import read_listings
from market.holdings import Listings
from market.reports import ErrorKind, FeedError
from tests.market.feeds.nasdaq_wire import (
    NOW,
    TABLES,
    WEB_PAGE,
    WHOLE,
    body,
    name_of,
    recorded,
    refusal,
    row,
)
from tests.shared import needs_shared


def listed(*rows: object) -> tuple[Listings, tuple[str, ...]]:
    return read_listings(body(*rows), NOW)


def only(**changes: object) -> Listings:
    listings, lost = listed(row(**changes))
    assert lost == ()
    assert len(listings) == 1
    return listings


def failure(raw: bytes) -> FeedError:
    with pytest.raises(FeedError) as caught:
        read_listings(raw, NOW)
    return caught.value


# Numbers as they are written


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$138.57", 138.57),
        ("$1,138.57", 1138.57),
        (" $12.00 ", 12.0),
        ("-0.837%", -0.837),
        ("-1.17", -1.17),
        ("-$1.17", -1.17),
        ("$-1.17", -1.17),
        ("1516446", 1516446.0),
        ("1,963,864.243649", 1963864.243649),
        ("0.00", 0.0),
        ("UNCH", 0.0),
        ("7.", 7.0),
    ],
)
def test_numbers_come_as_words(text: str, value: float) -> None:
    assert number(text, "lastsale") == value


@pytest.mark.parametrize("text", ["", "  ", "NA", "N/A", "n/a", "--", "-", "$", None])
def test_a_blank_is_missing(text: str | None) -> None:
    assert math.isnan(number(text, "volume"))


@pytest.mark.parametrize(
    "text", ["nan", "inf", "-inf", "1_000", "1e400", "1.2.3", "abc", "0x1F", "$1 2", "9" * 400]
)
def test_what_is_no_number_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="`volume` is no number"):
        number(text, "volume")


@given(st.floats(-1e9, 1e9).map(lambda x: round(x, 4)))
def test_any_number_survives_being_written(value: float) -> None:
    for text in (f"{value:.4f}", f"${value:.4f}", f"{value:,.4f}", f"{value:.4f}%"):
        assert number(text, "lastsale") == pytest.approx(value, abs=1e-9)


WORDS = st.one_of(
    st.none(),
    st.sampled_from(
        ["", "null", "$1,138.57", "1,2", "7.", "01", "-", "1e3", "true", "$", "9" * 20]
    ),
    st.floats(0, 1e6).map(lambda x: f"{x:.4f}"),
)


@given(st.lists(WORDS, min_size=1, max_size=6))
def test_a_column_read_at_once_says_what_its_words_say(words: list[str | None]) -> None:
    stocks = [row(name_of(n), volume=word) for n, word in enumerate(words)]
    listings, lost = listed(*stocks, row("LAST"))
    expected: list[float] = []
    for word in words:
        with suppress(ValueError):
            expected.append(number(word, "volume"))
    assert listings.volume.tolist()[:-1] == pytest.approx(expected, nan_ok=True)
    assert bool(lost) == (len(expected) < len(words))


@given(st.text(max_size=12))
def test_any_text_is_a_number_missing_or_told(text: str) -> None:
    try:
        value = number(text, "lastsale")
    except ValueError:
        return
    assert math.isnan(value) or math.isfinite(value)


# Rows


def test_a_row_becomes_a_value_in_each_column() -> None:
    listings = only()
    assert (listings.symbols, listings.industries) == (("CRDO",), ("Semiconductors",))
    assert listings.names == ("Credo Technology Group Holding Ltd Ordinary Shares",)
    columns = (listings.last, listings.change, listings.volume, listings.market_cap)
    assert [list(column) for column in columns] == [[138.57], [-1.17], [1516446], [24136594480]]


@pytest.mark.parametrize(
    ("spelt", "symbol"),
    [
        ("CRD/A", "CRD-A"),
        ("ADC^A", "ADC-PA"),
        ("RAC/WS", "RAC-WT"),
        ("ECC           ", "ECC"),
        ("brk/b", "BRK-B"),
    ],
)
def test_symbols_are_spelt_as_yahoo_does(spelt: str, symbol: str) -> None:
    assert only(symbol=spelt).symbols == (symbol,)


@pytest.mark.parametrize("market_cap", ["0.00", "", "NA"])
def test_an_unknown_market_value_is_missing(market_cap: str) -> None:
    assert math.isnan(only(marketCap=market_cap).market_cap[0])


def test_a_stock_without_a_price_keeps_its_place_and_its_industry() -> None:
    listings, lost = listed(row(), row("NEWCO", lastsale="", netchange="", volume=""))
    assert (listings.symbols[1], listings.industries[1], lost) == ("NEWCO", "Semiconductors", ())
    assert all(map(math.isnan, (listings.last[1], listings.change[1], listings.volume[1])))


def test_a_price_of_nothing_is_missing() -> None:
    listings, _ = listed(row(), row("NEWCO", lastsale="$0.00"))
    assert math.isnan(listings.last[1])


def test_a_volume_of_nothing_is_nothing() -> None:
    assert only(volume="0").volume[0] == 0


def test_a_change_that_leaves_no_previous_close_is_missing() -> None:
    assert math.isnan(only(netchange="138.57").change[0])


def test_names_are_words_without_escape_codes() -> None:
    listings = only(name="Evil\x1b[31m Corp\t Common   Stock ", industry="Chips\u202e")
    assert (listings.names[0], listings.industries[0]) == ("Evil Corp Common Stock", "Chips")


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (row("BAD", lastsale="a lot"), "BAD: `lastsale` is no number"),
        (row("BAD", lastsale="$-3.00"), "BAD: `lastsale` is below 0"),
        (row("BAD", volume="many"), "BAD: `volume` is no number"),
        (row("B@D"), "B@D: that is no symbol"),
        (row("\x1b[2J"), "a row: that is no symbol"),
        (row(""), "a row: that is no symbol"),
        (row(), "CRDO: listed twice"),
        (row(None), "row 2 has no readable `symbol`"),
        (row([1]), "that is no symbol"),
        ({}, "row 2 has no readable `symbol`"),
        (None, "row 2 has no readable `symbol`"),
        ("BAD", "row 2 has no readable `symbol`"),
        (row("BAD", lastsale={"raw": 1}), "BAD: `lastsale` is no number"),
    ],
)
def test_one_bad_row_costs_that_row(bad: object, told: str) -> None:
    listings, lost = listed(row(), bad, row("FINE"))
    assert listings.symbols == ("CRDO", "FINE")
    assert len(lost) == 1
    assert lost[0].startswith("a row of Nasdaq's screener was left out: ")
    assert lost[0].endswith(told)


def test_a_number_where_a_text_was_agreed_is_understood() -> None:
    listings, lost = listed(row("NUM", lastsale=12.5, volume=100, marketCap=None), row())
    assert (listings.last[0], listings.volume[0], lost) == (12.5, 100.0, ())
    assert math.isnan(listings.market_cap[0])


def test_many_bad_rows_are_counted() -> None:
    bad = [row(name_of(n), lastsale="?") for n in range(20)]
    _, lost = listed(*(row(name_of(100 + n)) for n in range(30)), *bad)
    assert len(lost) == 4
    assert lost[-1] == "17 more rows of it were left out"


def test_a_column_of_another_name_is_no_table_of_prices() -> None:
    rows = [{("lastSalePrice" if k == "lastsale" else k): v for k, v in row().items()}]
    error = failure(body(*rows))
    assert error.kind is ErrorKind.GARBLED
    assert "no price in `lastsale`" in error.text


# Envelopes


@pytest.mark.parametrize(
    ("raw", "kind", "told"),
    [
        (b"", ErrorKind.GARBLED, "it is empty"),
        (b"  \r\n", ErrorKind.GARBLED, "it is empty"),
        (WEB_PAGE, ErrorKind.REFUSED, "web page"),
        (b"\xef\xbb\xbf" + WEB_PAGE, ErrorKind.REFUSED, "web page"),
        (body(row())[:-40], ErrorKind.GARBLED, "it is cut short"),
        (b"Too Many Requests", ErrorKind.GARBLED, "it is no JSON"),
        (b"[]", ErrorKind.GARBLED, "Expected `object`"),
        (b"{}", ErrorKind.GARBLED, "no `data.rows`"),
        (b"\xff\xfe{}", ErrorKind.GARBLED, "it is no JSON"),
        (body(), ErrorKind.GARBLED, "it lists no stocks"),
        (body(data={"rows": None}), ErrorKind.GARBLED, "no `data.rows`"),
        (body(data={"rows": {}}), ErrorKind.GARBLED, "is no list"),
        (body(data=None), ErrorKind.GARBLED, "no `data.rows`"),
        (refusal(400), ErrorKind.GARBLED, "says 400: Symbol not exists."),
        (refusal(403), ErrorKind.REFUSED, "says 403"),
        (refusal(429), ErrorKind.LIMITED, "says 429"),
        (refusal(500, "\x1b[1mSorry"), ErrorKind.UNREACHABLE, "says 500: Sorry"),
        (body(status={"rCode": 400}), ErrorKind.GARBLED, "says 400: no reason given"),
    ],
)
def test_what_is_no_table_is_told(raw: bytes, kind: ErrorKind, told: str) -> None:
    error = failure(raw)
    assert error.kind is kind
    assert told in error.text


def test_the_paged_form_is_read_as_well() -> None:
    raw = body(data={"totalrecords": 1, "table": {"headers": {}, "rows": [row()]}})
    assert read_listings(raw, NOW)[0].symbols == ("CRDO",)


@needs_shared
@pytest.mark.parametrize("path", [WHOLE, *sorted(TABLES.glob("*.gz"))], ids=lambda path: path.name)
def test_every_recorded_table_is_read_whole(path: Path) -> None:
    listings, lost = read_listings(recorded(path), NOW)
    bare = json.loads(gzip.decompress(path.read_bytes()))
    rows = bare["data"]["rows"] if isinstance(bare, dict) else bare
    assert (len(listings), lost) == (len(rows), ())
    assert not any(map(math.isnan, listings.last))
    assert sum(map(math.isnan, listings.change)) <= 5


SOUND = body(*(row(name_of(n)) for n in range(40)))


@given(st.integers(0, len(SOUND) - 1), st.binary(min_size=1, max_size=6))
def test_damage_anywhere_costs_rows_or_is_told(place: int, junk: bytes) -> None:
    damaged = SOUND[:place] + junk + SOUND[place + len(junk) :]
    try:
        listings, lost = read_listings(damaged, NOW)
    except FeedError:
        return
    assert 1 <= len(listings) <= 41
    assert len(listings) + 3 * len(lost) >= 38
    assert not any(map(math.isinf, listings.last))


@given(st.integers(0, len(SOUND) - 1))
def test_a_body_cut_anywhere_is_told(length: int) -> None:
    assert failure(SOUND[:length]).kind is ErrorKind.GARBLED

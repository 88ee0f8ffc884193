"""Quotes in batches, and the search: rows are decoded one by one."""

from pathlib import Path

import pytest

from market.feeds.yahoo.search import parse_search
from market.quotes import Key, Kind, Phase
from market.reports import ErrorKind, FeedError
from tests.market.feeds.yahoo_wire import (
    IN_SESSION,
    PRE_MARKET,
    YEARS_LATER,
    as_json,
    files_of,
    own,
    parsed,
    recorded,
    utc,
)
from tests.shared import needs_shared


def details(*symbols: str) -> list[Key]:
    return [Key(Kind.DETAILS, symbol) for symbol in symbols]


def test_a_quote_page_before_the_open() -> None:
    arrived = parsed(own("quote_pre_market.json"), PRE_MARKET, *details("IWM", "BE", "GONE", "ZZZ"))
    iwm = arrived.quotes[0]
    assert (iwm.last, iwm.open, iwm.reported_previous_close) == (298.4, 297.2, 297.0)
    assert iwm.extended is not None
    assert (iwm.extended.phase, iwm.extended.last) == (Phase.PRE, 298.35), "the younger of two"
    assert iwm.extended.as_of == utc("2026-07-02T13:00:41")
    about = arrived.details[0]
    assert (about.average_50d, about.average_200d) == (290.5, 260.75)
    assert (about.average_volume, about.market_cap) == (28_000_000, None)
    assert (about.week52_high, about.volume) == (302.5, 21_000_000)


def test_a_bad_field_costs_itself_and_unknown_symbols_are_absent() -> None:
    arrived = parsed(own("quote_pre_market.json"), PRE_MARKET, *details("IWM", "BE", "GONE", "ZZZ"))
    assert [quote.symbol for quote in arrived.quotes] == ["IWM"]
    assert [about.symbol for about in arrived.details] == ["IWM", "BE"]
    assert arrived.details[1].name == "Bloom [bold]Energy"
    assert [absent.key.symbol for absent in arrived.absent] == ["GONE", "ZZZ"]
    assert any("regularMarketPrice" in text and "BE" in text for text in arrived.lost)
    assert arrived.keys == tuple(details("IWM", "BE", "GONE", "ZZZ"))


def test_where_a_row_cannot_be_read_nobody_is_called_unknown() -> None:
    arrived = parsed(own("quote_unreadable_row.json"), PRE_MARKET, *details("IWM", "XBI"))
    assert arrived.keys == tuple(details("IWM"))
    assert not arrived.absent
    assert arrived.lost


def test_a_shortened_answer_makes_nobody_unknown() -> None:
    many = [f"S{i}" for i in range(60)]
    arrived = parsed(own("quote_pre_market.json"), PRE_MARKET, *details("IWM", *many))
    assert arrived.keys == tuple(details("IWM"))
    assert not arrived.absent
    assert any("60 of 61" in text for text in arrived.lost)


@needs_shared
def test_symbols_that_are_not_in_the_answer_are_absent() -> None:
    body = recorded("v7_quote/empty_result_unknown_symbol_2026-10-05.json")
    (absent,) = parsed(body, YEARS_LATER, *details("ZZZ")).absent
    assert absent.reason == "Yahoo knows no symbol ZZZ"


@needs_shared
@pytest.mark.parametrize(
    ("name", "symbol", "delay_s"),
    [("AAPL", "AAPL", 0), ("GC=F", "GC=F", 600), ("OCDO.L", "OCDO.L", 900)],
)
def test_the_delay_is_the_exchanges(name: str, symbol: str, delay_s: int) -> None:
    arrived = parsed(recorded(f"v7_quote/quote-{name}.json"), YEARS_LATER, *details(symbol))
    assert [quote.delay_s for quote in arrived.quotes] == [delay_s]


@needs_shared
def test_zeros_of_an_index_are_unknown() -> None:
    arrived = parsed(recorded("v7_quote/quote-^VXAPL.json"), YEARS_LATER, *details("^VXAPL"))
    (quote,) = arrived.quotes
    assert (quote.last, quote.open, quote.high, quote.low, quote.volume) == (23.77, *[None] * 4)
    assert arrived.details[0].week52_high is None


@needs_shared
def test_a_row_without_a_time_gives_details_alone() -> None:
    body = recorded("v7_quote/AAPL_7203.T_etc_fields_filtered_2026-10-05.json")
    arrived = parsed(body, YEARS_LATER, *details("AAPL", "7203.T", "BTC-USD"))
    assert not arrived.quotes
    assert [about.symbol for about in arrived.details] == ["AAPL", "7203.T", "BTC-USD"]
    assert arrived.details[0].as_of == YEARS_LATER


@needs_shared
def test_the_post_market_print() -> None:
    arrived = parsed(recorded("v7_quote/quote-QQQ.json"), YEARS_LATER, *details("QQQ"))
    extended = arrived.quotes[0].extended
    assert extended is not None
    assert (extended.phase, extended.last) == (Phase.POST, 538.13)


@needs_shared
@pytest.mark.parametrize("name", ["unauthorized_401_2026-10-05", "invalid_crumb_401"])
def test_without_a_crumb_quotes_are_refused(name: str) -> None:
    with pytest.raises(FeedError) as refusal:
        parsed(recorded(f"v7_quote/{name}.json"), IN_SESSION, *details("IWM"))
    assert refusal.value.kind is ErrorKind.REFUSED


@pytest.mark.parametrize(
    "body",
    [
        b'{"quoteResponse":{"result":null,"error":null}}',
        b"{}",
        b'{"quoteResponse":{"result":[1,2]}}',
    ],
)
def test_what_holds_no_row_is_garbled(body: bytes) -> None:
    with pytest.raises(FeedError) as refusal:
        parsed(body, IN_SESSION, *details("IWM"))
    assert refusal.value.kind is ErrorKind.GARBLED


# Search


def test_search_skips_what_has_no_symbol_and_shows_names_as_text() -> None:
    (match,) = parse_search(own("search.json"))
    assert (match.symbol, match.name) == ("IWM", "iShares Russell 2000 ETF")
    assert (match.quote_type, match.exchange) == ("ETF", "NYSEArca")


@needs_shared
@pytest.mark.parametrize("path", files_of("v1_search"), ids=lambda p: p.name)
def test_every_recorded_search(path: Path) -> None:
    body = path.read_bytes()
    matches = parse_search(body)
    listed = [row["symbol"] for row in as_json(body)["quotes"] if "symbol" in row]
    assert [match.symbol for match in matches] == listed

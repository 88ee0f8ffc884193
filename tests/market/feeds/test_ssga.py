"""State Street's workbooks: read whole, refused with a reason, and asked for over a real socket."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.feeds.feed import Answer
from market.feeds.http import Http
from market.feeds.ssga import SsgaFeed, read_counts
from market.feeds.ssga_holdings import read_holdings
from market.feeds.workbook import WorkbookError, rows_of
from market.fund_shares import FundDay
from market.funds import KEPT_DAYS, FundHistory, Issuer, funds_of
from market.quotes import Key, Kind
from market.reports import ErrorKind, FeedError
from tests.exchange import Exchange
from tests.exchange.ssga import counts, history_of, holdings_of, workbook
from tests.market.feeds.real_wire import documents_of, reports_of
from tests.shared import SHARED, needs_shared

NOW = datetime(2026, 7, 2, 13, 0, tzinfo=UTC)
XBI = Key(Kind.FUND, "XBI")
HEAD = ("Date", "NAV", "Shares Outstanding", "Total Net Assets")


def told(*rows: tuple[str | float, ...], fund: str = "XBI") -> tuple[FundDay, ...]:
    body = workbook([("Fund Name:", "A fund"), ("Ticker Symbol:", fund), (), HEAD, *rows])
    return read_counts(body, "XBI", NOW)[0]


def test_a_workbook_comes_oldest_first_and_says_what_is_missing() -> None:
    assert told(
        ("03-Jul-2026", 1.0, 1.0, 1.0),
        ("01-Jul-2026", 131.2487, 52_300_000.0, 6.8e9),
        ("30-Jun-2026", "130.5", "52,250,000", ""),
        ("29-Jun-2026", 129.0, "-", 1),
        ("Past performance is no guarantee.",),
    ) == (
        FundDay(date(2026, 6, 29), None, 129.0),
        FundDay(date(2026, 6, 30), 52_250_000, 130.5),
        FundDay(date(2026, 7, 1), 52_300_000, 131.2487),
    )


def test_only_the_newest_days_are_kept() -> None:
    older = [(date.fromordinal(737_000 + n), 1.0, 1.0) for n in range(500)]
    many = [*counts("XBI", date(2026, 7, 1)), *older]
    found, lost = read_counts(history_of("XBI", many), "XBI", NOW)
    assert (len(found), found[-1].day, lost) == (KEPT_DAYS, date(2026, 7, 1), ())


def test_a_row_without_a_day_is_lost() -> None:
    body = workbook([HEAD, ("01-Jul-2026", 1.0, 2.0), ("31-Foo-2026", 1.0, 2.0), (46_000.0, 1.0)])
    found, lost = read_counts(body, "XBI", NOW)
    assert (len(found), len(lost)) == (1, 2)


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (b"", ErrorKind.GARBLED, "is empty"),
        (b"<!DOCTYPE html><html>", ErrorKind.REFUSED, "web page"),
        (b"PK\x03\x04 and no more", ErrorKind.GARBLED, "no whole workbook"),
        (history_of("XBI", counts("XBI", NOW.date()))[:-40], ErrorKind.GARBLED, "no whole"),
        (history_of("KRE", counts("KRE", NOW.date())), ErrorKind.GARBLED, "it is that of KRE"),
        (workbook([("Date", "NAV"), ("01-Jul-2026", 1.0)]), ErrorKind.GARBLED, "Outstanding`"),
        (workbook([("NAV",)]), ErrorKind.GARBLED, "no column `Date`"),
        (workbook([HEAD]), ErrorKind.ABSENT, "no days of XBI"),
    ],
    ids=("empty", "page", "cut", "cut late", "another fund", "no counts", "no days", "no rows"),
)
def test_what_is_no_history_is_refused_with_its_reason(
    body: bytes, kind: ErrorKind, words: str
) -> None:
    with pytest.raises(FeedError, match=words) as caught:
        read_counts(body, "XBI", NOW)
    assert caught.value.kind is kind


@needs_shared
def test_the_recorded_workbook_is_read_and_refused_as_a_history() -> None:
    paths = sorted((SHARED / "payloads" / "ssga").rglob("*.xlsx"))
    assert paths
    for path in paths:
        rows = list(rows_of(path.read_bytes()))
        assert rows[1][0] == "Ticker Symbol:"
        assert rows[3][:2] == ["Name", "Ticker"]
        assert all(len(row) >= 8 for row in rows[4:400])
        with pytest.raises(FeedError, match="no column `Date`"):
            read_counts(path.read_bytes(), rows[1][1], NOW)
        held = read_holdings(path.read_bytes(), rows[1][1], datetime(2026, 7, 28, tzinfo=UTC))
        assert (held.day, held.symbols[:2]) == (date(2026, 7, 24), ("NVDA", "AAPL"))
        assert 500 < len(held) < 510
        assert {"BRK-B", "BF-B"} <= set(held.symbols)


def test_who_is_held_without_cash_and_futures_and_of_which_day() -> None:
    held = read_holdings(holdings_of("XBI", date(2026, 7, 1)), "XBI", NOW)
    assert (held.fund, held.day, held.symbols[:2]) == ("XBI", date(2026, 7, 1), ("CRNX", "BIO-B"))
    assert list(held.quantity[:2]) == [900_000, 10_000]
    assert not {"-", "XAFU6"} & set(held.symbols)
    for body, words in (
        (holdings_of("KRE", date(2026, 7, 1)), "it is that of KRE"),
        (holdings_of("XBI", date(2026, 7, 3)), "they are of 2026-07-03"),
        (workbook([("Name", "Ticker", "Weight", "Shares Held")]), "there is no day"),
        (workbook([("As of 01-Jul-2026",), ("Name", "Ticker")]), "no column `Weight`"),
        (workbook([("As of 01-Jul-2026",), ("Name", "Ticker", "Weight", "Shares Held")]), "share"),
        (history_of("XBI", counts("XBI", NOW.date())), "no column `Name`"),
    ):
        with pytest.raises(FeedError, match=words):
            read_holdings(body, "XBI", NOW)


@given(st.binary(max_size=60), st.integers(0, 400))
def test_damage_is_a_reason_never_a_bug(noise: bytes, at: int) -> None:
    whole = workbook([HEAD, ("01-Jul-2026", 1.0, 2.0)])
    with suppress(WorkbookError):
        rows = list(rows_of(whole[:at] + noise + whole[at + len(noise) :]))
        assert all(isinstance(cell, str) for row in rows for cell in row)


def test_cells_stand_at_their_columns_whatever_is_left_out() -> None:
    sheet = (
        '<row r="1"/><row r="2"><c r="B2" t="inlineStr"><is><t>a &amp; b</t></is></c>'
        '<c r="D2"/><c r="E2" t="s"><v>99</v></c><c r="ZZZ2" t="str"><f>A1</f><v>x</v></c></row>'
    )
    body = _zipped(sheet)
    first, second = rows_of(body)
    assert first == []
    assert second[:5] == ["", "a & b", "", "", ""]
    assert second[-1] == "x"


def _zipped(rows: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("xl/worksheets/sheet1.xml", f"<sheetData>{rows}</sheetData>")
    return packed.getvalue()


# Over a real socket


async def test_every_fund_is_told_by_day(afternoon: Exchange) -> None:
    funds = sorted(funds_of(Issuer.SSGA))
    keys = [Key(Kind.FUND, fund) for fund in funds]
    found = documents_of(*await reports_of(afternoon, "ssga", *keys, *keys))
    assert [document.key.symbol for document in found] == funds
    for fund, document in zip(funds, found, strict=True):
        assert isinstance(document, FundHistory)
        assert (document.source, document.is_recorded) == ("ssga", False)
        expected = counts(fund, document.days[-1].day)
        assert [(d.day, d.nav, d.shares) for d in document.days] == expected


def test_only_its_own_funds_are_served() -> None:
    feed = SsgaFeed(Http(timeout_s=1))
    assert feed.serves(XBI)
    for key in (Key(Kind.FUND, "IWM"), Key(Kind.HOLDINGS, "IGV"), Key(Kind.FUND, "XBI", "1D")):
        assert not feed.serves(key)
    query, held = feed.plan([XBI, Key(Kind.HOLDINGS, "XBI")])
    assert query.path.endswith("/navhist-us-en-xbi.xlsx")
    assert held.path.endswith("/holdings-daily-us-en-xbi.xlsx")
    assert feed.host(query) == "www.ssga.com"
    with pytest.raises(FeedError):
        feed.parse(query, Answer(b""), NOW)

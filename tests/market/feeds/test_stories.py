"""Filings, headlines and halts: what they say, their quirks, and what goes wrong."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.agenda import Halts
from market.feeds.headlines import MOST_ROWS, read_headlines
from market.feeds.http import Request, Response
from market.feeds.nasdaqtrader import KEY as HALTS
from market.feeds.nasdaqtrader import read_halts
from market.feeds.outcomes import Outcomes
from market.feeds.roster import Roster
from market.feeds.sec import SecFeed, check_answer, read_companies, read_filings
from market.instruments import default_cast
from market.quotes import Key, Kind
from market.reports import Arrived, ErrorKind, Failed, FeedError
from market.stories import Filing, Filings, Headlines, web_address
from market.wordings import form_in_words, halt_in_words, items_in_words, wordings
from tests.clocks import THURSDAY_AFTERNOON as NOW
from tests.clocks import ManualClock
from tests.exchange import Exchange
from tests.exchange.members import members
from tests.exchange.stories import FIRST_CIK
from tests.market.feeds.nasdaq_wire import reply
from tests.market.feeds.real_wire import CONTACT, documents_of, reports_of
from tests.market.feeds.scripted_http import ScriptedHttp, path_of
from tests.shared import PAYLOADS, needs_shared
from tui.settings_feeds import FeedsSettings, SecSettings

SYMBOL = members()[0].symbol
FILED = Key(Kind.FILINGS, SYMBOL)
WRITTEN = Key(Kind.HEADLINES, "IWM")


def rss(*items: str) -> bytes:
    body = "".join(f"<item>{item}</item>" for item in items)
    spaces = 'xmlns:ndaq="http://www.nasdaqtrader.com/"'
    return (
        f'<?xml version="1.0"?><rss version="2.0" {spaces}><channel>{body}</channel></rss>'.encode()
    )


def item(**changes: str) -> str:
    texts = {
        "title": "Small caps rise",
        "link": "https://finance.yahoo.com/news/1.html",
        "pubDate": "Thu, 02 Jul 2026 13:22:00 GMT",
        **changes,
    }
    return "".join(f"<{name}>{text}</{name}>" for name, text in texts.items())


def halt(**changes: str) -> str:
    texts = {
        "HaltDate": "07/02/2026",
        "HaltTime": "09:48:32.120",
        "IssueSymbol": "CRD/A",
        "IssueName": "Crawford &amp; Co.",
        "ReasonCode": "LUDP",
        "ResumptionDate": "07/02/2026",
        "ResumptionQuoteTime": "09:48:32",
        "ResumptionTradeTime": "09:53:32",
        **changes,
    }
    return "".join(f"<ndaq:{name}>{text}</ndaq:{name}>" for name, text in texts.items())


def headlines_of(*items: str) -> Headlines:
    return read_headlines(rss(*items), WRITTEN, "yahoo_rss", "Yahoo", NOW)[0]


def submissions(**columns: list[object]) -> bytes:
    given: dict[str, list[object]] = {
        "accessionNumber": ["0001234567-26-000012"],
        "filingDate": ["2026-07-01"],
        "acceptanceDateTime": ["2026-07-01T20:05:11.000Z"],
        "form": ["8-K"],
        "items": ["2.02,9.01"],
        "primaryDocument": ["abc-20260701.htm"],
        "primaryDocDescription": ["8-K"],
        **columns,
    }
    return json.dumps({"cik": "0001234567", "filings": {"recent": given}}).encode()


def filing_of(**columns: list[object]) -> Filing:
    (row,) = read_filings(submissions(**columns), FILED, 1234567, NOW)[0].rows
    return row


# As they were recorded


def bodies(folder: str) -> Iterator[tuple[str, bytes]]:
    for path in sorted((PAYLOADS / "sec" / folder).glob("*.json*")):
        if not path.name.endswith(".meta.json"):
            body = path.read_bytes()
            yield path.name, gzip.decompress(body) if path.suffix == ".gz" else body


@needs_shared
def test_every_recorded_company_is_understood() -> None:
    found = {name: read_filings(body, FILED, 0, NOW) for name, body in bodies("submissions")}
    assert len(found) >= 9
    assert not any(lost for _, lost in found.values())
    assert all(0 < len(told.rows) <= 40 for told, _ in found.values())
    assert all(
        row.url.startswith("https://www.sec.gov/") for t, _ in found.values() for row in t.rows
    )
    first = found["CIK0000310522.json.gz"][0].rows[0]
    assert (first.form, first.items, first.day) == ("8-K", ("5.07",), date(2026, 2, 6))
    assert first.url == (
        "https://www.sec.gov/Archives/edgar/data/310522/000031052226000003/fnm-20260203.htm"
    )
    assert items_in_words(first.items) == ("votes of shareholders",)
    private = found["CIK0001800903.json"][0].rows[0]
    assert (private.form, private.items) == ("D", ()), "its column of items is of another kind"


@needs_shared
def test_every_recorded_list_of_companies_is_understood() -> None:
    found = {name: read_companies(body) for name, body in bodies("company_tickers")}
    assert len(found) >= 2
    assert {told["AAPL"] for told in found.values()} == {320193}
    assert all(told["CRD-A"] == told["CRD-B"] for told in found.values())


@needs_shared
def test_a_file_that_the_sec_has_not_is_absent_and_its_pages_are_refused() -> None:
    folder = PAYLOADS / "sec"
    missing = (folder / "errors" / "form_index_missing_403_0.xml").read_bytes()
    with pytest.raises(FeedError, match="no such file") as caught:
        check_answer(Response(403, missing, "application/xml", {}, "https://sec.gov/x"))
    assert caught.value.kind is ErrorKind.ABSENT
    page = (folder / "current_filings_atom" / "getcurrent_start5100_503.html").read_bytes()
    with pytest.raises(FeedError, match="out of order"):
        check_answer(Response(503, page, "text/html", {}, "https://sec.gov/x"))


# What the SEC says


@pytest.mark.parametrize(
    ("page", "kind", "words"),
    [
        ("Your Request Originates from an Undeclared Automated Tool", "refused", "sec.contact"),
        ("Request Rate Threshold Exceeded", "limited", "too many"),
        ("Forbidden", "refused", "403"),
    ],
)
def test_the_sec_refuses_for_three_reasons(page: str, kind: str, words: str) -> None:
    body = f"<html><body><h1>{page}</h1></body></html>".encode()
    with pytest.raises(FeedError, match=words) as caught:
        check_answer(Response(403, body, "text/html", {}, "https://data.sec.gov/x"))
    assert caught.value.kind == kind


def test_a_filing_keeps_only_what_can_be_believed() -> None:
    assert filing_of().url.endswith("/1234567/000123456726000012/abc-20260701.htm")
    assert filing_of(primaryDocument=["../../etc/passwd"]).url.endswith("/000123456726000012/")
    assert filing_of(form=["4"]).items == ()
    assert filing_of(items=[",,2.02, x"]).items == ("2.02",)
    assert filing_of(primaryDocDescription=["Q2 \x1b[31mresults"]).title == "Q2 results"
    assert filing_of(acceptanceDateTime=["soon"]).filed_at.tzinfo is UTC
    told, lost = read_filings(submissions(accessionNumber=["<b>"]), FILED, 1, NOW)
    assert (told.rows, len(lost)) == ((), 1)


def test_codes_are_told_in_words() -> None:
    assert form_in_words("10-Q/A") == "quarterly report, amended"
    assert form_in_words("XYZ") == ""
    assert items_in_words(("9.01", "2.02", "9.99")) == ("results",)
    assert items_in_words(("9.01",)) == ("exhibits",)
    assert (halt_in_words("T1"), halt_in_words("ZZ9")) == ("news pending", "ZZ9")
    assert len(wordings().items) == 33, "form 8-K has as many items"


async def test_the_list_of_companies_is_asked_for_once_a_day_and_says_who_asks() -> None:
    companies = json.dumps({"0": {"cik_str": 7, "ticker": SYMBOL, "title": ""}}).encode()
    bodies = {"company_tickers.json": companies, "CIK0000000007.json": submissions()}
    clock = ManualClock()
    http = ScriptedHttp(lambda request: reply(bodies[path_of(request).rpartition("/")[2]]))
    feed = SecFeed(http, contact=CONTACT, clock=clock)
    (query,) = feed.plan([FILED, FILED, Key(Kind.FILINGS, "^RUT")])
    for hours in (0, 0, 24):
        await clock.push(3600 * hours, 3600)
        asked = asyncio.ensure_future(feed.fetch(query))
        await clock.push(1, 0.1)
        assert asked.done()
    paths = [request.url.rpartition("/")[2] for request in http.asked]
    assert paths == ["company_tickers.json", *["CIK0000000007.json"] * 2, *paths[:2]]
    assert {request.headers["User-Agent"] for request in http.asked} == {f"captop {CONTACT}"}
    assert [request.is_extra for request in http.asked] == [True, False, False, True, False]
    (other,) = feed.plan([Key(Kind.FILINGS, "NONE")])
    await clock.push(1)
    with pytest.raises(FeedError, match="NONE") as caught:
        await feed.fetch(other)
    assert caught.value.kind is ErrorKind.ABSENT


async def test_the_sec_is_never_asked_ten_times_a_second() -> None:
    symbols = [member.symbol for member in members()[:30]]
    listed = {n: {"cik_str": n, "ticker": symbol} for n, symbol in enumerate(symbols, start=1)}
    clock, asked = ManualClock(), list[float]()

    def answer(request: Request) -> Response:
        asked.append(clock.monotonic())
        is_list = path_of(request).endswith("tickers.json")
        return reply(json.dumps(listed).encode() if is_list else submissions())

    feed = SecFeed(ScriptedHttp(answer), contact=CONTACT, clock=clock)
    queries = feed.plan([Key(Kind.FILINGS, symbol) for symbol in symbols])
    all_of_them = asyncio.gather(*(feed.fetch(query) for query in queries))
    await clock.push(10, 0.1)
    assert all_of_them.done()
    assert len(asked) == 31, "the list of companies is asked for once"
    assert all(later - at > 0.19 for at, later in pairwise(asked))


def test_without_a_contact_the_setting_is_named() -> None:
    told: list[Arrived | Failed] = []
    outcomes = Outcomes(Roster({}, default_cast()), ManualClock(), Random(1), told.append)
    outcomes.unserved([FILED])
    (report,) = told
    assert isinstance(report, Arrived)
    assert "set feeds.sec.contact" in report.absent[0].reason
    assert "sec" not in FeedsSettings().enabled
    sec = SecSettings(contact=CONTACT, base_url="http://127.0.0.1:9/sec/")
    assert sec.files_url == "http://127.0.0.1:9/sec", "a server of one's own plays both hosts"
    assert "sec" in FeedsSettings(sec=sec).enabled


@pytest.mark.parametrize(
    ("contact", "is_taken"),
    [
        (CONTACT, True),
        ("jo@example.org", True),
        ("jo", False),
        ("jo@host", False),
        ("jo@e.org\r\nX: y", False),
        ("jö@example.org", False),
    ],
)
def test_a_contact_is_a_name_and_a_mail_address(contact: str, is_taken: bool) -> None:
    try:
        msgspec.convert({"contact": contact}, SecSettings)
    except msgspec.ValidationError:
        assert not is_taken
    else:
        assert is_taken


# Headlines


def test_headlines_are_text_in_the_order_of_their_time() -> None:
    told = headlines_of(
        item(pubDate="Wed, 01 Jul 2026 13:00:00 +0200", title="<![CDATA[<b>old</b> [red]]]>"),
        item(title="AT&amp;amp;T &#x202e;turns&#160;around"),
        item(link="javascript:alert(1)", title="no address"),
    )
    assert [row.title for row in told.rows] == [
        "AT&T turns around",
        "no address",
        "<b>old</b> [red]",
    ]
    assert [bool(row.url) for row in told.rows] == [True, False, True]
    assert told.rows[-1].at == datetime(2026, 7, 1, 11, tzinfo=UTC)


def test_headlines_without_title_or_date_cost_themselves_and_there_is_an_end() -> None:
    many = [item(title=f"Story {n}") for n in range(50)]
    told, lost = read_headlines(
        rss(*many, item(title=""), item(pubDate="soon")), WRITTEN, "yahoo_rss", "Yahoo", NOW
    )
    assert (len(told.rows), len(lost)) == (MOST_ROWS, 1)


@given(st.text(max_size=60))
def test_only_web_addresses_are_opened(text: str) -> None:
    found = web_address(text)
    assert not found or found.startswith(("http://", "https://"))
    assert web_address(f"javascript:{text}") == web_address(f"file:///{text}") == ""
    assert " " not in web_address(f"https://example.org/{text}")


@pytest.mark.parametrize(
    "address",
    ["", "example.org", "//example.org", "https://", "https://a@b.org/", "ftp://example.org/",
     "https://example.org/\x1b]8;;", "https://[::1", "https:\\\\example.org", "https://e.org/ü"],
)  # fmt: skip
def test_what_is_no_web_address_is_none(address: str) -> None:
    assert web_address(address) == ""


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    b"<rss><channel><item><title>&b;</title></item></channel></rss>"
)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", ErrorKind.GARBLED),
        (b"{}", ErrorKind.GARBLED),
        (b"<rss><channel>", ErrorKind.GARBLED),
        (b"<feed></feed>", ErrorKind.GARBLED),
        (BOMB, ErrorKind.GARBLED),
        (b'<!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss/>', ErrorKind.GARBLED),
        (b"<rss>" + b" " * 2**23 + b"</rss>", ErrorKind.GARBLED),
        (b"<!doctype HTML><html></html>", ErrorKind.REFUSED),
        (b'<?xml version="1.0" encoding="klingon"?><rss/>', ErrorKind.GARBLED),
    ],
)
def test_what_is_no_rss_is_refused(body: bytes, kind: ErrorKind) -> None:
    with pytest.raises(FeedError, match="Yahoo") as caught:
        read_headlines(body, WRITTEN, "yahoo_rss", "Yahoo", NOW)
    assert caught.value.kind is kind
    with pytest.raises(FeedError) as caught:
        read_halts(body, NOW)
    assert caught.value.kind is kind


# Halts


def test_halts_are_told_in_new_york_time_newest_first() -> None:
    told, lost = read_halts(
        rss(
            halt(),
            halt(HaltTime="10:30:00", ResumptionDate="", ResumptionTradeTime="", ReasonCode="T1"),
            halt(IssueSymbol="<![CDATA[<x>]]>"),
            halt(HaltDate="13/45/2026"),
        ),
        NOW,
    )
    lasting, over = told.rows
    assert (over.symbol, over.name) == ("CRD-A", "Crawford & Co.")
    assert over.halted_at == datetime(2026, 7, 2, 13, 48, 32, tzinfo=UTC)
    assert over.resumed_at == datetime(2026, 7, 2, 13, 53, 32, tzinfo=UTC)
    assert [halt.is_on(NOW) for halt in told.rows] == [True, False]
    assert over.is_on(over.halted_at)
    assert not lasting.is_on(lasting.halted_at - timedelta(seconds=1))
    assert len(lost) == 1
    assert read_halts(rss(), NOW)[0].rows == (), "a quiet day is an answer"
    with pytest.raises(FeedError, match="lacks symbol"):
        read_halts(rss(item()), NOW)


# Over a real socket


async def test_the_exchange_plays_all_of_them(afternoon: Exchange) -> None:
    (filings,) = documents_of(*await reports_of(afternoon, "sec", FILED))
    (yahoo,) = documents_of(*await reports_of(afternoon, "yahoo_rss", WRITTEN))
    (nasdaq,) = documents_of(*await reports_of(afternoon, "nasdaq_rss", WRITTEN))
    (halts,) = documents_of(*await reports_of(afternoon, "nasdaqtrader", HALTS))
    assert isinstance(filings, Filings)
    assert [row.form for row in filings.rows] == ["8-K", "4", "10-Q"]
    assert f"/{FIRST_CIK}/" in filings.rows[0].url
    assert isinstance(yahoo, Headlines)
    assert isinstance(nasdaq, Headlines)
    assert (len(yahoo.rows), len(nasdaq.rows)) == (20, 10)
    assert yahoo.rows[0].title == "IWM & its peers, part 0"
    assert nasdaq.rows[0].publisher == "Zacks"
    assert isinstance(halts, Halts)
    assert [row.is_on(NOW) for row in halts.rows] == [True, False]
    assert afternoon.asked("/submissions/")[-1].headers["user-agent"] == f"captop {CONTACT}"

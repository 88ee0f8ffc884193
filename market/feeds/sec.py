"""The SEC's list of filings by company. It answers only who says in each request who asks."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from market.clock import Clock
from market.feeds.feed import Answer, Query
from market.feeds.http import Asker, Request, Response, check
from market.feeds.one_host import OneHost
from market.feeds.responses import opening, require_data
from market.feeds.text import plain
from market.quotes import Key, Kind
from market.reports import Arrived, ErrorKind, FeedError
from market.sessions import NEW_YORK
from market.spellings import is_stock
from market.stories import Filing, Filings, web_address

SOURCE, NAME = "sec", "The SEC"
BASE_URL = "https://data.sec.gov"
FILES_URL = "https://www.sec.gov"
COMPANIES = "/files/company_tickers.json"
"""Which number the SEC keeps each company under, at `FILES_URL`."""
SUBMISSIONS = "/submissions/CIK{cik:010}.json"
DOCUMENT = FILES_URL + "/Archives/edgar/data/{cik}/{accession}/{name}"
"""Where people read a filing; always the SEC's own host."""
MOST_ROWS = 40
"""Filings kept, the newest."""
COMPANIES_KEPT = timedelta(days=1)
"""So long the list of companies is good: it is renewed every night."""
TOO_MANY_S = 600.0
"""The SEC shuts out for ten minutes who asks more than ten times a second."""
APART_S = 0.2
"""Between two requests, to whichever of its hosts: it counts them together."""
_CIK = "captop.cik"

_ACCESSION = re.compile(r"\d{10}-\d{2}-\d{6}", re.ASCII)
_ITEM = re.compile(r"\d\.\d\d", re.ASCII)
_DOCUMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*", re.ASCII)
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class _Company(msgspec.Struct):
    cik_str: int
    ticker: str


class _Recent(msgspec.Struct, rename="camel"):
    """The newest filings as columns, newest first; not all of them are always there."""

    accession_number: list[str]
    filing_date: list[str]
    form: list[str]
    acceptance_date_time: list[str] = []
    items: list[str] = []
    primary_document: list[str] = []
    primary_doc_description: list[str] = []


class _Filings(msgspec.Struct):
    recent: _Recent


class _Submissions(msgspec.Struct):
    filings: _Filings
    cik: str | int = 0


class SecFeed(OneHost):
    """The SEC as a feed: one request a company, and the list of companies once a day."""

    name = SOURCE

    def __init__(
        self,
        http: Asker,
        *,
        contact: str,
        base_url: str = BASE_URL,
        files_url: str = FILES_URL,
        clock: Clock,
    ) -> None:
        """Ask `base_url`, and `files_url` for the companies, in the name of `contact`."""
        super().__init__(http, base_url)
        self._files_url = files_url.rstrip("/")
        self._headers = {"User-Agent": f"captop {contact}", "Accept": "application/json"}
        self._clock = clock
        self._companies: tuple[datetime, Mapping[str, int]] | None = None
        self._listing, self._turn = asyncio.Lock(), asyncio.Lock()
        self._free_at = 0.0
        """Monotonic seconds of the next request at the soonest."""

    def serves(self, key: Key) -> bool:
        """Return whether a datum is the filings of a stock."""
        return key.kind is Kind.FILINGS and is_stock(key.symbol)

    def plan(self, keys: Sequence[Key]) -> list[Query]:
        """Return one query a company."""
        wanted = (key for key in dict.fromkeys(keys) if self.serves(key))
        return [Query(self.name, (key,), f"/submissions/{key.symbol}") for key in wanted]

    async def fetch(self, query: Query) -> Answer:
        """Ask for one company's filings, by its number."""
        symbol = query.keys[0].symbol
        async with self._listing:
            cik = (await self._numbers()).get(symbol)
        if cik is None:
            text = f"{NAME} knows no company with the symbol {symbol}"
            raise FeedError(ErrorKind.ABSENT, text)
        url = self._base_url + SUBMISSIONS.format(cik=cik)
        response = await self._send(Request(url, headers=self._headers))
        return Answer(response.body, response.content_type, {_CIK: str(cik)})

    async def _numbers(self) -> Mapping[str, int]:
        """Return the companies' numbers by symbol, asked for once a day."""
        now = self._clock.now()
        known = self._companies
        if known is not None and timedelta(0) <= now - known[0] < COMPANIES_KEPT:
            return known[1]
        request = Request(self._files_url + COMPANIES, headers=self._headers, is_extra=True)
        self._companies = now, read_companies((await self._send(request)).body)
        return self._companies[1]

    async def _send(self, request: Request) -> Response:
        """Ask when it is this request's turn; FeedError for anything but a good answer."""
        async with self._turn:
            if wait := max(0.0, self._free_at - self._clock.monotonic()):
                await self._clock.sleep(wait)
            self._free_at = self._clock.monotonic() + APART_S
        response = await self._http.send(request)
        check_answer(response)
        return response

    def parse(self, query: Query, answer: Answer, now: datetime) -> Arrived:
        """Understand one company's filings; FeedError if they are none."""
        (key,) = query.keys
        filings, lost = read_filings(answer.body, key, int(answer.headers.get(_CIK, "0")), now)
        return Arrived(feed=self.name, at=now, keys=query.keys, documents=(filings,), lost=lost)


def check_answer(response: Response) -> None:
    """Raise the FeedError that an answer stands for: the SEC says 403 to three kinds of asker."""
    if response.status == 403:
        page = response.body[:20_000].lower()
        if b"undeclared" in page:
            text = f"{NAME} does not take feeds.sec.contact: it wants a name and a mail address"
            raise FeedError(ErrorKind.REFUSED, text)
        if b"threshold" in page:
            text = f"{NAME} says there were too many requests"
            raise FeedError(ErrorKind.LIMITED, text, TOO_MANY_S)
        if opening(response.body).startswith(b"<?xml") and b"accessdenied" in page:
            raise FeedError(ErrorKind.ABSENT, f"{NAME} has no such file")
    check(response, NAME)


def read_companies(body: bytes) -> Mapping[str, int]:
    """Return the companies' numbers by symbol; the SEC spells classes as Yahoo does.

    Raises:
        FeedError: refused (a web page), garbled.
    """
    what = "list of companies"
    require_data(body, NAME, f"its {what}", _garbled(what, "it is empty"))
    try:
        found = msgspec.json.decode(body, type=dict[str, _Company])
    except _UNREADABLE as error:
        raise _garbled(what, _why(error)) from None
    if not found:
        raise _garbled(what, "it names none")
    return {row.ticker.strip().upper(): row.cik_str for row in found.values()}


def read_filings(body: bytes, key: Key, cik: int, now: datetime) -> tuple[Filings, tuple[str, ...]]:
    """Return a company's newest filings, newest first, and a sentence if some were left out.

    Raises:
        FeedError: refused (a web page), garbled.
    """
    what = f"filings of {key.symbol}"
    require_data(body, NAME, f"the {what}", _garbled(what, "the answer is empty"))
    try:
        told = msgspec.json.decode(body, type=_Submissions)
    except _UNREADABLE as error:
        raise _garbled(what, _why(error)) from None
    recent = told.filings.recent
    if not len(recent.accession_number) == len(recent.form) == len(recent.filing_date):
        raise _garbled(what, "its columns are not equally long")
    rows = list(_rows(recent, cik or _number(told.cik)))
    bad = rows.count(None)
    lost = (f"{bad} of the {what} have no day or number",) if bad else ()
    newest = sorted((row for row in rows if row), key=lambda row: row.filed_at, reverse=True)
    kept = tuple(newest[:MOST_ROWS])
    return Filings(key=key, source=SOURCE, fetched_at=now, rows=kept), lost


def _rows(recent: _Recent, cik: int) -> Iterator[Filing | None]:
    """Yield the filings; a little more than are kept, since they are sorted anew."""
    for n, accession in enumerate(recent.accession_number[: 3 * MOST_ROWS]):
        day = _day(recent.filing_date[n])
        if day is None or not _ACCESSION.fullmatch(accession):
            yield None
            continue
        form = plain(recent.form[n])[:24]
        title = plain(_at(recent.primary_doc_description, n))
        document = _at(recent.primary_document, n)
        yield Filing(
            form=form,
            items=_items(form, _at(recent.items, n)),
            title="" if _is_empty(title, form) else title,
            day=day,
            filed_at=_accepted(_at(recent.acceptance_date_time, n), day),
            url=_url(cik, accession, document),
        )


def _at(column: Sequence[str], n: int) -> str:
    return column[n] if n < len(column) else ""


def _items(form: str, words: str) -> tuple[str, ...]:
    """Return the items of an 8-K by number; other forms use the column for something else."""
    if not form.startswith("8-K"):
        return ()
    return tuple(item for part in words.split(",") if _ITEM.fullmatch(item := part.strip()))


def _is_empty(title: str, form: str) -> bool:
    """Whether what a filer called its document says no more than the form."""
    bare = title.casefold().removeprefix("form ").removesuffix(" submission").strip()
    return bare in {"", form.casefold(), "primary document", "ownership document"}


def _url(cik: int, accession: str, document: str) -> str:
    name = document if _DOCUMENT.fullmatch(document) and ".." not in document else ""
    return web_address(DOCUMENT.format(cik=cik, accession=accession.replace("-", ""), name=name))


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


def _accepted(words: str, day: date) -> datetime:
    """Return when a filing was taken, taken at its word; at the end of its day if not told."""
    try:
        at = datetime.fromisoformat(words)
    except ValueError:
        at = datetime.combine(day, time(17, 30), NEW_YORK)
    return (at if at.tzinfo is not None else at.replace(tzinfo=UTC)).astimezone(UTC)


def _number(cik: str | int) -> int:
    words = str(cik)
    return int(words) if words.isascii() and words.isdecimal() else 0


def _why(error: Exception) -> str:
    if isinstance(error, msgspec.ValidationError):
        return plain(str(error))
    return "it is cut short" if "truncated" in str(error) else "it is no JSON"


def _garbled(what: str, why: str) -> FeedError:
    return FeedError(ErrorKind.GARBLED, f"{NAME}'s {what} cannot be read: {why}")

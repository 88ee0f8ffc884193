"""State Street's SPDR funds: net asset value and shares outstanding by day, a workbook a fund.

    Fund Name:      SPDR S&P Biotech ETF
    Ticker Symbol:  XBI
    Date            NAV         Shares Outstanding      Total Net Assets
    03-Aug-2026     131.2487    52300000                6864307010

The holdings workbook beside it tells neither.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from math import isfinite

from market.feeds.feed import Answer, Query
from market.feeds.http import Asker, Request, check
from market.feeds.one_host import OneHost
from market.feeds.responses import require_data
from market.feeds.text import plain
from market.feeds.workbook import WorkbookError, rows_of
from market.fund_shares import FundDay
from market.funds import KEPT_DAYS, FundHistory, Issuer, funds_of
from market.quotes import Key, Kind
from market.reports import Arrived, ErrorKind, FeedError
from market.sessions import exchange_date

NAME = "State Street"
BASE_URL = "https://www.ssga.com"
PATH = "/library-content/products/fund-data/etfs/us/navhist-us-en-{fund}.xlsx"
COLUMNS = ("date", "nav", "shares outstanding")
HEAD_ROWS = 12
"""Rows in which the table's head must stand."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY = re.compile(r"([0-9]{1,2})-([A-Z][a-z]{2})-([0-9]{4})")


class SsgaFeed(OneHost):
    """State Street as a feed: one query a fund."""

    name = Issuer.SSGA.value

    def __init__(self, http: Asker, *, base_url: str = BASE_URL) -> None:
        """Ask `base_url` through `http`."""
        super().__init__(http, base_url)
        self._funds = funds_of(Issuer.SSGA)

    def serves(self, key: Key) -> bool:
        """Return whether a datum is the shares by day of one of its funds."""
        return key.kind is Kind.FUND and key.symbol in self._funds and not key.span

    def plan(self, keys: Sequence[Key]) -> list[Query]:
        """Return one query for each fund."""
        wanted = dict.fromkeys(key for key in keys if self.serves(key))
        return [Query(self.name, (k,), PATH.format(fund=k.symbol.lower())) for k in wanted]

    async def fetch(self, query: Query) -> Answer:
        """Ask for a fund's workbook."""
        response = await self._http.send(Request(self._base_url + query.path))
        check(response, NAME)
        return Answer.of(response)

    def parse(self, query: Query, answer: Answer, now: datetime) -> Arrived:
        """Understand a workbook; FeedError if it is none, or of another fund."""
        (key,) = query.keys
        days, lost = read_counts(answer.body, key.symbol, now)
        past = FundHistory(key=key, source=self.name, fetched_at=now, days=days)
        return Arrived(feed=self.name, at=now, keys=(key,), documents=(past,), lost=lost)


def read_counts(
    body: bytes, fund: str, now: datetime
) -> tuple[tuple[FundDay, ...], tuple[str, ...]]:
    """Return a fund's newest days, oldest first, and what was lost of them.

    Raises:
        FeedError: refused (a web page), garbled (no workbook, another fund's, no such table).
    """
    empty = FeedError(ErrorKind.GARBLED, f"{NAME}'s answer for {fund} is empty")
    require_data(body, NAME, f"the shares of {fund}", empty)
    try:
        rows = list(rows_of(body))
    except WorkbookError as error:
        raise _garbled(fund, str(error)) from None
    _require_fund(rows, fund)
    head = next((n for n, row in enumerate(rows[:HEAD_ROWS]) if _named(row[:1]) == ["date"]), None)
    if head is None:
        raise _garbled(fund, "there is no column `Date`")
    return _days(rows[head], rows[head + 1 :], fund, now)


def _days(
    head: Sequence[str], rows: Sequence[Sequence[str]], fund: str, now: datetime
) -> tuple[tuple[FundDay, ...], tuple[str, ...]]:
    places = _places(_named(head), fund)
    found: dict[date, FundDay] = {}
    lost: list[str] = []
    for cells in rows:
        padded = (*cells, *("",) * (len(head) - len(cells)))
        words, value, count = (padded[place] for place in places)
        day = _day(words)
        if day is not None and day <= exchange_date(now):
            found[day] = FundDay(day, _number(count), _number(value))
        elif day is None and _number(value) is not None:
            lost.append(f"{NAME}: a row of {fund} without a day was left out")
    if not found:
        raise FeedError(ErrorKind.ABSENT, f"{NAME} has no days of {fund}")
    return tuple(found[day] for day in sorted(found)[-KEPT_DAYS:]), tuple(lost[:5])


def _require_fund(rows: Sequence[Sequence[str]], fund: str) -> None:
    """Raise FeedError for the workbook of another fund; one that does not say is believed."""
    for row in rows[:HEAD_ROWS]:
        if len(row) > 1 and _named(row[:1])[0].rstrip(":") in {"ticker symbol", "ticker"}:
            told = plain(row[1]).upper()
            if told and told != fund:
                raise _garbled(fund, f"it is that of {told[:12]}")


def _named(cells: Sequence[str]) -> list[str]:
    return [" ".join(plain(cell).lower().split()) for cell in cells]


def _places(head: Sequence[str], fund: str) -> tuple[int, ...]:
    for name in COLUMNS:
        if name not in head:
            raise _garbled(fund, f"there is no column `{name.title()}`")
    return tuple(head.index(name) for name in COLUMNS)


def _number(cell: str) -> float | None:
    """A finite number, None for anything else: `-`, nothing, words."""
    try:
        found = float(cell.replace(",", ""))
    except ValueError:
        return None
    return found if isfinite(found) else None


def _day(words: str) -> date | None:
    """The day of `03-Aug-2026`, None for anything else."""
    told = _DAY.fullmatch(words.strip())
    if told is None or told.group(2) not in _MONTHS:
        return None
    try:
        return date(int(told.group(3)), _MONTHS.index(told.group(2)) + 1, int(told.group(1)))
    except ValueError:
        return None


def _garbled(fund: str, why: str) -> FeedError:
    return FeedError(ErrorKind.GARBLED, f"{NAME}'s history of {fund} is unreadable: {why}")

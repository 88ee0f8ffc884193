"""State Street's SPDR funds: net asset value and shares outstanding by day, a workbook a fund.

    Fund Name:      SPDR S&P Biotech ETF
    Ticker Symbol:  XBI
    Date            NAV         Shares Outstanding      Total Net Assets
    03-Aug-2026     131.2487    52300000                6864307010

The holdings workbook beside it (`ssga_holdings.py`) tells who is held.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from market.feeds.feed import Answer, Query
from market.feeds.http import Asker
from market.feeds.one_host import OneHost
from market.feeds.ssga_holdings import read_holdings
from market.feeds.ssga_table import NAME, day_of, garbled, named, number_of, table_of
from market.fund_shares import FundDay
from market.funds import KEPT_DAYS, FundHistory, Issuer, funds_of
from market.quotes import Key, Kind
from market.reports import Arrived, ErrorKind, FeedError
from market.sessions import exchange_date

BASE_URL = "https://www.ssga.com"
FOLDER = "/library-content/products/fund-data/etfs/us"
PATHS = {
    Kind.FUND: FOLDER + "/navhist-us-en-{fund}.xlsx",
    Kind.HOLDINGS: FOLDER + "/holdings-daily-us-en-{fund}.xlsx",
}
COLUMNS = ("date", "nav", "shares outstanding")
WHAT = "history"


class SsgaFeed(OneHost):
    """State Street as a feed: one query a fund."""

    name = Issuer.SSGA.value
    source = NAME

    def __init__(self, http: Asker, *, base_url: str = BASE_URL) -> None:
        """Ask `base_url` through `http`."""
        super().__init__(http, base_url)
        self._funds = funds_of(Issuer.SSGA)

    def serves(self, key: Key) -> bool:
        """Return whether a datum is the shares by day of one of its funds, or who that holds."""
        return key.kind in PATHS and key.symbol in self._funds and not key.span

    def plan(self, keys: Sequence[Key]) -> list[Query]:
        """Return one query for each datum."""
        wanted = dict.fromkeys(key for key in keys if self.serves(key))
        return [Query(self.name, (k,), PATHS[k.kind].format(fund=k.symbol.lower())) for k in wanted]

    def parse(self, query: Query, answer: Answer, now: datetime) -> Arrived:
        """Understand a workbook; FeedError if it is none, or of another fund."""
        (key,) = query.keys
        if key.kind is Kind.HOLDINGS:
            held = read_holdings(answer.body, key.symbol, now)
            return Arrived(feed=self.name, at=now, keys=(key,), holdings=(held,))
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
    rows, head = table_of(body, fund, "date", WHAT)
    return _days(rows[head], rows[head + 1 :], fund, now)


def _days(
    head: Sequence[str], rows: Sequence[Sequence[str]], fund: str, now: datetime
) -> tuple[tuple[FundDay, ...], tuple[str, ...]]:
    places = _places(named(head), fund)
    found: dict[date, FundDay] = {}
    lost: list[str] = []
    for cells in rows:
        padded = (*cells, *("",) * (len(head) - len(cells)))
        words, value, count = (padded[place] for place in places)
        day = day_of(words)
        if day is not None and day <= exchange_date(now):
            found[day] = FundDay(day, number_of(count), number_of(value))
        elif day is None and number_of(value) is not None:
            lost.append(f"{NAME}: a row of {fund} without a day was left out")
    if not found:
        raise FeedError(ErrorKind.ABSENT, f"{NAME} has no days of {fund}")
    return tuple(found[day] for day in sorted(found)[-KEPT_DAYS:]), tuple(lost[:5])


def _places(head: Sequence[str], fund: str) -> tuple[int, ...]:
    for name in COLUMNS:
        if name not in head:
            raise garbled(fund, WHAT, f"there is no column `{name.title()}`")
    return tuple(head.index(name) for name in COLUMNS)

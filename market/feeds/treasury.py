"""The Treasury's par yields: a table a year, as CSV, and as XML where the CSV fails."""

from __future__ import annotations

import asyncio
import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from market.clock import Clock
from market.feeds.feed import Answer, Query
from market.feeds.http import Asker, Request, Response, check
from market.feeds.one_host import OneHost
from market.feeds.responses import opening
from market.feeds.series import number, report
from market.feeds.text import plain
from market.quotes import Key, Kind
from market.reports import Arrived, ErrorKind, FeedError
from market.sessions import exchange_date

SOURCE, NAME = "treasury", "The Treasury"
BASE_URL = "https://home.treasury.gov/resource-center/data-chart-center/interest-rates"
CSV, XML = "/daily-treasury-rates.csv/{year}/all", "/pages/xml"
CURVE, YEAR = "daily_treasury_yield_curve", "field_tdr_date_value"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "DGS3MO": ("3 Mo", "BC_3MONTH"),
    "DGS2": ("2 Yr", "BC_2YEAR"),
    "DGS10": ("10 Yr", "BC_10YEAR"),
    "DGS30": ("30 Yr", "BC_30YEAR", "BC_30YEARDISPLAY"),
}
"""The series by symbol: what their column is called in either form, best first."""
DATE, XML_DATE = "Date", "NEW_DATE"
BETWEEN = b"\x1e"
"""What stands between the tables of two years in an answer."""
KEPT = timedelta(minutes=5)
"""So long a table of this year also serves a tenor that is wanted a little later."""
SECOND_TRY = frozenset({ErrorKind.ABSENT, ErrorKind.REFUSED, ErrorKind.GARBLED})
"""After these failures of the CSV the XML is asked for."""

# The XML is one flat list of fields an entry, made by a machine. Reading these fields by their
# tags follows no reference and expands no entity, which a parser of all XML would have to be
# kept from.
_ENTRY = re.compile(r"<m:properties\b[^>]*>(.*?)</m:properties>", re.DOTALL)
_FIELD = re.compile(r"<d:(\w+)\b[^>/]*>([^<]*)</d:\1>")


class TreasuryFeed(OneHost):
    """The Treasury as a feed: all tenors come with one answer about this year and the last."""

    name = SOURCE

    def __init__(self, http: Asker, *, base_url: str = BASE_URL, clock: Clock) -> None:
        """Ask `base_url` through `http` for the clock's year and the one before."""
        super().__init__(http, base_url)
        self._clock = clock
        self._past: tuple[int, bytes] | None = None
        """A year that is over and its table, which changes no more."""
        self._newest: tuple[datetime, int, bytes] | None = None
        """When this year's table was asked for, the year, and the table."""
        self._turn = asyncio.Lock()

    def serves(self, key: Key) -> bool:
        """Return whether a datum is one of the yields."""
        return key.kind is Kind.PUBLISHED and key.symbol in COLUMNS

    def plan(self, keys: Sequence[Key]) -> list[Query]:
        """Return the one query there is, if any yield is wanted."""
        year = exchange_date(self._clock.now()).year
        wanted = tuple(dict.fromkeys(key for key in keys if self.serves(key)))
        path, params = CSV.format(year=year), _csv_params(year)
        return [Query(self.name, wanted, path, params)] if wanted else []

    async def fetch(self, query: Query) -> Answer:
        """Ask for this year's table and, where it is not known yet, the last one's.

        In the first days of January there may be no table of the year.
        """
        async with self._turn:
            return await self._tables(int(dict(query.params)[YEAR]))

    async def _tables(self, year: int) -> Answer:
        tables: list[bytes] = []
        missing: FeedError | None = None
        try:
            tables.append(await self._year_under_way(year))
        except FeedError as error:
            if error.kind is not ErrorKind.ABSENT:
                raise
            missing = error
        try:
            tables.append(await self._year_before(year))
        except FeedError:
            if missing is not None:
                raise missing from None
        return Answer(BETWEEN.join(tables))

    def parse(self, query: Query, answer: Answer, now: datetime) -> Arrived:
        """Understand the tables; FeedError if there is no yield in them."""
        values: dict[Key, dict[date, float]] = {key: {} for key in query.keys}
        lost: list[str] = []
        for table in answer.body.split(BETWEEN):
            for row in read_table(table):
                try:
                    _take(row, values)
                except ValueError:
                    day = plain(row.get(DATE, ""))[:20]
                    lost.append(f"{NAME}: a row of {day or 'no day'} was left out")
        return report(self.name, values, now, lost)

    async def _year_under_way(self, year: int) -> bytes:
        now, known = self._clock.now(), self._newest
        if known is None or known[1] != year or not timedelta(0) <= now - known[0] < KEPT:
            known = self._newest = now, year, await self._table(year, is_extra=False)
        return known[2]

    async def _year_before(self, year: int) -> bytes:
        if self._past is None or self._past[0] != year - 1:
            self._past = year - 1, await self._table(year - 1, is_extra=True)
        return self._past[1]

    async def _table(self, year: int, *, is_extra: bool) -> bytes:
        """Ask for a year's CSV and, if that is no table, for its XML."""
        try:
            path = CSV.format(year=year)
            return _table_of(await self._ask(path, _csv_params(year), is_extra=is_extra))
        except FeedError as error:
            if error.kind not in SECOND_TRY:
                raise
            failed = error
        params = (("data", CURVE), (YEAR, f"{year}"))
        try:
            return _table_of(await self._ask(XML, params, is_extra=True))
        except FeedError as error:
            raise error if error.kind is ErrorKind.LIMITED else failed from None

    async def _ask(
        self, path: str, params: Sequence[tuple[str, str]], *, is_extra: bool
    ) -> Response:
        url = self._base_url + path
        response = await self._http.send(Request(url, params=params, is_extra=is_extra))
        check(response, NAME)
        return response


def _csv_params(year: int) -> tuple[tuple[str, str], ...]:
    return ("type", CURVE), (YEAR, f"{year}"), ("page", ""), ("_format", "csv")


def _table_of(response: Response) -> bytes:
    """Return a body that is a table in either form; FeedError for anything else."""
    start = opening(response.body)
    if start.startswith((b"Date", b'"Date"', b"<?xml", b"<feed")):
        return response.body
    if start.startswith(b"<"):
        raise FeedError(ErrorKind.REFUSED, f"{NAME} sent a web page instead of yields")
    what = "something else than" if start else "nothing instead of"
    raise FeedError(ErrorKind.GARBLED, f"{NAME} sent {what} a table of yields")


def read_table(table: bytes) -> Iterator[Mapping[str, str]]:
    """Yield the rows of a table in either form: cells by the column's title, `Date` among them."""
    text = table.decode("utf-8-sig", "replace").lstrip()
    return _xml_rows(text) if text.startswith("<") else _csv_rows(text.splitlines())


def _csv_rows(lines: Iterable[str]) -> Iterator[Mapping[str, str]]:
    rows = csv.reader(lines)
    titles = [title.strip() for title in next(rows, ())]
    for row in rows:
        cells = dict(zip(titles, row, strict=False))
        if any(cells.values()):
            yield cells


def _xml_rows(text: str) -> Iterator[Mapping[str, str]]:
    for entry in _ENTRY.findall(text):
        cells = dict(_FIELD.findall(entry))
        yield {**cells, DATE: cells.get(XML_DATE, "")}


def _take(row: Mapping[str, str], values: Mapping[Key, dict[date, float]]) -> None:
    """Put one day's yields where they belong; ValueError for a row that makes no sense."""
    day = _day(row.get(DATE, ""))
    for key, told in values.items():
        cells = (row[name] for name in COLUMNS[key.symbol] if name in row)
        value = number(next(cells, None))
        if value is not None:
            told[day] = value


def _day(text: str) -> date:
    if "/" in text:
        return datetime.strptime(text.strip(), "%m/%d/%Y").replace(tzinfo=UTC).date()
    return date.fromisoformat(text.strip()[:10])

"""ForexFactory's calendar of economic releases, this week's and the next: schedule, no actuals."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

import msgspec

from market.agenda import Impact, Release, Releases
from market.clock import Clock
from market.feeds.feed import Answer, Query
from market.feeds.http import Asker, Request, Response, check
from market.feeds.one_host import OneHost
from market.feeds.responses import UnconnectedError, opening
from market.feeds.text import plain
from market.holdings import WHOLE_MARKET
from market.quotes import Key, Kind
from market.reports import Arrived, ErrorKind, FeedError
from market.sessions import NEW_YORK

BASE_URL = "https://nfs.faireconomy.media"
WEEKS = ("thisweek", "nextweek")
"""The spans it knows, and how its files are called."""
KEPT = timedelta(minutes=30)
"""So long an answer is given again instead of asking: the file changes rarely."""
MOST_ASKS, WITHIN_S = 2, 300.0
"""It answers two requests in five minutes; a third gets a web page."""
US, DOLLAR = "US", "USD"
"""The currency of a release stands for its country."""

_FETCHED = "captop.fetched"
_IMPACTS = {
    "high": Impact.HIGH,
    "medium": Impact.MEDIUM,
    "low": Impact.LOW,
    "holiday": Impact.HOLIDAY,
}
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class _Row(msgspec.Struct):
    title: str
    country: str
    date: datetime
    impact: str = ""
    forecast: str | None = None
    previous: str | None = None


class ForexFactoryFeed(OneHost):
    """ForexFactory as a feed: a file for this week and one for the next."""

    name = "forexfactory"

    def __init__(self, http: Asker, *, base_url: str = BASE_URL, clock: Clock) -> None:
        """Ask `base_url` through `http`, as seldom as it wants to be asked."""
        super().__init__(http, base_url)
        self._clock = clock
        self._asked: deque[float] = deque(maxlen=MOST_ASKS)
        self._kept: dict[str, tuple[datetime, Answer]] = {}
        self._failed: dict[str, FeedError] = {}
        """Why there was no file, by path."""

    def serves(self, key: Key) -> bool:
        """Return whether a datum is the releases of a week that has a file."""
        return key.kind is Kind.RELEASES and key.symbol == WHOLE_MARKET and key.span in WEEKS

    def plan(self, keys: Sequence[Key]) -> list[Query]:
        """Return a query for each week, this one first."""
        wanted = {key.span: key for key in keys if self.serves(key)}
        return [
            Query(self.name, (wanted[week],), f"/ff_calendar_{week}.json")
            for week in WEEKS
            if week in wanted
        ]

    async def fetch(self, query: Query) -> Answer:
        """Ask for a week's file, unless the one that is kept is young; it may say no itself."""
        now = self._clock.now()
        kept = self._kept.get(query.path)
        if kept is not None and timedelta(0) <= now - kept[0] < KEPT:
            return kept[1]
        self._require_turn(query.path)
        try:
            response = await self._sent(Request(self._base_url + query.path))
            check(response, "ForexFactory")
            _require_file(response.body)
        except FeedError as error:
            self._failed[query.path] = error
            raise
        self._failed.pop(query.path, None)
        answer = Answer(response.body, response.content_type, {_FETCHED: now.isoformat()})
        self._kept[query.path] = now, answer
        return answer

    async def _sent(self, request: Request) -> Response:
        """Ask, and note it; where no connection came about nothing was asked."""
        asked = self._clock.monotonic()
        self._asked.append(asked)
        try:
            return await self._http.send(request)
        except UnconnectedError:
            self._asked.remove(asked)
            raise

    def _require_turn(self, path: str) -> None:
        """Raise the FeedError where one more request would be too many: why the last failed."""
        now = self._clock.monotonic()
        if len(self._asked) == MOST_ASKS and (wait := self._asked[0] + WITHIN_S - now) > 0:
            failed = self._failed.get(path, _ENOUGH)
            raise FeedError(failed.kind, failed.text, wait)

    def parse(self, query: Query, answer: Answer, now: datetime) -> Arrived:
        """Understand a week's file; FeedError if it is none."""
        told = answer.headers.get(_FETCHED)
        fetched = now if told is None else datetime.fromisoformat(told)
        (key,) = query.keys
        try:
            releases, lost = read_week(answer.body, key, fetched)
        except FeedError:
            self._kept.pop(query.path, None)
            raise
        return Arrived(feed=self.name, at=now, keys=query.keys, documents=(releases,), lost=lost)


def read_week(body: bytes, key: Key, fetched: datetime) -> tuple[Releases, tuple[str, ...]]:
    """Return the releases of the United States in a week's file, by time.

    Raises:
        FeedError: limited (a web page), garbled.
    """
    _require_file(body)
    try:
        given = msgspec.json.decode(body, type=list[dict[str, object]])
    except _UNREADABLE as error:
        why = "it is cut short" if "truncated" in str(error) else "it is no list of releases"
        raise _garbled(why) from None
    rows = [_row(each) for each in given]
    if given and not any(rows):
        raise _garbled("its rows have no `title`, `country` and `date`")
    bad = rows.count(None)
    lost = (f"{bad} of ForexFactory's rows could not be read",) if bad else ()
    ours = (_release(row) for row in rows if row is not None and row.country == DOLLAR)
    told = sorted(ours, key=lambda release: (release.day, release.at or _MIDNIGHT))
    return Releases(key=key, source="forexfactory", fetched_at=fetched, rows=tuple(told)), lost


def _row(given: dict[str, object]) -> _Row | None:
    try:
        row = msgspec.convert(given, _Row)
    except msgspec.ValidationError:
        return None
    return row if row.title.strip() and row.date.tzinfo is not None else None


def _release(row: _Row) -> Release:
    local = row.date.astimezone(NEW_YORK)
    impact = _IMPACTS.get(row.impact.strip().casefold(), Impact.UNKNOWN)
    has_time = impact is not Impact.HOLIDAY and local.time() != time(0)
    return Release(
        title=plain(row.title),
        country=US,
        day=local.date(),
        at=row.date.astimezone(UTC) if has_time else None,
        impact=impact,
        previous=plain(row.previous or ""),
        consensus=plain(row.forecast or ""),
    )


def _require_file(body: bytes) -> None:
    """Raise the FeedError for what is no file: to a third request it answers with a page."""
    start = opening(body)
    if not start:
        raise _garbled("it is empty")
    if start.startswith(b"<"):
        text = "ForexFactory sent a web page: it was asked too often"
        raise FeedError(ErrorKind.LIMITED, text, WITHIN_S)


def _garbled(why: str) -> FeedError:
    return FeedError(ErrorKind.GARBLED, f"ForexFactory's calendar cannot be read: {why}")


_ENOUGH = FeedError(ErrorKind.LIMITED, "ForexFactory may be asked twice in five minutes, and was")
_MIDNIGHT = datetime.min.replace(tzinfo=UTC)

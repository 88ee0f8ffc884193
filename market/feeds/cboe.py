"""Cboe's delayed quotes: the volatility family, ^RUT and option chains, 15 minutes behind."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import quote as quoted

from market.feeds import cboe_wire as wire
from market.feeds.cboe_chain import read_chain
from market.feeds.cboe_quotes import FEWEST, LIST_PATH, lacking, parse_list, parse_quote
from market.feeds.cboe_wire import Candle, Rows
from market.feeds.feed import Answer, Query
from market.feeds.http import Asker, Request, check, host_of
from market.feeds.one_host import OneHost
from market.instruments import OPTIONED, Cast, Role
from market.option_files import OptionFile
from market.quotes import Bars, Key, Kind, Quote
from market.reports import Absent, Arrived, ErrorKind, FeedError
from market.sessions import (
    exchange_date,
    is_session,
    last_completed_session,
    session_of,
)

BASE_URL = "https://cdn.cboe.com/api/global"
HOSTS = frozenset({"cdn.cboe.com", "cdn-api.cboe.com"})
"""The first redirects to the second."""
KEPT_SESSIONS = 1350
"""Five years of daily rows and some weeks; the files go back to 1990."""

_MINUTE = timedelta(seconds=60)
_OF_PRICES = frozenset({Kind.QUOTE, Kind.INTRADAY, Kind.DAILY})
_OF_MARKS = frozenset({Kind.DAILY})
"""VIX futures have a closing mark a day and nothing else."""
_SOON_S = 2.0
"""Wait before quotes of which there is no list are asked for one by one."""


class CboeFeed(OneHost):
    """Cboe as a feed: one file for each datum, quotes of indices from the list of all.

    Nothing but `fetch` and `aclose` is impure.
    """

    name = "cboe"

    def __init__(self, http: Asker, *, base_url: str = BASE_URL, cast: Cast) -> None:
        """Ask `base_url` through `http` for the instruments of `cast` that have a Cboe name."""
        super().__init__(http, base_url)
        self._cast = cast
        host = host_of(self._base_url)
        self._allowed = HOSTS if host in HOSTS else frozenset({host})
        self._unlisted: set[str] = set()
        """Indices that the list was found to lack."""

    def serves(self, key: Key) -> bool:
        """Return whether Cboe has a file for a datum."""
        if key.kind is Kind.CHAIN:
            return key.symbol in OPTIONED
        instrument = self._cast[key.symbol]
        kinds = _OF_MARKS if instrument.role is Role.VOLATILITY_FUTURE else _OF_PRICES
        return key.kind in kinds and bool(instrument.cboe)

    def plan(self, keys: Sequence[Key]) -> list[Query]:
        """Return one query for the quotes of some indices, one for each other datum."""
        wanted = dict.fromkeys(key for key in keys if self.serves(key))
        listed = tuple(key for key in wanted if self._is_listed(key))
        if len(listed) < FEWEST:
            return [Query(self.name, (key,), self._path(key)) for key in wanted]
        others = (key for key in wanted if key not in listed)
        together = Query(self.name, listed, LIST_PATH)
        return [together, *(Query(self.name, (key,), self._path(key)) for key in others)]

    async def fetch(self, query: Query) -> Answer:
        """Ask for one file; a file that does not exist is absent."""
        request = Request(self._base_url + query.path, allowed_hosts=self._allowed)
        response = await self._http.send(request)
        # The bucket behind the address says 403 with XML for what it does not have.
        if response.status == 403 and b"AccessDenied" in response.body:
            raise self._absent(query)
        check(response, "Cboe")
        if query.path == LIST_PATH:
            self._unlisted |= lacking(query, response.body)
        return Answer.of(response)

    def _absent(self, query: Query) -> FeedError:
        """Return why there is no file; without a list, quotes are asked for one by one."""
        if query.path != LIST_PATH:
            return FeedError(ErrorKind.ABSENT, f"Cboe knows no {query.keys[0].symbol}")
        self._unlisted |= {key.symbol for key in query.keys}
        text = "Cboe has no list of its indices: their quotes are asked for one by one"
        return FeedError(ErrorKind.GARBLED, text, _SOON_S)

    def parse(self, query: Query, answer: Answer, now: datetime) -> Arrived:
        """Understand one file; FeedError if nothing of it is usable."""
        if query.path == LIST_PATH:
            return parse_list(query, answer.body, now)
        (key,) = query.keys
        if key.kind is Kind.CHAIN:
            return self._chain(key, answer.body, now)
        if not (key.kind is Kind.DAILY and self._has_history_file(key)):
            wire.require_symbol(answer.body, self._cast[key.symbol].cboe, key.symbol)
        match key.kind:
            case Kind.QUOTE:
                found = parse_quote(key, answer.body, now)
                return Arrived(feed=self.name, at=now, keys=(key,), quotes=(found,))
            case Kind.INTRADAY:
                return _intraday(key, answer.body, now)
            case _:
                return self._daily(key, answer.body, now)

    def _is_listed(self, key: Key) -> bool:
        is_index = self._cast[key.symbol].cboe.startswith("_")
        return key.kind is Kind.QUOTE and is_index and key.symbol not in self._unlisted

    def _path(self, key: Key) -> str:
        name = quoted(self._name(key.symbol), safe="_")
        match key.kind:
            case Kind.CHAIN:
                return f"/delayed_quotes/options/{name}.json"
            case Kind.QUOTE:
                return f"/delayed_quotes/quotes/{name}.json"
            case Kind.INTRADAY:
                return f"/delayed_quotes/charts/intraday/{name}.json"
            case _ if self._has_history_file(key):
                return f"/us_indices/daily_prices/{name.removeprefix('_')}_History.csv"
            case _:
                return f"/delayed_quotes/charts/historical/{name}.json"

    def _name(self, symbol: str) -> str:
        """What Cboe calls it: a fund whose prices come from elsewhere goes by its symbol."""
        return self._cast[symbol].cboe or symbol

    def _has_history_file(self, key: Key) -> bool:
        return self._cast[key.symbol].role is Role.VOLATILITY

    def _chain(self, key: Key, body: bytes, now: datetime) -> Arrived:
        chain, count, lost = read_chain(body, self._name(key.symbol), key.symbol, now)
        file = OptionFile(
            key=key, source=self.name, fetched_at=now, chain=chain, delay_s=wire.DELAY_S, lost=count
        )
        return Arrived(feed=self.name, at=now, keys=(key,), documents=(file,), lost=lost)

    def _daily(self, key: Key, body: bytes, now: datetime) -> Arrived:
        read = wire.history_rows if self._has_history_file(key) else wire.historical_rows
        rows = read(body, key.symbol)
        last = last_completed_session(now)
        # Some files have rows for days without a session; they are no loss.
        kept = wire.newest((d for d in rows.by_day if d <= last and is_session(d)), KEPT_SESSIONS)
        if not kept:
            raise FeedError(ErrorKind.GARBLED, f"Cboe's history of {key.symbol} has no usable row")
        by_start = {session_of(day).open: rows.by_day[day] for day in kept}
        as_of = session_of(kept[-1]).close
        bars = _bars(key, by_start, 86_400, as_of)
        return Arrived(feed=self.name, at=now, keys=(key,), bars=(bars,), lost=tuple(rows.lost))


def _intraday(key: Key, body: bytes, now: datetime) -> Arrived:
    rows = wire.intraday_rows(body, key.symbol)
    rows.lost.extend(
        f"the minute {end:%Y-%m-%d %H:%M} UTC of {key.symbol} was left out: it lies in the future"
        for end in rows.by_end
        if end > now
    )
    current = _current(rows, now)
    if not current:
        if rows.lost:
            what = f"Cboe's minutes of {key.symbol} have no usable row"
            raise FeedError(ErrorKind.GARBLED, what)
        gone = Absent(key, f"Cboe has no minutes of {key.symbol} for this session yet")
        return Arrived(feed=CboeFeed.name, at=now, keys=(key,), absent=(gone,))
    bars = _bars(key, {end - _MINUTE: row for end, row in current.items()}, 60, max(current))
    return Arrived(
        feed=CboeFeed.name,
        at=now,
        keys=(key,),
        bars=(bars,),
        quotes=(_newest_minute(key, current),),
        lost=tuple(rows.lost),
    )


def _current(rows: Rows, now: datetime) -> dict[datetime, Candle]:
    """Return the minutes of the newest session in a file, oldest first, none from the future."""
    past = sorted(end for end in rows.by_end if end <= now)
    days = {exchange_date(end) for end in past[-1:]}
    return {end: rows.by_end[end] for end in past if exchange_date(end) in days}


def _newest_minute(key: Key, rows: Mapping[datetime, Candle]) -> Quote:
    """Return the newest minute as a quote, with the day's range if the first minute is there."""
    ends = list(rows)
    day = exchange_date(ends[0])
    opened = ends[0] - _MINUTE
    is_whole = is_session(day) and opened == session_of(day).open
    highs = [row.high for row in rows.values() if row.high is not None] if is_whole else []
    lows = [row.low for row in rows.values() if row.low is not None] if is_whole else []
    return Quote(
        symbol=key.symbol,
        last=rows[ends[-1]].close,
        as_of=ends[-1],
        source=CboeFeed.name,
        delay_s=wire.DELAY_S,
        open=rows[ends[0]].open if is_whole else None,
        high=max(highs, default=None),
        low=min(lows, default=None),
    )


def _bars(key: Key, rows: Mapping[datetime, Candle], interval_s: int, as_of: datetime) -> Bars:
    """Return rows by their start as columns.

    Where some rows have a range, one without is flat at its close. Volumes that all lack are empty.
    """
    candles = [rows[start] for start in sorted(rows)]
    closes = [row.close for row in candles]
    volumes = [row.volume for row in candles]
    return Bars(
        key=key,
        interval_s=interval_s,
        source=CboeFeed.name,
        as_of=as_of,
        times=array("q", sorted(int(start.timestamp()) for start in rows)),
        close=array("d", closes),
        open=_column([row.open for row in candles], closes),
        high=_column([row.high for row in candles], closes),
        low=_column([row.low for row in candles], closes),
        volume=array("d", volumes if any(volumes) else []),
    )


def _column(values: Sequence[float | None], closes: Sequence[float]) -> array[float]:
    if all(value is None for value in values):
        return array("d")
    pairs = zip(values, closes, strict=True)
    return array("d", [close if value is None else value for value, close in pairs])

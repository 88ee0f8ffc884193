"""The doctor's questions to the feeds: one cheap query for each thing a feed is needed for.

Of a stream it is asked whether it connects, and whether a price comes by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime

from market.clock import Clock
from market.documents import Document
from market.feeds.feed import Answer, Feed, Metered, Searcher
from market.feeds.stream import Stream
from market.holdings import WHOLE_MARKET
from market.instruments import FUTURE, INDEX, TRACKER, VIX
from market.publications import day_of, why_late
from market.published import Published
from market.quotes import Key, Kind, Phase
from market.reports import Arrived, ErrorKind, Failed, FeedError
from market.sessions import (
    duration_in_words,
    exchange_date,
    last_completed_session,
    session_state,
    sessions_between,
)
from market.staleness import stale_limit
from market.venues import Venue, trading_time_between
from tui.findings import Fact, Finding, Verdict

SKEW_ALLOWED = timedelta(seconds=30)
"""Within this the ages on screen stay right; a Date header is whole seconds and cacheable."""
DAY_S = 86_400
SERIES = frozenset({Kind.INTRADAY, Kind.TRACE, Kind.DAILY, Kind.CLOSES})
COMPANY = "AAPL"
"""A company whose filings the SEC surely has."""
TICKING = (INDEX, TRACKER, FUTURE)
"""Of what prices come by themselves; the future's at night too."""
PATIENCE_S = 5.0
"""How long a price is waited for on a stream that is connected."""
CLOSES_LATE, FILES_LATE = 1, 3
"""Sessions that may be missing: a close may come in the morning only, a fund's file take days."""


@dataclass(frozen=True, slots=True)
class Probe:
    """One question."""

    name: str
    key: Key | None
    """The datum asked for; None searches for symbols."""


PROBES: Mapping[str, Sequence[Probe]] = {
    "yahoo": (
        Probe("chart", Key(Kind.INTRADAY, TRACKER)),
        Probe("spark", Key(Kind.TRACE, TRACKER)),
        Probe("crumb and quote", Key(Kind.DETAILS, TRACKER)),
        Probe("search", None),
    ),
    "cboe": (
        Probe("quote", Key(Kind.QUOTE, VIX)),
        Probe("daily history", Key(Kind.DAILY, VIX)),
    ),
    "ishares": (
        Probe("holdings", Key(Kind.HOLDINGS, TRACKER)),
        Probe("shares by day", Key(Kind.FUND, TRACKER)),
    ),
    "nasdaq": (Probe("listings", Key(Kind.LISTINGS, WHOLE_MARKET)),),
    "fred": (Probe("series", Key(Kind.PUBLISHED, "IORB")),),
    "nyfed": (Probe("reference rate", Key(Kind.PUBLISHED, "EFFR")),),
    "treasury": (Probe("par yields", Key(Kind.PUBLISHED, "DGS2")),),
    "forexfactory": (Probe("this week's releases", Key(Kind.RELEASES, WHOLE_MARKET, "thisweek")),),
    "sec": (Probe("filings", Key(Kind.FILINGS, COMPANY)),),
    "yahoo_rss": (Probe("headlines", Key(Kind.HEADLINES, TRACKER)),),
    "nasdaq_rss": (Probe("headlines", Key(Kind.HEADLINES, TRACKER)),),
    "nasdaqtrader": (Probe("trading halts", Key(Kind.HALTS, WHOLE_MARKET)),),
    "ssga": (Probe("shares by day", Key(Kind.FUND, "XBI")),),
}


class Inquiry:
    """What a round of questions learns on the way."""

    def __init__(self, clock: Clock) -> None:
        """Begin with every host free to be asked."""
        self.clock = clock
        self.skews: list[timedelta] = []
        """How far our clock was ahead of each source's."""
        self._asked = ""
        self._limited: dict[str, str] = {}

    def spend(self, host: str) -> None:
        """Note who is asked now; FeedError for a host that said there were too many requests."""
        if host in self._limited:
            raise FeedError(ErrorKind.LIMITED, f"not asked any more: {self._limited[host]}")
        self._asked = host

    def learn(self, error: FeedError) -> None:
        """Learn why the host that was asked last gave nothing."""
        if error.kind is ErrorKind.LIMITED:
            self._limited.setdefault(self._asked, error.text)


async def probe_all(feeds: Mapping[str, Feed], clock: Clock) -> list[Finding]:
    """Ask every feed all its questions, one after the other, and close it.

    A host that says there were too many requests is asked nothing more.
    """
    findings: list[Finding] = []
    inquiry = Inquiry(clock)
    for name, feed in feeds.items():
        if isinstance(feed, Metered):
            feed.meter(inquiry.spend)
        findings += [await _probe(feed, probe, inquiry) for probe in PROBES.get(name, ())]
        await feed.aclose()
    return [_clock_finding(inquiry.skews), *findings]


async def _probe(feed: Feed, probe: Probe, inquiry: Inquiry) -> Finding:
    begun = inquiry.clock.monotonic()
    facts: dict[str, Fact] = {}
    try:
        words = await _asked(feed, probe, facts, inquiry)
        state = Verdict.DEGRADED if "fault" in facts else Verdict.WELL
    except FeedError as error:
        inquiry.learn(error)
        words, state = error.text, Verdict.BROKEN
        facts["kind"] = str(error.kind)
    elapsed = round((inquiry.clock.monotonic() - begun) * 1000)
    timing = f"{elapsed} ms"
    return Finding(feed.name, probe.name, state, f"{words}, {timing}", {"ms": elapsed, **facts})


async def probe_stream(stream: Stream, clock: Clock) -> Finding:
    """Connect, subscribe, and wait a while for the first price."""
    begun = clock.monotonic()
    reports = asyncio.Queue[Arrived | Failed]()
    stream.want(TICKING)
    running = asyncio.create_task(stream.run(reports.put_nowait, _Unpolled()), name=stream.name)
    try:
        told = await reports.get()
        elapsed = round((clock.monotonic() - begun) * 1000)
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                while isinstance(told, Arrived) and not told.quotes:
                    told = await reports.get()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    facts: dict[str, Fact] = {"ms": elapsed}
    state, words = _heard(told, facts, clock.now())
    return Finding(stream.name, "first price", state, f"{words}, {elapsed} ms", facts)


class _Unpolled:
    """Stands for who polls the same prices: nobody does."""

    def stream(self, symbols: Iterable[str]) -> None:
        """Pass over which symbols are streamed."""

    def catch_up(self, symbols: Iterable[str]) -> None:
        """Pass over what was missed."""


def _heard(told: Arrived | Failed, facts: dict[str, Fact], now: datetime) -> tuple[Verdict, str]:
    """Return what came of a stream: the last that it told, or that it was connected."""
    if isinstance(told, Failed):
        facts["kind"] = str(told.kind)
        return Verdict.BROKEN, told.text
    if told.quotes:
        fault = _fault(Kind.QUOTE, told, "a price", now)
        words = _with_fault(f"connected, {next(_contents(told))}", fault, facts)
        return Verdict.DEGRADED if fault else Verdict.WELL, words
    phase = session_state(now).phase
    silence = f"no price within {PATIENCE_S:g} s"
    if phase is Phase.REGULAR:
        return Verdict.DEGRADED, _with_fault("connected", f"{silence} though trading is on", facts)
    why = "the market is closed" if phase is Phase.CLOSED else "it is not regular hours"
    return Verdict.WELL, f"connected, {silence}: {why}"


async def _asked(feed: Feed, probe: Probe, facts: dict[str, Fact], inquiry: Inquiry) -> str:
    """Ask, and return what came in words."""
    if probe.key is None:
        found = await feed.search("russell 2000") if isinstance(feed, Searcher) else ()
        return _with_fault(
            f"{len(found)} symbols for Russell 2000", "" if found else "found nothing", facts
        )
    query = feed.plan([probe.key])[0]
    inquiry.spend(feed.host(query))
    answer = await feed.fetch(query)
    facts["bytes"], clock = len(answer.body), inquiry.clock
    if (skew := _skew(answer, clock)) is not None:
        inquiry.skews.append(skew)
    arrived = feed.parse(query, answer, clock.now())
    lost = f", {len(arrived.lost)} rows left out" if arrived.lost else ""
    told = ", ".join(_contents(arrived))
    words = f"{told or 'nothing to show'}{lost}, {len(answer.body) / 1000:.1f} kB"
    return _with_fault(words, _fault(probe.key.kind, arrived, told, clock.now()), facts)


def _with_fault(words: str, fault: str, facts: dict[str, Fact]) -> str:
    if fault:
        facts["fault"] = fault
    return f"{words}: {fault}" if fault else words


def _contents(arrived: Arrived) -> Iterator[str]:
    """Yield what an answer holds, in words; nothing for what it holds none of."""
    yield from (f"{quote.symbol} {quote.last:,.2f}" for quote in arrived.quotes[:1])
    yield from (f"{len(series)} bars" for series in arrived.bars[:1] if len(series))
    yield from (details.name for details in arrived.details[:1] if details.name)
    yield from (f"{len(held)} members of {held.day}" for held in arrived.holdings[:1] if len(held))
    if arrived.listings is not None and len(arrived.listings):
        yield f"{len(arrived.listings):,} stocks"
    yield from (_document_in_words(document) for document in arrived.documents[:1])


def _document_in_words(document: Document) -> str:
    if isinstance(document, Published):
        newest = day_of(document.key.symbol, document.days[-1])
        return f"{document.key.symbol} {document.values[-1]:,g} of {newest}"
    return f"{document.key.kind.value} of {document.key.symbol}"


def _fault(kind: Kind, arrived: Arrived, told: str, now: datetime) -> str:
    """Return why a good answer is not good enough: it is empty, or old while its market trades."""
    if not told:
        return "it answers without data"
    if kind in SERIES and not any(map(len, arrived.bars)):
        return "it answers without bars"
    for quote in arrived.quotes[:1]:
        passed = trading_time_between(Venue.XNYS, quote.as_of, now)
        if passed > stale_limit(Venue.XNYS, quote.delay_s) + timedelta(seconds=quote.delay_s):
            return f"its price is {duration_in_words(passed)} of trading old"
    closes = [exchange_date(s.as_of) for s in arrived.bars[:1] if s.interval_s == DAY_S]
    files = [held.day for held in arrived.holdings[:1]]
    for days, what, allowed in ((closes, "close", CLOSES_LATE), (files, "file", FILES_LATE)):
        if days and (missed := _sessions_missed(days[0], now)) > allowed:
            return f"its last {what} is {missed} sessions old"
    series = (each for each in arrived.documents if isinstance(each, Published))
    return next((why_late(each.key.symbol, each.days[-1], now) for each in series), "")


def _sessions_missed(day: date, now: datetime) -> int:
    """Return how many sessions were completed after a day."""
    return sum(later > day for later in sessions_between(day, last_completed_session(now)))


def _skew(answer: Answer, clock: Clock) -> timedelta | None:
    """Return how far our clock is ahead of the source's, None if it did not say."""
    try:
        return clock.now() - parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError, TypeError):
        return None


def _clock_finding(skews: Sequence[timedelta]) -> Finding:
    if not skews:
        return Finding("clock", "skew", Verdict.WELL, "not compared: no feed told its time")
    skew = min(skews, key=abs)
    facts: dict[str, Fact] = {"skew_s": round(skew.total_seconds(), 1)}
    if abs(skew) <= SKEW_ALLOWED:
        return Finding("clock", "skew", Verdict.WELL, "agrees with the feeds", facts)
    way = "ahead of" if skew > timedelta(0) else "behind"
    words = f"{duration_in_words(abs(skew))} {way} the feeds: ages will be wrong; set the clock"
    return Finding("clock", "skew", Verdict.DEGRADED, words, facts)

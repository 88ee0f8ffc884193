"""The doctor's questions to the feeds: one cheap query for each thing a feed is needed for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime

from market.clock import Clock
from market.feeds.feed import Answer, Feed, Searcher
from market.instruments import TRACKER, VIX
from market.quotes import Key, Kind
from market.reports import FeedError
from market.sessions import duration_in_words
from tui.findings import Fact, Finding, Verdict

SKEW_ALLOWED = timedelta(seconds=30)
"""Within this the ages on screen stay right; a Date header is whole seconds and cacheable."""


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
}


async def probe_all(feeds: Mapping[str, Feed], clock: Clock) -> list[Finding]:
    """Ask every feed all its questions, one after the other, and close it."""
    findings: list[Finding] = []
    skews: list[timedelta] = []
    for name, feed in feeds.items():
        questions = PROBES.get(name, ())
        findings += [await _probe(feed, probe, clock, skews) for probe in questions]
        await feed.aclose()
    return [_clock_finding(skews), *findings]


async def _probe(feed: Feed, probe: Probe, clock: Clock, skews: list[timedelta]) -> Finding:
    begun = clock.monotonic()
    facts: dict[str, Fact] = {}
    try:
        words = await _asked(feed, probe, clock, facts, skews)
        state = Verdict.WELL
    except FeedError as error:
        words, state = error.text, Verdict.BROKEN
        facts["kind"] = str(error.kind)
    elapsed = round((clock.monotonic() - begun) * 1000)
    timing = f"{elapsed} ms"
    return Finding(feed.name, probe.name, state, f"{words}, {timing}", {"ms": elapsed, **facts})


async def _asked(
    feed: Feed, probe: Probe, clock: Clock, facts: dict[str, Fact], skews: list[timedelta]
) -> str:
    """Ask, and return what came in words."""
    if probe.key is None:
        found = await feed.search("russell 2000") if isinstance(feed, Searcher) else ()
        return f"{len(found)} symbols for Russell 2000"
    query = feed.plan([probe.key])[0]
    answer = await feed.fetch(query)
    facts["bytes"] = len(answer.body)
    if (skew := _skew(answer, clock)) is not None:
        skews.append(skew)
    arrived = feed.parse(query, answer, clock.now())
    lost = f", {len(arrived.lost)} rows left out" if arrived.lost else ""
    prices = [f"{quote.symbol} {quote.last:,.2f}" for quote in arrived.quotes[:1]]
    bars = [f"{len(series)} bars" for series in arrived.bars[:1]]
    details = [details.name for details in arrived.details[:1] if details.name]
    told = ", ".join([*prices, *bars, *details]) or "nothing to show"
    return f"{told}{lost}, {len(answer.body) / 1000:.1f} kB"


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

"""Snapshots for the panels' tests: the simulated market at a few instants, and damaged copies."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cache

from msgspec.structs import replace

from market.feeds.demo import DemoFeed
from market.feeds.feed import Answer, Query
from market.fold import fold
from market.health import Trouble
from market.instruments import default_cast
from market.interest import overview_keys, symbol_keys, watch_keys
from market.metrics.compute import compute
from market.quotes import Key, Kind
from market.reports import Computed, ErrorKind, Failed
from market.snapshot import Mode, Snapshot, empty_snapshot
from tests.clocks import THURSDAY_AFTERNOON, ManualClock
from tests.kept import kept

WATCHED = ("IWM", "XBI", "CRDO", "ZZZQ", "^RVX", "SMCI")
"""ZZZQ is a symbol that nobody knows."""
MONDAY_MORNING = datetime(2026, 7, 6, 12, 10, tzinfo=UTC)
"""Monday 6 July 2026, 08:10 in New York: pre-market."""
SUNDAY = datetime(2026, 7, 5, 15, 0, tzinfo=UTC)


@kept
def picture(now: datetime = THURSDAY_AFTERNOON) -> Snapshot:
    """Return all that the panels show at an instant, simulated, told as if it were live."""
    cast = default_cast()
    keys = set(overview_keys(cast) | watch_keys(WATCHED, cast))
    for symbol in ("IWM", "XBI"):
        for span in ("1D", "5D", "1M"):
            keys |= symbol_keys(symbol, span, cast, compare=True)
    clock, feed = _market()
    clock.jump((now - clock.now()).total_seconds())
    snapshot = empty_snapshot(now, Mode.LIVE, cast)
    for query in feed.plan(sorted(keys)):
        snapshot = fold(snapshot, feed.parse(query, _answer(feed, query), now), now)
    known = fold(snapshot, Computed(at=now, readings=compute(snapshot)), now)
    return replace(known, wanted=frozenset(keys))


@cache
def _market() -> tuple[ManualClock, DemoFeed]:
    """One market for all instants: to work out its years takes longer than to ask it."""
    clock = ManualClock()
    return clock, DemoFeed(2000, cast=default_cast(), clock=clock)


def _answer(feed: DemoFeed, query: Query) -> Answer:
    """Ask on a loop of its own: some tests already run on one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, feed.fetch(query)).result()


def demo() -> Snapshot:
    """Return the picture marked as what it is."""
    return replace(picture(), mode=Mode.DEMO)


def empty() -> Snapshot:
    """Return what is known at the first start."""
    return empty_snapshot(THURSDAY_AFTERNOON)


def late() -> Snapshot:
    """Return the picture ten minutes of trading later, without any news."""
    return picture().at(THURSDAY_AFTERNOON + timedelta(minutes=10))


def failing(now: datetime = THURSDAY_AFTERNOON) -> Snapshot:
    """Return the picture after every feed refused every datum."""
    keys = tuple(picture(now).fetched)
    retry = now + timedelta(minutes=3)
    said = Failed(
        feed="demo",
        at=now,
        keys=keys,
        kind=ErrorKind.LIMITED,
        text="demo said too many requests (429)",
        retry_at=retry,
        exhausted=keys,
    )
    return fold(picture(now), said, now)


def trouble(snapshot: Snapshot, kind: Kind, symbol: str, text: str) -> Snapshot:
    """Return a snapshot in which one datum could not be renewed."""
    found = Trouble(ErrorKind.UNREACHABLE, text, "yahoo", snapshot.now)
    return replace(snapshot, troubles={**snapshot.troubles, Key(kind, symbol): found})

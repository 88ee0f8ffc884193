"""The simulated market with everything about 2,000 members known, without an engine."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Iterable
from datetime import UTC, datetime

from msgspec.structs import replace

from market.clock import SimulatedClock
from market.feeds.demo import DEFAULT_SEED, DemoFeed
from market.fold import fold
from market.holdings import WHOLE_MARKET
from market.instruments import TRACKER, default_cast
from market.interest import overview_keys
from market.quotes import Key, Kind
from market.reckoning import Reckoner, Reckoning
from market.reports import Arrived
from market.snapshot import Snapshot, empty_snapshot

NOW = datetime(2026, 8, 4, 18, 32, tzinfo=UTC)
"""A Tuesday afternoon, 14:32 in New York."""


def known_market() -> Snapshot:
    """Return what the feeds tell, nothing of it worked out."""
    feed = DemoFeed(DEFAULT_SEED, cast=default_cast(), clock=SimulatedClock(NOW, 1e-6))
    picture = empty_snapshot(NOW)
    members = (Key(Kind.HOLDINGS, TRACKER), Key(Kind.LISTINGS, WHOLE_MARKET))
    for report in _answers(feed, (*members, *overview_keys(picture.cast))):
        picture = fold(picture, report, NOW)
    symbols = picture.holdings[TRACKER].symbols
    for kind in (Kind.PAST_BARS, Kind.PROFILE):
        for report in _answers(feed, (Key(kind, symbol) for symbol in symbols)):
            picture = fold(picture, report, NOW)
    return picture


def reckoned(picture: Snapshot, reckoner: Reckoner) -> Snapshot:
    """Return a picture with everything that follows from it."""
    everything = Reckoning(at=NOW, members=True, changed=None)
    return fold(picture, reckoner.reckon(picture, everything), NOW)


def moved(picture: Snapshot, share: float) -> Snapshot:
    """Return what the feeds would tell had every price moved by a share of itself."""
    listings = picture.listings
    if listings is None:
        raise ValueError("the picture has no listings that could move")
    last = array("d", (price * (1 + share) for price in listings.last))
    change = array(
        "d", (c + price * share for c, price in zip(listings.change, listings.last, strict=True))
    )
    bars = {
        key: replace(each, close=array("d", (*each.close[:-1], each.close[-1] * (1 + share))))
        for key, each in picture.bars.items()
    }
    return replace(picture, listings=replace(listings, last=last, change=change), bars=bars)


def _answers(feed: DemoFeed, keys: Iterable[Key]) -> Iterable[Arrived]:
    for query in feed.plan(tuple(keys)):
        yield feed.parse(query, asyncio.run(feed.fetch(query)), NOW)

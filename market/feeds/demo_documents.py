"""What the simulated market publishes as a whole: series, option chains, calendars."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from market.documents import Document
from market.feeds.demo_agenda import earnings_day
from market.feeds.demo_funds import fund_history
from market.feeds.demo_market import DemoMarket, Moment
from market.feeds.demo_options import demo_chain
from market.feeds.demo_published import published
from market.feeds.demo_releases import releases
from market.feeds.demo_stories import filings, halts, headlines
from market.quotes import Key, Kind
from market.reports import Absent, Arrived, ErrorKind, FeedError

Maker: TypeAlias = Callable[[DemoMarket, Key, Moment], Document | None]
"""Makes what is asked for as it stood at a moment; None for what nobody publishes."""

MAKERS: Mapping[Kind, Maker] = {
    Kind.CHAIN: demo_chain,
    Kind.EARNINGS: earnings_day,
    Kind.RELEASES: releases,
    Kind.PUBLISHED: published,
    Kind.HALTS: halts,
    Kind.FILINGS: filings,
    Kind.HEADLINES: headlines,
    Kind.FUND: fund_history,
}
"""How each kind of document is made up. The same seed and moment give the same document."""


def told(feed: str, market: DemoMarket, keys: Sequence[Key], moment: Moment) -> Arrived:
    """Return the documents of these keys; FeedError if there is none of them."""
    found = {key: maker(market, key, moment) for key in keys if (maker := MAKERS.get(key.kind))}
    documents = tuple(document for document in found.values() if document is not None)
    if not documents:
        raise FeedError(ErrorKind.ABSENT, _reason(keys[0]))
    missing = tuple(Absent(key, _reason(key)) for key in keys if found.get(key) is None)
    return Arrived(feed=feed, at=moment.at, keys=(), documents=documents, absent=missing)


def _reason(key: Key) -> str:
    return f"the demo publishes no {key.kind.value} of {key.symbol}"

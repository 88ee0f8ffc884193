"""Feeds as the program wires them, asked over a real socket."""

from __future__ import annotations

from datetime import datetime

import msgspec

from market.clock import SimulatedClock
from market.documents import Document
from market.feeds.feed import Feed
from market.quotes import Key
from market.reports import Arrived
from tests.clocks import THURSDAY_AFTERNOON
from tests.exchange import Exchange
from tui.settings import Settings
from tui.wiring import live_feeds

CONTACT = "Jo Doe jo@example.org"
"""Who asks the SEC."""


def feeds_at(
    exchange: Exchange, now: datetime = THURSDAY_AFTERNOON, timeout_s: float = 5
) -> dict[str, Feed]:
    """Every feed by its name, asking the exchange through httpx."""
    tables = {source: {"base_url": url} for source, url in exchange.addresses.items()}
    tables["sec"]["contact"] = CONTACT
    settings = msgspec.convert(
        {"feeds": {"timeout_s": timeout_s, "impersonate": False, **tables}}, Settings
    )
    return live_feeds(settings, SimulatedClock(now, speed=0.0))


def documents_of(*reports: Arrived) -> list[Document]:
    """The documents of some reports, in their order."""
    return [document for report in reports for document in report.documents]


async def reports_of(
    exchange: Exchange,
    name: str,
    *keys: Key,
    now: datetime = THURSDAY_AFTERNOON,
    timeout_s: float = 5,
) -> list[Arrived]:
    """What a feed makes of the exchange's answers, a report a query."""
    feed = feeds_at(exchange, now, timeout_s)[name]
    try:
        return [feed.parse(query, await feed.fetch(query), now) for query in feed.plan(keys)]
    finally:
        await feed.aclose()

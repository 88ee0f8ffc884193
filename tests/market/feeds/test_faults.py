"""What every feed says of every fault that a source may have, over a real socket."""

from __future__ import annotations

import pytest

from market.feeds.nasdaqtrader import KEY as HALTS
from market.holdings import WHOLE_MARKET
from market.quotes import Key, Kind
from market.reports import ErrorKind, FeedError
from tests.exchange import Exchange, faults
from tests.exchange.members import members
from tests.market.feeds.real_wire import feeds_at, reports_of

FAULTS = {
    "429": (faults.limited(), (ErrorKind.LIMITED, None)),
    "429 with Retry-After": (faults.limited(7), (ErrorKind.LIMITED, 7)),
    "403": (faults.forbidden(), (ErrorKind.REFUSED, None)),
    "404": (faults.absent(), (ErrorKind.ABSENT, None)),
    "503": (faults.server_error(), (ErrorKind.UNREACHABLE, None)),
    "hang": (faults.hang(), (ErrorKind.UNREACHABLE, None)),
    "connection reset": (faults.connection_reset(), (ErrorKind.UNREACHABLE, None)),
    "cut body": (faults.cut_body(), (ErrorKind.GARBLED, None)),
    "HTML with status 200": (faults.html_200(), (ErrorKind.REFUSED, None)),
    "wrong type": (faults.wrong_type(), (ErrorKind.GARBLED, None)),
    "empty body": (faults.empty(), (ErrorKind.GARBLED, None)),
}
"""How a source fails; what that is, and for how many seconds it asks to be left alone."""
OTHERWISE = {
    ("cboe", "403"): (ErrorKind.ABSENT, None),  # a bucket's XML: it has no such file
    ("sec", "403"): (ErrorKind.ABSENT, None),  # likewise
    ("forexfactory", "HTML with status 200"): (ErrorKind.LIMITED, 300),  # it was asked too often
}
"""What a source means by a fault where that is something else."""
ASKED = [
    ("yahoo", Key(Kind.INTRADAY, "IWM")),
    ("cboe", Key(Kind.QUOTE, "^VIX")),
    ("cboe", Key(Kind.CHAIN, "IWM")),
    ("ishares", Key(Kind.HOLDINGS, "IWM")),
    ("ishares", Key(Kind.FUND, "IWM")),
    ("nasdaq", Key(Kind.LISTINGS, WHOLE_MARKET)),
    ("nasdaq", Key(Kind.EARNINGS, "US", "2026-07-02")),
    ("nasdaq", Key(Kind.RELEASES, "US", "2026-07-02")),
    ("forexfactory", Key(Kind.RELEASES, "US", "thisweek")),
    ("fred", Key(Kind.PUBLISHED, "ICSA")),
    ("nyfed", Key(Kind.PUBLISHED, "EFFR")),
    ("treasury", Key(Kind.PUBLISHED, "DGS2")),
    ("sec", Key(Kind.FILINGS, members()[0].symbol)),
    ("yahoo_rss", Key(Kind.HEADLINES, "IWM")),
    ("nasdaq_rss", Key(Kind.HEADLINES, "IWM")),
    ("nasdaqtrader", HALTS),
    ("ssga", Key(Kind.FUND, "XBI")),
    ("ssga", Key(Kind.HOLDINGS, "XBI")),
]
"""What each feed is asked for: a datum of every kind of answer that it understands."""


def test_no_feed_is_left_out(afternoon: Exchange) -> None:
    assert {feed for feed, _ in ASKED} == set(feeds_at(afternoon)), "give it a line in ASKED"


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize(("feed", "key"), ASKED, ids=lambda value: getattr(value, "kind", value))
async def test_a_fault_is_told_by_its_kind(
    afternoon: Exchange, feed: str, key: Key, name: str
) -> None:
    fault, usual = FAULTS[name]
    afternoon.fault("*", fault)
    with pytest.raises(FeedError) as caught:
        await reports_of(afternoon, feed, key, timeout_s=0.05 if name == "hang" else 5)
    error = caught.value
    assert (error.kind, error.retry_after_s) == OTHERWISE.get((feed, name), usual)
    assert error.text.isprintable()

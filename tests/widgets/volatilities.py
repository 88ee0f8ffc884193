"""Pictures of all that the volatility screen shows: the simulated market's."""

from __future__ import annotations

from functools import cache

from market.feeds.demo import DemoFeed
from market.feeds.feed import Answer
from market.fold import fold
from market.instruments import default_cast
from market.interest_rooms import volatility_keys
from market.quotes import Kind
from market.reports import Report
from market.sessions import exchange_date
from market.snapshot import Snapshot, empty_snapshot
from tests.clocks import THURSDAY_AFTERNOON, ManualClock
from tests.widgets.policies import reckoned


@cache
def volatility_picture(*left_out: Kind) -> Snapshot:
    """Return what the screen shows on a Thursday afternoon, but for some kinds of data."""
    now, cast = THURSDAY_AFTERNOON, default_cast()
    feed, snapshot = DemoFeed(cast=cast, clock=ManualClock()), empty_snapshot(THURSDAY_AFTERNOON)
    keys = sorted(volatility_keys(exchange_date(now), cast))
    for query in feed.plan([key for key in keys if key.kind not in left_out]):
        told: Report = feed.parse(query, Answer(now.isoformat().encode()), now)
        snapshot = fold(snapshot, told, now)
    return reckoned(snapshot)

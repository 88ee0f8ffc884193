"""Pictures of policy, rates and macro: the simulated market's, and damaged copies."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from msgspec.structs import replace

from market.feeds.demo import DemoFeed
from market.feeds.feed import Answer
from market.fold import fold
from market.instruments import default_cast
from market.interest_rooms import policy_keys
from market.quotes import Kind
from market.reckoning import Reckoner, Reckoning
from market.reports import Report
from market.sessions import exchange_date
from market.snapshot import Snapshot, empty_snapshot
from tests.clocks import ManualClock

TUESDAY = datetime(2026, 8, 4, 18, 32, tzinfo=UTC)
"""Tuesday 4 August 2026, 14:32 in New York: the next meeting is in six weeks."""


@cache
def policy_picture(*left_out: Kind, now: datetime = TUESDAY) -> Snapshot:
    """Return all that the policy screen shows at an instant, but for some kinds of data."""
    feed = DemoFeed(cast=default_cast(), clock=ManualClock())
    snapshot = empty_snapshot(now)
    keys = sorted(key for key in policy_keys(exchange_date(now), snapshot.cast))
    for query in feed.plan([key for key in keys if key.kind not in left_out]):
        told: Report = feed.parse(query, Answer(now.isoformat().encode()), now)
        snapshot = fold(snapshot, told, now)
    return reckoned(snapshot)


def reckoned(snapshot: Snapshot) -> Snapshot:
    """Return a picture with what follows from its data worked out."""
    report = Reckoner().reckon(snapshot, Reckoning(at=snapshot.now, changed=None))
    return fold(snapshot, report, snapshot.now)


def added_to(snapshot: Snapshot, now: datetime) -> Snapshot:
    """Return a picture with the policy of an instant in it."""
    policy = policy_picture(now=now)
    return replace(
        snapshot,
        quotes={**snapshot.quotes, **policy.quotes},
        bars={**snapshot.bars, **policy.bars},
        fetched={**snapshot.fetched, **policy.fetched},
        documents={**snapshot.documents, **policy.documents},
        studies=policy.studies,
        readings={**snapshot.readings, **policy.readings},
    )

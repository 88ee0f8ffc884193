"""Asking the simulated market, and a fingerprint of what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from hypothesis import strategies as st
from msgspec.structs import asdict

from market.feeds.demo import DEFAULT_SEED, DemoFeed
from market.feeds.demo_market import CHARTS
from market.feeds.feed import Answer
from market.instruments import default_cast
from market.quotes import ARCHIVED, Bars, Key, Kind, Quote
from market.reports import Arrived
from tests.clocks import ManualClock

ROOT = Path(__file__).resolve().parents[3]
OF_SYMBOLS = tuple(kind for kind in Kind if kind not in ARCHIVED | {Kind.TICK})
"""Kinds of datum that any symbol has and that feeds are asked for."""
SYMBOLS = tuple(default_cast().by_symbol)
FIRST, LAST = datetime(2021, 1, 1, tzinfo=UTC), datetime(2028, 12, 29, 20, tzinfo=UTC)
instants = st.datetimes(
    FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None), timezones=st.just(UTC)
)
FEED = DemoFeed(cast=default_cast(), clock=ManualClock())


@dataclass(frozen=True, slots=True)
class Seen:
    """What one answer held."""

    arrived: Arrived

    @property
    def quote(self) -> Quote:
        return self.arrived.quotes[0]

    @property
    def bars(self) -> Bars:
        return self.arrived.bars[0]


def asked(now: datetime, *keys: Key, feed: DemoFeed = FEED, more: str = "") -> Seen:
    (query,) = feed.plan(keys)
    return Seen(feed.parse(query, Answer(f"{now.isoformat()}{more}".encode()), now))


def new_feed(seed: int = DEFAULT_SEED) -> DemoFeed:
    return DemoFeed(seed, cast=default_cast(), clock=ManualClock())


def digest(arrived: Arrived) -> str:
    """Return a fingerprint of every value of an answer, to the last bit."""
    sums = sha256()
    for bars in arrived.bars:
        columns = (bars.times, bars.close, bars.open, bars.high, bars.low, bars.volume)
        sums.update(repr((bars.key, bars.interval_s, bars.as_of)).encode())
        for column in columns:
            sums.update(column.tobytes())
    for columns in (*arrived.holdings, *filter(None, (arrived.listings,))):
        sums.update(repr(asdict(columns)).encode())
    told = (arrived.quotes, arrived.details, arrived.profiles, arrived.absent)
    sums.update(repr(told).encode())
    return sums.hexdigest()


def everything(feed: DemoFeed, now: datetime, keys: list[Key]) -> dict[Key, str]:
    """Return the fingerprint of each datum, asked one by one in the order given."""
    return {key: digest(asked(now, key, feed=feed).arrived) for key in keys}


def all_keys(*symbols: str) -> list[Key]:
    plain = [Key(k, s) for s in symbols for k in OF_SYMBOLS if k is not Kind.CHART]
    return plain + [Key(Kind.CHART, s, span) for s in symbols for span in CHARTS]

"""Made-up members of the index: what a fund holds, what is listed, and their past."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from msgspec.structs import replace

from market.census import BreadthHistory, Census, Mark, Members
from market.errands import DAY_CURVE
from market.holdings import Holdings, Listings
from market.instruments import TRACKER
from market.quotes import Bars, Details, Key, Kind, Profile, Quote
from market.sessions import previous_session, session_of
from market.snapshot import Snapshot, empty_snapshot
from tests.clocks import THURSDAY_AFTERNOON
from tests.market.day_charts import five_days

NOW = THURSDAY_AFTERNOON
"""Thursday 2 July 2026, in regular hours."""
WEDNESDAY, THURSDAY = date(2026, 7, 1), date(2026, 7, 2)
NAN = float("nan")


def symbol_of(number: int) -> str:
    """The n-th heaviest member."""
    return f"M{number}"


def symbols(count: int) -> tuple[str, ...]:
    return tuple(symbol_of(number) for number in range(count))


def holdings(
    members: Sequence[str], day: date = WEDNESDAY, *, fund: str = TRACKER, at: datetime = NOW
) -> Holdings:
    """A file of these members, heaviest first."""
    count = len(members)
    return Holdings(
        fund=fund,
        day=day,
        source="ishares",
        fetched_at=at,
        symbols=tuple(members),
        names=tuple(f"{symbol} Corp" for symbol in members),
        sectors=("Information Technology",) * count,
        market_value=array("d", (1e9 / (n + 1) for n in range(count))),
        quantity=array("d", [1e6]) * count,
        price=array("d", [100.0]) * count,
    )


def listings(
    listed: Sequence[str], *, last: float = 101.0, change: float = 1.0, at: datetime = NOW
) -> Listings:
    """A screener's answer that has these stocks at one price."""
    count = len(listed)
    return Listings(
        as_of=at,
        source="nasdaq",
        symbols=tuple(listed),
        names=("",) * count,
        industries=("Semiconductors",) * count,
        last=array("d", [last]) * count,
        change=array("d", [change]) * count,
        volume=array("d", [5e5]) * count,
        market_cap=array("d", [NAN]) * count,
    )


def sessions_until(last: date, count: int) -> list[datetime]:
    """The opens of so many sessions, the last one included, oldest first."""
    opens = [session_of(last).open]
    while len(opens) < count:
        last = previous_session(last)
        opens.append(session_of(last).open)
    return opens[::-1]


def past(
    symbol: str = "M0",
    last: date = WEDNESDAY,
    count: int = 10,
    *,
    closes: Iterable[float] | None = None,
    kind: Kind = Kind.PAST,
    volume: float = 1e6,
) -> Bars:
    """Daily bars up to a session; those of `Kind.PAST` are closes alone."""
    opens = sessions_until(last, count)
    close = array("d", [100.0] * count if closes is None else closes)
    ranged = kind is Kind.PAST_BARS
    return Bars(
        key=Key(kind, symbol),
        interval_s=86_400,
        source="yahoo",
        as_of=session_of(last).close,
        times=array("q", (int(opened.timestamp()) for opened in opens)),
        close=close,
        open=close[:] if ranged else array("d"),
        high=array("d", (c + 1 for c in close)) if ranged else array("d"),
        low=array("d", (c - 1 for c in close)) if ranged else array("d"),
        volume=array("d", [volume]) * count if ranged else array("d"),
    )


def kept(bars: Bars, *, with_volume: bool = True) -> Bars:
    """Bars as the snapshot keeps them: every column, NaN where nothing is known."""
    unknown = array("d", [math.nan]) * len(bars)
    known = array("d", [1e6]) * len(bars)
    return replace(
        bars,
        key=Key(Kind.PAST, bars.key.symbol),
        open=array("d"),
        high=bars.high or unknown,
        low=bars.low or unknown,
        volume=bars.volume or (known if with_volume else unknown),
    )


def profile(symbol: str, at: datetime = NOW, *, last: float | None = 100.0) -> Profile:
    quote = None if last is None else Quote(symbol=symbol, last=last, as_of=at, source="yahoo")
    return Profile(
        symbol=symbol,
        quote=quote,
        details=Details(symbol=symbol, as_of=at, source="yahoo", name=f"{symbol} Corp"),
    )


def known_in_full(members: Sequence[str], last: date = WEDNESDAY) -> Snapshot:
    """A snapshot in which nothing is missing of these members."""
    return replace(
        empty_snapshot(NOW),
        holdings={TRACKER: holdings(members)},
        listings=listings(members),
        profiles={symbol: profile(symbol) for symbol in members},
        past={symbol: kept(past(symbol, last)) for symbol in members},
        bars={DAY_CURVE: five_days(last)},
    )


def census(members: Sequence[str], marks: Sequence[Mark], day: date = THURSDAY) -> Census:
    """A census that tells of marks and nothing else."""
    count = len(members)
    words = ("",) * count
    unknown = array("d", [NAN]) * count
    return Census(
        members=Members(
            as_of=NOW,
            source="nasdaq",
            day=day,
            holdings_day=WEDNESDAY,
            symbols=tuple(members),
            names=words,
            sectors=words,
            subsectors=words,
            industries=words,
            marks=tuple(marks),
            weight=unknown,
            last=unknown,
            previous_close=unknown,
            volume=unknown,
            market_cap=unknown,
            returns={},
            contributions={},
            relative_volume=unknown,
            dollar_volume=unknown,
            amihud=unknown,
            momentum={},
            week52_position=unknown,
            above={},
        ),
        groups=(),
        readings={},
        breadth=BreadthHistory(),
        trails=(),
    )

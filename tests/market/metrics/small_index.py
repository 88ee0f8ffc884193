"""A made-up index of a hundred members: holdings, listings and two years of bars."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from math import nan
from random import Random

from msgspec.structs import replace

from market.baskets import Basket, MemberRule
from market.census import Census
from market.holdings import Holdings, Listings
from market.instruments import INDEX, TRACKER
from market.metrics.census import CensusTaker
from market.quotes import Bars, Key, Kind
from market.sessions import previous_session, session_of, sessions_back, sessions_between
from market.snapshot import Snapshot, empty_snapshot
from market.taxonomy import default_taxonomy

DAY = date(2026, 8, 4)
NOON = datetime(2026, 8, 4, 16, 0, tzinfo=UTC)
"""12:00 New York."""
COUNT = 100
SESSIONS = 300
BASKET = Basket(
    name="Made-up",
    slug="made-up",
    rule="the first three members",
    as_of=date(2026, 1, 2),
    members=MemberRule(symbols=("M000", "M001", "M002")),
)


def symbols() -> tuple[str, ...]:
    """The members' symbols, heaviest first."""
    return tuple(f"M{row:03d}" for row in range(COUNT))


def closes_of(row: int) -> list[float]:
    """A member's closes, oldest first, the last that of the session before DAY."""
    return list(_closes_of(row))


@cache
def _closes_of(row: int) -> tuple[float, ...]:
    random = Random(row)
    prices = [20.0 + row]
    while len(prices) < SESSIONS:
        prices.append(round(prices[-1] * (1 + random.uniform(-0.03, 0.031)), 2))
    return tuple(prices)


def days() -> list[date]:
    """The sessions of the past."""
    last = previous_session(DAY)
    return list(sessions_between(sessions_back(last, SESSIONS - 1), last))


@cache
def _opened() -> array[int]:
    """When these sessions opened, Unix seconds."""
    return array("q", (int(session_of(day).open.timestamp()) for day in days()))


def past_of(symbol: str, closes: Sequence[float]) -> Bars:
    """A member's past with volumes and without highs and lows."""
    unknown = array("d", [nan] * len(closes))
    return Bars(
        key=Key(Kind.PAST, symbol),
        interval_s=86_400,
        source="yahoo",
        as_of=session_of(previous_session(DAY)).close,
        times=_opened()[-len(closes) :],
        close=array("d", closes),
        high=unknown,
        low=unknown,
        volume=array("d", [1e5] * len(closes)),
    )


@cache
def _past() -> dict[str, Bars]:
    """Each member's past, made once."""
    return {s: past_of(s, closes_of(row)) for row, s in enumerate(symbols())}


def holdings(day: date | None = None, quantity: float = 1e4) -> Holdings:
    """The tracker's file of a day."""
    taxonomy = default_taxonomy()
    lines = [taxonomy.subsectors[row % len(taxonomy.subsectors)] for row in range(COUNT)]
    price = array("d", (closes_of(row)[-1] for row in range(COUNT)))
    quantities = array("d", (quantity * (COUNT - row) for row in range(COUNT)))
    return Holdings(
        fund=TRACKER,
        day=day or days()[-1],
        source="ishares",
        fetched_at=NOON,
        symbols=symbols(),
        names=tuple(f"Member {row}" for row in range(COUNT)),
        sectors=tuple(line.sector for line in lines),
        market_value=array("d", (p * q for p, q in zip(price, quantities, strict=True))),
        quantity=quantities,
        price=price,
    )


def listings(moves: Sequence[float] | None = None, as_of: datetime = NOON) -> Listings:
    """The listings after each member moved by a fraction of its previous close."""
    taxonomy = default_taxonomy()
    lines = [taxonomy.subsectors[row % len(taxonomy.subsectors)] for row in range(COUNT)]
    before = [closes_of(row)[-1] for row in range(COUNT)]
    moved = moves if moves is not None else [0.01 if row % 3 else -0.01 for row in range(COUNT)]
    return Listings(
        as_of=as_of,
        source="nasdaq",
        symbols=symbols(),
        names=tuple(f"Member {row}" for row in range(COUNT)),
        industries=tuple(line.industries[0] for line in lines),
        last=array("d", (p * (1 + m) for p, m in zip(before, moved, strict=True))),
        change=array("d", (p * m for p, m in zip(before, moved, strict=True))),
        volume=array("d", [5e4] * COUNT),
        market_cap=array("d", [1e9] * COUNT),
    )


def snapshot(now: datetime = NOON, lists: Listings | None = None) -> Snapshot:
    """All of it in one picture, with the index itself."""
    index = [2000.0 + row for row in range(SESSIONS)]
    bars = replace(past_of(INDEX, index), key=Key(Kind.DAILY, INDEX))
    return replace(
        empty_snapshot(now),
        holdings={TRACKER: holdings()},
        listings=lists if lists is not None else listings(),
        past=dict(_past()),
        bars={bars.key: bars},
        baskets=(BASKET,),
    )


def census_of(picture: Snapshot) -> Census:
    """The census of a picture."""
    report = CensusTaker().take(picture, picture.now)
    assert report is not None
    assert report.census is not None
    return report.census


MINUTE = timedelta(minutes=1)

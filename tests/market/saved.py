"""Pictures of the market that tell one level throughout, to be saved and compared."""

from __future__ import annotations

from array import array
from datetime import timedelta
from pathlib import Path

from msgspec.structs import astuple, replace

from market.health import FeedHealth
from market.history import History
from market.instruments import default_cast
from market.quotes import Bars, Details, Key, Kind, Quote
from market.reports import Reading
from market.snapshot import Mode, Snapshot, empty_snapshot
from tests.clocks import THURSDAY_AFTERNOON

ROOT = Path(__file__).resolve().parents[2]
NOW = THURSDAY_AFTERNOON
CAST = default_cast()
LATER = NOW + timedelta(hours=3)


def daily(symbol: str, count: int = 300, level: float = 100.0) -> Bars:
    values = array("d", (level + i for i in range(count)))
    return Bars(
        key=Key(Kind.DAILY, symbol),
        interval_s=86_400,
        source="yahoo",
        as_of=NOW,
        times=array("q", range(1_000_000, 1_000_000 + 86_400 * count, 86_400)),
        close=values,
        open=values,
        high=values,
        low=values,
        volume=array("d", (1e6 for _ in range(count))),
        dividends=((1_000_000, 0.25),),
        splits=((2_000_000, 2.0),),
    )


def picture(level: float = 100.0, symbols: tuple[str, ...] = ("^RUT", "IWM", "XBI")) -> Snapshot:
    """Return a snapshot in which every value tells the same level."""
    keys = [Key(Kind.DAILY, s) for s in symbols]
    return replace(
        empty_snapshot(NOW),
        quotes={s: Quote(symbol=s, last=level, as_of=NOW, source="yahoo") for s in symbols},
        details={s: Details(symbol=s, as_of=NOW, source="yahoo", volume=level) for s in symbols},
        bars={key: daily(key.symbol, level=level) for key in keys},
        readings={f"{s.strip('^').lower()}.last": Reading(level, NOW, "yahoo") for s in symbols},
        feeds={"yahoo": FeedHealth("yahoo", last_ok=NOW, answers=3), "cboe": FeedHealth("cboe")},
        fetched=dict.fromkeys(keys, NOW),
    )


def levels(snapshot: Snapshot) -> set[float | str | None]:
    """Return all levels a snapshot tells: one, if it is of one piece."""
    told: set[float | str | None] = {q.last for q in snapshot.quotes.values()}
    told |= {d.volume for d in snapshot.details.values()}
    told |= {b.close[0] for b in snapshot.bars.values()}
    return told | {r.value for r in snapshot.readings.values()}


def same(one: Snapshot, other: Snapshot) -> bool:
    """Return whether two snapshots know the same."""
    return (
        one.quotes == other.quotes
        and one.details == other.details
        and one.readings == other.readings
        and one.fetched == other.fetched
        and {k: astuple(b) for k, b in one.bars.items()}
        == {k: astuple(b) for k, b in other.bars.items()}
    )


def loaded(path: Path, mode: Mode = Mode.LIVE) -> Snapshot | None:
    history = History.open(path, mode)
    try:
        return history.load(LATER, CAST)
    finally:
        history.close()

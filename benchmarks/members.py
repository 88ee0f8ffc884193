"""What a minute's new prices of 2,000 members cost, from the screener's bytes to readings.

CPU time in one process, against the naive way in the same run: json, one DataFrame, groupby.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from time import process_time

import msgspec
import pandas as pd
from msgspec.structs import replace

from benchmarks.samples import Comparison, Figure, Measurement, alternately
from market.clock import SimulatedClock
from market.feeds.demo import DEFAULT_SEED, DemoFeed
from market.feeds.nasdaq_screener import read_listings
from market.fold import fold
from market.holdings import WHOLE_MARKET, Listings
from market.instruments import TRACKER, default_cast
from market.interest import overview_keys
from market.quotes import Key, Kind
from market.reckoning import Reckoner
from market.reports import Arrived
from market.snapshot import Snapshot, empty_snapshot
from market.spellings import nasdaq_of_yahoo

NOW = datetime(2026, 8, 4, 18, 32, tzinfo=UTC)
ROWS = 7_000
"""Stocks in a screener's answer; those that are no members stand for the rest of the market."""
RUNS = 7


def measure() -> list[Measurement]:
    """Return the CPU of one refresh, in parts and against the naive way."""
    feed = DemoFeed(DEFAULT_SEED, cast=default_cast(), clock=SimulatedClock(NOW, 1e-6))
    picture = _known(feed)
    if picture.listings is None:
        raise RuntimeError("the simulated market answered without listings")
    body = _screener(picture.listings)
    reckoner = Reckoner()
    reckoner.reckon(picture, (), NOW, members=True)
    parts: list[tuple[float, float, float]] = []

    def refresh() -> float:
        parts.append(_refreshed(picture, body, reckoner))
        return sum(parts[-1])

    whole = alternately(refresh, lambda: _naive(picture, body), RUNS)
    names = ("decoding the screener", "census and readings", "folding")
    spent = [sorted(part[place] for part in parts)[len(parts) // 2] for place in range(3)]
    return [
        Comparison("refresh of 2,000 members, CPU", "s", *whole, goal="< 0.150 s"),
        *(
            Figure(f"of it {name}", "s", seconds)
            for name, seconds in zip(names, spent, strict=True)
        ),
    ]


def _refreshed(picture: Snapshot, body: bytes, reckoner: Reckoner) -> tuple[float, float, float]:
    """Return CPU seconds of decoding, of working out, and of folding."""
    start = process_time()
    listings, _ = read_listings(body, NOW + timedelta(minutes=1))
    decoded = process_time()
    report = reckoner.reckon(replace(picture, listings=listings), (), NOW, members=True)
    worked_out = process_time()
    fold(picture, report, NOW)
    return decoded - start, worked_out - decoded, process_time() - worked_out


def _naive(picture: Snapshot, body: bytes) -> float:
    """Return CPU seconds of the plain way to a table of sectors, without history or readings."""
    start = process_time()
    frame = pd.DataFrame(json.loads(body)["data"]["rows"])
    frame["last"] = frame["lastsale"].str.lstrip("$").astype(float)
    frame["previous"] = frame["last"] - frame["netchange"].astype(float)
    file = picture.holdings[TRACKER]
    held = pd.DataFrame({"symbol": file.symbols, "quantity": file.quantity, "sector": file.sectors})
    joined = held.merge(frame, on="symbol", how="left", suffixes=("", "_listed"))
    joined["part"] = joined["quantity"] * joined["previous"]
    joined["part"] /= joined["part"].sum()
    joined["contribution"] = joined["part"] * (joined["last"] / joined["previous"] - 1)
    joined.groupby("sector")["contribution"].sum()
    return process_time() - start


def _known(feed: DemoFeed) -> Snapshot:
    """The simulated market with everything about its members known."""
    picture = empty_snapshot(NOW)
    members = (Key(Kind.HOLDINGS, TRACKER), Key(Kind.LISTINGS, WHOLE_MARKET))
    for report in _answers(feed, (*members, *overview_keys(picture.cast))):
        picture = fold(picture, report, NOW)
    symbols = picture.holdings[TRACKER].symbols
    for kind in (Kind.PAST_BARS, Kind.PROFILE):
        for report in _answers(feed, (Key(kind, symbol) for symbol in symbols)):
            picture = fold(picture, report, NOW)
    return picture


def _answers(feed: DemoFeed, keys: Iterable[Key]) -> Iterable[Arrived]:
    for query in feed.plan(tuple(keys)):
        yield feed.parse(query, asyncio.run(feed.fetch(query)), NOW)


def _screener(listings: Listings) -> bytes:
    """A screener's answer in its wire form, with as many rows as the real one has."""
    rows = [
        {
            "symbol": nasdaq_of_yahoo(symbol),
            "name": name,
            "lastsale": f"${last:.4f}",
            "netchange": f"{change:.4f}",
            "pctchange": f"{100 * change / (last - change):.3f}%",
            "volume": f"{volume:.0f}",
            "marketCap": f"{cap:.2f}",
            "country": "United States",
            "ipoyear": "",
            "industry": industry,
            "sector": "",
            "url": "",
        }
        for symbol, name, industry, last, change, volume, cap in zip(
            listings.symbols,
            listings.names,
            listings.industries,
            listings.last,
            listings.change,
            listings.volume,
            listings.market_cap,
            strict=True,
        )
        if last == last and change == change and volume == volume  # noqa: PLR0124 - no holes
    ]
    others = [
        row | {"symbol": f"Q{number:04d}"}
        for number, row in zip(range(ROWS - len(rows)), rows * 4, strict=False)
    ]
    return msgspec.json.encode(
        {"data": {"asOf": None, "headers": {}, "rows": rows + others}, "status": {"rCode": 200}}
    )

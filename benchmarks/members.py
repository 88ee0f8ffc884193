"""What a minute's new prices of 2,000 members cost, from the screener's bytes to the painted table.

CPU time in one process, against the naive way in the same run: json, one DataFrame, groupby.
"""

from __future__ import annotations

import asyncio
import gc
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from statistics import median
from time import process_time

import msgspec
import pandas as pd
from msgspec.structs import replace
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from benchmarks.samples import Comparison, Figure, Measurement
from benchmarks.stalls import longest_stall
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
from widgets.members import MembersPanel

NOW = datetime(2026, 8, 4, 18, 32, tzinfo=UTC)
ROWS = 7_000
"""Stocks in a screener's answer; those that are no members stand for the rest of the market."""
RUNS = 7
SIZE = (120, 52)


def measure() -> list[Measurement]:
    """Return the CPU of one refresh, in parts and against the naive way, and the loop's stalls."""
    gc.collect()
    gc.freeze()  # as captop does after its first paint
    feed = DemoFeed(DEFAULT_SEED, cast=default_cast(), clock=SimulatedClock(NOW, 1e-6))
    picture = _known(feed)
    if picture.listings is None:
        raise RuntimeError("the simulated market answered without listings")
    return asyncio.run(_measured(picture, _screener(picture.listings)))


async def _measured(picture: Snapshot, body: bytes) -> list[Measurement]:
    reckoner, parts = Reckoner(), list[tuple[float, ...]]()
    picture = fold(picture, reckoner.reckon(picture, (), NOW, members=True), NOW)
    naive: list[float] = []
    stalls: list[float] = []
    async with MembersApp().run_test(size=SIZE) as pilot:
        panel = pilot.app.query_one(MembersPanel)
        panel.focus()
        for turn in range(1 + RUNS):
            moved = _moved(body, turn)
            *spent, shown = _refreshed(picture, moved, reckoner)
            parts.append((*spent, await _painted(pilot, panel, shown)))
            naive.append(_naive(picture, moved))
            stalls.append(
                await longest_stall(lambda given=moved: _refreshed(picture, given, reckoner))
            )
    parts, naive, stalls = parts[1:], naive[1:], stalls[1:]  # the first is the warm-up
    whole = tuple(sum(part) for part in parts)
    names = ("decoding the screener", "census and readings", "folding", "painting")
    return [
        Comparison("refresh of 2,000 members, CPU", "s", whole, tuple(naive), goal="< 0.150 s"),
        *(
            Figure(f"of it {name}", "s", median(part[place] for part in parts))
            for place, name in enumerate(names)
        ),
        Figure("longest stall of the loop meanwhile, wall", "ms", median(stalls), "< 16 ms"),
    ]


class MembersApp(App[None]):
    """The table of all members alone."""

    def compose(self) -> ComposeResult:
        """Show it."""
        yield MembersPanel()


async def _painted(pilot: Pilot[None], panel: MembersPanel, picture: Snapshot) -> float:
    """Return CPU seconds until the table has taken a picture and its lines are written."""
    start = process_time()
    panel.snapshot = picture
    await pilot.pause()
    board = panel.board
    lines = board.render_lines(board.size.region)
    "".join(line.render(pilot.app.console) for line in lines)
    return process_time() - start


def _moved(body: bytes, turn: int) -> bytes:
    """The screener's answer with other prices: no part may be remembered from the turn before."""
    answer = json.loads(body)
    for row in answer["data"]["rows"]:
        price, change = float(row["lastsale"].lstrip("$")), float(row["netchange"])
        previous = price - change
        price = max(0.01, price * (1 + 0.001 * (turn + 1)))
        row["lastsale"], row["netchange"] = f"${price:.4f}", f"{price - previous:.4f}"
    return json.dumps(answer).encode()


def _refreshed(
    picture: Snapshot, body: bytes, reckoner: Reckoner
) -> tuple[float, float, float, Snapshot]:
    """Return CPU seconds of decoding, of working out, of folding, and the new picture."""
    start = process_time()
    listings, _ = read_listings(body, NOW + timedelta(minutes=1))
    decoded = process_time()
    report = reckoner.reckon(replace(picture, listings=listings), (), NOW, members=True)
    worked_out = process_time()
    shown = fold(picture, report, NOW)
    return decoded - start, worked_out - decoded, process_time() - worked_out, shown


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
            "symbol": symbol.replace("-", "/"),
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

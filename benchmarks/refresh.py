"""What a minute's new prices of 2,000 members cost, from the screener's bytes to the painted table.

CPU time in one process, against the naive way in the same run: json, a DataFrame, a DataTable.
"""

from __future__ import annotations

import asyncio
import gc
import json
from datetime import timedelta
from statistics import median
from time import process_time

import msgspec
import pandas as pd
from msgspec.structs import replace
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import DataTable

from benchmarks.samples import Comparison, Figure, Measurement
from benchmarks.simulated import NOW, known_market
from benchmarks.stalls import longest_stall
from market.feeds.nasdaq_screener import read_listings
from market.fold import fold
from market.holdings import Listings
from market.instruments import TRACKER
from market.reckoning import Reckoner, Reckoning
from market.snapshot import Snapshot
from widgets.members import MembersPanel

ROWS = 7_000
"""Stocks in a screener's answer; those that are no members stand for the rest of the market."""
RUNS = 7
SIZE = (120, 52)
COUNTED = Reckoning(at=NOW, symbols=frozenset(), members=True)
"""What is worked out when the screener has answered."""
NAIVE_COLUMNS = ("symbol", "name", "last", "return", "weight", "gain", "volume", "sector")


def measure() -> list[Measurement]:
    """Return the CPU of one refresh, in parts and against the naive way, and the loop's stalls."""
    gc.collect()
    gc.freeze()  # as captop does after its first paint
    picture = known_market()
    if picture.listings is None:
        raise RuntimeError("the simulated market answered without listings")
    return asyncio.run(_measured(picture, _screener(picture.listings)))


async def _measured(picture: Snapshot, body: bytes) -> list[Measurement]:
    reckoner, parts = Reckoner(), list[tuple[float, ...]]()
    picture = fold(picture, reckoner.reckon(picture, COUNTED), NOW)
    naive: list[float] = []
    stalls: list[float] = []
    async with (
        NaiveApp().run_test(size=SIZE) as plain,
        MembersApp().run_test(size=SIZE) as pilot,
    ):
        panel = pilot.app.query_one(MembersPanel)
        panel.focus()
        for turn in range(1 + RUNS):
            moved = _moved(body, turn)
            *spent, shown = _refreshed(picture, moved, reckoner)
            parts.append((*spent, await _painted(pilot, panel, shown)))
            naive.append(await _naive(plain, picture, moved))
            stalls.append(
                await longest_stall(lambda given=moved: _refreshed(picture, given, reckoner))
            )
    parts, naive, stalls = parts[1:], naive[1:], stalls[1:]  # the first is the warm-up
    whole = tuple(sum(part) for part in parts)
    names = ("decoding the screener", "census and readings", "folding", "painting")
    return [
        Comparison(
            "refresh of 2,000 members, CPU", "s", whole, tuple(naive), "<= 0.05x, <= 0.040 s"
        ),
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


class NaiveApp(App[None]):
    """The table that Textual brings, alone."""

    def compose(self) -> ComposeResult:
        """Show it."""
        yield DataTable[str]()

    def on_mount(self) -> None:
        """Give it the columns of the naive frame."""
        self.query_one(DataTable).add_columns(*NAIVE_COLUMNS)


async def _painted(pilot: Pilot[None], panel: MembersPanel, picture: Snapshot) -> float:
    """Return CPU seconds until the table has taken a picture and its lines are written."""
    start = process_time()
    panel.snapshot = picture
    await pilot.pause()
    _write(pilot, panel.board)
    return process_time() - start


def _write(pilot: Pilot[None], widget: Widget) -> None:
    """Make of a widget what its terminal would be sent."""
    lines = widget.render_lines(widget.size.region)
    "".join(line.render(pilot.app.console) for line in lines)


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
    report = reckoner.reckon(replace(picture, listings=listings), COUNTED)
    worked_out = process_time()
    shown = fold(picture, report, NOW)
    return decoded - start, worked_out - decoded, process_time() - worked_out, shown


async def _naive(pilot: Pilot[None], picture: Snapshot, body: bytes) -> float:
    """Return CPU seconds of the plain way to the table, without history, ranks or sectors."""
    table = pilot.app.query_one(DataTable)
    start = process_time()
    frame = pd.DataFrame(json.loads(body)["data"]["rows"])
    frame["last"] = frame["lastsale"].str.lstrip("$").astype(float)
    frame["previous"] = frame["last"] - frame["netchange"].astype(float)
    file = picture.holdings[TRACKER]
    held = pd.DataFrame({"symbol": file.symbols, "quantity": file.quantity, "sector": file.sectors})
    joined = held.merge(frame, on="symbol", how="left", suffixes=("", "_listed"))
    joined["weight"] = joined["quantity"] * joined["previous"]
    joined["weight"] /= joined["weight"].sum()
    joined["return"] = joined["last"] / joined["previous"] - 1
    joined["gain"] = joined["weight"] * joined["return"]
    joined.groupby("sector")["gain"].sum()
    table.clear()
    table.add_rows(joined[list(NAIVE_COLUMNS)].astype(str).itertuples(index=False))
    await pilot.pause()
    _write(pilot, table)
    return process_time() - start


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

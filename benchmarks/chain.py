"""What an option chain of 13 MB costs: decoding, studying, and the loop's longest stall meanwhile.

The control is the plain way: `json` and one loop over the rows, without a study.
"""

from __future__ import annotations

import asyncio
import gc
import json
from datetime import UTC, date, datetime, timedelta
from statistics import median
from time import process_time

from benchmarks.samples import Comparison, Figure, Measurement
from benchmarks.stalls import longest_stall
from market.feeds.cboe_chain import read_chain
from market.instruments import INDEX
from market.metrics.options_study import chain_study
from market.option_files import OptionFile
from market.quotes import Key, Kind

NOW = datetime(2026, 8, 4, 18, 32, tzinfo=UTC)
EXPIRIES, STRIKES = 60, 260
"""As many as make 13 MB."""
RUNS = 7


def measure() -> list[Measurement]:
    """Return CPU seconds of decoding and studying, against the plain way, and the stall."""
    body = _body()
    gc.collect()
    gc.freeze()  # as captop does after its first paint
    rounds = [_round(body) for _ in range(1 + RUNS)][1:]  # the first is the warm-up
    stalls = [asyncio.run(longest_stall(lambda: _understood(body))) for _ in range(RUNS)]
    decoded, studied, plain = zip(*rounds, strict=True)
    size = len(body) / 1e6
    return [
        Comparison(f"decoding a chain of {size:.1f} MB, CPU", "s", decoded, plain),
        Figure("studying it, CPU", "s", median(studied)),
        Figure("longest stall of the loop meanwhile, median", "ms", median(stalls), "< 16 ms"),
        Figure("longest stall of the loop meanwhile, worst", "ms", max(stalls), "< 16 ms"),
    ]


def _round(body: bytes) -> tuple[float, float, float]:
    """Return CPU seconds of decoding, of the study, and of the plain way to the rows."""
    start = process_time()
    file = _file(body)
    decoded = process_time()
    chain_study(file, 0.04)
    studied = process_time()
    _plain(body)
    return decoded - start, studied - decoded, process_time() - studied


def _understood(body: bytes) -> None:
    """What the engine's threads do with an answer."""
    chain_study(_file(body), 0.04)


def _file(body: bytes) -> OptionFile:
    chain, _, _ = read_chain(body, "_RUT", INDEX, NOW)
    key = Key(Kind.CHAIN, INDEX)
    return OptionFile(key=key, source="cboe", fetched_at=NOW, chain=chain, delay_s=900)


def _plain(body: bytes) -> float:
    """The mean bid of the rows by their names."""
    rows = json.loads(body)["data"]["options"]
    by_name = {row["option"]: row["bid"] for row in rows}
    return sum(by_name.values()) / len(by_name)


def _body() -> bytes:
    """A file in its wire form, as large as the largest real one."""
    days = [date(2026, 8, 5) + timedelta(days=7 * n) for n in range(EXPIRIES)]
    rows = [
        _row(f"RUTW{day:%y%m%d}{side}{1_000_000 + 10_000 * place:08d}", place)
        for day in days
        for place in range(STRIKES)
        for side in "CP"
    ]
    data = {"options": rows, "symbol": "^RUT", "current_price": 2300.0, "close": 2300.0}
    stamp = NOW.strftime("%Y-%m-%d %H:%M:%S")
    return json.dumps({"timestamp": stamp, "data": data, "symbol": "_RUT"}).encode()


def _row(name: str, place: int) -> dict[str, object]:
    size = (1 + place / STRIKES) / 3
    numbers = dict.fromkeys(("gamma", "vega", "theta", "rho", "change", "percent_change"), 0.0123)
    prices = dict.fromkeys(("theo", "open", "high", "low", "last_trade_price"), 12.345)
    return {
        "option": name,
        "bid": 12.3,
        "bid_size": 31.0,
        "ask": 12.5,
        "ask_size": 45.0,
        "iv": 0.2 + place / 10_000,
        "open_interest": 12.0,
        "volume": 27.0,
        "delta": size if name[-9] == "C" else -size,
        **numbers,
        **prices,
        "tick": "no_change",
        "last_trade_time": "2026-07-24T15:13:49",
        "prev_day_close": 211.025001525879,
    }

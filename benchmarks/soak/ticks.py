"""Frames for a stream that goes wrong: those that cannot be read, and those that come late."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from benchmarks.soak.truth import SYMBOLS, Truth
from tests.exchange.prices import last_trade
from tests.exchange.stream import frame

OLDEST = timedelta(minutes=10)
REGULAR = 1
_JUNK: tuple[str | bytes, ...] = (
    "", "no", "{}", "[]", "null", '{"type":"pricing"}', '{"type":"pricing","message":7}',
    '{"type":"pricing","message":"///"}', '{"type":"pricing","message":"CgM="}',
    b"\xff\xfe", b"\x00" * 300, '{"type":"what","message":""}',
)  # fmt: skip


def garbage(now: datetime, random: Random) -> list[str | bytes]:
    """Return frames that tell nothing that could be true."""
    symbol, time = random.choice(SYMBOLS), int(now.timestamp() * 1000)
    return [
        *_JUNK,
        frame(id=symbol, price=float("nan"), time=time),
        frame(id=symbol, price=float("inf"), time=time),
        frame(id=symbol, price=-5.0, time=time),
        frame(id=symbol, price=1e30, time=7),
        frame(id=symbol, price=1e30, time=time + 10 * 86_400_000, market_hours=REGULAR),
        frame(id="NOBODY", price=12.0, time=time, market_hours=99),
    ]


def old_ticks(truth: Truth, now: datetime, part: float) -> list[str]:
    """Return what was true some minutes ago, twice each, the younger first."""
    instants = [last_trade("^RUT", now - OLDEST * part * share) for share in (0.5, 0.5, 1, 1)]
    return [
        frame(
            id=symbol,
            price=truth.last(symbol, at),
            time=int(at.timestamp() * 1000),
            market_hours=REGULAR,
            price_hint=2,
        )
        for at in instants
        for symbol in SYMBOLS
        if symbol != "^RVX"
    ]

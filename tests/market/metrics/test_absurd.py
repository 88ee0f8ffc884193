"""A last price that cannot be true beside its daily closes is not shown as live."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from market.freshness import freshness
from market.health import Look
from market.metrics.absurd import absurdity
from market.metrics.compute import compute
from market.quotes import Kind
from market.snapshot import Snapshot, empty_snapshot
from tests.clocks import THURSDAY_AFTERNOON
from tests.market.metrics.pictures import bars_of, quote_at, with_bars, with_quote

CLOSES = {date(2026, 6, 29): 99.0, date(2026, 6, 30): 101.0, date(2026, 7, 1): 100.0}
ODD_CLOSES = {**CLOSES, date(2026, 7, 1): 1.0}
OLD_CLOSES = {date(2026, 6, day): 100.0 for day in (1, 2, 3, 4, 5)}
FEW_CLOSES = {date(2026, 7, 1): 100.0}


def pair(symbol: str, last: float, closes: dict[date, float]) -> Snapshot:
    quote = quote_at(symbol, last, THURSDAY_AFTERNOON)
    snapshot = with_quote(empty_snapshot(THURSDAY_AFTERNOON), quote)
    return with_bars(snapshot, bars_of(symbol, closes, Kind.CLOSES))


@pytest.mark.parametrize(
    ("symbol", "last", "closes", "is_used"),
    [
        ("^RUT", 102.0, CLOSES, True),
        ("^RUT", 10_200.0, CLOSES, False),
        ("^RUT", 1.02, CLOSES, False),
        ("^RUT", 210.0, CLOSES, False),
        ("^VIX", 210.0, CLOSES, True),
        ("^VIX", 10_200.0, CLOSES, False),
        ("MXL", 390.0, CLOSES, True),
        ("MXL", 10_200.0, CLOSES, False),
        ("^RUT", 102.0, ODD_CLOSES, True),
        ("^RUT", 10_200.0, OLD_CLOSES, True),
        ("^RUT", 10_200.0, FEW_CLOSES, True),
    ],
)
def test_a_price_is_used_if_a_recent_close_bears_it_out(
    symbol: str, last: float, closes: dict[date, float], *, is_used: bool
) -> None:
    snapshot = pair(symbol, last, closes)
    quote, bars = snapshot.quotes[symbol], next(iter(snapshot.bars.values()))
    assert (absurdity(quote, bars, snapshot.cast[symbol]) == "") is is_used
    assert absurdity(quote, None, snapshot.cast[symbol]) == ""


def test_the_daily_close_is_shown_instead_as_late_and_with_the_reason() -> None:
    snapshot = pair("^RUT", 10_200.0, CLOSES)
    known = replace(snapshot, readings=compute(snapshot))
    last = known.reading("rut.last")
    assert last.value == 100.0
    assert last.reason == (
        "yahoo's last price 10,200 is not used: it cannot be true beside the daily close 100"
    )
    assert freshness(known, "rut.last").look is Look.LATE
    assert known.reading("rut.from_open").value is None
    windows = [n for n in known.readings if n.startswith("rut.return.")]
    assert all(abs(float(known.reading(n).value or 0)) < 1 for n in windows)


def test_a_future_without_a_price_that_can_be_true_says_why() -> None:
    snapshot = pair("RTY=F", 10_200.0, CLOSES)
    assert "cannot be true beside" in compute(snapshot)["rty.last"].reason

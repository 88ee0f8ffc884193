"""What the fund holds on the day of a split is worth what it is, however it is cut."""

from __future__ import annotations

from array import array

import pytest
from msgspec.structs import replace

from market.holdings import Holdings
from market.instruments import TRACKER
from market.quotes import Bars
from market.snapshot import Snapshot
from tests.market.metrics.small_index import (
    COUNT,
    census_of,
    closes_of,
    days,
    holdings,
    listings,
    past_of,
    snapshot,
    symbols,
)

ROW = 4
MOVES = [0.01] * COUNT


def split(ratio: float) -> Snapshot:
    """The session in which one member has so many new shares for one, a file of the day before."""
    lists = listings(MOVES)
    last, change = lists.last[:], lists.change[:]
    last[ROW], change[ROW] = last[ROW] / ratio, change[ROW] / ratio
    return snapshot(lists=replace(lists, last=last, change=change))


def past_of_all(_: float) -> dict[str, Bars]:
    """The members' past as it was before."""
    return {s: past_of(s, closes_of(row)) for row, s in enumerate(symbols())}


def restated(ratio: float) -> dict[str, Bars]:
    """The members' past fetched anew on that day."""
    past = past_of_all(ratio)
    past[symbols()[ROW]] = past_of(symbols()[ROW], [c / ratio for c in closes_of(ROW)])
    return past


def file_of(back: int) -> Holdings:
    """The fund's file of so many sessions before."""
    file, price = holdings(days()[-back]), [closes_of(row)[-back] for row in range(COUNT)]
    worth = array("d", (p * q for p, q in zip(price, file.quantity, strict=True)))
    return replace(file, price=array("d", price), market_value=worth)


def unknown(_: float) -> dict[str, Bars]:
    """No member's past."""
    return {}


PASTS = {"as it was": past_of_all, "fetched anew": restated, "not known": unknown}


@pytest.mark.parametrize(
    ("ratio", "past", "back"),
    [
        (2.0, "as it was", 1),
        (0.04, "as it was", 2),
        (1.5, "fetched anew", 1),
        (2.0, "fetched anew", 2),
        (2.0, "not known", 1),
    ],
)
def test_a_split_changes_neither_weights_nor_contributions(
    ratio: float, past: str, back: int
) -> None:
    held = {TRACKER: file_of(back)}
    ours, theirs = (
        census_of(replace(split(each), past=PASTS[past](each), holdings=held)).members
        for each in (ratio, 1.0)
    )
    assert list(ours.weight) == pytest.approx(list(theirs.weight))
    for window in ("1D", "1M", "6M"):
        parts = list(theirs.contributions[window])
        assert list(ours.contributions[window]) == pytest.approx(parts, nan_ok=True)

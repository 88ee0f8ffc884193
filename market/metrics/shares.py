"""Shares that the index's fund holds, on the scale of prices: no split in between counts twice.

A holdings file tells what a holding is worth on its day. Over the close of that day, as it is
told on the scale of later prices, it is the shares of then in the shares of later.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from market.census import WINDOWS
from market.holdings import Holdings, rows_of
from market.membership import accepted_splits, changes_between
from market.metrics.columns import column, divided
from market.metrics.panel import Panel
from market.sessions import previous_session, session_on_or_before

if TYPE_CHECKING:
    from market.metrics.columns import Column
    from market.metrics.member_prices import Prices


def shares_in_panel(file: Holdings, panel: Panel, today: Holdings) -> Column:
    """Return the shares a file tells of today's members, in the shares of the panel's prices.

    NaN for those that it does not hold.
    """
    return _shares(file, panel.closes_on(session_on_or_before(file.day)), today)


def shares_of_session(file: Holdings, panel: Panel, prices: Prices) -> Column:
    """Return the shares that today's file tells, in the shares of the prices' session.

    What they tell of the file's own day counts first: it is known before there is a past.
    """
    day = session_on_or_before(file.day)
    told = {prices.day: prices.taken, previous_session(prices.day): prices.previous}
    closes = told[day] if day in told else panel.closes_on(day) * prices.scale
    return _shares(file, closes, file)


def _shares(file: Holdings, closes: Column, today: Holdings) -> Column:
    """What a file's holdings are worth over the closes of its day.

    Where one of these is not known the quantity counts, with the splits that the files tell of.
    """
    import numpy as np

    worth, quantity = column(file.market_value), column(file.quantity)
    if file is not today:
        at, split, former = rows_of(file), _splits(file, today), _former_symbols(file, today)
        names = (symbol if symbol in at else former.get(symbol, "") for symbol in today.symbols)
        rows = np.array([at.get(name, -1) for name in names], dtype=np.int64)
        worth, quantity = (np.append(each, np.nan)[rows] for each in (worth, quantity))
        quantity *= np.array([split.get(symbol, 1.0) for symbol in today.symbols])
    shares = divided(worth, closes)
    return np.where(np.isfinite(shares), shares, quantity)


@lru_cache(maxsize=len(WINDOWS))
def _splits(older: Holdings, newer: Holdings) -> Mapping[str, float]:
    return accepted_splits(older, newer)


@lru_cache(maxsize=len(WINDOWS))
def _former_symbols(older: Holdings, newer: Holdings) -> Mapping[str, str]:
    """Symbols of companies in the older file by those in the newer one."""
    return {c.renamed_to: c.symbol for c in changes_between(older, newer) if c.renamed_to}

"""What the completed sessions say of each member before the session at hand has a price.

It holds from one census to the next as long as neither the past nor a split changes, so that new
prices cost one row of numbers and not a year of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from market.census import MOMENTA, WINDOWS
from market.holdings import Holdings
from market.metrics.attribution import weights_of
from market.metrics.averages import sums_before
from market.metrics.highs_lows import YEAR, Span, span_before
from market.metrics.liquidity import amihud, dollar_volume, usual_volume
from market.metrics.member_prices import Prices
from market.metrics.momentum import base_before
from market.metrics.panel import Panel, detail_of
from market.metrics.shares import shares_in_panel
from market.metrics.windows import window_base

if TYPE_CHECKING:
    from market.metrics.columns import Column, Flags


class Start(NamedTuple):
    """Where a window begins."""

    closes: Column
    weight: Column
    """Of each member in the index then."""
    note: str = ""
    """What should be known of these weights."""


class Year(NamedTuple):
    """What is known of each member before the session at hand, on the scale of its prices."""

    sessions: int
    """How many are known, 252 at most."""
    is_whole: Flags
    """Members with a close 252 sessions ago and one of the session before."""
    highest: Column
    """Of closes and intraday highs."""
    lowest: Column
    span: Span
    """The range that a place in the 52 weeks is held against."""
    sums: Mapping[int, Column]
    """Per length of an average: of the closes that the last price completes."""
    bases: Mapping[int, Column]
    """Per count of MOMENTA: the close so many sessions ago."""
    known: Column
    """How many bars of each are known; NaN where none have been asked for yet."""
    dollar_volume: Column
    amihud: Column
    usual_volume: Column
    starts: Mapping[str, Start]
    """By window, but for the day."""


class YearKeeper:
    """Works a year out when something it is made of has changed."""

    def __init__(self) -> None:
        self._kept: tuple[tuple[object, ...], Year] | None = None

    def of(
        self, file: Holdings, earlier: tuple[Holdings, ...], panel: Panel, prices: Prices
    ) -> Year:
        """Return the year before the prices' session.

        Args:
            file: The holdings.
            earlier: Files of days before, for the weights at a window's start.
            panel: The members' past.
            prices: The last prices.
        """
        made_of = (file, earlier, panel, prices.day, prices.scale.tobytes())
        if self._kept is None or self._kept[0] != made_of:
            starts = _starts(file, earlier, panel, prices)
            self._kept = made_of, _year(panel, prices, starts)
        return self._kept[1]


def _year(panel: Panel, prices: Prices, starts: Mapping[str, Start]) -> Year:
    import numpy as np

    end = _rows_before(panel, prices.day)
    rows, scale = slice(max(0, end - YEAR), end), prices.scale
    detail = detail_of(panel)
    closes, highs, lows = (each[rows] * scale for each in (panel.closes, *detail[:2]))
    volumes = detail.volumes[rows] / scale
    nothing = np.full(len(scale), np.nan)
    is_year = len(closes) == YEAR
    return Year(
        sessions=len(closes),
        is_whole=~np.isnan(closes[0] + closes[-1])
        if is_year
        else np.zeros(len(scale), dtype=np.bool_),
        highest=np.fmax.reduce(np.fmax(closes, highs), initial=np.nan),
        lowest=np.fmin.reduce(np.fmin(closes, lows), initial=np.nan),
        span=span_before(closes, highs, lows),
        sums=sums_before(closes),
        bases={count: base_before(closes, count) for count in MOMENTA},
        known=panel.known,
        dollar_volume=dollar_volume(closes, volumes) if len(closes) else nothing,
        amihud=amihud(closes, volumes) if len(closes) else nothing,
        usual_volume=usual_volume(volumes),
        starts=starts,
    )


def _rows_before(panel: Panel, day: date) -> int:
    row = panel.row_on_or_before(day)
    if row is None:
        return 0
    return row if panel.days[row] == day else row + 1


def _starts(
    file: Holdings, earlier: Iterable[Holdings], panel: Panel, prices: Prices
) -> dict[str, Start]:
    import numpy as np

    files = sorted((file, *earlier), key=lambda each: each.day, reverse=True)
    starts: dict[str, Start] = {}
    for window in WINDOWS[1:]:
        day = window_base(window.lower(), prices.day)
        row = panel.row_on_or_before(day)
        is_known = row is not None and panel.days[row] == day
        nothing = np.full(len(prices.scale), np.nan)
        closes = panel.closes_at(row) if row is not None and is_known else nothing
        before = next((each for each in files if each.day <= day), file)
        weight = weights_of(shares_in_panel(before, panel, file), closes)
        is_older = files[-1].day > day
        note = f"members and shares as of {file.day:%d %b %Y}" if is_older else ""
        starts[window] = Start(closes * prices.scale, weight, note)
    return starts

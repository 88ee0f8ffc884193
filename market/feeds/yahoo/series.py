"""Rows of bars from Yahoo's columns, and columns of `Bars` from rows."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from operator import lt
from typing import NamedTuple

import msgspec

from market.feeds.yahoo.decoding import column, garbled
from market.feeds.yahoo.wire import Columns
from market.quotes import Bars, Key
from market.reports import FeedError

SOURCE = "yahoo"
"""The feed's name, as values carry it."""

EARLIEST_S, LATEST_S = -2_208_988_800, 4_102_444_800
"""1900 and 2100: a time outside is garbage, and would overflow a datetime at worst."""

RANGE_TOLERANCE = 1e-3
"""How far, relatively, a close may lie outside its bar's range before somebody is told: prices
come as 32-bit floats, and rounding alone is no news."""

FINEST_GRID_S = 900
"""Sessions everywhere begin on a quarter of an hour, so longer bars start on one."""


class Row(NamedTuple):
    """One bar. Without a range, or without volume, those are None."""

    time: int
    close: float
    open: float | None = None
    high: float | None = None
    low: float | None = None
    volume: float | None = None

    @property
    def is_flat(self) -> bool:
        """Whether it is a single price without volume: a last trade in a bar's clothing."""
        return self.open == self.high == self.low == self.close and not self.volume


def price(value: float | None) -> float | None:
    """Return a usable price, None for anything else: Yahoo writes 0 for what it does not know."""
    return value if value is not None and math.isfinite(value) and value > 0 else None


def instant(seconds: float | None) -> datetime | None:
    """Return a Unix time as an instant, None if it is none."""
    if seconds is None or not EARLIEST_S <= seconds <= LATEST_S:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def read_rows(times: msgspec.Raw, columns: Columns, what: str) -> tuple[list[Row], list[str]]:
    """Return the bars that have a price, oldest first, and what had to be left out.

    Rows with a null close (holidays, lunch breaks, halts) are left out in silence. A close
    that is no price costs its row; a bad range or volume only costs itself.

    Raises:
        FeedError: garbled, if there is no close column or it does not fit the times.
    """
    starts, _ = column(times, f"{what} (timestamp)")
    closes, bad_closes = column(columns.close, f"{what} (close)")
    if not starts:
        return [], []
    if len(closes) != len(starts):
        counts = f"`close` has {len(closes)} entries for {len(starts)} times"
        raise garbled(what, counts if closes else "it has times but no `close`")
    sides = (
        _side(raw, len(starts)) for raw in (columns.open, columns.high, columns.low, columns.volume)
    )
    rows = [
        Row(int(time), close, opened, high, low, volume)
        for time, close, opened, high, low, volume in zip(starts, closes, *sides, strict=True)
        if close is not None and close > 0 and time is not None and EARLIEST_S <= time <= LATEST_S
    ]
    unusable = bad_closes + sum(close is not None for close in closes) - len(rows)
    return _in_order(rows), _told(unusable, f"of Yahoo's {what} had no usable price or time")


def _side(raw: msgspec.Raw, length: int) -> Sequence[float | None]:
    """A column beside the closes; one that does not fit them is as good as missing."""
    try:
        values, _ = column(raw, "")
    except FeedError:
        values = []
    return values if len(values) == length else [None] * length


def _in_order(rows: list[Row]) -> list[Row]:
    """Rows by time; of two of the same instant the first stays."""
    times = [row.time for row in rows]
    if all(map(lt, times, times[1:])):
        return rows
    unique: dict[int, Row] = {}
    for row in rows:
        unique.setdefault(row.time, row)
    return [unique[time] for time in sorted(unique)]


def off_grid(row: Row, interval_s: int) -> bool:
    """Return whether a row lies between two bars, as the last trade does."""
    return row.time % min(interval_s, FINEST_GRID_S) != 0


def newest_price_at(row: Row, interval_s: int, traded: datetime | None, now: datetime) -> datetime:
    """Return when the close of a bar was struck, as well as it can be known.

    Args:
        row: The newest bar.
        interval_s: Seconds it spans.
        traded: The source's time of the last regular trade.
        now: The present; a bar under way has no price from later.
    """
    start = datetime.fromtimestamp(row.time, UTC)
    if traded is not None and 0 <= (traded - start).total_seconds() < interval_s:
        return traded
    end = datetime.fromtimestamp(row.time + interval_s, UTC)
    return max(start, min(end, now))


def bars_of(
    key: Key,
    rows: Sequence[Row],
    interval_s: int,
    as_of: datetime,
    *,
    dividends: tuple[tuple[int, float], ...] = (),
    splits: tuple[tuple[int, float], ...] = (),
) -> Bars:
    """Return rows as columns.

    A series without any range is close-only, one without any volume has none. Elsewhere a
    missing or impossible range is widened to hold open and close.
    """
    opens, highs, lows = _ranges(rows)
    traded = any(row.volume for row in rows)
    return Bars(
        key=key,
        interval_s=interval_s,
        source=SOURCE,
        as_of=as_of,
        times=array("q", [row.time for row in rows]),
        close=array("d", [row.close for row in rows]),
        open=array("d", opens),
        high=array("d", highs),
        low=array("d", lows),
        volume=array("d", [_volume(row) for row in rows] if traded else ()),
        dividends=dividends,
        splits=splits,
    )


def odd_ranges(rows: Iterable[Row], what: str) -> list[str]:
    """Return a sentence about the bars whose range did not hold their own open and close."""
    return _told(
        sum(_is_odd(row) for row in rows),
        f"of Yahoo's {what} had an impossible range, which was widened",
    )


def _ranges(rows: Sequence[Row]) -> Iterable[Iterable[float]]:
    """Opens, highs and lows, all three empty where no row has a range."""
    ranged = any(row.high is not None and row.low is not None for row in rows)
    return zip(*map(_widened, rows), strict=True) if ranged else ((), (), ())


def _widened(row: Row) -> tuple[float, float, float]:
    _, close, opened, high, low, _ = row
    if opened is None or high is None or low is None:
        pass
    elif 0 < low <= opened <= high and low <= close <= high:
        return opened, high, low
    known = [p for p in (price(opened), price(high), price(low), close) if p is not None]
    return price(opened) or close, max(known), min(known)


def _is_odd(row: Row) -> bool:
    ends = (row.close, row.open if row.open is not None else row.close)
    slack = RANGE_TOLERANCE * row.close
    too_low = row.high is not None and row.high < max(ends) - slack
    return too_low or (row.low is not None and row.low > min(ends) + slack)


def _volume(row: Row) -> float:
    return row.volume if row.volume is not None and row.volume > 0 else 0.0


def _told(count: int, what: str) -> list[str]:
    if not count:
        return []
    return [f"{count} {'bar' if count == 1 else 'bars'} {what}"]

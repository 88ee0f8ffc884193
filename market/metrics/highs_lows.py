"""New 52-week highs and lows, and where prices stand between the two (METRICS 3, 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from market.metrics.columns import divided

if TYPE_CHECKING:
    import numpy as np

    from market.metrics.columns import Column, Flags, Matrix

YEAR = 252
"""Sessions a price is held against, and which a listing must have behind it."""
INDEX_SESSIONS = 10
_ROUNDING = 1e-9
"""Prices adjusted for splits differ by rounding where they are the same."""


class HighsLows(NamedTuple):
    """New highs and lows, a value per session; NaN before a year of sessions is known."""

    highs: Column
    lows: Column
    used: Column
    """Members with a price that day and a year of sessions before it."""

    @property
    def net(self) -> Column:
        """New highs less new lows."""
        return self.highs - self.lows


def new_highs_lows(
    closes: Matrix, highs: Matrix | None = None, lows: Matrix | None = None, year: int = YEAR
) -> HighsLows:
    """Return how many members reach the highest or lowest price of the sessions before.

    A price equal to the year's extreme counts; a member listed for less than the year does
    not count at all.

    Args:
        closes: Sessions x members.
        highs: Intraday highs, where known. A member whose past highs are known throughout is
            held against them, any other against its closes.
        lows: Intraday lows, likewise.
        year: Sessions to look back.
    """
    import numpy as np

    completed = len(closes) - 1
    top, bottom = _basis(closes, highs, completed), _basis(closes, lows, completed)
    if len(closes) <= year:
        nothing = np.full(len(closes), np.nan)
        return HighsLows(nothing, nothing, np.zeros(len(closes)))
    counts = _count(closes, year)
    ceiling = _furthest_before(top, year, np.fmax) * (1 - _ROUNDING)
    floor = _furthest_before(bottom, year, np.fmin) * (1 + _ROUNDING)
    return HighsLows(
        _after(year, np.nan, (top[year:] >= ceiling) & counts),
        _after(year, np.nan, (bottom[year:] <= floor) & counts),
        _after(year, 0.0, counts),
    )


def high_low_index(found: HighsLows, count: int = INDEX_SESSIONS) -> Column:
    """Return the mean of NH / (NH + NL) over ten sessions, 0 to 1.

    A session with neither has no ratio and takes no part; where none of the ten has one, or
    fewer than ten are known, the answer is NaN.
    """
    import numpy as np

    ratios = divided(found.highs, found.highs + found.lows)
    known = ~np.isnan(ratios)
    sums = np.cumsum(np.where(known, ratios, 0.0))
    answer = np.full(len(ratios), np.nan)
    if len(ratios) >= count:
        window = _over(sums, count)
        days = _over(np.cumsum(known, dtype=np.float64), count)
        is_full = _over(np.cumsum(~np.isnan(found.highs), dtype=np.float64), count) == count
        answer[count - 1 :] = np.where(is_full, divided(window, days), np.nan)
    return answer


class Span(NamedTuple):
    """The highest and lowest price of each member over some sessions."""

    high: Column
    low: Column


def span_before(
    closes: Matrix, highs: Matrix | None = None, lows: Matrix | None = None, year: int = YEAR
) -> Span:
    """Return each member's range of the completed sessions that one more makes a year of.

    A member listed for less is held against what there is.
    """
    import numpy as np

    top = _basis(closes, highs, len(closes))[-year + 1 :]
    bottom = _basis(closes, lows, len(closes))[-year + 1 :]
    return Span(
        np.fmax.reduce(top, axis=0, initial=np.nan), np.fmin.reduce(bottom, axis=0, initial=np.nan)
    )


def positions(last: Column, before: Span) -> Column:
    """Return where each member's last price stands in its year, 0 lowest to 1 highest.

    NaN without a last price, or where highest and lowest are one.
    """
    import numpy as np

    bottom = np.fmin(before.low, last)
    return divided(last - bottom, np.fmax(before.high, last) - bottom)


def _basis(closes: Matrix, extremes: Matrix | None, completed: int) -> Matrix:
    """Intraday extremes for the members that have them throughout, closes for the others.

    Only the completed sessions count for that: the one after them may still be without, and its
    last price is then the most that is known.
    """
    import numpy as np

    if extremes is None:
        return closes
    is_hole = np.isnan(extremes) & ~np.isnan(closes)
    has_holes = np.any(is_hole[:completed], axis=0)
    basis = np.where(has_holes | is_hole, closes, extremes)
    basis[np.isnan(closes)] = np.nan
    return basis


def _count(closes: Matrix, year: int) -> Flags:
    """From session `year` on: which members have a close that day and one a year before."""
    import numpy as np

    missing = np.isnan(closes)
    begins = np.argmin(missing, axis=0)
    return (begins <= np.arange(len(closes) - year)[:, None]) & ~missing[year:]


def _after(year: int, before: float, flags: Flags) -> Column:
    """Count the flags of each session; the sessions before them have `before`."""
    import numpy as np

    return np.concatenate((np.full(year, before), np.count_nonzero(flags, axis=1)))


def _furthest_before(prices: Matrix, year: int, furthest: np.ufunc) -> Matrix:
    """The highest or lowest of the `year` sessions before each session that has so many.

    In blocks of a year, each window is the end of one block and the beginning of the next:
    running extremes forwards and backwards within blocks give it with one comparison. Row by
    row they are ten times as fast as `accumulate` along the first axis.
    """
    ahead, behind = prices[:-1].copy(), prices[:-1].copy()
    for row in range(1, len(ahead)):
        if row % year:
            furthest(ahead[row - 1], ahead[row], out=ahead[row])
    for row in reversed(range(len(behind) - 1)):
        if (row + 1) % year:
            furthest(behind[row], behind[row + 1], out=behind[row])
    return furthest(behind[: len(prices) - year], ahead[year - 1 :])


def _over(sums: Column, count: int) -> Column:
    """Sums over windows of `count`, from running sums."""
    import numpy as np

    return sums[count - 1 :] - np.concatenate(([0.0], sums[:-count]))

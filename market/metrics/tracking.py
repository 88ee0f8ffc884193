"""How far the tracker's return is from the index's, and when that is worth a word (METRICS 4)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING

from msgspec.structs import replace

from market.instruments import INDEX
from market.metrics.columns import divided
from market.metrics.frames import common_closes, kept_with_bars
from market.metrics.readings import Function, combined, number
from market.metrics.returns import return_over, same_session
from market.metrics.subject import Subject, Unknown
from market.quotes import Bars
from market.reading import Reading
from market.reconstitution import reconstitutions

if TYPE_CHECKING:
    from market.metrics.columns import Column

LIMIT = 0.0020
"""20 basis points: three times the usual deviation of a day."""
SESSIONS = 63
"""A quarter of a year."""
FEWEST = 40
"""Differences that the usual ones are told from at least."""
_WEEK = timedelta(days=7)


def tracking_differences(fund: Column, index: Column) -> Column:
    """Return the fund's return less the index's, a value per session, a fraction.

    Both are closes of the same sessions. The first session has none, nor has one beside a
    hole in either. The fund's close is without dividends: it falls behind on an ex-date.
    """
    import numpy as np

    ratios = np.full((2, len(index)), np.nan)
    for place, closes in enumerate((fund, index)):
        ratios[place, 1:] = divided(closes[1:], closes[:-1])
    return ratios[0] - ratios[1]


def is_tracking_break(
    difference: float, day: date, ex_dates: Collection[date], reconstitutions: Collection[date]
) -> bool:
    """Return whether a day's difference (a fraction) calls for attention.

    More than 20 basis points do, but not on the fund's ex-date, which explains a gap by the
    dividend, nor on a day of reconstitution. An unknown difference (NaN) never does.
    """
    is_explained = day in ex_dates or day in reconstitutions
    return isfinite(difference) and abs(difference) > LIMIT and not is_explained


def tracking(subject: Subject) -> Reading:
    """Return the tracker's return of the session less the index's."""
    index = subject.other(INDEX)
    same_session(subject, index)
    own, theirs = return_over("1d", subject), return_over("1d", index)
    found = combined(number(own) - number(theirs), own, theirs)
    words = _why_wide(number(found), subject.last.day, _ex_dates(subject.history()))
    return replace(found, reason="; ".join(w for w in (words, found.reason) if w))


def _why_wide(difference: float, day: date, ex_dates: Collection[date]) -> str:
    """Say of a wide difference what explains it, or that nothing does."""
    reconstituted = {
        each for found in reconstitutions(day - _WEEK, day) for each in (found.day, found.effective)
    }
    if is_tracking_break(difference, day, ex_dates, reconstituted):
        return "outside the usual 20 basis points"
    if abs(difference) <= LIMIT:
        return ""
    return "the fund's ex-dividend day" if day in ex_dates else "the index's reconstitution"


@kept_with_bars
def _ex_dates(bars: Bars) -> frozenset[date]:
    return frozenset(datetime.fromtimestamp(time, UTC).date() for time, _ in bars.dividends)


def usual_tracking(of_sample: str, subject: Subject) -> Reading:
    """Return mean or standard deviation of the daily differences of 63 sessions."""
    index = subject.other(INDEX)
    mean, deviation = _usual(subject.history(), index.history())
    ours, theirs = (
        Reading(None, each.close_time(len(each.history()) - 1), each.history().source)
        for each in (subject, index)
    )
    return combined(mean if of_sample == "mean" else deviation, ours, theirs)


@kept_with_bars
def _usual(fund: Bars, index: Bars) -> tuple[float, float]:
    import numpy as np

    ours, theirs = common_closes(fund, index, SESSIONS)
    found = tracking_differences(ours[-SESSIONS - 1 :], theirs[-SESSIONS - 1 :])
    known = found[~np.isnan(found)]
    if len(known) < FEWEST:
        raise Unknown(f"{FEWEST} sessions common to both are needed, {len(known)} are known")
    return float(known.mean()), float(known.std(ddof=1))


FUNCTIONS: dict[str, Function] = {
    "iwm.tracking.1d": tracking,
    "iwm.tracking.mean.63d": partial(usual_tracking, "mean"),
    "iwm.tracking.deviation.63d": partial(usual_tracking, "deviation"),
}

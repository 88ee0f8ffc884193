"""The implied-volatility family: percentiles, term structure, regime, premium over realised."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from math import sqrt
from typing import TYPE_CHECKING

from market.instruments import BENCHMARK, INDEX, RVX, VIX
from market.metrics.catalogue import VIX3M, VIX9D
from market.metrics.frames import before, kept_with_bars, on_sessions
from market.metrics.quote import last_price
from market.metrics.ranks import percentile, rank
from market.metrics.readings import Function, combined, number
from market.metrics.realised import realised, realised_of_closes
from market.metrics.returns import same_session
from market.metrics.subject import Subject, Unknown
from market.metrics.volatility import SESSIONS_A_YEAR, close_to_close, yang_zhang
from market.quotes import Bars
from market.reports import Reading

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ONE_YEAR, FIVE_YEARS = 252, 1260
FEWEST = {ONE_YEAR: 200, FIVE_YEARS: 1000}
"""Closes that must be known for a percentile over so many sessions."""
FLAT_BELOW = 0.005
"""VIX and VIX3M this close together, as a share, are called flat."""
REGIMES = (
    (13.0, "calm"),
    (17.0, "mid-teens"),
    (20.0, "normal"),
    (25.0, "elevated"),
    (30.0, "stress"),
)


def regime(vix: float) -> str:
    """Return the word for a level of VIX; bands include their lower end."""
    return next((word for limit, word in REGIMES if vix < limit), "crisis")


def term_state(near: float, far: float) -> str:
    """Return contango when the longer horizon is dearer, backwardation when it is cheaper."""
    ratio = near / far
    if abs(ratio - 1) < FLAT_BELOW:
        return "flat"
    return "contango" if ratio < 1 else "backwardation"


def one_day_move(vix: float) -> float:
    """Return the standard deviation of one session that a VIX level means, a fraction."""
    return vix / sqrt(SESSIONS_A_YEAR) / 100


def recent_levels(subject: Subject, count: int) -> NDArray[np.float64]:
    """Return the closes of the last sessions, the newest price standing for its own session."""
    import numpy as np

    past = _levels_before(subject.history(), subject.last.day, count - 1)
    if len(past) + 1 < FEWEST[count]:
        raise Unknown(f"{FEWEST[count]} closes are needed, {len(past) + 1} are known")
    return np.append(past, subject.last.price)


@kept_with_bars
def _levels_before(bars: Bars, day: date, count: int) -> NDArray[np.float64]:
    return before(on_sessions(bars), day).tail(count).close


def percentile_reading(count: int, subject: Subject) -> Reading:
    """Return the share of the last sessions' closes that are not above the level."""
    levels, last = recent_levels(subject, count), subject.last
    return last.reading(percentile(levels, last.price), subject.history())


def rank_reading(subject: Subject) -> Reading:
    """Return where the level stands between the year's lowest and highest close."""
    levels, last = recent_levels(subject, ONE_YEAR), subject.last
    return last.reading(rank(levels, last.price), subject.history())


def two_levels(
    other: str, value_of: Callable[[float, float], float | str], subject: Subject
) -> Reading:
    """Return a value of this level and another's, both of the same session."""
    peer = subject.other(other)
    ours, theirs = last_price(subject), last_price(peer)
    same_session(subject, peer)
    if number(ours) <= 0 or number(theirs) <= 0:
        raise Unknown("a volatility level is not positive")
    return combined(value_of(number(ours), number(theirs)), ours, theirs)


def _slope(near: float, far: float) -> float:
    return far - near


def _ratio(ours: float, theirs: float) -> float:
    return ours / theirs


def _inverse_ratio(ours: float, theirs: float) -> float:
    return theirs / ours


def of_level(value_of: Callable[[float], float | str], subject: Subject) -> Reading:
    """Return a value that follows from the level alone."""
    return combined(value_of(subject.last.price), last_price(subject))


def premium(realised_symbol: str, subject: Subject) -> Reading:
    """Return an implied volatility less 21 sessions' realised one, volatility points."""
    implied = last_price(subject)
    past = realised_of_closes(close_to_close, subject.other(realised_symbol))
    return _less_realised(implied, past)


def implied_minus_realised(subject: Subject) -> Reading:
    """Return RVX (VIX where it is missing) less IWM's Yang-Zhang volatility, points."""
    past = realised(yang_zhang, True, subject)
    try:
        implied, reason = last_price(subject.other(RVX)), ""
    except Unknown:
        implied, reason = last_price(subject.other(VIX)), "VIX in place of RVX"
    return _less_realised(implied, past, reason)


def _less_realised(implied: Reading, past: Reading, reason: str = "") -> Reading:
    """As old as the implied level: the realised one is of the last close by its nature."""
    whole = combined(number(implied) - 100 * number(past), implied, past, reason=reason)
    return Reading(whole.value, implied.as_of, whole.source, whole.delay_s, whole.reason)


FUNCTIONS: dict[str, Function] = {
    "{slug}.percentile.1y": partial(percentile_reading, ONE_YEAR),
    "{slug}.percentile.5y": partial(percentile_reading, FIVE_YEARS),
    "{slug}.rank.1y": rank_reading,
    "vix.term.slope": partial(two_levels, VIX3M, _slope),
    "vix.term.ratio": partial(two_levels, VIX3M, _ratio),
    "vix.term.short_ratio": partial(two_levels, VIX9D, _inverse_ratio),
    "vix.term.state": partial(two_levels, VIX3M, term_state),
    "vix.regime": partial(of_level, regime),
    "vix.move.1d": partial(of_level, one_day_move),
    "vix.variance_premium": partial(premium, BENCHMARK),
    "rvx.variance_premium": partial(premium, INDEX),
    "rvx.vix_ratio": partial(two_levels, VIX, _ratio),
    "iwm.implied_minus_realised": implied_minus_realised,
}

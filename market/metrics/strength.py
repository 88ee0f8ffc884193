"""The Russell 2000 against the S&P 500, and its level by its tracker's price."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from market.instruments import BENCHMARK, INDEX
from market.metrics.closes import count_before
from market.metrics.frames import common_closes, kept_with_bars
from market.metrics.quote import extended_print, last_price
from market.metrics.readings import Function, combined, number
from market.metrics.returns import same_session
from market.metrics.subject import Subject, Unknown
from market.quotes import Bars
from market.reports import Reading

if TYPE_CHECKING:
    from market.metrics.columns import Column

SESSIONS = 63
"""A quarter of a year."""
FEWEST_RETURNS = 40
LONG_AVERAGE = 200


def simple_returns(closes: Column) -> Column:
    """Return the simple returns of neighbouring closes."""
    return closes[1:] / closes[:-1] - 1


def correlation(ours: Column, theirs: Column) -> float:
    """Return the sample correlation of two series of returns of the same days."""
    import numpy as np

    if ours.var() == 0 or theirs.var() == 0:
        raise Unknown("one of the two did not move")
    return float(np.corrcoef(ours, theirs)[0, 1])


def beta(ours: Column, theirs: Column) -> float:
    """Return the covariance with the other series over that series' variance."""
    import numpy as np

    spread = float(theirs.var(ddof=1))
    if spread == 0:
        raise Unknown("the benchmark did not move")
    return float(np.cov(ours, theirs)[0, 1]) / spread


def ratios_before(subject: Subject, count: int) -> Column:
    """Return the newest `count` ratios of closes before the last price's session."""
    theirs = subject.other(BENCHMARK).history()
    ratios = _ratios(subject.history(), theirs, subject.last.day)[-count:]
    _enough(len(ratios) + 1, count + 1)
    return ratios


@kept_with_bars
def _ratios(ours: Bars, theirs: Bars, day: date) -> Column:
    past, pasts = (bars.between(0, count_before(bars, day)) for bars in (ours, theirs))
    mine, others = common_closes(past, pasts, LONG_AVERAGE)
    return mine / others


def strength(subject: Subject) -> Reading:
    """Return the Russell 2000 over the S&P 500."""
    peer = subject.other(BENCHMARK)
    same_session(subject, peer)
    ratio = subject.last.price / peer.last.price
    return combined(ratio, last_price(subject), last_price(peer))


def strength_return(subject: Subject) -> Reading:
    """Return the change of the ratio over 63 sessions, a fraction."""
    now = strength(subject)
    base = float(ratios_before(subject, SESSIONS)[0])
    return combined(number(now) / base - 1, now)


def strength_above_average(subject: Subject) -> Reading:
    """Return the ratio over its mean of 200 sessions."""
    now = strength(subject)
    past = ratios_before(subject, LONG_AVERAGE - 1)
    mean = (float(past.sum()) + number(now)) / LONG_AVERAGE
    return combined(number(now) / mean, now)


Statistic: TypeAlias = "Callable[[Column, Column], float]"


def co_movement(statistic: Statistic, subject: Subject) -> Reading:
    """Return a statistic of 63 simple daily returns on the sessions both indices have."""
    peer = subject.other(BENCHMARK)
    value = _co_movement(subject.history(), peer.history(), statistic)
    return combined(value, _closed(subject), _closed(peer))


@kept_with_bars
def _co_movement(ours: Bars, theirs: Bars, statistic: Statistic) -> float:
    mine, others = (closes[-SESSIONS - 1 :] for closes in common_closes(ours, theirs, SESSIONS))
    _enough(len(mine) - 1, FEWEST_RETURNS)
    return statistic(simple_returns(mine), simple_returns(others))


def _closed(subject: Subject) -> Reading:
    bars = subject.history()
    return Reading(bars.close[-1], subject.close_time(len(bars) - 1), bars.source)


def _enough(known: int, needed: int) -> None:
    if known < needed:
        raise Unknown(f"{needed} sessions common to both are needed, {known} are known")


def correlation_reading(subject: Subject) -> Reading:
    """Return the correlation with the S&P 500."""
    return co_movement(correlation, subject)


def beta_reading(subject: Subject) -> Reading:
    """Return the beta to the S&P 500."""
    return co_movement(beta, subject)


def implied_index(subject: Subject) -> Reading:
    """Return the index level that the tracker's pre- or post-market price stands for."""
    index, printed = subject.other(INDEX), extended_print(subject)
    same_session(subject, index)
    level = index.last.price * printed.last / subject.last.price
    whole = combined(level, last_price(subject), last_price(index))
    return Reading(level, printed.as_of, whole.source, whole.delay_s, "implied by IWM")


FUNCTIONS: dict[str, Function] = {
    "rut.relative_strength.spx": strength,
    "rut.relative_strength.spx.return.63d": strength_return,
    "rut.relative_strength.spx.above_200d": strength_above_average,
    "rut.correlation.spx.63d": correlation_reading,
    "rut.beta.spx.63d": beta_reading,
    "iwm.implied_index": implied_index,
}

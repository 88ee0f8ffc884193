"""Realised volatility of 21 sessions as named metrics, from completed daily bars."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from market.metrics.frames import Frame, kept_with_bars, on_sessions
from market.metrics.readings import Function
from market.metrics.subject import Subject, Unknown
from market.metrics.volatility import (
    Estimator,
    are_sane,
    close_to_close,
    close_to_close_zero_mean,
    garman_klass,
    garman_klass_yang_zhang,
    parkinson,
    rogers_satchell,
    yang_zhang,
)
from market.quotes import Bars
from market.reports import Reading

if TYPE_CHECKING:
    from market.metrics.columns import Column

OfCloses: TypeAlias = "Callable[[Column], float]"
"""An estimator that takes closes alone."""
RETURNS = 21
"""Returns in the window: one session more of closes."""


def realised_of_closes(estimator: OfCloses, subject: Subject) -> Reading:
    """Return a volatility of 21 returns from closes alone, a fraction a year."""
    return _reading(subject, _of_closes(subject.history(), estimator))


@kept_with_bars
def _of_closes(bars: Bars, estimator: OfCloses) -> float:
    closes = on_sessions(bars).close[-RETURNS - 1 :]
    _enough(len(closes))
    return estimator(closes)


def realised(estimator: Estimator, with_gap: bool, subject: Subject) -> Reading:
    """Return a range-based volatility of 21 sessions, a fraction a year."""
    bars = subject.history()
    if not bars.has_range:
        raise Unknown("only closes are known, no highs and lows")
    _newest, left_out = newest_sane(bars, RETURNS + 1)
    reason = f"{left_out} impossible bars left out" if left_out else ""
    return _reading(subject, _of_ranges(bars, estimator, with_gap), reason)


@kept_with_bars
def _of_ranges(bars: Bars, estimator: Estimator, with_gap: bool) -> float:
    newest, _left_out = newest_sane(bars, RETURNS + 1)
    _enough(len(newest))
    return estimator(newest if with_gap else newest.tail(RETURNS))


@kept_with_bars
def newest_sane(bars: Bars, count: int) -> tuple[Frame, int]:
    """Return the newest sane rows, oldest first, and how many had to be left out for them."""
    import numpy as np

    sessions = on_sessions(bars)
    sane = np.flatnonzero(are_sane(sessions))[-count:]
    first = int(sane[0]) if len(sane) == count else 0
    return sessions.rows(sane), len(sessions) - first - len(sane)


def _enough(known: int) -> None:
    if known < RETURNS + 1:
        raise Unknown(f"{RETURNS + 1} daily bars are needed, {known} are known")


def _reading(subject: Subject, value: float, reason: str = "") -> Reading:
    bars = subject.history()
    return Reading(value, subject.close_time(len(bars) - 1), bars.source, reason=reason)


FUNCTIONS: dict[str, Function] = {
    "{slug}.realised_vol.close_to_close.21d": partial(realised_of_closes, close_to_close),
    "{slug}.realised_vol.zero_mean.21d": partial(realised_of_closes, close_to_close_zero_mean),
    "{slug}.realised_vol.garman_klass_yang_zhang.21d": partial(
        realised, garman_klass_yang_zhang, True
    ),
    "{slug}.realised_vol.yang_zhang.21d": partial(realised, yang_zhang, True),
    "{slug}.realised_vol.parkinson.21d": partial(realised, parkinson, False),
    "{slug}.realised_vol.garman_klass.21d": partial(realised, garman_klass, False),
    "{slug}.realised_vol.rogers_satchell.21d": partial(realised, rogers_satchell, False),
}

"""Realised volatility of 21 sessions as named metrics, from completed daily bars."""

from __future__ import annotations

from functools import partial

from market.instruments import Role
from market.metrics.closes import session_indices
from market.metrics.metric import Cadence, Metric, Unit, has_role
from market.metrics.subject import Subject, Unknown
from market.metrics.volatility import (
    Candle,
    Estimator,
    close_to_close,
    garman_klass,
    parkinson,
    rogers_satchell,
    yang_zhang,
)
from market.quotes import Bars
from market.reports import Reading

RETURNS = 21
"""Returns in the window: one session more of closes."""


def realised_close_to_close(subject: Subject) -> Reading:
    """Return the close-to-close volatility of 21 returns, a fraction a year."""
    bars = subject.history()
    indices = session_indices(bars)[-(RETURNS + 1) :]
    closes = [bars.close[i] for i in indices]
    _enough(len(closes))
    return _reading(subject, close_to_close(closes))


def realised(estimator: Estimator, with_gap: bool, subject: Subject) -> Reading:
    """Return a range-based volatility of 21 sessions, a fraction a year."""
    bars = subject.history()
    if not bars.has_range:
        raise Unknown("only closes are known, no highs and lows")
    candles, left_out = newest_candles(bars, RETURNS + 1)
    _enough(len(candles))
    reason = f"{left_out} impossible bars left out" if left_out else ""
    return _reading(subject, estimator(candles if with_gap else candles[1:]), reason)


def newest_candles(bars: Bars, count: int) -> tuple[list[Candle], int]:
    """Return the newest sane bars, oldest first, and how many had to be left out."""
    candles: list[Candle] = []
    left_out = 0
    for i in reversed(session_indices(bars)):
        candle = Candle(bars.open[i], bars.high[i], bars.low[i], bars.close[i])
        if candle.is_sane:
            candles.append(candle)
        else:
            left_out += 1
        if len(candles) == count:
            break
    return candles[::-1], left_out


def _enough(known: int) -> None:
    if known < RETURNS + 1:
        raise Unknown(f"{RETURNS + 1} daily bars are needed, {known} are known")


def _reading(subject: Subject, value: float, reason: str = "") -> Reading:
    bars = subject.history()
    return Reading(value, subject.close_time(len(bars) - 1), bars.source, reason=reason)


def _range_line(name: str, words: str, estimator: Estimator, with_gap: bool = False) -> Metric:
    return Metric(
        name="{slug}.realised_vol." + name + ".21d",
        unit=Unit.FRACTION,
        cadence=Cadence.DAILY,
        meaning=f"Realised volatility of 21 sessions a year, {words}.",
        function=partial(realised, estimator, with_gap),
        roles=has_role(Role.TRACKER),
    )


LINES = (
    Metric(
        name="{slug}.realised_vol.close_to_close.21d",
        unit=Unit.FRACTION,
        cadence=Cadence.DAILY,
        meaning="Realised volatility of 21 daily logarithmic returns a year, from closes.",
        function=realised_close_to_close,
        roles=has_role(Role.INDEX, Role.TRACKER, Role.BENCHMARK),
    ),
    _range_line("yang_zhang", "by Yang and Zhang, overnight gaps included", yang_zhang, True),
    _range_line("parkinson", "by Parkinson from highs and lows", parkinson),
    _range_line("garman_klass", "by Garman and Klass from all four prices", garman_klass),
    _range_line("rogers_satchell", "by Rogers and Satchell, free of drift", rogers_satchell),
)

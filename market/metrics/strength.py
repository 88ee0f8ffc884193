"""The Russell 2000 against the S&P 500, and against its own tracker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import fmean

from market.instruments import BENCHMARK, INDEX, TRACKER
from market.metrics.closes import midnight
from market.metrics.metric import Cadence, Metric, Unit, combined, number
from market.metrics.quote import extended_print, last_price
from market.metrics.returns import return_over, same_session
from market.metrics.subject import Subject, Unknown
from market.metrics.volatility import beta, correlation
from market.quotes import Bars
from market.reports import Reading

SESSIONS = 63
"""A quarter of a year."""
FEWEST_RETURNS = 40
LONG_AVERAGE = 200


def common_closes(ours: Bars, theirs: Bars) -> list[tuple[int, float, float]]:
    """Return (day number, our close, their close) of the days both have, oldest first."""
    other = {
        start // 86_400: close for start, close in zip(theirs.times, theirs.close, strict=True)
    }
    days = ((start // 86_400, close) for start, close in zip(ours.times, ours.close, strict=True))
    return [(day, close, other[day]) for day, close in days if day in other]


def simple_returns(closes: Sequence[float]) -> list[float]:
    """Return the simple returns of neighbouring closes."""
    return [new / old - 1 for old, new in pairwise(closes)]


def ratios_to_now(subject: Subject, other: str, count: int) -> list[float]:
    """Return up to `count` ratios to another's closes, the last prices' ratio being the newest."""
    peer = subject.other(other)
    same_session(subject, peer)
    before = midnight(subject.last.day) // 86_400
    pairs = common_closes(subject.history().tail(count + 8), peer.history().tail(count + 8))
    past = [ours / theirs for day, ours, theirs in pairs if day < before]
    return [*past, subject.last.price / peer.last.price][-count:]


def strength(subject: Subject) -> Reading:
    """Return the Russell 2000 over the S&P 500."""
    peer = subject.other(BENCHMARK)
    same_session(subject, peer)
    ratio = subject.last.price / peer.last.price
    return combined(ratio, last_price(subject), last_price(peer))


def strength_return(subject: Subject) -> Reading:
    """Return the change of the ratio over 63 sessions, a fraction."""
    ratios = ratios_to_now(subject, BENCHMARK, SESSIONS + 1)
    _enough(len(ratios), SESSIONS + 1)
    return combined(ratios[-1] / ratios[0] - 1, strength(subject))


def strength_above_average(subject: Subject) -> Reading:
    """Return the ratio over its mean of 200 sessions."""
    ratios = ratios_to_now(subject, BENCHMARK, LONG_AVERAGE)
    _enough(len(ratios), LONG_AVERAGE)
    return combined(ratios[-1] / fmean(ratios), strength(subject))


def co_movement(
    statistic: Callable[[Sequence[float], Sequence[float]], float], subject: Subject
) -> Reading:
    """Return a statistic of 63 simple daily returns on the sessions both indices have."""
    ours, theirs = subject.history(), subject.other(BENCHMARK).history()
    pairs = common_closes(ours.tail(SESSIONS + 8), theirs.tail(SESSIONS + 8))[-(SESSIONS + 1) :]
    _enough(len(pairs) - 1, FEWEST_RETURNS)
    value = statistic(simple_returns([p[1] for p in pairs]), simple_returns([p[2] for p in pairs]))
    return combined(value, _closed(subject), _closed(subject.other(BENCHMARK)))


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


def tracking(subject: Subject) -> Reading:
    """Return the tracker's return of the session less the index's."""
    index = subject.other(INDEX)
    same_session(subject, index)
    own, theirs = return_over("1d", subject), return_over("1d", index)
    return combined(number(own) - number(theirs), own, theirs)


def _rut(
    name: str,
    unit: Unit,
    function: Callable[[Subject], Reading],
    meaning: str,
    cadence: Cadence = Cadence.QUOTE,
) -> Metric:
    return Metric(
        name="rut." + name,
        unit=unit,
        cadence=cadence,
        meaning=meaning,
        function=function,
        only=INDEX,
        symbols=(BENCHMARK,),
    )


def _iwm(name: str, unit: Unit, function: Callable[[Subject], Reading], meaning: str) -> Metric:
    return Metric(
        name="iwm." + name,
        unit=unit,
        cadence=Cadence.EXTENDED if name == "implied_index" else Cadence.QUOTE,
        meaning=meaning,
        function=function,
        only=TRACKER,
        symbols=(INDEX,),
    )


LINES = (
    _rut("relative_strength.spx", Unit.RATIO, strength, "The Russell 2000 over the S&P 500."),
    _rut(
        "relative_strength.spx.return.63d",
        Unit.FRACTION,
        strength_return,
        "Change of the Russell 2000 over the S&P 500 in 63 common sessions.",
    ),
    _rut(
        "relative_strength.spx.above_200d",
        Unit.RATIO,
        strength_above_average,
        "The Russell 2000 over the S&P 500, over that ratio's mean of 200 sessions.",
    ),
    _rut(
        "correlation.spx.63d",
        Unit.RATIO,
        correlation_reading,
        "Correlation of 63 daily returns with the S&P 500's.",
        Cadence.DAILY,
    ),
    _rut(
        "beta.spx.63d",
        Unit.RATIO,
        beta_reading,
        "Beta of 63 daily returns to the S&P 500's.",
        Cadence.DAILY,
    ),
    _iwm(
        "implied_index",
        Unit.POINTS,
        implied_index,
        "The Russell 2000 level that IWM's pre- or post-market price stands for.",
    ),
    _iwm(
        "tracking.1d",
        Unit.FRACTION,
        tracking,
        "IWM's return of the session less the Russell 2000's.",
    ),
)

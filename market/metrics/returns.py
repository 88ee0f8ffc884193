"""Returns over the windows, and the same less the index's."""

from __future__ import annotations

from functools import partial

from market.instruments import INDEX, Role
from market.metrics.closes import day_in_words
from market.metrics.metric import Cadence, Metric, Unit, combined, has_role, number
from market.metrics.price import previous_close, window_close
from market.metrics.subject import Subject, Unknown
from market.metrics.windows import MEANINGS, WINDOWS
from market.reports import Reading
from market.venues import Venue


def simple_return(end: float, base: float) -> float:
    """Return end / base - 1, a fraction."""
    return end / base - 1


def return_over(window: str, subject: Subject) -> Reading:
    """Return the last price over a window's base close, less one."""
    base = previous_close(subject) if window == "1d" else window_close(subject, window)
    value = simple_return(subject.last.price, base.close)
    return subject.last.reading(value, subject.history(), base.reason)


def relative_return(window: str, subject: Subject) -> Reading:
    """Return an instrument's return less the index's over the same window."""
    own, index = return_over(window, subject), subject.other(INDEX)
    benchmark = return_over(window, index)
    same_session(subject, index)
    return combined(number(own) - number(benchmark), own, benchmark)


def same_session(subject: Subject, other: Subject) -> None:
    """Raise Unknown when two last prices belong to different XNYS sessions."""
    if subject.venue is Venue.XNYS and subject.last.day != other.last.day:
        ours, theirs = day_in_words(subject.last.day), day_in_words(other.last.day)
        raise Unknown(f"{subject.symbol} is of {ours}, {other.symbol} of {theirs}")


def _return_line(window: str, meaning: str) -> Metric:
    return Metric(
        name="{slug}.return." + window,
        unit=Unit.FRACTION,
        cadence=Cadence.QUOTE,
        meaning=meaning,
        function=partial(return_over, window),
    )


def _relative_line(window: str, span: str) -> Metric:
    return Metric(
        name="{slug}.relative." + window,
        unit=Unit.FRACTION,
        cadence=Cadence.QUOTE,
        meaning=f"Return over {span} less the Russell 2000's.",
        function=partial(relative_return, window),
        roles=has_role(Role.SECTOR, Role.THEME, Role.TRACKER, Role.BENCHMARK, Role.WATCHED),
        symbols=(INDEX,),
    )


LINES = (
    _return_line("1d", "Last over previous close, less one."),
    *(
        _return_line(window, f"Price return over {MEANINGS[window]}, to the last price.")
        for window in WINDOWS
    ),
    _relative_line("1d", "one session"),
    *(_relative_line(window, MEANINGS[window]) for window in WINDOWS),
)

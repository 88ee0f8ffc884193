"""Returns over the windows, and the same less the index's."""

from __future__ import annotations

from functools import partial

from market.instruments import INDEX
from market.metrics.closes import day_in_words
from market.metrics.price import previous_close, window_close
from market.metrics.readings import Function, combined, number
from market.metrics.subject import Subject, Unknown
from market.metrics.windows import WINDOWS
from market.reports import Reading
from market.venues import Venue


def simple_return(end: float, base: float) -> float:
    """Return end / base - 1, a fraction."""
    return end / base - 1


def return_over(window: str, subject: Subject) -> Reading:
    """Return the last price over a window's base close, less one."""
    if window not in subject.returns:
        subject.returns[window] = _return_over(window, subject)
    return subject.returns[window]


def _return_over(window: str, subject: Subject) -> Reading:
    base = previous_close(subject) if window == "1d" else window_close(subject, window)
    value = simple_return(subject.last.price, base.close)
    return subject.last.beside(value, base.source, base.reason)


def year_start(subject: Subject) -> Reading:
    """Return the close that the return of the year to date is measured from."""
    base = window_close(subject, "ytd")
    return Reading(base.close, subject.last.as_of, base.source, subject.last.delay_s, base.reason)


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


FUNCTIONS: dict[str, Function] = {
    "rut.year_start": year_start,
    **{"{slug}.return." + window: partial(return_over, window) for window in ("1d", *WINDOWS)},
    **{
        "{slug}.relative." + window: partial(relative_return, window) for window in ("1d", *WINDOWS)
    },
}

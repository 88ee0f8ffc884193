"""The policy family: figures of the federal funds path, read from its study."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from market.fed_funds_study import FedFunds, Meeting
from market.metrics.catalogue_policy import MONTHS, SIDES
from market.metrics.closes import day_in_words
from market.metrics.readings import Function
from market.metrics.subject import Subject, Unknown
from market.reports import Reading
from market.snapshot import NOT_COMPUTED

_Choice = Callable[[FedFunds], Meeting]
"""Picks a meeting of the path; raises Unknown with the reason."""


def next_meeting(study: FedFunds) -> Meeting:
    """Return the nearest meeting."""
    if study.next is None:
        raise Unknown(study.reason or "no meeting ahead is known")
    return study.next


def last_of_the_year(study: FedFunds) -> Meeting:
    """Return the last meeting of the year that the nearest one is in."""
    nearest = next_meeting(study)
    if study.year_end is None:
        raise Unknown(f"no contract reaches the last meeting of {nearest.day.year}")
    return study.year_end.meeting


def meeting_of_month(month: int, study: FedFunds) -> Meeting:
    """Return the nearest meeting in a month of the calendar, 1 to 12."""
    if study.path is None:
        raise Unknown(study.reason or NOT_COMPUTED.reason)
    found = next((each for each in study.path.meetings if each.day.month == month), None)
    if found is None:
        raise Unknown(f"no meeting in {MONTHS[month - 1].title()} is known, or no contract reaches")
    return found


def _studied(subject: Subject) -> FedFunds:
    study = subject.snapshot.studies.fed_funds
    if study is None:
        raise Unknown(NOT_COMPUTED.reason)
    return study


def _reading(study: FedFunds, value: float | str, reason: str = "") -> Reading:
    return Reading(value, study.as_of, study.source, study.delay_s, reason)


def _day(choice: _Choice, subject: Subject) -> Reading:
    study = _studied(subject)
    return _reading(study, day_in_words(choice(study).day))


def _odds(choice: _Choice, side: str, subject: Subject) -> Reading:
    study = _studied(subject)
    meeting = choice(study)
    odds = meeting.against_now
    if odds is None:
        raise Unknown(meeting.reason)
    value = {"p_cut": odds.cut, "p_hold": odds.hold, "p_hike": odds.hike}[side]
    return _reading(study, value, f"meeting of {day_in_words(meeting.day)}")


def _rate(choice: _Choice, subject: Subject) -> Reading:
    study = _studied(subject)
    meeting = choice(study)
    if meeting.end is None:
        raise Unknown(meeting.reason)
    return _reading(study, meeting.end / 100)


def _change(choice: _Choice, is_week: bool, subject: Subject) -> Reading:
    study = _studied(subject)
    change = study.change(choice(study).day, is_week=is_week)
    if change is None or change.rate_bp is None:
        raise Unknown("not all closes are known to compare with")
    return _reading(study, change.rate_bp)


def _functions() -> Iterator[tuple[str, Function]]:
    places: dict[str, _Choice] = {"next": next_meeting, "year_end": last_of_the_year}
    for place, choice in places.items():
        yield f"policy.{place}.meeting", partial(_day, choice)
        yield f"policy.{place}.rate", partial(_rate, choice)
        for window, is_week in (("1d", False), ("5d", True)):
            yield f"policy.{place}.change.{window}", partial(_change, choice, is_week)
    months = {name: partial(meeting_of_month, n) for n, name in enumerate(MONTHS, 1)}
    for place, choice in {**places, **months}.items():
        for side in SIDES:
            yield f"policy.{place}.{side}", partial(_odds, choice, side)


FUNCTIONS: dict[str, Function] = dict(_functions())

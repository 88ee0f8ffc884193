"""Readings out of the agenda: counts, the beat rate, and what comes next in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from market.agenda_study import IMPORTANT, Agenda, AgendaDay
from market.earnings import Earnings, Timing
from market.market_days import DECISION, next_decision
from market.metrics.calendar_study import WEEK, why_no_members
from market.metrics.readings import Function
from market.metrics.subject import Subject, Unknown
from market.reading import Reading
from market.sessions import NEW_YORK, exchange_date, is_session, sessions_between
from market.snapshot import Snapshot

LEAST_KNOWN = 0.8
"""Part of the sessions behind of which results must be known for a rate of all of them."""


def _agenda(subject: Subject) -> Agenda:
    found = subject.snapshot.studies.agenda
    if found is None or not found.is_told:
        raise Unknown("waiting for the calendar")
    return found


def day_words(day: date) -> str:
    """Return a day: `Thu 6 Aug`."""
    return f"{day:%a} {day.day} {day:%b}"


def earnings_words(report: Earnings) -> str:
    """Return when a company reports: `Thu 6 Aug, after the close`."""
    if report.timing is Timing.UNKNOWN:
        return day_words(report.day)
    return f"{day_words(report.day)}, {report.timing.value}"


def _of_members(subject: Subject) -> Agenda:
    found = _agenda(subject)
    if unknown := why_no_members(subject.snapshot):
        raise Unknown(unknown)
    return found


def _week(subject: Subject) -> tuple[Agenda, tuple[AgendaDay, ...]]:
    today = exchange_date(subject.snapshot.now)
    found = _of_members(subject)
    return found, found.ahead(today, today + WEEK)


def _told(found: Agenda, days: tuple[AgendaDay, ...], value: float) -> Reading:
    """Return a figure of some days; Unknown while one of its sessions has not been told."""
    missing = [each.day for each in days if not each.is_told and is_session(each.day)]
    if missing:
        raise Unknown(f"the earnings of {day_words(missing[0])} are not known yet")
    at = min((each.told_at for each in days if each.told_at is not None), default=found.as_of)
    if at is None:
        raise Unknown("the earnings of these days are not known yet")
    return Reading(value, at, found.source)


def _today(subject: Subject) -> Reading:
    found, days = _week(subject)
    today = exchange_date(subject.snapshot.now)
    own = tuple(each for each in days if each.day == today)
    if not own:
        raise Unknown("today is no weekday")
    return _told(found, own, float(sum(len(each.reports) for each in own)))


def _count(subject: Subject) -> Reading:
    found, days = _week(subject)
    return _told(found, days, float(sum(len(each.reports) for each in days)))


def _weight(subject: Subject) -> Reading:
    found, days = _week(subject)
    return _told(found, days, sum(each.weight for each in days))


def _beat_rate(subject: Subject) -> Reading:
    found = _of_members(subject)
    known = f"{found.beat_days} of {found.beat_days_due} days known"
    if found.beat_days < LEAST_KNOWN * found.beat_days_due:
        raise Unknown(known)
    if found.beat.rate is None or found.as_of is None:
        raise Unknown("; ".join(words for words in (found.beat.reason, known) if words))
    reason = "" if found.beat_days == found.beat_days_due else known
    return Reading(found.beat.rate, found.as_of, found.source, reason=reason)


def next_release(found: Agenda, now: datetime) -> str:
    """Return the next release of weight and its time: `CPI m/m, Wed 08:30`; empty without one."""
    coming = (
        (row.at, row.title)
        for each in found.days
        for row in each.releases
        if row.at is not None and row.at > now and row.impact in IMPORTANT
    )
    soonest = min(coming, default=None)
    if soonest is None:
        return ""
    at, title = soonest
    local = at.astimezone(NEW_YORK)
    is_near = 0 <= (local.date() - exchange_date(now)).days < 7
    day = f"{local:%a}" if is_near else day_words(local.date())
    return f"{title}, {day} {local:%H:%M}"


def _next_release(subject: Subject) -> Reading:
    found = _agenda(subject)
    words = next_release(found, subject.snapshot.now)
    if not words or found.schedule_as_of is None:
        raise Unknown("no release of weight is known to come")
    return Reading(words, found.schedule_as_of, found.schedule_source)


def _next_fomc(subject: Subject) -> Reading:
    day = decision_ahead(subject.snapshot)
    if day is None:
        raise Unknown("no FOMC day is known from here on: update captop")
    return Reading(f"{day_words(day)} {DECISION:%H:%M}", subject.snapshot.now, "calendar")


def decision_ahead(snapshot: Snapshot) -> date | None:
    """Return the day of the next decision that has not been told; None beyond what is known."""
    now = snapshot.now
    today = exchange_date(now)
    day = next_decision(today)
    if day == today and now.astimezone(NEW_YORK).time() >= DECISION:
        return next_decision(date.fromordinal(today.toordinal() + 1))
    return day


def _next_report(subject: Subject) -> tuple[Earnings, datetime | None, str]:
    """A company's next report, when the calendar was asked about it, and of whom."""
    found = _agenda(subject)
    report = found.reports.get(subject.symbol)
    if report is None or report.day < exchange_date(subject.snapshot.now):
        raise Unknown("no report is known for the days that were asked for")
    told = found.on(report.day)
    at = told.told_at if told is not None else None
    return report, at or found.as_of, found.source


def _next_earnings(subject: Subject) -> Reading:
    report, at, source = _next_report(subject)
    moved = f"moved from {day_words(report.earlier_days[-1])}" if report.earlier_days else ""
    return Reading(earnings_words(report), at, source, reason=moved)


def _sessions_ahead(subject: Subject) -> Reading:
    report, at, source = _next_report(subject)
    today = exchange_date(subject.snapshot.now)
    ahead = sum(day > today for day in sessions_between(today, report.day))
    return Reading(float(ahead), at, source, reason=earnings_words(report))


FUNCTIONS: Mapping[str, Function] = {
    "calendar.earnings.today": _today,
    "calendar.earnings.7d": _count,
    "calendar.earnings.weight.7d": _weight,
    "calendar.beat_rate.30d": _beat_rate,
    "calendar.next_release": _next_release,
    "calendar.next_fomc": _next_fomc,
    "{slug}.earnings.next": _next_earnings,
    "{slug}.earnings.sessions": _sessions_ahead,
}

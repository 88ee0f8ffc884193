"""The XNYS calendar: against the library it was made from, and for any instant."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.quotes import Phase
from market.sessions import (
    NEW_YORK,
    closure_reason,
    duration_in_words,
    exchange_date,
    is_session,
    last_completed_session,
    next_session,
    phase_in_words,
    previous_session,
    session_of,
    session_on_or_before,
    session_state,
    session_time_between,
    sessions_back,
    sessions_between,
)
from tests.market.metrics.pictures import new_york

FIRST, LAST = date(1990, 1, 1), date(2028, 12, 31)
DAYS = st.dates(date(2020, 1, 1), date(2028, 12, 1))
INSTANTS = st.datetimes(
    datetime(2020, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone itself
    datetime(2028, 12, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@pytest.mark.timeout(120)
@pytest.mark.filterwarnings("ignore")
def test_every_session_and_early_close_is_the_librarys() -> None:
    import exchange_calendars

    library = exchange_calendars.get_calendar("XNYS", start=str(FIRST), end=str(LAST))
    theirs = {
        day.date(): (opened.to_pydatetime(), closed.to_pydatetime())
        for day, opened, closed in zip(library.sessions, library.opens, library.closes, strict=True)
    }
    ours = {
        day: (session_of(day).open, session_of(day).close) for day in sessions_between(FIRST, LAST)
    }
    assert ours == theirs
    early = {day for day in ours if session_of(day).is_early_close}
    assert early == {day.date() for day in library.early_closes}


def test_every_closed_weekday_has_a_reason() -> None:
    day = FIRST
    while day <= LAST:
        assert bool(closure_reason(day)) is not is_session(day)
        day += timedelta(days=1)


@given(INSTANTS)
def test_a_state_lasts_until_a_later_change(now: datetime) -> None:
    state = session_state(now)
    assert state.until > now
    before = session_state(state.until - timedelta(microseconds=1))
    after = session_state(state.until)
    assert (before.phase, before.until) == (state.phase, state.until)
    assert after.phase is not state.phase


@given(INSTANTS)
def test_the_phases_of_a_day_leave_no_gap(now: datetime) -> None:
    phase, session = session_state(now).phase, session_state(now).session
    bounds = {
        Phase.PRE: (session.pre_open, session.open),
        Phase.REGULAR: (session.open, session.close),
        Phase.POST: (session.close, session.post_close),
    }
    inside = [p for p, (start, end) in bounds.items() if start <= now < end]
    assert inside == ([] if phase is Phase.CLOSED else [phase])
    assert session_state(now).is_open is (phase is Phase.REGULAR)
    assert session.pre_open <= now


@given(INSTANTS)
def test_the_next_open_is_the_first_open_from_now(now: datetime) -> None:
    opens = session_state(now).next_open
    day = exchange_date(opens)
    assert opens > now
    assert opens == session_of(day).open
    assert session_of(previous_session(day)).open <= now


@given(INSTANTS)
def test_only_a_closed_market_has_a_reason(now: datetime) -> None:
    state = session_state(now)
    assert bool(state.reason) is (state.phase is Phase.CLOSED)


@given(st.lists(INSTANTS, min_size=3, max_size=3))
def test_session_time_adds_up(instants: list[datetime]) -> None:
    first = min(instants)
    start, middle, end = (first + min(i - first, timedelta(days=60)) for i in sorted(instants))
    whole = session_time_between(start, end)
    assert whole == session_time_between(start, middle) + session_time_between(middle, end)
    assert timedelta(0) <= session_time_between(start, middle) <= whole <= end - start
    assert session_time_between(end, start) == timedelta(0)


@given(DAYS)
def test_session_time_of_a_day_is_its_opening_hours(day: date) -> None:
    noon = datetime(day.year, day.month, day.day, 17, tzinfo=UTC)
    passed = session_time_between(noon - timedelta(hours=12), noon + timedelta(hours=10))
    if not is_session(day):
        assert passed == timedelta(0)
    else:
        assert passed == timedelta(hours=3.5 if session_of(day).is_early_close else 6.5)


@given(DAYS, st.integers(0, 40))
def test_steps_between_sessions_undo_each_other(day: date, count: int) -> None:
    session = session_on_or_before(day)
    assert session <= day
    assert previous_session(next_session(session)) == session
    back = sessions_back(day, count)
    assert len(list(sessions_between(back, session))) == count + 1


@given(INSTANTS)
def test_the_last_completed_session_is_closed(now: datetime) -> None:
    day = last_completed_session(now)
    assert session_of(day).close <= now < session_of(next_session(day)).close


def test_a_day_without_session_is_refused_with_its_reason() -> None:
    with pytest.raises(ValueError, match="Independence Day"):
        session_of(date(2026, 7, 3))


@pytest.mark.parametrize(
    ("day", "clock", "words"),
    [
        ("2026-07-02", "14:32", "open, 1 h 28 m left"),
        ("2026-11-27", "12:30", "open, early close, 30 m left"),
        ("2026-07-02", "08:30", "pre-market, opens in 1 h 0 m"),
        ("2026-07-02", "16:05", "after hours, 3 h 55 m left"),
        ("2026-06-28", "05:30", "closed, weekend, opens Mon 09:30 ET in 1 d 4 h"),
        ("2026-07-02", "21:00", "closed, Independence Day, opens Mon 09:30 ET in 3 d 12 h"),
        ("2026-11-26", "09:30", "closed, Thanksgiving, opens Fri 09:30 ET in 1 d 0 h"),
        ("2026-07-01", "03:00", "closed, overnight, opens Wed 09:30 ET in 6 h 30 m"),
        ("2026-03-07", "09:30", "closed, weekend, opens Mon 09:30 ET in 1 d 23 h"),
        ("2026-10-31", "09:30", "closed, weekend, opens Mon 09:30 ET in 2 d 1 h"),
    ],
)
def test_the_session_line(day: str, clock: str, words: str) -> None:
    now = new_york(date.fromisoformat(day), clock)
    assert phase_in_words(session_state(now), now) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "0 s"), (45, "45 s"), (60, "1 m"), (3_660, "1 h 1 m"), (100_800, "1 d 4 h")],
)
def test_durations_in_words(seconds: int, words: str) -> None:
    assert duration_in_words(timedelta(seconds=seconds)) == words


def test_new_york_is_the_only_zone() -> None:
    assert NEW_YORK.key == "America/New_York"

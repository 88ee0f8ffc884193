"""When series are published: the next release, what is late, and when asking pays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.tseries.holiday import (
    AbstractHolidayCalendar,
    Holiday,
    USColumbusDay,
    USLaborDay,
    USMartinLutherKingJr,
    USMemorialDay,
    USPresidentsDay,
    USThanksgivingDay,
    sunday_to_monday,
)

from market.feeds.beats import next_news
from market.instruments import Role, default_cast
from market.publications import (
    WAITS,
    Business,
    Frequency,
    Release,
    Standing,
    day_of,
    is_business_day,
    midnight,
    next_ask,
    next_release,
    publications,
    why_late,
)
from market.quotes import Kind
from market.sessions import NEW_YORK, is_session

SERIES = tuple(i.symbol for i in default_cast().of(Role.PUBLISHED))
FIRST, LAST = date(2025, 1, 1), date(2028, 12, 31)
instants = st.integers(0, 3 * 365 * 24 * 60).map(
    lambda minutes: datetime(2025, 3, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def new_york(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC)


def day(text: str) -> date:
    return date.fromisoformat(text)


def federal_reserve() -> AbstractHolidayCalendar:
    """Its holidays: one on a Saturday is not made up for."""
    fixed = {
        "New Year": (1, 1),
        "Juneteenth": (6, 19),
        "Independence Day": (7, 4),
        "Veterans Day": (11, 11),
        "Christmas": (12, 25),
    }
    rules = [
        Holiday(name, month=month, day=day, observance=sunday_to_monday)
        for name, (month, day) in fixed.items()
    ]
    rules += [USMartinLutherKingJr, USPresidentsDay, USMemorialDay]
    rules += [USLaborDay, USColumbusDay, USThanksgivingDay]
    return AbstractHolidayCalendar("Federal Reserve", rules=rules)


def test_every_series_of_the_cast_has_a_calendar() -> None:
    assert set(SERIES) == set(publications())


def test_federal_holidays_are_those_of_a_second_calendar() -> None:
    known = federal_reserve().holidays(pd.Timestamp(FIRST), pd.Timestamp(LAST))
    rests = {stamp.date() for stamp in known if stamp.weekday() < 5}
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    closed = {d for d in days if d.weekday() < 5 and not is_business_day(d, Business.FEDERAL)}
    assert closed == rests


def test_the_bond_market_rests_with_shares_and_on_two_days_more() -> None:
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    alone = {d for d in days if is_session(d) and not is_business_day(d, Business.BONDS)}
    assert {d for d in alone if d.year == 2026} == {day("2026-10-12"), day("2026-11-11")}
    assert all(d.month in {10, 11} for d in alone)
    traded = {d for d in days if not is_session(d) and is_business_day(d, Business.BONDS)}
    assert traded == {day("2025-01-09")}, "a day of mourning"
    good_friday = day("2026-04-03")
    assert is_business_day(good_friday, Business.FEDERAL)
    assert not is_business_day(good_friday, Business.BONDS)


@pytest.mark.parametrize(
    ("symbol", "newest", "when"),
    [
        ("EFFR", "2026-07-31", "Tue 4 Aug 09:00"),
        ("EFFR", "2026-10-09", "Wed 14 Oct 09:00"),  # Columbus Day has no rate
        ("SOFR", "2026-04-02", "Tue 7 Apr 08:00"),  # nor has Good Friday, for SOFR
        ("EFFR", "2026-04-02", "Mon 6 Apr 09:00"),
        ("DGS2", "2026-11-10", "Thu 12 Nov 15:45"),  # Veterans Day
        ("DGS10", "2026-07-02", "Mon 6 Jul 15:45"),
        ("ICSA", "2026-11-14", "Wed 25 Nov 08:30"),  # Thanksgiving is on Thursday
        ("ICSA", "2026-07-25", "Thu 6 Aug 08:30"),
        ("CPIAUCNS", "2026-06-01", "10–14 Aug 08:30"),
        ("PAYEMS", "2026-05-01", "2–10 Jul 08:30"),
        ("UNRATE", "2026-11-01", "8–15 Jan 08:30"),  # the first Friday is New Year
    ],
)
def test_the_next_release_follows_the_newest_value(symbol: str, newest: str, when: str) -> None:
    release = next_release(symbol, day(newest), new_york("2026-08-04T10:00"))
    assert release is not None
    assert release.when == when


def test_dates_that_follow_from_a_rule_are_no_announced_ones() -> None:
    now = new_york("2026-08-04T10:00")
    told = {symbol: next_release(symbol, None, now) for symbol in SERIES}
    expected = {symbol for symbol, each in told.items() if each and not each.is_official}
    assert expected == {"CPIAUCNS", "CPIAUCSL", "CPILFESL", "PAYEMS", "UNRATE"}
    for symbol in expected:
        assert publications()[symbol].source.startswith("by rule")
        assert publications()[symbol].as_of == day("2026-11-22")


def test_expected_days_are_business_days_and_in_their_order() -> None:
    for symbol in ("CPIAUCNS", "PAYEMS"):
        rows = publications()[symbol].expected
        months = [f"{year}-{month:02}" for year in (2025, 2026, 2027) for month in range(1, 13)]
        assert list(rows) == months[11:-1]
        for month, (first, last) in rows.items():
            assert is_business_day(first, Business.FEDERAL)
            assert first <= last <= first + timedelta(days=8)
            assert (first.replace(day=1) - timedelta(days=1)).strftime("%Y-%m") == month


def test_a_release_is_ahead_then_due_then_late() -> None:
    release = next_release("ICSA", day("2026-07-25"), new_york("2026-08-04T05:00"))
    assert release is not None
    for now, standing, words in (
        ("2026-08-04T05:00", Standing.AHEAD, "2 d"),
        ("2026-08-05T09:00", Standing.AHEAD, "23 h"),
        ("2026-08-06T08:29", Standing.AHEAD, "1 m"),
        ("2026-08-06T08:30", Standing.DUE, "due"),
        ("2026-08-06T10:29", Standing.DUE, "due"),
        ("2026-08-06T10:30", Standing.LATE, "late"),
        ("2026-09-06T10:30", Standing.LATE, "late"),
    ):
        assert (release.standing(new_york(now)), release.words(new_york(now))) == (standing, words)


def test_an_expected_release_is_late_only_after_its_last_day() -> None:
    release = next_release("CPIAUCNS", day("2026-06-01"), new_york("2026-08-04T05:00"))
    assert release is not None
    assert release.words(new_york("2026-08-10T08:30")) == "due"
    assert release.words(new_york("2026-08-14T10:00")) == "due"
    assert release.words(new_york("2026-08-14T10:30")) == "late"


@pytest.mark.parametrize(
    ("symbol", "newest", "late_from"),
    [
        ("EFFR", "2026-07-30", "2026-08-04T09:30"),  # of Thursday, out on Friday, two days more
        ("DGS2", "2026-07-30", "2026-08-03T18:00"),
        ("DGS2", "2026-11-09", "2026-11-12T18:00"),  # Veterans Day between
        ("BAMLH0A0HYM2", "2026-07-30", "2026-08-05T10:30"),
        ("ICSA", "2026-07-25", "2026-08-08T08:30"),  # out on 30 July, nine days more
        ("CPIAUCNS", "2026-06-01", "2026-08-29T08:30"),  # out by 15 July, 45 days more
        ("UNRATE", "2025-09-01", "2025-11-29T08:30"),  # a month the calendar does not know
    ],
)
def test_a_value_is_late_by_its_own_calendar(symbol: str, newest: str, late_from: str) -> None:
    limit = new_york(late_from)
    assert why_late(symbol, day(newest), limit) == ""
    assert why_late(symbol, day(newest), limit + timedelta(seconds=1))


def test_what_is_late_is_named_by_its_day_or_month() -> None:
    now = new_york("2026-09-20T10:00")
    assert why_late("EFFR", day("2026-09-10"), now) == "EFFR of 11 Sep was due Mon 14 Sep 09:00"
    assert why_late("CPIAUCNS", day("2026-06-01"), now) == "CPI of Jul 2026 was due 10–14 Aug 08:30"
    assert why_late("PAYEMS", day("2025-09-01"), now) == "no newer Jobs came"
    assert why_late("UNKNOWN", day("2025-09-01"), now) == ""
    assert (day_of("DGS2", day("2026-07-02")), day_of("PAYEMS", day("2026-07-01"))) == (
        "2 Jul",
        "Jul 2026",
    )


def test_after_the_last_known_month_nobody_guesses() -> None:
    assert next_release("PAYEMS", day("2027-11-01"), new_york("2027-12-20T10:00")) is None
    assert next_release("UNKNOWN", None, new_york("2027-12-20T10:00")) is None


@given(st.sampled_from(SERIES), instants)
def test_who_published_in_time_is_never_late(symbol: str, now: datetime) -> None:
    publication = publications()[symbol]
    coming = publication.upcoming(now)
    if coming is None:
        return
    assert coming.at > now
    assert coming.standing(now) is Standing.AHEAD
    before = coming.of - timedelta(days=1)
    while (told := publication.release(before)) is None or publication.following(before) != coming:
        before -= timedelta(days=1)
    if publication.frequency is Frequency.DAILY and not is_business_day(
        before, publication.calendar
    ):
        return
    assert told.at <= now
    assert why_late(symbol, before, now) == ""


class TestAsking:
    """A series is asked for at its own moments, not on a beat."""

    def asks(self, symbol: str, since: str, until: str) -> list[str]:
        at, found = new_york(since), list[str]()
        while (at := next_ask(symbol, at) or at) <= new_york(until):
            found.append(f"{at.astimezone(NEW_YORK):%d %H:%M}")
        return found

    def test_daily_rates_after_their_time_on_business_days(self) -> None:
        asked = self.asks("EFFR", "2026-08-07T08:00", "2026-08-10T12:00")
        assert asked == [
            *("07 09:02", "07 09:15", "07 09:40", "07 10:15", "07 11:15", "07 13:30"),
            *("10 09:02", "10 09:15", "10 09:40", "10 10:15", "10 11:15"),
        ]

    def test_months_once_a_day_and_often_when_they_may_come(self) -> None:
        asked = self.asks("CPIAUCNS", "2026-08-06T00:00", "2026-08-11T00:00")
        assert asked == [
            *("06 10:45", "07 10:45"),
            *("10 08:32", "10 08:45", "10 09:10", "10 09:45", "10 10:45", "10 13:00"),
        ]

    def test_weeks_on_the_day_of_their_release(self) -> None:
        asked = self.asks("ICSA", "2026-11-24T00:00", "2026-11-27T23:00")
        assert [each[:2] for each in asked] == ["24", *["25"] * 6, "27"]

    def test_no_holiday_is_asked_about(self) -> None:
        assert self.asks("DGS2", "2026-10-12T00:00", "2026-10-12T23:00") == []

    @given(st.sampled_from(SERIES), instants)
    def test_asking_goes_on_for_ever_and_never_often(self, symbol: str, now: datetime) -> None:
        at, asked = now, 0
        while at < now + timedelta(days=7):
            following = next_ask(symbol, at)
            assert following is not None
            assert following > at
            at, asked = following, asked + 1
        assert 4 <= asked <= 6 * len(WAITS)
        assert at < now + timedelta(days=12)

    def test_the_beat_of_a_published_series_is_its_calendar(self) -> None:
        now = new_york("2026-08-06T00:00")
        cpi = default_cast()["CPIAUCNS"]
        assert next_news(Kind.PUBLISHED, cpi, now, now, 16.0) == new_york("2026-08-06T10:45")
        other = default_cast()["MORTGAGE30US"]
        assert next_news(Kind.PUBLISHED, other, now, now) == new_york("2026-08-06T08:31")


def test_a_reference_date_is_midnight_in_new_york() -> None:
    assert midnight(day("2026-07-02")) == new_york("2026-07-02T00:00")
    assert midnight(day("2026-01-02")) == datetime(2026, 1, 2, 5, tzinfo=UTC)


class TestAnnounced:
    """Where a release stands in a calendar, that day and hour count, not those of the rule."""

    DAY = new_york("2026-08-12T08:30")

    def cpi(self, *known: datetime) -> Release:
        release = next_release("CPIAUCNS", day("2026-06-01"), new_york("2026-08-04T14:32"), known)
        assert release is not None
        return release

    def test_the_calendars_day_is_counted_to_then_due_then_late(self) -> None:
        release = self.cpi(self.DAY)
        assert (release.when, release.is_official) == ("Wed 12 Aug 08:30", True)
        for now, words in (
            ("2026-08-04T14:32", "8 d"),
            ("2026-08-11T08:31", "23 h"),
            ("2026-08-12T08:29", "1 m"),
            ("2026-08-12T08:30", "due"),
            ("2026-08-12T10:29", "due"),
            ("2026-08-12T10:30", "late"),
        ):
            assert release.words(new_york(now)) == words

    def test_a_day_outside_of_the_rules_counts_too_and_the_first_of_some(self) -> None:
        moved = new_york("2026-08-24T08:30")
        assert self.cpi(moved).at == moved
        assert self.cpi(moved, self.DAY).at == self.DAY

    def test_the_release_of_another_month_does_not(self) -> None:
        rule = self.cpi()
        assert (rule.when, rule.is_official) == ("10–14 Aug 08:30", False)
        assert self.cpi(new_york("2026-07-14T08:30"), new_york("2026-09-11T08:30")) == rule

    def test_daily_rates_keep_their_rule(self) -> None:
        now = new_york("2026-08-04T10:00")
        newest = day("2026-08-03")
        assert next_release("EFFR", newest, now, [self.DAY]) == next_release("EFFR", newest, now)

    def test_what_is_late_was_due_on_the_calendars_day(self) -> None:
        words = why_late("CPIAUCNS", day("2026-06-01"), new_york("2026-09-20T10:00"), [self.DAY])
        assert words == "CPI of Jul 2026 was due Wed 12 Aug 08:30"


def test_a_window_of_days_is_no_exact_countdown() -> None:
    first = datetime(2026, 8, 10, 12, 30, tzinfo=UTC)
    window = Release("CPI", date(2026, 7, 1), first, first + timedelta(days=4), is_official=False)
    assert window.words(first - timedelta(days=5, hours=17)) == "~8 d"
    assert window.words(first + timedelta(days=1)) == "due"

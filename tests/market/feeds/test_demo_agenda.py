"""The simulated calendars: the same for the same moment, plausible, and told when they are told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from market.agenda import EarningsDay, Impact, Releases
from market.documents import Document
from market.feeds.demo import DemoFeed
from market.instruments import default_cast
from market.metrics.releases import merged_releases
from market.quotes import Key, Kind
from market.reports import FeedError
from market.sessions import is_session, sessions_between
from tests.clocks import ManualClock
from tests.market.feeds.demo_asked import asked

NOW = datetime(2026, 8, 4, 18, 32, tzinfo=UTC)
TODAY = date(2026, 8, 4)


def told(kind: Kind, span: str, now: datetime = NOW) -> Document:
    (document,) = asked(now, Key(kind, "US", span)).arrived.documents
    return document


def day_of(day: date, now: datetime = NOW) -> EarningsDay:
    found = told(Kind.EARNINGS, day.isoformat(), now)
    assert isinstance(found, EarningsDay)
    return found


def week(span: str, now: datetime = NOW) -> Releases:
    found = told(Kind.RELEASES, span, now)
    assert isinstance(found, Releases)
    return found


def test_members_report_in_a_season_and_results_follow() -> None:
    days = [*sessions_between(TODAY - timedelta(days=10), TODAY + timedelta(days=10))]
    found = {day: day_of(day).rows for day in days}
    members = {day: [row for row in rows if len(row.symbol) > 4] for day, rows in found.items()}
    assert all(20 < len(rows) < 250 for rows in members.values())
    over = [row for day in days if day < TODAY for row in found[day]]
    ahead = [row for day in days if day > TODAY for row in found[day]]
    assert all(row.actual is not None for row in over)
    assert all(row.actual is None for row in ahead)
    estimated = [row for row in ahead if row.estimate is not None]
    assert 0.85 < len(estimated) / len(ahead) < 0.97
    assert any((row.estimate or 0) < 0 for row in ahead)
    moved = [row for row in ahead if row.earlier_days]
    assert 0 < len(moved) < 0.1 * len(ahead)
    assert all(is_session(day) for row in moved for day in row.earlier_days)


def test_the_same_moment_tells_the_same() -> None:
    assert day_of(TODAY) == day_of(TODAY)
    assert week("thisweek") == week("thisweek")
    other = DemoFeed(7, cast=default_cast(), clock=ManualClock())
    key = Key(Kind.EARNINGS, "US", TODAY.isoformat())
    assert asked(NOW, key, feed=other).arrived.documents != (day_of(TODAY),)


def test_a_result_is_known_from_its_hour_on() -> None:
    morning = day_of(TODAY, NOW.replace(hour=12)).rows
    evening = day_of(TODAY, NOW.replace(hour=22)).rows
    assert {row.actual for row in evening} != {None}
    assert sum(row.actual is not None for row in morning) < sum(
        row.actual is not None for row in evening
    )


def test_releases_have_a_schedule_and_then_actuals() -> None:
    this, following = week("thisweek"), week("nextweek")
    assert {row.actual for row in this.rows} == {""}
    assert max(row.day for row in this.rows) < min(row.day for row in following.rows)
    titles = {row.title for row in this.rows}
    assert {"Non-Farm Employment Change", "Unemployment Claims"} <= titles
    friday = week("2026-08-07", datetime(2026, 8, 7, 14, tzinfo=UTC))
    merged = {row.title: row for row in merged_releases((this, friday)) if row.actual}
    assert merged["Non-Farm Employment Change"].impact is Impact.HIGH
    assert "Nonfarm Payrolls" not in merged


def test_what_is_no_day_is_not_known() -> None:
    with pytest.raises(FeedError):
        told(Kind.EARNINGS, "someday")
    with pytest.raises(FeedError):
        told(Kind.RELEASES, "lastweek")
    holiday = week("thisweek", datetime(2026, 7, 1, 14, tzinfo=UTC))
    assert any(row.impact is Impact.HOLIDAY for row in holiday.rows)

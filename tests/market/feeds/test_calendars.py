"""The calendars of Nasdaq and ForexFactory: what they say, their quirks, and what goes wrong."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.agenda import EarningsDay, Impact, Releases
from market.earnings import Timing
from market.feeds.beats import next_news
from market.feeds.feed import Answer
from market.feeds.forexfactory import ForexFactoryFeed, read_week
from market.feeds.nasdaq import NasdaqFeed
from market.feeds.nasdaq_calendar import dollars, read_earnings, read_releases
from market.feeds.responses import UnconnectedError
from market.instruments import default_cast
from market.quotes import Key, Kind
from market.reports import ErrorKind, FeedError
from market.sessions import is_session
from tests.clocks import THURSDAY_AFTERNOON as NOW
from tests.clocks import ManualClock
from tests.exchange import Exchange
from tests.market.feeds.nasdaq_wire import reply
from tests.market.feeds.real_wire import documents_of, reports_of
from tests.market.feeds.scripted_http import always
from tests.shared import PAYLOADS, needs_shared

WEEK = Key(Kind.RELEASES, "US", "thisweek")
NEXT = Key(Kind.RELEASES, "US", "nextweek")
DAY = Key(Kind.EARNINGS, "US", "2026-07-02")
EVENTS = Key(Kind.RELEASES, "US", "2026-07-02")
OK = {"rCode": 200, "bCodeMessage": None}


def table(*rows: object, **envelope: object) -> bytes:
    """A calendar as Nasdaq sends it."""
    return json.dumps({"data": {"rows": list(rows)}, "status": OK, **envelope}).encode()


def report(**changes: object) -> dict[str, object]:
    """A sound row of the earnings."""
    return {
        "lastYearRptDt": "7/03/2025",
        "time": "time-pre-market",
        "symbol": "CRDO",
        "name": "Credo Technology",
        "fiscalQuarterEnding": "Apr/2026",
        "epsForecast": "$1.12",
        "noOfEsts": "6",
        **changes,
    }


def event(**changes: object) -> dict[str, object]:
    """A sound row of the releases."""
    return {
        "gmt": "08:30",
        "country": "United States",
        "eventName": "CPI",
        "actual": "&nbsp;",
        "consensus": " ",
        "previous": "0.4%",
        **changes,
    }


def earnings_of(*rows: object) -> EarningsDay:
    return read_earnings(table(*rows), DAY, NOW)[0]


def releases_of(*rows: object) -> Releases:
    return read_releases(table(*rows), EVENTS, NOW)[0]


def week(*rows: object) -> bytes:
    return json.dumps(list(rows)).encode()


def line(**changes: object) -> dict[str, object]:
    """A sound row of ForexFactory."""
    return {
        "title": "CPI m/m",
        "country": "USD",
        "date": "2026-07-02T08:30:00-04:00",
        "impact": "High",
        "forecast": "0.2%",
        "previous": "-0.1%",
        **changes,
    }


# As they were recorded


@needs_shared
def test_every_recorded_day_of_earnings_is_understood() -> None:
    paths = sorted(p for p in (PAYLOADS / "nasdaq" / "calendar_earnings").glob("*.json"))
    paths = [path for path in paths if not path.name.endswith(".meta.json")]
    found = {path.name: read_earnings(path.read_bytes(), DAY, NOW) for path in paths}
    assert len(found) >= 2
    assert all(told.rows and not lost for told, lost in found.values())
    whole = {row.symbol: row for row in found["earnings_2024-07-01.json"][0].rows}
    assert len(whole) == 39
    assert (whole["DDD"].estimate, whole["DDD"].estimates) == (-0.11, 2)
    assert whole["GTI"].estimate is None
    assert whole["PROC"].estimates is None
    bank = {row.symbol: row for row in found["earnings_2026-10-14_subset.json"][0].rows}["BAC"]
    assert (bank.timing, bank.estimate, bank.quarter) == (Timing.BEFORE_OPEN, 1.12, "Sep/2026")


@needs_shared
def test_every_recorded_day_of_releases_is_understood() -> None:
    folder = PAYLOADS / "nasdaq" / "calendar_economicevents"
    paths = [p for p in sorted(folder.glob("*.json")) if not p.name.endswith(".meta.json")]
    found = {p.name.split("_")[1]: read_releases(p.read_bytes(), EVENTS, NOW)[0] for p in paths}
    assert len(found) >= 4
    assert found["2024-07-06"].rows == (), "no record is an answer"
    jobs = found["2026-10-03"].rows
    assert [(r.title, r.actual, r.consensus) for r in jobs] == [
        ("Nonfarm Payrolls", "29K", "89K"),
        ("Unemployment Rate", "4.2%", "4.1%"),
    ]
    assert [(r.title, r.actual, r.previous) for r in found["2026-10-15"].rows] == [
        ("CPI m/m", "", "0.4%"),
        ("CPI y/y", "", "3.4%"),
    ]
    assert {r.country for told in found.values() for r in told.rows} == {"US"}


@needs_shared
def test_every_recorded_week_is_understood() -> None:
    folder = PAYLOADS / "forexfactory" / "calendar_thisweek"
    paths = [p for p in sorted(folder.glob("*.json")) if not p.name.endswith(".meta.json")]
    weeks = {p.name[:10]: read_week(p.read_bytes(), WEEK, NOW) for p in paths}
    assert len(weeks) >= 3
    assert not any(lost for _, lost in weeks.values())
    october = weeks["2026-10-05"][0].rows
    assert october[-1].impact is Impact.HOLIDAY
    assert (october[-1].at, october[-1].day) == (None, date(2026, 10, 12))
    claims = next(row for row in october if row.title == "Unemployment Claims")
    assert (claims.at, claims.consensus) == (datetime(2026, 10, 8, 12, 30, tzinfo=UTC), "200K")


# Quirks


def test_releases_of_a_day_are_asked_for_by_the_next_date_and_told_in_new_york_time() -> None:
    feed = NasdaqFeed(always(reply(b"")))
    query, earnings = feed.plan([EVENTS, DAY])
    assert query.params == (("date", "2026-07-03"),)
    assert earnings.params == (("date", "2026-07-02"),), "earnings have no shift"
    arrived = feed.parse(query, Answer(table(event(gmt="08:30"))), NOW)
    (told,) = arrived.documents
    assert isinstance(told, Releases)
    (row,) = told.rows
    assert (row.day, row.at) == (date(2026, 7, 2), datetime(2026, 7, 2, 12, 30, tzinfo=UTC))


@pytest.mark.parametrize("words", ["All Day", "Tentative", "25:00", "", "8:30"])
def test_a_release_without_a_time_has_none(words: str) -> None:
    assert releases_of(event(gmt=words)).rows[0].at is None


def test_the_month_and_the_year_share_a_name_and_others_do_not() -> None:
    pair = releases_of(event(), event(previous="3.4%"), event(eventName="JOLTS", previous="7M"))
    assert [row.title for row in pair.rows] == ["CPI m/m", "CPI y/y", "JOLTS"]
    assert [r.title for r in releases_of(event()).rows] == ["CPI"], "of one nobody knows which"
    talks = releases_of(*[event(eventName="Fed Speaks", previous="&nbsp;")] * 2)
    assert [row.title for row in talks.rows] == ["Fed Speaks"] * 2
    assert releases_of(event(country="India")).rows == ()


def test_results_are_told_of_days_that_are_over() -> None:
    row = earnings_of(report(eps="($0.40)", surprise="-4.76", symbol="BRK/B ")).rows[0]
    assert (row.symbol, row.actual) == ("BRK-B", -0.40)
    assert earnings_of(report()).rows[0].actual is None


def test_rows_that_make_no_sense_cost_themselves() -> None:
    told, lost = read_earnings(
        table(report(), report(symbol="<b>"), report(symbol=None), report(noOfEsts="many")),
        DAY,
        NOW,
    )
    assert [row.symbol for row in told.rows] == ["CRDO"]
    assert len(lost) == 2
    assert "<b>" in lost[0].lower()
    hostile = earnings_of(report(name="A\x1b[31mB\u202e", epsForecast="1e9"))
    assert (hostile.rows[0].name, hostile.rows[0].estimate) == ("AB", None)
    found, lost = read_week(week(line(), line(date="soon"), line(country="EUR")), WEEK, NOW)
    assert ([row.title for row in found.rows], len(lost)) == (["CPI m/m"], 1)


@given(st.integers(-99_999, 99_999))
def test_amounts_are_read_as_they_are_written(cents: int) -> None:
    value = cents / 100
    for words in (
        f"${value:,.2f}",
        f"{value}",
        f"(${abs(value):,.2f})" if cents < 0 else f"${value}",
    ):
        assert dollars(words) == pytest.approx(value)


@given(st.text(max_size=12))
def test_whatever_stands_for_an_amount_is_one_or_none(words: str) -> None:
    value = dollars(words)
    assert value is None or abs(value) <= 1e6


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", ErrorKind.GARBLED),
        (b"{", ErrorKind.GARBLED),
        (b"[]", ErrorKind.GARBLED),
        (b'{"data": null}', ErrorKind.GARBLED),
        (b'{"data": {"rows": 7}}', ErrorKind.GARBLED),
        (b"<html>", ErrorKind.REFUSED),
        (b'{"data": null, "status": {"rCode": 403}}', ErrorKind.REFUSED),
        (b'{"data": null, "status": {"rCode": 500}}', ErrorKind.UNREACHABLE),
    ],
)
def test_what_is_no_calendar_is_refused(body: bytes, kind: ErrorKind) -> None:
    for read, key in ((read_earnings, DAY), (read_releases, EVENTS)):
        with pytest.raises(FeedError, match="Nasdaq") as caught:
            read(body, key, NOW)
        assert caught.value.kind is kind


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", ErrorKind.GARBLED),
        (b"[{", ErrorKind.GARBLED),
        (b"{}", ErrorKind.GARBLED),
        (b"[{}]", ErrorKind.GARBLED),
        (b"<html>Request Denied</html>", ErrorKind.LIMITED),
    ],
)
def test_what_is_no_week_is_refused(body: bytes, kind: ErrorKind) -> None:
    with pytest.raises(FeedError, match="ForexFactory") as caught:
        read_week(body, WEEK, NOW)
    assert caught.value.kind is kind
    assert read_week(b"[]", WEEK, NOW)[0].rows == (), "an empty week is one"


# Asking seldom


async def test_a_young_file_is_not_asked_for_again() -> None:
    clock, http = ManualClock(), always(reply(week(line())))
    feed = ForexFactoryFeed(http, clock=clock)
    first, _ = feed.plan([NEXT, WEEK])
    assert first.keys == (WEEK,), "this week comes first"
    at = clock.now()
    await feed.fetch(first)
    await clock.push(20 * 60, 60)
    again = feed.parse(first, await feed.fetch(first), clock.now())
    assert len(http.asked) == 1
    assert again.documents[0].fetched_at == at, "it is as old as it is"
    await clock.push(11 * 60, 60)
    await feed.fetch(first)
    assert len(http.asked) == 2


async def test_a_third_request_within_five_minutes_is_not_made() -> None:
    clock, http = ManualClock(), always(FeedError(ErrorKind.UNREACHABLE, "gone"))
    feed = ForexFactoryFeed(http, clock=clock)
    (query,) = feed.plan([WEEK])
    errors: list[FeedError] = []
    for _ in range(3):
        with pytest.raises(FeedError) as caught:
            await feed.fetch(query)
        errors.append(caught.value)
    assert {(error.kind, error.text) for error in errors} == {(ErrorKind.UNREACHABLE, "gone")}
    assert [error.retry_after_s for error in errors] == [None, None, 300]
    assert len(http.asked) == 2
    (other,) = feed.plan([NEXT])
    with pytest.raises(FeedError, match="may be asked twice") as caught:
        await feed.fetch(other)
    assert caught.value.kind is ErrorKind.LIMITED
    await clock.push(301, 301)
    with pytest.raises(FeedError, match="gone"):
        await feed.fetch(query)
    assert len(http.asked) == 3


async def test_a_request_without_a_connection_is_none() -> None:
    clock, http = ManualClock(), always(UnconnectedError("no network"))
    feed = ForexFactoryFeed(http, clock=clock)
    (query,) = feed.plan([WEEK])
    for _ in range(4):
        with pytest.raises(UnconnectedError, match="no network"):
            await feed.fetch(query)
    assert len(http.asked) == 4


# Over a real socket


async def test_the_exchange_plays_both(afternoon: Exchange) -> None:
    yesterday = Key(Kind.EARNINGS, "US", "2026-07-01")
    days = await reports_of(afternoon, "nasdaq", DAY, yesterday, EVENTS)
    weeks = await reports_of(afternoon, "forexfactory", WEEK, NEXT)
    today, before, events, this_week, next_week = documents_of(*days, *weeks)
    assert isinstance(today, EarningsDay)
    assert isinstance(before, EarningsDay)
    assert len(today.rows) == len(before.rows) == 12
    assert {row.actual for row in today.rows} == {None}
    assert {row.actual for row in before.rows} == {0.40}
    assert isinstance(events, Releases)
    assert isinstance(this_week, Releases)
    assert [row.title for row in events.rows][:3] == [
        "CPI m/m",
        "CPI y/y",
        "Initial Jobless Claims",
    ]
    assert isinstance(next_week, Releases)
    assert {row.day for row in this_week.rows} <= {
        date(2026, 6, 28) + timedelta(days=n) for n in range(7)
    }
    assert min(row.day for row in next_week.rows) >= date(2026, 7, 5)
    assert all(is_session(row.day) for row in next_week.rows)


# How often


def test_a_day_of_earnings_is_asked_for_twice_a_day_and_releases_every_half_hour() -> None:
    whole = default_cast()["US"]
    morning = datetime(2026, 7, 2, 10, 30, tzinfo=UTC)
    evening = datetime(2026, 7, 2, 21, 30, tzinfo=UTC)
    assert next_news(Kind.EARNINGS, whole, morning, NOW) == evening
    monday = next_news(Kind.EARNINGS, whole, evening, evening + timedelta(hours=1))
    assert monday == datetime(2026, 7, 6, 10, 30, tzinfo=UTC)
    assert next_news(Kind.RELEASES, whole, NOW, NOW) == NOW + timedelta(minutes=30)

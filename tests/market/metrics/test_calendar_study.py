"""The agenda: who reports when, what is released, what was moved, and the figures made of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from market.agenda import EarningsDay, Impact, Release, Releases
from market.agenda_study import Agenda, Occasion
from market.documents import with_documents
from market.earnings import Earnings, Timing
from market.health import Trouble
from market.instruments import INDEX, TRACKER
from market.interest_metrics import metric_keys, metric_keys_at_once
from market.interest_rooms import NEXT_AT_ONCE, calendar_keys, release_keys
from market.metrics.calendar_study import agenda, newest_reports
from market.metrics.compute import compute
from market.metrics.releases import merged_releases, name_of
from market.metrics.studying import studied
from market.quotes import Key, Kind
from market.reports import ErrorKind
from market.sessions import session_of, sessions_between
from market.snapshot import Snapshot, empty_snapshot
from tests.market.metrics.small_index import NOON, holdings

TODAY = date(2026, 8, 4)
AT = datetime(2026, 8, 6, 12, 30, tzinfo=UTC)


def report(symbol: str, day: date, **changes: object) -> Earnings:
    told = Earnings(symbol=symbol, day=day, quarter="Jun/2026", estimate=0.50, estimates=3)
    return replace(told, **changes)


def earnings(day: date, *rows: Earnings, at: datetime = NOON) -> EarningsDay:
    key = Key(Kind.EARNINGS, "US", day.isoformat())
    return EarningsDay(key=key, source="nasdaq", fetched_at=at, day=day, rows=rows)


def release(title: str, at: datetime = AT, **changes: object) -> Release:
    told = Release(title=title, country="US", day=at.date(), at=at, impact=Impact.HIGH)
    return replace(told, **changes)


def told(span: str, *rows: Release, at: datetime = NOON) -> Releases:
    source = "nasdaq" if span[0].isdigit() else "forexfactory"
    return Releases(key=Key(Kind.RELEASES, "US", span), source=source, fetched_at=at, rows=rows)


def picture(*documents: EarningsDay | Releases) -> Snapshot:
    """What is known with these calendars and an index of a hundred members, at noon."""
    known = replace(
        empty_snapshot(NOON),
        holdings={TRACKER: holdings()},
        documents=with_documents({}, documents),
        fetched={each.key: each.fetched_at for each in documents},
    )
    studies = studied(known, None)
    return known if studies is None else replace(known, studies=studies)


def worked_out(*documents: EarningsDay | Releases) -> Agenda:
    return agenda(picture(*documents))


def test_without_any_calendar_the_days_that_need_none_are_known() -> None:
    thanksgiving = empty_snapshot(datetime(2026, 11, 23, 15, tzinfo=UTC))
    studies = studied(thanksgiving, None)
    assert studies is not None
    found = studies.agenda
    assert found is not None
    assert (found.as_of, found.schedule_as_of) == (None, None)
    told = {each.day.day: each.words for day in found.days for each in day.occasions}
    assert told[26] == "closed, Thanksgiving"
    assert told[27] == "half day, closes 13:00"
    assert told[9] == "FOMC decision"
    readings = compute(replace(thanksgiving, studies=studies))
    assert readings["calendar.earnings.7d"].reason == "waiting for the calendar"
    assert readings["calendar.next_fomc"].value == "Wed 9 Dec 14:00"


def test_a_day_holds_its_members_heaviest_first_and_counts_the_others() -> None:
    found = worked_out(
        earnings(TODAY, report("M050", TODAY), report("M001", TODAY), report("ZZZ", TODAY))
    )
    day = found.on(TODAY)
    assert day is not None
    assert [row.earnings.symbol for row in day.reports] == ["M050", "M001"], "M050 weighs more"
    assert (day.others, day.is_told) == (1, True)
    file = holdings()
    whole = sum(file.market_value)
    parts = dict(zip(file.symbols, file.market_value, strict=True))
    assert day.weight == pytest.approx((parts["M001"] + parts["M050"]) / whole)
    assert sum(day.by_sector.values()) == 2
    tomorrow = found.on(TODAY + timedelta(days=1))
    assert tomorrow is not None
    assert not tomorrow.is_told, "an empty day is one that was not asked for"
    assert all(each.day.weekday() < 5 for each in found.days)


def test_occasions_stand_on_their_days() -> None:
    found = worked_out(earnings(TODAY))
    kinds = {each.occasion: each.day for day in found.days for each in day.occasions}
    assert kinds == {Occasion.EXPIRY: date(2026, 8, 21)}


def test_what_two_calendars_know_of_a_day_stands_there_once() -> None:
    fomc = replace(picture(), now=datetime(2026, 9, 14, 16, tzinfo=UTC))
    at = datetime(2026, 9, 16, 18, tzinfo=UTC)
    rate, words = release("Federal Funds Rate", at, consensus="3.75%"), release("FOMC Words", at)
    labour = datetime(2026, 9, 7, 12, tzinfo=UTC)
    holiday = release("Bank Holiday", labour, impact=Impact.HOLIDAY)
    for rows, titles, occasions in (
        ((words,), ["FOMC Words"], [Occasion.FOMC]),
        ((words, rate), ["FOMC Words", "FOMC decision"], []),
    ):
        known = replace(fomc, documents=with_documents({}, (told("thisweek", *rows),)))
        day = agenda(known).on(at.date())
        assert day is not None
        assert sorted(row.title for row in day.releases) == sorted(titles)
        assert [each.occasion for each in day.occasions] == occasions
        decided = [row.consensus for row in day.releases if row.title == "FOMC decision"]
        assert decided == ["3.75%"] * (len(titles) - 1)
    rests = replace(fomc, now=labour, documents=with_documents({}, (told("thisweek", holiday),)))
    day = agenda(rests).on(labour.date())
    assert day is not None
    assert ([*day.releases], [each.occasion for each in day.occasions]) == ([], [Occasion.CLOSED])


# Moved dates


def test_a_report_that_moves_remembers_its_days_whichever_answer_comes_first() -> None:
    monday, friday = date(2026, 8, 10), date(2026, 8, 14)
    first = earnings(monday, report("M001", monday))
    gone = earnings(monday, at=NOON + timedelta(hours=1))
    there = earnings(friday, report("M001", friday), at=NOON + timedelta(hours=2))
    for order in ((first, gone, there), (first, there, gone)):
        documents = with_documents({}, order)
        days = [d for d in documents.values() if isinstance(d, EarningsDay)]
        (moved,) = newest_reports(days)
        assert (moved.day, moved.earlier_days) == (friday, (monday,)), order
    back = earnings(monday, report("M001", monday), at=NOON + timedelta(hours=3))
    again = with_documents(with_documents({}, (first, gone, there)), (back,))
    (returned,) = newest_reports(d for d in again.values() if isinstance(d, EarningsDay))
    assert returned.earlier_days[:2] == (monday, friday)


def test_another_quarter_is_no_move() -> None:
    spring = earnings(TODAY, report("M001", TODAY, quarter="Mar/2026"))
    later = date(2026, 8, 12)
    documents = with_documents({}, (spring, earnings(later, report("M001", later))))
    days = [d for d in documents.values() if isinstance(d, EarningsDay)]
    assert [row.earlier_days for row in newest_reports(days)] == [(), ()]


# Releases


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Core CPI m/m", ("core cpi", "m/m")),
        ("Non-Farm Employment Change", ("nonfarm payrolls", "")),
        ("Unemployment Claims", ("initial jobless claims", "")),
        ("Prelim GDP q/q", ("gdp", "q/q")),
        ("JOLTS Job Openings", ("jolts job openings", "")),
    ],
)
def test_names_mean_the_same_in_both_calendars(title: str, name: tuple[str, str]) -> None:
    assert name_of(title) == name


def test_the_schedule_gets_the_actuals_that_are_its_own() -> None:
    week = told(
        "thisweek",
        release("CPI m/m", consensus="0.2%"),
        release("CPI y/y"),
        release("Unemployment Claims", consensus="225K"),
        release("Fed Chair Speaks"),
    )
    day = told(
        "2026-08-06",
        release("CPI m/m", actual="0.3%", impact=Impact.UNKNOWN),
        release("CPI y/y", actual="2.9%", impact=Impact.UNKNOWN),
        release("Initial Jobless Claims", actual="221K", impact=Impact.UNKNOWN),
        release("Continuing Jobless Claims", actual="1.7M", impact=Impact.UNKNOWN),
    )
    rows = {row.title: row for row in merged_releases((day, week))}
    assert {title: row.actual for title, row in rows.items()} == {
        "CPI m/m": "0.3%",
        "CPI y/y": "2.9%",
        "Unemployment Claims": "221K",
        "Fed Chair Speaks": "",
        "Continuing Jobless Claims": "1.7M",
    }
    assert rows["CPI m/m"].impact is Impact.HIGH
    assert rows["CPI m/m"].consensus == "0.2%"


def test_what_is_not_certain_stays_two_rows() -> None:
    week = told("thisweek", release("CPI m/m"), release("CPI y/y"))
    one = told("2026-08-06", release("CPI", actual="0.3%"))
    assert [row.actual for row in merged_releases((week, one))] == ["0.3%", "", ""]
    alone = told("thisweek", release("Retail Sales m/m"))
    other = told("2026-08-06", release("Retail Sales", actual="0.4%"))
    assert [(r.title, r.actual) for r in merged_releases((alone, other))] == [
        ("Retail Sales m/m", "0.4%")
    ]
    late = told("2026-08-06", release("Retail Sales", AT + timedelta(hours=1), actual="0.4%"))
    assert len(merged_releases((alone, late))) == 2, "another time is another release"


def test_a_newer_file_replaces_the_days_that_it_covers() -> None:
    old = told("nextweek", release("CPI m/m", AT - timedelta(hours=1)), at=NOON - timedelta(days=3))
    new = told("thisweek", release("CPI m/m"))
    assert [row.at for row in merged_releases((new, old))] == [AT]


@given(st.lists(st.sampled_from(["CPI m/m", "CPI y/y", "CPI", "Claims", "PPI m/m"]), max_size=6))
def test_no_release_is_lost_or_told_twice(titles: list[str]) -> None:
    week = [release(title) for title in dict.fromkeys(titles)]
    day = [release(title, actual=f"{n}%") for n, title in enumerate(titles)]
    rows = merged_releases((told("thisweek", *week), told("2026-08-06", *day)))
    actuals = [row.actual for row in rows if row.actual]
    assert sorted(actuals) == sorted(row.actual for row in day)
    assert {row.title for row in week} <= {row.title for row in rows}


# Figures


def reading(snapshot: Snapshot, name: str) -> object:
    found = compute(snapshot, ["US"])[name]
    return found.value if found.value is not None else found.reason


def week_of(*rows: Earnings) -> list[EarningsDay]:
    days = sessions_between(TODAY, TODAY + timedelta(days=6))
    return [earnings(day, *(row for row in rows if row.day == day)) for day in days]


def test_figures_of_the_week_wait_for_every_day_of_it() -> None:
    days = week_of(report("M001", TODAY), report("M002", date(2026, 8, 7)), report("X", TODAY))
    whole = picture(*days)
    assert reading(whole, "calendar.earnings.today") == 1
    assert reading(whole, "calendar.earnings.7d") == 2
    file = holdings()
    parts = dict(zip(file.symbols, file.market_value, strict=True))
    share = (parts["M001"] + parts["M002"]) / sum(file.market_value)
    assert reading(whole, "calendar.earnings.weight.7d") == pytest.approx(share)
    part = picture(*days[:-1])
    assert reading(part, "calendar.earnings.today") == 1
    assert reading(part, "calendar.earnings.7d") == "the earnings of Mon 10 Aug are not known yet"
    assert reading(picture(), "calendar.earnings.today") == "waiting for the calendar"


def test_no_figure_of_members_is_told_before_it_is_known_who_they_are() -> None:
    known = replace(picture(*week_of(report("M001", TODAY))), holdings={})
    refused = Trouble(ErrorKind.LIMITED, "iShares said no", "ishares", NOON)
    failing = replace(known, troubles={Key(Kind.HOLDINGS, TRACKER): refused})
    for name in ("earnings.today", "earnings.7d", "earnings.weight.7d", "beat_rate.30d"):
        waiting = reading(known, f"calendar.{name}")
        assert waiting == "members not known: waiting for the holdings"
        assert reading(failing, f"calendar.{name}") == "members not known: iShares said no"
    assert not any(day.is_told for day in agenda(failing).days)


def test_figures_of_members_ask_for_their_days_and_for_the_members() -> None:
    today = metric_keys(["calendar.earnings.today"], picture())
    assert {Key(Kind.HOLDINGS, TRACKER), Key(Kind.EARNINGS, "US", str(TODAY))} <= today
    week = metric_keys(["calendar.earnings.weight.7d"], picture())
    assert {each.key for each in week_of()} < week
    rate = ["calendar.beat_rate.30d"]
    assert Key(Kind.HOLDINGS, TRACKER) in week & metric_keys(rate, picture())
    behind = [*sessions_between(TODAY - timedelta(days=29), TODAY - timedelta(days=1))]
    days = {Key(Kind.EARNINGS, "US", str(day)) for day in behind}
    assert len(days & metric_keys(rate, picture())) <= 2, "a pane asks for few at a time"
    assert days <= metric_keys_at_once(rate, picture()), "one pass has no second turn"
    assert not days & metric_keys_at_once(["calendar.earnings.today"], picture())


def test_the_beat_rate_is_of_members_and_waits_until_most_days_are_known() -> None:
    yesterday = TODAY - timedelta(days=1)
    rows = [report(f"M{n:03d}", yesterday, actual=0.6 if n < 15 else 0.4) for n in range(25)]
    last = earnings(yesterday, *rows, report("ZZZ", yesterday, actual=0.1))
    due = [day for day in sessions_between(TODAY - timedelta(days=29), TODAY) if day != yesterday]
    others = [earnings(day) for day in due]
    found = compute(picture(last, *others), ["US"])["calendar.beat_rate.30d"]
    assert (found.value, found.reason) == (pytest.approx(15 / 25), "")
    most = compute(picture(last, *others[-17:]), ["US"])["calendar.beat_rate.30d"]
    assert (most.value, most.reason) == (pytest.approx(15 / 25), "18 of 22 days known")
    part = picture(last, *others[-16:])
    assert reading(part, "calendar.beat_rate.30d") == "17 of 22 days known"
    few = picture(earnings(yesterday, *rows[:3]), *others)
    assert "20 estimated reports are needed, 3 are in" in str(
        reading(few, "calendar.beat_rate.30d")
    )


def test_what_comes_next_is_told_in_words() -> None:
    low = release("Housing", AT - timedelta(hours=9), impact=Impact.LOW)
    past = release("Gone", NOON - timedelta(hours=1))
    known = picture(told("thisweek", past, low, release("CPI m/m")))
    assert reading(known, "calendar.next_release") == "CPI m/m, Thu 08:30"
    assert reading(known, "calendar.next_fomc") == "Wed 16 Sep 14:00"
    nothing = picture(told("thisweek", past))
    assert reading(nothing, "calendar.next_release") == "no release of weight is known to come"


def test_a_member_knows_when_it_reports_next() -> None:
    day = date(2026, 8, 7)
    row = report("M001", day, timing=Timing.AFTER_CLOSE, earlier_days=(TODAY,))
    known = replace(picture(earnings(day, row)), fetched={Key(Kind.QUOTE, "M001"): NOON})
    found = compute(known, ["US"])["m001.earnings.next"]
    assert (found.value, found.reason) == ("Fri 7 Aug, after the close", "moved from Tue 4 Aug")
    ahead = compute(known, ["US"])["m001.earnings.sessions"]
    assert (ahead.value, ahead.reason) == (3.0, "Fri 7 Aug, after the close")
    assert INDEX in known.cast.by_symbol
    unknown = replace(known, fetched={Key(Kind.QUOTE, "M002"): NOON})
    assert compute(unknown, ["US"])["m002.earnings.next"].value is None


# Which days are asked for


def spans(keys: Iterable[Key], kind: Kind = Kind.EARNINGS) -> list[str]:
    return sorted(key.span for key in keys if key.kind is kind)


def test_days_are_asked_for_two_at_a_time_today_first_then_ahead_then_behind() -> None:
    known = empty_snapshot(NOON)
    order: list[set[str]] = []
    while fresh := {key for key in calendar_keys(known) if key not in known.fetched}:
        order.append(set(spans(fresh)))
        known = replace(known, fetched={**known.fetched, **dict.fromkeys(fresh, NOON)})
    assert order[:2] == [{"2026-08-04", "2026-08-05"}, {"2026-08-06", "2026-08-07"}]
    assert order[5:7] == [{"2026-08-03", "2026-07-31"}, {"2026-07-30", "2026-07-29"}]
    assert all(len(days) <= NEXT_AT_ONCE for days in order)
    assert len(set().union(*order)) == 10 + 21


def test_what_is_final_is_not_asked_for_again_and_what_fails_holds_nothing_up() -> None:
    ahead = [*sessions_between(TODAY, TODAY + timedelta(days=13))]
    asked = {Key(Kind.EARNINGS, "US", day.isoformat()): NOON for day in ahead}
    past = Key(Kind.EARNINGS, "US", "2026-07-20")
    yesterday = Key(Kind.EARNINGS, "US", "2026-08-03")
    failed = Key(Kind.EARNINGS, "US", "2026-07-31")
    trouble = Trouble(ErrorKind.GARBLED, "cut short", "nasdaq", NOON)
    known = replace(
        empty_snapshot(NOON),
        fetched={**asked, past: NOON, yesterday: NOON},
        troubles={failed: trouble},
    )
    keys = calendar_keys(known)
    assert past not in keys
    assert {yesterday, failed} <= keys
    assert {"2026-07-30", "2026-07-29"} <= set(spans(keys))
    assert "2026-07-28" not in spans(keys)


def test_releases_are_the_weeks_and_the_days_behind_unless_the_schedule_fails() -> None:
    known = empty_snapshot(NOON)
    days = spans(release_keys(known), Kind.RELEASES)
    assert days[-2:] == ["nextweek", "thisweek"]
    assert (days[0], days[-3]) == ("2026-07-28", "2026-08-04")
    trouble = Trouble(ErrorKind.LIMITED, "asked too often", "forexfactory", NOON)
    failing = replace(known, troubles={Key(Kind.RELEASES, "US", "thisweek"): trouble})
    assert "2026-08-17" in spans(release_keys(failing), Kind.RELEASES)
    assert session_of(TODAY).day == TODAY

"""Looking back: courses in portions, anew when history has grown, on to each new close."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec.structs import replace

from market.looking_back import PORTION, LookBack, made_of_history
from market.metrics.hindsight import has_past, values_at_close
from market.published import Published
from market.quotes import Key, Kind
from market.reading import Reading
from market.sessions import session_of, sessions_back, sessions_between
from market.snapshot import Snapshot, empty_snapshot
from tests.market.metrics.pictures import bars_of, full_picture
from tests.widgets.censuses import census

FIRST, LAST = date(2026, 5, 1), date(2026, 7, 1)
DAYS = [*sessions_between(FIRST, LAST)]
LEVELS = {day: 15.0 + n / 10 for n, day in enumerate(sessions_between(date(2026, 1, 2), LAST))}


def picture(levels: dict[date, float], day: date = LAST) -> Snapshot:
    bars = bars_of("^VIX", {d: v for d, v in levels.items() if d <= day}, source="cboe")
    now = session_of(day).close + timedelta(hours=1)
    return replace(empty_snapshot(now), bars={bars.key: bars})


def test_a_course_is_found_in_portions_and_stands_once_it_is_complete() -> None:
    past, snapshot = LookBack(["vix.last"], FIRST), picture(LEVELS)
    steps = [past.step(snapshot)]
    while not past.is_done:
        assert not past.courses
        steps.append(past.step(snapshot))
    assert steps == [False] * ((len(DAYS) - 1) // PORTION) + [True]
    assert past.courses["vix.last"] == {day: LEVELS[day] for day in DAYS}


def finished(past: LookBack, snapshot: Snapshot) -> int:
    """Look back to the end; return in how many steps."""
    count = 1
    past.step(snapshot)
    while not past.is_done:
        past.step(snapshot)
        count += 1
    return count


def test_a_day_long_ago_keeps_no_course_waiting_and_closes_count_for_five_years() -> None:
    past, snapshot = LookBack(["vix.last"], date(1026, 1, 1), FIRST), picture(LEVELS)
    for _ in range(len(DAYS) // PORTION + 1):
        past.step(snapshot)
    assert not past.is_done
    assert past.awaited == frozenset()
    assert past.courses["vix.last"] == {day: LEVELS[day] for day in DAYS}
    assert finished(past, snapshot) < 6 * 252 / PORTION
    assert past.courses["vix.last"] == LEVELS, "the first course stood in for the whole one"


def test_a_close_that_comes_meanwhile_is_looked_at_too() -> None:
    past = LookBack(["vix.last"], FIRST)
    past.step(picture(LEVELS, DAYS[-2]))
    finished(past, picture(LEVELS))
    assert past.courses["vix.last"] == {day: LEVELS[day] for day in DAYS}


def test_a_new_close_costs_one_step_and_keeps_the_others() -> None:
    past = LookBack(["vix.last"], FIRST)
    finished(past, picture(LEVELS, DAYS[-2]))
    assert finished(past, picture(LEVELS)) == 1
    assert past.courses["vix.last"] == {day: LEVELS[day] for day in DAYS}


def test_a_history_that_grew_is_looked_back_upon_anew_while_the_old_course_stands() -> None:
    past = LookBack(["vix.last"], FIRST)
    finished(past, picture({day: v for day, v in LEVELS.items() if day >= DAYS[10]}))
    assert set(past.courses["vix.last"]) == set(DAYS[10:])
    past.step(picture(LEVELS))
    assert set(past.courses["vix.last"]) == set(DAYS[10:])
    finished(past, picture(LEVELS))
    assert set(past.courses["vix.last"]) == set(DAYS)


def test_what_is_not_known_at_all_is_waited_for() -> None:
    past = LookBack(["vix.last", "xbi.return.8w"], FIRST)
    finished(past, picture(LEVELS))
    assert set(past.courses) == {"vix.last"}
    assert not past.step(picture(LEVELS))


def test_of_too_few_members_no_past_is_told() -> None:
    name = "breadth.above_50dma"
    known = replace(picture(LEVELS), census=census(60))
    assert made_of_history(known, name) == frozenset()
    weighed = replace(known, readings={name: Reading(0.6, known.now, coverage=0.84)})
    more = replace(known, readings={name: Reading(0.6, known.now, coverage=0.99)})
    assert made_of_history(weighed, name) != made_of_history(more, name) != frozenset()


def test_earlier_values_are_those_that_were_told_then() -> None:
    now = full_picture()
    day = sessions_back(date(2026, 7, 1), 30)
    names = ("rut.last", "rut.return.1m", "rut.relative_strength.spx", "vix.percentile.1y")
    seen = values_at_close(now, names, day)
    daily = now.bars[Key(Kind.DAILY, "^RUT")]
    index = next(n for n, t in enumerate(daily.times) if t == int(session_of(day).open.timestamp()))
    assert seen["rut.last"] == daily.close[index]
    assert set(seen) == set(names)


def test_a_published_value_counts_from_its_release_on() -> None:
    key = Key(Kind.PUBLISHED, "CPIAUCNS")
    months = [date(2025 + n // 12, n % 12 + 1, 1) for n in range(19)]
    series = Published(
        key=key,
        source="fred",
        fetched_at=session_of(date(2026, 8, 20)).close,
        days=tuple(months),
        values=tuple(100.0 + n for n in range(19)),
    )
    now = session_of(date(2026, 8, 20)).close + timedelta(hours=1)
    snapshot = replace(empty_snapshot(now), documents={key: series})
    before = values_at_close(snapshot, ["cpi_nsa.value"], date(2026, 8, 3))
    after = values_at_close(snapshot, ["cpi_nsa.value"], date(2026, 8, 19))
    assert (before["cpi_nsa.value"], after["cpi_nsa.value"]) == (117.0, 118.0)


def test_what_has_no_past_is_said_to_have_none() -> None:
    snapshot = empty_snapshot(session_of(LAST).close)
    told = {
        name: has_past(name, snapshot)
        for name in (
            "vix.last",
            "breadth.above_50dma",
            "breadth.advances",
            "calendar.beat_rate.30d",
        )
    }
    assert list(told.values()) == [True, True, False, False]

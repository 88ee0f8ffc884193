"""Breadth of many sessions stands for the members that are known in the least known of them."""

from __future__ import annotations

from math import isnan

import pytest
from msgspec.structs import replace

from market.census import Census
from market.quotes import Bars
from tests.market.metrics.small_index import COUNT, census_of, past_of, snapshot, symbols

LINE, CHANGE = "breadth.ad_line", "breadth.ad_line.change.20d"
OVER_SESSIONS = (LINE, CHANGE, "breadth.mcclellan", "breadth.summation")


def with_past_of(count: int) -> Census:
    """Of the heaviest members the past has come, the heaviest first, as it is asked for."""
    picture = snapshot()
    known = dict(list(picture.past.items())[:count])
    return census_of(replace(picture, past=known))


def test_while_too_little_of_the_past_is_known_no_run_of_sessions_is_shown() -> None:
    """More than fifty members and less than four fifths of the weight."""
    census = with_past_of(65)
    assert sum(census.members.weight[:65]) < 0.8
    told = {name: census.readings[name] for name in OVER_SESSIONS}
    for name in OVER_SESSIONS:
        assert (told[name].value, told[name].reason) == (None, "Mon 3 Aug is not known yet")
    assert census.readings["breadth.net"].used == COUNT
    for name in ("advances", "above_50", "new_highs", "mcclellan", "ad_line"):
        assert all(map(isnan, census.breadth.columns[name][:-1])), name


def test_it_says_of_how_many_members_the_least_known_session_is() -> None:
    census = with_past_of(90)
    part = sum(census.members.weight[:90])
    for name in OVER_SESSIONS:
        reading = census.readings[name]
        assert reading.value is not None
        assert (reading.used, reading.total) == (90, COUNT)
        assert reading.coverage == pytest.approx(part, abs=0.005)
    assert census.readings["breadth.net"].used == COUNT


def without(first: int, end: int) -> Census:
    """Of no member some sessions of the 300 are known."""

    def cut(bars: Bars) -> Bars:
        closes = list(bars.close)
        whole = past_of(bars.key.symbol, closes)
        ahead, behind = whole.between(0, first), whole.between(end, len(closes))
        names = ("times", "close", "high", "low", "volume")
        return replace(whole, **{n: getattr(ahead, n) + getattr(behind, n) for n in names})

    picture = snapshot()
    return census_of(replace(picture, past={s: cut(picture.past[s]) for s in symbols()}))


def test_after_a_night_no_run_is_shown_until_the_last_session_is_known() -> None:
    census = without(299, 300)
    for name in ("new_highs", "new_lows", "high_low_index"):
        assert census.readings[f"breadth.{name}"].value is None, name
    for name in OVER_SESSIONS:
        reading = census.readings[name]
        assert (reading.value, reading.reason) == (None, "Mon 3 Aug is not known yet"), name
    columns = census.breadth.columns
    assert all(isnan(columns[name][-1]) for name in ("ad_line", "mcclellan", "summation"))
    assert census.readings["breadth.net"].value == columns["advances"][-1] - columns["declines"][-1]


def test_a_long_gap_leaves_no_figure_that_it_is_too_large_a_part_of() -> None:
    short, long = without(270, 290).readings, without(269, 295).readings
    assert short["breadth.mcclellan"].value is not None
    for name in ("breadth.mcclellan", "breadth.summation"):
        reading = long[name]
        assert (reading.value, reading.reason) == (None, "74 of the last 100 sessions known")
    assert long[LINE].reason == "sessions since its start: 274 of 300"
    assert without(100, 200).readings[LINE].value is None


def test_a_session_that_is_missing_among_the_twenty_leaves_no_change() -> None:
    readings = without(290, 291).readings
    assert (readings[CHANGE].value, readings[CHANGE].reason) == (None, "19 of 20 sessions known")
    assert readings["breadth.mcclellan"].reason == "99 of the last 100 sessions known"
    assert readings["breadth.mcclellan"].value is not None

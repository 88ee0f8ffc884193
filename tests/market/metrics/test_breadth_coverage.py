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


def test_while_too_little_of_the_past_is_known_breadth_begins_with_today() -> None:
    """More than fifty members and less than four fifths of the weight."""
    census = with_past_of(65)
    assert sum(census.members.weight[:65]) < 0.8
    told = {name: census.readings[name] for name in OVER_SESSIONS}
    assert told[LINE].value == census.readings["breadth.net"].value
    assert told[LINE].reason == "sessions since its start: 1"
    assert (told[CHANGE].value, told[CHANGE].reason) == (None, "1 of 20 sessions known")
    for name in OVER_SESSIONS[2:]:
        assert (told[name].value, told[name].reason) == (None, "warming: 1 of 100 sessions")
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


def test_a_session_that_is_missing_among_the_twenty_leaves_no_change() -> None:
    def without(bars: Bars, row: int) -> Bars:
        closes = list(bars.close)
        whole = past_of(bars.key.symbol, closes)
        ahead, behind = whole.between(0, row), whole.between(row + 1, len(closes))
        names = ("times", "close", "high", "low", "volume")
        return replace(whole, **{n: getattr(ahead, n) + getattr(behind, n) for n in names})

    picture = snapshot()
    past = {s: without(picture.past[s], 290) for s in symbols()}
    readings = census_of(replace(picture, past=past)).readings
    assert (readings[CHANGE].value, readings[CHANGE].reason) == (None, "19 of 20 sessions known")
    assert readings["breadth.mcclellan"].reason == "99 of the last 100 sessions known"
    assert readings["breadth.mcclellan"].value is not None

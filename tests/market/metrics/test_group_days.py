"""A group's day out of its members' own: what is asked for, and what comes of it."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from datetime import timedelta

import numpy as np
import pytest
from msgspec.structs import replace

from market.census import Group
from market.fold import fold
from market.group_days import ASKED, MOST, day_cover, day_keys
from market.metrics.census import CensusTaker
from market.quotes import Bars, Key, Kind
from market.sessions import session_of
from market.snapshot import Snapshot
from tests.market.metrics.small_index import DAY, NOON, closes_of, listings, snapshot, symbols

OPENED = int(session_of(DAY).open.timestamp())
NOW = int(NOON.timestamp())
GROUP, OWN = "@biotechnology", "@basket:made-up"


def day_of(row: int, ratios: Mapping[int, float], opened: int = OPENED) -> Bars:
    """A member's closes in slots, by number from the open, over its previous close."""
    before = closes_of(row)[-1]
    return Bars(
        key=Key(Kind.DAY, symbols()[row]), interval_s=300, source="yahoo", as_of=NOON,
        times=array("q", (opened + 300 * slot for slot in ratios)),
        close=array("d", (before * ratio for ratio in ratios.values())),
    )  # fmt: skip


def folded(picture: Snapshot, *days: Bars) -> Snapshot:
    """The picture with members' days and the census taken of it."""
    with_days = replace(picture, bars={**picture.bars, **{bars.key: bars for bars in days}})
    report = CensusTaker().take(with_days, with_days.now)
    assert report is not None
    return fold(with_days, report, with_days.now)


def group_in(picture: Snapshot, symbol: str) -> Group:
    assert picture.census is not None
    group = picture.census.group(symbol)
    assert group is not None
    return group


def trace_of(picture: Snapshot, symbol: str) -> Bars:
    return picture.bars[Key(Kind.TRACE, symbol)]


def test_the_heaviest_members_days_are_asked_for_until_the_day_is_whole() -> None:
    seen = folded(snapshot())
    group = group_in(seen, GROUP)
    assert seen.census is not None
    asked = day_keys(seen, GROUP)
    heaviest = [Key(Kind.DAY, seen.census.members.symbols[row]) for row in group.rows]
    assert asked == set(heaviest[: len(asked)])
    weights = [seen.census.members.weight[row] for row in group.rows]
    shares = np.cumsum(weights) / sum(weights)
    assert shares[len(asked) - 1] >= ASKED > shares[len(asked) - 2]

    gone = replace(seen, absences={heaviest[0]: "unknown"})
    assert heaviest[0] not in day_keys(gone, GROUP), "another one stands in"
    days = [day_of(symbols().index(key.symbol), dict.fromkeys(range(30), 1.01)) for key in asked]
    half = folded(seen, *days[:1])
    assert day_keys(half, GROUP) == asked - {days[0].key}
    assert day_cover(half, GROUP) is None
    assert len(trace_of(half, GROUP)) == len(trace_of(seen, GROUP)), "too few to speak for all"
    whole = folded(seen, *days)
    assert not day_keys(whole, GROUP)
    cover = day_cover(whole, GROUP)
    assert cover is not None
    assert cover[:2] == (len(asked), len(group.rows))
    assert cover.share == pytest.approx(shares[len(asked) - 1])
    tomorrow = folded(seen, *(replace(d, times=shifted(d.times, -86_400)) for d in days))
    assert day_keys(tomorrow, GROUP) == asked, "another session's say nothing"
    assert day_cover(tomorrow, GROUP) is None


def shifted(times: Iterable[int], seconds: int) -> array[int]:
    return array("q", (time + seconds for time in times))


def test_nothing_is_asked_for_where_nothing_is_missing_or_nothing_is_known() -> None:
    seen = folded(snapshot())
    assert not day_keys(snapshot(), GROUP)
    assert not day_keys(seen, "@nobody")
    soon = session_of(DAY).open + timedelta(minutes=9)
    early = folded(snapshot(soon, listings(as_of=soon)))
    assert len(trace_of(early, GROUP)) == 2
    assert not day_keys(early, GROUP), "two levels of a day that has just begun"
    assert len(day_keys(seen, OWN)) == 3, "of a basket as many as of all, whatever they weigh"
    assert MOST == 200


def test_the_gaps_of_a_day_are_filled_and_what_was_seen_is_kept() -> None:
    seen = folded(snapshot())
    group, before = group_in(seen, OWN), trace_of(seen, OWN).close[0]
    moves = {row: {0: 1 + row / 100, 2: 1 - row / 100, 9: 1.05} for row in group.rows}
    moves[2] = {9: 1.05}
    whole = trace_of(folded(seen, *(day_of(row, told) for row, told in moves.items())), OWN)
    slots = (NOW - OPENED) // 300
    assert whole.times[0] == OPENED
    assert list(whole.times) == [*range(OPENED, OPENED + 10 * 300, 300), NOW], (
        "not beyond the last price that is known"
    )
    assert slots > 10
    assert (whole.close[0], whole.close[-1]) == (before, trace_of(seen, OWN).close[-1])
    parts = _parts(before, whole.close[1], {0: 1.0, 1: 1.01, 2: 1.0})
    assert whole.close[1] / before - 1 == pytest.approx(0.01 * parts[1])
    assert whole.close[2] / before - 1 == pytest.approx(-0.01 * parts[1])
    assert whole.close[8] == whole.close[2], "no trade, no new price"
    assert whole.close[9] == pytest.approx(before * 1.05)


def _parts(before: float, level: float, told: Mapping[int, float]) -> Mapping[int, float]:
    """The part of the only member that moved, which must be a third or so."""
    part = (level / before - 1) / (told[1] - 1)
    assert 0.2 < part < 0.5
    return {1: part}

"""The groups as instruments: their first day, gaps in the past, baskets that drift, their order."""

from __future__ import annotations

from array import array
from datetime import timedelta
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from market.census import Census, Members, heaviest_first
from market.fold import fold
from market.metrics.census import CensusTaker
from market.metrics.groups import groups_of
from market.quotes import Bars, Key, Kind
from market.reckoning import Reckoner, Reckoning
from market.reports import Computed
from market.sessions import previous_session, session_of
from market.snapshot import Snapshot
from tests.market.metrics.small_index import (
    BASKET,
    COUNT,
    DAY,
    NOON,
    census_of,
    closes_of,
    holdings,
    listings,
    past_of,
    snapshot,
    symbols,
)

GROUP, OWN = "@biotechnology", "@basket:made-up"
UNEVEN = [((row * 7) % 11 - 5) / 100 for row in range(COUNT)]


def taken(picture: Snapshot) -> Computed:
    report = CensusTaker().take(picture, picture.now)
    assert report is not None
    return report


def moved(report: Computed, symbol: str) -> float:
    """A group's return since the close before."""
    quote = next(quote for quote in report.quotes if quote.symbol == symbol)
    assert quote.reported_previous_close is not None
    return quote.last / quote.reported_previous_close - 1


def closes(report: Computed, symbol: str) -> Bars:
    return next(b for b in report.bars if b.key == Key(Kind.CLOSES, symbol))


def members_of(report: Computed) -> Members:
    assert report.census is not None
    return report.census.members


# The first day


def test_with_two_answers_the_groups_day_is_known_and_nothing_else() -> None:
    """Holdings and listings are enough: returns, marks of the trend and the JSON's figures."""
    cold = replace(snapshot(lists=listings(UNEVEN)), past={})
    report = Reckoner().reckon(cold, Reckoning(at=NOON, members=True))
    assert report.census is not None
    members = report.census.members
    for group in report.census.groups:
        day = report.readings[f"{group.slug}.return.1d"]
        weights = [members.weight[row] for row in group.rows]
        own = [
            weight * members.returns["1D"][row]
            for weight, row in zip(weights, group.rows, strict=True)
        ]
        if not group.symbol.startswith("@basket"):
            assert day.value == pytest.approx(sum(own) / sum(weights)), group.symbol
        assert (day.used, day.total) == (len(group.rows), len(group.rows))
        month = report.readings[f"{group.slug}.return.1m"]
        assert (month.value, month.used) == (None, 0)
    change, base = (
        report.readings[f"{'basket.made-up'}.{n}"] for n in ("change", "previous_close")
    )
    day = report.readings["basket.made-up.return.1d"]
    assert (base.value, day.value) == (100.0, pytest.approx(np.mean(UNEVEN[:3])))
    assert change.value == pytest.approx(100 * np.mean(UNEVEN[:3]))


def test_levels_seen_of_the_day_keep_their_shape_when_the_past_comes_in() -> None:
    """A level begins anew with more of the past: what was seen of the day is brought to it."""
    picture = snapshot()
    first = fold(cold := replace(picture, past={}), taken(cold), NOON)
    later = NOON + timedelta(minutes=5)
    news = listings(as_of=later)
    report = taken(replace(first, past=picture.past, listings=news).at(later))
    trace = next(b for b in report.bars if b.key == Key(Kind.TRACE, GROUP))
    before = closes(report, GROUP).close[-1]
    assert before > 101
    assert trace.close[0] == before
    assert [p / before - 1 for p in trace.close[1:]] == pytest.approx([moved(report, GROUP)] * 2)


# A gap between the past and today


def short_by(count: int, rows: range) -> Snapshot:
    """A picture in which the past of some members ends sessions earlier than it should."""
    picture = snapshot()
    short = {symbols()[row]: past_of(symbols()[row], closes_of(row)) for row in rows}
    cut = {s: bars.between(0, len(bars) - count) for s, bars in short.items()}
    return replace(picture, past={**picture.past, **cut})


def test_the_close_before_follows_from_what_the_prices_tell_where_the_past_is_not_in() -> None:
    whole, gap = taken(snapshot()), taken(short_by(1, range(COUNT)))
    told, known = closes(gap, GROUP), closes(whole, GROUP)
    assert told.times == known.times
    assert told.close == pytest.approx(known.close)
    assert moved(gap, GROUP) == pytest.approx(moved(whole, GROUP))


def test_a_member_that_did_not_trade_the_day_before_is_no_gap() -> None:
    """Its previous close is its last one, and the group's own level stands: that of the others."""
    group = index().group(GROUP)
    assert group is not None
    heaviest, *others = group.rows
    told = listings()
    change = told.change[:]
    change[heaviest] = told.last[heaviest] - closes_of(heaviest)[-2]
    idle = short_by(1, range(heaviest, heaviest + 1))
    level = closes(taken(replace(idle, listings=replace(told, change=change))), GROUP).close
    shares = holdings().quantity
    now, then = (sum(shares[row] * closes_of(row)[n] for row in others) for n in (-1, -2))
    assert level[-1] / level[-2] == pytest.approx(now / then)


# A basket's parts drift


def test_a_baskets_day_agrees_with_the_close_that_comes_in_the_next_morning() -> None:
    """Its members weigh what they have come to since the renewal, not equal parts each day."""
    today = taken(snapshot(lists=listings(UNEVEN)))
    morning = session_of(DAY).close + timedelta(hours=16)
    grown = {
        symbol: _with(past, members_of(today).last[row])
        for row, (symbol, past) in enumerate(snapshot().past.items())
    }
    tomorrow = taken(replace(snapshot(morning, listings(UNEVEN)), past=grown))
    level, day = closes(tomorrow, OWN).close, closes(tomorrow, OWN).times[-1]
    assert day == int(session_of(DAY).open.timestamp())
    assert moved(today, OWN) == pytest.approx(level[-1] / level[-2] - 1, abs=1e-12)
    assert abs(moved(today, OWN) - np.mean(UNEVEN[:3])) > 1e-5, "parts have drifted"


def _with(past: Bars, close: float) -> Bars:
    opened = int(session_of(DAY).open.timestamp())
    return replace(
        past,
        times=array("q", (*past.times, opened)),
        close=array("d", (*past.close, close)),
        high=array("d", (*past.high, close)),
        low=array("d", (*past.low, close)),
        volume=array("d", (*past.volume, 1e5)),
        as_of=session_of(DAY).close,
    )


def test_a_basket_member_without_a_past_has_come_along_with_the_rest() -> None:
    picture = snapshot(lists=listings(UNEVEN))
    past = {symbol: bars for symbol, bars in picture.past.items() if symbol != "M002"}
    parts = [closes_of(row)[-1] / closes_of(row)[_row_of_the_renewal()] for row in (0, 1)]
    parts.append(sum(parts) / 2)
    expected = np.average(UNEVEN[:3], weights=parts)
    assert moved(taken(replace(picture, past=past)), OWN) == pytest.approx(expected)


def _row_of_the_renewal() -> int:
    """The last session of June, counted back from the one before DAY."""
    day, back = previous_session(DAY), -1
    while day.month > 6:
        day, back = previous_session(day), back - 1
    return back


# The order


@cache
def index() -> Census:
    return census_of(snapshot())


WEIGHTS = st.lists(
    st.sampled_from([0.0, 0.001, 0.002, 0.5, float("nan")]), min_size=COUNT, max_size=COUNT
)


@given(WEIGHTS)
def test_members_and_groups_are_in_the_order_of_what_they_weigh_now(weights: list[float]) -> None:
    """Not of the file's values, which are of its own day; ties by symbol, unknown weights last."""
    members = replace(index().members, weight=array("d", weights))

    def expected(rows: list[int]) -> list[int]:
        known = sorted((r for r in rows if weights[r] == weights[r]), key=lambda r: -weights[r])
        return [*known, *(r for r in rows if weights[r] != weights[r])]  # symbols rise with rows

    assert list(heaviest_first(members)) == expected(list(range(COUNT)))
    for group in groups_of(members, (BASKET,), {}):
        assert list(group.rows) == expected(sorted(group.rows)), group.symbol


def test_prices_that_moved_since_the_file_change_the_order() -> None:
    taker = CensusTaker()
    picture = snapshot()
    first = taker.take(picture, NOON)
    file = holdings()
    heavier = array("d", (v * (50 if row == 90 else 1) for row, v in enumerate(file.market_value)))
    second = taker.take(
        replace(picture, holdings={file.fund: replace(file, market_value=heavier)}), NOON
    )
    assert first is not None
    assert second is not None
    before, after = heaviest_first(members_of(first)), heaviest_first(members_of(second))
    assert (after[0], before[0]) == (90, before[0])
    assert before[0] != 90
    assert second.census is not None
    group = next(g for g in second.census.groups if 90 in g.rows)
    assert group.rows[0] == 90

"""A member's past, put together from closes, bars and the listings' sessions."""

from __future__ import annotations

import math
from array import array
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from market.census import Change
from market.past import (
    KEPT_SESSIONS,
    inherited_pasts,
    is_one_session_on,
    joined_past,
    with_session,
)
from market.quotes import Bars, Key, Kind
from market.sessions import session_of
from tests.market.memberships import NAN, THURSDAY, WEDNESDAY, kept, past

TUESDAY = date(2026, 6, 30)
TODAY = session_of(THURSDAY)


def numbers(column: array[float]) -> list[float | None]:
    return [None if math.isnan(value) else value for value in column]


def same(one: Bars, other: Bars) -> bool:
    columns = ("times", "close", "high", "low", "volume")
    return all(getattr(one, n).tobytes() == getattr(other, n).tobytes() for n in columns)


def is_whole(bars: Bars) -> bool:
    columns = (bars.close, bars.high, bars.low, bars.volume)
    rising = all(a < b for a, b in pairwise(bars.times))
    return rising and all(len(column) == len(bars) for column in columns)


# Renamed members


def renamed(old: str, new: str, day: date) -> Change:
    return Change(old, "Made-up", is_addition=False, day=day, renamed_to=new)


def test_a_member_renamed_twice_inherits_what_is_known_of_the_first_symbol() -> None:
    bars = kept(past())
    newest_first = (renamed("B", "C", THURSDAY), renamed("A", "B", WEDNESDAY))
    (found,) = inherited_pasts({"A": bars}, newest_first, ("C", "D"))
    assert found.key == Key(Kind.PAST, "C")
    assert same(found, bars)
    left = replace(newest_first[0], renamed_to="")
    for known, changes, members in (
        ({"A": bars, "C": bars}, newest_first, ("C",)),
        ({"A": bars}, newest_first, ("D",)),
        ({"A": bars}, (left,), ("C",)),
        ({}, newest_first, ("C",)),
    ):
        assert inherited_pasts(known, changes, members) == ()


# Answers


def test_closes_alone_leave_the_rest_unknown() -> None:
    whole = joined_past(None, past(closes=range(1, 11)))
    assert whole.key == Key(Kind.PAST, "M0")
    assert list(whole.close) == list(range(1, 11))
    for column in (whole.high, whole.low, whole.volume):
        assert numbers(column) == [None] * 10
    assert not whole.open


def test_bars_fill_ranges_and_volume_and_closes_keep_them() -> None:
    bars = joined_past(joined_past(None, past()), past(kind=Kind.PAST_BARS))
    assert (bars.high[0], bars.low[0], bars.volume[0]) == (101.0, 99.0, 1e6)
    again = joined_past(bars, past())
    assert same(again, bars)


def test_an_empty_answer_changes_nothing() -> None:
    known = kept(past())
    assert joined_past(known, past(count=10).between(0, 0)) is known


def test_a_newer_answer_follows_the_older_one() -> None:
    known = joined_past(None, past(last=TUESDAY, kind=Kind.PAST_BARS))
    joined = joined_past(known, past(last=WEDNESDAY))
    assert len(joined) == 11, "what was known of days before it stays"
    assert joined.as_of == session_of(WEDNESDAY).close
    assert numbers(joined.volume) == [*([1e6] * 10), None]


def test_what_the_listings_told_in_between_stays() -> None:
    known = with_session(kept(past()), TODAY.open, 105.0, 7e5)
    joined = joined_past(known, past())
    assert len(joined) == 11
    assert (joined.close[-1], joined.volume[-1]) == (105.0, 7e5)
    assert joined.as_of == TODAY.close


def test_a_short_answer_does_not_shorten_what_is_known() -> None:
    known = kept(past(count=500))
    joined = joined_past(known, past(count=5, closes=[7, 7, 7, 7, 100]))
    assert len(joined) == 500
    assert list(joined.close[-5:]) == [7, 7, 7, 7, 100]


def test_without_a_day_in_common_the_older_past_is_another_shares() -> None:
    known = kept(past(last=date(2025, 1, 3)))
    assert len(joined_past(known, past())) == 10


# Splits


def test_after_a_split_older_columns_are_brought_to_the_new_scale() -> None:
    known = joined_past(None, past(count=20, kind=Kind.PAST_BARS, volume=1000.0))
    joined = joined_past(known, past(count=10, closes=[50.0] * 10))
    assert set(joined.close) == {50.0}, "the ten days before it as well"
    assert (set(joined.high), set(joined.low)) == ({50.5}, {49.5})
    assert set(joined.volume) == {2000.0}


def test_a_session_of_the_old_scale_is_brought_along() -> None:
    known = with_session(kept(past()), TODAY.open, 110.0, 1000.0)
    joined = joined_past(known, past(closes=[50.0] * 10))
    assert (joined.close[-1], joined.volume[-1]) == (55.0, 2000.0)


def test_a_close_that_was_merely_corrected_rescales_nothing() -> None:
    known = joined_past(None, past(count=20, kind=Kind.PAST_BARS))
    joined = joined_past(known, past(count=10, closes=[*([100.0] * 9), 101.0]))
    assert (joined.high[0], joined.close[0]) == (101.0, 100.0)


def test_splits_and_dividends_of_several_answers_are_kept() -> None:
    known = replace(kept(past()), splits=((10, 2.0),), dividends=((5, 0.1), (6, 0.2)))
    joined = joined_past(known, replace(past(), splits=((20, 3.0),), dividends=((6, 0.3),)))
    assert joined.splits == ((10, 2.0), (20, 3.0))
    assert joined.dividends == ((5, 0.1), (6, 0.3))


# Sessions that the listings completed


def test_a_session_is_added_once() -> None:
    before = kept(past())
    once = with_session(before, TODAY.open, 105.0, 7e5)
    assert (len(once), once.times[-1]) == (11, int(TODAY.open.timestamp()))
    assert (once.close[-1], once.volume[-1]) == (105.0, 7e5)
    assert numbers(once.high)[-1] is None
    assert once.as_of == TODAY.close
    assert with_session(once, TODAY.open, 1.0, 1.0) is once
    assert with_session(before, session_of(TUESDAY).open, 1.0, 1.0) is before


def test_an_unknown_volume_is_missing() -> None:
    assert numbers(with_session(kept(past()), TODAY.open, 105.0, NAN).volume)[-1] is None


def test_a_past_one_session_on_is_recognised() -> None:
    before = kept(past(count=40))
    on = with_session(before, TODAY.open, 105.0, 7e5)
    assert is_one_session_on(before, on)
    assert not is_one_session_on(on, on)
    assert not is_one_session_on(on, before)
    assert not is_one_session_on(kept(past(count=40, closes=[99.0] * 40)), on)
    assert not is_one_session_on(kept(past(count=40), with_volume=False), on)
    assert is_one_session_on(
        kept(past(count=3)), with_session(kept(past(count=3)), TODAY.open, 1, 1)
    )


def test_three_years_are_kept() -> None:
    full = kept(past(count=KEPT_SESSIONS))
    on = with_session(full, TODAY.open, 105.0, 7e5)
    assert (len(on), on.close[-1]) == (KEPT_SESSIONS, 105.0)
    assert is_one_session_on(full, on)
    joined = joined_past(full, past(last=THURSDAY, count=500))
    assert len(joined) == KEPT_SESSIONS


COUNTS = st.integers(1, 15)
DAYS = st.sampled_from([date(2026, 6, 26), TUESDAY, WEDNESDAY, THURSDAY])
KINDS = st.sampled_from([Kind.PAST, Kind.PAST_BARS])


@st.composite
def pieces(draw: st.DrawFn) -> Bars:
    return past(last=draw(DAYS), count=draw(COUNTS), kind=draw(KINDS))


@given(st.lists(pieces(), min_size=1, max_size=6))
def test_answers_in_any_order_make_one_whole_past(told: list[Bars]) -> None:
    joined: Bars | None = None
    for piece in told:
        joined = joined_past(joined, piece)
    assert joined is not None
    assert is_whole(joined)
    assert set(joined.close) == {100.0}
    newest = max(piece.times[-1] for piece in told)
    assert joined.times[-1] == newest


@given(st.floats(0.05, 20), st.integers(1, 9))
def test_a_split_of_any_ratio_leaves_returns_as_they_were(ratio: float, overlap: int) -> None:
    closes = [100.0 + n for n in range(20)]
    known = joined_past(None, past(count=20, closes=closes, kind=Kind.PAST_BARS))
    news = past(count=overlap, closes=[c * ratio for c in closes[-overlap:]])
    joined = joined_past(known, news)
    returns = [b / a for a, b in pairwise(joined.close)]
    before = [b / a for a, b in pairwise(closes)]
    assert returns == pytest.approx(before, rel=0.021)

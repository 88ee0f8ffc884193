"""Daily bars as tables: what they hold, how long they are kept, and what a tick costs."""

from __future__ import annotations

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time
from functools import cache

import pytest
from msgspec.structs import replace

from market.metrics.compute import compute
from market.metrics.frames import (
    COLUMNS,
    Frame,
    before,
    common_closes,
    frame_of,
    kept_with_bars,
    on_sessions,
)
from market.quotes import Bars, Key, Kind
from market.sessions import NEW_YORK
from market.snapshot import Snapshot
from tests.clocks import THURSDAY_AFTERNOON
from tests.market.metrics.pictures import (
    bars_of,
    full_picture,
    new_picture,
    quote_at,
    wave,
    with_quote,
)

TUE, WED, THU = date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 2)
HOLIDAY = date(2026, 7, 3)


def dates(frame: Frame) -> list[date]:
    days: list[date] = frame.days.astype("datetime64[D]").tolist()
    return days


def extended_by(bars: Bars, day: date, close: float) -> Bars:
    """Return closes with one more at 09:30 New York of a day, session or not."""
    start = int(datetime.combine(day, time(9, 30), NEW_YORK).timestamp())
    times, closes = bars.times[:], bars.close[:]
    times.append(start)
    closes.append(close)
    return replace(bars, times=times, close=closes)


def renewed(snapshot: Snapshot) -> Snapshot:
    """Return the same knowledge with bars that nobody has seen yet."""
    bars = {key: known.between(0, len(known)) for key, known in snapshot.bars.items()}
    return replace(snapshot, bars=bars)


class TestTables:
    def test_have_a_row_a_bar_by_date_and_the_known_columns(self) -> None:
        closes = frame_of(bars_of("XBI", {TUE: 1.0, WED: 2.0}, Kind.CLOSES))
        assert [name for name in COLUMNS if len(getattr(closes, name))] == ["close"]
        assert dates(closes) == [TUE, WED]
        assert list(closes.close) == [1.0, 2.0]
        full = frame_of(bars_of("XBI", {WED: (1.0, 3.0, 0.5, 2.0)}, volumes=[7.0]))
        assert dates(full) == [WED]
        assert [getattr(full, name).tolist() for name in COLUMNS] == [[1], [3], [0.5], [2], [7]]
        assert len(frame_of(bars_of("XBI", {WED: 1.0}).between(0, 0))) == 0

    def test_cannot_be_written_to_since_they_are_the_bars_own_columns(self) -> None:
        bars = bars_of("XBI", {TUE: 1.0, WED: 2.0})
        with pytest.raises(ValueError, match="read-only"):
            frame_of(bars).close[0] = 9.0

    def test_of_sessions_leave_out_holidays_and_weekends(self) -> None:
        bars = bars_of("^VIX", {WED: 16.0, THU: 16.5}, Kind.CLOSES)
        for day in (HOLIDAY, date(2026, 7, 4), date(2026, 7, 6)):
            bars = extended_by(bars, day, 17.0)
        assert dates(frame_of(bars)) == [WED, THU, HOLIDAY, date(2026, 7, 4), date(2026, 7, 6)]
        assert dates(on_sessions(bars)) == [WED, THU, date(2026, 7, 6)]

    def test_before_a_date_end_the_day_before(self) -> None:
        frame = frame_of(bars_of("XBI", {TUE: 1.0, WED: 2.0, THU: 3.0}))
        assert dates(before(frame, THU)) == [TUE, WED]
        assert not len(before(frame, TUE))
        assert dates(frame.tail(2)) == [WED, THU]
        assert dates(frame.tail(9)) == [TUE, WED, THU]

    def test_of_two_hold_the_days_of_both(self) -> None:
        ours = bars_of("^RUT", {TUE: 1.0, WED: 2.0, THU: 3.0})
        theirs = bars_of("^GSPC", {TUE: 10.0, THU: 30.0})
        pairs = common_closes(ours, theirs, 5)
        assert [each.tolist() for each in pairs] == [[1.0, 3.0], [10.0, 30.0]]
        nothing = common_closes(ours, theirs.between(0, 0), 5)
        assert [each.tolist() for each in nothing] == [[], []]

    def test_of_two_count_a_day_that_comes_twice_once(self) -> None:
        ours = bars_of("^RUT", {TUE: 1.0, WED: 2.0})
        times, closes = ours.times[:], ours.close[:]
        times.append(times[-1] + 60)
        closes.append(2.5)
        twice = replace(ours, times=times, close=closes)
        pairs = common_closes(twice, bars_of("^GSPC", {TUE: 10.0, WED: 20.0}), 5)
        assert [each.tolist() for each in pairs] == [[1.0, 2.5], [10.0, 20.0]]


class TestKeeping:
    def test_a_result_is_worked_out_once_for_the_same_bars_and_arguments(self) -> None:
        asked: list[int] = []

        @kept_with_bars
        def close_at(bars: Bars, index: int) -> float:
            asked.append(index)
            return bars.close[index]

        bars, same = (bars_of("XBI", {TUE: 1.0, WED: 2.0}) for _ in range(2))
        assert [close_at(bars, 0), close_at(bars, 1), close_at(bars, 0)] == [1.0, 2.0, 1.0]
        assert close_at(same, 0) == 1.0
        assert asked == [0, 1, 0], "other bars are other bars, even with equal numbers"

    def test_what_raises_is_asked_again(self) -> None:
        answers = iter([ValueError("not yet"), 3])

        @kept_with_bars
        def moody(_bars: Bars) -> int:
            answer = next(answers)
            if isinstance(answer, ValueError):
                raise answer
            return answer

        bars = bars_of("XBI", {WED: 1.0})
        with pytest.raises(ValueError, match="not yet"):
            moody(bars)
        assert moody(bars) == 3

    def test_everything_is_forgotten_with_its_bars(self) -> None:
        gc.freeze()  # what other tests left is not looked through
        snapshot = new_picture(THURSDAY_AFTERNOON, ("NVDA",), 300)
        compute(snapshot)
        bars = [weakref.ref(known) for known in snapshot.bars.values()]
        tables = [weakref.ref(frame_of(known).days) for known in snapshot.bars.values()]
        del snapshot
        gc.collect()
        gc.unfreeze()
        assert [ref() for ref in (*bars, *tables) if ref() is not None] == []


@cache
def known() -> Snapshot:
    return full_picture()


@pytest.mark.parametrize("symbol", ["XBI", "^RUT", "^VIX", "IWM", "^GSPC", "NVDA"])
def test_a_tick_asks_no_table(symbol: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quote = known().quotes[symbol]
    tick = with_quote(known(), quote_at(symbol, quote.last * 1.01, quote.as_of, quote.source))
    expected = compute(renewed(tick), [symbol])
    compute(known())

    def refuse(*_args: object) -> None:
        pytest.fail("a table was asked")

    monkeypatch.setattr(Frame, "rows", refuse)
    assert compute(tick, [symbol]) == expected


def test_a_session_under_way_is_cut_off_once() -> None:
    symbol = "XBI"
    snapshot = replace(known(), bars={Key(Kind.DAILY, symbol): wave(symbol, 60.0, THU, 300)})
    whole = compute(snapshot, [symbol])
    assert compute(snapshot, [symbol]) == whole
    yesterday = wave(symbol, 60.0, THU, 300).between(0, 299)
    assert compute(replace(snapshot, bars={yesterday.key: yesterday}), [symbol]) == whole


def test_threads_agree() -> None:
    snapshot = renewed(known())
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(compute, [snapshot] * 4))
    expected = compute(known())
    assert all(answer == expected for answer in answers)

"""How volume usually comes within a day, and what a session's is held against."""

from __future__ import annotations

import gzip
import json
from array import array
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from market.feeds.demo_market import DemoMarket, moment_at
from market.feeds.demo_tape import u_shape
from market.instruments import TRACKER, default_cast
from market.metrics.day_curve import SPAN, DayCurve, Measure, curve_of, measure_of
from market.quotes import Bars, Key, Kind
from market.reading import FULL_DAYS
from market.sessions import session_of, sessions_back, sessions_between
from market.snapshot import Snapshot, empty_snapshot
from tests.market.day_charts import STEP, five_days
from tests.shared import SHARED, needs_shared

DAY, BEFORE = date(2026, 8, 4), date(2026, 8, 3)
HALF_DAY = date(2026, 11, 27)
OPEN, CLOSE = session_of(DAY).open, session_of(DAY).close
BARS = 78
MINUTE = timedelta(minutes=1)


def early(day: date, place: float) -> float:
    """Three quarters of the volume in the first half of the day."""
    del day
    return 3000.0 if place < 0.5 else 1000.0


def curve(bars: Bars, until: date = BEFORE) -> DayCurve | None:
    """The curve of the fortnight up to a session."""
    return curve_of(bars, map(session_of, sessions_between(until - timedelta(days=13), until)))


def known(bars: Bars, until: date = BEFORE) -> DayCurve:
    found = curve(bars, until)
    assert found is not None
    return found


def picture(*charts: Bars) -> Snapshot:
    return replace(empty_snapshot(OPEN), bars={bars.key: bars for bars in charts})


def without(bars: Bars, day: date, *places: int) -> Bars:
    """The same without some bars of a day."""
    opened = int(session_of(day).open.timestamp())
    gone = {opened + STEP * place for place in places}
    rows = [
        row for row in zip(bars.times, bars.volume, bars.close, strict=True) if row[0] not in gone
    ]
    times, volumes, closes = zip(*rows, strict=True)
    return replace(
        bars, times=array("q", times), volume=array("d", volumes), close=array("d", closes)
    )


class TestCurve:
    def test_tells_what_is_usual_by_each_time(self) -> None:
        found = known(five_days(BEFORE, early))
        half = timedelta(hours=3, minutes=15)
        assert found.sessions == 5
        assert found.share(half) == pytest.approx(0.75)
        assert found.share(half / 2) == pytest.approx(0.375)
        assert found.share(timedelta(0)) == found.share(-MINUTE) == 0.0
        assert found.share(2 * half) == found.share(4 * half) == pytest.approx(1.0)

    def test_is_even_within_a_bar(self) -> None:
        found = known(five_days(BEFORE))
        assert found.share(timedelta(minutes=7)) == pytest.approx(7 / 390)

    def test_a_busy_day_counts_as_much_as_a_quiet_one(self) -> None:
        def one_is_busy(day: date, place: float) -> float:
            return 1e6 * early(day, place) if day == BEFORE else 1.0

        found = known(five_days(BEFORE, one_is_busy))
        assert found.share(timedelta(hours=3, minutes=15)) == pytest.approx((0.75 + 4 * 0.5) / 5)

    def test_needs_three_whole_sessions(self) -> None:
        assert known(five_days(BEFORE, sessions=3)).sessions == 3
        assert curve(five_days(BEFORE, sessions=2)) is None
        assert curve(replace(five_days(BEFORE), volume=array("d"))) is None
        assert curve(five_days(BEFORE, lambda day, place: 0.0)) is None

    def test_leaves_out_a_day_with_a_gap(self) -> None:
        bars = without(five_days(BEFORE), BEFORE, 40)
        assert known(bars).sessions == 4

    def test_leaves_out_the_session_under_way_and_those_not_asked_for(self) -> None:
        bars = five_days(DAY)
        assert known(replace(bars, as_of=CLOSE - MINUTE), DAY).sessions == 4
        assert known(bars, DAY).sessions == 5
        assert known(bars, BEFORE).sessions == 4

    def test_leaves_out_half_days(self) -> None:
        after = date(2026, 11, 30)
        assert known(five_days(after), after).sessions == 4

    @given(
        st.lists(st.floats(0, 1e9), min_size=BARS, max_size=BARS).filter(lambda v: sum(v) > 1e-3)
    )
    def test_never_falls_and_ends_at_one(self, day: list[float]) -> None:
        bars = five_days(BEFORE, sessions=3)
        found = known(replace(bars, volume=array("d", day * 3)))
        assert found.parts[0] == 0
        assert found.parts[-1] == pytest.approx(1)
        assert list(found.parts) == sorted(found.parts)

    @pytest.mark.parametrize("minutes", [5, 120, 302, 390])
    def test_in_the_demo_is_that_of_its_members(self, minutes: int) -> None:
        key, elapsed = Key(Kind.CHART, TRACKER, SPAN), timedelta(minutes=minutes)
        moment = moment_at(OPEN + elapsed)
        assert moment is not None
        found = known(DemoMarket(7, default_cast()).chart(key, moment))
        whole = u_shape(BARS * 5)
        assert found.sessions == 4
        assert found.share(elapsed) == pytest.approx(sum(whole[:minutes]) / sum(whole), rel=0.1)

    @needs_shared
    def test_of_real_days_is_busiest_at_both_ends(self) -> None:
        name = "IWM_5m_2026-07-09_2026-08-21.jsonl.gz"
        with gzip.open(SHARED / "history" / "intraday_5m_extended_hours" / name, "rt") as lines:
            rows = [bar for line in lines for bar in json.loads(line)["day"]]
        bars = replace(
            five_days(BEFORE),
            times=array("q", (row["time"] for row in rows)),
            close=array("d", (row["close"] for row in rows)),
            volume=array("d", (float(row["volume"]) for row in rows)),
            as_of=datetime.fromtimestamp(rows[-1]["time"] + STEP, UTC),
        )
        july = list(map(session_of, sessions_between(date(2026, 7, 9), date(2026, 8, 21))))
        whole = curve_of(bars, july)
        assert whole is not None
        assert whole.sessions == 30, "of 9 July twenty bars are missing"
        first, last = whole.share(timedelta(minutes=30)), 1 - whole.share(timedelta(hours=6))
        assert 0.15 < first < 0.2
        assert 0.15 < last < 0.2
        assert 0.45 < whole.share(timedelta(hours=2, minutes=30)) < 0.5


class TestMeasure:
    def of(self, at: datetime, *charts: Bars, symbol: str = "ABCD", day: date = DAY) -> Measure:
        return measure_of(picture(*charts), symbol, day, at)

    def test_is_the_funds_usual_part_of_the_day(self) -> None:
        found = self.of(OPEN + timedelta(hours=3, minutes=15), five_days(BEFORE, early))
        assert found == (pytest.approx(0.75), "by IWM's usual part of the day, 5 sessions")

    def test_is_a_symbols_own_where_its_chart_is_known(self) -> None:
        charts = five_days(BEFORE), five_days(BEFORE, early, symbol="ABCD", sessions=4)
        noon = OPEN + timedelta(hours=3, minutes=15)
        assert self.of(noon, *charts).share == pytest.approx(0.75)
        assert self.of(noon, *charts).words == "by ABCD's usual part of the day, 4 sessions"
        assert self.of(noon, *charts, symbol="OTHR").share == pytest.approx(0.5)
        too_few = five_days(BEFORE, symbol="ABCD", sessions=2)
        assert self.of(noon, charts[0], too_few).words.startswith("by IWM's")

    @pytest.mark.parametrize("charts", [(), (five_days(BEFORE, sessions=2),)])
    def test_without_a_curve_is_whole_days_and_says_so(self, charts: tuple[Bars, ...]) -> None:
        assert self.of(CLOSE - MINUTE, *charts) == (1.0, "session so far against full days")

    def test_at_the_open_and_by_sessions_of_long_ago_too(self) -> None:
        long_ago = five_days(sessions_back(DAY, 12))
        for found in (self.of(OPEN, five_days(BEFORE)), self.of(CLOSE - MINUTE, long_ago)):
            assert found == (1.0, "session so far against full days")

    def test_after_the_close_is_a_whole_day(self) -> None:
        assert self.of(CLOSE, five_days(BEFORE)) == (1.0, "")

    def test_of_a_half_day_is_whole_days_and_says_so(self) -> None:
        half, charts = session_of(HALF_DAY), five_days(date(2026, 11, 25))
        for at, words in ((half.close - MINUTE, "half day so far"), (half.close, "half day")):
            found = self.of(at, charts, day=HALF_DAY)
            assert found == (1.0, f"{words} {FULL_DAYS}")

    def test_is_read_off_the_five_day_chart_alone(self) -> None:
        bars = five_days(BEFORE)
        assert bars.key == Key(Kind.CHART, TRACKER, SPAN)
        month = replace(bars, key=Key(Kind.CHART, TRACKER, "1M"))
        assert FULL_DAYS in self.of(CLOSE - MINUTE, month).words

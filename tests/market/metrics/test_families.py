"""Metric functions over snapshots: bases, guards, fallbacks and the reasons they give."""

from __future__ import annotations

from array import array
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from market.metrics.compute import compute
from market.metrics.frames import Frame
from market.metrics.implied import regime, term_state
from market.metrics.price import guarded_previous_close
from market.metrics.ranges import drawdown, position
from market.metrics.ranks import percentile, rank
from market.metrics.volatility import are_sane
from market.quotes import Bars, Details, Key, Kind, Quote
from market.reports import Reading
from market.sessions import session_of, sessions_between
from market.snapshot import Snapshot, empty_snapshot
from tests.clocks import THURSDAY_AFTERNOON
from tests.market.day_charts import five_days
from tests.market.metrics.pictures import (
    bars_of,
    full_picture,
    new_york,
    pre_market,
    quote_at,
    wave,
    with_bars,
    with_details,
    with_quote,
)

WED, THU = date(2026, 7, 1), date(2026, 7, 2)
NOW = THURSDAY_AFTERNOON


def read(snapshot: Snapshot, name: str) -> Reading:
    return compute(snapshot)[name]


def pair(symbol: str, last: float, closes: dict[date, float], now: datetime = NOW) -> Snapshot:
    """Return a snapshot of one quote and its daily closes."""
    snapshot = with_quote(empty_snapshot(now), quote_at(symbol, last, now))
    return with_bars(snapshot, bars_of(symbol, closes, Kind.CLOSES))


class TestPreviousClose:
    def test_is_the_session_before_the_quotes_own(self) -> None:
        snapshot = pair("XBI", 102.0, {date(2026, 6, 30): 90.0, WED: 100.0})
        assert read(snapshot, "xbi.previous_close").value == 100.0
        assert read(snapshot, "xbi.change").value == 2.0
        assert read(snapshot, "xbi.return.1d").value == pytest.approx(0.02)

    def test_stays_so_when_the_quotes_own_session_is_in_the_bars(self) -> None:
        evening = new_york(THU, "20:30")
        snapshot = pair("XBI", 102.0, {WED: 100.0, THU: 102.0}, evening)
        snapshot = with_quote(snapshot, quote_at("XBI", 102.0, session_of(THU).close))
        assert read(snapshot, "xbi.return.1d").value == pytest.approx(0.02)

    def test_before_the_open_is_the_one_before_yesterdays_quote(self) -> None:
        early = new_york(date(2026, 7, 6), "08:00")
        snapshot = pair("XBI", 102.0, {WED: 100.0, THU: 102.0}, early)
        snapshot = with_quote(snapshot, quote_at("XBI", 102.0, session_of(THU).close))
        assert read(snapshot, "xbi.change").value == 2.0

    def test_is_absent_without_that_very_bar(self) -> None:
        snapshot = pair("XBI", 102.0, {date(2026, 6, 30): 90.0})
        reading = read(snapshot, "xbi.return.1d")
        assert reading == Reading(None, reason="no daily bar for Wed 1 Jul 2026")

    def test_is_never_taken_from_the_quote(self) -> None:
        snapshot = with_quote(
            empty_snapshot(NOW),
            replace(quote_at("^RUT", 2996.11, NOW), reported_previous_close=1.2e-5),
        )
        assert read(snapshot, "rut.return.1d").reason == "waiting for daily bars"

    def test_that_cannot_be_true_is_refused_for_an_index(self) -> None:
        reading = read(pair("^RUT", 2996.11, {WED: 1.2}), "rut.change")
        assert reading.value is None
        assert "cannot be true" in reading.reason

    def test_is_marked_when_a_stock_more_than_doubles(self) -> None:
        reading = read(pair("MXL", 81.68, {WED: 20.69}), "mxl.return.1d")
        assert reading.value == pytest.approx(2.94780087)
        assert "perhaps a split" in reading.reason

    def test_of_a_jump_in_volatility_is_no_split(self) -> None:
        reading = read(pair("^VIX", 37.32, {WED: 17.31}), "vix.return.1d")
        assert reading.value == pytest.approx(1.156, abs=1e-3)
        assert reading.reason == ""

    @pytest.mark.parametrize("symbol", ["^GSPC", "RTY=F"])
    @pytest.mark.parametrize(
        ("clock", "reason"),
        [("14:30", "the move of Wed 1 Jul 2026"), ("08:00", ""), ("20:00", "")],
    )
    def test_says_of_which_day_it_is_while_a_later_session_is_under_way(
        self, symbol: str, clock: str, reason: str
    ) -> None:
        """Known by daily closes alone, there is only the move of the session before."""
        snapshot = pair(symbol, 0.0, {date(2026, 6, 30): 100.0, WED: 102.0}, new_york(THU, clock))
        reading = read(replace(snapshot, quotes={}), f"{snapshot.cast[symbol].slug}.return.1d")
        assert reading.value == pytest.approx(0.02)
        assert ("the move of" in reading.reason, reason in reading.reason) == (bool(reason), True)

    def test_on_a_holiday_is_the_session_before_it(self) -> None:
        holiday = new_york(date(2026, 7, 3), "11:00")
        snapshot = pair("^VIX", 16.0, {WED: 15.0, THU: 16.5}, holiday)
        assert read(snapshot, "vix.previous_close").value == 16.5

    def test_of_a_future_after_six_in_the_evening_is_that_days(self) -> None:
        evening = new_york(WED, "20:00")
        snapshot = pair("RTY=F", 102.0, {date(2026, 6, 30): 90.0, WED: 100.0}, evening)
        assert read(snapshot, "rty.previous_close").value == 100.0

    @pytest.mark.parametrize(
        ("clock", "base", "reason"),
        [
            ("15:30", 100.0, ""),
            ("16:30", 100.0, ""),
            ("17:30", 100.0, ""),
            ("18:30", 105.0, "for the trade date Mon 6 Jul 2026"),
        ],
    )
    def test_of_a_future_changes_with_the_trade_date_alone(
        self, clock: str, base: float, reason: str
    ) -> None:
        struck = new_york(THU, clock)
        closes = {WED: 100.0, THU: 105.0}
        reading = read(pair("RTY=F", 102.0, closes, struck), "rty.return.1d")
        assert (reading.value, reading.reason) == (pytest.approx(102 / base - 1), reason)

    def test_of_a_future_is_never_a_holidays_close(self) -> None:
        holiday, monday = date(2026, 7, 3), date(2026, 7, 6)
        stamps = [new_york(day, "00:00") for day in (THU, holiday, monday)]
        bars = Bars(
            key=Key(Kind.CLOSES, "RTY=F"),
            interval_s=86_400,
            source="yahoo",
            as_of=new_york(monday, "17:00"),
            times=array("q", [int(at.timestamp()) for at in stamps]),
            close=array("d", [105.0, 106.0, 110.0]),
        )
        for struck in (new_york(holiday, "11:00"), new_york(monday, "10:00")):
            quote = quote_at("RTY=F", 108.0, struck)
            snapshot = with_bars(with_quote(empty_snapshot(struck), quote), bars)
            assert read(snapshot, "rty.previous_close").value == 105.0

    def test_of_crypto_is_the_utc_day_before(self) -> None:
        sunday = datetime(2026, 7, 5, 1, tzinfo=UTC)
        days = [date(2026, 7, day) for day in (3, 4, 5)]
        bars = Bars(
            key=Key(Kind.CLOSES, "BTC-USD"),
            interval_s=86_400,
            source="yahoo",
            as_of=sunday,
            times=array(
                "q", [int(datetime(*d.timetuple()[:3], tzinfo=UTC).timestamp()) for d in days]
            ),
            close=array("d", [1.0, 2.0, 3.0]),
        )
        snapshot = with_bars(
            with_quote(empty_snapshot(sunday), quote_at("BTC-USD", 3.0, sunday)), bars
        )
        assert read(snapshot, "btc-usd.previous_close").value == 2.0

    @given(st.floats(allow_nan=True), st.none() | st.floats(allow_nan=True), st.booleans())
    def test_guarded_is_positive_or_absent(
        self, last: float, previous: float | None, is_index: bool
    ) -> None:
        guarded = guarded_previous_close(last, previous, is_index)
        assert guarded is None or (guarded == previous and guarded > 0)


class TestLast:
    def test_falls_back_on_the_daily_close(self) -> None:
        snapshot = with_bars(empty_snapshot(NOW), wave("^RUT", 3000, WED, 300))
        reading = read(snapshot, "rut.last")
        assert reading.as_of == session_of(WED).close
        assert reading.reason == "the daily close"
        assert read(snapshot, "rut.return.1d").value is not None

    def test_prefers_the_official_close_to_an_older_quote(self) -> None:
        evening = new_york(THU, "21:00")
        snapshot = pair("XBI", 1.0, {WED: 100.0, THU: 102.0}, evening)
        stale = replace(quote_at("XBI", 101.0, new_york(THU, "14:00")), volume=5.0)
        snapshot = with_quote(snapshot, stale)
        assert read(snapshot, "xbi.last").value == 102.0
        assert read(snapshot, "xbi.return.1d").value == pytest.approx(0.02)
        assert read(snapshot, "xbi.volume").value is None

    def test_leaves_out_the_bar_of_a_session_under_way(self) -> None:
        snapshot = with_bars(empty_snapshot(NOW), wave("^RUT", 3000, THU, 300))
        assert read(snapshot, "rut.last").as_of == session_of(WED).close

    def test_names_source_and_delay_of_mixed_values(self) -> None:
        readings = compute(full_picture())
        assert readings["vix.return.1m"].source == "cboe+yahoo"
        assert readings["vix.return.1m"].delay_s == 900
        assert readings["vix.term.slope"].source == "cboe"
        assert readings["rut.last"].delay_s == 0


class TestWindows:
    def test_end_at_the_live_price(self) -> None:
        snapshot = full_picture()
        bars = snapshot.bars[Key(Kind.DAILY, "IWM")]
        base = dict(
            zip(
                list(sessions_between(date(2021, 1, 1), WED))[-len(bars) :],
                bars.close,
                strict=True,
            )
        )
        reading = read(snapshot, "iwm.return.ytd")
        assert reading.value == pytest.approx(
            snapshot.quotes["IWM"].last / base[date(2025, 12, 31)] - 1
        )
        assert reading.as_of == snapshot.quotes["IWM"].as_of

    def test_say_when_the_base_day_has_no_bar(self) -> None:
        snapshot = pair("XBI", 110.0, {date(2026, 6, 24): 100.0, WED: 105.0})
        reading = read(snapshot, "xbi.return.1w")
        assert reading.value == pytest.approx(0.1)
        assert reading.reason == "from Wed 24 Jun 2026: no bar for Thu 25 Jun 2026"

    def test_are_absent_before_history_begins(self) -> None:
        reading = read(pair("XBI", 110.0, {WED: 105.0}), "xbi.return.1y")
        assert reading == Reading(None, reason="history begins on Wed 1 Jul 2026")

    def test_are_absent_when_the_history_ended_long_ago(self) -> None:
        reading = read(pair("XBI", 110.0, {date(2026, 1, 2): 100.0}), "xbi.return.5d")
        assert reading.reason == "no daily bar near Thu 25 Jun 2026"

    def test_of_a_foreign_share_need_no_new_york_session(self) -> None:
        friday = datetime(2026, 7, 3, 14, tzinfo=UTC)
        snapshot = pair("SAP.DE", 110.0, {date(2026, 6, 2): 100.0, WED: 104.0, THU: 105.0}, friday)
        assert read(snapshot, "sap:de.return.1d").value == pytest.approx(110 / 105 - 1)
        assert read(snapshot, "sap:de.return.1m").value == pytest.approx(0.1)

    def test_relative_to_the_index(self) -> None:
        readings = compute(full_picture())
        values = [readings[n].value for n in ("xbi.return.3m", "rut.return.3m", "xbi.relative.3m")]
        own, index, relative = (v for v in values if isinstance(v, float))
        assert relative == pytest.approx(own - index)

    def test_of_different_sessions_are_not_compared(self) -> None:
        snapshot = full_picture()
        old = replace(snapshot.quotes["^RUT"], as_of=session_of(WED).close)
        reading = read(with_quote(snapshot, old), "xbi.relative.1m")
        assert reading.reason == "XBI is of Thu 2 Jul 2026, ^RUT of Wed 1 Jul 2026"


class TestRanges:
    def test_go_by_intraday_prices_and_todays(self) -> None:
        snapshot = full_picture()
        bars = snapshot.bars[Key(Kind.DAILY, "XBI")]
        readings = compute(snapshot)
        quote = snapshot.quotes["XBI"]
        assert quote.high is not None
        assert readings["xbi.range52w.high"].value == max(*bars.high[-251:], quote.high)
        assert readings["xbi.range52w.high"].reason == ""

    def test_fall_back_on_the_quote_page(self) -> None:
        details = Details(
            symbol="XBI", as_of=NOW, source="yahoo", week52_high=120.0, week52_low=80.0
        )
        snapshot = with_details(pair("XBI", 100.0, {WED: 105.0}), details)
        reading = read(snapshot, "xbi.range52w.position")
        assert (reading.value, reading.reason) == (pytest.approx(0.5), "")

    def test_of_a_quote_page_of_an_earlier_session_say_so(self) -> None:
        page = Details(
            symbol="XBI", as_of=NOW, source="yahoo", week52_high=100.5, week52_low=80.0,
            earlier=(("week52_low", session_of(WED).close),),
        )  # fmt: skip
        reading = read(with_details(pair("XBI", 100.0, {WED: 105.0}), page), "xbi.range52w.high")
        assert reading.value == 101.0, "the session's own high counts"
        assert reading.reason == "the quote page's of Wed 1 Jul 2026"

    def test_fall_back_on_closes_and_say_so(self) -> None:
        reading = read(pair("XBI", 100.0, {WED: 105.0}), "xbi.range52w.high")
        assert reading.value == 105.0
        assert reading.reason == "closing basis; 2 sessions are known"

    def test_a_drawdown_says_of_how_few_closes_it_is(self) -> None:
        reading = read(pair("XBI", 100.0, {WED: 105.0}), "xbi.drawdown")
        assert reading.value == pytest.approx(100 / 105 - 1)
        assert reading.reason == "2 sessions are known"

    def test_need_two_prices(self) -> None:
        reading = read(pair("XBI", 100.0, {WED: 100.0}), "xbi.range52w.position")
        assert reading.reason == "highest and lowest price are the same"

    @given(st.floats(1, 1e6), st.floats(1, 1e6))
    def test_drawdown_is_a_fall(self, peak: float, last: float) -> None:
        assert -1 < drawdown(peak, last) <= 0
        assert (drawdown(peak, last) == 0) is (last >= peak)

    @given(st.floats(1, 10), st.floats(11, 20), st.floats(0, 1))
    def test_position_lies_between(self, low: float, high: float, share: float) -> None:
        assert position(low + share * (high - low), low, high) == pytest.approx(share)


class TestAverages:
    def test_without_daily_bars_are_the_quote_page_s(self) -> None:
        page = Details(symbol="NEW", as_of=NOW, source="yahoo", average_50d=9.5)
        bare = with_details(with_quote(empty_snapshot(NOW), quote_at("NEW", 10.0, NOW)), page)
        told = read(bare, "new.average.50d")
        assert (told.value, told.reason) == (9.5, "the quote page's")
        assert read(bare, "new.average.200d").reason == "waiting for daily bars"
        few = with_details(pair("XBI", 100.0, {WED: 1.0}), replace(page, symbol="XBI"))
        assert read(few, "xbi.average.50d").reason == "50 closes are needed, 2 are known"


class TestVolume:
    def test_is_compared_with_twenty_sessions(self) -> None:
        assert read(full_picture(), "xbi.relative_volume").value == pytest.approx(8e5 / 1.2e6)

    def test_is_compared_with_the_quote_page_without_history(self) -> None:
        details = Details(symbol="XBI", as_of=NOW, source="yahoo", average_volume=4e5)
        reading = read(with_details(pair("XBI", 100.0, {WED: 1.0}), details), "xbi.relative_volume")
        assert reading.value == 2.0
        words = ["session so far against full days", "against the three-month average volume"]
        assert reading.reason.split("; ") == words

    def test_of_a_half_day_is_marked(self) -> None:
        noon = new_york(date(2026, 11, 27), "12:00")
        reason = read(full_picture(noon), "iwm.relative_volume").reason
        assert reason == "half day so far against full days"
        evening = full_picture(new_york(date(2026, 11, 27), "17:00"))
        assert read(evening, "iwm.relative_volume").reason == "half day against full days"

    def test_of_a_session_under_way_is_marked(self) -> None:
        reading = read(full_picture(), "xbi.relative_volume")
        assert reading.reason == "session so far against full days"
        for clock in ("08:00", "16:30"):
            whole = full_picture(new_york(THU, clock))
            assert read(whole, "xbi.relative_volume").reason == ""

    def test_of_a_session_under_way_is_against_the_part_that_is_usual_by_then(self) -> None:
        snapshot = with_bars(full_picture(), five_days(WED))
        gone = (snapshot.quotes["XBI"].as_of - session_of(THU).open).total_seconds() / 23_400
        reading = read(snapshot, "xbi.relative_volume")
        assert reading.value == pytest.approx(8e5 / 1.2e6 / gone)
        assert reading.reason == "by IWM's usual part of the day, 5 sessions"
        page = Details(symbol="ABCD", as_of=NOW, source="yahoo", average_volume=4e5)
        bare = with_details(pair("ABCD", 100.0, {WED: 1.0}), page)
        told = read(with_bars(bare, five_days(WED)), "abcd.relative_volume")
        assert told.value == pytest.approx(2.0 / gone)

    def test_told_before_the_close_is_against_what_was_usual_by_then(self) -> None:
        evening = with_bars(full_picture(), five_days(WED)).at(new_york(THU, "16:30"))
        quote = evening.quotes["XBI"]
        noon = new_york(THU, "12:45")
        thin = with_quote(evening, replace(quote, as_of=new_york(THU, "15:40")))
        assert read(thin, "xbi.relative_volume").reason == "", "nothing was traded since"
        told = with_quote(evening, replace(quote, earlier=(("volume", noon),)))
        reading = read(told, "xbi.relative_volume")
        assert reading.value == pytest.approx(8e5 / 1.2e6 / 0.5)
        late = replace(quote, as_of=new_york(THU, "15:50"), delay_s=900)
        delayed = read(with_quote(evening, late).at(new_york(THU, "16:05")), "xbi.relative_volume")
        assert delayed.reason == "by IWM's usual part of the day, 5 sessions"

    def test_abroad_is_against_full_days(self) -> None:
        bars = wave("SAP.DE", 100.0, WED, 30)
        quote = quote_at("SAP.DE", 100.0, NOW)
        snapshot = with_quote(with_bars(with_bars(full_picture(), bars), five_days(WED)), quote)
        reading = read(snapshot, "sap:de.relative_volume")
        assert reading.reason == "day so far against full days"

    def test_of_an_index_does_not_exist(self) -> None:
        reading = read(full_picture(), "rut.relative_volume")
        assert reading.reason == "an index has no volume of its own"


class TestExtended:
    def test_print_counts_while_it_is_younger(self) -> None:
        early = new_york(THU, "08:00")
        snapshot = full_picture(early)
        quote = pre_market(snapshot.quotes["IWM"], 300.0, early)
        readings = compute(with_quote(snapshot, quote))
        assert readings["iwm.extended.last"].value == 300.0
        assert readings["iwm.extended.phase"].value == "pre"
        assert readings["iwm.extended.return"].value == pytest.approx(300 / quote.last - 1)
        assert readings["iwm.return.1d"] == compute(snapshot)["iwm.return.1d"]
        implied = readings["iwm.implied_index"]
        assert implied.value == pytest.approx(snapshot.quotes["^RUT"].last * 300 / quote.last)
        assert implied.as_of == early

    def test_print_of_before_the_open_is_forgotten_after_it(self) -> None:
        snapshot = full_picture()
        quote = pre_market(snapshot.quotes["IWM"], 300.0, new_york(THU, "09:00"))
        assert read(with_quote(snapshot, quote), "iwm.extended.last").value is None


class TestVolatility:
    def test_needs_enough_sessions(self) -> None:
        readings = compute(full_picture(count=21))
        assert readings["iwm.realised_vol.yang_zhang.21d"].value is None
        assert "22 daily bars" in readings["iwm.realised_vol.parkinson.21d"].reason
        assert "200 closes" in readings["vix.percentile.1y"].reason

    def test_is_as_old_as_the_last_close(self) -> None:
        reading = read(full_picture(), "iwm.realised_vol.close_to_close.21d")
        assert reading.as_of == session_of(WED).close

    def test_leaves_out_impossible_bars(self) -> None:
        snapshot = full_picture()
        bars = snapshot.bars[Key(Kind.DAILY, "IWM")]
        high = array("d", bars.high)
        high[-3] = 1.0
        reading = read(
            with_bars(snapshot, replace(bars, high=high)), "iwm.realised_vol.parkinson.21d"
        )
        assert reading.value is not None
        assert reading.reason == "1 impossible bars left out"

    def test_uses_vix_where_rvx_is_missing(self) -> None:
        snapshot = full_picture()
        whole = {s: q for s, q in snapshot.quotes.items() if s != "^RVX"}
        bars = {k: b for k, b in snapshot.bars.items() if k.symbol != "^RVX"}
        reading = read(replace(snapshot, quotes=whole, bars=bars), "iwm.implied_minus_realised")
        assert reading.value is not None
        assert "VIX in place of RVX" in reading.reason

    def test_regimes_have_their_lower_bounds(self) -> None:
        words = [regime(level) for level in (12.99, 13, 17, 20, 25, 30)]
        assert words == ["calm", "mid-teens", "normal", "elevated", "stress", "crisis"]

    def test_term_structure_in_words(self) -> None:
        assert [term_state(16, far) for far in (19, 15, 16.05)] == [
            "contango",
            "backwardation",
            "flat",
        ]

    def test_levels_of_different_sessions_are_not_compared(self) -> None:
        snapshot = full_picture()
        old = replace(snapshot.quotes["^VIX3M"], as_of=session_of(WED).close)
        reading = read(with_quote(snapshot, old), "vix.term.state")
        assert reading.reason.startswith("^VIX is of Thu 2 Jul")

    @given(st.lists(st.floats(5, 90), min_size=2, unique=True), st.data())
    def test_percentile_and_rank_lie_between(
        self, levels: list[float], data: st.DataObject
    ) -> None:
        level = data.draw(st.sampled_from(levels))
        assert 1 / len(levels) <= percentile(levels, level) <= 1
        assert 0 <= rank(levels, level) <= 1
        assert percentile(levels, max(levels)) == rank(levels, max(levels)) == 1

    @pytest.mark.parametrize(
        ("prices", "sane"),
        [
            ((10, 11, 9, 10.5), True),
            ((10, 10.2, 9, 10.5), False),
            ((10, 11, 10.1, 10.5), False),
            ((10, 11, 0, 10.5), False),
        ],
    )
    def test_a_bar_encloses_open_and_close(self, prices: tuple[float, ...], sane: bool) -> None:
        columns = (np.array([price]) for price in prices)
        bars = Frame(np.arange(1), *columns, volume=np.empty(0))
        assert list(are_sane(bars)) == [sane]


NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def series(draw: st.DrawFn, symbol: str) -> Bars:
    """Any bars a careless source could send: gaps, zeros, negative and absurd prices."""
    days = draw(st.lists(st.integers(-420, 3), unique=True, max_size=60).map(sorted))
    times = [int(NOW.timestamp()) + 86_400 * day for day in days]
    columns = st.lists(NUMBERS, min_size=len(days), max_size=len(days))
    close, opened, high, low, volume = (array("d", draw(columns)) for _ in range(5))
    return Bars(
        key=Key(draw(st.sampled_from([Kind.DAILY, Kind.CLOSES])), symbol),
        interval_s=86_400,
        source="yahoo",
        as_of=NOW,
        times=array("q", times),
        close=close,
        open=opened,
        high=high,
        low=low,
        volume=volume,
    )


@given(st.data(), st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_no_data_raise_and_no_value_is_not_a_number(data: st.DataObject, as_of: datetime) -> None:
    snapshot = empty_snapshot(NOW)
    for symbol in ("^RUT", "IWM", "^GSPC", "^VIX", "^VIX3M", "RTY=F", "7203.T"):
        snapshot = with_bars(snapshot, data.draw(series(symbol)))
        last, volume = data.draw(NUMBERS), data.draw(st.none() | NUMBERS)
        quote = Quote(
            symbol=symbol, last=last, as_of=as_of, source="yahoo", open=last, volume=volume
        )
        snapshot = with_quote(snapshot, pre_market(quote, last, as_of + timedelta(minutes=1)))
    for name, reading in compute(snapshot).items():
        assert reading.value is not None or reading.reason, name
        if isinstance(reading.value, float):
            assert abs(reading.value) < float("inf"), name

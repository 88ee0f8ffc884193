"""The four looks through weekends, holidays, half days, clock changes and failing feeds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from market.freshness import (
    age_in_words,
    family_freshness,
    freshness,
    list_freshness,
    panel_freshness,
)
from market.health import Look
from market.holdings import WHOLE_MARKET
from market.quotes import Key, Kind
from market.reports import ErrorKind
from market.sessions import last_completed_session, session_of, session_state
from market.snapshot import empty_snapshot
from market.venues import Venue, is_trading, trading_time_between
from tests.clocks import THURSDAY_AFTERNOON
from tests.market.metrics.pictures import (
    failed,
    full_picture,
    new_york,
    pre_market,
    quote_at,
    quoted,
    seen,
    struck_at,
    with_bars,
    with_quote,
)

WED, THU, FRI = date(2026, 7, 1), date(2026, 7, 2), date(2026, 6, 26)
INSTANTS = st.datetimes(
    datetime(2025, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone itself
    datetime(2028, 11, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
SMALL = full_picture(count=30)


def look_of(symbol: str, as_of: datetime, now: datetime, source: str = "yahoo") -> Look:
    slug = {"^RUT": "rut", "RTY=F": "rty", "^VIX": "vix"}.get(symbol, symbol.lower())
    return freshness(quoted(symbol, as_of, now, source), f"{slug}.last").look


class TestLooksOfAQuote:
    def test_live_while_it_is_young(self) -> None:
        now = THURSDAY_AFTERNOON
        assert look_of("^RUT", now - timedelta(seconds=119), now) is Look.LIVE
        assert look_of("^RUT", now - timedelta(seconds=121), now) is Look.LATE

    def test_of_a_delayed_source_may_be_as_much_older(self) -> None:
        now = THURSDAY_AFTERNOON
        assert look_of("^VIX", now - timedelta(seconds=1019), now, "cboe") is Look.LIVE
        assert look_of("^VIX", now - timedelta(seconds=1021), now, "cboe") is Look.LATE

    @pytest.mark.parametrize(
        ("day", "clock"),
        [
            ("2026-06-26", "16:30"),
            ("2026-06-26", "22:00"),
            ("2026-06-27", "12:00"),
            ("2026-06-28", "23:00"),
            ("2026-06-29", "09:29"),
            ("2026-06-29", "09:31"),
        ],
    )
    def test_fridays_close_is_not_late_until_monday_trades(self, day: str, clock: str) -> None:
        now = new_york(date.fromisoformat(day), clock)
        assert look_of("^RUT", session_of(FRI).close, now) is Look.LIVE

    def test_fridays_close_is_late_when_monday_trades(self) -> None:
        now = new_york(date(2026, 6, 29), "09:33")
        value = freshness(quoted("^RUT", session_of(FRI).close, now), "rut.last")
        assert value.look is Look.LATE
        assert value.reason == "no newer price for 3 m of trading"

    @pytest.mark.parametrize(
        ("close_day", "day", "clock", "look"),
        [
            ("2026-07-02", "2026-07-03", "12:00", Look.LIVE),
            ("2026-11-25", "2026-11-26", "12:00", Look.LIVE),
            ("2026-11-27", "2026-11-27", "15:00", Look.LIVE),
            ("2026-11-25", "2026-11-27", "09:40", Look.LATE),
            ("2026-03-06", "2026-03-09", "09:31", Look.LIVE),
            ("2026-03-06", "2026-03-09", "09:33", Look.LATE),
            ("2026-10-30", "2026-11-02", "09:31", Look.LIVE),
            ("2026-10-30", "2026-11-02", "09:33", Look.LATE),
        ],
    )
    def test_through_holidays_half_days_and_clock_changes(
        self, close_day: str, day: str, clock: str, look: Look
    ) -> None:
        close = session_of(date.fromisoformat(close_day)).close
        assert look_of("^RUT", close, new_york(date.fromisoformat(day), clock)) is look

    @given(INSTANTS)
    def test_the_newest_price_there_can_be_is_live(self, now: datetime) -> None:
        assert look_of("^RUT", struck_at(now), now) is Look.LIVE
        assert look_of("^VIX", struck_at(now, "cboe"), now, "cboe") is Look.LIVE

    @given(INSTANTS)
    def test_the_close_before_the_last_one_is_late(self, now: datetime) -> None:
        before = session_of(last_completed_session(session_of(last_completed_session(now)).open))
        assert look_of("^RUT", before.close, now) is Look.LATE

    @given(INSTANTS, st.timedeltas(timedelta(0), timedelta(days=9)))
    def test_nothing_grows_fresher_by_waiting(self, now: datetime, wait: timedelta) -> None:
        as_of = struck_at(now) - timedelta(minutes=3)
        earlier, later = look_of("^RUT", as_of, now), look_of("^RUT", as_of, now + wait)
        assert (earlier, later) != (Look.LATE, Look.LIVE)

    def test_a_thin_funds_last_trade_is_final_once_confirmed_after_the_close(self) -> None:
        evening, struck = new_york(THU, "17:00"), new_york(THU, "15:48")
        snapshot = quoted("PSCU", struck, evening)
        assert freshness(snapshot, "pscu.last").look is Look.LATE
        key = Key(Kind.QUOTE, "PSCU")
        asked = replace(snapshot, fetched={key: new_york(THU, "16:01")})
        assert freshness(asked, "pscu.last").look is Look.LIVE
        asked_too_early = replace(snapshot, fetched={key: new_york(THU, "15:59")})
        assert freshness(asked_too_early, "pscu.last").look is Look.LATE

    def test_a_price_from_the_future_tells_of_a_wrong_clock(self) -> None:
        now = THURSDAY_AFTERNOON
        value = freshness(quoted("^RUT", now + timedelta(minutes=5), now), "rut.last")
        assert (value.look, value.age) == (Look.LATE, timedelta(0))
        assert value.reason == "clock differs from the source by 5 m"
        assert look_of("^RUT", now + timedelta(minutes=2), now) is Look.LIVE


class TestOtherHours:
    @pytest.mark.parametrize(
        ("as_of", "now", "look"),
        [
            (("2026-07-01", "16:50"), ("2026-07-01", "17:50"), Look.LIVE),
            (("2026-07-01", "16:59"), ("2026-07-01", "18:10"), Look.LIVE),
            (("2026-07-01", "16:59"), ("2026-07-01", "18:30"), Look.LATE),
            (("2026-06-26", "16:59"), ("2026-06-28", "18:05"), Look.LIVE),
            (("2026-06-26", "16:59"), ("2026-06-28", "18:20"), Look.LATE),
            (("2026-07-03", "12:59"), ("2026-07-05", "17:00"), Look.LIVE),
            (("2026-07-02", "16:59"), ("2026-07-03", "11:00"), Look.LATE),
            (("2026-07-02", "02:00"), ("2026-07-02", "02:20"), Look.LATE),
            (("2026-12-24", "13:14"), ("2026-12-25", "12:00"), Look.LIVE),
            (("2026-09-04", "16:59"), ("2026-09-07", "18:20"), Look.LATE),
        ],
    )
    def test_futures_are_judged_by_their_own(
        self, as_of: tuple[str, str], now: tuple[str, str], look: Look
    ) -> None:
        struck, at = (new_york(date.fromisoformat(d), clock) for d, clock in (as_of, now))
        assert look_of("RTY=F", struck, at) is look

    def test_crypto_never_rests(self) -> None:
        sunday = new_york(date(2026, 6, 28), "12:00")
        assert look_of("BTC-USD", sunday - timedelta(minutes=14), sunday) is Look.LIVE
        assert look_of("BTC-USD", sunday - timedelta(minutes=16), sunday) is Look.LATE

    def test_abroad_only_weekdays_count(self) -> None:
        friday = datetime(2026, 6, 26, 15, 30, tzinfo=UTC)
        monday = datetime(2026, 6, 29, 6, tzinfo=UTC)
        for symbol, at, look in (
            ("SAP.DE", monday, Look.LIVE),
            ("SAP.DE", monday + timedelta(hours=18), Look.LATE),
        ):
            snapshot = quoted(symbol, friday, at)
            assert freshness(snapshot, "sap:de.last").look is look

    @given(INSTANTS, st.timedeltas(timedelta(0), timedelta(days=6)), st.floats(0, 1))
    def test_trading_time_adds_up_everywhere(
        self, start: datetime, span: timedelta, share: float
    ) -> None:
        middle, end = start + span * share, start + span
        for venue in Venue:
            parts = trading_time_between(venue, start, middle)
            parts += trading_time_between(venue, middle, end)
            assert parts == trading_time_between(venue, start, end)
            assert timedelta(0) <= parts <= span

    def test_futures_rest_from_five_to_six(self) -> None:
        hours = [
            hour for hour in range(24) if is_trading(Venue.FUTURES, new_york(WED, f"{hour:02}:30"))
        ]
        assert hours == [*range(17), *range(18, 24)]


class TestLooksOfADailyValue:
    NAME = "iwm.realised_vol.close_to_close.21d"

    @pytest.mark.parametrize(
        ("day", "clock", "look"),
        [
            ("2026-07-02", "09:00", Look.LIVE),
            ("2026-07-02", "17:59", Look.LIVE),
            ("2026-07-02", "18:01", Look.LATE),
            ("2026-07-04", "12:00", Look.LATE),
        ],
    )
    def test_late_when_the_next_close_is_overdue(self, day: str, clock: str, look: Look) -> None:
        snapshot = seen(SMALL, new_york(date.fromisoformat(day), clock))
        assert freshness(snapshot, self.NAME).look is look

    def test_of_a_thursday_lasts_over_a_long_weekend(self) -> None:
        snapshot = full_picture(new_york(THU, "18:30"), count=30)
        monday = date(2026, 7, 6)
        assert freshness(seen(snapshot, new_york(monday, "17:59")), self.NAME).look is Look.LIVE
        assert freshness(seen(snapshot, new_york(monday, "18:01")), self.NAME).look is Look.LATE

    def test_is_told_by_its_session(self) -> None:
        assert age_in_words(freshness(seen(SMALL), self.NAME)) == "Wed 16:00"


class TestFailing:
    RUT = (Key(Kind.QUOTE, "^RUT"), Key(Kind.INTRADAY, "^RUT"))

    def test_wins_over_late_and_names_reason_and_next_try(self) -> None:
        snapshot = failed(seen(SMALL, SMALL.now + timedelta(minutes=9)), self.RUT[0])
        value = freshness(snapshot, "rut.last")
        assert value.look is Look.FAILING
        assert value.reason == "Yahoo limits requests"
        assert value.trouble is not None
        assert value.trouble.retry_at == snapshot.now + timedelta(minutes=3)
        assert value.age == timedelta(minutes=9)

    def test_is_only_said_of_what_could_not_be_renewed(self) -> None:
        snapshot = failed(seen(SMALL), self.RUT[0])
        assert freshness(snapshot, "iwm.last").look is Look.LIVE
        assert freshness(snapshot, "rut.realised_vol.close_to_close.21d").look is Look.LIVE
        assert freshness(snapshot, "xbi.relative.1d").look is Look.FAILING

    def test_is_not_said_when_the_same_price_came_another_way(self) -> None:
        now = SMALL.now
        snapshot = failed(seen(SMALL), self.RUT[1], since=now - timedelta(minutes=1))
        assert freshness(snapshot, "rut.last").look is Look.LIVE
        at_once = failed(seen(SMALL), self.RUT[1], since=now)
        assert freshness(at_once, "rut.last").look is Look.LIVE
        stuck = failed(seen(SMALL), self.RUT[1], since=now + timedelta(seconds=1))
        assert freshness(stuck, "rut.last").look is Look.FAILING

    def test_of_a_value_never_known_is_absent_with_the_reason(self) -> None:
        snapshot = failed(seen(empty_snapshot(SMALL.now)), self.RUT[0])
        value = freshness(snapshot, "rut.last")
        assert (value.look, value.reason) == (Look.ABSENT, "Yahoo limits requests")
        assert value.trouble is not None
        assert (value.trouble.feed, value.trouble.kind) == ("yahoo", ErrorKind.LIMITED)


class TestAbsent:
    def test_says_why(self) -> None:
        value = freshness(empty_snapshot(SMALL.now), "rut.last")
        assert (value.look, value.reason, value.age) == (Look.ABSENT, "waiting for data", None)
        assert age_in_words(value) == ""

    def test_of_an_unknown_name_says_so(self) -> None:
        value = freshness(replace(SMALL, readings={}), "rut.nonsense")
        assert value.look is Look.ABSENT


class TestPanels:
    NAMES = ("rut.last", "iwm.last", "rty.last")

    def test_live_when_all_are(self) -> None:
        value = panel_freshness(seen(SMALL), self.NAMES)
        assert (value.look, value.source) == (Look.LIVE, "yahoo")

    def test_late_when_one_is(self) -> None:
        quote = quote_at("IWM", 297.0, SMALL.now - timedelta(minutes=7))
        value = panel_freshness(seen(with_quote(SMALL, quote)), self.NAMES)
        assert (value.look, value.age) == (Look.LATE, timedelta(minutes=7))

    def test_failing_when_a_chart_it_shows_is(self) -> None:
        key = Key(Kind.INTRADAY, "^RUT")
        snapshot = failed(seen(SMALL), key, since=SMALL.now - timedelta(minutes=1))
        assert panel_freshness(snapshot, self.NAMES).look is Look.LIVE
        value = panel_freshness(snapshot, self.NAMES, [key])
        assert (value.look, value.age) == (Look.FAILING, timedelta(0))

    def test_absent_only_when_all_are(self) -> None:
        assert panel_freshness(empty_snapshot(SMALL.now), self.NAMES).look is Look.ABSENT
        one = quoted("IWM", SMALL.now, SMALL.now)
        assert panel_freshness(one, self.NAMES).look is Look.LIVE
        assert panel_freshness(one, ()).look is Look.ABSENT

    def test_a_list_is_as_its_middle_row(self) -> None:
        quote = quote_at("IWM", 297.0, SMALL.now - timedelta(minutes=7))
        one_late = seen(with_quote(SMALL, quote))
        assert panel_freshness(one_late, self.NAMES).look is Look.LATE
        assert list_freshness(one_late, self.NAMES).look is Look.LIVE
        assert list_freshness(one_late, ("iwm.last",)).look is Look.LATE
        unknown = failed(seen(SMALL), Key(Kind.QUOTE, "NOSUCH"))
        assert list_freshness(unknown, ("nosuch.last", *self.NAMES)).look is Look.LIVE

    def test_a_column_that_a_feed_leaves_blank_is_told_beside_the_others(self) -> None:
        key = Key(Kind.DAILY, "IWM")
        quoted_only = seen(quoted("IWM", SMALL.now, SMALL.now))
        refused = seen(failed(quoted_only, key))
        names, changes = ["iwm.last"], ["iwm.change", "rty.change"]
        for judge in (list_freshness, family_freshness):
            assert judge(quoted_only, names, changes).look is Look.LIVE
            value = judge(refused, names, changes)
            assert (value.look, value.age) == (Look.FAILING, timedelta(0))
            assert value.trouble == refused.troubles[key]
            known = seen(failed(SMALL, key))
            assert judge(known, names, changes).look is Look.LIVE

    def test_a_family_of_two_sources_names_both_and_is_as_old_as_the_older(self) -> None:
        quote = quote_at("^VIX", 16.2, SMALL.now - timedelta(minutes=1))
        snapshot = seen(with_quote(SMALL, quote))
        value = family_freshness(snapshot, ("vix.last", "rvx.last", "vvix.last"))
        assert (value.source, age_in_words(value)) == ("cboe+yahoo", "15m")

    def test_a_group_says_what_keeps_the_members_from_being_counted(self) -> None:
        empty = empty_snapshot(THURSDAY_AFTERNOON)
        refused = failed(empty, Key(Kind.LISTINGS, WHOLE_MARKET))
        for name in ("basket.ai.return.6m", "breadth.advancing"):
            found = freshness(refused, name)
            assert (found.look, found.reason) == (Look.ABSENT, "Yahoo limits requests"), name

    def test_failing_when_nothing_ever_came(self) -> None:
        empty = seen(empty_snapshot(SMALL.now))
        value = panel_freshness(failed(empty, Key(Kind.QUOTE, "IWM")), self.NAMES)
        assert (value.look, value.reason) == (Look.FAILING, "Yahoo limits requests")


class TestAgeInWords:
    @pytest.mark.parametrize(
        ("seconds", "words"), [(0, "0s"), (2, "2s"), (59, "59s"), (300, "5m"), (7_300, "2h")]
    )
    def test_in_session(self, seconds: int, words: str) -> None:
        now = THURSDAY_AFTERNOON
        snapshot = quoted("^RUT", now - timedelta(seconds=seconds), now)
        assert age_in_words(freshness(snapshot, "rut.last")) == words

    @pytest.mark.parametrize(("seconds", "words"), [(900, "15m"), (1_000, "15m"), (1_260, "21m")])
    def test_of_a_delayed_source(self, seconds: int, words: str) -> None:
        now = THURSDAY_AFTERNOON
        snapshot = quoted("^VIX", now - timedelta(seconds=seconds), now, "cboe")
        assert age_in_words(freshness(snapshot, "vix.last")) == words

    def test_when_the_market_is_closed(self) -> None:
        sunday = new_york(date(2026, 6, 28), "12:00")
        close = session_of(FRI).close
        assert age_in_words(freshness(quoted("^RUT", close, sunday), "rut.last")) == "Fri 16:00"
        later = sunday + timedelta(days=20)
        assert age_in_words(freshness(quoted("^RUT", close, later), "rut.last")) == "26 Jun"

    def test_of_a_pre_market_print_is_an_age(self) -> None:
        early = new_york(THU, "08:00")
        quote = pre_market(quote_at("IWM", 297.0, session_of(WED).close), 298.0, early)
        snapshot = with_quote(empty_snapshot(early), quote)
        snapshot = with_quote(snapshot, quote_at("^RUT", 2990.0, session_of(WED).close))
        snapshot = seen(snapshot, early + timedelta(minutes=4))
        for name in ("iwm.extended.last", "iwm.implied_index"):
            value = freshness(snapshot, name)
            assert (value.look, age_in_words(value)) == (Look.LIVE, "4m")
        assert age_in_words(freshness(snapshot, "iwm.last")) == "Wed 16:00"


@given(INSTANTS, INSTANTS)
def test_every_metric_has_one_of_four_looks_at_any_time(struck: datetime, now: datetime) -> None:
    snapshot = empty_snapshot(now)
    for symbol in ("^RUT", "RTY=F", "NVDA", "SAP.DE"):
        snapshot = with_quote(snapshot, quote_at(symbol, 100.0, struck))
    snapshot = seen(with_bars(snapshot, SMALL.bars[Key(Kind.DAILY, "^RUT")]))
    for name, reading in snapshot.readings.items():
        value = freshness(snapshot, name)
        assert (value.look is Look.ABSENT) is (reading.value is None)
        assert (value.look is Look.LATE) <= bool(value.reason)
        assert bool(age_in_words(value)) is (value.look is not Look.ABSENT)
    assert snapshot.session == session_state(now)


@pytest.mark.parametrize(("asked", "look"), [("16:05", Look.LIVE), ("15:59", Look.FAILING)])
def test_a_close_known_to_be_final_suffers_from_no_failure(asked: str, look: Look) -> None:
    struck, key = new_york(FRI, "15:58"), Key(Kind.QUOTE, "IWM")
    known = quoted("IWM", struck, new_york(FRI, "22:00"))
    known = replace(known, fetched={key: new_york(FRI, asked)})
    assert freshness(failed(known, key), "iwm.last").look is look


def test_a_metric_is_judged_once_a_picture_and_anew_for_another_one() -> None:
    judged = freshness(SMALL, "iwm.last")
    assert freshness(SMALL, "iwm.last") is judged
    assert freshness(replace(SMALL, absences={}), "iwm.last") is not judged
    assert freshness(SMALL, "iwm.last") == judged

"""Which of a value's data can be in trouble, and when a delayed feed excuses its age."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from msgspec.structs import replace

from market.freshness import freshness
from market.health import Look, Trouble
from market.metrics.compute import metric_named
from market.quotes import Key, Kind
from market.renewal import Renewal
from market.reports import ErrorKind
from market.sessions import session_of, sessions_back
from market.snapshot import Serving, Snapshot, empty_snapshot
from tests.clocks import THURSDAY_AFTERNOON
from tests.market.metrics.pictures import (
    failed,
    full_picture,
    new_york,
    pre_market,
    quote_at,
    quoted,
    seen,
    with_quote,
)

WED, THU = date(2026, 7, 1), date(2026, 7, 2)
SMALL = full_picture(count=30)


def keys_behind(snapshot: Snapshot, name: str) -> tuple[Key, ...]:
    """The data whose renewal keeps a metric fresh."""
    found = metric_named(name, snapshot.cast)
    assert found is not None
    return Renewal(snapshot, *found).keys


def test_the_data_behind_a_metric_are_those_ever_asked_for() -> None:
    assert keys_behind(SMALL, "rut.last") == (Key(Kind.QUOTE, "^RUT"),)
    assert keys_behind(SMALL, "iwm.realised_vol.yang_zhang.21d") == (Key(Kind.DAILY, "IWM"),)
    assert set(keys_behind(SMALL, "xbi.relative.1y")) == {
        Key(Kind.QUOTE, "XBI"),
        Key(Kind.QUOTE, "^RUT"),
    }


class TestQuotePage:
    """What only charts and quote pages tell is in trouble when these are, prices are not."""

    DETAILS, TRACE = Key(Kind.DETAILS, "NVDA"), Key(Kind.TRACE, "NVDA")

    def snapshot(self) -> Snapshot:
        now = SMALL.now
        return seen(replace(SMALL, fetched={self.TRACE: now, self.DETAILS: now}))

    def failing(self, *keys: Key) -> Snapshot:
        known = self.snapshot()
        later = known.at(known.now + timedelta(seconds=30))
        return failed(later, *keys)

    @pytest.mark.parametrize("name", ["volume", "relative_volume", "high", "low"])
    def test_in_trouble_costs_its_own_figures(self, name: str) -> None:
        assert freshness(self.snapshot(), f"nvda.{name}").look is Look.LIVE
        value = freshness(self.failing(self.DETAILS), f"nvda.{name}")
        assert (value.look, value.reason) == (Look.FAILING, "Yahoo limits requests")

    @pytest.mark.parametrize("name", ["last", "change", "open", "from_open", "range52w.position"])
    def test_in_trouble_costs_no_price(self, name: str) -> None:
        assert freshness(self.failing(self.DETAILS), f"nvda.{name}").look is Look.LIVE

    def test_in_trouble_is_told_of_a_print_outside_the_session(self) -> None:
        early = new_york(THU, "08:00")
        quote = pre_market(quote_at("NVDA", 97.0, session_of(WED).close), 98.0, early)
        snapshot = seen(with_quote(empty_snapshot(early), quote), early + timedelta(minutes=4))
        assert freshness(snapshot, "nvda.extended.last").look is Look.LIVE
        for name in ("last", "return", "phase"):
            value = freshness(failed(snapshot, self.DETAILS), f"nvda.extended.{name}")
            assert value.look is Look.FAILING

    def test_does_not_matter_where_a_chart_tells_the_same(self) -> None:
        snapshot = self.failing(self.DETAILS)
        charted = {**snapshot.fetched, Key(Kind.INTRADAY, "NVDA"): snapshot.now}
        assert freshness(replace(snapshot, fetched=charted), "nvda.volume").look is Look.LIVE

    def test_never_known_says_why(self) -> None:
        quote = replace(quote_at("NVDA", 97.0, SMALL.now), volume=None)
        snapshot = seen(with_quote(empty_snapshot(SMALL.now), quote))
        value = freshness(failed(snapshot, self.DETAILS), "nvda.volume")
        assert (value.look, value.reason) == (Look.ABSENT, "Yahoo limits requests")

    def test_gives_prices_too_where_nothing_else_was_asked_for(self) -> None:
        snapshot = replace(self.snapshot(), fetched={self.DETAILS: SMALL.now})
        assert keys_behind(snapshot, "nvda.last") == (self.DETAILS,)
        later = failed(snapshot.at(SMALL.now + timedelta(seconds=9)), self.DETAILS)
        assert freshness(later, "nvda.last").look is Look.FAILING

    def test_that_answers_makes_up_for_a_trace(self) -> None:
        snapshot = self.failing(self.TRACE)
        assert freshness(snapshot, "nvda.last").look is Look.FAILING
        answered = {**snapshot.fetched, self.DETAILS: snapshot.now}
        assert freshness(replace(snapshot, fetched=answered), "nvda.last").look is Look.LIVE

    def test_figure_that_is_no_longer_renewed_is_late(self) -> None:
        quote = replace(SMALL.quotes["NVDA"], earlier=(("volume", SMALL.now),))
        later = SMALL.now + timedelta(minutes=3)
        moved = seen(with_quote(SMALL.at(later), replace(quote, as_of=later)))
        assert freshness(moved, "nvda.last").look is Look.LIVE
        value = freshness(moved, "nvda.volume")
        assert (value.look, value.age) == (Look.LATE, timedelta(minutes=3))
        assert value.reason == "no newer figure for 3 m of trading"


class TestAPrintOutsideRegularHours:
    """It trades seldom, so who asks confirms it: until its day's trading ends."""

    DETAILS = Key(Kind.DETAILS, "NVDA")

    def look(self, struck: str, asked: str, now: str, day: date = THU) -> tuple[Look, str]:
        """NVDA's print of a day as it stands on Thursday, with its quote page's last answer."""
        close = session_of(sessions_back(day, 1)).close
        quote = pre_market(quote_at("NVDA", 97.0, close), 98.0, new_york(day, struck))
        known = with_quote(empty_snapshot(new_york(THU, asked)), quote)
        known = replace(known, fetched={self.DETAILS: new_york(THU, asked)})
        value = freshness(seen(known, new_york(THU, now)), "nvda.extended.return")
        return value.look, value.reason

    def test_is_live_as_long_as_it_is_confirmed(self) -> None:
        assert self.look("06:40", "08:20", "08:20") == (Look.LIVE, "")
        assert self.look("06:40", "08:20", "08:35") == (Look.LIVE, "")

    def test_is_late_once_nobody_has_asked_for_a_quarter_of_an_hour(self) -> None:
        reason = "no newer price for 1 h 56 m of trading"
        assert self.look("06:40", "08:20", "08:36") == (Look.LATE, reason)
        assert self.look("08:20", "08:20", "09:21")[0] is Look.LATE

    def test_is_late_the_next_morning_whoever_confirms_it(self) -> None:
        assert self.look("19:50", "03:00", "04:15", WED)[0] is Look.LIVE
        assert self.look("19:50", "04:16", "04:16", WED)[0] is Look.LATE
        assert self.look("08:20", "08:20", "08:20", WED)[0] is Look.LATE, "a day old"

    def test_that_was_not_asked_for_after_its_day_is_late(self) -> None:
        assert self.look("15:30", "19:40", "19:50")[0] is Look.LIVE
        assert self.look("15:30", "19:40", "20:10")[0] is Look.LATE


def test_lateness_is_told_since_the_price_was_struck() -> None:
    """Confirmed after its close, Wednesday's last trade is late by Thursday's hours alone."""
    known = with_quote(
        empty_snapshot(THURSDAY_AFTERNOON), quote_at("NVDA", 97.0, new_york(WED, "14:00"))
    )
    known = replace(known, fetched={Key(Kind.TRACE, "NVDA"): new_york(WED, "16:30")})
    for now, look, reason in (
        ("09:32", Look.LIVE, ""),
        ("09:33", Look.LATE, "no newer price for 2 h 3 m of trading"),
        ("14:00", Look.LATE, "no newer price for 6 h 30 m of trading"),
    ):
        value = freshness(seen(known, new_york(THU, now)), "nvda.last")
        assert (value.look, value.reason) == (look, reason)


class TestAFeedThatIsBehind:
    """A price that is younger than anything its slower feed can give is not called late."""

    NOW = THURSDAY_AFTERNOON

    def snapshot(self, minutes: float, serving: Serving | None = None) -> Snapshot:
        """VIX as Yahoo gave it so long ago, and who has answered since."""
        known = quoted("^VIX", self.NOW - timedelta(minutes=minutes), self.NOW)
        return replace(known, serving={"^VIX": serving} if serving is not None else {})

    CBOE = Serving("cboe", NOW, 900)

    @pytest.mark.parametrize("minutes", [3, 13, 16.9])
    def test_keeps_source_and_age(self, minutes: float) -> None:
        value = freshness(self.snapshot(minutes, self.CBOE), "vix.last")
        assert (value.look, value.source, value.delay_s) == (Look.LIVE, "yahoo", 0)
        assert value.age == timedelta(minutes=minutes)
        assert value.reason == "younger than what cboe gives now, which is 15 m behind"

    def test_says_nothing_of_a_young_price(self) -> None:
        assert freshness(self.snapshot(1, self.CBOE), "vix.last").reason == ""

    def test_is_not_waited_for_longer_than_it_is_behind(self) -> None:
        value = freshness(self.snapshot(17.1, self.CBOE), "vix.last")
        assert (value.look, value.source) == (Look.LATE, "yahoo")

    def test_excuses_nothing_that_another_feed_gives(self) -> None:
        assert freshness(self.snapshot(3), "vix.last").look is Look.LATE
        prompt = Serving("yahoo", self.NOW, 0)
        assert freshness(self.snapshot(3, prompt), "vix.last").look is Look.LATE


def test_a_price_that_a_stream_goes_on_telling_does_not_suffer_from_polling() -> None:
    since = THURSDAY_AFTERNOON
    now = since + timedelta(seconds=30)
    trouble = Trouble(ErrorKind.LIMITED, "slow down", "yahoo", since)
    quote = replace(quote_at("NVDA", 97.0, now), source="yahoo_stream")
    known = with_quote(empty_snapshot(now), quote)
    known = replace(known, troubles={Key(Kind.TRACE, "NVDA"): trouble})

    def look(feed: str, at: datetime) -> Look:
        serving = {"NVDA": Serving(feed, at, 0)}
        return freshness(seen(replace(known, serving=serving), now), "nvda.last").look

    assert look("yahoo_stream", now) is Look.LIVE
    assert look("yahoo_stream", since - timedelta(seconds=1)) is Look.FAILING
    assert look("yahoo", now) is Look.FAILING

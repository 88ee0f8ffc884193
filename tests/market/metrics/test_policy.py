"""The study of the federal funds path and its metrics: prices, ranges in force, what changed."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from market.fed_funds_contracts import contract_of, wanted_months
from market.fed_funds_study import FedFunds
from market.fomc import Schedule, TargetRange, default_schedule
from market.freshness import age_in_words, freshness
from market.health import Look, Trouble
from market.metrics.closes import day_in_words, day_of_words
from market.metrics.policy_range import LOWER, UPPER, bound_on, range_in_force
from market.metrics.policy_study import fed_funds, reads
from market.metrics.studying import studied, symbols_told_of
from market.metrics.subject import Unknown
from market.metrics.windows import months_before
from market.published import Published
from market.quotes import Bars, Key, Kind, Quote
from market.reckoning import Reckoner, Reckoning
from market.reports import ErrorKind
from market.sessions import exchange_date, session_of, sessions_between
from market.snapshot import Snapshot, empty_snapshot

NOW = datetime(2026, 8, 20, 18, 0, tzinfo=UTC)
"""Thursday, 14:00 in New York."""
TODAY = date(2026, 8, 20)
SCHEDULE = default_schedule()
RATES = (3.63, 3.68, 3.73, 3.78, 3.85, 3.9)
"""Averages of August 2026 to January 2027."""


@given(st.dates(date(1970, 1, 1), date(2100, 1, 1)))
def test_a_day_in_words_is_read_as_that_day(day: date) -> None:
    assert day_of_words(day_in_words(day)) == day
    assert day_of_words("") is None


def contracts(rates: Sequence[float] = RATES, now: datetime = NOW) -> dict[str, float]:
    """Prices of the contracts from the present month on."""
    first = exchange_date(now).replace(day=1)
    return {contract_of(months_before(first, -n)): 100 - rate for n, rate in enumerate(rates)}


def quote(symbol: str, last: float, at: datetime = NOW) -> Quote:
    return Quote(symbol=symbol, last=last, as_of=at, source="yahoo", delay_s=600)


def closes(symbol: str, by_day: Mapping[date, float]) -> Bars:
    return Bars(
        key=Key(Kind.CLOSES, symbol),
        interval_s=86_400,
        source="yahoo",
        as_of=session_of(max(by_day)).close,
        times=array("q", (int(session_of(day).open.timestamp()) for day in sorted(by_day))),
        close=array("d", (by_day[day] for day in sorted(by_day))),
    )


def bounds(lower: float = 3.5, *, until: date = TODAY, since: int = 30) -> dict[Key, Published]:
    """Both bounds of the target range, up to the day before a day, as the office tells them."""
    days = tuple(until - timedelta(days=n) for n in range(since, 0, -1))
    return {
        (key := Key(Kind.PUBLISHED, symbol)): Published(
            key=key,
            source="nyfed",
            fetched_at=NOW,
            days=days,
            values=(lower + wider,) * len(days),
        )
        for symbol, wider in ((LOWER, 0.0), (UPPER, 0.25))
    }


def market(prices: Mapping[str, float], *, cheaper: float = 0.01, now: datetime = NOW) -> Snapshot:
    """Contracts now, and by the closes of two weeks, which were dearer by so much."""
    days = sessions_between(exchange_date(now) - timedelta(days=14), exchange_date(now))
    before = [day for day in days if day < exchange_date(now)]
    first = max(prices.values())
    return replace(
        empty_snapshot(now),
        quotes={symbol: quote(symbol, last, now) for symbol, last in prices.items()},
        bars={
            Key(Kind.CLOSES, symbol): closes(
                symbol, dict.fromkeys(before, first + 0.8 * (last - first))
            )
            for symbol, last in prices.items()
        },
        documents={**bounds(until=exchange_date(now))},
    )


class TestRangeInForce:
    def test_is_that_of_the_newest_day_that_no_decision_parts_from_it(self) -> None:
        snapshot = replace(empty_snapshot(NOW), documents={**bounds()})
        assert range_in_force(snapshot, TODAY, SCHEDULE) == TargetRange(350, 375)

    def test_after_a_decision_it_is_unknown_until_it_is_published(self) -> None:
        decided = date(2026, 9, 16)
        snapshot = replace(empty_snapshot(NOW), documents={**bounds(until=decided)})
        assert range_in_force(snapshot, decided, SCHEDULE) == TargetRange(350, 375)
        with pytest.raises(Unknown, match="in force on Thu 17 Sep 2026 is not published yet"):
            range_in_force(snapshot, decided + timedelta(days=1), SCHEDULE)

    def test_before_the_first_known_day_it_is_that_days_unless_a_decision_lies_between(
        self,
    ) -> None:
        series = bounds()[Key(Kind.PUBLISHED, LOWER)]
        late = replace(series, days=series.days[-3:], values=series.values[-3:])
        assert bound_on(late, date(2026, 8, 1), SCHEDULE) == 3.5
        assert bound_on(late, date(2026, 7, 29), SCHEDULE) is None

    def test_without_the_series_it_says_so_or_why(self) -> None:
        with pytest.raises(Unknown, match="is not known"):
            range_in_force(empty_snapshot(NOW), TODAY, SCHEDULE)
        found = Trouble(ErrorKind.UNREACHABLE, "nyfed did not answer", "nyfed", NOW)
        failing = replace(empty_snapshot(NOW), troubles={Key(Kind.PUBLISHED, LOWER): found})
        with pytest.raises(Unknown, match="nyfed did not answer"):
            range_in_force(failing, TODAY, SCHEDULE)


class TestStudy:
    def test_the_path_by_the_newest_prices_and_what_changed(self) -> None:
        study = fed_funds(market(contracts()))
        assert study.path is not None
        assert study.path.day == TODAY
        assert [m.day.month for m in study.path.meetings] == [9, 10, 12, 1]
        assert (study.as_of, study.source, study.delay_s) == (NOW, "yahoo", 600)
        for is_week in (False, True):
            change = study.change(date(2026, 12, 9), is_week=is_week)
            assert change is not None
            assert change.rate_bp == pytest.approx(5, abs=0.5)
            assert change.odds is not None
            assert change.odds.hike > 0 > change.odds.hold
        assert study.year_end is not None
        assert study.year_end.meeting.day == date(2026, 12, 9)
        assert study.last_week is not None
        assert study.last_week.day == date(2026, 8, 13)

    def test_a_close_that_is_younger_than_the_last_trade_counts(self) -> None:
        prices = contracts()
        old = {s: quote(s, last, NOW - timedelta(days=9)) for s, last in prices.items()}
        study = fed_funds(replace(market(prices), quotes=old))
        assert study.path is not None
        assert study.path.day == date(2026, 8, 19)
        assert study.as_of == session_of(date(2026, 8, 19)).close

    def test_a_contract_that_does_not_trade_is_missing_and_named(self) -> None:
        prices = contracts()
        del prices["ZQV26.CBT"]
        study = fed_funds(market(prices))
        assert "ZQV26.CBT" in study.missing
        assert study.path is not None
        september, october, *_ = study.path.meetings
        assert (september.is_forward, bool(october.chances)) == (True, True)
        del prices["ZQX26.CBT"]
        path = fed_funds(market(prices)).path
        assert path is not None
        assert path.meetings[1].reason == "the contract of October 2026 has no price"

    def test_a_price_of_last_week_is_no_price_of_today(self) -> None:
        prices = contracts()
        stale = market(prices)
        late = quote("ZQX26.CBT", prices["ZQX26.CBT"], NOW - timedelta(days=7))
        bars = {key: bars for key, bars in stale.bars.items() if key.symbol != "ZQX26.CBT"}
        study = fed_funds(replace(stale, quotes={**stale.quotes, "ZQX26.CBT": late}, bars=bars))
        assert "ZQX26.CBT" in study.missing

    def test_each_path_is_counted_in_the_range_of_its_own_day(self) -> None:
        """A decision lies between; until the new range is published there is no path."""
        now = datetime(2026, 9, 18, 18, 0, tzinfo=UTC)
        days = {**bounds(3.5, until=date(2026, 9, 17))}
        raised = {
            key: replace(
                series,
                days=(*series.days, date(2026, 9, 17)),
                values=(*series.values, series.values[-1] + 0.25),
            )
            for key, series in days.items()
        }
        prices = contracts((3.75, 3.88, 3.93, 3.98, 4.0), now)
        snapshot = replace(market(prices, now=now), documents={**raised})
        study = fed_funds(snapshot)
        assert study.path is not None
        assert study.last_week is not None
        assert study.path.in_force == TargetRange(375, 400)
        assert study.last_week.in_force == TargetRange(350, 375)
        unknown = fed_funds(replace(snapshot, documents=days))
        assert unknown.path is None
        assert "not published yet" in unknown.reason

    def test_a_meeting_before_today_is_none_ahead_however_old_the_prices(self) -> None:
        old = market(contracts())
        study = fed_funds(old.at(datetime(2026, 9, 17, 14, tzinfo=UTC)))
        assert study.path is not None
        assert study.path.day == TODAY
        assert [m.day.month for m in study.path.meetings] == [10, 12, 1]
        over = fed_funds(old.at(datetime(2027, 2, 1, 14, tzinfo=UTC)))
        assert over.path is None
        assert over.reason == "no contract reaches a meeting after Mon 1 Feb 2027"

    def test_without_any_price_it_says_why(self) -> None:
        assert fed_funds(empty_snapshot(NOW)).reason == "waiting for data"
        symbol = contract_of(wanted_months(TODAY)[0])
        found = Trouble(ErrorKind.LIMITED, "yahoo said too many requests", "yahoo", NOW)
        failing = replace(empty_snapshot(NOW), troubles={Key(Kind.TRACE, symbol): found})
        assert fed_funds(failing).reason == "yahoo said too many requests"

    def test_warns_when_the_list_of_meetings_runs_out(self) -> None:
        short = Schedule("t", TODAY, date(2026, 1, 1), date(2026, 10, 31), SCHEDULE.days[12:15])
        assert "only 2 FOMC days" in fed_funds(market(contracts()), short).notice
        assert fed_funds(market(contracts())).notice == ""

    @pytest.mark.parametrize(
        ("key", "expected"),
        [
            (Key(Kind.TRACE, "ZQZ26.CBT"), True),
            (Key(Kind.CLOSES, "ZQZ26.CBT"), True),
            (Key(Kind.PUBLISHED, LOWER), True),
            (Key(Kind.PUBLISHED, "DGS2"), False),
            (Key(Kind.TRACE, "IWM"), False),
        ],
    )
    def test_reads_contracts_and_the_range_alone(self, key: Key, expected: bool) -> None:
        assert reads(key) is expected
        assert symbols_told_of([key]) == (frozenset({"EFFR"}) if expected else frozenset())


def worked_out(snapshot: Snapshot) -> Snapshot:
    """What the engine shows after the news of one contract."""
    trace = Key(Kind.TRACE, "ZQZ26.CBT")
    news = Reckoning(at=NOW, symbols=frozenset({trace.symbol}), changed=frozenset({trace}))
    report = Reckoner().reckon(snapshot, news)
    assert report.studies is not None
    return replace(snapshot, studies=report.studies, readings=report.readings)


def test_news_of_a_contract_work_out_the_metrics_anew() -> None:
    snapshot = worked_out(market(contracts()))
    study = snapshot.studies.fed_funds
    assert isinstance(study, FedFunds)
    assert study.next is not None
    assert study.next.against_now is not None
    odds = study.next.against_now
    for place in ("next", "sep"):
        told = [snapshot.reading(f"policy.{place}.p_{side}") for side in ("cut", "hold", "hike")]
        assert [each.value for each in told] == [odds.cut, odds.hold, odds.hike]
        assert all(each.as_of == NOW and each.source == "yahoo" for each in told)
    assert snapshot.reading("policy.next.meeting").value == "Wed 16 Sep 2026"
    year_end = snapshot.reading("policy.year_end.p_hike").value
    assert year_end == snapshot.reading("policy.dec.p_hike").value
    rate = snapshot.reading("policy.year_end.rate").value
    assert isinstance(rate, float)
    assert rate == pytest.approx(0.0388, abs=1e-4)
    # October before its meeting, of which a fifth was not expected yesterday.
    expected = (31 * 3.73 - 3 * 3.78) / 28
    moved = snapshot.reading("policy.next.change.1d").value
    assert moved == pytest.approx(100 * 0.2 * (expected - 3.63))
    assert "in Feb" in snapshot.reading("policy.feb.p_cut").reason


class TestAge:
    """The path is as old as its newest price, and late by the hours that the futures trade."""

    NAME = "policy.year_end.p_hike"

    @pytest.mark.parametrize(
        ("passed", "look", "age"),
        [
            (timedelta(minutes=5), Look.LIVE, "5m"),
            (timedelta(hours=2), Look.LIVE, "2h"),
            (timedelta(hours=3, minutes=30), Look.LIVE, "Thu 14:00"),  # their daily rest
            (timedelta(hours=23, minutes=59), Look.LIVE, "Thu 14:00"),
            (timedelta(hours=24, minutes=1), Look.LATE, "Thu 14:00"),
        ],
    )
    def test_of_a_price_of_thursday_afternoon(
        self, passed: timedelta, look: Look, age: str
    ) -> None:
        known = freshness(worked_out(market(contracts())).at(NOW + passed), self.NAME)
        assert (known.look, age_in_words(known)) == (look, age)

    def test_a_nearest_contract_that_fails_is_the_paths_trouble(self) -> None:
        snapshot = worked_out(market(contracts()))
        found = Trouble(ErrorKind.LIMITED, "yahoo said too many requests", "yahoo", NOW)
        later = snapshot.at(NOW + timedelta(minutes=1))
        for known, look in ((later, Look.FAILING), (empty_snapshot(NOW), Look.ABSENT)):
            failing = replace(known, troubles={Key(Kind.TRACE, "ZQQ26.CBT"): found})
            told = freshness(failing, self.NAME)
            assert (told.look, told.trouble) == (look, found)


def test_without_a_path_every_metric_says_why() -> None:
    snapshot = worked_out(replace(market(contracts()), documents={}))
    reason = "the target range of the federal funds rate is not known"
    for name in ("next.p_hold", "next.meeting", "year_end.rate", "dec.p_cut", "next.change.5d"):
        assert snapshot.reading(f"policy.{name}").reason == reason


def test_the_whole_picture_is_studied_at_the_start() -> None:
    studies = studied(market(contracts()), None)
    assert studies is not None
    assert studies.fed_funds is not None
    assert studies.fed_funds.path is not None

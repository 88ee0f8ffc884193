"""What the volatility screen is made of: levels ago, rank, futures' curve, cone, all named."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache, cached_property

import pytest
from msgspec.structs import replace

from market.feeds.cboe import CboeFeed
from market.feeds.feed import Answer
from market.feeds.http import Http
from market.fold import fold
from market.instruments import default_cast
from market.metrics.compute import compute
from market.metrics.studying import studied
from market.metrics.volatility_cone import WINDOWS
from market.metrics.volatility_depth import futures_curve
from market.quotes import Key, Kind
from market.reports import Reading
from market.sessions import is_session, session_of
from market.snapshot import Snapshot, empty_snapshot
from market.vix_futures import near_contracts
from tests.market.metrics.pictures import (
    bars_of,
    failed,
    full_picture,
    with_bars,
    with_quote,
)
from tests.shared import SHARED, needs_shared

SATURDAY = datetime(2026, 7, 25, 21, 25, tzinfo=UTC)
FRIDAY = date(2026, 7, 24)
RECORDED = SHARED / "payloads" / "cboe" / "delayed_quotes_charts_historical"


@cache
def whole(count: int = 1260) -> Snapshot:
    """A picture with so many sessions of every price, made once."""
    return full_picture(count=count)


def worked_out(snapshot: Snapshot, *symbols: str) -> dict[str, Reading]:
    """The readings of some symbols, the studies made before them as in the program."""
    studies = studied(snapshot, None) or snapshot.studies
    return compute(replace(snapshot, studies=studies), symbols)


class TestFamily:
    @cached_property
    def now(self) -> dict[str, Reading]:
        return worked_out(whole(), "^VIX", "^VIX3M")

    def number(self, name: str) -> float:
        value = self.now[name].value
        assert isinstance(value, float)
        return value

    @pytest.mark.parametrize(("window", "day"), [("1w", 25), ("1m", 2)])
    def test_a_level_ago_is_the_close_at_the_windows_start(self, window: str, day: int) -> None:
        picture = whole()
        bars = picture.bars[Key(Kind.DAILY, "^VIX")]
        opened = session_of(date(2026, 6, day)).open.timestamp()
        close = bars.close[bars.times.index(int(opened))]
        reading = self.now[f"vix.level.{window}"]
        assert reading.value == close
        assert reading.as_of == self.now["vix.last"].as_of
        assert self.number("vix.last") / close - 1 == pytest.approx(
            self.number(f"vix.return.{window}")
        )

    @pytest.mark.parametrize("window", ["1w", "1m"])
    def test_the_slopes_change_is_of_both_levels(self, window: str) -> None:
        then = self.number(f"vix3m.level.{window}") - self.number(f"vix.level.{window}")
        change = self.number("vix.term.slope") - then
        assert self.number(f"vix.term.slope.change.{window}") == pytest.approx(change)

    def test_rank_and_percentile_of_five_years_are_different_statistics(self) -> None:
        picture = whole()
        closes = picture.bars[Key(Kind.DAILY, "^SKEW")].close[-1259:]
        low = replace(picture.quotes["^SKEW"], last=139.0)
        now = worked_out(with_quote(picture, low), "^SKEW")
        place = (139.0 - min(closes)) / (max(closes) - min(closes))
        assert now["skew.rank.5y"].value == pytest.approx(place)
        share = (1 + sum(close <= 139.0 for close in closes)) / 1260
        assert now["skew.percentile.5y"].value == pytest.approx(share)
        assert abs(share - place) > 0.01

    def test_a_short_history_has_no_rank_of_five_years(self) -> None:
        short = worked_out(whole(300), "^VIX")
        assert short["vix.rank.1y"].value is not None
        assert short["vix.rank.5y"].value is None
        assert "1000 closes are needed" in short["vix.rank.5y"].reason


class TestCone:
    def test_every_window_has_its_percentile_from_the_same_study(self) -> None:
        picture = whole()
        studies = studied(picture, [Key(Kind.DAILY, "IWM")])
        assert studies is not None
        assert studies.volatility is not None
        now = worked_out(picture, "IWM")
        rings = studies.volatility.cone
        assert tuple(ring.window for ring in rings) == WINDOWS
        for ring in rings:
            name = f"iwm.realised_vol.cone.{ring.window}d.percentile"
            assert now[name].value == ring.percentile

    def test_today_in_the_cone_is_the_close_to_close_estimate(self) -> None:
        picture = whole()
        studies = studied(picture, None)
        assert studies is not None
        assert studies.volatility is not None
        ring = next(r for r in studies.volatility.cone if r.window == 21)
        told = worked_out(picture, "IWM")["iwm.realised_vol.close_to_close.21d"].value
        assert ring.now == pytest.approx(told)

    def test_too_short_a_past_says_how_much_is_missing(self) -> None:
        reading = worked_out(whole(300), "IWM")["iwm.realised_vol.cone.252d.percentile"]
        assert reading.value is None
        assert reading.reason == "200 windows of 252 sessions are needed, 48 are known"


def with_marks(snapshot: Snapshot, *, days: int = 40, but: str = "") -> Snapshot:
    """A picture with marks of the near contracts: 20, 21, 22 and so on, a point less each."""
    for place, contract in enumerate(near_contracts(FRIDAY)):
        if contract.symbol == but:
            continue
        dates = [date.fromordinal(FRIDAY.toordinal() - back) for back in range(days)]
        rows = {d: 20.0 + place + (FRIDAY - d).days / 10 for d in dates if is_session(d)}
        snapshot = with_bars(snapshot, bars_of(contract.symbol, rows, source="cboe"))
    return snapshot


class TestFutures:
    def test_the_curve_is_of_one_session_and_of_those_a_week_and_a_month_before(self) -> None:
        curve = futures_curve(with_marks(empty_snapshot(SATURDAY)))
        assert curve is not None
        days = (curve.day, curve.week_day, curve.month_day)
        assert days == (FRIDAY, date(2026, 7, 17), date(2026, 6, 24))
        assert [point.now for point in curve.points[:3]] == [20.0, 21.0, 22.0]
        assert curve.points[0].week == pytest.approx(20.7)
        assert curve.points[0].month == pytest.approx(23.0)
        assert curve.missing == 0

    def test_a_contract_without_marks_is_a_gap(self) -> None:
        snapshot = with_marks(empty_snapshot(SATURDAY), but="^UZU")
        curve = futures_curve(snapshot)
        assert curve is not None
        assert [point.now for point in curve.points[:3]] == [20.0, None, 22.0]
        assert curve.missing == 1
        now = worked_out(snapshot, "^VIX")
        assert now["vix.futures.first"].value == 20.0
        assert now["vix.futures.contango"].value is None
        assert "2026-09-16" in now["vix.futures.contango"].reason

    def test_marks_of_the_contract_of_last_year_are_none(self) -> None:
        old = {date(2025, 8, 18): 17.0, date(2025, 8, 19): 17.5}
        assert futures_curve(with_bars(empty_snapshot(SATURDAY), bars_of("^UZQ", old))) is None

    def test_without_marks_the_reason_of_the_source_is_told(self) -> None:
        refused = failed(empty_snapshot(SATURDAY), Key(Kind.DAILY, "^UZQ"))
        reading = worked_out(refused, "^VIX")["vix.futures.first"]
        assert reading.value is None
        assert reading.reason == next(iter(refused.troubles.values())).text
        waiting = worked_out(empty_snapshot(SATURDAY), "^VIX")["vix.futures.first"]
        assert "waiting" in waiting.reason

    @needs_shared
    def test_recorded_marks_are_the_curve_of_their_day(self) -> None:
        feed, snapshot = CboeFeed(Http(), cast=default_cast()), empty_snapshot(SATURDAY)
        for contract in near_contracts(FRIDAY):
            (query,) = feed.plan([Key(Kind.DAILY, contract.symbol)])
            body = (RECORDED / query.path.rsplit("/", 1)[1]).read_bytes()
            snapshot = fold(
                snapshot, feed.parse(query, Answer(body, query.path), SATURDAY), SATURDAY
            )
        curve = futures_curve(snapshot)
        assert curve is not None
        assert [point.now for point in curve.points] == [
            19.25,
            20.0,
            20.8,
            21.1,
            21.15,
            22.15,
            22.6,
            22.7,
        ]
        assert all(point.month is not None for point in curve.points)
        now = worked_out(snapshot, "^VIX")
        assert now["vix.futures.contango"].value == pytest.approx(20.0 / 19.25 - 1)
        assert now["vix.futures.first"].as_of == session_of(FRIDAY).close

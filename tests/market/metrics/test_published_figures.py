"""Readings of published series: units, reference dates, holes, first prints, and who is late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from math import sin

import pytest
from msgspec.structs import replace

from market.agenda import Release, Releases
from market.documents import Document, with_documents
from market.freshness import Freshness, age_in_words, freshness
from market.health import Look
from market.instruments import Role, default_cast
from market.metrics.compute import compute
from market.metrics.published_figures import FIGURES, figures_to_date
from market.metrics.subject import Unknown
from market.metrics.windows import months_before
from market.published import Published
from market.quotes import Key, Kind
from market.reading import Reading
from market.reckoning import Reckoner, Reckoning
from market.sessions import NEW_YORK
from market.snapshot import Snapshot, empty_snapshot
from tests.market.metrics.pictures import failed, quote_at, with_quote

NOW = datetime(2026, 8, 4, 18, 32, tzinfo=UTC)
"""Tuesday 4 August 2026, 14:32 in New York."""
MON, FRI, THU = date(2026, 8, 3), date(2026, 7, 31), date(2026, 7, 30)
JUNE = date(2026, 6, 1)
LAPSE = date(2025, 10, 1)
MAY = date(2026, 5, 1)
LEVELS = {date(2026, m, 1): 158_000.0 + 50 * m for m in range(1, 6)}
"""Payrolls in thousands."""


def key(symbol: str) -> Key:
    return Key(Kind.PUBLISHED, symbol)


def told(symbol: str, values: Mapping[date, float], at: datetime = NOW) -> Published:
    return Published(
        key=key(symbol),
        source="fred",
        fetched_at=at,
        days=tuple(sorted(values)),
        values=tuple(values[day] for day in sorted(values)),
    )


def picture(*documents: Published, now: datetime = NOW) -> Snapshot:
    known: Mapping[Key, Document] = {}
    for document in documents:
        known = with_documents(known, (document,))
    bare = replace(empty_snapshot(now), documents=known, fetched=dict.fromkeys(known, now))
    return replace(bare, readings=compute(bare, {each.symbol for each in known}))


def reading(name: str, *documents: Published) -> Reading:
    return picture(*documents).reading(name)


def monthly(last: date, count: int, first: float, rate: float) -> dict[date, float]:
    """A level that grows by a part of itself each month, October 2025 left out."""
    months = [months_before(last, count - 1 - n) for n in range(count)]
    return {m: first * (1 + rate) ** n for n, m in enumerate(months) if m != LAPSE}


@pytest.mark.parametrize("name", FIGURES)
def test_the_past_of_a_figure_is_the_figure_of_each_reference_date(name: str) -> None:
    months = {
        day: level + day.day * sin(level) for day, level in monthly(JUNE, 60, 300, 0.01).items()
    }
    weeks = {date(2025, 1, 4) + timedelta(weeks=n): 200 + 9 * sin(n) for n in range(60)}
    series = weeks if "claims" in name else months
    of, days = FIGURES[name][0], sorted(series)

    def known(day: date) -> float | None:
        try:
            return of(series, day)
        except Unknown:
            return None

    for count in (1, 24):
        past = figures_to_date(name, told("CPIAUCNS", series), count)
        assert past == tuple(map(known, days[-count:])), "no shorter look back than it needs"
    assert figures_to_date("macro.payrolls.revision", told("PAYEMS", series), 24) == ()


class TestRates:
    EFFR = told("EFFR", {THU: 3.63, FRI: 3.64, MON: 3.62})

    def test_are_fractions_and_their_changes_basis_points(self) -> None:
        value = reading("effr.value", self.EFFR)
        assert value.value == pytest.approx(0.0362)
        assert value.as_of == datetime(2026, 8, 3, 4, tzinfo=UTC), "midnight of Monday"
        assert value.source == "fred"
        assert reading("effr.value.change", self.EFFR).value == pytest.approx(-2.0)

    def test_over_20_sessions_pass_over_holidays(self) -> None:
        days = [date(2026, 6, 1) + timedelta(days=n) for n in range(64)]
        series = {d: 3.0 + 0.01 * n for n, d in enumerate(days) if d.weekday() < 5}
        change = reading("hy_oas.value.change.20d", told("BAMLH0A0HYM2", series))
        assert change.value == pytest.approx((MON - date(2026, 7, 6)).days * 1.0)

    def test_have_no_change_to_a_day_long_before(self) -> None:
        alone = told("EFFR", {date(2026, 7, 1): 3.6, MON: 3.62})
        assert reading("effr.value.change", alone).reason == "the value before it is of 1 July 2026"
        only = told("EFFR", {MON: 3.62})
        assert reading("effr.value.change", only).reason == "no value before it is known"

    def test_are_joined_by_date(self) -> None:
        two = told("DGS2", {THU: 4.14, FRI: 4.10, date(2026, 8, 4): 4.2})
        ten = told("DGS10", {THU: 4.48, FRI: 4.55})
        spread = reading("macro.2y_minus_effr", two, self.EFFR)
        assert spread.value == pytest.approx(46.0)
        assert spread.as_of == datetime(2026, 7, 31, 4, tzinfo=UTC)
        assert reading("macro.curve.2s10s", two, ten).value == pytest.approx(45.0)
        assert "common" in reading("macro.2y_minus_effr", two, told("EFFR", {MON: 3.6})).reason

    def test_say_which_of_two_is_missing(self) -> None:
        missing = reading("macro.sofr_minus_effr", told("SOFR", {MON: 3.66}))
        assert (missing.value, missing.reason) == (None, "waiting for the published series")
        snapshot = failed(picture(self.EFFR), key("SOFR"))
        assert compute(snapshot, ["SOFR"])["sofr.value"].reason == "Yahoo limits requests"


class TestInflation:
    NSA = told("CPIAUCNS", monthly(JUNE, 30, 300.0, 0.0025))
    SA = told("CPIAUCSL", monthly(JUNE, 30, 300.0, 0.0025))

    def test_is_a_yearly_change_of_the_unadjusted_index(self) -> None:
        yoy = reading("macro.cpi.yoy", self.NSA)
        assert yoy.value == pytest.approx(1.0025**12 - 1)
        assert yoy.as_of == datetime(2026, 6, 1, 4, tzinfo=UTC)
        assert reading("macro.cpi.mom", self.SA).value == pytest.approx(0.0025)
        for months in (3, 6):
            name = f"macro.cpi.{months}m"
            assert reading(name, self.SA).value == pytest.approx(1.0025**12 - 1)

    def test_of_october_2026_has_no_base(self) -> None:
        late = told("CPIAUCNS", monthly(date(2026, 10, 1), 30, 300.0, 0.0025))
        yoy = reading("macro.cpi.yoy", late)
        assert (yoy.value, yoy.reason) == (None, "no base: October 2025 was never collected")

    def test_core_is_told_apart(self) -> None:
        core = told("CPILFESL", monthly(JUNE, 30, 300.0, 0.003))
        assert reading("macro.core_cpi.yoy", core).value == pytest.approx(1.003**12 - 1)
        assert reading("macro.cpi.yoy", core).value is None


class TestJobs:
    def first(self) -> Published:
        return told("PAYEMS", LEVELS, at=NOW - timedelta(days=40))

    def revised(self) -> Published:
        levels = {**LEVELS, MAY: LEVELS[MAY] - 20, JUNE: 158_300.0}
        return told("PAYEMS", levels)

    def test_are_persons(self) -> None:
        jobs = picture(self.first())
        assert jobs.reading("macro.payrolls.change").value == pytest.approx(50_000)
        assert jobs.reading("macro.payrolls.change.3m").value == pytest.approx(50_000)
        assert jobs.reading("payrolls.value").value == pytest.approx(158_250_000)

    def test_the_first_print_stays_beside_the_revision(self) -> None:
        jobs = picture(self.first(), self.revised())
        assert jobs.reading("macro.payrolls.change").value == pytest.approx(70_000)
        assert jobs.reading("macro.payrolls.change.first").value == pytest.approx(70_000)
        assert jobs.reading("macro.payrolls.change.previous").value == pytest.approx(30_000)
        assert jobs.reading("macro.payrolls.revision").value == pytest.approx(-20_000)

    def test_what_was_said_before_captop_looked_is_not_known(self) -> None:
        jobs = picture(self.revised())
        revision = jobs.reading("macro.payrolls.revision")
        assert revision.value is None
        assert revision.reason == "what was first published of May 2026 is not known"
        assert jobs.reading("macro.payrolls.change.first").value == pytest.approx(70_000)

    def test_unemployment_and_the_gap_that_means_a_recession(self) -> None:
        rates = dict.fromkeys(monthly(JUNE, 20, 1.0, 0.0), 4.0)
        rates |= {MAY: 4.6, JUNE: 4.9}
        snapshot = picture(told("UNRATE", rates))
        assert snapshot.reading("unemployment.value").value == pytest.approx(0.049)
        assert snapshot.reading("unemployment.value.change").value == pytest.approx(30.0)
        assert snapshot.reading("macro.sahm_gap").value == pytest.approx(0.5)

    def test_claims_by_week(self) -> None:
        weeks = {date(2026, 7, 4 + 7 * n): 200_000.0 + 4_000 * n for n in range(4)}
        snapshot = picture(told("ICSA", weeks))
        assert snapshot.reading("macro.claims.4w").value == pytest.approx(206_000)
        assert snapshot.reading("claims.value.change").value == pytest.approx(4_000)
        del weeks[date(2026, 7, 18)]
        holed = picture(told("ICSA", weeks))
        for name in ("macro.claims.4w", "claims.value.change"):
            assert holed.reading(name).reason == "the week to 18 July 2026 is missing"


class TestReleases:
    def test_the_next_one_follows_the_newest_value(self) -> None:
        claims = told("ICSA", {date(2026, 7, 25): 206_000.0})
        prices = told("CPIAUCNS", monthly(JUNE, 13, 300.0, 0.002))
        snapshot = picture(claims, prices)
        assert snapshot.reading("claims.next_release").value == "Thu 6 Aug 08:30"
        word = snapshot.reading("cpi_nsa.next_release")
        assert (word.value, word.reason) == ("10–14 Aug 08:30", "expected, not announced")
        following = snapshot.reading("macro.next_release").value
        assert following == "Jobless claims Thu 6 Aug 08:30"
        assert reading("macro.next_release", prices).value == "CPI 10–14 Aug 08:30"

    def test_where_a_calendar_has_it_its_day_counts_for_look_and_words(self) -> None:
        at = datetime(2026, 8, 5, 12, 30, tzinfo=UTC)
        row = Release(title="Core CPI m/m", country="US", day=at.date(), at=at)
        week = Releases(
            key=Key(Kind.RELEASES, "US", "thisweek"), source="t", fetched_at=NOW, rows=(row,)
        )
        snapshot = picture(told("CPIAUCNS", monthly(JUNE, 13, 300.0, 0.002)))
        snapshot = replace(snapshot, documents={**snapshot.documents, week.key: week})
        asked = Reckoning(at=NOW, symbols=frozenset(), changed=frozenset({week.key}))
        news = Reckoner().reckon(snapshot, asked)
        assert news.readings["cpi_nsa.next_release"].value == "Wed 5 Aug 08:30"
        assert news.readings["macro.next_release"].value == "CPI Wed 5 Aug 08:30"
        assert news.studies is not None
        known = replace(snapshot, studies=news.studies).at(NOW + timedelta(days=26))
        late = freshness(known, "macro.cpi.yoy").reason
        assert late == "CPI of Jul 2026 was due Wed 5 Aug 08:30"


def test_a_future_tells_the_rate_of_its_month() -> None:
    quote = quote_at("ZQZ26.CBT", 96.09, NOW - timedelta(hours=5))
    snapshot = with_quote(empty_snapshot(NOW), quote)
    snapshot = replace(snapshot, readings=compute(snapshot))
    slug = default_cast()["ZQZ26.CBT"].slug
    told_rate = snapshot.reading(f"{slug}.implied_rate")
    assert told_rate.value == pytest.approx(0.0391)
    assert freshness(snapshot, f"{slug}.implied_rate").look is Look.LIVE, "it trades seldom"
    later = snapshot.at(NOW + timedelta(days=2))
    assert freshness(later, f"{slug}.implied_rate").look is Look.LATE


class TestFreshness:
    def at(self, name: str, *documents: Published, days: int) -> Freshness:
        return freshness(picture(*documents).at(NOW + timedelta(days=days)), name)

    def test_a_value_is_told_by_its_reference_date(self) -> None:
        effr = told("EFFR", {FRI: 3.64, MON: 3.62})
        prices = told("CPIAUCNS", monthly(JUNE, 13, 300.0, 0.002))
        assert age_in_words(self.at("effr.value", effr, days=0)) == "3 Aug"
        assert age_in_words(self.at("macro.cpi.yoy", prices, days=0)) == "Jun 2026"

    def test_a_rate_is_late_after_two_business_days_without_another(self) -> None:
        effr = told("EFFR", {FRI: 3.64, MON: 3.62})
        assert self.at("effr.value", effr, days=1).look is Look.LIVE
        late = self.at("effr.value", effr, days=3)
        assert (late.look, late.reason) == (Look.LATE, "EFFR of 4 Aug was due Wed 5 Aug 09:00")

    def test_a_month_is_not_late_before_the_next_can_come(self) -> None:
        prices = told("CPIAUCNS", monthly(JUNE, 13, 300.0, 0.002))
        assert self.at("macro.cpi.yoy", prices, days=20).look is Look.LIVE
        assert self.at("macro.cpi.yoy", prices, days=26).look is Look.LATE

    def test_a_spread_is_late_by_the_slower_of_both(self) -> None:
        two, effr = told("DGS2", {THU: 4.14, FRI: 4.1}), told("EFFR", {THU: 3.63})
        assert self.at("us2y.value", two, days=0).look is Look.LIVE
        # Of Thursday: two days for the yield are over on Monday evening, for EFFR on Tuesday.
        now = datetime(2026, 8, 4, 9, 0, tzinfo=NEW_YORK).astimezone(UTC)
        spread = freshness(picture(two, effr, now=now), "macro.2y_minus_effr")
        assert spread.look is Look.LIVE
        assert self.at("macro.2y_minus_effr", two, effr, days=0).look is Look.LATE

    def test_a_feed_in_trouble_is_told(self) -> None:
        snapshot = failed(picture(told("EFFR", {MON: 3.62})), key("EFFR"))
        value = freshness(snapshot, "effr.value")
        assert (value.look, age_in_words(value)) == (Look.FAILING, "3 Aug")


def test_every_published_series_has_a_value_a_change_and_a_next_release() -> None:
    names = compute(empty_snapshot(NOW))
    for instrument in default_cast().of(Role.PUBLISHED):
        for figure in ("value", "value.change", "next_release"):
            assert f"{instrument.slug}.{figure}" in names

"""The demo's rates, prices and jobs: plausible, seeded, and out only when they are published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest

from market.documents import with_documents
from market.feeds.demo_fed import target_range
from market.feeds.demo_market import DemoMarket, moment_at
from market.feeds.demo_published import published
from market.feeds.demo_releases import releases
from market.fomc import default_schedule
from market.instruments import Role, default_cast
from market.metrics.macro import level_change, month_on_month, year_on_year
from market.metrics.releases import release_days
from market.metrics.subject import Unknown
from market.publications import Standing, next_release, publications, why_late
from market.published import Published
from market.quotes import Key, Kind
from market.sessions import NEW_YORK

SERIES = tuple(i.symbol for i in default_cast().of(Role.PUBLISHED))
MARKET = DemoMarket(39, default_cast())
LATE, AFTERNOON = datetime(2026, 11, 23, 15, tzinfo=UTC), datetime(2026, 8, 4, 18, 32, tzinfo=UTC)
BOUNDS = {
    **dict.fromkeys(("EFFR", "SOFR", "DFEDTARL", "DFEDTARU", "IORB", "DGS3MO", "DGS2"), (1.5, 7)),
    **dict.fromkeys(("DGS10", "DGS30"), (2, 8)),
    "BAMLH0A0HYM2": (2, 5),
    **dict.fromkeys(("CPIAUCNS", "CPIAUCSL", "CPILFESL"), (250, 400)),
    "PAYEMS": (150_000, 165_000),
    "UNRATE": (3.5, 5),
    "ICSA": (170_000, 270_000),
}


def told(symbol: str, at: datetime, market: DemoMarket = MARKET) -> Published:
    moment = moment_at(at)
    assert moment is not None
    found = published(market, Key(Kind.PUBLISHED, symbol), moment)
    assert found is not None
    return found


@pytest.mark.parametrize("symbol", SERIES)
def test_every_series_of_the_cast_is_published_in_time(symbol: str) -> None:
    for at in (AFTERNOON, LATE):
        series = told(symbol, at)
        assert list(series.days) == sorted(set(series.days))
        assert why_late(symbol, series.days[-1], at) == ""
        release = next_release(symbol, series.days[-1], at)
        assert release is not None
        assert release.standing(at) is not Standing.LATE
        low, high = BOUNDS[symbol]
        assert low < min(series.values) <= max(series.values) < high
    assert set(BOUNDS) == set(SERIES)


def test_the_same_seed_and_moment_tell_the_same() -> None:
    other = DemoMarket(40, default_cast())
    for symbol in ("DGS2", "PAYEMS"):
        again = told(symbol, AFTERNOON, DemoMarket(39, default_cast()))
        assert again == told(symbol, AFTERNOON)
        assert told(symbol, AFTERNOON, other).values != again.values
    moment = moment_at(AFTERNOON)
    assert moment is not None
    assert published(MARKET, Key(Kind.PUBLISHED, "WALCL"), moment) is None


def test_what_was_told_does_not_change_but_for_revisions() -> None:
    for symbol in set(SERIES) - {"PAYEMS"}:
        early, late = told(symbol, AFTERNOON), told(symbol, LATE)
        known = dict(zip(early.days, early.values, strict=True))
        assert all(known[d] == v for d, v in zip(late.days, late.values, strict=True) if d in known)


def test_the_effective_rate_steps_within_the_target_range_after_meetings() -> None:
    effr, low, high = (told(s, LATE) for s in ("EFFR", "DFEDTARL", "DFEDTARU"))
    assert low.days[-1] > effr.days[-1], "the range is told on its own morning"
    rows = zip(effr.days, low.values, effr.values, high.values, strict=False)
    for day, below, rate, above in rows:
        assert below < rate < above
        assert round(100 * below) == target_range(39, day).lower_bp
    meetings = default_schedule().days
    moved = [d for (_, v), (d, w) in pairwise(zip(low.days, low.values, strict=True)) if v != w]
    assert moved, "a demo in which nothing is ever decided shows nothing"
    assert all(any(timedelta(0) < d - met <= timedelta(4) for met in meetings) for d in moved)


def test_yields_move_by_a_few_basis_points_a_day() -> None:
    for symbol in ("DGS2", "DGS10", "BAMLH0A0HYM2"):
        values = told(symbol, LATE).values
        moves = sorted(abs(later - before) for before, later in pairwise(values))
        assert 0.005 < moves[len(moves) // 2] < 0.08
        assert moves[-1] < 0.35


def test_october_2025_was_never_collected() -> None:
    lapse = date(2025, 10, 1)
    for symbol in ("CPIAUCNS", "CPIAUCSL", "CPILFESL", "UNRATE"):
        series = told(symbol, LATE)
        assert lapse not in series.days
        assert date(2025, 9, 1) in series.days
    assert lapse in told("PAYEMS", LATE).days


def test_payrolls_are_first_told_otherwise() -> None:
    release = publications()["PAYEMS"].release(date(2026, 8, 1))
    assert release is not None
    just_before = release.at - timedelta(seconds=1)
    before, after = told("PAYEMS", just_before), told("PAYEMS", release.at)
    assert before.days[-1] == date(2026, 7, 1)
    assert after.days[-1] == date(2026, 8, 1)
    assert before.values[-1] != after.values[-2], "July is revised with August"
    newest = after.first_prints[-1]
    assert (newest.day, newest.value, newest.before) == (after.days[-1], *after.values[:-3:-1])
    levels = dict(zip(before.days, before.values, strict=True))
    july = next(each for each in after.first_prints if each.day == date(2026, 7, 1))
    assert july.before is not None
    assert july.value - july.before == level_change(levels, july.day)


def released(symbol: str) -> list[datetime]:
    """When the demo's calendar has a series in 2026."""
    moment = moment_at(datetime(2027, 1, 2, tzinfo=UTC))
    assert moment is not None
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    told_of = (releases(MARKET, Key(Kind.RELEASES, "US", str(day)), moment) for day in days)
    documents = [each for each in told_of if each is not None]
    return [*release_days(row for each in documents for row in each.rows)[symbol]]


@pytest.mark.parametrize(("symbol", "count"), [("CPIAUCNS", 12), ("PAYEMS", 12), ("ICSA", 52)])
def test_the_calendar_and_the_series_keep_one_schedule(symbol: str, count: int) -> None:
    """At every release of the year, and just before it, the newest value is the last release's."""
    instants = released(symbol)
    assert count <= len(instants) <= count + 1
    for before, at in [*pairwise(instants)][:: max(1, count // 12)]:
        for moment, release in ((at - timedelta(seconds=1), before), (at, at)):
            assert told(symbol, moment).days[-1] == reference_of(symbol, release)


FIGURES: Mapping[str, tuple[str, Callable[[Mapping[date, float], date], float], str]] = {
    "Nonfarm Payrolls": ("PAYEMS", level_change, "{:.0f}K"),
    "Unemployment Rate": ("UNRATE", lambda series, month: series[month], "{:.1f}%"),
    "CPI m/m": ("CPIAUCSL", lambda series, month: 100 * month_on_month(series, month), "{:.1f}%"),
    "CPI y/y": ("CPIAUCNS", lambda series, month: 100 * year_on_year(series, month), "{:.1f}%"),
    "Core CPI m/m": (
        "CPILFESL", lambda series, month: 100 * month_on_month(series, month), "{:.1f}%"
    ),
    "Initial Jobless Claims": ("ICSA", lambda series, week: series[week] / 1000, "{:.0f}K"),
}  # fmt: skip
"""What is worked out of each series, by the name of its release."""


def said(title: str, at: datetime, back: int) -> str:
    """A figure of the series as it stands at an instant, worked out as the metrics do."""
    symbol, figure, form = FIGURES[title]
    series = told(symbol, at)
    step = timedelta(days=7 if symbol == "ICSA" else 1)
    day = series.days[-1]
    for _ in range(back):
        day = day - step if symbol == "ICSA" else (day - step).replace(day=1)
    try:
        return form.format(figure(dict(zip(series.days, series.values, strict=True)), day))
    except (KeyError, Unknown):
        return ""


def test_the_calendar_tells_the_figures_of_the_series() -> None:
    """On every release day of the year, a minute before the figures and with them."""
    checked: Counter[str] = Counter()
    for number in range(365):
        day = date(2026, 1, 1) + timedelta(days=number)
        key = Key(Kind.RELEASES, "US", str(day))
        at = datetime.combine(day, time(8, 30), NEW_YORK)
        for now in (at - timedelta(minutes=1), at):
            moment = moment_at(now)
            assert moment is not None
            found = releases(MARKET, key, moment)
            assert found is not None
            for row in (row for row in found.rows if row.title in FIGURES):
                checked[row.title] += 1
                is_out = now == at
                assert row.previous == said(row.title, now, int(is_out)), (row, now)
                assert row.actual == (said(row.title, at, 0) if is_out else ""), row
    assert min(checked.values()) >= 24
    assert set(checked) == set(FIGURES)


def reference_of(symbol: str, release: datetime) -> date:
    """The Saturday before a release, or the month before it."""
    day = release.astimezone(NEW_YORK).date()
    if symbol == "ICSA":
        return day - timedelta(days=(day.weekday() + 2) % 7)
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def test_a_month_that_was_never_collected_is_never_released() -> None:
    moment = moment_at(datetime(2025, 12, 1, tzinfo=UTC))
    assert moment is not None
    november = [date(2025, 11, 1) + timedelta(days=n) for n in range(30)]
    found = (releases(MARKET, Key(Kind.RELEASES, "US", str(day)), moment) for day in november)
    titles = {row.title for each in found if each is not None for row in each.rows}
    assert "Nonfarm Payrolls" in titles
    assert titles.isdisjoint({"CPI m/m", "CPI y/y", "Unemployment Rate"})


def test_first_prints_stay_when_news_come() -> None:
    known = with_documents({}, (told("PAYEMS", AFTERNOON),))
    key = Key(Kind.PUBLISHED, "PAYEMS")
    merged = with_documents(known, (told("PAYEMS", LATE),))[key]
    assert isinstance(merged, Published)
    assert merged.first_prints[:24] == told("PAYEMS", AFTERNOON).first_prints
    assert merged.first_prints[-1].day == merged.days[-1]


def test_in_the_evening_the_yields_of_the_day_are_out() -> None:
    day = date(2026, 8, 4)
    at = datetime(2026, 8, 4, 16, 0, tzinfo=NEW_YORK)
    assert told("DGS10", at).days[-1] < day
    assert told("DGS10", at + timedelta(hours=2)).days[-1] == day

"""The agenda, worked out of calendars and holdings: two weeks ahead, and 30 days behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from market.agenda import EarningsDay, Impact, Release, Releases
from market.agenda_study import Agenda, AgendaDay, MarketDay, MemberReport, Occasion
from market.earnings import Earnings
from market.holdings import Holdings, Listings, rows_of
from market.instruments import TRACKER
from market.market_days import market_days
from market.metrics.earnings import BEAT_DAYS, beat_rate
from market.metrics.releases import merged_releases, name_of, release_days
from market.quotes import Key, Kind
from market.sessions import exchange_date, sessions_between
from market.snapshot import Snapshot
from market.spellings import respelled

AHEAD = timedelta(days=27)
"""How far the agenda looks: two weeks are shown, and a screen left open needs the next as well."""
SHOWN = timedelta(days=13)
"""Two weeks, today included."""
WEEK = timedelta(days=6)
"""Seven days, today included."""
T = TypeVar("T", Earnings, Release, MarketDay)
"""What has a day."""
_RESTS = frozenset({Occasion.CLOSED, Occasion.BONDS_CLOSED})
_DECISION = "fed interest rate decision"
"""What `release_names.toml` calls the decision among the releases."""
_READ = frozenset({Kind.EARNINGS, Kind.RELEASES, Kind.HOLDINGS})
_HOLDINGS = Key(Kind.HOLDINGS, TRACKER)


def reads(key: Key) -> bool:
    """Return whether the agenda is to be worked out anew after news of a datum."""
    return key.kind in _READ and (key.kind is not Kind.HOLDINGS or key == _HOLDINGS)


def why_no_members(snapshot: Snapshot) -> str:
    """Return why nobody can say which companies are members; empty where that is known."""
    if TRACKER in snapshot.holdings:
        return ""
    trouble = snapshot.troubles.get(_HOLDINGS)
    return f"members not known: {trouble.text if trouble else 'waiting for the holdings'}"


def agenda(snapshot: Snapshot) -> Agenda:
    """Return what is ahead: before any calendar is known, what captop itself knows of the days."""
    told = snapshot.documents_of(EarningsDay)
    releases = snapshot.documents_of(Releases)
    today = exchange_date(snapshot.now)
    reports = newest_reports(told)
    members = _members(snapshot)
    own = [report for report in reports if report.symbol in members]
    passed = [*sessions_between(today - timedelta(days=BEAT_DAYS - 1), today)]
    known = {each.day for each in told}
    merged = merged_releases(releases)
    by_day = _ByDay(
        asked={each.day: each.fetched_at for each in told},
        reports=_grouped(reports),
        releases=_grouped(merged),
        occasions=_grouped(market_days(today, today + AHEAD)),
    )
    days = tuple(by_day.day(day, members) for day in _weekdays(today, today + AHEAD))
    return Agenda(
        days=days,
        beat=beat_rate(own, today),
        beat_days=sum(day in known for day in passed),
        beat_days_due=len(passed),
        reports=_next_of(reports, today),
        source="+".join(sorted({each.source for each in told})),
        schedule_source="+".join(sorted({each.source for each in releases})),
        as_of=_oldest(days, today),
        schedule_as_of=max((each.fetched_at for each in releases), default=None),
        release_days=release_days(merged),
    )


def newest_reports(days: Iterable[EarningsDay]) -> list[Earnings]:
    """Return every report once: of one that was moved, the day that was told last."""
    found: dict[tuple[str, str], Earnings] = {}
    for each in sorted(days, key=lambda day: day.fetched_at):
        found.update(((row.symbol, row.quarter or str(row.day)), row) for row in each.rows)
    return sorted(found.values(), key=lambda report: (report.day, report.symbol))


class _Members:
    """Who is in the index, by the newest holdings."""

    def __init__(self, file: Holdings | None, listings: Listings | None) -> None:
        symbols, values = ((), ()) if file is None else (file.symbols, file.market_value)
        if listings is not None:
            symbols = respelled(symbols, rows_of(listings))
        self._rows = {symbol: row for row, symbol in enumerate(symbols)}
        self._sectors = () if file is None else file.sectors
        self._names = () if file is None else file.names
        self._values = values
        self._whole = sum(values)
        self.are_known = file is not None

    def __contains__(self, symbol: str) -> bool:
        return symbol in self._rows

    def report(self, earnings: Earnings) -> MemberReport:
        """Return a member's report with its place in the index."""
        row = self._rows[earnings.symbol]
        weight = self._values[row] / self._whole if self._whole > 0 else 0.0
        name = self._names[row] or earnings.name
        return MemberReport(earnings=earnings, name=name, sector=self._sectors[row], weight=weight)


def _members(snapshot: Snapshot) -> _Members:
    return _Members(snapshot.holdings.get(TRACKER), snapshot.listings)


class _ByDay(msgspec.Struct, frozen=True):
    """What is known, by day."""

    asked: Mapping[date, datetime]
    reports: Mapping[date, list[Earnings]]
    releases: Mapping[date, list[Release]]
    occasions: Mapping[date, list[MarketDay]]

    def day(self, day: date, members: _Members) -> AgendaDay:
        """Return all that is known of one day."""
        reports = self.reports.get(day, [])
        own = [members.report(report) for report in reports if report.symbol in members]
        told = self.releases.get(day, ()), self.occasions.get(day, ())
        releases, occasions = _told_once(*told)
        return AgendaDay(
            day=day,
            is_told=members.are_known and day in self.asked,
            told_at=self.asked.get(day),
            reports=tuple(sorted(own, key=lambda each: (-each.weight, each.earnings.symbol))),
            others=len(reports) - len(own),
            releases=releases,
            occasions=occasions,
        )


def _told_once(
    releases: Sequence[Release], occasions: Sequence[MarketDay]
) -> tuple[tuple[Release, ...], tuple[MarketDay, ...]]:
    """Return a day's releases and occasions, neither of them saying what the other says.

    A decision among the releases stands there with its figures, under its usual name; where a
    market rests, that is said, and no release is needed that calls the day a holiday.
    """
    decided = {row.title for row in releases for each in occasions if _tells(row, each)}
    rests = any(each.occasion in _RESTS for each in occasions)
    told = (
        replace(row, title=Occasion.FOMC.value) if row.title in decided else row
        for row in releases
        if not (rests and row.impact is Impact.HOLIDAY)
    )
    left = (each for each in occasions if not (decided and each.occasion is Occasion.FOMC))
    return tuple(told), tuple(left)


def _tells(row: Release, occasion: MarketDay) -> bool:
    """Whether a release is the decision that the calendar alone knows of too."""
    is_its = occasion.occasion is Occasion.FOMC and row.at == occasion.at
    return is_its and name_of(row.title)[0] == _DECISION


def _grouped(things: Iterable[T]) -> dict[date, list[T]]:
    found: dict[date, list[T]] = {}
    for each in things:
        found.setdefault(each.day, []).append(each)
    return found


def _weekdays(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        if day.weekday() < 5:
            yield day
        day += timedelta(days=1)


def _next_of(reports: Iterable[Earnings], today: date) -> dict[str, Earnings]:
    found: dict[str, Earnings] = {}
    for report in reports:
        if report.day >= today and report.actual is None:
            found.setdefault(report.symbol, report)
    return found


def _oldest(days: Iterable[AgendaDay], today: date) -> datetime | None:
    """When the oldest answer about the two weeks ahead came."""
    ahead = (each.told_at for each in days if each.day <= today + SHOWN)
    return min((at for at in ahead if at is not None), default=None)

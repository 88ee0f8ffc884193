"""An agenda of a made-up week for the tests of panels and screens, Thursday 2 July 2026."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from msgspec.structs import replace

from market.agenda import Impact, Release
from market.agenda_study import Agenda, AgendaDay, MemberReport
from market.earnings import BeatRate, Earnings, Timing
from market.market_days import market_days
from market.reading import Reading
from market.snapshot import Snapshot
from market.studies import Studies
from tests.clocks import THURSDAY_AFTERNOON as NOW

TODAY = date(2026, 7, 2)
CPI = Release(
    title="CPI m/m",
    country="US",
    day=TODAY,
    at=datetime(2026, 7, 2, 12, 30, tzinfo=UTC),
    impact=Impact.HIGH,
    previous="-0.1%",
    consensus="0.2%",
    actual="0.3%",
)
CLAIMS = replace(CPI, title="Unemployment Claims", impact=Impact.MEDIUM, actual="")
BILLS = replace(CPI, title="4-Week Bill Auction", impact=Impact.LOW, previous="", consensus="")


def report(
    symbol: str, day: date = TODAY, sector: str = "Health Care", **changes: object
) -> MemberReport:
    """A member that reports before the open."""
    told = Earnings(
        symbol=symbol,
        day=day,
        timing=Timing.BEFORE_OPEN,
        quarter="Jun/2026",
        estimate=0.42,
        estimates=5,
    )
    earnings = replace(told, **changes)
    return MemberReport(earnings=earnings, name=f"{symbol} Labs", sector=sector, weight=0.002)


def agenda(reports: Sequence[MemberReport] = (), releases: Sequence[Release] = ()) -> Agenda:
    """Two weeks, all of them known, with these on their days."""
    last = TODAY + timedelta(days=13)
    every = (TODAY + timedelta(days=n) for n in range(14))
    days = tuple(
        AgendaDay(
            day=day,
            is_told=True,
            told_at=NOW,
            reports=tuple(each for each in reports if each.earnings.day == day),
            releases=tuple(each for each in releases if each.day == day),
            occasions=tuple(each for each in market_days(TODAY, last) if each.day == day),
        )
        for day in every
        if day.weekday() < 5
    )
    return Agenda(
        days=days,
        beat=BeatRate(13, 6, 1, 2, 0.65),
        beat_days=21,
        beat_days_due=21,
        reports={each.earnings.symbol: each.earnings for each in reports},
        source="nasdaq",
        schedule_source="forexfactory+nasdaq",
        as_of=NOW,
        schedule_as_of=NOW,
    )


def with_agenda(snapshot: Snapshot, found: Agenda | None) -> Snapshot:
    """A picture in which this was worked out."""
    rate = Reading(0.65, NOW, "nasdaq") if found is not None else Reading(None)
    return replace(
        snapshot,
        studies=Studies(agenda=found),
        readings={**snapshot.readings, "calendar.beat_rate.30d": rate},
    )

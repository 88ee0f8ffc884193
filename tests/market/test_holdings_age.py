"""How old holdings may be: four sessions, weekends and holidays left out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from market.freshness import freshness
from market.health import Look, Trouble
from market.holdings_age import STALE_AFTER, day_in_words, why_holdings_late
from market.instruments import TRACKER
from market.quotes import Key, Kind
from market.reports import ErrorKind
from market.sessions import session_of, sessions_between
from market.snapshot import Snapshot
from tests.clocks import THURSDAY_AFTERNOON as NOW
from tests.widgets.censuses import census, counted, with_census

WEDNESDAY = date(2026, 7, 1)


@pytest.mark.parametrize(
    ("now", "is_late"),
    [
        (datetime(2026, 7, 2, 18, tzinfo=UTC), False),
        (datetime(2026, 7, 5, 18, tzinfo=UTC), False),  # a holiday and a weekend are no sessions
        (datetime(2026, 7, 8, 18, tzinfo=UTC), False),
        (datetime(2026, 7, 9, 3, tzinfo=UTC), False),  # the evening before in New York
        (datetime(2026, 7, 9, 5, tzinfo=UTC), True),
    ],
)
def test_holdings_are_late_with_the_fifth_session_after_their_day(
    now: datetime, is_late: bool
) -> None:
    assert bool(why_holdings_late(WEDNESDAY, now)) is is_late


def test_the_reason_names_day_and_sessions() -> None:
    told = why_holdings_late(date(2026, 5, 5), NOW)
    assert told == "the weights are of 5 May: no newer holdings for 40 sessions"
    assert day_in_words(date(2025, 5, 5), NOW) == "5 May 2025"
    assert day_in_words(date(2027, 5, 5), NOW) == "5 May 2027"


@given(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.integers(0, 30))
def test_age_is_counted_in_sessions(day: date, later: int) -> None:
    today = day + timedelta(days=later)
    passed = len(list(sessions_between(day, today))[1 if day in _sessions(day) else 0 :])
    noon = datetime(today.year, today.month, today.day, 17, tzinfo=UTC)
    assert bool(why_holdings_late(day, noon)) is (passed > STALE_AFTER)


def _sessions(day: date) -> list[date]:
    return list(sessions_between(day, day))


def aged(day: date) -> Snapshot:
    """A live picture in which the members and their weights are of a day."""
    found = census()
    members = replace(found.members, holdings_day=day)
    seen = with_census(counted(), replace(found, members=members))
    return replace(seen, readings={**seen.readings, **found.readings})


OF_MEMBERS = ("breadth.advances", "attribution.equal_less_cap.1d", "sector.energy.contribution.1d")


def test_figures_of_members_are_late_with_their_weights_however_young_their_prices() -> None:
    young, old = aged(WEDNESDAY), aged(date(2026, 5, 5))
    found = Trouble(ErrorKind.GARBLED, "the file has no date", "ishares", NOW)
    refused = replace(old, troubles={Key(Kind.HOLDINGS, TRACKER): found})
    for name in OF_MEMBERS:
        assert freshness(young, name).look is Look.LIVE, name
        late = freshness(old, name)
        assert (late.look, late.beside) == (Look.LATE, "holdings 5 May"), name
        assert "no newer holdings" in late.reason
        failing = freshness(refused, name)
        assert (failing.look, failing.reason) == (Look.FAILING, "the file has no date"), name
    assert freshness(old, "rut.last").look is Look.LIVE, "prices do not age with the weights"


def test_the_day_of_a_session_is_its_own() -> None:
    close = session_of(WEDNESDAY).close
    assert not why_holdings_late(WEDNESDAY, close)

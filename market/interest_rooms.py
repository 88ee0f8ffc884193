"""Which data the rooms need: screens that are asked for nothing while they are not shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from market.fed_funds_contracts import wanted_contracts
from market.funds import FUNDS, FundHistory
from market.holdings import WHOLE_MARKET
from market.instruments import BENCHMARK, INDEX, OPTIONED, SHORT_RATE, TRACKER, Cast, Role
from market.interest import OF_POLICY, overview_keys
from market.metrics.catalogue_flows import SMALL_CAPS
from market.metrics.day_curve import DAY_CURVE, lacks_day_curve
from market.quotes import Key, Kind
from market.sessions import (
    exchange_date,
    is_session,
    next_session,
    sessions_back,
    sessions_between,
)
from market.snapshot import Snapshot
from market.vix_futures import near_contracts


def option_keys() -> frozenset[Key]:
    """Return what is worked out of option chains: them, and a rate of about their length."""
    chains = (Key(Kind.CHAIN, symbol) for symbol in OPTIONED)
    return frozenset((*chains, Key(Kind.PUBLISHED, SHORT_RATE)))


def volatility_keys(day: date, cast: Cast) -> frozenset[Key]:
    """Return what the volatility screen shows: the family's history, what moved, the options.

    The futures whose marks are shown are those near a day.
    """
    family = (
        Key(kind, each.symbol)
        for each in cast.of(Role.VOLATILITY)
        for kind in (Kind.QUOTE, Kind.DAILY)
    )
    return option_keys().union(family, mark_keys(day), _MOVED)


def mark_keys(day: date) -> frozenset[Key]:
    """Return the marks of the VIX futures near a day."""
    return frozenset(Key(Kind.DAILY, contract.symbol) for contract in near_contracts(day))


_MOVED = (Key(Kind.DAILY, TRACKER), Key(Kind.DAILY, INDEX), Key(Kind.CLOSES, BENCHMARK))
"""Whose realised volatility is held against the implied."""


def policy_keys(day: date, cast: Cast) -> frozenset[Key]:
    """Return what policy, rates and macro are made of: contracts as of a day, and all series.

    The weeks of the calendar of releases tell when the next values come.
    """
    series = (Key(Kind.PUBLISHED, each.symbol) for each in cast.of(Role.PUBLISHED))
    return policy_line_keys(day).union(series, _WEEKS)


def policy_line_keys(day: date) -> frozenset[Key]:
    """Return what the federal funds path of a day and the proxy beside it are made of."""
    contracts = wanted_contracts(day)
    prices = (Key(kind, each) for each in contracts for kind in (Kind.TRACE, Kind.CLOSES))
    return frozenset(Key(Kind.PUBLISHED, each) for each in OF_POLICY).union(prices)


_WEEKS = tuple(Key(Kind.RELEASES, WHOLE_MARKET, week) for week in ("thisweek", "nextweek"))
"""The schedule of releases."""


NEXT_AT_ONCE = 2
"""Days of the calendar that are asked for at a time: each costs a host some seconds."""
SHOWN_DAYS = timedelta(days=13)
"""Two weeks, today included."""
LOOKED_BACK = timedelta(days=29)
"""The results of 30 days, today included."""
SETTLES = timedelta(days=2)
"""A day's results are final when asked for so long after it."""
ACTUALS_BACK = 5
"""Sessions whose releases are looked up with their actuals."""


def calendar_keys(snapshot: Snapshot) -> frozenset[Key]:
    """Return what the calendar needs now; days that nothing is known of yet come two at a time.

    Today and tomorrow come first, then the days ahead, then those behind, the latest first.
    """
    today = exchange_date(snapshot.now)
    ahead = _earnings(sessions_between(today, today + SHOWN_DAYS))
    earnings = [*ahead, *_earnings_behind(today)[::-1]]
    unsettled = [key for key in earnings if not _is_settled(snapshot, key)]
    known = {key for key in unsettled if _was_asked(snapshot, key)}
    missing = [key for key in unsettled if key not in known][:NEXT_AT_ONCE]
    return release_keys(snapshot).union(known, missing)


def reported_keys(snapshot: Snapshot) -> frozenset[Key]:
    """Return all days behind whose reports are not final: for who asks once and waits for it."""
    behind = _earnings_behind(exchange_date(snapshot.now))
    return frozenset(key for key in behind if not _is_settled(snapshot, key))


def _earnings_behind(today: date) -> list[Key]:
    return _earnings(sessions_between(today - LOOKED_BACK, today - timedelta(days=1)))


def _earnings(days: Iterable[date]) -> list[Key]:
    return [Key(Kind.EARNINGS, WHOLE_MARKET, day.isoformat()) for day in days]


def release_keys(snapshot: Snapshot) -> frozenset[Key]:
    """Return the economic releases of two weeks, and the days whose actuals are not final."""
    today = exchange_date(snapshot.now)
    first = sessions_back(today, ACTUALS_BACK)
    days = [*sessions_between(first, today)]
    if any(
        week in snapshot.troubles for week in _WEEKS
    ):  # the schedule fails: the days have one too
        days += sessions_between(today + timedelta(days=1), today + SHOWN_DAYS)
    asked = (Key(Kind.RELEASES, WHOLE_MARKET, day.isoformat()) for day in days)
    return frozenset((*_WEEKS, *(key for key in asked if not _is_settled(snapshot, key))))


def today_keys(snapshot: Snapshot) -> frozenset[Key]:
    """Return what a line about today needs, or about the next session: earnings and releases."""
    today = exchange_date(snapshot.now)
    day = today if is_session(today) else next_session(today)
    spans = ((Kind.EARNINGS, str(day)), (Kind.RELEASES, str(day)), (Kind.RELEASES, "thisweek"))
    return frozenset(Key(kind, WHOLE_MARKET, span) for kind, span in spans)


def week_keys(today: date) -> frozenset[Key]:
    """Return the earnings of seven days, today included."""
    days = sessions_between(today, today + timedelta(days=6))
    return frozenset(Key(Kind.EARNINGS, WHOLE_MARKET, day.isoformat()) for day in days)


def _is_settled(snapshot: Snapshot, key: Key) -> bool:
    """Whether a day's calendar was asked for when everything of it was known."""
    fetched = snapshot.fetched.get(key)
    return fetched is not None and exchange_date(fetched) - date.fromisoformat(key.span) >= SETTLES


def _was_asked(snapshot: Snapshot, key: Key) -> bool:
    """Whether something came of asking for it: a day that fails must not hold up the others."""
    return key in snapshot.fetched or key in snapshot.troubles or key in snapshot.absences


def flow_keys(snapshot: Snapshot) -> frozenset[Key]:
    """Return the shares of every fund by day, and closes where an issuer tells no value."""
    counts = frozenset(Key(Kind.FUND, fund.symbol) for fund in FUNDS)
    told = (snapshot.document(key, FundHistory) for key in counts)
    bare = (each.key.symbol for each in told if each is not None and _lacks_value(each))
    return counts.union(Key(Kind.CLOSES, symbol) for symbol in bare)


def flow_line_keys(funds: Iterable[str] = (TRACKER,)) -> frozenset[Key]:
    """Return what a line about the flows of some funds is made of, by default the tracker's."""
    return frozenset(Key(Kind.FUND, fund) for fund in funds)


def _lacks_value(history: FundHistory) -> bool:
    return any(each.nav is None for each in history.days[-1:])


def day_curve_keys(snapshot: Snapshot) -> frozenset[Key]:
    """Return what tells how much volume is usual by now, while a session lacks it.

    A captop that runs fetches it once a session by itself.
    """
    return frozenset({DAY_CURVE}) if lacks_day_curve(snapshot, snapshot.now) else frozenset()


def one_pass_keys(snapshot: Snapshot) -> frozenset[Key]:
    """Return what one pass asks for: the overview and all its lines, every series.

    Option chains and two weeks of calendars cost megabytes and half a minute: they are for who
    looks at them.
    """
    day = exchange_date(snapshot.now)
    lines = policy_keys(day, snapshot.cast) | today_keys(snapshot) | flow_line_keys(SMALL_CAPS)
    return overview_keys(snapshot.cast) | lines

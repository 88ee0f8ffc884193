"""Works out the federal funds path: by the newest prices, by yesterday's and last week's closes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from market.fed_funds_contracts import WEEK, contract_of, month_of, wanted_months
from market.fed_funds_study import Change, FedFunds, Path
from market.fomc import Schedule, default_schedule
from market.metrics.closes import bar_day, day_in_words
from market.metrics.fed_funds_path import changes, fed_funds_path, year_end
from market.metrics.policy_range import LOWER, UPPER, range_in_force
from market.metrics.subject import Last, Subject, Unknown
from market.published import Published
from market.quotes import Key, Kind
from market.reading import sources
from market.sessions import exchange_date, previous_session, sessions_back
from market.snapshot import NOT_COMPUTED, Snapshot

KEPT_CLOSES = 15
"""Newest closes of a contract that are looked at: last week's and a few to spare."""
EFFECTIVE = "EFFR"
"""The series of the effective rate."""
OLDEST = 1
"""Sessions by which a contract's last price may be older than the newest one's."""
_OF_PRICES = frozenset({Kind.QUOTE, Kind.TRACE, Kind.CLOSES, Kind.DAILY, Kind.INTRADAY})


class _Contract(NamedTuple):
    """What is known of one contract."""

    month: date
    last: Last
    closes: Mapping[date, float]
    """By exchange date."""


def reads(key: Key) -> bool:
    """Return whether the path follows from a datum."""
    if key.kind is Kind.PUBLISHED:
        return key.symbol in {LOWER, UPPER, EFFECTIVE}
    return key.kind in _OF_PRICES and month_of(key.symbol) is not None


def fed_funds(snapshot: Snapshot, schedule: Schedule | None = None) -> FedFunds:
    """Return the path of the federal funds rate, or why there is none."""
    known = schedule or default_schedule()
    today = exchange_date(snapshot.now)
    notice = known.notice(today)
    months = wanted_months(today, known)
    contracts = [each for month in months if (each := _contract(snapshot, month)) is not None]
    if not contracts:
        return FedFunds(reason=_why_none(snapshot, months), notice=notice)
    day = max(each.last.day for each in contracts)
    oldest = sessions_back(day, OLDEST)
    fresh = [each for each in contracts if each.last.day >= oldest]
    newest = max(fresh, key=lambda each: each.last.as_of).last
    missing = _missing((m for m in months if m >= day.replace(day=1)), fresh)
    found = FedFunds(
        as_of=newest.as_of,
        source=sources(*(each.last.source for each in fresh)),
        delay_s=newest.delay_s,
        missing=missing,
        notice=notice,
    )
    return _with_path(found, snapshot, known, contracts, day)


def _with_path(
    found: FedFunds,
    snapshot: Snapshot,
    schedule: Schedule,
    contracts: list[_Contract],
    day: date,
) -> FedFunds:
    """The study with what follows from the prices, if the range in force is known."""
    oldest = sessions_back(day, OLDEST)
    prices = {each.month: each.last.price for each in contracts if each.last.day >= oldest}
    try:
        path = fed_funds_path(prices, schedule, range_in_force(snapshot, day, schedule), day)
    except Unknown as unknown:
        return replace(found, reason=str(unknown))
    today = exchange_date(snapshot.now)
    path = replace(path, meetings=tuple(each for each in path.meetings if each.day >= today))
    if not path.meetings:
        return replace(found, reason=f"no contract reaches a meeting after {day_in_words(today)}")
    before = _path_at(snapshot, schedule, contracts, previous_session(day))
    week = _path_at(snapshot, schedule, contracts, sessions_back(day, WEEK))
    return replace(
        found,
        path=path,
        last_week=week,
        since_yesterday=_since(path, before),
        since_last_week=_since(path, week),
        year_end=year_end(path, schedule, path.meetings[0].day.year),
    )


def _path_at(
    snapshot: Snapshot, schedule: Schedule, contracts: Iterable[_Contract], day: date
) -> Path | None:
    """The path by the closes of one day, in the range that was in force then; None without any."""
    prices = {each.month: each.closes[day] for each in contracts if day in each.closes}
    try:
        in_force = range_in_force(snapshot, day, schedule)
    except Unknown:
        return None
    if not prices:
        return None
    return fed_funds_path(prices, schedule, in_force, day, _effective(snapshot, day))


def _effective(snapshot: Snapshot, day: date) -> float | None:
    series = snapshot.document(Key(Kind.PUBLISHED, EFFECTIVE), Published)
    return None if series is None else series.on(day)


def _since(path: Path, earlier: Path | None) -> tuple[Change, ...]:
    return () if earlier is None else changes(path, earlier)


def _contract(snapshot: Snapshot, month: date) -> _Contract | None:
    """What is known of a month's contract: its newest price is a trade's or a younger close."""
    symbol = contract_of(month)
    subject = Subject(snapshot, snapshot.cast[symbol], {})
    closes, last = _closes(subject), _last(subject)
    newest, bars = max(closes, default=None), subject.daily
    if newest is not None and bars is not None and (last is None or last.day < newest):
        last = Last(closes[newest], bars.as_of, bars.source, 0, newest)
    return None if last is None else _Contract(month, last, closes)


def _last(subject: Subject) -> Last | None:
    try:
        return subject.last
    except Unknown:
        return None


def _closes(subject: Subject) -> dict[date, float]:
    bars = subject.daily
    if bars is None:
        return {}
    first = max(0, len(bars) - KEPT_CLOSES)
    return {bar_day(bars, n): bars.close[n] for n in range(first, len(bars))}


def _missing(months: Iterable[date], contracts: Iterable[_Contract]) -> tuple[str, ...]:
    known = {each.month for each in contracts}
    return tuple(contract_of(month) for month in months if month not in known)


def _why_none(snapshot: Snapshot, months: Iterable[date]) -> str:
    """Why no contract has a price: what the feed says of the nearest that was asked for."""
    for month in months:
        subject = Subject(snapshot, snapshot.cast[contract_of(month)], {})
        if reason := subject.why_not(Kind.TRACE, Kind.CLOSES):
            return reason
    return NOT_COMPUTED.reason

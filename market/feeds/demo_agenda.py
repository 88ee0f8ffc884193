"""Who reports earnings on a day of the simulated market: its members and some others, made up.

A company reports once a quarter, most of them in the weeks after a quarter's end. What it earned
is told from the hour of its report on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from random import Random

import msgspec

from market.agenda import EarningsDay
from market.earnings import Earnings, Timing
from market.feeds.demo_market import SOURCE, DemoMarket, Moment
from market.feeds.demo_members import Roster, roster_of
from market.quotes import Key
from market.sessions import NEW_YORK, is_session, next_session, sessions_back

IN_SEASON = 0.86
"""The part of the companies whose year ends with the calendar's: they report in its seasons."""
SEASON_DAY, SEASON_SPREAD = 34, 9
"""Days after a quarter's end, and their standard deviation."""
UNESTIMATED, UNTIMED, MOVED = 0.09, 0.1, 0.03
"""Parts of the reports that nobody estimates, have no known hour, or were moved."""
_LOSING = frozenset({"Biotechnology", "Pharma"})
_HOURS = {Timing.BEFORE_OPEN: time(7), Timing.UNKNOWN: time(12), Timing.AFTER_CLOSE: time(16, 5)}


class _Seat(msgspec.Struct, frozen=True):
    """When a company reports in one quarter."""

    row: int
    day: date
    quarter: str


def earnings_day(market: DemoMarket, key: Key, moment: Moment) -> EarningsDay | None:
    """Return who reports on the key's day, as it is known at a moment; None for no day."""
    try:
        day = date.fromisoformat(key.span)
    except ValueError:
        return None
    seed = market.paths.seed
    roster = _roster(seed)
    symbols = roster.symbols_on(moment.index)
    seats = _seats(seed, *_quarter_before(day)).get(day, ())
    own = (_report(roster, seat, symbols[seat.row], moment) for seat in seats)
    rows = {report.symbol: report for report in (*_others(seed, day, moment), *own)}
    told = tuple(rows[symbol] for symbol in sorted(rows))
    return EarningsDay(key=key, source=SOURCE, fetched_at=moment.at, day=day, rows=told)


@lru_cache(maxsize=4)
def _roster(seed: int) -> Roster:
    return roster_of(seed)


def _quarter_before(day: date) -> tuple[int, int]:
    """Return year and number of the last quarter that had ended before a day."""
    number = (day.month - 1) // 3
    return (day.year, number) if number else (day.year - 1, 4)


@lru_cache(maxsize=8)
def _seats(seed: int, year: int, quarter: int) -> Mapping[date, tuple[_Seat, ...]]:
    """Who reports on which day of the three months after a quarter."""
    rng = Random(f"{seed}|seats|{year}|{quarter}")
    end = date(year, 3 * quarter, 28) + timedelta(days=4)
    end -= timedelta(days=end.day)
    words = f"{end:%b}/{end.year}"
    found: dict[date, tuple[_Seat, ...]] = {}
    for row in range(len(_roster(seed).symbols)):
        days = min(max(rng.gauss(SEASON_DAY, SEASON_SPREAD), 12), 88)
        if rng.random() > IN_SEASON:
            days = rng.uniform(1, 88)
        day = end + timedelta(days=round(days))
        for _ in range(0 if is_session(day) else 1 + rng.randrange(4)):
            day = next_session(day)
        found[day] = (*found.get(day, ()), _Seat(row, day, words))
    return found


def _report(roster: Roster, seat: _Seat, symbol: str, moment: Moment) -> Earnings:
    rng = Random(f"{roster.seed}|report|{seat.row}|{seat.quarter}")
    is_losing = roster.subsectors[seat.row] in _LOSING and rng.random() < 0.8
    size = rng.lognormvariate(-0.6, 0.7)
    estimate = round(-size if is_losing else size, 2)
    is_moved = rng.random() < MOVED
    earlier = (sessions_back(seat.day, 1 + rng.randrange(4)),) if is_moved else ()
    return _told(
        Earnings(
            symbol=symbol,
            name=roster.names[seat.row],
            day=seat.day,
            quarter=seat.quarter,
            earlier_days=earlier,
        ),
        rng,
        estimate,
        moment,
    )


def _told(report: Earnings, rng: Random, estimate: float, moment: Moment) -> Earnings:
    """Return a report with its hour and its consensus, and its result once that is out."""
    half = (1 - UNTIMED) / 2
    (timing,) = rng.choices(tuple(_HOURS), (half, UNTIMED, half))
    is_estimated = rng.random() > UNESTIMATED
    surprise = rng.gauss(0.035, 0.12) * max(0.1, abs(estimate))
    at = datetime.combine(report.day, _HOURS[timing], NEW_YORK)
    return msgspec.structs.replace(
        report,
        timing=timing,
        estimate=estimate if is_estimated else None,
        estimates=1 + int(rng.expovariate(0.35)) if is_estimated else None,
        actual=round(estimate + surprise, 2) if at <= moment.at else None,
    )


def _others(seed: int, day: date, moment: Moment) -> Iterator[Earnings]:
    """Companies outside the index; their symbols have four letters, members' have five."""
    rng = Random(f"{seed}|others|{day}")
    for _ in range(rng.randrange(4, 40)):
        symbol = "Z" + "".join(rng.choices("ABCDEFGHJKLMNPRSTVW", k=3))
        report = Earnings(symbol=symbol, name=f"{symbol.title()} Corp", day=day)
        yield _told(report, rng, round(rng.lognormvariate(0, 0.6), 2), moment)

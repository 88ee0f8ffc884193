"""The path of the federal funds rate that futures imply, meeting by meeting (METRICS 13).

The move at a meeting, in steps of 25 basis points, is split between the two whole numbers it lies
between; the moves of successive meetings are convolved, and the sums named by the target range in
force. Always two-sided: a cut, no change, a hike. Where a contract is missing a meeting has no
figure but a reason. Rates are per cent a year, probabilities fractions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from math import floor

from msgspec.structs import replace

from market.fed_funds_study import Chance, Change, Meeting, Odds, Path, YearEnd
from market.fomc import STEP_BP, Schedule, TargetRange
from market.metrics.closes import day_in_words
from market.metrics.fed_funds_rates import MonthRates, month_rates
from market.metrics.windows import months_before

LARGEST_MOVE = 8.0
"""Steps at one meeting beyond which a price is wrong rather than the move large."""


def fed_funds_path(
    prices: Mapping[date, float],
    schedule: Schedule,
    in_force: TargetRange,
    day: date,
    effective: float | None = None,
) -> Path:
    """Return the path over the meetings that the contracts and the schedule reach.

    Args:
        prices: Of each contract, by the first day of its month.
        schedule: The decision days. A meeting of `day` itself is still ahead: what it decides is
            in force from the day after.
        in_force: The target range in force on `day`.
        day: The exchange date of the prices.
        effective: The effective rate of `day`, which stands in for the contract of its month:
            nobody tells the prices of one that has expired since.
    """
    rates = month_rates(prices, schedule)
    if effective is not None:
        rates = _begun(rates, day.replace(day=1), effective)
    ahead = [d for d in schedule.from_day(day) if d.replace(day=1) <= max(rates, default=date.min)]
    solved = (_meeting(d, prices, schedule, rates) for d in ahead)
    return Path(day, in_force, tuple(_with_chances(solved, in_force)))


def changes(path: Path, earlier: Path) -> tuple[Change, ...]:
    """Return what changed for each meeting that an earlier path had too."""
    before = {meeting.day: meeting for meeting in earlier.meetings}
    return tuple(
        _change(meeting, before[meeting.day], path.in_force)
        for meeting in path.meetings
        if meeting.day in before
    )


def year_end(path: Path, schedule: Schedule, year: int) -> YearEnd | None:
    """Return a year's last meeting; None when it is past, unknown or beyond the contracts."""
    last = max((d for d in schedule.days if d.year == year), default=None)
    meeting = next((m for m in path.meetings if m.day == last), None)
    if meeting is None or not schedule.covers(date(year, 12, 1)):
        return None
    return YearEnd(meeting, _basis_points(path.meetings[0].start, meeting.end))


def odds_against(chances: Iterable[Chance], level: TargetRange) -> Odds:
    """Return how probable it is that a range is below, at and above another."""
    lower = same = higher = 0.0
    for chance in chances:
        if chance.range < level:
            lower += chance.probability
        elif chance.range > level:
            higher += chance.probability
        else:
            same += chance.probability
    return Odds(lower, same, higher)


def split_move(steps: float) -> dict[int, float]:
    """Return the probabilities of the two whole numbers that a move in steps lies between."""
    below = floor(steps)
    above = steps - below
    return {below: 1 - above, below + 1: above} if above else {below: 1.0}


def _begun(rates: dict[date, MonthRates], month: date, effective: float) -> dict[date, MonthRates]:
    """The rates with those of a first month that has no contract any more."""
    following = rates.get(months_before(month, -1), MonthRates())
    return rates if month in rates else {month: MonthRates(effective, following.start), **rates}


def _meeting(
    day: date, prices: Mapping[date, float], schedule: Schedule, rates: Mapping[date, MonthRates]
) -> Meeting:
    """A meeting with its two rates, or with the reason why it has none."""
    month = day.replace(day=1)
    known = rates.get(month, MonthRates())
    reason = _obstacle(month, prices, schedule, known)
    if reason:
        return Meeting(day=day, reason=reason)
    return Meeting(day=day, start=known.start, end=known.end, is_forward=known.is_forward)


def _obstacle(
    month: date, prices: Mapping[date, float], schedule: Schedule, known: MonthRates
) -> str:
    if len(schedule.in_month(month)) > 1:
        return f"{month:%B %Y} has two meetings, which one contract cannot tell apart"
    if known.start is None or known.end is None:
        if month not in prices:
            return f"the contract of {month:%B %Y} has no price"
        return f"no month without a meeting before or after {month:%B %Y} is known to anchor it"
    steps = _steps(known.start, known.end)
    if abs(steps) > LARGEST_MOVE:
        return (
            f"the prices would mean a move of {abs(steps) * STEP_BP:.0f} bp, which nobody expects"
        )
    return ""


def _with_chances(meetings: Iterable[Meeting], in_force: TargetRange) -> Iterator[Meeting]:
    """The meetings with their probabilities, as far as all before them are known."""
    reached, unknown = {0: 1.0}, ""
    for meeting in meetings:
        if meeting.start is None or meeting.end is None:
            unknown = unknown or f"the meeting of {day_in_words(meeting.day)} is unknown"
            yield meeting
            continue
        move = split_move(_steps(meeting.start, meeting.end))
        own = odds_against(_chances(move, in_force), in_force)
        if unknown:
            yield replace(meeting, move=own, reason=unknown)
            continue
        reached = _convolved(reached, move)
        chances = _chances(reached, in_force)
        against_now = odds_against(chances, in_force)
        yield replace(meeting, move=own, against_now=against_now, chances=chances)


def _convolved(reached: Mapping[int, float], move: Mapping[int, float]) -> dict[int, float]:
    sums: dict[int, float] = {}
    for before, its in reached.items():
        for steps, probability in move.items():
            sums[before + steps] = sums.get(before + steps, 0.0) + its * probability
    return sums


def _chances(steps: Mapping[int, float], in_force: TargetRange) -> tuple[Chance, ...]:
    return tuple(Chance(in_force.moved(each), steps[each]) for each in sorted(steps))


def _change(now: Meeting, before: Meeting, in_force: TargetRange) -> Change:
    """Both against the range in force now, so that a decision in between changes no yardstick."""
    rate_bp = _basis_points(before.end, now.end)
    if now.against_now is None or not before.chances:
        return Change(now.day, None, rate_bp)
    new, old = now.against_now, odds_against(before.chances, in_force)
    return Change(
        now.day, Odds(new.cut - old.cut, new.hold - old.hold, new.hike - old.hike), rate_bp
    )


def _steps(start: float, end: float) -> float:
    return 100 * (end - start) / STEP_BP


def _basis_points(start: float | None, end: float | None) -> float | None:
    return None if start is None or end is None else 100 * (end - start)

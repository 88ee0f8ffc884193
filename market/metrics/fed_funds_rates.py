"""The federal funds rate at both ends of every contract month, solved as CME does (METRICS 13).

A contract settles at 100 less the average effective rate of its month. Months without a meeting
are anchors: one rate from end to end, where the month before ends and the next one begins. In a
month with a meeting the day of the decision still counts at the old rate: average =
(N start + M end) / D, with N the day of the meeting, D the days of the month and M = D - N. Rates
are solved backward from the anchor that follows, and forward only where backward cannot reach. A
meeting between two anchors thus needs no contract of its own. Rates are per cent a year.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise

import msgspec

from market.fomc import Schedule
from market.metrics.windows import months_before


class MonthRates(msgspec.Struct, frozen=True):
    """The effective rate at the two ends of a month, None where it cannot be known."""

    start: float | None = None
    end: float | None = None
    is_forward: bool = False
    """The end was solved from the start: errors of a tick in the price are magnified."""


def implied_rate(price: float) -> float:
    """Return the average effective rate of the month that a contract's price implies."""
    return 100 - price


def rate_after(average: float, before: float, days_before: int, days: int) -> float:
    """Return the rate after a meeting, from the month's average and the rate before it.

    Args:
        average: Of the whole month.
        before: The rate before the decision.
        days_before: Days of the month at the old rate, fewer than all.
        days: Days of the month.
    """
    return (days * average - days_before * before) / (days - days_before)


def rate_before(average: float, after: float, days_before: int, days: int) -> float:
    """Return the rate before a meeting, from the month's average and the rate after it."""
    return (days * average - (days - days_before) * after) / days_before


def month_rates(prices: Mapping[date, float], schedule: Schedule) -> dict[date, MonthRates]:
    """Return the rates of every month from the first contract to the last, in this order.

    Args:
        prices: Of each contract, by the first day of its month.
        schedule: The decision days. The contract of a month whose meetings are not known, or
            that has two of them, tells nothing.
    """
    months = list(_months(prices))
    solved: dict[date, MonthRates] = {}
    following: float | None = None
    for month in reversed(months):
        solved[month] = _backward(month, prices.get(month), schedule, following)
        following = solved[month].start
    for before, month in pairwise(months):
        known, start = solved[month], solved[before].end
        if known.start is None or _is_anchor(before, prices, schedule):
            end = _end_from(start, month, prices, schedule) if known.end is None else known.end
            solved[month] = MonthRates(start, end, is_forward=known.end is None)
    return {month: solved[month] for month in months}


def _months(prices: Mapping[date, float]) -> Iterator[date]:
    """All months from the first contract to the last, also those without one."""
    month, last = min(prices, default=date.max), max(prices, default=date.min)
    while month <= last:
        yield month
        month = months_before(month, -1)


def _backward(
    month: date, price: float | None, schedule: Schedule, end: float | None
) -> MonthRates:
    """A month's rates from its own average and the rate at its end, which may be unknown."""
    if price is None or not schedule.covers(month):
        return MonthRates(end=end)
    average, decisions = implied_rate(price), schedule.in_month(month)
    if len(decisions) != 1:
        return MonthRates(end=end) if decisions else MonthRates(average, average)
    days_before, days = decisions[0].day, _days_in(month)
    if days_before == days:
        return MonthRates(average, end)
    return MonthRates(None if end is None else rate_before(average, end, days_before, days), end)


def _end_from(
    start: float | None, month: date, prices: Mapping[date, float], schedule: Schedule
) -> float | None:
    """The rate a month ends with, from its own average and the rate it begins with."""
    decisions, days = schedule.in_month(month), _days_in(month)
    if start is None or month not in prices or len(decisions) != 1:
        return None
    if decisions[0].day == days:
        return None
    return rate_after(implied_rate(prices[month]), start, decisions[0].day, days)


def _is_anchor(month: date, prices: Mapping[date, float], schedule: Schedule) -> bool:
    return month in prices and schedule.covers(month) and not schedule.in_month(month)


def _days_in(month: date) -> int:
    return monthrange(month.year, month.month)[1]

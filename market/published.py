"""Published series: rates, prices, jobs - what an office publishes on its own days."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, datetime

import msgspec

from market.quotes import Key

NOT_PUBLISHED = "waiting for the published series"
"""Why there is no figure while no series has come."""


class FirstPrint(msgspec.Struct, frozen=True):
    """What was first published of a reference date. Never overwritten."""

    day: date
    value: float
    seen_at: datetime
    before: float | None = None
    """What the same answer said of the observation before, so that the change at first is known."""


class Published(msgspec.Struct, frozen=True, kw_only=True, weakref=True, tag="published"):
    """One published series, oldest first: columns of equal length, days strictly rising.

    A day of which nothing was said is missing, in `days` too: gaps are gaps.
    """

    key: Key
    """`Kind.PUBLISHED` and the series' symbol in the cast: EFFR, DGS2, CPIAUCNS."""
    source: str
    fetched_at: datetime
    days: tuple[date, ...]
    """The reference dates: of a month its first day, of a week its Saturday."""
    values: tuple[float, ...]
    """In the unit the office uses: percent, index points, thousands, persons."""
    first_prints: tuple[FirstPrint, ...] = ()
    """Newest reference dates as they were said first, oldest first."""

    def __len__(self) -> int:
        """Return the number of observations."""
        return len(self.days)

    def on(self, day: date) -> float | None:
        """Return what is said of a reference date, None if nothing is."""
        place = bisect_left(self.days, day)
        return self.values[place] if self.days[place : place + 1] == (day,) else None


KEPT_PRINTS = 36
"""First prints that are remembered of a series."""


def with_first_prints(known: Published | None, news: Published) -> Published:
    """Return news of a series that remember what was said first of each newer reference date.

    Only the newest observation of an answer is a first print: how often the earlier ones had
    been revised before they were seen nobody knows.
    """
    told = (news if known is None else known).first_prints
    seen = (*(each.day for each in told[-1:]), *(known.days[-1:] if known is not None else ()))
    if news.days and news.days[-1] > max(seen, default=date.min):
        told = (*told, _newest_print(news))[-KEPT_PRINTS:]
    return msgspec.structs.replace(news, first_prints=told)


def _newest_print(news: Published) -> FirstPrint:
    before = news.values[-2] if len(news) > 1 else None
    return FirstPrint(news.days[-1], news.values[-1], news.fetched_at, before)

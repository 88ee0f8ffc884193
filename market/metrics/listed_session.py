"""Which session listings speak of: their prices held against the members' known closes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from market.metrics.panel import Panel
from market.metrics.suspects import guarded_previous
from market.sessions import next_session, previous_session

if TYPE_CHECKING:
    from market.metrics.columns import Column, Matrix

WITNESSES = 50
"""So many members' closes of a session must be known to be held against."""
SAME = 5e-4
"""Two sources agree on a close within five basis points."""
AGREEING = 0.5
"""The part of the witnesses that must agree."""
UNSEEN = 4
"""As many sessions may have passed since the past ends for the listings to be of the newest."""
NO_SESSION = "the listings are of no known session"
NOT_YET = "which session the listings are of is known with the members' past"


class ListedSession(NamedTuple):
    """The session that listings speak of."""

    day: date | None
    """None where their age cannot be known."""
    is_certain: bool = True
    """Whether known closes say so; otherwise it is taken for the newest session."""


class Closes(NamedTuple):
    """What is known of some sessions, oldest first, to hold prices against."""

    days: tuple[date, ...]
    table: Matrix
    """Sessions x members, unscaled; NaN where a close is not known."""

    def until(self, day: date) -> Closes:
        """Return the sessions up to a day."""
        count = bisect_right(self.days, day)
        return Closes(self.days[:count], self.table[:count])

    def since(self, day: date) -> Closes:
        """Return the sessions from a day on."""
        count = bisect_left(self.days, day)
        return Closes(self.days[count:], self.table[count:])

    def newest_witnessed(self, prices: Column) -> date | None:
        """Return the newest session of which enough closes are known to hold prices against."""
        import numpy as np

        both = ~np.isnan(self.table) & ~np.isnan(prices)
        witnessed = np.flatnonzero(np.count_nonzero(both, axis=1) >= WITNESSES)
        return self.days[int(witnessed[-1])] if len(witnessed) else None

    def newest_fit(self, prices: Column) -> date | None:
        """Return the newest session of whose witnesses half agree with prices."""
        import numpy as np

        # Closes of that very session only: one handed on from earlier would agree with anything.
        ratio = self.table / guarded_previous(prices)
        witnesses = np.count_nonzero(~np.isnan(ratio), axis=1)
        agreeing = np.count_nonzero(np.abs(ratio - 1) < SAME, axis=1)
        fits = np.flatnonzero((witnesses >= WITNESSES) & (agreeing >= AGREEING * witnesses))
        return self.days[int(fits[-1])] if len(fits) else None


def listed_session(
    last: Column, previous: Column, panel: Panel, newest: date, others: tuple[Closes, ...] = ()
) -> ListedSession:
    """Return the session that listings speak of.

    It is the one after the session whose closes their previous closes are, or the one whose
    closes their last prices are. Where no session fits although the past is known, or the closes
    that the newest one would compare with, they may be of any age. Without a past, or with one
    that ends some sessions before that base, they are taken for the newest session's.

    Args:
        last: The members' last prices as the listings tell them.
        previous: Their previous closes by the same.
        panel: The past, unscaled.
        newest: The newest session that had begun when the listings were first seen.
        others: Closes of single sessions that another source tells, such as a fund's file.
    """
    whole = Closes(panel.days, panel.closes).until(newest)
    before, base = whole.until(previous_session(newest)), previous_session(newest)
    told = [closes for other in others if (closes := other.until(newest)).days]
    for closes in (before.since(base), *told, before):
        day = closes.until(base).newest_fit(previous)
        if day is not None:
            return ListedSession(next_session(day))
    for closes in (*told, whole):
        day = closes.newest_fit(last)
        if day is not None:
            return ListedSession(day)
    if any(closes.newest_witnessed(previous) == base for closes in told):
        return ListedSession(None)
    return _unfitted(before.newest_witnessed(previous), before, newest)


def _unfitted(witnessed: date | None, past: Closes, newest: date) -> ListedSession:
    """Listings that fit no known session: of the newest, if the past could not know its base."""
    if witnessed is None:
        return ListedSession(newest, is_certain=False)
    unseen = len(past.days) - 1 - past.days.index(witnessed)
    if not 0 < unseen <= UNSEEN:
        return ListedSession(None)
    return ListedSession(newest, is_certain=unseen == 1)

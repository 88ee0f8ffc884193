"""Levels of groups of members, chained from session to session (METRICS 8, 18).

A session's growth is that of the members with a price in it and one before it, so that a
member that is halted, taken over or not yet listed hands its weight to the rest. After a halt
a member is compared with its last price before. A session in which no member has a price has
no level (NaN), and the chain goes on after it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING

from market.metrics.columns import divided, previous_of
from market.sessions import next_session

if TYPE_CHECKING:
    from market.metrics.columns import Column, Flags, Matrix, Rows

BASE = 100.0
"""The level of the first session with a price."""


def chain_linked(closes: Matrix, quantities: Matrix, base: float = BASE) -> Column:
    """Return the level of a holding, sum(quantity x price), over the sessions.

    Args:
        closes: Sessions x members, US dollars.
        quantities: Shares of each member; one row, or a row per session with what was held
            into it. A member without a quantity takes no part.
        base: The level to begin with.
    """
    import numpy as np

    starts, ends = previous_of(closes) * quantities, closes * quantities
    has_both = ~(np.isnan(starts) | np.isnan(ends))
    starts[~has_both] = 0.0
    ends[~has_both] = 0.0
    return _linked(divided(ends.sum(axis=1), starts.sum(axis=1)), closes, base)


def group_levels(
    closes: Matrix, quantities: Column, groups: Sequence[Rows], base: float = BASE
) -> Matrix:
    """Return sessions x groups: the chained level of every group.

    Args:
        closes: Sessions x members.
        quantities: Shares of each member.
        groups: The rows of each group's members in the columns; groups may overlap.
        base: The level of a group's first session.
    """
    import numpy as np

    levels = np.empty((len(closes), len(groups)))
    for place, rows in enumerate(groups):
        own = np.take(closes, rows, axis=1)
        levels[:, place] = chain_linked(own, quantities[rows], base)
    return levels


def equal_weight_basket(closes: Matrix, rebalanced: Flags, base: float = BASE) -> Column:
    """Return the level of a basket bought in equal weight and left alone between renewals.

    A member without a close on a day of renewal is left out until the next one.

    Args:
        closes: Sessions x members, of the basket's members only.
        rebalanced: Per session, whether the basket is renewed at its close. The first session
            with a close always is; a renewal without any close waits for the next that has.
        base: The level to begin with.
    """
    import numpy as np

    renewals = _renewals(closes, rebalanced)
    if not len(renewals):
        return np.full(len(closes), np.nan)
    last = np.searchsorted(renewals, np.arange(len(closes))) - 1
    bought = closes[renewals[np.maximum(last, 0)]]
    held = divided(np.ones_like(bought), bought)
    return chain_linked(closes, held, base)


def shares_held(closes: Matrix, rebalanced: Flags) -> Column:
    """Return the shares of each member that a basket of equal weight holds after these sessions.

    As many as one dollar bought at the last renewal; NaN for members without a close on that
    day, which wait for the next renewal. Arguments as of `equal_weight_basket`.
    """
    import numpy as np

    renewals = _renewals(closes, rebalanced)
    if not len(renewals):
        return np.full(len(closes.T), np.nan)
    bought = closes[renewals[-1]]
    return divided(np.ones_like(bought), bought)


def _renewals(closes: Matrix, rebalanced: Flags) -> Rows:
    """The sessions at whose close a basket is bought anew, the first with a close among them."""
    import numpy as np

    known = np.flatnonzero(~np.isnan(closes).all(axis=1))
    wanted = np.searchsorted(known, np.flatnonzero(rebalanced))
    renewals: Rows = np.union1d(known[:1], known[wanted[wanted < len(known)]])
    return renewals


def rebalanced_on(days: Sequence[date], reconstitutions: Collection[date]) -> Flags:
    """Return the sessions at whose close a basket is renewed: quarter ends, reconstitutions.

    Args:
        days: The sessions, oldest first. Of a missing one the session before it stands in.
        reconstitutions: The days at whose close the index is reconstituted.
    """
    import numpy as np

    after = [*days[1:], next_session(days[-1])] if days else []
    flags = np.array(
        [_quarter(day) != _quarter(later) for day, later in zip(days, after, strict=True)],
        dtype=np.bool_,
    )
    rows = [bisect_right(days, day) - 1 for day in reconstitutions if days and day < after[-1]]
    flags[[row for row in rows if row >= 0]] = True
    return flags


def _quarter(day: date) -> tuple[int, int]:
    return day.year, (day.month - 1) // 3


def _linked(growth: Column, closes: Matrix, base: float) -> Column:
    """A level from each session's growth; unknown growth is none, and unseen where no price is."""
    import numpy as np

    level: Column = np.where(np.isnan(growth), 1.0, growth).cumprod() * base
    level[np.isnan(closes).all(axis=1)] = np.nan
    return level

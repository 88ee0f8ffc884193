"""The price that a member's own feed or a stream tells, and what of its row follows from it.

The census comes once a minute. A member in sight ticks, and one that is watched has a feed of its
own: its row tells that price, with the return and the contribution that belong to it. Prices that
the census takes no part of, or that nobody confirms, are no row's.
"""

from __future__ import annotations

from math import log

from market.census import Mark, Members
from market.metrics.suspects import LARGEST_MOVE
from market.quotes import Quote
from market.sessions import exchange_date
from market.snapshot import Snapshot

_LEFT_OUT = frozenset({Mark.MISSING, Mark.SUSPECT})


def own_price(snapshot: Snapshot, row: int) -> Quote | None:
    """Return the price of a member that counts in place of the census's; None without one.

    Folding has kept it only if it is the younger one. It must be of the census's session, whose
    previous close and weights it is held against.
    """
    census = snapshot.census
    if census is None:
        return None
    members = census.members
    symbol = members.symbols[row]
    own = snapshot.quotes.get(symbol) or snapshot.ticks.get(symbol)
    if own is None or own.is_first_seen or members.marks[row] in _LEFT_OUT:
        return None
    if not members.last[row] > 0 or exchange_date(own.as_of) != members.day:
        return None
    return own if _is_believed(own.last, members.previous_close[row]) else None


def _is_believed(last: float, before: float) -> bool:
    """Whether a move needs no witness: without a previous close there is none."""
    return not before > 0 or abs(log(last / before)) <= LARGEST_MOVE


def moved(members: Members, row: int, window: str, last: float) -> tuple[float, float]:
    """Return a member's return over a window and what it adds to the index's, at another price.

    Args:
        members: The columns.
        row: Its place in them.
        window: One of WINDOWS.
        last: Its price of now.
    """
    before, added = members.returns[window][row], members.contributions[window][row]
    if last == members.last[row]:
        return before, added
    now = (1 + before) * last / members.last[row] - 1
    return now, added * now / before if before else members.weight[row] * now

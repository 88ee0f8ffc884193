"""Where charts of the index mark the days on which many of its members change at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache

from market.instruments import INDEX, TRACKER
from market.reconstitution import reconstitutions
from market.sessions import exchange_date
from widgets.picture import Marker

SIGN, ROLE = "R", "accent"
LEGEND = "R new members"
"""What the sign means, for the title of a chart or the line above it."""


def is_reconstituted(symbol: str) -> bool:
    """Return whether a symbol's members change then: the index, its tracker, groups of members."""
    return symbol in {INDEX, TRACKER} or symbol.startswith("@")


def marked_days(times: Sequence[int], *, effective: bool = False) -> tuple[int, ...]:
    """Return the places of the sessions to be marked, oldest first; times in Unix seconds.

    Args:
        times: When the sessions, or the bars that hold several of them, begin, in order.
        effective: The first session of the new members, and not the last of the old ones, at
            whose close they are traded into.
    """
    return _places(tuple(times), effective) if len(times) > 1 else ()


@lru_cache(maxsize=16)
def _places(times: tuple[int, ...], effective: bool) -> tuple[int, ...]:
    days = [exchange_date(datetime.fromtimestamp(time, UTC)) for time in times]
    found = [r.effective if effective else r.day for r in reconstitutions(days[0], days[-1])]
    places = (max(n for n, day in enumerate(days) if day <= mark) for mark in found)
    return tuple(dict.fromkeys(places))


def markers_at(places: Sequence[float]) -> tuple[Marker, ...]:
    """Return a sign at the foot of a chart for each x."""
    return tuple(Marker(x, None, SIGN, ROLE) for x in places)

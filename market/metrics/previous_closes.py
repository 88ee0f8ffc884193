"""The members' previous closes: of the daily series, also where the source tells another one.

A quote's previous close is not believed against the daily series (METRICS 3). It differs after
a split, when the source has adjusted its own already and the past not yet (METRICS 18).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from market.membership import PLAUSIBLE, WHOLE
from market.metrics.columns import divided
from market.metrics.suspects import guarded_previous

if TYPE_CHECKING:
    from market.metrics.columns import Column, Flags


class PreviousCloses(NamedTuple):
    """What each member's move is measured from."""

    closes: Column
    scale: Column
    """What prices of the past must be multiplied by: 0.5 after a 2:1 split, else 1."""
    is_odd: Flags
    """Whether the two sources differ widely with no split to explain it."""


def previous_closes(
    told: Column,
    known: Column,
    last: Column,
    recorded: Column | None = None,
    older: Column | None = None,
) -> PreviousCloses:
    """Return the previous closes, and what the past must be multiplied by.

    The two differ by a split if a record says so, or if one is about a whole number of times
    the other and the move that is left is a plausible one. Differences that round to no split
    at all are of sources, and the daily series counts.

    Args:
        told: Previous closes as listings and quote pages tell them; NaN unknown.
        known: Closes of the session before, from daily bars; NaN unknown.
        last: Last prices.
        recorded: New shares for one old by a record of the day; NaN without one.
        older: Newest closes known of any session before. Where `known` lacks one they tell of
            splits, and stand in where the source tells nothing either.
    """
    import numpy as np

    told, known = guarded_previous(told), guarded_previous(known)
    is_known = ~np.isnan(known)
    base = known if older is None else np.where(is_known, known, guarded_previous(older))
    ratio = divided(told, base)
    times = np.fmax(ratio, 1 / ratio)
    count = np.rint(times)
    whole = np.where(ratio > 1, count, 1 / count)
    is_near = np.abs(times / count - 1) <= WHOLE
    is_whole = is_near & (count > 1) & (np.abs(last / (base * whole) - 1) <= PLAUSIBLE)
    factor = np.full(len(ratio), np.nan) if recorded is None else 1 / recorded
    is_recorded = (factor != 1) & (np.abs(ratio / factor - 1) <= WHOLE)
    is_split = is_whole | is_recorded
    scale = np.where(is_split, np.where(is_recorded, factor, whole), 1.0)
    is_odd = is_known & ~np.isnan(ratio) & ~is_split & ~(is_near & (count == 1))
    counts = is_known | np.isnan(told)
    return PreviousCloses(np.where(counts, base * scale, told), scale, is_odd)

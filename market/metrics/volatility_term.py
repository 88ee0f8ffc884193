"""The volatility family against its own past: levels a week and a month ago, rank of 5 years."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from market.metrics.catalogue import VIX3M
from market.metrics.implied import FIVE_YEARS, recent_levels
from market.metrics.price import window_close
from market.metrics.quote import last_price
from market.metrics.ranks import rank
from market.metrics.readings import Function, combined, number
from market.metrics.returns import same_session
from market.metrics.subject import Subject
from market.reports import Reading

AGO = ("1w", "1m")
"""Windows, as metric names spell them, whose base closes are held against today's."""


def level_ago(window: str, subject: Subject) -> Reading:
    """Return the level's close at a window's start, as old as the level it is held against."""
    base = window_close(subject, window)
    return subject.last.beside(base.close, base.source, base.reason)


def slope_change(window: str, subject: Subject) -> Reading:
    """Return VIX3M less VIX, less the same at a window's start, points."""
    far = subject.other(VIX3M)
    same_session(subject, far)
    parts = (last_price(far), last_price(subject), level_ago(window, far))
    ago = level_ago(window, subject)
    far_now, near_now, far_then = (number(part) for part in parts)
    return combined((far_now - near_now) - (far_then - number(ago)), *parts, ago)


def rank_of_five_years(subject: Subject) -> Reading:
    """Return where the level stands between the lowest and highest close of five years."""
    levels, last = recent_levels(subject, FIVE_YEARS), subject.last
    return last.reading(rank(levels, last.price), subject.history())


FUNCTIONS: Mapping[str, Function] = {
    "{slug}.rank.5y": rank_of_five_years,
    **{"{slug}.level." + window: partial(level_ago, window) for window in AGO},
    **{f"vix.term.slope.change.{window}": partial(slope_change, window) for window in AGO},
}

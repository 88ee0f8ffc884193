"""The named metrics of one member straight out of the census's columns, for all 2,000 at once.

Members are no readings until somebody looks at one (`members.py`): what rules read of each of
them is one look into a column.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isfinite, nan
from typing import TypeAlias

from market.census import MOMENTA, WINDOWS, Census, Mark, Members
from market.reading import Reading

Figure: TypeAlias = Callable[[Census, int], float | str]
"""A member's number or word by its row in the columns; NaN is missing."""
BP = 1e4
_UNBELIEVED = frozenset({Mark.MISSING, Mark.SUSPECT})


def member_figure(census: Census, row: int, name: str) -> float | str | None:
    """Return a member's metric, `return.1d`; None if it is missing, or there is no such column."""
    figure = MEMBER_FIGURES.get(name)
    if figure is None or census.members.marks[row] in _UNBELIEVED:
        return None
    value = figure(census, row)
    return value if isinstance(value, str) or isfinite(value) else None


def _of(columns: Callable[[Members], Sequence[float] | None], scale: float = 1.0) -> Figure:
    """The member's place in a column, which need not be there."""

    def figure(census: Census, row: int) -> float:
        column = columns(census.members)
        return nan if column is None else scale * column[row]

    return figure


def _return(window: str) -> Figure:
    return _of(lambda members: members.returns.get(window))


def _relative(window: str) -> Figure:
    own, index = _return(window), f"attribution.index.{window.lower()}"

    def figure(census: Census, row: int) -> float | str:
        told = census.readings.get(index, Reading(None)).value
        mine = own(census, row)
        return mine - told if isinstance(mine, float) and isinstance(told, float) else nan

    return figure


def _contribution(window: str) -> Figure:
    return _of(lambda members: members.contributions.get(window), BP)


def _momentum(sessions: int) -> Figure:
    return _of(lambda members: members.momentum.get(sessions))


def _average(sessions: int) -> Figure:
    def figure(census: Census, row: int) -> float:
        above = census.members.above.get(sessions)
        return nan if above is None else census.members.last[row] / (1 + above[row])

    return figure


def _relative_volume(census: Census, row: int) -> float:
    """How busy it is; not known of one that trades nothing."""
    members = census.members
    return nan if members.marks[row] is Mark.IDLE else members.relative_volume[row]


MEMBER_FIGURES: Mapping[str, Figure] = {
    "last": lambda census, row: census.members.last[row],
    "previous_close": lambda census, row: census.members.previous_close[row],
    "change": lambda census, row: census.members.last[row] - census.members.previous_close[row],
    "volume": lambda census, row: census.members.volume[row],
    "relative_volume": _relative_volume,
    "range52w.position": lambda census, row: census.members.week52_position[row],
    "average.50d": _average(50),
    "average.200d": _average(200),
    "index.weight": lambda census, row: census.members.weight[row],
    "index.dollar_volume": lambda census, row: census.members.dollar_volume[row],
    "index.amihud": lambda census, row: census.members.amihud[row],
    "index.industry": lambda census, row: census.members.industries[row] or nan,
    **{f"index.momentum.{sessions}d": _momentum(sessions) for sessions in MOMENTA},
    **{f"return.{window.lower()}": _return(window) for window in WINDOWS},
    **{f"relative.{window.lower()}": _relative(window) for window in WINDOWS},
    **{f"index.contribution.{window.lower()}": _contribution(window) for window in WINDOWS},
}
"""What is known of every member by the name of its metric, without the member's own `{slug}.`."""

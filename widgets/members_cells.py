"""What each column says of one member."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from market.census import MOMENTA, Mark
from market.quotes import Bars
from widgets.board_model import Cell
from widgets.strips import MISSING, direction, percent_in, price, share, times, volume
from widgets.trend import thinned

TREND_SESSIONS = 63
"""Sessions of a member's sparkline."""
SIGNS = {Mark.FINE: "", Mark.MISSING: MISSING, Mark.HALTED: "H", Mark.SUSPECT: "!", Mark.SPLIT: "S"}
"""What stands beside a member whose price is not taken at its word."""
CHOSEN = "window"
"""Id of the chosen window's return, whichever window it is."""
TREND = "trend"
"""Id of the column of sparklines."""
_PRICE_WIDTH, _TIMES_WIDTH = 8, 5
BP = 1e4


class MemberValues(NamedTuple):
    """One member's place in the columns. Compares by value, in C."""

    symbol: str
    name: str
    place: str
    """Its sub-sector, else its sector."""
    mark: Mark
    weight: float
    last: float
    day: float
    chosen: float
    contribution: float
    volume: float
    dollars: float
    position: float
    momentum_21: float
    momentum_63: float
    momentum_126: float
    past: Bars | None


class Context(NamedTuple):
    """What all rows of one table share."""

    window: str
    points: float
    """The index's level at the start of the window: a contribution times it is in points."""
    ranks: Mapping[int, Mapping[str, int]]
    """By momentum: competition ranks by symbol, of those that are ranked."""
    makers: Sequence[Callable[[MemberValues, Context], Cell]]
    """What makes the cells, by column."""
    sorts: Sequence[Callable[[MemberValues, Context], float | str | None]]
    """What the cells are sorted by, by column."""
    sparks: Sequence[int]
    """Which columns hold sparklines."""


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _words(text: str, role: str = "text") -> Cell:
    return Cell(text, role, text.casefold())


def _quiet(values: MemberValues, role: str) -> str:
    """Return a role, muted for a price that is not believed."""
    return "muted" if values.mark is Mark.SUSPECT and role != "absent" else role


def _number(values: MemberValues, value: float, text: str, role: str = "text") -> Cell:
    return Cell(text, "absent" if text == MISSING else _quiet(values, role), _known(value))


def _moved(values: MemberValues, value: float, width: int, decimals: int = 2) -> Cell:
    text = percent_in(_known(value), width, decimals) if math.isfinite(value) else MISSING
    return _number(values, value, text, direction(text))


def _symbol(values: MemberValues, context: Context) -> Cell:
    del context
    return _words(values.symbol, _quiet(values, "strong"))


def _mark(values: MemberValues, context: Context) -> Cell:
    del context
    role = "failing" if values.mark is Mark.SUSPECT else "muted"
    return Cell(SIGNS[values.mark], role, values.mark.value or None)


def _name(values: MemberValues, context: Context) -> Cell:
    del context
    return _words(values.name, "muted")


def _place(values: MemberValues, context: Context) -> Cell:
    del context
    return _words(values.place, "faint")


def _weight(values: MemberValues, context: Context) -> Cell:
    del context
    return _number(values, values.weight, share(_known(values.weight), 3, ""), "muted")


def _last(values: MemberValues, context: Context) -> Cell:
    del context
    wordings = (*(price(_known(values.last), n) for n in (2, 0)), volume(_known(values.last)))
    text = next(each for each in wordings if len(each) <= _PRICE_WIDTH)
    return _number(values, values.last, text)


def _day(values: MemberValues, context: Context) -> Cell:
    del context
    return _moved(values, values.day, 7)


def _chosen(values: MemberValues, context: Context) -> Cell:
    return _moved(values, values.chosen, 7, 2 if context.window in ("1D", "5D") else 1)


def _contribution(values: MemberValues, context: Context) -> Cell:
    del context
    return _counted(values, values.contribution * BP, values.contribution)


def _points(values: MemberValues, context: Context) -> Cell:
    points = values.contribution * context.points
    return _counted(values, points, points)


def _counted(values: MemberValues, number: float, value: float, width: int = 6) -> Cell:
    """Return a signed number that is no fraction; decimals leave before a digit would."""
    text = percent_in(_known(number / 100), width)
    return _number(values, value, text, direction(text))


def _volume(values: MemberValues, context: Context) -> Cell:
    del context
    text = times(_known(values.volume))
    return _number(values, values.volume, text if len(text) <= _TIMES_WIDTH else ">999x")


def _dollars(values: MemberValues, context: Context) -> Cell:
    del context
    return _number(values, values.dollars, volume(_known(values.dollars)), "muted")


def _position(values: MemberValues, context: Context) -> Cell:
    del context
    return _number(values, values.position, share(_known(values.position), 0, "%"), "muted")


def _momentum(length: int) -> Callable[[MemberValues, Context], Cell]:
    def cell(values: MemberValues, context: Context) -> Cell:
        value: float = getattr(values, f"momentum_{length}")
        if not math.isfinite(value):
            return Cell(MISSING, "absent")
        moved, rank = percent_in(value, 6, 1), context.ranks[length].get(values.symbol)
        text = f"{moved} {rank if rank is not None else '·':>4}"
        return Cell(text, "muted" if rank is None else _quiet(values, direction(moved)), value)

    return cell


def _trend(values: MemberValues, context: Context) -> Cell:
    del context
    past = values.past
    closes = () if past is None else tuple(past.close[-TREND_SESSIONS:])
    role = "muted" if not math.isfinite(values.chosen) else "up" if values.chosen > 0 else "down"
    return Cell("", _quiet(values, role), spark=thinned(closes))


MAKERS: Mapping[str, Callable[[MemberValues, Context], Cell]] = {
    "symbol": _symbol,
    "mark": _mark,
    "name": _name,
    "weight": _weight,
    "last": _last,
    "day": _day,
    CHOSEN: _chosen,
    "contribution": _contribution,
    "points": _points,
    "volume": _volume,
    "dollars": _dollars,
    "position": _position,
    **{f"momentum.{length}": _momentum(length) for length in MOMENTA},
    TREND: _trend,
    "place": _place,
}


def _sort_by(name: str) -> Callable[[MemberValues, Context], float | str | None]:
    """Return a value of the member; NaN and the empty word are missing to the board."""
    read: Callable[[MemberValues], float | str] = attrgetter(name)
    return lambda values, _: read(values) or (0.0 if name not in _WORDS else None)


def _unsorted(values: MemberValues, context: Context) -> None:
    del values, context


_WORDS = frozenset({"symbol", "mark", "name", "place"})

SORTS: Mapping[str, Callable[[MemberValues, Context], float | str | None]] = {
    **{
        name: _sort_by(name)
        for name in (
            *("symbol", "mark", "name", "weight", "last", "day", "contribution", "volume"),
            *("dollars", "position", "place"),
        )
    },
    CHOSEN: _sort_by("chosen"),
    "points": _sort_by("contribution"),
    **{f"momentum.{length}": _sort_by(f"momentum_{length}") for length in MOMENTA},
    TREND: _unsorted,
}

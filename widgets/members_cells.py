"""What each column says of one member."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from market.census import MOMENTA, Mark
from market.quotes import Bars
from widgets.board_model import Cell
from widgets.census_mark import HALTED, SIGNS
from widgets.picture import finite
from widgets.strips import MISSING, direction, percent_in, price, relative_volume, share, volume
from widgets.trend import thinned

if TYPE_CHECKING:
    from market.marking import MemberRules

TREND_SESSIONS = 63
"""Sessions of a member's sparkline."""
CHOSEN = "window"
"""Id of the chosen window's return, whichever window it is."""
TREND = "trend"
"""Id of the column of sparklines."""
REMEMBERED = 2048
"""Cells kept at most of each kind: some hundred are in sight."""
_COUNTED = frozenset({Mark.FINE, Mark.SPLIT})
"""Marks that a halt stands above; why a member is left out stands above a halt."""
_PRICE_WIDTH, _TIMES_WIDTH = 8, 5
BP = 1e4


class MemberValues(NamedTuple):
    """One member's place in the columns. Compares by value, in C."""

    symbol: str
    name: str
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
    ranks: tuple[float | None, ...]
    """The place by each momentum, None for those that are not ranked."""
    place: str
    """Its sub-sector, else its sector."""
    past: Bars | None
    is_halted: bool
    """Whether an exchange has halted its trading."""


class Context(NamedTuple):
    """What all rows of one table share."""

    window: str
    points: float
    """The index's level at the start of the window: a contribution times it is in points."""
    makers: Sequence[Maker]
    """What makes the cells, by column."""
    sparks: Sequence[int]
    """Which columns hold sparklines."""
    is_old: bool
    """Whether prices are late."""
    volume_words: str
    """What the volumes are held against."""
    halted: Collection[str] = ()
    """Symbols whose trading an exchange has halted."""
    rules: MemberRules | None = None
    """The user's rules that hold of members."""

    def words_like(self, other: Context) -> bool:
        """Return whether two tables say the same of the same values."""
        mine = self.window, self.points, self.volume_words
        return mine == (other.window, other.points, other.volume_words)


Maker = Callable[[MemberValues, Context], Cell]
Worded = tuple[str, str]
"""Text and role."""
Wording = Callable[[float | None], Worded]


@lru_cache(maxsize=REMEMBERED)
def _words(text: str, role: str = "text") -> Cell:
    return Cell(text, role, text.casefold())


@lru_cache(maxsize=REMEMBERED)
def _cell(wording: Wording, value: float | None, mark: Mark) -> Cell:
    """Return the cell of a number; the same number is worded once, whichever table it is in."""
    text, role = wording(value)
    return Cell(text, "absent" if text == MISSING else _quiet(mark, role), value)


def _quiet(mark: Mark, role: str) -> str:
    """Return a role, muted for a price that is not believed."""
    return "muted" if mark is Mark.SUSPECT and role != "absent" else role


def _symbol(values: MemberValues, context: Context) -> Cell:
    del context
    return _words(values.symbol, _quiet(values.mark, "strong"))


def _mark(values: MemberValues, context: Context) -> Cell:
    del context
    if values.is_halted and values.mark in _COUNTED:
        return Cell(HALTED, "muted", "halted")
    role = "failing" if values.mark is Mark.SUSPECT else "muted"
    return Cell(SIGNS[values.mark], role, values.mark.value or None)


def _name(values: MemberValues, context: Context) -> Cell:
    del context
    return _words(values.name, "muted")


def _place(values: MemberValues, context: Context) -> Cell:
    del context
    return _words(values.place, "faint")


def _number(name: str, wording: Wording) -> Maker:
    """Return what makes the cells of one value of the members."""
    read: Callable[[MemberValues], float] = attrgetter(name)

    def cell(values: MemberValues, context: Context) -> Cell:
        del context
        return _cell(wording, finite(read(values)), values.mark)

    return cell


def _weight_words(value: float | None) -> Worded:
    return share(value, 3, ""), "muted"


def _price_words(value: float | None) -> Worded:
    wordings = (price(value, decimals) for decimals in (2, 0))
    return next((each for each in wordings if len(each) <= _PRICE_WIDTH), volume(value)), "text"


def _fine_percent(value: float | None) -> Worded:
    return (text := percent_in(value, 7)), direction(text)


def _percent(value: float | None) -> Worded:
    return (text := percent_in(value, 7, 1)), direction(text)


def _points_words(value: float | None) -> Worded:
    """Word a signed number that is no fraction; decimals leave before a digit would."""
    text = MISSING if value is None else percent_in(value / 100, 6)
    return text, direction(text)


def _basis_points(value: float | None) -> Worded:
    return _points_words(None if value is None else value * BP)


@lru_cache(maxsize=4)
def _volume_words(measure: str) -> Wording:
    """Return how volumes that are held against something are worded."""

    def words(value: float | None) -> Worded:
        text = relative_volume(value, measure)
        return (text if len(text) <= _TIMES_WIDTH else f">999{text[-1]}"), "text"

    return words


def _volume(values: MemberValues, context: Context) -> Cell:
    return _cell(_volume_words(context.volume_words), finite(values.volume), values.mark)


def _dollars_words(value: float | None) -> Worded:
    return volume(value), "muted"


def _position_words(value: float | None) -> Worded:
    return share(value, 0, "%"), "muted"


def _chosen(values: MemberValues, context: Context) -> Cell:
    wording = _fine_percent if context.window in ("1D", "5D") else _percent
    return _cell(wording, finite(values.chosen), values.mark)


def _points(values: MemberValues, context: Context) -> Cell:
    return _cell(_points_words, finite(values.contribution * context.points), values.mark)


def _momentum(length: int) -> Maker:
    read: Callable[[MemberValues], float] = attrgetter(f"momentum_{length}")
    place = MOMENTA.index(length)

    def cell(values: MemberValues, context: Context) -> Cell:
        del context
        return _ranked(finite(read(values)), values.ranks[place], values.mark)

    return cell


@lru_cache(maxsize=REMEMBERED)
def _ranked(value: float | None, rank: float | None, mark: Mark) -> Cell:
    if value is None:
        return Cell(MISSING, "absent")
    moved = percent_in(value, 6, 1)
    text = f"{moved} {'·' if rank is None else f'{rank:.0f}':>4}"
    return Cell(text, "muted" if rank is None else _quiet(mark, direction(moved)), value)


def _trend(values: MemberValues, context: Context) -> Cell:
    del context
    closes = _closes(values.past)
    move = closes[-1] - closes[0] if closes else 0.0
    role = "up" if move > 0 else "down" if move < 0 else "flat"
    return Cell("", _quiet(values.mark, role), spark=closes)


@lru_cache(maxsize=128)
def _closes(past: Bars | None) -> tuple[float, ...]:
    """Return the points of a sparkline: the same ones for the same past, picture after picture."""
    return () if past is None else thinned(past.close[-TREND_SESSIONS:])


MAKERS: Mapping[str, Maker] = {
    "symbol": _symbol,
    "mark": _mark,
    "name": _name,
    "weight": _number("weight", _weight_words),
    "last": _number("last", _price_words),
    "day": _number("day", _fine_percent),
    CHOSEN: _chosen,
    "contribution": _number("contribution", _basis_points),
    "points": _points,
    "volume": _volume,
    "dollars": _number("dollars", _dollars_words),
    "position": _number("position", _position_words),
    **{f"momentum.{length}": _momentum(length) for length in MOMENTA},
    TREND: _trend,
    "place": _place,
}


SORTED_BY: Mapping[str, str] = {
    **{
        name: name
        for name in (
            *("symbol", "mark", "name", "weight", "last", "day", "contribution", "volume"),
            *("dollars", "position", "place"),
        )
    },
    CHOSEN: "chosen",
    "points": "contribution",
    **{f"momentum.{length}": f"momentum_{length}" for length in MOMENTA},
}
"""Which value of a member each column is sorted by."""

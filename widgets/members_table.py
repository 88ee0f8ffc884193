"""The rows of a table of members, made of the census's columns; cells are made when seen.

Two thousand rows come anew each minute, of which thirty are in sight: what a cell says is worked
out only for those, and for the column that rows are sorted by.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat
from typing import overload
from weakref import WeakKeyDictionary

from market.census import MOMENTA, Census, Members
from market.quotes import Bars
from widgets.board_model import Cell, Column, LazyCells, Row
from widgets.members_cells import CHOSEN, MAKERS, SORTS, TREND, Context, MemberValues

THIN_DOLLARS, THIN_PRICE, THIN_SESSIONS = 1e6, 1.0, 60
"""Below these a name is too thin to be ranked as a leader: ADV$, last price, sessions known."""


class MemberCells(LazyCells):
    """The cells of one row, made when they are looked at."""

    __slots__ = ("_context", "_made", "values")

    def __init__(self, values: MemberValues, context: Context) -> None:
        self.values = values
        self._context = context
        self._made: dict[int, Cell] | None = None

    def __len__(self) -> int:
        """Return the number of columns."""
        return len(self._context.makers)

    @overload
    def __getitem__(self, index: int) -> Cell: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Cell]: ...
    def __getitem__(self, index: int | slice) -> Cell | Sequence[Cell]:
        """Return one cell, as it was made before or made now."""
        if isinstance(index, slice):
            return [self[n] for n in range(*index.indices(len(self)))]
        made = self._made
        if made is None:
            made = self._made = {}
        if index not in made:
            made[index] = self._context.makers[index](self.values, self._context)
        return made[index]

    @property
    def made(self) -> int:
        """How many cells anybody has looked at."""
        return len(self._made or ())

    @property
    def sparks(self) -> Sequence[int]:
        """The column of trends."""
        return self._context.sparks

    def sort_of(self, index: int) -> float | str | None:
        """Return a value of the member, as a number or as words."""
        return self._context.sorts[index](self.values, self._context)

    def __iter__(self) -> Iterator[Cell]:
        """Yield all cells."""
        return (self[n] for n in range(len(self)))

    def __eq__(self, other: object) -> bool:
        """Return whether it shows the same: what nobody has seen is compared by its values."""
        if not isinstance(other, MemberCells):
            return False
        if self.values != other.values:
            return False
        return all(self[n] == other[n] for n in {*(self._made or ()), *(other._made or ())})

    def __hash__(self) -> int:
        """Agree with equality."""
        return hash(self.values)


def columns_for(window: str) -> tuple[Column, ...]:
    """Return the columns in the order of the cells; the last to leave say who and how much."""
    day = () if window == "1D" else (Column("day", "1D %", 7, priority=4),)
    shown: tuple[Column, ...] = (
        Column("symbol", "Symbol", 6, "left", descending_first=False),
        Column("mark", " ", 1, "left", priority=1, sortable=False),
        Column("name", "Name", 10, "left", 7, flex=True, descending_first=False, most=30),
        Column("weight", "Wt %", 6, priority=3),
        Column("last", "Last", 8, priority=2),
        *day,
        Column(CHOSEN, f"{window} %", 7),
        Column("contribution", "bp", 6, priority=1),
        Column("points", "pts", 6, priority=9),
        Column("volume", "vol/day", 5, priority=6),
        Column("dollars", "ADV$", 5, priority=8),
        Column("position", "52w", 4, priority=10),
        *(
            Column(f"momentum.{n}", f"{n}d   #", 11, priority=priority)
            for n, priority in zip(MOMENTA, (13, 11, 12), strict=True)
        ),
        Column(TREND, "Trend", 7, "left", priority=5, sortable=False, most=14),
        Column("place", "Sub-sector", 12, "left", 14, flex=True, descending_first=False, most=24),
    )
    return shown


def member_rows(
    census: Census,
    rows: Sequence[int],
    window: str,
    past: Mapping[str, Bars],
    *,
    level: float | None = None,
    old: bool = False,
    with_thin: bool = False,
) -> list[Row]:
    """Return the members of some rows of the census, heaviest first.

    Args:
        census: The whole index.
        rows: Places in its columns.
        window: Over which returns and contributions are told.
        past: Daily bars by symbol, for sparklines.
        level: The index's level at the window's start, for contributions in points.
        old: Whether prices are late.
        with_thin: Whether names too thin to be traded are ranked among the leaders.
    """
    members = census.members
    columns, values = columns_for(window), _picked(members, rows, window, past)
    context = Context(
        window=window,
        points=math.nan if level is None else level,
        ranks=_Ranks(members, past, with_thin=with_thin),
        makers=tuple(MAKERS[column.id] for column in columns),
        sparks=[n for n, column in enumerate(columns) if column.id == TREND],
        sorts=tuple(SORTS[column.id] for column in columns),
    )
    made = map(MemberCells, map(MemberValues._make, zip(*values, strict=True)), repeat(context))
    searched = _search_of(members)
    return [
        Row(cells.values.symbol, cells, searched[row], old)
        for row, cells in zip(rows, made, strict=True)
    ]


def _picked(
    members: Members, rows: Sequence[int], window: str, past: Mapping[str, Bars]
) -> tuple[Sequence[object], ...]:
    """Return the columns in the order of MemberValues, of those rows."""
    nothing = [math.nan] * len(members)
    momentum = members.momentum
    whole: tuple[Sequence[object], ...] = (
        members.symbols, members.names, _places(members), members.marks, members.weight,
        members.last, members.returns["1D"], members.returns.get(window, nothing),
        members.contributions.get(window, nothing), members.relative_volume,
        members.dollar_volume, members.week52_position,
        *(momentum.get(n, nothing) for n in MOMENTA),
        [past.get(symbol) for symbol in members.symbols],
    )  # fmt: skip
    if len(rows) == len(members):
        return whole
    return tuple([column[row] for row in rows] for column in whole)


def _places(members: Members) -> Sequence[str]:
    return [sub or sector for sub, sector in zip(members.subsectors, members.sectors, strict=True)]


def _search_of(members: Members) -> Sequence[str]:
    """Return what a filter looks in: name, sector, sub-sector, industry."""
    if members not in _SEARCH:
        _SEARCH[members] = [
            f"{name} {sector} {sub or 'unmapped'} {industry}"
            for name, sector, sub, industry in zip(
                members.names, members.sectors, members.subsectors, members.industries, strict=True
            )
        ]
    return _SEARCH[members]


_SEARCH: WeakKeyDictionary[Members, Sequence[str]] = WeakKeyDictionary()


class _Ranks(Mapping[int, Mapping[str, int]]):
    """Ranks by momentum, worked out when the first of them is in sight."""

    def __init__(self, members: Members, past: Mapping[str, Bars], *, with_thin: bool) -> None:
        self._members = members
        self._past = past
        self._with_thin = with_thin
        self._made: dict[int, Mapping[str, int]] = {}
        self._allowed: Sequence[int] | None = None

    def __getitem__(self, length: int) -> Mapping[str, int]:
        if length not in self._made:
            if self._allowed is None:
                every = range(len(self._members))
                self._allowed = every if self._with_thin else not_thin(self._members, self._past)
            self._made[length] = competition(self._members, length, self._allowed)
        return self._made[length]

    def __iter__(self) -> Iterator[int]:
        return iter(MOMENTA)

    def __len__(self) -> int:
        return len(MOMENTA)


def not_thin(members: Members, past: Mapping[str, Bars]) -> Sequence[int]:
    """Return the rows of members that trade enough, high and long enough to lead."""
    bars = map(past.get, members.symbols)
    told = zip(members.dollar_volume, members.last, bars, strict=True)
    return [
        row
        for row, (dollars, last, known) in enumerate(told)
        if not (
            dollars < THIN_DOLLARS
            or last < THIN_PRICE
            or (known is not None and len(known.times) < THIN_SESSIONS)
        )
    ]


def competition(members: Members, length: int, rows: Sequence[int]) -> Mapping[str, int]:
    """Return ranks by momentum, the strongest 1; equals share a rank and the next is left out."""
    column = members.momentum.get(length)
    if column is None:
        return {}
    symbols = members.symbols
    known = [(column[row], symbols[row]) for row in rows if math.isfinite(column[row])]
    known.sort(reverse=True)
    ranks: dict[str, int] = {}
    rank, before = 0, math.nan
    for place, (value, symbol) in enumerate(known, 1):
        if value != before:
            rank, before = place, value
        ranks[symbol] = rank
    return ranks

"""The rows of a table of members, made of the census's columns; cells are made when seen.

Two thousand rows come anew each minute, of which thirty are in sight: what a cell says is worked
out only for those, and for the column that rows are sorted by.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar, cast, overload

from market.census import MOMENTA, Census, Members, may_lead
from market.quotes import Bars
from widgets.board_model import Cell, Column, Row
from widgets.board_rows import Rows, SortValue
from widgets.members_cells import CHOSEN, MAKERS, SORTED_BY, TREND, Context, MemberValues

T = TypeVar("T")


class MemberCells(Sequence[Cell]):
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

    def __iter__(self) -> Iterator[Cell]:
        """Yield all cells."""
        return (self[n] for n in range(len(self)))

    def __eq__(self, other: object) -> bool:
        """Return whether it shows the same: what nobody has seen is compared by its values."""
        if not isinstance(other, MemberCells):
            return False
        if self.values != other.values:
            return False
        seen = {*(self._made or ()), *(other._made or ())}
        return all(self[n] == other[n] for n in seen & self._context.beyond(other._context))

    def __hash__(self) -> int:
        """Agree with equality."""
        return hash(self.values)


def columns_for(window: str) -> tuple[Column, ...]:
    """Return the columns in the order of the cells; the last to leave say who and how much."""
    day = () if window == "1D" else (Column("day", "1D %", 7, priority=4, is_marked=True),)
    shown: tuple[Column, ...] = (
        Column("symbol", "Symbol", 6, "left", descending_first=False),
        Column("mark", " ", 1, "left", priority=1, sortable=False),
        Column("name", "Name", 10, "left", 7, flex=True, descending_first=False, most=30),
        Column("weight", "Wt %", 6, priority=3),
        Column("last", "Last", 8, priority=2, is_marked=True),
        *day,
        Column(CHOSEN, f"{window} %", 7, is_marked=True),
        Column("contribution", "bp", 6, priority=1, is_marked=True),
        Column("points", "pts", 6, priority=9, is_marked=True),
        Column("volume", "RVol", 5, priority=6),
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


class MemberRows(Rows):
    """Some members as rows, heaviest first, made of the columns when they are looked at."""

    is_measured = False

    def __init__(
        self, members: Members, places: Sequence[int], past: Mapping[str, Bars], context: Context
    ) -> None:
        super().__init__(tuple(_picked(members.symbols, places)))
        self._members = members
        self._places = places
        self._past = past
        self._context = context
        self._columns = _columns(members, context.window)
        self._made: dict[int, Row] = {}

    def row(self, index: int) -> Row:
        """Return one row, as it was made before or made now."""
        row = self._made.get(index)
        if row is None:
            cells = MemberCells(self._values(self._places[index]), self._context)
            row = Row(cells.values.symbol, cells, self.search_of(index), self._context.is_old)
            self._made[index] = row
        return row

    @property
    def sparks(self) -> Collection[int]:
        """The column of trends."""
        return self._context.sparks

    def search_of(self, index: int) -> str:
        """Return name, sector, sub-sector and industry."""
        members, n = self._members, self._places[index]
        sub = members.subsectors[n] or "unmapped"
        return f"{members.names[n]} {members.sectors[n]} {sub} {members.industries[n]}"

    def sort_values(self, index: int, column: Column) -> Sequence[SortValue]:
        """Return a column of the census; words without regard to case, none for empty ones."""
        del index
        name = SORTED_BY.get(column.id)
        if name is None:
            return [None] * len(self)
        if name == "place":
            return [_words(_place(self._members, n)) for n in self._places]
        values = _picked(self._columns[name], self._places)
        if name in _WORDS:
            return [_words(str(value)) for value in values]
        return cast("Sequence[float]", values)

    def _values(self, n: int) -> MemberValues:
        columns, symbol = self._columns, self._members.symbols[n]
        known = {name: column[n] for name, column in columns.items()}
        place = _place(self._members, n)
        return MemberValues(**known, place=place, past=self._past.get(symbol))


def member_rows(
    census: Census,
    rows: Sequence[int],
    window: str,
    past: Mapping[str, Bars],
    *,
    level: float | None = None,
    old: bool = False,
    with_thin: bool = False,
) -> MemberRows:
    """Return the members of some rows of the census, heaviest first.

    Args:
        census: The whole index.
        rows: Places in its columns, in the order to show.
        window: Over which returns and contributions are told.
        past: Daily bars by symbol, for sparklines.
        level: The index's level at the window's start, for contributions in points.
        old: Whether prices are late.
        with_thin: Whether names too thin to be traded are ranked among the leaders.
    """
    members, columns = census.members, columns_for(window)
    context = Context(
        window=window,
        points=math.nan if level is None else level,
        rank=Ranking(members, past, with_thin=with_thin).rank,
        makers=tuple(MAKERS[column.id] for column in columns),
        sparks=[n for n, column in enumerate(columns) if column.id == TREND],
        is_old=old,
        volume_words=members.volume_words,
        ranked=frozenset(n for n, c in enumerate(columns) if c.id.startswith("momentum.")),
    )
    return MemberRows(members, rows, past, context)


_WORDS = frozenset({"symbol", "mark", "name"})


def _columns(members: Members, window: str) -> Mapping[str, Sequence[Any]]:
    """Return the columns by the names of MemberValues."""
    nothing = array("d", [math.nan]) * len(members)
    momentum = members.momentum
    return {
        "symbol": members.symbols,
        "name": members.names,
        "mark": members.marks,
        "weight": members.weight,
        "last": members.last,
        "day": members.returns["1D"],
        "chosen": members.returns.get(window, nothing),
        "contribution": members.contributions.get(window, nothing),
        "volume": members.relative_volume,
        "dollars": members.dollar_volume,
        "position": members.week52_position,
        **{f"momentum_{n}": momentum.get(n, nothing) for n in MOMENTA},
    }


def _picked(column: Sequence[T], places: Sequence[int]) -> Sequence[T]:
    """Return some rows of a column, in their order."""
    return tuple(map(column.__getitem__, places))


def _place(members: Members, n: int) -> str:
    return members.subsectors[n] or members.sectors[n]


def _words(text: str) -> str | None:
    return text.casefold() or None


class Ranking:
    """Competition ranks by momentum, the strongest 1, worked out when the first is in sight.

    Equals share a rank and the next is left out.
    """

    def __init__(self, members: Members, past: Mapping[str, Bars], *, with_thin: bool) -> None:
        self._members = members
        self._past = past
        self._with_thin = with_thin
        self._risen: dict[int, Sequence[float]] = {}

    def rank(self, sessions: int, symbol: str, value: float) -> int | None:
        """Return the rank of a member's momentum over that many sessions, None if unranked."""
        if not math.isfinite(value) or symbol not in self._ranked:
            return None
        if sessions not in self._risen:
            self._risen[sessions] = self._sorted(sessions)
        risen = self._risen[sessions]
        return len(risen) - bisect_right(risen, value) + 1

    @cached_property
    def _allowed(self) -> Sequence[int]:
        every = range(len(self._members))
        return every if self._with_thin else not_thin(self._members, self._past)

    @cached_property
    def _ranked(self) -> Collection[str]:
        symbols = self._members.symbols
        return {symbols[row] for row in self._allowed}

    def _sorted(self, sessions: int) -> Sequence[float]:
        column = self._members.momentum.get(sessions)
        return (
            []
            if column is None
            else sorted(filter(math.isfinite, map(column.__getitem__, self._allowed)))
        )


def not_thin(members: Members, past: Mapping[str, Bars]) -> Sequence[int]:
    """Return the rows of members that trade enough, high and long enough to lead."""
    bars = map(past.get, members.symbols)
    told = zip(members.dollar_volume, members.last, bars, strict=True)
    return [
        row
        for row, (dollars, last, known) in enumerate(told)
        if may_lead(last, None if known is None else len(known.times), dollars)
    ]

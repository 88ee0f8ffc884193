"""The rows of a table of members, made of the census's columns; cells are made when seen.

Two thousand rows come anew each minute, of which thirty are in sight: what a cell says is worked
out only for those, and for the column that rows are sorted by.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import copy
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from market.census import MOMENTA, Census, Mark, Members
from market.quotes import Bars
from widgets.board_model import Cell, Column, Row
from widgets.board_rows import Rows, SortValue
from widgets.marking import role_of
from widgets.members_cells import CHOSEN, MAKERS, SORTED_BY, TREND, Context, MemberValues
from widgets.members_prices import PriceOf, RowPrice, at_price, by_census
from widgets.picture import finite

if TYPE_CHECKING:
    from market.marking import MemberRules

T = TypeVar("T")


class MemberCells(Sequence[Cell]):
    """The cells of one row, made when they are looked at."""

    __slots__ = ("_context", "_made", "values")

    def __init__(self, values: MemberValues, context: Context) -> None:
        self.values = values
        self._context = context
        self._made: dict[int, Cell] = {}

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
        cell = self._made.get(index)
        if cell is None:
            cell = self._made[index] = self._context.makers[index](self.values, self._context)
        return cell

    @property
    def made(self) -> int:
        """How many cells anybody has looked at."""
        return len(self._made)

    def __iter__(self) -> Iterator[Cell]:
        """Yield all cells."""
        return (self[n] for n in range(len(self)))

    def __eq__(self, other: object) -> bool:
        """Return whether it shows the same: what nobody has seen is compared by its values."""
        if not isinstance(other, MemberCells):
            return False
        if self.values != other.values:
            return False
        if self._context.words_like(other._context):
            return True
        return all(self[n] == other[n] for n in self._made.keys() | other._made.keys())

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
        self,
        members: Members,
        places: Sequence[int],
        past: Mapping[str, Bars],
        ranks: Mapping[int, Sequence[float]],
        context: Context,
        *,
        price_of: PriceOf,
    ) -> None:
        super().__init__(tuple(_picked(members.symbols, places)))
        self._members = members
        self._places = places
        self._past = past
        self._context = context
        self.price_of = price_of
        self._holding: dict[str, frozenset[int]] = {}
        self._columns = _columns(members, context.window)
        unranked = array("d", [math.nan]) * len(members)
        self._ranks = [ranks.get(sessions, unranked) for sessions in MOMENTA]
        self._made: dict[int, tuple[RowPrice | None, Row]] = {}

    def priced_by(self, price_of: PriceOf) -> MemberRows:
        """Return the same members at the prices of now; who has the same price is the same row."""
        rows = copy(self)
        rows.price_of = price_of
        return rows

    def row(self, index: int) -> Row:
        """Return one row, as it was made before or made now."""
        price = self.price_of(self._places[index])
        before, row = self._made.get(index, (None, None))
        if row is None or before != price:
            place = self._places[index]
            is_old = self._context.is_old if price is None else price.is_old
            cells = MemberCells(self._values(place, price), self._context)
            held = () if self._context.rules is None else self._context.rules.of(place)
            row = Row(
                cells.values.symbol, cells, self.search_of(index), is_old,
                rules=tuple([rule.id for rule in held]), colour=role_of(held),
            )  # fmt: skip
            self._made[index] = price, row
        return row

    def holding(self, rule: str) -> Collection[int]:
        """Return the rows of which a rule holds whose id begins so; all of them are looked at."""
        rules = self._context.rules
        if rules is None:
            return ()
        if rule not in self._holding:
            told = enumerate(rules.among(self._places, rule))
            self._holding[rule] = frozenset(index for index, holds in told if holds)
        return self._holding[rule]

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

    def _values(self, n: int, price: RowPrice | None) -> MemberValues:
        past = self._past.get(self._members.symbols[n])
        known = {name: column[n] for name, column in self._columns.items()}
        if price is not None:
            known |= at_price(self._members, n, self._context.window, price.last)
        is_halted = known["symbol"] in self._context.halted
        ranks = tuple([finite(column[n]) for column in self._ranks])
        return MemberValues(
            **known, is_halted=is_halted, ranks=ranks, place=_place(self._members, n), past=past
        )


def member_rows(
    census: Census,
    rows: Sequence[int],
    window: str,
    past: Mapping[str, Bars],
    *,
    level: float | None = None,
    old: bool = False,
    with_thin: bool = False,
    halted: Collection[str] = (),
    rules: MemberRules | None = None,
    price_of: PriceOf = by_census,
) -> MemberRows:
    """Return the members of some rows of the census, heaviest first.

    They are sorted by what the census tells, so that none changes its place with a tick.

    Args:
        census: The whole index.
        rows: Places in its columns, in the order to show.
        window: Over which returns and contributions are told.
        past: Daily bars by symbol, for sparklines.
        level: The index's level at the window's start, for contributions in points.
        old: Whether prices are late.
        with_thin: Whether names too thin to be traded are ranked among the leaders.
        halted: Symbols whose trading an exchange has halted, traded today or not.
        rules: The user's rules that hold of members; none of late prices.
        price_of: Gives the price that counts in place of the census's, if there is one.
    """
    members, columns = census.members, columns_for(window)
    context = Context(
        window=window,
        points=math.nan if level is None else level,
        makers=tuple(MAKERS[column.id] for column in columns),
        sparks=[n for n, column in enumerate(columns) if column.id == TREND],
        is_old=old,
        volume_words=members.volume_words,
        halted=halted,
        rules=rules,
    )
    ranks = members.ranks_with_thin if with_thin else members.ranks
    return MemberRows(members, rows, past, ranks, context, price_of=price_of)


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
        "volume": _relative_volume(members),
        "dollars": members.dollar_volume,
        "position": members.week52_position,
        **{f"momentum_{n}": momentum.get(n, nothing) for n in MOMENTA},
    }


def _relative_volume(members: Members) -> Sequence[float]:
    """Return how busy each member is; not known of those that trade nothing."""
    if Mark.IDLE not in members.marks:
        return members.relative_volume
    told = zip(members.marks, members.relative_volume, strict=True)
    return [math.nan if mark is Mark.IDLE else busy for mark, busy in told]


def _picked(column: Sequence[T], places: Sequence[int]) -> Sequence[T]:
    """Return some rows of a column, in their order."""
    return tuple(map(column.__getitem__, places))


def _place(members: Members, n: int) -> str:
    return members.subsectors[n] or members.sectors[n]


def _words(text: str) -> str | None:
    return text.casefold() or None

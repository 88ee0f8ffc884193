"""Breadth by sector and sub-sector: who advances, stands above its averages, and contributes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from textual.app import ComposeResult

from market.census import Census, Group, GroupKind
from market.snapshot import Snapshot
from widgets.board import Board, Cell, Column, Row
from widgets.census_mark import (
    census_mark,
    census_value,
    holdings_in_words,
    is_census_old,
    left_out_in_words,
    prices_freshness,
)
from widgets.frame import PART
from widgets.leaders import BASKET_MARK, direction_role, moved_cell, points_cell
from widgets.mark import Mark
from widgets.panel import BoardPanel
from widgets.strips import MISSING, plain, price, share
from widgets.trend import shown_window, trend_of
from widgets.values import Value, number_of

_BEFORE = {GroupKind.SECTOR: "", GroupKind.SUBSECTOR: "  ", GroupKind.BASKET: BASKET_MARK}
"""What stands before names: sub-sectors belong to the sector above, baskets to none."""
_ROLES = {GroupKind.SECTOR: "strong"}
_MARK_ROOM = 20
"""Cells of the border that source and age take, and what stands between."""
_BP_WIDTH = 6
"""Cells of `+123.4`."""
_BESIDE = ("1D", "5D", "1M", "YTD")
"""Windows whose returns stand beside the chosen one's on a wide screen."""


class GroupRow(msgspec.Struct, frozen=True):
    """One sector, sub-sector or basket. Shares, returns and contributions are fractions."""

    symbol: str
    name: str
    sector: str
    kind: GroupKind
    members: int
    used: int | None
    """Members that have a price; None when not told."""
    weight: float | None
    advancing: Value
    above_50: Value
    above_200: Value
    new_highs: Value
    new_lows: Value
    contribution: Value
    ret: Value
    median: Value
    relative_volume: Value
    others: tuple[Value, ...]
    """Returns over the windows beside the chosen one."""
    trend: tuple[float, ...]
    drawn: Value
    """The return over the window that the trend is of."""
    old: bool


def group_rows(snapshot: Snapshot, window: str) -> tuple[GroupRow, ...]:
    """Return the sectors, heaviest first, each followed by its sub-sectors; then the baskets."""
    census = snapshot.census
    if census is None:
        return ()
    old = is_census_old(snapshot)
    return tuple(_row(snapshot, census, group, window, old) for group in _in_order(census))


def _in_order(census: Census) -> Iterator[Group]:
    def of(kind: GroupKind, sector: str | None = None) -> list[Group]:
        found = [g for g in census.groups if g.kind is kind and sector in (None, g.sector)]
        return sorted(found, key=lambda g: (-(_number(census, g, "weight") or 0.0), g.name))

    for sector in of(GroupKind.SECTOR):
        yield sector
        yield from of(GroupKind.SUBSECTOR, sector.sector)
    yield from of(GroupKind.BASKET)


def _number(census: Census, group: Group, name: str) -> float | None:
    reading = census.readings.get(f"{group.slug}.{name}")
    return None if reading is None else number_of(reading)


def _row(snapshot: Snapshot, census: Census, group: Group, window: str, old: bool) -> GroupRow:
    def value(name: str) -> Value:
        return census_value(snapshot, f"{group.slug}.{name}", old=old)

    over, drawn = window.lower(), shown_window(snapshot, group.symbol, window)
    advancing = census.readings.get(f"{group.slug}.advancing.{over}")
    ret = value(f"return.{over}")
    return GroupRow(
        group.symbol,
        plain(group.name, 60),
        group.sector,
        group.kind,
        len(group.rows),
        None if advancing is None else advancing.used,
        _number(census, group, "weight"),
        value(f"advancing.{over}"),
        value("above_50dma"),
        value("above_200dma"),
        value("new_highs"),
        value("new_lows"),
        value(f"contribution.{over}"),
        ret,
        value(f"median.{over}"),
        value("typical_relative_volume"),
        tuple(value(f"return.{other.lower()}") for other in beside(window)),
        trend_of(snapshot, group.symbol, window) if ret.known else (),
        value(f"return.{drawn.lower()}"),
        old,
    )


def beside(window: str) -> tuple[str, ...]:
    """Return the windows that have a column besides the chosen one, where there is room."""
    return tuple(other for other in _BESIDE if other != window)


def columns_for(window: str, drawn: str = "") -> tuple[Column, ...]:
    """Return the columns; those that say least of breadth leave first.

    `drawn` is the window of the sparklines where it is another one.
    """
    trend = f"{drawn} line" if drawn not in {"", window} else "Trend"
    return (
        Column("name", "Sector", 16, "left", flex=True, descending_first=False),
        Column("advancing", "Adv", 5),
        Column("above_50", ">50", 5, priority=2),
        Column("above_200", ">200", 5, priority=3),
        Column("highs", "NH", 3, priority=4),
        Column("lows", "NL", 3, priority=4),
        Column("contribution", "bp", _BP_WIDTH, priority=1),
        Column("return", window, 7, priority=5),
        Column("median", "Median", 7, priority=6),
        Column("weight", "Weight", 6, priority=7),
        Column("members", "Members", 7, priority=8),
        Column("used", "Priced", 6, priority=10),
        Column("volume", "RVol", 5, priority=9),
        *(Column(f"return.{other}", other, 7, priority=12) for other in beside(window)),
        Column("trend", trend, 7, "left", priority=11, sortable=False, most=36),
    )


def board_rows(rows: Iterable[GroupRow]) -> list[Row]:
    """Return the rows as the board shows them."""
    return [_board_row(row) for row in rows]


def _board_row(row: GroupRow) -> Row:
    cells = (
        Cell(_BEFORE[row.kind] + row.name, _ROLES.get(row.kind, "text"), row.name.casefold()),
        *(
            _cell(v, share(v.number, unit="%"))
            for v in (row.advancing, row.above_50, row.above_200)
        ),
        _cell(row.new_highs, price(row.new_highs.number, 0)),
        _cell(row.new_lows, price(row.new_lows.number, 0)),
        points_cell(row.contribution, _BP_WIDTH),
        moved_cell(row.ret, 7),
        moved_cell(row.median, 7),
        Cell(share(row.weight, 1, "%"), "muted", row.weight),
        Cell(price(row.members, 0), "muted", float(row.members)),
        Cell(MISSING if row.used is None else price(row.used, 0), "muted", row.used),
        Cell(*row.relative_volume.relative_volume(), row.relative_volume.number),
        *(moved_cell(value, 7) for value in row.others),
        Cell("", direction_role(row.drawn), spark=row.trend),
    )
    return Row(row.symbol, cells, f"{row.name} {row.sector}", row.old)


def _cell(value: Value, text: str) -> Cell:
    return Cell(*value.run(text), value.number)


class BreadthTablePanel(BoardPanel):
    """Breadth of each sector and sub-sector, and of the baskets."""

    def compose(self) -> ComposeResult:
        """Hold one board."""
        yield Board(columns_for(self.window))

    def heading(self) -> str:
        """Return title, window, and who stands in no row."""
        lead = f"Breadth by sector{PART}{self.window}"
        if self.snapshot is None:
            return lead
        room = self.size.width - len(lead) - _MARK_ROOM
        left, held = left_out_in_words(self.snapshot, room), holdings_in_words(self.snapshot)
        return PART.join(words for words in (lead, left, held) if words)

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the members' prices."""
        return census_mark(snapshot)

    def take(self, snapshot: Snapshot) -> bool:
        """Give the board its rows; it repaints what changed by itself."""
        if self.has_board and snapshot.census is None:
            self.board.empty = prices_freshness(snapshot).reason
        old = is_census_old(snapshot)
        key = (snapshot.census, self.window, old, *self.marking(snapshot))
        if self.has_board and key != self._taken:
            self._taken = key
            rows = group_rows(snapshot, self.window)
            drawn = shown_window(snapshot, rows[0].symbol, self.window) if rows else ""
            marked = self.marked(board_rows(rows), snapshot)
            self.board.show(marked, columns_for(self.window, drawn))
        return False

    _taken: tuple[object, ...] = ()
    """What the rows were made of: medians of all members are not worked out every second."""

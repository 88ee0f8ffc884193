"""The volatility family as a table: level, change, percentiles and ranks, a year as a line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from textual.app import ComposeResult

from market.instruments import RVX, VIX
from market.quotes import Kind
from market.snapshot import Snapshot
from widgets.bar_times import first_index
from widgets.board import Board, Cell, Column, Row
from widgets.mark import Mark
from widgets.panel import BoardPanel
from widgets.strips import price, ratio, share, signed
from widgets.trend import thinned, trend_of
from widgets.values import Value, family_mark, level_of, value_of

FAMILY = (VIX, "^VIX9D", "^VIX3M", "^VIX6M", "^VVIX", "^SKEW", RVX)
RATIO = "rvx/vix"
"""The row of RVX over VIX: no symbol of its own."""
COLUMNS = (
    Column("name", "Index", 7, "left", descending_first=False),
    Column("level", "Level", 6, is_marked=True),
    Column("change", "Chg", 6, priority=1),
    Column("percentile.1y", "Pctl 1Y", 7, priority=2),
    Column("rank.1y", "Rank 1Y", 7, priority=3),
    Column("percentile.5y", "Pctl 5Y", 7, priority=4),
    Column("rank.5y", "Rank 5Y", 7, priority=5),
    Column("level.1w", "1W ago", 6, priority=7),
    Column("level.1m", "1M ago", 6, priority=8),
    Column("trend", "1Y", 8, "left", priority=6, sortable=False),
)
PLACES = ("percentile.1y", "rank.1y", "percentile.5y", "rank.5y")
AGO = ("level.1w", "level.1m")


class FamilyRow(msgspec.Struct, frozen=True):
    """One index. Levels are volatility points, places fractions."""

    symbol: str
    name: str
    level: Value
    change: Value
    places: tuple[Value, ...]
    """Percentile and rank of a year, then of five: different statistics."""
    ago: tuple[Value, ...]
    """Levels a week and a month before."""
    trend: tuple[float, ...]


def family_rows(snapshot: Snapshot) -> tuple[FamilyRow, ...]:
    """Return the indices, and RVX over VIX below them."""
    return (*(_row(snapshot, symbol) for symbol in FAMILY), _ratio_row(snapshot))


def _row(snapshot: Snapshot, symbol: str) -> FamilyRow:
    slug = snapshot.cast[symbol].slug
    return FamilyRow(
        symbol,
        symbol.removeprefix("^"),
        level_of(snapshot, symbol),
        value_of(snapshot, f"{slug}.change"),
        tuple(value_of(snapshot, f"{slug}.{place}") for place in PLACES),
        tuple(value_of(snapshot, f"{slug}.{ago}") for ago in AGO),
        trend_of(snapshot, symbol, "1Y"),
    )


def _ratio_row(snapshot: Snapshot) -> FamilyRow:
    level, none = value_of(snapshot, "rvx.vix_ratio"), Value()
    return FamilyRow(
        RATIO,
        "RVX/VIX",
        level,
        none,
        (none,) * len(PLACES),
        (none,) * len(AGO),
        _ratios(snapshot) if level.known else (),
    )


def _ratios(snapshot: Snapshot) -> tuple[float, ...]:
    """RVX over VIX at the closes of a year, on the days that both have."""
    above, below = _closes(snapshot, RVX), _closes(snapshot, VIX)
    return thinned([above[day] / below[day] for day in above if below.get(day, 0.0) > 0])


def _closes(snapshot: Snapshot, symbol: str) -> dict[int, float]:
    bars = snapshot.series(symbol, Kind.DAILY, Kind.CLOSES)
    if bars is None:
        return {}
    first = first_index(bars, "1Y")
    days = (time // 86_400 for time in bars.times[first:])
    return dict(zip(days, bars.close[first:], strict=True))


def board_rows(rows: Iterable[FamilyRow]) -> list[Row]:
    """Return the rows as the board shows them."""
    return [_board_row(row) for row in rows]


def _board_row(row: FamilyRow) -> Row:
    is_ratio = row.symbol == RATIO
    text = ratio(row.level.number) if is_ratio else price(row.level.number, 2)
    blank = Cell("", "text")
    figures: Sequence[Cell] = (
        Cell(*row.change.run(signed(row.change.number), "muted"), row.change.number),
        *(Cell(*place.run(share(place.number, 0, "%")), place.number) for place in row.places),
        *(Cell(*ago.level(2, "muted"), ago.number) for ago in row.ago),
    )
    cells = (
        Cell(row.name, "text" if is_ratio else "strong", row.name),
        Cell(*row.level.run(text, "strong"), row.level.number),
        *((blank,) * len(figures) if is_ratio else figures),
        Cell("", "line", spark=row.trend),
    )
    return Row(row.symbol, cells, row.name, row.level.old, pinned=is_ratio)


class VolatilityFamilyPanel(BoardPanel):
    """Where each index of volatility stands, and where that is in its own past."""

    TITLE = "Volatility family"

    def compose(self) -> ComposeResult:
        """Hold one board."""
        yield Board(COLUMNS, empty="waiting for the volatility indices")

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the levels, and which feed leaves their changes blank."""
        slugs = [snapshot.cast[symbol].slug for symbol in FAMILY]
        levels, changes = ([f"{slug}.{name}" for slug in slugs] for name in ("last", "change"))
        return family_mark(snapshot, levels, changes)

    @property
    def cursor_symbol(self) -> str | None:
        """The index under the cursor; of the ratio the one above the line."""
        chosen = super().cursor_symbol
        return RVX if chosen == RATIO else chosen

    def on_board_opened(self, event: Board.Opened) -> None:
        """Tell which index was opened."""
        event.stop()
        self.action_open()

    def take(self, snapshot: Snapshot) -> bool:
        """Give the board its rows; it repaints what changed by itself."""
        rows = family_rows(snapshot)
        if self.has_board and rows != self._taken:
            self._taken = rows
            self.board.show(board_rows(rows), COLUMNS)
        return False

    _taken: tuple[FamilyRow, ...] = ()

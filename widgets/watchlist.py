"""The watchlist: one row a symbol, in the order of the user's list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import msgspec
from textual.app import ComposeResult
from textual.reactive import reactive

from market.quotes import Key, Kind, Phase
from market.snapshot import Snapshot
from widgets.board import Board, Cell, Column, Row
from widgets.leaders import direction_role, moved_cell
from widgets.mark import Mark
from widgets.panel import BoardPanel
from widgets.strips import direction, plain, price, share, signed, times
from widgets.trend import trend_of
from widgets.values import Value, is_old, list_mark, number_of

_KINDS = (Kind.TRACE, Kind.INTRADAY, Kind.QUOTE, Kind.CLOSES, Kind.DAILY)


class WatchRow(msgspec.Struct, frozen=True):
    """One watched symbol."""

    symbol: str
    name: str
    decimals: int
    last: Value
    change: Value
    day: Value
    extended_last: Value
    """Newest print outside regular hours; known only outside them."""
    extended: Value
    """Its return since the regular price."""
    tag: str
    """`pre` or `post`."""
    trend: tuple[float, ...]
    relative_volume: Value
    position: Value
    old: bool
    why: str
    """Why there is no price; empty when there is one."""


def watch_rows(snapshot: Snapshot, symbols: Sequence[str], window: str) -> tuple[WatchRow, ...]:
    """Return a row for each symbol of a list, known or not."""
    return tuple(_row(snapshot, symbol, window) for symbol in symbols)


def _row(snapshot: Snapshot, symbol: str, window: str) -> WatchRow:
    instrument = snapshot.cast[symbol]
    old = is_old(snapshot, f"{instrument.slug}.last")

    def value(name: str) -> Value:
        reading = snapshot.reading(f"{instrument.slug}.{name}")
        return Value(number_of(reading), old=old, reason=plain(reading.reason))

    last = value("last")
    outside = snapshot.session.phase is not Phase.REGULAR
    tag = snapshot.reading(f"{instrument.slug}.extended.phase").value if outside else None
    return WatchRow(
        symbol,
        name_of(snapshot, symbol),
        decimals_of(snapshot, symbol),
        last,
        value("change"),
        value("return.1d"),
        value("extended.last") if outside else Value(),
        value("extended.return") if outside else Value(),
        tag if isinstance(tag, str) else "",
        trend_of(snapshot, symbol, window),
        value("relative_volume"),
        value("range52w.position"),
        old,
        "" if last.known else why_absent(snapshot, symbol, last.reason),
    )


def name_of(snapshot: Snapshot, symbol: str) -> str:
    """Return a symbol's name: the cast's, else the quote page's, without control characters."""
    details = snapshot.details.get(symbol)
    return snapshot.cast[symbol].name or plain(details.name if details else "", 80)


def decimals_of(snapshot: Snapshot, symbol: str) -> int:
    """Return the decimals of a symbol's prices: the quote page's hint, else the cast's."""
    details = snapshot.details.get(symbol)
    hint = details.price_decimals if details is not None else None
    return snapshot.cast[symbol].decimals if hint is None else min(6, max(0, hint))


def why_absent(snapshot: Snapshot, symbol: str, fallback: str) -> str:
    """Return why a symbol has no price: what the sources said, else what is waited for."""
    keys = [Key(kind, symbol) for kind in (*_KINDS, Kind.DETAILS)]
    said = next((snapshot.absences[k] for k in keys if k in snapshot.absences), "")
    failed = next((snapshot.troubles[k].text for k in keys if k in snapshot.troubles), "")
    return plain(said or failed or fallback)


def columns_for(rows: Sequence[WatchRow]) -> tuple[Column, ...]:
    """Return the columns; prices get the room that the longest of them needs."""
    last = max((len(price(r.last.number, r.decimals)) for r in rows), default=0)
    change = max((len(signed(r.change.number, r.decimals)) for r in rows), default=0)
    symbol = max((len(r.symbol) for r in rows), default=0)
    shown: tuple[Column, ...] = (
        Column("symbol", "Symbol", min(10, max(6, symbol)), "left", descending_first=False),
        Column("last", "Last", max(8, last)),
        Column("change", "Change", max(7, change), priority=3),
        Column("day", "1D %", 7),
        *_extended_columns(rows),
        Column("trend", "Trend", 8, "left", priority=1, sortable=False),
        Column("volume", "RVol", 5, priority=4),
        Column("position", "52w", 5, priority=5),
        Column("name", "Name", 12, "left", priority=6, flex=True, descending_first=False),
    )
    return shown


def _extended_columns(rows: Sequence[WatchRow]) -> tuple[Column, ...]:
    """Return the columns of prints outside regular hours, while there are any."""
    if not any(r.extended.known for r in rows):
        return ()
    tag = shared_tag(rows)
    name = tag.capitalize() or "Ext"
    last = max(len(price(r.extended_last.number, r.decimals)) for r in rows)
    return (
        Column("extended_last", name, max(8, last), priority=7),
        Column("extended", f"{name} %", 7 if tag else 11, priority=2),
    )


def shared_tag(rows: Sequence[WatchRow]) -> str:
    """Return `pre` or `post` where all prints outside regular hours are of it, else nothing."""
    tags = {row.tag for row in rows if row.extended.known}
    return tags.pop() if len(tags) == 1 else ""


def board_rows(rows: Sequence[WatchRow]) -> list[Row]:
    """Return the rows as the board shows them, under the columns of `columns_for`."""
    has_extended, tag = any(r.extended.known for r in rows), shared_tag(rows)
    return [_board_row(row, _extended_cells(row, tag) if has_extended else ()) for row in rows]


def _board_row(row: WatchRow, extended: tuple[Cell, ...]) -> Row:
    last = row.last.level(row.decimals, "strong")
    change = row.change.run(text := signed(row.change.number, row.decimals), direction(text))
    place = row.position.run(share(row.position.number, 0, "%"), "muted")
    cells = (
        Cell(row.symbol, "strong", row.symbol),
        Cell(*last, row.last.number),
        Cell(*change, row.change.number),
        moved_cell(row.day, 7),
        *extended,
        Cell("", direction_role(row.day), spark=row.trend),
        Cell(
            *row.relative_volume.run(times(row.relative_volume.number)), row.relative_volume.number
        ),
        Cell(*place, row.position.number),
        Cell(row.why or row.name, "absent" if row.why else "muted", row.name.casefold()),
    )
    return Row(row.symbol, cells, f"{row.symbol} {row.name}", row.old)


def _extended_cells(row: WatchRow, shared: str) -> tuple[Cell, ...]:
    """Return price and return outside regular hours; the tag where the title does not say it."""
    if not row.extended.known:
        return Cell("", "absent"), Cell("", "absent")
    moved = moved_cell(row.extended, 7)
    tagged = moved.text if shared else f"{row.tag} {moved.text}".strip()
    last = row.extended_last.level(row.decimals)
    return (
        Cell(*last, row.extended_last.number),
        Cell(tagged, moved.role, moved.sort),
    )


class WatchlistPanel(BoardPanel):
    """The symbols somebody keeps an eye on."""

    symbols: reactive[tuple[str, ...]] = reactive(cast("tuple[str, ...]", ()), repaint=False)
    """The list shown, in its order."""
    list_name: reactive[str] = reactive("default", repaint=False)
    list_place: reactive[str] = reactive("", repaint=False)
    """Which of several lists it is: `1/3`; empty when there is one."""

    def compose(self) -> ComposeResult:
        """Hold one board."""
        yield Board(columns_for(()), empty="an empty list: add a symbol by search")

    def watch_symbols(self) -> None:
        """Show other symbols."""
        self.renew()

    def watch_list_name(self) -> None:
        """Show another list."""
        self.renew()

    def watch_list_place(self) -> None:
        """Show another place among the lists."""
        self.renew()

    def heading(self) -> str:
        """Return title, list and its place among the lists."""
        return f"Watchlist · {self.list_name} {self.list_place}".rstrip()

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the prices."""
        names = [f"{snapshot.cast[s].slug}.last" for s in self.symbols]
        return list_mark(snapshot, names)

    def take(self, snapshot: Snapshot) -> bool:
        """Give the board its rows; it repaints what changed by itself."""
        if self.has_board:
            rows = watch_rows(snapshot, self.symbols, self.window)
            self.board.show(board_rows(rows), columns_for(rows))
        return False

"""Who came to the index and left it: one row a change, and one a reconstitution."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from textual.app import ComposeResult

from market.census import Change
from market.holdings import Holdings
from market.holdings_age import day_in_words
from market.instruments import TRACKER
from market.reconstitution import Reconstitution, reconstitutions
from market.sessions import exchange_date
from market.snapshot import Snapshot
from widgets.board import Board, Cell, Column, Row, Sort
from widgets.census_mark import holdings_mark
from widgets.frame import PART
from widgets.mark import Mark
from widgets.panel import BoardPanel
from widgets.strips import plain, share

COLUMNS = (
    Column("day", "Day", 11),
    Column("what", "Change", 13, "left", descending_first=False),
    Column("symbol", "Symbol", 7, "left", descending_first=False),
    Column("name", "Name", 24, "left", flex=True, descending_first=False),
    Column("sector", "Sector", 24, "left", priority=1, descending_first=False),
    Column("weight", "Weight", 7, priority=2),
)
NEWEST_FIRST = Sort("day", reverse=True)
"""The order that changes are given in."""
_YEAR = timedelta(days=370)
"""How far ahead the next reconstitution is looked for, and back where no files tell more."""


def change_rows(snapshot: Snapshot) -> list[Row]:
    """Return a row for each change between the kept files and each reconstitution, newest first."""
    changes = () if snapshot.census is None else snapshot.census.changes
    sectors, weights = _sectors(snapshot), _weights(snapshot)
    rows = [(c.day, 0, _change_row(c, snapshot, sectors, weights)) for c in changes]
    rows += [(r.day, 1, _reconstitution_row(r, snapshot)) for r in _past(snapshot, changes)]
    return [row for _, _, row in sorted(rows, key=lambda each: (-each[0].toordinal(), -each[1]))]


def _sectors(snapshot: Snapshot) -> Mapping[str, str]:
    """The sector of each symbol by the newest file that has it."""
    found: dict[str, str] = {}
    for file in reversed(_files(snapshot)):
        found.update(zip(file.symbols, file.sectors, strict=True))
    return found


def _files(snapshot: Snapshot) -> tuple[Holdings, ...]:
    newest = snapshot.holdings.get(TRACKER)
    return (*(() if newest is None else (newest,)), *snapshot.earlier_holdings)


def _weights(snapshot: Snapshot) -> Mapping[str, float]:
    members = None if snapshot.census is None else snapshot.census.members
    return {} if members is None else dict(zip(members.symbols, members.weight, strict=True))


def _past(snapshot: Snapshot, changes: tuple[Change, ...]) -> Iterator[Reconstitution]:
    today = exchange_date(snapshot.now)
    first = min((change.day for change in changes), default=today)
    return reconstitutions(min(first, today - _YEAR), today)


def _change_row(
    change: Change, snapshot: Snapshot, sectors: Mapping[str, str], weights: Mapping[str, float]
) -> Row:
    symbol = change.renamed_to or change.symbol
    what, role = ("came", "up") if change.is_addition else ("left", "down")
    name = plain(change.name, 80)
    if change.renamed_to:
        what, role, name = "renamed", "text", f"{name}, was {plain(change.symbol, 20)}"
    weight = weights.get(symbol)
    sector = plain(sectors.get(symbol, ""), 40)
    cells = (
        _day_cell(change.day, snapshot),
        Cell(what, role, what),
        Cell(plain(symbol, 20), "text", symbol),
        Cell(name, "text", name.casefold()),
        Cell(sector, "muted", sector),
        Cell("" if weight is None else share(weight, 3, "%"), "muted", weight),
    )
    key = f"{symbol} {change.day.isoformat()} {change.symbol}"
    return Row(key, cells, f"{symbol} {name} {sector} {what}")


def _reconstitution_row(found: Reconstitution, snapshot: Snapshot) -> Row:
    name = f"new members from {day_in_words(found.effective, snapshot.now)}"
    cells = (
        _day_cell(found.day, snapshot),
        Cell("reconstituted", "accent", "reconstituted"),
        Cell(""),
        Cell(name, "muted", name),
        Cell(""),
        Cell(""),
    )
    return Row(f" {found.day.isoformat()}", cells, f"reconstituted {name}")


def _day_cell(day: date, snapshot: Snapshot) -> Cell:
    return Cell(day_in_words(day, snapshot.now), "text", float(day.toordinal()))


def kept_in_words(snapshot: Snapshot) -> str:
    """Return how many holdings files changes are read from; of one none can be read."""
    files = _files(snapshot)
    if not files:
        return "waiting for the members"
    since = day_in_words(files[-1].day, snapshot.now)
    if len(files) == 1:
        return f"one holdings file, of {since}: changes show from the second on"
    return f"{len(files)} holdings files since {since}"


def next_in_words(snapshot: Snapshot) -> str:
    """Return when the index is reconstituted next."""
    today = exchange_date(snapshot.now)
    found = next(reconstitutions(today, today + _YEAR), None)
    return "" if found is None else f"next reconstitution {day_in_words(found.day, snapshot.now)}"


class ChangesPanel(BoardPanel):
    """Who came to the index, left it, or goes by another symbol."""

    _shown: tuple[object, ...] = ()

    def compose(self) -> ComposeResult:
        """Hold one board."""
        yield Board(COLUMNS, empty="no change is known")

    def heading(self) -> str:
        """Return the title, what changes are read from, and when many are to come."""
        snapshot = self.snapshot
        told = () if snapshot is None else (kept_in_words(snapshot), next_in_words(snapshot))
        return PART.join(words for words in ("Changes of members", *told) if words)

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and day of the newest holdings."""
        return holdings_mark(snapshot)

    def take(self, snapshot: Snapshot) -> bool:
        """Give the board its rows, if what they are made of has changed."""
        made_of = (snapshot.census, exchange_date(snapshot.now))
        if self.has_board and made_of != self._shown:
            self._shown = made_of
            self.board.rank_by(NEWEST_FIRST)
            self.board.show(change_rows(snapshot), COLUMNS)
        return False

    @property
    def cursor_symbol(self) -> str | None:
        """The symbol of the change under the cursor; a reconstitution has none."""
        return (super().cursor_symbol or "").partition(" ")[0] or None

    def on_board_opened(self, event: Board.Opened) -> None:
        """Tell which symbol was opened. Textual would call the panel's own handler too."""
        event.stop()
        event.prevent_default()
        if symbol := event.key.partition(" ")[0]:
            self.post_message(self.Opened(self, symbol))

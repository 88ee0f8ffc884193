"""The members of a group, or of the whole index, as a table."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.reactive import reactive

from market.census import Census, heaviest_first
from market.instruments import INDEX
from market.snapshot import Snapshot
from widgets.board import Board, Sort
from widgets.census_mark import (
    are_prices_old,
    census_mark,
    changes_in_words,
    coverage_in_words,
    holdings_in_words,
    prices_freshness,
)
from widgets.frame import PART
from widgets.lines import cropped
from widgets.mark import Mark
from widgets.marking import member_rules, row_rules
from widgets.members_cells import CHOSEN
from widgets.members_table import columns_for, member_rows
from widgets.panel import BoardPanel
from widgets.strips import plain
from widgets.values import number_of

BY_WEIGHT = Sort("weight", reverse=True)
"""The order that members are given in."""


class MembersPanel(BoardPanel):
    """Who is in the index or a part of it, how heavy, how it moves and what it adds."""

    place: reactive[str] = reactive("", repaint=False)
    """The symbol of a sector, sub-sector or basket; empty for all members."""
    with_thin: reactive[bool] = reactive(False, repaint=False)
    """Whether names too thin to be traded are ranked by momentum too."""

    _shown: tuple[object, ...] = ()
    """What the rows were made of: nothing is made again of the same."""

    def compose(self) -> ComposeResult:
        """Hold one board."""
        yield Board(columns_for(self.window))

    def watch_window(self) -> None:
        """Show another window."""
        if self.has_board and self.board.sort.column == "day":
            self.board.sort = Sort(CHOSEN, self.board.sort.reverse)
        self.renew()

    def watch_place(self) -> None:
        """Show other members."""
        self.renew()

    def watch_with_thin(self) -> None:
        """Rank others."""
        self.renew()

    def heading(self) -> str:
        """Return whose members, the window, and how many have a price."""
        snapshot = self.snapshot
        census = None if snapshot is None else snapshot.census
        if snapshot is None or census is None:
            return PART.join(("Members", self.window))
        group = census.group(self.place)
        slug = "" if group is None else group.slug
        reading = census.readings.get(f"{slug}.advancing" if slug else "breadth.advances")
        known = "" if reading is None else coverage_in_words(reading)
        held = holdings_in_words(snapshot)
        news = "" if self.place else changes_in_words(snapshot)
        thin = "thin names ranked" if self.with_thin else ""
        name = (
            "All members"
            if not self.place
            else cropped(plain(group.name), 40)
            if group
            else "Members"
        )
        return PART.join(part for part in (name, self.window, known, held, news, thin) if part)

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the members' prices."""
        return census_mark(snapshot)

    def take(self, snapshot: Snapshot) -> bool:
        """Give the board its rows, if what they are made of has changed."""
        census = snapshot.census
        if not self.has_board:
            return False
        if census is None:
            self.board.empty = prices_freshness(snapshot).reason
            return False
        level, old = _level_at_start(snapshot, self.window), are_prices_old(snapshot)
        halted = _halted(snapshot)
        made_of = (
            census, snapshot.past, self.place, self.window, level, old, self.with_thin, halted,
            *self.marking(snapshot),
        )  # fmt: skip
        if made_of != self._shown:
            self._shown = made_of
            rows = member_rows(
                census,
                _places(census, self.place),
                self.window,
                snapshot.past,
                level=level,
                old=old,
                with_thin=self.with_thin,
                halted=halted,
                rules=None if old else member_rules(row_rules(self), snapshot),
            )
            self.board.rank_by(BY_WEIGHT)
            self.board.show(rows, columns_for(self.window))
        return False


def _halted(snapshot: Snapshot) -> frozenset[str]:
    """Return the stocks that exchanges have halted now."""
    halts = snapshot.studies.halts
    return frozenset() if halts is None else frozenset(h.symbol for h in halts.now(snapshot.now))


def _places(census: Census, symbol: str) -> Sequence[int]:
    """Return the rows of a group, or of all members, heaviest first."""
    if not symbol:
        return heaviest_first(census.members)
    group = census.group(symbol)
    return () if group is None else group.rows


def _level_at_start(snapshot: Snapshot, window: str) -> float | None:
    """Return the index's level at a window's start: its previous close for 1D."""
    slug = snapshot.cast[INDEX].slug
    last = number_of(snapshot.reading(f"{slug}.last"))
    change = number_of(snapshot.reading(f"{slug}.return.{window.lower()}"))
    return None if last is None or change is None else round(last / (1.0 + change), 2)

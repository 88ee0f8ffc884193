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
from widgets.members_prices import prices_of
from widgets.members_table import MemberRows, columns_for, member_rows
from widgets.panel import BoardPanel
from widgets.strips import plain
from widgets.values import number_of

HAIR = 1e-3
"""Fraction of the index's level that members' points do not show."""
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
    _level: float | None = None
    """The index's level at the window's start."""
    _rows: MemberRows | None = None
    _priced_by: tuple[object, ...] = ()
    """The prices that they tell besides the census's."""

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
        self._level = _steady(_level_at_start(snapshot, self.window), self._level)
        old = are_prices_old(snapshot)
        made_of = (
            census, snapshot.past, self.place, self.window, self._level, old, self.with_thin,
            _halted(snapshot), *self.marking(snapshot),
        )  # fmt: skip
        if made_of != self._shown:
            self._shown, self._priced_by = made_of, (snapshot.quotes, snapshot.ticks)
            self._rows = self._rows_of(census, snapshot, old=old)
            self.board.rank_by(BY_WEIGHT)
            self.board.show(self._rows, columns_for(self.window))
        else:
            self._take_ticks(snapshot, old=old)
        return False

    def _rows_of(self, census: Census, snapshot: Snapshot, *, old: bool) -> MemberRows:
        return member_rows(
            census,
            _places(census, self.place),
            self.window,
            snapshot.past,
            level=self._level,
            old=old,
            with_thin=self.with_thin,
            halted=_halted(snapshot),
            rules=None if old else member_rules(row_rules(self), snapshot),
            price_of=prices_of(snapshot, old=old),
        )

    def _take_ticks(self, snapshot: Snapshot, *, old: bool) -> None:
        """Show the members in sight at the prices that they have ticked to meanwhile."""
        priced_by = snapshot.quotes, snapshot.ticks
        if self._rows is None or (not old and priced_by == self._priced_by):
            return
        self._priced_by = priced_by
        self._rows = self._rows.priced_by(prices_of(snapshot, old=old))
        self.board.show_anew(self._rows)

    @property
    def in_sight(self) -> frozenset[str]:
        """The members whose rows are in sight."""
        if not self.has_board:
            return frozenset()
        return frozenset(key for key, _ in self.board.in_sight() if key is not None)


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


def _steady(level: float | None, before: float | None) -> float | None:
    """Return the level as before where no point of a member would read otherwise.

    A tick moves the index's price at once, and its returns of long windows a moment later: what
    follows from the two is off by a hair meanwhile.
    """
    if level is None or before is None or abs(level - before) > HAIR * before:
        return level
    return before

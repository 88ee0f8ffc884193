"""The screen of a sector, sub-sector or basket, or of all members of the index."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from textual import on

from market.census import Group, GroupKind
from market.group_days import day_keys
from market.instruments import INDEX
from market.interest import CHART_SPANS, row_keys, watch_keys
from market.quotes import Key, Kind
from tui.bindings import bindings_of
from tui.desk import Desk
from tui.keys import Scope
from tui.paint_beat import Beat
from tui.screens.market_screen import MarketScreen
from tui.screens.sight import Sight
from tui.screens.symbol import SymbolScreen
from tui.screens.way_down import ROOT, group_of
from tui.windows import span_of
from widgets.group_card import GroupPanel
from widgets.group_chart import GroupChart
from widgets.leaders import LeadersPanel
from widgets.leaders_view import RowKind
from widgets.members import MembersPanel
from widgets.panel import Panel
from widgets.trend import shown_window


class GroupScreen(MarketScreen):
    """Members that are looked at together: their level, their figures, and themselves."""

    CSS_PATH = "../styles/group.tcss"
    unseen: ClassVar[Mapping[str, str]] = {
        "chart": "chart",
        "card": "figures",
        "members": "members",
    }
    BINDINGS = bindings_of(Scope.MEMBERS)

    def __init__(
        self, desk: Desk, group: Group | None = None, chosen: str = "", search: str = ""
    ) -> None:
        """Show a group, None for all members, with the cursor on the row of `chosen`.

        Only the members that match `search` are shown at first.
        """
        super().__init__(desk)
        self.group = group
        self._chosen = chosen
        self._search = search
        self._days: frozenset[Key] = frozenset()
        self._sight = Sight()
        self.set_class(self._has_parts, "-with-parts")
        self.set_class(group is None, "-all")

    @property
    def place(self) -> str:
        """The group's symbol; empty for all members."""
        return "" if self.group is None else self.group.symbol

    @property
    def is_all_members(self) -> bool:
        """Whether no group is shown but the whole index."""
        return self.group is None

    @property
    def _has_parts(self) -> bool:
        return self.group is not None and self.group.kind is GroupKind.SECTOR

    def crumbs(self) -> tuple[str, ...]:
        """Return the way to this group."""
        group = self.group
        if group is None:
            return (ROOT, "all members")
        above = (group.sector,) if group.kind is GroupKind.SUBSECTOR else ()
        return (ROOT, *above, group.name)

    def compose_panels(self) -> Iterable[Panel]:
        """Yield a sector's parts, then level, figures and members of any group."""
        if self._has_parts:
            yield LeadersPanel(id="parts")
        if self.group is not None:
            yield GroupChart(id="chart")
            yield GroupPanel(id="card")
        yield MembersPanel(id="members")

    @property
    def first_panel(self) -> Panel:
        """A sector's parts, else the members."""
        return self.query_one(LeadersPanel if self._has_parts else MembersPanel)

    def on_mount(self) -> None:
        """Point the panels at the group and the cursor at its row."""
        super().on_mount()
        for chart in self.query(GroupChart):
            chart.symbol, chart.compare = self.place, True
        for card in self.query(GroupPanel):
            card.symbol = self.place
        for parts in self.query(LeadersPanel):
            parts.sector = "" if self.group is None else self.group.sector
            self.call_after_refresh(parts.board.choose, self._chosen)
        members = self.query_one(MembersPanel)
        members.place = self.place
        if self._search:
            self.call_after_refresh(setattr, members.board, "filter_text", self._search)

    def wanted(self) -> Iterable[Key]:
        """Return ticks of the members in sight, the index, over the window, and the proxies."""
        cast = self.desk.settings.cast
        keys = {Key(Kind.INTRADAY, INDEX), Key(Kind.DAILY, INDEX)}
        if self.group is not None:
            keys |= watch_keys(self.group.proxies, cast)
            window = shown_window(self.desk.snapshot, self.place, self.desk.window)
            span = span_of(window)
            keys |= {Key(Kind.CHART, INDEX, span)} if span in CHART_SPANS else set[Key]()
        self._days = self._missing_days()
        self._sight.wanted = self._members_in_sight()
        return keys | self._days | row_keys(self._sight.wanted)

    def _members_in_sight(self) -> frozenset[str]:
        shown = () if self.is_strip else self.visible_panels
        members = (panel for panel in shown if isinstance(panel, MembersPanel))
        return frozenset(symbol for panel in members for symbol in panel.in_sight)

    def _missing_days(self) -> frozenset[Key]:
        """The members' days that the chart of the group's own lacks."""
        is_drawn = self.group is not None and self.desk.window == "1D"
        return day_keys(self.desk.snapshot, self.place) if is_drawn else frozenset()

    def beat(self, beat: Beat) -> None:
        """Take the news, and wish for what is in sight now, where scrolling has come to rest.

        When the group's day is whole its members' are asked for no longer.
        """
        super().beat(beat)
        is_elsewhere = self._sight.has_come_to_rest(self._members_in_sight())
        if is_elsewhere or (beat.is_news and self._missing_days() != self._days):
            self.call_after_refresh(self.want)

    def watch_window(self, window: str) -> None:
        """Let the chart tell of the same time as the lists."""
        super().watch_window(window)
        for chart in self.query(GroupChart):
            chart.span = span_of(window)
        self.desk.want(self.wanted())

    def action_thin(self) -> None:
        """Rank names too thin to be traded too, or not."""
        members = self.query_one(MembersPanel)
        members.with_thin = not members.with_thin
        self.say("thin names are ranked too" if members.with_thin else "thin names are not ranked")

    @on(Panel.Opened)
    def open_row(self, event: Panel.Opened) -> None:
        """Go into a part, a member, or show the members that belong to no part."""
        event.stop()
        if event.symbol == RowKind.UNMAPPED:
            members = self.query_one(MembersPanel)
            members.board.filter_text = RowKind.UNMAPPED
            self.go_to(members)
        elif isinstance(event.panel, LeadersPanel):
            group = group_of(self.desk.snapshot, event.symbol)
            if group is not None:
                self.go_down(GroupScreen(self.desk, group))
        else:
            self.go_down(SymbolScreen(self.desk, event.symbol, self.crumbs()))


def group_screen(desk: Desk, symbol: str) -> GroupScreen | None:
    """Return the screen that a group's row opens, if it is one: a sub-sector's is its sector's."""
    snapshot = desk.snapshot
    group = group_of(snapshot, symbol)
    if group is None or snapshot.census is None:
        return None
    if group.kind is not GroupKind.SUBSECTOR:
        return GroupScreen(desk, group)
    sectors = (g for g in snapshot.census.groups if g.kind is GroupKind.SECTOR)
    sector = next((g for g in sectors if g.sector == group.sector), None)
    return GroupScreen(desk, group) if sector is None else GroupScreen(desk, sector, symbol)

"""The overview: index, leaders, breadth, volatility and watchlist on one page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual import on

from market.interest import overview_keys, watch_keys
from market.quotes import Key
from market.sessions import exchange_date
from tui.paint_beat import Beat
from tui.screens.market_screen import MarketScreen
from widgets.breadth import BreadthPanel
from widgets.index_card import IndexPanel
from widgets.leaders import LeadersPanel
from widgets.leaders_view import RowKind
from widgets.panel import Panel
from widgets.policy import PolicyPanel
from widgets.thesis import ThesisPanel
from widgets.volatility import VolatilityPanel
from widgets.watchlist import WatchlistPanel

if TYPE_CHECKING:
    from market.scoreboard import Scoreboard


class OverviewScreen(MarketScreen):
    """Where the Russell 2000 is, who leads it, how many take part, and what is watched."""

    unseen: ClassVar[Mapping[str, str]] = {
        "volatility": "vol",
        "breadth": "breadth",
        "policy": "policy",
        "thesis": "thesis",
    }

    def crumbs(self) -> tuple[str, ...]:
        """Return the root of the way."""
        return ("Russell 2000",)

    def compose_panels(self) -> Iterable[Panel]:
        """Yield the panels in the order in which they begin in the grid, row by row."""
        yield IndexPanel(id="index")
        yield LeadersPanel(id="leaders")
        yield BreadthPanel(id="breadth")
        yield VolatilityPanel(id="volatility")
        yield WatchlistPanel(id="watchlist")
        yield PolicyPanel(id="policy")
        yield ThesisPanel(id="thesis")

    @property
    def panels(self) -> list[Panel]:
        """All panels by number, those that every size shows first."""
        return sorted(super().panels, key=lambda panel: _NUMBERS[type(panel)])

    @property
    def first_panel(self) -> Panel:
        """The leaders: a list one can walk at once."""
        return self.query_one(LeadersPanel)

    def wanted(self) -> Iterable[Key]:
        """Return the cast's data and the shown watchlist's, and of other panels while in sight."""
        from market.interest_rooms import flow_line_keys, policy_line_keys, today_keys

        cast = self.desk.settings.cast
        shown = {type(panel) for panel in self.visible_panels}
        today = exchange_date(self.desk.clock.now())
        beside = policy_line_keys(today) if PolicyPanel in shown else frozenset[Key]()
        if ThesisPanel in shown:
            self._judged_by = self._story_keys()
            beside |= self._judged_by
        if self._is_large:
            beside |= today_keys(self.desk.snapshot) | flow_line_keys()
        return overview_keys(cast) | watch_keys(self.desk.watchlists.current, cast) | beside

    _judged_by: frozenset[Key] = frozenset()
    """What the stories are judged by, as it was wanted last."""
    _judged: Scoreboard | None = None
    """How they stood when that was looked at last: other days are judged by another one."""

    def _story_keys(self) -> frozenset[Key]:
        board = self.desk.snapshot.scoreboard
        if board is None:
            return frozenset()
        from market.interest_metrics import metric_keys

        return metric_keys(board.judged_by, self.desk.snapshot)

    def beat(self, beat: Beat) -> None:
        """Take the news; what the stories are judged by may be other days by now."""
        super().beat(beat)
        board = self.desk.snapshot.scoreboard
        if not beat.is_news or board is self._judged:
            return
        self._judged = board
        is_shown = any(panel.display for panel in self.query(ThesisPanel))
        if is_shown and self._story_keys() != self._judged_by:
            self.want()

    @property
    def _is_large(self) -> bool:
        """Whether there is room for lines about today and about flows."""
        return self.has_class("-vast") and self.has_class("-grand")

    def show_panels(self) -> None:
        """Bring what has come into sight up to date, and want what it is made of."""
        self.want()
        if self._is_large and not self.query("TodayLine"):
            from widgets.flows import FlowsLine
            from widgets.today_line import TodayLine

            self.mount(TodayLine(), FlowsLine(), before="KeyBar")
        super().show_panels()

    def watch_snapshot(self) -> None:
        """Hand the news on, to the line about today too."""
        super().watch_snapshot()
        if self._is_large:
            from widgets.today_line import TodayLine

            for line in self.query(TodayLine):
                line.snapshot = self.snapshot

    def all_have_it(self) -> None:
        """Give breadth its room once the members are counted."""
        super().all_have_it()
        counted = self.snapshot is not None and self.snapshot.census is not None
        if counted != self.has_class("-counted"):
            self.set_class(counted, "-counted")
            self.call_after_refresh(self.show_panels)

    @on(Panel.Opened)
    def open_row(self, event: Panel.Opened) -> None:
        """Go into the sector of a leader, else straight into the symbol."""
        from tui.screens.group import GroupScreen, group_screen
        from tui.screens.sector import SectorScreen
        from tui.screens.symbol import SymbolScreen

        event.stop()
        if isinstance(event.panel, ThesisPanel):
            self.call_later(self.program.run_action, "app.thesis")
            return
        if event.symbol == RowKind.UNMAPPED:
            self.go_down(GroupScreen(self.desk, search=RowKind.UNMAPPED))
            return
        if (screen := group_screen(self.desk, event.symbol)) is not None:
            self.go_down(screen)
            return
        sector = self.desk.settings.cast[event.symbol].sector
        if sector and isinstance(event.panel, LeadersPanel):
            self.go_down(SectorScreen(self.desk, sector, event.symbol))
        else:
            self.go_down(SymbolScreen(self.desk, event.symbol))


_NUMBERS: Mapping[type[Panel], int] = {
    IndexPanel: 1,
    LeadersPanel: 2,
    WatchlistPanel: 3,
    VolatilityPanel: 4,
    BreadthPanel: 5,
    PolicyPanel: 6,
    ThesisPanel: 7,
}
"""The digits that go to the panels."""

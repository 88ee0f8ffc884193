"""Rooms: screens beside the way down, such as breadth, that a key enters and leaves again."""

from __future__ import annotations

from collections.abc import Callable

from tui.desk import Desk
from tui.screens.market_screen import MarketScreen
from tui.themed_app import ThemedApp


class RoomApp(ThemedApp):
    """The part of the app that knows its market screens and goes from room to room."""

    desk: Desk

    @property
    def market_screens(self) -> list[MarketScreen]:
        """The market screens from the overview to the shown one.

        A screen that was opened this moment has no panels yet and does not count.
        """
        return [s for s in self.screen_stack if isinstance(s, MarketScreen) and s.is_mounted]

    @property
    def market_screen(self) -> MarketScreen | None:
        """The market screen that is shown, perhaps under a dialog."""
        screens = self.market_screens
        return screens[-1] if screens else None

    def renew(self) -> None:
        """Show everything as it is now."""
        if (screen := self.market_screen) is not None:
            screen.renew()

    def visit(self, kind: type[MarketScreen], room: Callable[[], MarketScreen]) -> None:
        """Enter a room; leave it when it is shown already.

        A room that lies below other rooms is gone back to, so that going round in them
        piles up nothing. A wish that comes while a screen opens, or to what lies under a dialog,
        comes to nothing.
        """
        if self.screen is not self.market_screen:
            return
        above = _above(kind, self.market_screens)
        if above is None:
            self.push_screen(room())
            return
        for _ in range(above or 1):
            self.pop_screen()

    def action_feeds(self) -> None:
        """Show the feeds' health, or go back from it."""
        from tui.screens.health import HealthScreen

        self.visit(HealthScreen, lambda: HealthScreen(self.desk))

    def action_breadth(self) -> None:
        """Show breadth over time and by sector, or go back from it."""
        from tui.screens.breadth import BreadthScreen

        self.visit(BreadthScreen, lambda: BreadthScreen(self.desk))

    def action_rotation(self) -> None:
        """Show the rotation of the sub-sectors, or go back from it."""
        from tui.screens.rotation import RotationScreen

        self.visit(RotationScreen, lambda: RotationScreen(self.desk))

    def action_volatility(self) -> None:
        """Show implied and realised volatility and what options say, or go back from it."""
        from tui.screens.volatility import VolatilityScreen

        self.visit(VolatilityScreen, lambda: VolatilityScreen(self.desk))

    def action_policy(self) -> None:
        """Show the Fed's path, rates and macro, or go back from it."""
        from tui.screens.policy import PolicyScreen

        self.visit(PolicyScreen, lambda: PolicyScreen(self.desk))

    def action_calendar(self) -> None:
        """Show who reports and what is released in the next two weeks, or go back from it."""
        from tui.screens.calendar import CalendarScreen

        self.visit(CalendarScreen, lambda: CalendarScreen(self.desk))

    def action_flows(self) -> None:
        """Show what flowed into funds and out of them, or go back from it."""
        from tui.screens.flows import FlowsScreen

        self.visit(FlowsScreen, lambda: FlowsScreen(self.desk))

    def action_thesis(self) -> None:
        """Show whether the stories told about small caps hold, or go back from it."""
        from tui.screens.thesis import ThesisScreen

        self.visit(ThesisScreen, lambda: ThesisScreen(self.desk))

    def action_alerts(self) -> None:
        """Show the alerts and what happened to them, or go back from it."""
        from tui.screens.alerts import AlertsScreen

        self.visit(AlertsScreen, lambda: AlertsScreen(self.desk))

    def action_changes(self) -> None:
        """Show who came to the index and left it, or go back from it."""
        from tui.screens.changes import ChangesScreen

        self.visit(ChangesScreen, lambda: ChangesScreen(self.desk))

    def action_heat_map(self) -> None:
        """Show the heat map of what the screen is about, or go back from it."""
        from tui.screens.heat import HeatScreen
        from widgets.treemap_view import EVERY_MEMBER

        shown, place, chosen = self.market_screen, "", ""
        if shown is not None:
            place = EVERY_MEMBER if shown.is_all_members else shown.place
            chosen = (shown.cursor_symbol or "") if place else ""
        self.visit(HeatScreen, lambda: HeatScreen(self.desk, place, chosen))


def _above(kind: type[MarketScreen], screens: list[MarketScreen]) -> int | None:
    """Return how many rooms lie above one of a kind; None if it cannot be gone back to."""
    for count, screen in enumerate(reversed(screens)):
        if isinstance(screen, kind):
            return count
        if not screen.room:
            break
    return None

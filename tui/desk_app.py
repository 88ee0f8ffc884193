"""What keys and commands do everywhere: the app over a desk and its market screens."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.binding import BindingType
from textual.command import Provider

from tui.bindings import bindings_of
from tui.keys import Scope, line_of
from tui.list_app import ListApp
from tui.markets import Market
from tui.screens.market_screen import MarketScreen

TWICE_S = 2.0
"""How soon the second ctrl+c must come."""


def _commands() -> type[Provider]:
    from tui.commands import Commands

    return Commands


class DeskApp(ListApp, inherit_bindings=False):
    """The part of the app that acts: every key of Scope.APP has its action here."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of(Scope.APP)
    COMMANDS = {_commands}  # noqa: RUF012

    key_overrides: dict[str, str]
    _interrupted_at = float("-inf")

    # What is shown

    def renew(self) -> None:
        """Show everything as it is now."""
        if (screen := self.market_screen) is not None:
            screen.renew()

    # What commands do

    def open_symbol(self, symbol: str) -> None:
        """Show a symbol."""
        from tui.screens.symbol import SymbolScreen

        self.push_screen(SymbolScreen(self.desk, symbol))

    def do_line(self, key_id: str) -> None:
        """Do what a key does."""
        line = line_of(key_id)
        target = self if line.scope is Scope.APP else self.screen
        self.call_later(self.run_action, line.action, target)

    # Keys that work everywhere

    def action_command_palette(self) -> None:
        """Find a command."""
        from tui.commands import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the demo and the way back only when there is one."""
        if action == "demo":
            return self.desk.markets.can_show_demo
        if action == "live":
            return self.desk.markets.can_show_live
        if action == "all_members":
            return not (self.market_screen is not None and self.market_screen.is_all_members)
        return super().check_action(action, parameters)

    def action_hold(self) -> None:
        """Hold the picture still, or let it go on."""
        self.say(self.desk.toggle_hold())
        self.renew()

    @work(thread=True, group="refresh", exclusive=True, exit_on_error=False)
    def action_refresh_data(self) -> None:
        """Ask all feeds again now."""
        answer = self.desk.refresh()
        self.call_from_thread(self.say, answer)

    def action_faster(self) -> None:
        """Ask the feeds more often."""
        self._change_pace(2)

    def action_slower(self) -> None:
        """Ask the feeds less often."""
        self._change_pace(0.5)

    def _change_pace(self, factor: float) -> None:
        self.say(self.desk.change_pace(factor))
        self.renew()

    def action_all_members(self) -> None:
        """Show all members of the index, if they are known."""
        from tui.screens.group import GroupScreen

        if self.desk.snapshot.census is None:
            self.say("the index's members are not known yet")
        else:
            self.push_screen(GroupScreen(self.desk))

    def action_demo(self) -> None:
        """Show the simulated market."""
        self.desk.show_demo()
        self.show_lists()

    @work(thread=True, group="live", exit_on_error=False)
    def _stop_engine(self, engine: Market) -> None:
        engine.stop()

    def action_live(self) -> None:
        """Go back to the live market."""
        if (demo := self.desk.show_live()) is not None:
            self._stop_engine(demo)
        self.show_lists()

    def action_help(self) -> None:
        """Say what the keys do here."""
        from tui.screens.help import HelpScreen

        if isinstance(self.screen, MarketScreen):
            active = {a.binding.id or "" for a in self.screen.active_bindings.values()}
            self.push_screen(HelpScreen(active, self.key_overrides))

    def action_interrupt(self) -> None:
        """Quit, when it comes twice."""
        now = self.desk.clock.monotonic()
        if now - self._interrupted_at <= TWICE_S:
            self.exit()
        self._interrupted_at = now
        self.say("press ctrl+c again to quit")

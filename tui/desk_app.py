"""What keys and commands do everywhere: the app over a desk and its market screens."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from textual import work
from textual.command import Provider

from market.sessions import duration_in_words
from tui.keys import Scope, key_in_words, keys_of, line_of
from tui.market_app import MarketApp
from tui.screens.market_screen import MarketScreen

if TYPE_CHECKING:
    from tui.export import Shown

LONG_AWAY = timedelta(minutes=5)
"""After how long without the focus a digest is offered."""
TWICE_S = 2.0
"""How soon the second ctrl+c must come."""


def _commands() -> type[Provider]:
    from tui.commands import Commands

    return Commands


class DeskApp(MarketApp):
    """The part of the app that acts: every key of Scope.APP has its action here."""

    COMMANDS = {_commands}  # noqa: RUF012

    key_overrides: dict[str, str]
    ascii_only: bool
    _interrupted_at = float("-inf")

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
            self.push_screen(Palette(id="--command-palette", placeholder="Search for commands"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to take note only of what is new, and all members only where they are not shown."""
        if action == "acknowledge":
            return self.desk.markets.replay is None and bool(self._unseen_alerts())
        if action == "all_members":
            return not (self.market_screen is not None and self.market_screen.is_all_members)
        return super().check_action(action, parameters)

    def action_export(self) -> None:
        """Write what is shown to files."""
        from tui.export import shown_of
        from tui.picture import picture

        screen = self.market_screen
        if screen is not None:
            screen.turns.finish()
            panel = screen.focused_panel or screen.first_panel
            shown = shown_of(panel, self.desk.snapshot, screen.crumbs())
            self._write_export(shown, picture(self, f"captop: {shown.title}"))

    # Without a description Textual would spell all arguments out, the whole snapshot among them.
    @work(thread=True, group="export", description="export", exit_on_error=False)
    def _write_export(self, shown: Shown, svg: str) -> None:
        from tui.export import exported, write

        folder = self.desk.settings.export.place
        try:
            path = write(folder, exported(shown), svg)
        except OSError as error:
            told = f"nothing exported: {folder} cannot be written ({error.strerror})"
        else:
            told = f"exported: {path}.csv .json .svg"
        self.call_from_thread(self.say, told)

    def action_all_members(self) -> None:
        """Show all members of the index, if they are known."""
        from tui.screens.group import GroupScreen

        if self.desk.snapshot.census is None:
            self.say("the index's members are not known yet")
        else:
            self.push_screen(GroupScreen(self.desk))

    def _unseen_alerts(self) -> tuple[str, ...]:
        """The alerts that a wish to take note of them means now."""
        board = self.desk.market.latest.alerts
        new = tuple(each.alert.id for each in board.new) if board is not None else ()
        screen = self.market_screen
        chosen = screen.chosen_alert if screen is not None else ""
        return (chosen,) if chosen in new else new

    def action_acknowledge(self) -> None:
        """Take note of the alerts that were told."""
        seen = self._unseen_alerts()
        self.desk.market.acknowledge(seen)
        self.say(f"{len(seen)} {'alert' if len(seen) == 1 else 'alerts'} seen")

    def offer_digest(self) -> None:
        """Say that there is a digest, after a while in which nobody looked."""
        away = self.desk.was_away
        if away >= LONG_AWAY:
            line = line_of("app.digest")
            key = key_in_words(keys_of(line, self.key_overrides)[0], ascii_only=self.ascii_only)
            self.say(f"{duration_in_words(away)} away: {key} tells what changed")

    def action_digest(self) -> None:
        """Tell what changed while nobody looked."""
        from market.tape.digest import digest
        from tui.screens.digest import DigestScreen

        left = self.desk.left
        if left is None:
            self.say("nothing to tell: this has had the focus since it was opened")
        elif not isinstance(self.screen, DigestScreen):
            self.push_screen(DigestScreen(digest(left, self.desk.snapshot)))

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

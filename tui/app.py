"""The app: wiring only. The engine's latest goes to the shown screen on a paint beat."""

from __future__ import annotations

import codecs
import gc
import locale
from collections.abc import Callable
from importlib import import_module
from typing import ClassVar

from textual import events, work
from textual.binding import BindingType
from textual.command import Provider
from textual.screen import Screen

from market.clock import Clock
from tui.bindings import bindings_of
from tui.desk import Desk
from tui.keys import Scope, line_of, resolve_keys
from tui.leaving import leave_on_signals
from tui.markets import Market
from tui.screens.market_screen import MarketScreen
from tui.screens.overview import OverviewScreen
from tui.settings import Settings
from tui.themed_app import ThemedApp
from tui.watchlists import Watchlists
from widgets.board import Board

BEAT_S = 0.5
"""How often the screen looks whether there is news."""
PAINTED_S = 0.02
"""How long the terminal has the machine for itself to write the first paint."""
TWICE_S = 2.0
"""How soon the second ctrl+c must come."""


def _commands() -> type[Provider]:
    from tui.commands import Commands

    return Commands


class CaptopApp(ThemedApp, inherit_bindings=False):
    """captop on a terminal."""

    TITLE = "captop"
    CSS_PATH = "styles/captop.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings_of(Scope.APP)
    COMMANDS = {_commands}  # noqa: RUF012
    ALLOW_SELECT = False
    ENABLE_COMMAND_PALETTE = True

    def __init__(
        self,
        engine: Market,
        settings: Settings,
        *,
        clock: Clock,
        watchlists: Watchlists,
        demo_engine: Callable[[], Market] | None = None,
    ) -> None:
        """Show what `engine` knows.

        Args:
            engine: The engine, not yet started: the app starts it after its first paint.
            settings: What the user set.
            clock: Where time comes from.
            watchlists: The user's lists.
            demo_engine: Makes the simulated market that is offered when no feed answers.

        Raises:
            KeysError: A rebinding of the settings cannot be used.
            ThemesError: The settings name an unknown theme.
        """
        self.key_overrides = resolve_keys(settings.keys)
        self.ascii_only = _wants_ascii(settings)
        super().__init__()
        self.desk = Desk(
            engine, settings, clock=clock, watchlists=watchlists, demo_maker=demo_engine
        )
        self._interrupted_at = float("-inf")
        self.use_theme(settings.theme, red_up=settings.red_up)
        self.set_keymap(self.key_overrides)

    # Start, beat, end

    def get_default_screen(self) -> Screen[None]:
        """Return the overview."""
        return OverviewScreen(self.desk)

    def on_mount(self) -> None:
        """Begin the paint beat, and the work that must not hold up the first paint."""
        self.set_class(self.ascii_only, "-ascii")
        leave_on_signals(self.desk.stop, self.exit)
        self.set_interval(BEAT_S, self.beat)
        self.call_after_refresh(self._after_first_paint)

    @work(thread=True, group="start", exit_on_error=False)
    def _after_first_paint(self) -> None:
        """Load what the first paint did without: feeds, charts, the screens one may go to."""
        from threading import Event

        Event().wait(PAINTED_S)
        self.call_from_thread(self._start_engine)
        from widgets import plotting

        plotting.prepare()
        self.call_from_thread(self._refresh_charts)
        import_module("tui.screens.sector")
        import_module("tui.screens.symbol")

    def _start_engine(self) -> None:
        _collect_garbage_again()
        self.desk.start()

    def _refresh_charts(self) -> None:
        for screen in self.market_screens:
            screen.refresh_charts()

    def beat(self) -> None:
        """Show what is new, if anything is."""
        beat = self.desk.beat()
        screen = self.market_screen
        if beat is None or screen is None:
            return
        screen.beat(beat)
        if notice := self.desk.next_notice():
            screen.say(notice)

    def on_unmount(self) -> None:
        """Stop the engines."""
        self.desk.stop()

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

    def say(self, text: str) -> None:
        """Tell the user one sentence."""
        if (screen := self.market_screen) is not None and text:
            screen.say(text)

    def on_app_blur(self, _event: events.AppBlur) -> None:
        """Be slower while nobody looks."""
        self.desk.set_focused(False)

    def on_app_focus(self, _event: events.AppFocus) -> None:
        """Be up to date at once."""
        self.desk.set_focused(True)
        self._renew()

    def _renew(self) -> None:
        if (screen := self.market_screen) is not None:
            screen.renew()

    # What commands do

    def open_symbol(self, symbol: str) -> None:
        """Show a symbol."""
        from tui.screens.symbol import SymbolScreen

        self.push_screen(SymbolScreen(self.desk, symbol))

    def choose_list(self, name: str) -> None:
        """Show a watchlist."""
        self.say(self.desk.watching.choose(name))
        self._show_lists()

    def do_line(self, key_id: str) -> None:
        """Do what a key does."""
        line = line_of(key_id)
        target = self if line.scope is Scope.APP else self.screen
        self.call_later(self.run_action, line.action, target)

    def _show_lists(self) -> None:
        if (screen := self.market_screen) is not None:
            screen.lists_changed()
            screen.on_screen_resume()

    # Keys that work everywhere

    async def on_event(self, event: events.Event) -> None:
        """Let a key act on a list at once, so that the next key meets what it has done.

        On Textual's own way a key visits the queues of all widgets up to the app before it
        acts, and what was typed behind it, a filter behind `/`, is on that way already.
        """
        if isinstance(event, events.Key) and await self._acts_at_once(event):
            return
        await super().on_event(event)

    async def _acts_at_once(self, event: events.Key) -> bool:
        """Do what a new key does on the list that has the keys; return whether it does it."""
        if event.is_forwarded or not self.app_focus or not isinstance(self.focused, Board):
            return False
        return await self._check_bindings(event.key)

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
        return super().check_action(action, parameters)

    def action_hold(self) -> None:
        """Hold the picture still, or let it go on."""
        self.say(self.desk.toggle_hold())
        self._renew()

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
        self._renew()

    def action_feeds(self) -> None:
        """Show the feeds' health, or go back from it."""
        from tui.screens.health import HealthScreen

        if isinstance(self.market_screen, HealthScreen):
            self.pop_screen()
        else:
            self.push_screen(HealthScreen(self.desk))

    def action_add_symbol(self) -> None:
        """Search a symbol and put it into the watchlist."""
        from tui.screens.search import SearchScreen

        self.push_screen(SearchScreen(self.desk), self._add)

    def _add(self, symbol: str | None) -> None:
        if symbol is not None:
            self.say(self.desk.watching.add(symbol))
            self._show_lists()

    def action_demo(self) -> None:
        """Show the simulated market."""
        self.desk.show_demo()
        self._show_lists()

    @work(thread=True, group="live", exit_on_error=False)
    def _stop_engine(self, engine: Market) -> None:
        engine.stop()

    def action_live(self) -> None:
        """Go back to the live market."""
        if (demo := self.desk.show_live()) is not None:
            self._stop_engine(demo)
        self._show_lists()

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


def _collect_garbage_again() -> None:
    """Collect garbage as usual, but leave alone for good what the start has loaded."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def _wants_ascii(settings: Settings) -> bool:
    if settings.ascii != "auto":
        return settings.ascii
    try:
        return codecs.lookup(locale.getencoding()).name != "utf-8"
    except LookupError:
        return True

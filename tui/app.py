"""The app: wiring only. The engine's latest goes to the shown screen on a paint beat."""

from __future__ import annotations

import codecs
import locale
from asyncio import TimerHandle, get_running_loop
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import App
from textual.binding import BindingType
from textual.screen import Screen

from market.clock import Clock
from tui.alert_signals import AlertSignals
from tui.bindings import bindings_of
from tui.desk import Desk
from tui.keys import Scope, resolve_keys
from tui.leaving import leave_on_signals
from tui.markets import Market, Tape
from tui.screens.overview import OverviewScreen
from tui.settings import Settings
from tui.start_app import StartApp
from tui.watchlists import Watchlists
from widgets.board import Board

if TYPE_CHECKING:
    from market.loop_watch import LoopWatch


class CaptopApp(StartApp, App[None], inherit_bindings=False):
    """captop on a terminal."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of(Scope.APP)
    TITLE = "captop"
    CSS_PATH = "styles/captop.tcss"
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
        replay: Tape | None = None,
        rewinder: Callable[[], Tape] | None = None,
        loop_watch: LoopWatch | None = None,
    ) -> None:
        """Show what `engine` knows.

        Args:
            engine: The engine, not yet started: the app starts it after its first paint.
            settings: What the user set.
            clock: Where time comes from.
            watchlists: The user's lists.
            demo_engine: Makes the simulated market that is offered when no feed answers.
            replay: The tape that is played first; the engine is started when it is left.
            rewinder: Opens the tape of this run, standing at its end.
            loop_watch: Watches the loops of app and engine.

        Raises:
            KeysError: A rebinding of the settings cannot be used.
            ThemesError: The settings name an unknown theme.
        """
        self.key_overrides = resolve_keys(settings.keys)
        self.ascii_only = _wants_ascii(settings)
        super().__init__()
        self.desk = Desk(
            engine,
            settings,
            clock=clock,
            watchlists=watchlists,
            demo_maker=demo_engine,
            replay=replay,
            rewinder=rewinder,
            loop_watch=loop_watch,
        )
        self._next_look: TimerHandle | None = None
        self.signals = AlertSignals(settings.alerts, self._write)
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
        self._keep_beating()
        self.keep_frames()
        self.call_after_refresh(self.after_first_paint)

    def _keep_beating(self) -> None:
        """Look for news again after each look: sooner while there is some.

        A timer of Textual's is a task of its own, which wakes a program at rest up twice more.
        """
        loop = get_running_loop()
        self._next_look = loop.call_later(self.desk.rest_s, self.call_next, self._beat_again)

    def _beat_again(self) -> None:
        self.beat()
        self._keep_beating()

    def beat(self) -> None:
        """Show what is new, if anything is and what was new before is shown."""
        screen = self.market_screen
        if screen is not None and screen.turns.are_left:
            return
        self.signals.look(self.desk.market, self.desk.market.latest)
        if self.desk.watching.settle() and screen is not None:
            screen.lists_changed()
        beat = self.desk.beat()
        if screen is None:
            return
        if beat is not None:
            self.look_at_rules()
            self.look_at_alerts()
            screen.beat(beat)
        if notice := self.desk.next_notice():
            screen.renew()
            screen.say(notice, is_notice=True)

    def _write(self, sequence: str) -> None:
        """Write to the terminal past what is drawn: nothing of it is seen."""
        if self._driver is not None:
            self._driver.write(sequence)

    def on_unmount(self) -> None:
        """Stop the engines."""
        if self._next_look is not None:
            self._next_look.cancel()
        self.desk.stop()

    def on_app_blur(self, _event: events.AppBlur) -> None:
        """Be slower while nobody looks."""
        self.desk.set_focused(False)

    def on_app_focus(self, _event: events.AppFocus) -> None:
        """Be up to date at once."""
        self.desk.set_focused(True)
        self.renew()
        self.offer_digest()

    # Keys

    async def on_event(self, event: events.Event) -> None:
        """Let a key act on a list at once, so that the next key meets what it has done.

        On Textual's own way a key visits the queues of all widgets up to the app before it
        acts, and what was typed behind it, a filter behind `/`, is on that way already.
        What was typed behind the key that ends the program meets no screen any more.
        """
        if isinstance(event, events.InputEvent) and not self.screen_stack:
            return
        if isinstance(event, events.Key):
            if not event.is_forwarded and (screen := self.market_screen) is not None:
                screen.answer_no_longer()
            if await self._acts_at_once(event):
                return
        await super().on_event(event)

    async def _acts_at_once(self, event: events.Key) -> bool:
        """Do what a new key does on the list that has the keys; return whether it does it."""
        if event.is_forwarded or not self.app_focus or not isinstance(self.focused, Board):
            return False
        return await self._check_bindings(event.key)


def _wants_ascii(settings: Settings) -> bool:
    if settings.ascii != "auto":
        return settings.ascii
    try:
        return codecs.lookup(locale.getencoding()).name != "utf-8"
    except LookupError:
        return True

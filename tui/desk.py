"""The desk: what is shown and watched now, without a screen.

The app and its screens read and change it; every change that people should know of comes
back as one sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from market.clock import Clock
from market.loop_watch import LoopWatch
from market.snapshot import Snapshot
from tui.absence import Absence
from tui.alerting import Alerting
from tui.browsing import Browser, SystemBrowser
from tui.markets import Market, Markets, Tape, refresh_in_words
from tui.notices import Notices
from tui.settings import Settings
from tui.shown import Shown
from tui.visits import Visits
from tui.watching import Watching
from tui.watchlists import Watchlists
from tui.windows import stepped_window


class Desk(Shown):
    """The state of the program that outlives a screen."""

    def __init__(
        self,
        live: Market,
        settings: Settings,
        *,
        clock: Clock,
        watchlists: Watchlists,
        demo_maker: Callable[[], Market] | None = None,
        replay: Tape | None = None,
        rewinder: Callable[[], Tape] | None = None,
        loop_watch: LoopWatch | None = None,
    ) -> None:
        super().__init__(Markets(live, demo_maker, replay, rewinder), clock)
        self.settings = settings
        self.watching = Watching(watchlists, self._watch)
        self.watching.set_unsaved(self.markets.is_demo)
        self.alerting = Alerting(
            settings.alerts.file, lambda: self.market, lambda: self.markets.is_demo
        )
        self.loop_watch = loop_watch or LoopWatch(clock)
        self.visits = Visits()
        self.browser: Browser = SystemBrowser()
        self.window: str = settings.window
        self._absence = Absence()
        self._notices = Notices()

    # What is shown

    @property
    def watchlists(self) -> Watchlists:
        """The lists that are shown."""
        return self.watching.lists

    @property
    def feeds(self) -> tuple[str, ...]:
        """The names of the feeds behind what is shown, heard of or not."""
        if self.markets.replay is not None:
            return tuple(self.market.latest.feeds)
        return ("demo",) if self.markets.is_demo else self.settings.feeds.enabled

    def step_window(self, step: int) -> str:
        """Go to the next or previous window and return it."""
        self.window = stepped_window(self.window, step)
        return self.window

    # What is asked of the engines

    def start(self) -> None:
        """Start what is shown and tell it what is watched."""
        self._watch()
        self.markets.start()

    def stop(self) -> None:
        """Stop whatever runs; the last picture and the last edit of a list are kept."""
        self.watching.finish()
        self.markets.stop()

    def _watch(self) -> None:
        """Tell the engine that is shown the symbols of all its watchlists."""
        self.market.watch(self.watchlists.symbols)

    def set_focused(self, focused: bool) -> None:
        """Say whether somebody looks."""
        if self.focused and not focused:
            self._absence.begin(self.market, self.clock.now())
        self.focused = focused
        self.markets.set_focused(focused)

    @property
    def left(self) -> Snapshot | None:
        """What was known when the focus was lost, if what is shown now was shown then."""
        return self._absence.left(self.market)

    @property
    def was_away(self) -> timedelta:
        """For how long nobody had looked when somebody looks again."""
        return self._absence.lasted(self.market, self.clock.now())

    def refresh(self) -> str:
        """Ask again now; may wait for the engine, so call it from a thread."""
        answer = self.market.refresh()
        return refresh_in_words(answer, self.market.latest.feeds.values(), self.clock.now())

    @property
    def notices(self) -> tuple[str, ...]:
        """All sentences of the engine, told or not, oldest first."""
        return tuple(self._teller.notices)

    @property
    def _teller(self) -> Market:
        return self.markets.replay or self.markets.live

    def next_notice(self) -> str:
        """Return the next sentence of lists or engine that was not told yet, or nothing."""
        return self.watching.next_notice() or self._notices.next(self._teller)

    def tape_to_move(self) -> Tape | None:
        """Return the tape that is played, or that of this run in place of the live market.

        It may take a while, so call it from a thread. TapeError if it cannot be opened.
        """
        if self.markets.can_rewind:
            self.markets.rewind()
            self.held = None
        return self.markets.replay

    # The demo, offered and never forced

    def show_demo(self) -> None:
        """Show the simulated market; the live engine goes on trying."""
        if self.markets.show_demo():
            self.held = None
            self.watching.set_unsaved(True)
            self._watch()
            self.market.start()

    def show_live(self) -> Market | None:
        """Show the live market and the user's own lists; return the engine to be stopped."""
        if self.markets.replay is not None:
            self.set_pace(1.0)
        before, self.held = self.markets.show_live(), None
        if before is not None:
            self.watching.set_unsaved(self.markets.is_demo)
            self._watch()
        return before

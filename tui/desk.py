"""The desk: what is shown and watched now, without a screen.

The app and its screens read and change it; every change that people should know of comes
back as one sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Protocol

import msgspec

from market.clock import Clock
from market.feeds.roster import RefreshAnswer
from market.health import FeedState
from market.quotes import Key, Match, Phase
from market.snapshot import Snapshot
from tui.settings import Settings
from tui.visits import Visits
from tui.watchlists import Watchlists, WatchlistsError

WINDOWS = ("1D", "5D", "1M", "8W", "3M", "6M", "YTD", "1Y")
SPANS = ("1D", "5D", "1M", "6M", "YTD", "1Y", "5Y")
SLOWEST, FASTEST = 0.25, 8.0
"""Bounds of the pace: how many times as often as usual the feeds are asked."""
STILL_BEAT_S = 30
"""How often ages are looked at again while the market is closed and nothing fails."""
BLURRED_BEAT_S = 5
"""How often an unfocused pane is painted at most."""


class Market(Protocol):
    """What the desk needs of an engine."""

    @property
    def notices(self) -> Sequence[str]:
        """Sentences for the user, oldest first."""
        ...

    @property
    def latest(self) -> Snapshot:
        """The newest snapshot."""
        ...

    @property
    def can_offer_demo(self) -> bool:
        """Whether nothing was ever known and no feed answers."""
        ...

    def start(self) -> None:
        """Start polling."""
        ...

    def stop(self) -> None:
        """Stop polling."""
        ...

    def want(self, keys: Iterable[Key]) -> None:
        """Say what is visible now."""
        ...

    def watch(self, symbols: Iterable[str]) -> None:
        """Say which symbols the watchlists hold."""
        ...

    def refresh(self) -> RefreshAnswer:
        """Ask again now."""
        ...

    def set_focused(self, focused: bool) -> None:
        """Say whether the terminal has the focus."""
        ...

    def set_pace(self, factor: float) -> None:
        """Put a factor on all beats: 2 asks half as often."""
        ...

    def search(self, text: str) -> Future[Sequence[Match]]:
        """Look for symbols by name."""
        ...


class Beat(msgspec.Struct, frozen=True):
    """What one paint beat brings."""

    snapshot: Snapshot
    is_news: bool
    """Whether more than the clock moved."""


class Desk:
    """The state of the program that outlives a screen."""

    def __init__(
        self,
        live: Market,
        settings: Settings,
        *,
        clock: Clock,
        watchlists: Watchlists,
        demo_maker: Callable[[], Market] | None = None,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.watchlists = watchlists
        self.visits = Visits()
        self.window: str = settings.window
        self.held: Snapshot | None = None
        self.pace = 1.0
        self.focused = True
        self._live = live
        self._demo: Market | None = None
        self._demo_maker = demo_maker
        self._wanted: frozenset[Key] = frozenset()
        self._told = 0
        self._seen: Snapshot | None = None
        self._second = 0
        self._news_second = 0

    # What is shown

    @property
    def market(self) -> Market:
        """The engine that is shown: the live one, or the demo after it was asked for."""
        return self._demo if self._demo is not None else self._live

    @property
    def snapshot(self) -> Snapshot:
        """The picture to be shown now: held still, or the newest."""
        return self.held if self.held is not None else self.market.latest.at(self.clock.now())

    @property
    def held_at(self) -> datetime | None:
        """Since when the picture is held."""
        return self.held.now if self.held is not None else None

    def beat(self) -> Beat | None:
        """Return what is new since the last beat; None if not even the second is."""
        latest, now = self.market.latest, self.clock.now()
        second = int(now.timestamp())
        is_same = latest is self._seen
        since = second - self._second
        if (is_same and since == 0) or (not self.focused and 0 <= since < BLURRED_BEAT_S):
            return None
        snapshot = latest.at(now)
        is_news = not is_same or self._ages(snapshot, second)
        self._seen, self._second = latest, second
        if is_news:
            self._news_second = second
        return Beat(snapshot, is_news and self.held is None)

    def _ages(self, snapshot: Snapshot, second: int) -> bool:
        """Whether time alone may change what panels say."""
        if snapshot.session.phase is Phase.CLOSED and not snapshot.troubles:
            return abs(second - self._news_second) >= STILL_BEAT_S
        return True

    def toggle_hold(self) -> str:
        """Hold the picture, or let it go on."""
        if self.held is not None:
            self.held = None
            return "the picture goes on"
        self.held = self.snapshot
        return "the picture is held; data go on arriving"

    def step_window(self, step: int) -> str:
        """Go to the next or previous window and return it."""
        self.window = _stepped(WINDOWS, self.window, step)
        return self.window

    # What is asked of the engine

    def start(self) -> None:
        """Start the live engine and tell it what is watched."""
        self.watch_all()
        self._live.start()

    def stop(self) -> None:
        """Stop whatever runs."""
        self._live.stop()
        if self._demo is not None:
            self._demo.stop()

    def want(self, keys: Iterable[Key]) -> None:
        """Say what is visible now."""
        self._wanted = frozenset(keys)
        for market in self._markets():
            market.want(self._wanted)

    def watch_all(self) -> None:
        """Tell the engines the symbols of all watchlists."""
        for market in self._markets():
            market.watch(self.watchlists.symbols)

    def set_focused(self, focused: bool) -> None:
        """Say whether somebody looks."""
        self.focused = focused
        for market in self._markets():
            market.set_focused(focused)

    def change_pace(self, factor: float) -> str:
        """Ask more (2) or less (0.5) often, within bounds."""
        self.pace = min(FASTEST, max(SLOWEST, self.pace * factor))
        for market in self._markets():
            market.set_pace(1 / self.pace)
        return f"asking {self.pace:g} times as often as usual"

    def refresh(self) -> str:
        """Ask again now; may wait for the engine, so call it from a thread."""
        answer = self.market.refresh()
        if answer.refused and not answer.asked:
            return f"the request budget is used up: next in {answer.wait_s:.0f} s"
        if answer.refused:
            return f"asked {answer.asked} again; {answer.refused} wait for the request budget"
        return f"asked {answer.asked} again" if answer.asked else "nothing to ask again just now"

    def next_notice(self) -> str:
        """Return the next sentence of the engine that was not told yet, or nothing."""
        notices = self._live.notices
        if self._told >= len(notices):
            return ""
        self._told += 1
        return notices[self._told - 1]

    def _markets(self) -> tuple[Market, ...]:
        return (self._live,) if self._demo is None else (self._live, self._demo)

    # The demo, offered and never forced

    @property
    def can_show_demo(self) -> bool:
        """Whether the simulated market is on offer."""
        has_one = self._demo is None and self._demo_maker is not None
        return has_one and self._live.can_offer_demo

    @property
    def can_show_live(self) -> bool:
        """Whether the demo is shown while live data have come."""
        return self._demo is not None and bool(self._live.latest.quotes)

    @property
    def offer(self) -> str:
        """The sentence of what is on offer, or nothing."""
        if self.can_show_live:
            return "Live data have come. Press L to leave the simulated market."
        if not self.can_show_demo:
            return ""
        why = next((f" ({reason.rstrip('.')})" for reason in self._reasons()), "")
        return f"No feed answers{why}. Press D for the simulated market; captop goes on trying."

    def _reasons(self) -> Iterable[str]:
        feeds = self._live.latest.feeds.values()
        return (feed.reason for feed in feeds if feed.state is FeedState.FAILING and feed.reason)

    def show_demo(self) -> None:
        """Show the simulated market; the live engine goes on trying."""
        if self._demo_maker is None or self._demo is not None:
            return
        self._demo = self._demo_maker()
        self.held = None
        self.want(self._wanted)
        self.watch_all()
        self._demo.start()

    def show_live(self) -> Market | None:
        """Show live data again; return the demo engine, which the caller stops."""
        demo, self._demo, self.held = self._demo, None, None
        return demo

    # The watchlists

    def toggle_watched(self, symbol: str) -> str:
        """Put a symbol into the shown list, or take it out."""
        lists = self.watchlists
        if symbol not in lists.current:
            return self.add_watched(symbol)
        done = f"{symbol} taken out of {lists.active}; u undoes"
        return self._edited(lambda: lists.remove(symbol), done)

    def add_watched(self, symbol: str) -> str:
        """Put a symbol into the shown list."""
        lists = self.watchlists
        if symbol in lists.current:
            return f"{symbol} is in {lists.active} already"
        done = f"{symbol} added to {lists.active}; u undoes"
        return self._edited(lambda: lists.add(symbol), done)

    def move_watched(self, symbol: str, by: int) -> str:
        """Move a symbol down by that many rows in the shown list, up if negative."""
        return self._edited(lambda: self.watchlists.move(symbol, by), "")

    def undo(self) -> str:
        """Take back the last change of a list."""
        if not self.watchlists.can_undo:
            return "nothing to undo"
        return self._edited(self.watchlists.undo, "undone")

    def step_list(self, by: int) -> str:
        """Show the next or previous list."""
        names = self.watchlists.names
        if len(names) < 2:
            return "there is one watchlist; add others in the settings file under [watchlists]"
        return self.choose_list(_stepped(names, self.watchlists.active, by))

    def choose_list(self, name: str) -> str:
        """Show a list by name."""
        try:
            self.watchlists.activate(name)
        except WatchlistsError as error:
            return str(error)
        return f"watchlist {name}"

    def _edited(self, edit: Callable[[], object], done: str) -> str:
        """Make an edit and tell the engines; return the sentence for the user."""
        try:
            edit()
        except WatchlistsError as error:
            done = str(error)
        self.watch_all()
        return done


def _stepped(choices: Sequence[str], current: str, step: int) -> str:
    place = choices.index(current) if current in choices else 0
    return choices[(place + step) % len(choices)]


def stepped_span(span: str, step: int) -> str:
    """Return the next or previous range of a chart."""
    return _stepped(SPANS, span, step)

"""The desk: what is shown and watched now, without a screen.

The app and its screens read and change it; every change that people should know of comes
back as one sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import msgspec

from market.clock import Clock
from market.quotes import Key, Phase
from market.reports import ErrorKind
from market.snapshot import Snapshot
from tui.alerting import Alerting
from tui.browsing import Browser, SystemBrowser
from tui.markets import Market, Markets, Tape, refresh_in_words
from tui.rule_book import keys_of, painted
from tui.settings import Settings
from tui.visits import Visits
from tui.watching import Watching
from tui.watchlists import Watchlists
from widgets.strips import times

if TYPE_CHECKING:
    from market.rules.rows import MarkRule

WINDOWS = ("1D", "5D", "1M", "8W", "3M", "6M", "YTD", "1Y")
SPANS = ("1D", "5D", "1M", "6M", "YTD", "1Y", "5Y")
_SPANS_OF_WINDOWS = {"8W": "6M", "3M": "6M"}
"""Windows that no chart has a range of their own for, and the nearest one."""
SLOWEST, FASTEST = 0.25, 8.0
"""Bounds of the pace: how many times as often as usual the feeds are asked."""
STILL_BEAT_S = 30
"""How often ages are looked at again while the market is closed and nothing fails."""
TROUBLED_BEAT_S = 5
"""The same while something fails, whose next try is counted down."""
BLURRED_BEAT_S = 5
"""How often ages are looked at again while nobody looks."""
LIVELY_S, QUIET_S, BLURRED_S = 0.1, 0.5, 1.0
"""Seconds between two looks for news: while it comes, while none does, and while nobody looks."""


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
        replay: Tape | None = None,
        rewinder: Callable[[], Tape] | None = None,
    ) -> None:
        self.settings = settings
        self._clock = clock
        self.markets = Markets(live, demo_maker, replay, rewinder)
        self.watching = Watching(watchlists, self._watch)
        self.watching.set_unsaved(self.markets.is_demo)
        self.alerting = Alerting(
            settings.alerts.file, lambda: self.market, lambda: self.markets.is_demo
        )
        self.visits = Visits()
        self.browser: Browser = SystemBrowser()
        self.window: str = settings.window
        self._number_rules: tuple[MarkRule, ...] = ()
        """The user's rules about single numbers."""
        self._judged_by: frozenset[Key] = frozenset()
        """What the user's rules are judged by beside the rows."""
        self.held: Snapshot | None = None
        self.pace = 1.0
        self.focused = True
        self._left: tuple[Market, Snapshot] | None = None
        """What was shown, and what was known, when the terminal lost the focus last."""
        self._told: WeakKeyDictionary[Market, int] = WeakKeyDictionary()
        """How many notices of each engine were told."""
        self._seen: Snapshot | None = None
        self._second = 0
        self._news_second = 0
        self._is_lively = False
        """Whether the last look found something new to be shown."""

    # What is shown

    @property
    def clock(self) -> Clock:
        """Where the time comes from: of the tape while one is played."""
        replay = self.markets.replay
        return self._clock if replay is None else replay.clock

    @property
    def tape_words(self) -> str:
        """How the tape runs, `x10` or `still`; nothing where none is played."""
        replay = self.markets.replay
        if replay is None:
            return ""
        return "still" if replay.clock.is_still else times(replay.clock.pace)

    @property
    def market(self) -> Market:
        """The engine that is shown."""
        return self.markets.shown

    @property
    def watchlists(self) -> Watchlists:
        """The lists that are shown."""
        return self.watching.lists

    @property
    def snapshot(self) -> Snapshot:
        """The picture to be shown now: held still, or the newest."""
        return self.held if self.held is not None else self._painted(self.clock.now())

    def _painted(self, now: datetime) -> Snapshot:
        """Return what is known at an instant, with the colours of the user's rules."""
        return painted(self.market.latest.at(now), self._number_rules)

    @property
    def held_at(self) -> datetime | None:
        """Since when the picture is held."""
        return self.held.now if self.held is not None else None

    @property
    def feeds(self) -> tuple[str, ...]:
        """The names of the feeds behind what is shown, heard of or not."""
        if self.markets.replay is not None:
            return tuple(self.market.latest.feeds)
        return ("demo",) if self.markets.is_demo else self.settings.feeds.enabled

    @property
    def rest_s(self) -> float:
        """Seconds until the next look for news."""
        if not self.focused:
            return BLURRED_S
        return LIVELY_S if self._is_lively else QUIET_S

    def beat(self) -> Beat | None:
        """Return what is new since the last beat; None if not even the second is."""
        latest, now = self.market.latest, self.clock.now()
        second = int(now.timestamp())
        is_same = latest is self._seen
        self._is_lively = not is_same and self.held is None
        if 0 <= second - self._second < self._least_rest(is_same=is_same):
            return None
        snapshot = self._painted(now)
        is_news = not is_same or self._ages(snapshot, second)
        self._seen, self._second = latest, second
        if is_news:
            self._news_second = second
        return Beat(snapshot, is_news and self.held is None)

    def _least_rest(self, *, is_same: bool) -> int:
        """Seconds that pass at least until the next paint."""
        if self.focused:
            return 1 if is_same else 0
        return BLURRED_BEAT_S if is_same else 1

    def _ages(self, snapshot: Snapshot, second: int) -> bool:
        """Whether time alone may change what panels say."""
        if snapshot.session.phase is not Phase.CLOSED or self.markets.replay is not None:
            return True
        rest = TROUBLED_BEAT_S if _is_troubled(snapshot) else STILL_BEAT_S
        return abs(second - self._news_second) >= rest

    def toggle_hold(self) -> str:
        """Hold the picture, or let it go on; a tape itself stands."""
        if (replay := self.markets.replay) is not None:
            replay.stand(still=not replay.clock.is_still)
            return "the tape stands" if replay.clock.is_still else "the tape goes on"
        if self.held is not None:
            self.held = None
            return "the picture goes on"
        self.held = self.snapshot
        return "the picture is held; data go on arriving"

    def step_window(self, step: int) -> str:
        """Go to the next or previous window and return it."""
        self.window = _stepped(WINDOWS, self.window, step)
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

    def want(self, keys: Iterable[Key]) -> None:
        """Say what is visible now; what the user's rules are judged by is wanted with it."""
        self.markets.want(self._judged_by.union(keys))

    def use_rules(self, rules: Sequence[MarkRule]) -> None:
        """Paint by other rules of the user's from now on."""
        self._number_rules = tuple(rule for rule in rules if not rule.is_of_rows)
        self._judged_by = keys_of(rules, self.snapshot)

    def _watch(self) -> None:
        """Tell the engine that is shown the symbols of all its watchlists."""
        self.market.watch(self.watchlists.symbols)

    def set_focused(self, focused: bool) -> None:
        """Say whether somebody looks."""
        if self.focused and not focused:
            self._left = self.market, self.market.latest.at(self.clock.now())
        self.focused = focused
        self.markets.set_focused(focused)

    @property
    def left(self) -> Snapshot | None:
        """What was known when the focus was lost, if what is shown now was shown then."""
        market, known = self._left or (None, None)
        return known if market is self.market else None

    @property
    def was_away(self) -> timedelta:
        """For how long nobody had looked when somebody looks again."""
        gone = self.left
        return timedelta(0) if gone is None else max(self.clock.now() - gone.now, timedelta(0))

    def change_pace(self, factor: float) -> str:
        """Ask more (2) or less (0.5) often, within bounds."""
        self.pace = min(FASTEST, max(SLOWEST, self.pace * factor))
        self.markets.set_pace(1 / self.pace)
        if (replay := self.markets.replay) is not None:
            return f"the tape runs at {times(replay.clock.pace)}"
        return f"asking {_often(self.pace)} as usual"

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
        if notice := self.watching.next_notice():
            return notice
        teller = self._teller
        told = self._told.get(teller, 0)
        if told >= len(teller.notices):
            return ""
        self._told[teller] = told + 1
        return teller.notices[told]

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
            self.pace = 1.0
            self.markets.set_pace(1.0)
        before, self.held = self.markets.show_live(), None
        if before is not None:
            self.watching.set_unsaved(self.markets.is_demo)
            self._watch()
        return before


def _often(pace: float) -> str:
    """Return a pace in words: `half as often`, `4 times as often`."""
    named = {
        0.25: "a quarter as often",
        0.5: "half as often",
        1.0: "as often",
        2.0: "twice as often",
    }
    return named.get(pace, f"{pace:g} times as often")


def _stepped(choices: Sequence[str], current: str, step: int) -> str:
    place = choices.index(current) if current in choices else 0
    return choices[(place + step) % len(choices)]


def stepped_span(span: str, step: int) -> str:
    """Return the next or previous range of a chart."""
    return _stepped(SPANS, span, step)


def span_of(window: str) -> str:
    """Return the range of a chart that shows a window of returns best."""
    return _SPANS_OF_WINDOWS.get(window, window)


def _is_troubled(snapshot: Snapshot) -> bool:
    """Whether something fails that may come back: what a source knows nothing of stays so."""
    return any(each.kind is not ErrorKind.ABSENT for each in snapshot.troubles.values())

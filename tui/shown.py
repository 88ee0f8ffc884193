"""What is shown now: of which market, at which instant, and how often it is looked at anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from market.clock import Clock
from market.quotes import Key
from market.snapshot import Snapshot
from tui.markets import Market, Markets
from tui.paint_beat import Beat, PaintBeat
from tui.rule_book import keys_of, painted
from widgets.strips import times

if TYPE_CHECKING:
    from market.rules.rows import MarkRule

SLOWEST, FASTEST = 0.25, 8.0
"""Bounds of the pace: how many times as often as usual the feeds are asked."""
_OFTEN = {
    0.25: "a quarter as often",
    0.5: "half as often",
    1.0: "as often",
    2.0: "twice as often",
}


class Shown:
    """The picture on screen: of an engine or a tape, going on or held still."""

    def __init__(self, markets: Markets, clock: Clock) -> None:
        self.markets = markets
        self._clock = clock
        self._paint_beat = PaintBeat()
        self._number_rules: tuple[MarkRule, ...] = ()
        """The user's rules about single numbers."""
        self._judged_by: frozenset[Key] = frozenset()
        """What the user's rules are judged by beside the rows."""
        self.held: Snapshot | None = None
        self.pace = 1.0
        self.focused = True

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
    def snapshot(self) -> Snapshot:
        """The picture to be shown now: held still, or the newest with the colours of the rules."""
        if self.held is not None:
            return self.held
        return painted(self.market.latest.at(self.clock.now()), self._number_rules)

    @property
    def held_at(self) -> datetime | None:
        """Since when the picture is held."""
        return self.held.now if self.held is not None else None

    @property
    def rest_s(self) -> float:
        """Seconds until the next look for news."""
        return self._paint_beat.rest_s(is_focused=self.focused)

    def beat(self) -> Beat | None:
        """Return what is new since the last beat; None if not even the second is."""
        beat = self._paint_beat.next(
            self.market.latest,
            self.clock.now(),
            is_focused=self.focused,
            is_held=self.held is not None,
        )
        if beat is None:
            return None
        return Beat(painted(beat.snapshot, self._number_rules), beat.is_news)

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

    def want(self, keys: Iterable[Key]) -> None:
        """Say what is visible now; what the user's rules are judged by is wanted with it."""
        self.markets.want(self._judged_by.union(keys))

    def use_rules(self, rules: Sequence[MarkRule]) -> None:
        """Paint by other rules of the user's from now on."""
        self._number_rules = tuple(rule for rule in rules if not rule.is_of_rows)
        self._judged_by = keys_of(rules, self.snapshot)

    def change_pace(self, factor: float) -> str:
        """Ask more (2) or less (0.5) often, within bounds."""
        self.set_pace(min(FASTEST, max(SLOWEST, self.pace * factor)))
        if (replay := self.markets.replay) is not None:
            return f"the tape runs at {times(replay.clock.pace)}"
        return f"asking {_OFTEN.get(self.pace, f'{self.pace:g} times as often')} as usual"

    def set_pace(self, pace: float) -> None:
        """Ask so many times as often as usual."""
        self.pace = pace
        self.markets.set_pace(1 / pace)

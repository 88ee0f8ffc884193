"""The roster of wanted data: who is due, and which feed each of them is to be asked of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import msgspec

from market.feeds.beats import next_news
from market.feeds.feed import Feed
from market.feeds.first_picture import FirstPicture
from market.feeds.slots import FUTURE_TOLERANCE, STAND_INS, Slot, Source
from market.instruments import Cast, Instrument, Role
from market.interest import is_at_first_look
from market.quotes import DOCUMENTS, TICKED, Key, Kind

HIDDEN = 4.0
UNFOCUSED = 4.0
"""Factors on the beat of what is not on screen, and while the terminal has no focus."""
STREAMED = 4.0
"""Least factor on the beat of prices that come by themselves as well."""
BATCHED = frozenset({Kind.QUOTE, Kind.TRACE, Kind.CLOSES, Kind.DETAILS, Kind.DAY, Kind.MEMBER})
NEARLY_DUE_S = 6.0
"""Data asked for in batches join a request that leaves this little before they are due."""
SHORTEST_BEAT_S = 0.5
"""However fast a simulated clock runs, so much real time lies between two asks for a datum."""


class Due(msgspec.Struct, frozen=True):
    """What may be asked now, by feed, and how long until the next datum is due."""

    ready: tuple[tuple[str, Slot], ...]
    soonest_s: float


class Roster:
    """Every wanted datum's slot."""

    def __init__(self, feeds: Mapping[str, Feed], cast: Cast) -> None:
        self.focused = True
        self.pace = 1.0
        """Factor the user puts on all beats: 0.5 asks twice as often."""
        self.streamed: frozenset[str] = frozenset()
        """Symbols whose prices come by themselves now."""
        self.pricing: frozenset[str] = frozenset()
        """Feeds that can be asked for what is wanted but series, chains and calendars: replaced as
        a whole, so that any thread may read it."""
        self.first_picture = FirstPicture()
        self._feeds = feeds
        self._cast = cast
        self._slots: dict[Key, Slot] = {}
        self._wanted: frozenset[Key] = frozenset()
        self._stand_ins: frozenset[Key] = frozenset()
        self._willing: set[str] = set()
        """Feeds whose newest request was answered."""
        self._errands: frozenset[Key] = frozenset()
        self._told: frozenset[Key] = frozenset()
        """Data about which it was said whether any feed can be asked for them."""

    def __getitem__(self, key: Key) -> Slot:
        """Return the slot of a datum."""
        return self._slots[key]

    def __iter__(self) -> Iterator[Slot]:
        """Yield the slots of what is wanted now, and of what stands in for what fails."""
        return (self._slots[key] for key in (*self._wanted, *self._stand_ins))

    def want(self, visible: Iterable[Key], background: Iterable[Key]) -> None:
        """Set what is kept fresh: `visible` at its full beat, `background` slower."""
        shown = frozenset(visible)
        self._wanted = shown | frozenset(background)
        self._errands -= self._wanted
        for key in self._wanted:
            slot = self._slot(key)
            slot.visible, slot.is_errand, slot.is_stand_in = key in shown, False, False
            slot.is_at_first_look = slot.visible and is_at_first_look(key, slot.instrument)
        self.pricing = frozenset(
            source.feed
            for key in self._wanted
            if key.kind not in DOCUMENTS
            for source in self._slots[key].sources
        )

    def run_errands(self, keys: Iterable[Key]) -> bool:
        """Set what is fetched when nobody waits for anything; return whether that is new."""
        before, self._errands = self._errands, frozenset(keys) - self._wanted
        for key in self._errands - before:
            self._slot(key).is_errand = True
        return self._errands != before

    def note(self, feed: str, *, answered: bool) -> None:
        """Learn how a feed's newest request ended: one that refuses is not asked in other words."""
        (self._willing.add if answered else self._willing.discard)(feed)

    def mark(self, keys: Iterable[Key], *, in_flight: bool) -> None:
        """Learn that data are being asked for, or not any more."""
        for key in keys:
            self._slots[key].in_flight = in_flight

    def unserved(self) -> tuple[Key, ...]:
        """Return wanted data that no feed can be asked for, each once."""
        found = tuple(key for key in self._wanted - self._told if not self._slots[key].sources)
        self._told |= self._wanted
        return found

    def remember(self, fetched: Mapping[Key, datetime]) -> None:
        """Take over when data were last answered, so that a restart asks only for news."""
        for key, at in fetched.items():
            self._slot(key).answered = at

    def catch_up(self, symbols: Iterable[str]) -> None:
        """Make the prices of some symbols due now: something of them was missed."""
        missed = frozenset(symbols)
        for key in self._wanted:
            if key.symbol in missed and key.kind in TICKED:
                self._slots[key].forced = True

    def forgive(self, now: float) -> None:
        """After a jump of the clock, let every feed be tried once more at once."""
        for slot in self:
            for source in slot.sources:
                source.not_before = min(source.not_before, now)

    def due(self, wall: datetime, now: float, speed: float) -> Due:
        """Return what may be asked now. `wall` UTC, `now` monotonic seconds."""
        self._stand_ins = frozenset(self._standing_in(now))
        ready: list[tuple[str, Slot]] = []
        nearly: list[tuple[str, Slot]] = []
        held_s = self.first_picture.held_s(self, now)
        waits: list[float] = [held_s] if held_s else []
        for slot in (*self, *(self._slots[key] for key in self._errands)):
            if slot.in_flight or (held_s and not slot.is_at_first_look):
                continue
            wait = (self._due_at(slot, wall, speed) - wall).total_seconds() / (speed or 1.0)
            source = slot.pick(now) if wait <= NEARLY_DUE_S else None
            if wait > 0:
                waits.append(wait)
            elif source is None:
                waits.append(slot.earliest() - now)
            if source is not None:
                (ready if wait <= 0 else nearly).append((source.feed, slot))
        batches = {(feed, slot.key.kind) for feed, slot in ready} & {
            (feed, kind) for feed in self._feeds for kind in BATCHED
        }
        joining = [item for item in nearly if (item[0], item[1].key.kind) in batches]
        return Due((*ready, *joining), min(waits, default=float("inf")))

    def _standing_in(self, now: float) -> Iterator[Key]:
        for key in self._wanted:
            failed, kind = self._slots[key], STAND_INS.get(key.kind)
            if kind is None or not failed.is_stuck(now):
                continue
            slot = self._slot(Key(kind, key.symbol))
            is_willing = any(source.feed in self._willing for source in slot.sources)
            if slot.key not in self._wanted and is_willing:
                slot.visible, slot.is_errand, slot.is_stand_in = failed.visible, False, True
                slot.is_at_first_look = failed.is_at_first_look
                yield slot.key

    def _slot(self, key: Key) -> Slot:
        if key not in self._slots:
            about = self._cast[key.symbol]
            is_expected = about.role is not Role.WATCHED
            self._slots[key] = Slot(
                key, _chain(self._feeds, key, about), about, is_expected=is_expected
            )
        return self._slots[key]

    def _due_at(self, slot: Slot, wall: datetime, speed: float) -> datetime:
        if slot.forced or slot.answered is None or slot.answered > wall + FUTURE_TOLERANCE:
            return wall
        slowness = self.pace * slot.stretch
        if not slot.visible:
            slowness *= HIDDEN
        if not self.focused:
            slowness *= UNFOCUSED
        if slot.key.symbol in self.streamed and slot.key.kind in TICKED:
            slowness = max(slowness, STREAMED * self.pace * slot.stretch)
        # All hours begin and end with a minute: what holds now holds until the next one.
        of = slot.answered, slowness, wall.replace(second=0, microsecond=0)
        if slot.foreseen is None or slot.foreseen[0] != of:
            due = next_news(slot.key.kind, slot.instrument, slot.answered, wall, slowness)
            slot.foreseen = of, due
        return max(slot.foreseen[1], slot.answered + timedelta(seconds=SHORTEST_BEAT_S * speed))


def _chain(feeds: Mapping[str, Feed], key: Key, about: Instrument) -> list[Source]:
    """The feeds for a datum in order of trust; a stand-in market serves everything."""
    able = [name for name, feed in feeds.items() if feed.serves(key)]
    trusted = [name for name in about.sources if name in able]
    return [Source(name) for name in trusted or able]

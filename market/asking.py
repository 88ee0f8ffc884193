"""Asking: the part of the engine that asks the feeds and listens to the streams."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from random import Random

import msgspec

from market.clock import Clock
from market.errands import next_errands
from market.feeds.feed import Feed, Searcher
from market.feeds.polling import Poller
from market.feeds.stream import Report as Tell
from market.feeds.stream import Stream
from market.interest import Wishes, basket_funds, overview_keys, streamed_symbols, watch_keys
from market.quotes import Key, Kind, Match
from market.reports import Asked, ErrorKind, FeedError, RefreshAnswer, Report
from market.snapshot import Snapshot


class Wanted(msgspec.Struct, frozen=True):
    """What is kept fresh."""

    looked_at: frozenset[Key]
    """What is on screen or of a watchlist."""
    all: frozenset[Key]


class Asking:
    """Feeds and streams, and what is wanted of them."""

    def __init__(
        self,
        feeds: Mapping[str, Feed],
        streams: Sequence[Stream],
        first: Snapshot,
        clock: Clock,
        note: Callable[[Report], None],
        *,
        per_minute: float,
        seed: int | None,
    ) -> None:
        self.feeds = feeds
        self._streams = streams
        self._note = note
        self._asked: set[str] = set()
        self.poller = Poller(
            feeds,
            first.cast,
            clock,
            note,
            per_minute=per_minute,
            random=Random(seed),
            set_out=self._tell_of,
        )
        self.poller.roster.remember(first.fetched)

    def _tell_of(self, feed: str) -> None:
        """Say of each feed once that it is asked."""
        if feed not in self._asked:
            self._asked.add(feed)
            self._note(Asked(feed))

    def want(
        self, wishes: Wishes, known: Snapshot, alerted: Iterable[Key], read: Iterable[Key]
    ) -> Wanted:
        """Keep fresh what is wished for, as fast as is wished.

        Args:
            wishes: What is looked at, and by whom.
            known: The newest snapshot.
            alerted: What alerts are judged by, which is looked at where nothing else is.
            read: What other programs read.
        """
        cast, roster = known.cast, self.poller.roster
        roster.focused, roster.pace = wishes.focused, wishes.pace
        shown = overview_keys(cast) if wishes.visible is None else wishes.visible
        visible = frozenset(key for key in shown if key.kind is not Kind.TICK)
        watched = watch_keys(wishes.watched, cast)
        background = watched.union(alerted, read)
        if wishes.alone:
            visible = visible.union(alerted)
        else:
            background |= overview_keys(cast, basket_funds(known.baskets))
        self.poller.want(visible, background)
        ticking = streamed_symbols(shown, wishes.watched, visible | background, cast)
        for stream in self._streams:
            stream.set_focused(wishes.focused)
            stream.want(ticking)
        return Wanted(looked_at=visible | watched, all=visible | background)

    def works(self, tell: Tell) -> tuple[Callable[[], Awaitable[None]], ...]:
        """Return what goes on as long as the engine runs; `tell` takes what comes by itself."""
        streams = (partial(stream.run, tell, self.poller) for stream in self._streams)
        return (self.poller.run, *streams)

    def send_on_errands(self, known: Snapshot) -> None:
        """Ask in turn for what is missing of the index's members."""
        self.poller.run_errands(next_errands(known, known.now))

    @property
    def pricing(self) -> frozenset[str]:
        """Feeds that prices and members are asked of; may be read from any thread."""
        return self.poller.roster.pricing

    def refresh(self) -> RefreshAnswer:
        """Ask again now for what is visible, as far as the budgets allow."""
        return self.poller.refresh()

    async def search(self, text: str) -> Sequence[Match]:
        """Look for symbols by name at the first feed that can."""
        for feed in self.feeds.values():
            if isinstance(feed, Searcher):
                return await feed.search(text)
        raise FeedError(ErrorKind.ABSENT, "no feed that is switched on can search for symbols")

    async def aclose(self) -> None:
        """Give connections back."""
        for feed in self.feeds.values():
            await feed.aclose()

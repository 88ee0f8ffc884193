"""What an engine is made of. Light: the first paint needs it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from market.alert_sources import AlertSources
from market.clock import Clock
from market.instruments import Cast
from market.snapshot import Mode, Snapshot

if TYPE_CHECKING:
    from market.feeds.feed import Feed
    from market.feeds.stream import Stream
    from market.loop_watch import LoopWatch
    from market.readers import Publish
    from market.tape.ring import MakeReels


def told_to_nobody(snapshot: Snapshot) -> Collection[str]:
    """Tell nobody."""
    del snapshot
    return ()


class EnginePlan(msgspec.Struct, frozen=True, kw_only=True):
    """What an engine asks, of what, and whom it tells."""

    feeds: Callable[[], Mapping[str, Feed]]
    """Makes the feeds, on the engine's thread."""
    streams: Callable[[], Sequence[Stream]] = tuple
    """Makes the streams, on the engine's thread."""
    clock: Clock
    cast: Cast
    mode: Mode = Mode.LIVE
    symbols: tuple[str, ...] = ()
    """What the watchlists hold at first."""
    baskets: tuple[Path, ...] = ()
    """Folders of baskets; of two that are called the same the later one counts."""
    stories: tuple[Path, ...] = ()
    """Folders of stories, likewise."""
    story_record: Path | None = None
    """The file of what was seen at closes; None keeps nothing."""
    alerts: AlertSources = AlertSources()
    requests_per_minute: float = 30
    seed: int | None = None
    """Of what is drawn by lot; None is another one each time."""
    publish: Publish = told_to_nobody
    """Tells other programs."""
    record_on: MakeReels | None = None
    """Makes what is recorded on, on the engine's thread; None records nothing."""
    loop_watch: LoopWatch | None = None
    """Watches the engine's loop."""

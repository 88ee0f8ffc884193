"""Settings -> engines: which feeds, which clock, which files, and who is told of what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

import market
from market.alert_sources import AlertSources
from market.clock import Clock
from market.engine import Engine
from market.engine_plan import EnginePlan, told_to_nobody
from market.history import History, HistoryError
from market.keeping import Keeper
from market.snapshot import Mode, Snapshot
from tui.demo_time import demo_clock
from tui.settings import FeedsSettings, Group, Settings

if TYPE_CHECKING:
    from market.alerts.couriers import Courier
    from market.feeds.feed import Feed
    from market.feeds.http import Http
    from market.feeds.stream import Stream
    from market.loop_watch import LoopWatch
    from market.readers import Publish
    from market.tape.ring import MakeReels, Reels
    from tui.status_store import StatusStore

SHIPPED = Path(market.__file__).parent
"""Where the folders of shipped baskets and stories are; what reads them is loaded later."""
CACHE_FILE = "captop.db"
ARCHIVE_FILE = "members.db"
STORIES_FILE = "stories.ndjson"
TAPE_FOLDER = "tape"
ALERTS_FILE = "alerts.ndjson"


def http_of(settings: FeedsSettings, feed: str = "") -> Http:
    """Return an HTTP client with the settings' limits, for a feed by its name."""
    from market.feeds.http import Http

    own = getattr(settings, feed, None)
    patience: float = getattr(own, "patience", 1.0)
    has_own_name = getattr(own, "contact", None) is not None
    return Http(
        timeout_s=settings.timeout_s * patience,
        max_bytes=settings.max_body_mb * 2**20,
        impersonate=settings.impersonate and not has_own_name,
        user_agent=settings.user_agent,
    )


def live_feeds(settings: Settings, clock: Clock) -> dict[str, Feed]:
    """Return the feeds that are switched on, each with a client of its own."""
    from market.feeds import FEEDS

    cast = settings.cast
    made = {
        name: maker(settings.feeds, http_of(settings.feeds, name), cast, clock)
        for name, maker in FEEDS.items()
    }
    return {name: feed for name, feed in made.items() if feed is not None}


def live_streams(settings: Settings, clock: Clock) -> tuple[Stream, ...]:
    """Return the streams that are switched on."""
    from market.feeds import STREAMS

    made = (maker(settings.feeds, clock) for maker in STREAMS.values())
    return tuple(stream for stream in made if stream is not None)


def cache_path(settings: Settings) -> Path:
    """Return the file that keeps the last good picture."""
    return settings.cache.folder / CACHE_FILE


def basket_folders(settings: Settings) -> tuple[Path, ...]:
    """Return where baskets are: those that captop ships, then the user's own."""
    return (SHIPPED / "baskets", settings.baskets.folder)


def story_folders(settings: Settings) -> tuple[Path, ...]:
    """Return where stories are: those that captop ships, then the user's own."""
    return (SHIPPED / "thesis", settings.thesis.folder)


def feed_names() -> tuple[str, ...]:
    """Return the feeds whose state has a name: every one there is, switched on or not."""
    fields = msgspec.structs.fields(FeedsSettings)
    feeds = (f.name for f in fields if isinstance(f.type, type) and issubclass(f.type, Group))
    return ("demo", *feeds)


def alert_sources(settings: Settings, record: Path | None, *, is_live: bool) -> AlertSources:
    """Return where an engine's alerts come from; of a simulated market nobody is told outside.

    Args:
        settings: The settings.
        record: The file in which events are kept; None keeps nothing.
        is_live: Whether couriers may be sent.
    """

    def couriers() -> Sequence[Courier]:
        return couriers_of(settings) if is_live else ()

    return AlertSources(
        path=settings.alerts.file, record=record, feeds=feed_names(), couriers=couriers, words=_text
    )


def _text(snapshot: Snapshot, metric: str, value: float | str) -> str:
    from widgets.metric_text import metric_text

    return metric_text(snapshot, metric, value, unit=True)


def couriers_of(settings: Settings) -> list[Courier]:
    """Return who tells of alerts by the settings, but for what the terminal itself can do."""
    from market.alerts.couriers import CommandCourier, DesktopCourier

    alerts = settings.alerts
    found: list[Courier] = []
    if alerts.desktop:
        found.append(DesktopCourier())
    if alerts.command:
        found.append(CommandCourier(alerts.command))
    if alerts.webhook is not None:
        from market.feeds.http import Http
        from market.feeds.webhook import WebhookCourier

        feeds = settings.feeds
        http = Http(timeout_s=feeds.timeout_s, impersonate=False, user_agent="captop")
        found.append(WebhookCourier(http, alerts.webhook))
    return found


def engine_of(
    settings: Settings,
    wall: Clock,
    at: datetime | None,
    watched: Iterable[str],
    *,
    demo: bool,
    is_still: bool = False,
    claims: bool = True,
    record_on: MakeReels | None = None,
) -> tuple[Engine, Clock]:
    """Return the engine of a command without a screen, and its clock.

    Args:
        settings: The settings.
        wall: The computer's clock.
        at: The demo's first instant.
        watched: The watchlists' symbols.
        demo: Of a simulated market instead of the feeds.
        is_still: Whether the simulated market's time stands.
        claims: Whether other programs are to share what it knows of the feeds.
        record_on: What is recorded on, in place of what the settings say.
    """
    if not demo:
        return live_engine(settings, wall, watched, claims=claims, record_on=record_on), wall
    clock = demo_clock(wall, at, 0.0 if is_still else settings.demo.speed)
    seed = settings.demo.seed
    return demo_engine(settings, clock, watched, seed, record_on=record_on), clock


def live_engine(
    settings: Settings,
    clock: Clock,
    watch: Iterable[str],
    loop_watch: LoopWatch | None = None,
    *,
    claims: bool = True,
    record_on: MakeReels | None = None,
) -> Engine:
    """Return the engine of the real feeds, with the last good picture from disk.

    Args:
        settings: The settings.
        clock: Where time comes from.
        watch: The watchlists' symbols.
        loop_watch: Watches its loop.
        claims: Whether other programs are to share its data once it runs.
        record_on: What is recorded on; by default what the settings say.
    """
    history, notices = _opened_history(settings)

    def kept(name: str) -> Path | None:
        return settings.cache.folder / name if settings.cache.enabled else None

    plan = EnginePlan(
        feeds=lambda: live_feeds(settings, clock),
        streams=lambda: live_streams(settings, clock),
        clock=clock,
        cast=settings.cast,
        mode=Mode.LIVE,
        baskets=basket_folders(settings),
        stories=story_folders(settings),
        story_record=kept(STORIES_FILE) if history is not None else None,
        symbols=tuple(watch),
        requests_per_minute=settings.feeds.requests_per_minute,
        alerts=alert_sources(
            settings, kept(ALERTS_FILE) if history is not None else None, is_live=True
        ),
        publish=_told_readers(settings, claims=claims) if history is not None else told_to_nobody,
        record_on=record_on or _ring(settings),
        loop_watch=loop_watch,
    )
    return Engine(plan, Keeper(history, kept(ARCHIVE_FILE), *notices))


def tape_folder(settings: Settings) -> Path:
    """Return the folder of the tapes."""
    return settings.cache.folder / TAPE_FOLDER


def _ring(settings: Settings) -> MakeReels | None:
    """Where the day is recorded; None where it is not to be."""
    if not (settings.tape.enabled and settings.cache.enabled):
        return None

    def reels() -> Reels:
        from market.tape.ring import Ring

        return Ring(tape_folder(settings), settings.tape.max_mb * 2**20)

    return reels


def _told_readers(settings: Settings, *, claims: bool) -> Publish:
    """What tells `captop status`; it is loaded when it is needed."""
    stores: list[StatusStore] = []

    def publish(snapshot: Snapshot) -> Collection[str]:
        if not stores:
            from tui.status_store import StatusStore

            stores.append(StatusStore(settings.cache.folder, claims=claims))
        return stores[0].publish(snapshot)

    return publish


def _opened_history(settings: Settings) -> tuple[History | None, tuple[str, ...]]:
    if not settings.cache.enabled:
        return None, ()
    try:
        history = History.open(cache_path(settings))
    except HistoryError as error:
        return None, (str(error),)
    return history, (history.notice,) if history.notice else ()


def demo_engine(
    settings: Settings,
    clock: Clock,
    watch: Iterable[str],
    seed: int,
    loop_watch: LoopWatch | None = None,
    *,
    record_on: MakeReels | None = None,
) -> Engine:
    """Return the engine of the simulated market, which keeps nothing on disk.

    Args:
        settings: The settings.
        clock: Where the simulated market's time comes from (`tui.demo_time.demo_clock`).
        watch: The watchlists' symbols.
        seed: Which simulated market.
        loop_watch: Watches its loop.
        record_on: What is recorded on; by default nothing is.
    """

    def feeds() -> dict[str, Feed]:
        from market.feeds.demo import DemoFeed

        return {"demo": DemoFeed(seed, cast=settings.cast, clock=clock)}

    plan = EnginePlan(
        feeds=feeds,
        clock=clock,
        cast=settings.cast,
        mode=Mode.DEMO,
        baskets=basket_folders(settings),
        stories=story_folders(settings),
        alerts=alert_sources(settings, None, is_live=False),
        symbols=tuple(watch),
        requests_per_minute=settings.feeds.requests_per_minute,
        seed=seed,
        record_on=record_on,
        loop_watch=loop_watch,
    )
    return Engine(plan)

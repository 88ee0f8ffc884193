"""Settings -> engines: which feeds, which clock, which cache."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

import market
from market.alert_sources import AlertSources
from market.clock import Clock, SimulatedClock
from market.engine import Engine
from market.history import History, HistoryError
from market.quotes import Phase
from market.sessions import session_state
from market.snapshot import Mode, Snapshot
from tui.settings import FeedsSettings, Group, Settings

if TYPE_CHECKING:
    from market.alerts.couriers import Courier
    from market.feeds.feed import Feed
    from market.feeds.http import Http
    from market.feeds.stream import Stream
    from market.readers import Publish
    from market.tape.ring import Reels
    from tui.status_store import StatusStore

SHIPPED = Path(market.__file__).parent
"""Where the folders of shipped baskets and stories are; what reads them is loaded later."""
CACHE_FILE = "captop.db"
ARCHIVE_FILE = "members.db"
STORIES_FILE = "stories.ndjson"
TAPE_FOLDER = "tape"
ALERTS_FILE = "alerts.ndjson"
LATE_IN_SESSION = timedelta(hours=5, minutes=30)
"""How long after its open the demo shows a session when the market is closed: 15:00."""


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


def alert_sources(settings: Settings, record: Path | None, *, is_live: bool) -> AlertSources:
    """Return where an engine's alerts come from; of a simulated market nobody is told outside.

    Args:
        settings: The settings.
        record: The file in which events are kept; None keeps nothing.
        is_live: Whether couriers may be sent.
    """
    fields = msgspec.structs.fields(FeedsSettings)
    feeds = (f.name for f in fields if isinstance(f.type, type) and issubclass(f.type, Group))

    def couriers() -> Sequence[Courier]:
        return couriers_of(settings) if is_live else ()

    return AlertSources(
        path=settings.alerts.file, record=record, feeds=("demo", *feeds), couriers=couriers
    )


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


def live_engine(settings: Settings, clock: Clock, watch: Iterable[str]) -> Engine:
    """Return the engine of the real feeds, with the last good picture from disk.

    Args:
        settings: The settings.
        clock: Where time comes from.
        watch: The watchlists' symbols.
    """
    history, notice = _opened_history(settings)

    def kept(name: str) -> Path | None:
        return settings.cache.folder / name if settings.cache.enabled else None

    engine = Engine(
        feeds=lambda: live_feeds(settings, clock),
        streams=lambda: live_streams(settings, clock),
        clock=clock,
        cast=settings.cast,
        mode=Mode.LIVE,
        history=history,
        archive=kept(ARCHIVE_FILE),
        basket_folders=basket_folders(settings),
        story_folders=story_folders(settings),
        story_record=kept(STORIES_FILE) if history is not None else None,
        symbols=watch,
        requests_per_minute=settings.feeds.requests_per_minute,
        alerts=alert_sources(
            settings, kept(ALERTS_FILE) if history is not None else None, is_live=True
        ),
        publish=_told_readers(settings) if history is not None else None,
        record_on=_ring(settings),
    )
    if notice:
        engine.notices.append(notice)
    return engine


def tape_folder(settings: Settings) -> Path:
    """Return the folder of the tapes."""
    return settings.cache.folder / TAPE_FOLDER


def _ring(settings: Settings) -> Callable[[], Reels] | None:
    """Where the day is recorded; None where it is not to be."""
    if not (settings.tape.enabled and settings.cache.enabled):
        return None

    def reels() -> Reels:
        from market.tape.ring import Ring

        return Ring(tape_folder(settings), settings.tape.max_mb * 2**20)

    return reels


def _told_readers(settings: Settings) -> Publish:
    """What tells `captop status`; it is loaded when it is needed."""
    stores: list[StatusStore] = []

    def publish(snapshot: Snapshot) -> Collection[str]:
        if not stores:
            from tui.status_store import StatusStore

            stores.append(StatusStore(settings.cache.folder))
        return stores[0].publish(snapshot)

    return publish


def _opened_history(settings: Settings) -> tuple[History | None, str]:
    if not settings.cache.enabled:
        return None, ""
    try:
        history = History.open(cache_path(settings))
    except HistoryError as error:
        return None, str(error)
    return history, history.notice


def demo_engine(settings: Settings, clock: Clock, watch: Iterable[str], seed: int) -> Engine:
    """Return the engine of the simulated market, which keeps nothing on disk.

    Args:
        settings: The settings.
        clock: Where the simulated market's time comes from (`demo_clock`).
        watch: The watchlists' symbols.
        seed: Which simulated market.
    """

    def feeds() -> dict[str, Feed]:
        from market.feeds.demo import DemoFeed

        return {"demo": DemoFeed(seed, cast=settings.cast, clock=clock)}

    return Engine(
        feeds=feeds,
        clock=clock,
        cast=settings.cast,
        mode=Mode.DEMO,
        history=None,
        basket_folders=basket_folders(settings),
        story_folders=story_folders(settings),
        alerts=alert_sources(settings, None, is_live=False),
        symbols=watch,
        requests_per_minute=settings.feeds.requests_per_minute,
        seed=seed,
    )


def demo_days() -> tuple[date, date]:
    """Return the first and the last day of the simulated market."""
    from market.feeds.demo_days import FIRST_DAY, LAST_DAY

    return FIRST_DAY, LAST_DAY


def demo_clock(wall: Clock, at: datetime | None, speed: float) -> SimulatedClock:
    """Return the clock of a demo that begins at an instant, by default at a lively one."""
    return SimulatedClock(at if at is not None else demo_start(wall.now()), speed)


def demo_start(now: datetime) -> datetime:
    """Return when a demo begins that was given no instant.

    That is now while the market trades, else 15:00 New York of the last session: a demo on
    a Sunday should show a market at work.
    """
    state = session_state(now)
    if state.phase is Phase.REGULAR:
        return now
    last = state.session
    begins = min(last.open + LATE_IN_SESSION, last.close - timedelta(minutes=30))
    return begins if begins <= now else _afternoon_before(now)


def _afternoon_before(now: datetime) -> datetime:
    return demo_start(now - timedelta(hours=12))

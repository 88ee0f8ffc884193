"""Where `captop serve-metrics` has its numbers: of the captop beside it, or of its own engine.

Two engines would ask for everything twice. While another captop runs, what that has kept is told,
which it does once a minute; an engine of its own runs where there is none.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from market.clock import Clock
from market.engine import Engine
from market.history import History, HistoryError
from market.instruments import Cast, Role
from market.interest_rooms import one_pass_keys
from market.snapshot import Snapshot, empty_snapshot
from tui.known_names import known_names
from tui.output import Complaints
from tui.running import somebody_runs
from tui.settings import Settings
from tui.wiring import cache_path, engine_of


class ServedMarket:
    """The newest picture there is. `look` and `stop` are for one thread, `latest` for any."""

    def __init__(
        self,
        settings: Settings,
        wall: Clock,
        at: datetime | None,
        watched: Iterable[str],
        *,
        demo: bool,
    ) -> None:
        """Tell of the feeds, or of a simulated market from an instant on."""
        self._settings = settings
        self._wall = wall
        self._at = at
        self._watched = tuple(watched)
        self._is_demo = demo
        self._own: tuple[Engine, Clock] | None = None
        self._complaints = Complaints()
        self._cast: Cast | None = None

    @property
    def is_own(self) -> bool:
        """Whether it asks the feeds itself."""
        return self._own is not None

    def look(self) -> None:
        """Have an engine of its own if no other captop runs, and none if one does.

        What that has to say is complained of.
        """
        cache = self._settings.cache
        shares = cache.enabled and not self._is_demo and somebody_runs(cache.folder)
        if shares and self._own is not None:
            self.stop()
        elif not shares and self._own is None:
            self._start()
        if self._own is not None:
            self._complaints.make(self._own[0].notices)

    def latest(self) -> Snapshot:
        """Return the newest picture, as it looks now."""
        own = self._own
        if own is not None:
            return own[0].latest.at(own[1].now())
        return self._kept()

    def stop(self) -> None:
        """End its own engine, if there is one."""
        own, self._own = self._own, None
        if own is not None:
            own[0].stop()
            self._complaints.make(own[0].notices)

    def _start(self) -> None:
        engine, clock = engine_of(
            self._settings, self._wall, self._at, self._watched, demo=self._is_demo, claims=False
        )
        engine.want(one_pass_keys(engine.latest))
        engine.start()
        self._own, self._complaints = (engine, clock), Complaints()

    def _kept(self) -> Snapshot:
        """What the captop that runs has kept last."""
        settings, now = self._settings, self._wall.now()
        try:
            history = History.open(cache_path(settings))
        except HistoryError:
            return empty_snapshot(now, cast=settings.cast)
        try:
            kept = history.load(now, settings.cast)
        except HistoryError:
            kept = None
        finally:
            history.close()
        return empty_snapshot(now, cast=settings.cast) if kept is None else self._with_groups(kept)

    def _with_groups(self, kept: Snapshot) -> Snapshot:
        """The picture with the groups that it has numbers of, which only a census makes known."""
        if self._cast is None:
            self._cast = known_names(self._settings).cast
        told = {".".join(name.split(".", 2)[:2]) for name in kept.readings}
        instruments = self._cast.by_symbol.items()
        cast = {s: i for s, i in instruments if i.role is not Role.GROUP or i.slug in told}
        return replace(kept, cast=Cast(cast))

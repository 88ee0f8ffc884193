"""A market engine that does nothing but remember, around pictures of the simulated market."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

from msgspec.structs import replace

from market.clock import SimulatedClock
from market.health import FeedHealth, Trouble
from market.quotes import Key, Match
from market.reports import ErrorKind, RefreshAnswer
from market.snapshot import Mode, Snapshot, empty_snapshot
from tests.clocks import THURSDAY_AFTERNOON, ManualClock
from tests.kept import kept
from tui.app import CaptopApp
from tui.settings import Settings
from tui.watchlists import Watchlists
from tui.wiring import demo_engine

LISTS = {"default": ("IWM", "XBI", "KRE", "CRDO", "IONQ", "HIMS"), "funds": ("IWM", "IGV")}
SEED = 39


@kept
def demo_picture() -> Snapshot:
    """One full picture of the simulated market, Thursday 2 July 2026, 14:32:07 in New York."""
    clock = SimulatedClock(THURSDAY_AFTERNOON, 0)
    symbols = (*LISTS["default"], *LISTS["funds"])
    engine = demo_engine(Settings(), clock, symbols, SEED)
    with ThreadPoolExecutor(1) as thread:  # away from the test's own event loop
        return thread.submit(engine.run_once, 30).result()


def live_picture() -> Snapshot:
    """The same picture as if real feeds had given it."""
    return replace(demo_picture(), mode=Mode.LIVE)


def nothing_known() -> Snapshot:
    """The snapshot of a first start without a network."""
    at = THURSDAY_AFTERNOON
    trouble = Trouble(ErrorKind.UNREACHABLE, "yahoo cannot be reached", "yahoo", at)
    feeds = {"yahoo": FeedHealth("yahoo", failing_since=at, trouble=trouble, failures=3)}
    return replace(empty_snapshot(at), feeds=feeds)


class FakeEngine:
    """Holds a snapshot and remembers what it was told."""

    def __init__(self, latest: Snapshot | None = None, matches: Sequence[Match] = ()) -> None:
        self.latest = latest if latest is not None else live_picture()
        self.notices: list[str] = []
        self.can_offer_demo = False
        self.is_running = False
        self.wanted: frozenset[Key] = frozenset()
        self.watched: tuple[str, ...] = ()
        self.focused = True
        self.pace = 1.0
        self.answer = RefreshAnswer(asked=12, refused=0, wait_s=0)
        self.matches = matches
        self.searched: list[str] = []
        self.alerts_text = ""
        self.acknowledged: tuple[str, ...] = ()

    def start(self) -> None:
        self.is_running = True

    def stop(self) -> None:
        self.is_running = False

    def want(self, keys: Iterable[Key]) -> None:
        self.wanted = frozenset(keys)

    def watch(self, symbols: Iterable[str]) -> None:
        self.watched = tuple(symbols)

    def refresh(self) -> RefreshAnswer:
        return self.answer

    def set_focused(self, focused: bool) -> None:
        self.focused = focused

    def set_pace(self, factor: float) -> None:
        self.pace = factor

    def use_alerts(self, text: str) -> None:
        self.alerts_text = text

    def acknowledge(self, alerts: Iterable[str]) -> None:
        self.acknowledged += tuple(alerts)

    def search(self, text: str) -> Future[Sequence[Match]]:
        self.searched.append(text)
        future: Future[Sequence[Match]] = Future()
        future.set_result(self.matches)
        return future

    def tick(self, seconds: float = 1) -> None:
        """Let news come: the same numbers, a new picture."""
        self.latest = replace(self.latest, now=self.latest.now + timedelta(seconds=seconds))


class Stage:
    """An app with all that it stands on, for a test to look at."""

    def __init__(
        self,
        engine: FakeEngine | None = None,
        settings: Settings | None = None,
        demo: FakeEngine | None = None,
    ) -> None:
        self.engine = engine if engine is not None else FakeEngine()
        self.clock = ManualClock()
        self.lists = Watchlists(LISTS)
        self.demo = demo
        self.app = CaptopApp(
            self.engine,
            settings if settings is not None else Settings(),
            clock=self.clock,
            watchlists=self.lists,
            demo_engine=(lambda: demo) if demo is not None else None,
        )

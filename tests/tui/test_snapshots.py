"""What the screens look like, cell by cell: every size in the four looks, and every theme.

The pictures lie in `__snapshots__`. After a change of looks that is meant, look at
`snapshot_report.html` and then run `uv run pytest tests/tui/test_snapshots.py --snapshot-update`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cache, partial

import pytest
from msgspec.structs import replace
from textual.app import App
from textual.pilot import Pilot

from market.clock import SimulatedClock
from market.health import FeedHealth, Trouble
from market.instruments import default_cast
from market.metrics.compute import compute
from market.reports import ErrorKind
from market.snapshot import Mode, Snapshot
from tests.clocks import THURSDAY_AFTERNOON, ManualClock
from tests.tui.fakes import LISTS, SEED, FakeEngine, demo_picture, nothing_known
from tui.app import CaptopApp
from tui.settings import Settings
from tui.themes import THEMES
from tui.watchlists import Watchlists
from tui.wiring import demo_engine
from widgets.plotting import prepare

Size = tuple[int, int]
Compare = Callable[..., bool]

SIZES: tuple[Size, ...] = ((200, 55), (120, 34), (80, 24), (60, 16), (40, 12), (40, 3), (40, 1))
WIDE, USUAL = (120, 34), (80, 24)
MONDAY_MORNING = datetime(2026, 7, 6, 12, 10, tzinfo=UTC)
"""Monday 6 July 2026, 08:10 in New York: pre-market."""
SUNDAY = datetime(2026, 7, 5, 15, 0, tzinfo=UTC)
LATE = timedelta(minutes=15)


def source_of(symbol: str) -> str:
    """The feed that would tell of a symbol."""
    return (*default_cast()[symbol].sources, "yahoo")[0]


@cache
def live(now: datetime = THURSDAY_AFTERNOON) -> Snapshot:
    """The simulated market at an instant, told as if the real feeds had."""
    picture = demo_picture() if now == THURSDAY_AFTERNOON else simulated(now)
    told = replace(
        picture,
        mode=Mode.LIVE,
        quotes={s: replace(q, source=source_of(s)) for s, q in picture.quotes.items()},
        bars={k: replace(b, source=source_of(k.symbol)) for k, b in picture.bars.items()},
        feeds={f: FeedHealth(f, last_ok=now, answers=3) for f in ("yahoo", "cboe")},
    )
    return replace(told, readings=compute(told))


def simulated(now: datetime) -> Snapshot:
    engine = demo_engine(
        Settings(), SimulatedClock(now, 0), {s for names in LISTS.values() for s in names}, SEED
    )
    with ThreadPoolExecutor(1) as thread:  # away from the test's own event loop
        return thread.submit(engine.run_once, 30).result()


def refused() -> Snapshot:
    """The live picture while every feed refuses everything."""
    picture = live()
    return replace(
        picture,
        troubles={key: refusal(source_of(key.symbol)) for key in picture.fetched},
        feeds={
            name: replace(health, failing_since=picture.now, trouble=refusal(name), failures=4)
            for name, health in picture.feeds.items()
        },
    )


def refusal(feed: str) -> Trouble:
    now = THURSDAY_AFTERNOON
    return Trouble(
        ErrorKind.LIMITED,
        f"{feed} answered 429 Too Many Requests",
        feed,
        since=now - timedelta(seconds=40),
        retry_at=now + timedelta(seconds=80),
    )


def nothing() -> FakeEngine:
    """The engine of a first start without a network."""
    engine = FakeEngine(nothing_known())
    engine.can_offer_demo = True
    return engine


LOOKS: dict[str, Callable[[], tuple[FakeEngine, datetime]]] = {
    "live": lambda: (FakeEngine(live()), THURSDAY_AFTERNOON),
    "late": lambda: (FakeEngine(live()), THURSDAY_AFTERNOON + LATE),
    "failing": lambda: (FakeEngine(refused()), THURSDAY_AFTERNOON),
    "absent": lambda: (nothing(), THURSDAY_AFTERNOON),
}


PLAIN = Settings(ascii=False)
"""Settings that leave nothing to the terminal's locale."""


def program(
    engine: FakeEngine, now: datetime = THURSDAY_AFTERNOON, settings: Settings = PLAIN
) -> CaptopApp:
    """captop over a picture that stands still."""
    return CaptopApp(
        engine,
        settings,
        clock=ManualClock(now),
        watchlists=Watchlists(LISTS),
        demo_engine=FakeEngine,
    )


async def walk(keys: tuple[str, ...], pilot: Pilot[None]) -> None:
    """Press keys and wait until all is drawn."""
    await pilot.app.workers.wait_for_complete()
    for key in keys:
        await pilot.press(key)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
    await pilot.pause()


def looks_as_before(
    snap_compare: Compare, app: CaptopApp, size: Size, keys: tuple[str, ...] = ()
) -> bool:
    return snap_compare(app, terminal_size=size, run_before=partial(walk, keys))


@pytest.fixture(autouse=True)
def charts() -> None:
    """Let the first paint draw charts, so that no picture depends on who is quicker."""
    prepare()


@pytest.fixture(autouse=True)
def light_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep out of the pictures what says nothing of the cells: fonts to fetch, clip paths."""
    monkeypatch.setattr(CaptopApp, "export_screenshot", exported)


def exported(app: CaptopApp, *, title: str | None = None, simplify: bool = False) -> str:
    svg = App[None].export_screenshot(app, title=title, simplify=simplify)
    for superfluous in SUPERFLUOUS:
        svg = superfluous.sub("", svg)
    return svg.replace("&#160;", "\N{NO-BREAK SPACE}")


SUPERFLUOUS = (
    re.compile(r"@font-face \{.*?\}\s*", re.DOTALL),
    re.compile(r'<clipPath id="[^"]*-line-\d+">.*?</clipPath>\s*', re.DOTALL),
    re.compile(r' clip-path="url\([^"]*-line-\d+\)"'),
    re.compile(r' shape-rendering="crispEdges"'),
)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("look", LOOKS)
def test_overview(snap_compare: Compare, look: str, size: Size) -> None:
    assert looks_as_before(snap_compare, program(*LOOKS[look]()), size)


@pytest.mark.parametrize("size", [WIDE, USUAL], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("keys", [("enter",), ("enter", "enter")], ids=["sector", "symbol"])
def test_drill_down(snap_compare: Compare, keys: tuple[str, ...], size: Size) -> None:
    assert looks_as_before(snap_compare, program(FakeEngine(live())), size, keys)


@pytest.mark.parametrize("size", [WIDE, USUAL], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("key", ["m", "b", "R"], ids=["map", "breadth", "rotation"])
def test_rooms(snap_compare: Compare, key: str, size: Size) -> None:
    assert looks_as_before(snap_compare, program(FakeEngine(live())), size, (key,))


def test_candles_with_averages(snap_compare: Compare) -> None:
    keys = ("2", "enter", "enter", "t", "t", "t", "d", "M")
    assert looks_as_before(snap_compare, program(FakeEngine(live())), WIDE, keys)


@pytest.mark.parametrize("theme", ["captop-light", "captop-contrast", "captop-blue-orange"])
def test_themes(snap_compare: Compare, theme: str) -> None:
    assert looks_as_before(
        snap_compare, program(FakeEngine(live()), settings=replace(PLAIN, theme=theme)), WIDE
    )


def test_no_color(snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert looks_as_before(snap_compare, program(FakeEngine(live())), USUAL)


def test_ascii(snap_compare: Compare) -> None:
    assert looks_as_before(
        snap_compare, program(FakeEngine(live()), settings=Settings(ascii=True)), USUAL
    )


def test_demo(snap_compare: Compare) -> None:
    assert looks_as_before(snap_compare, program(FakeEngine(demo_picture())), WIDE)


@pytest.mark.parametrize("now", [MONDAY_MORNING, SUNDAY], ids=["pre_market", "weekend"])
def test_closed_hours(snap_compare: Compare, now: datetime) -> None:
    assert looks_as_before(snap_compare, program(FakeEngine(live(now)), now), WIDE)


def test_feeds_health(snap_compare: Compare) -> None:
    assert looks_as_before(snap_compare, program(FakeEngine(refused())), USUAL, ("i",))


def test_help(snap_compare: Compare) -> None:
    assert looks_as_before(snap_compare, program(FakeEngine(live())), USUAL, ("f1",))


WAYS = (
    *((), ("enter",), ("enter",), ("enter",)),
    *(("escape", "i"), ("i", "m"), ("m", "b"), ("R",)),
)
"""From the overview down to a member, and on through the rooms."""


@pytest.mark.parametrize("theme", [theme.name for theme in THEMES])
async def test_every_cell_has_the_ground_of_the_theme(theme: str) -> None:
    """A cell that leaves its ground to the terminal would be black on a light theme."""
    app = program(FakeEngine(live()), settings=replace(PLAIN, theme=theme))
    seen: set[object] = set()
    async with app.run_test(size=USUAL) as pilot:
        for keys in WAYS:
            await walk(keys, pilot)
            seen.add(type(app.screen))
            cells = [cell for strip in app.screen._compositor.render_strips() for cell in strip]
            grounds = {cell.style.bgcolor if cell.style is not None else None for cell in cells}
            assert None not in grounds, app.screen
    assert len(seen) == len(WAYS) - 1, "all ways but one lead to a screen of another kind"

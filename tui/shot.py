"""`captop shot`: one screen of one pass over the feeds, as a picture."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

from textual.pilot import Pilot

from market.clock import Clock, SimulatedClock, WallClock
from market.interest_rooms import day_curve_keys, one_pass_keys
from market.snapshot import Snapshot
from market.unasked import Unasked
from tui.app import CaptopApp
from tui.headless import is_answered, passed
from tui.key_line import KeyLine
from tui.key_rooms import ROOMS
from tui.keys import line_of
from tui.output import LACKING, OK, UNWRITTEN, WRONG, complain, say
from tui.picture import picture
from tui.settings import Loaded
from tui.settings_names import check_names
from tui.watchlists import Watchlists
from tui.wiring import engine_of
from widgets import plotting

OVERVIEW = "overview"
LOOK_S, PATIENCE_S = 0.2, 15.0
ZOOM = 2
"""Pixels of a PNG for one of the SVG."""
RESTED_LOOKS = 3
"""A screen that looks the same so often in a row has come to rest."""


def run_shot(
    loaded: Loaded,
    *,
    size: tuple[int, int],
    screen: str,
    out: Path,
    demo: bool,
    at: datetime | None,
    clock: Clock | None = None,
) -> int:
    """Draw a screen into a file, and return the exit code.

    Args:
        loaded: The settings.
        size: Columns and rows.
        screen: Which one, by the name of its key.
        out: The file.
        demo: Draw the simulated market.
        at: The demo's instant.
        clock: Where time comes from.

    Raises:
        SettingsError: An unknown theme or key id, or a key claimed twice.
    """
    check_names(loaded)
    if wrong := _why_not(out, screen):
        complain(wrong)
        return WRONG
    settings = loaded.settings
    lists = Watchlists.from_settings(settings, None)
    wall = clock if clock is not None else WallClock()
    engine, _ = engine_of(settings, wall, at, lists.symbols, demo=demo, is_still=True)
    first = engine.latest
    engine.want(one_pass_keys(first) | day_curve_keys(first))
    snapshot = passed(engine)
    still = SimulatedClock(snapshot.now, speed=0.0)
    app = CaptopApp(StillMarket(snapshot), settings, clock=still, watchlists=lists)
    svg = asyncio.run(drawn(app, size, SCREENS.get(screen), f"captop: {screen}"))
    try:
        out.write_bytes(png_of(svg) if _is_png(out) else svg.encode())
    except OSError as error:
        complain(f"{out} cannot be written: {error.strerror}.")
        return UNWRITTEN
    say(f"{out}\n")
    if is_answered(snapshot):
        return OK
    complain("no feed answered: the picture has no new numbers; captop doctor says why.")
    return LACKING


def _why_not(out: Path, screen: str) -> str:
    """Return why there is no such screen or no such kind of picture; empty if there is."""
    if out.suffix.lower() not in {".svg", ".png"}:
        return f"{out} is no .svg and no .png: captop draws these two."
    if _is_png(out) and find_spec("resvg_py") is None:
        return "PNG needs the extra captop[png]; an .svg needs nothing more."
    if screen not in (OVERVIEW, *SCREENS):
        return f"there is no screen {screen}; there are {OVERVIEW}, {', '.join(SCREENS)}."
    return ""


def _is_png(out: Path) -> bool:
    return out.suffix.lower() == ".png"


def png_of(svg: str) -> bytes:
    """Return a picture as PNG, in the computer's own monospaced font."""
    from resvg_py import svg_to_bytes

    return svg_to_bytes(svg_string=svg, zoom=ZOOM)


def _screens() -> Mapping[str, KeyLine]:
    lines = {line.id.removeprefix("go."): line for line in ROOMS}
    return {**lines, "feeds": line_of("app.feeds")}


SCREENS = _screens()
"""The keys that lead to screens other than the overview, by their names."""


class StillMarket(Unasked):
    """One snapshot in an engine's place, which never changes."""

    notices = ()

    def __init__(self, snapshot: Snapshot) -> None:
        self.latest = snapshot

    def start(self) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""


async def drawn(app: CaptopApp, size: tuple[int, int], line: KeyLine | None, title: str) -> str:
    """Return the picture of a screen, once it has come to rest."""
    pictures: list[str] = []
    plotting.prepare()

    async def draw(pilot: Pilot[object]) -> None:
        shown = await _at_rest(app, pilot, title)
        if line is not None:
            await app.run_action(line.action)
            shown = await _at_rest(app, pilot, title)
        pictures.append(shown)
        app.exit()

    await app.run_async(headless=True, size=size, auto_pilot=draw)
    return pictures[-1]


async def _at_rest(app: CaptopApp, pilot: Pilot[object], title: str) -> str:
    shown, looks, left = "", 0, PATIENCE_S
    while looks < RESTED_LOOKS and left > 0:
        await pilot.pause(LOOK_S)
        before, shown = shown, picture(app, title)
        looks, left = (looks + 1 if shown == before else 0), left - LOOK_S
    return shown

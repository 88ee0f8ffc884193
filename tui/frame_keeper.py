"""Keeps what the overview looks like for the next start (`tui/last_frame.py`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec
from rich.color import Color as RichColor
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import dim_style
from textual.geometry import Size
from textual.screen import Screen
from textual.strip import Strip

from market.sessions import NEW_YORK
from market.snapshot import Mode, Snapshot
from tui.last_frame import AGE_PLACE, FRAME_FILE, cache_folder, packed
from tui.settings import Settings
from tui.themed_app import ThemedApp
from tui.whole_file import replace_file
from widgets.palette import Palette, palette_of

NAME = "captop  "
LEAST_ROWS, LEAST_COLUMNS = 4, len(NAME) + len(AGE_PLACE)
"""In smaller terminals the line that tells the age would take the place of all there is."""
FADED = 0.7
"""How much of its colours a picture of earlier keeps."""
_DRAWING = re.compile(r"\x1b\[[0-9;]*[mH]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def frame_of(
    strips: Sequence[Strip], console: Console, palette: Palette, as_of: datetime
) -> bytes | None:
    """Return what draws lines as a picture of earlier, with a title that says so.

    Args:
        strips: The lines of the screen.
        console: Knows the terminal's colours.
        palette: The theme's.
        as_of: When they were painted.

    Returns:
        The frame; None where the terminal is too small, or a line would do more than draw.
    """
    if len(strips) < LEAST_ROWS or strips[0].cell_length < LEAST_COLUMNS:
        return None
    ground = next((part.style for part in strips[0] if part.style is not None), Style())
    title = _title(strips[0].cell_length, palette, Style(bgcolor=ground.bgcolor), as_of)
    lines = [title, *(_faded(strip) for strip in strips[1:])]
    drawn = "".join(f"\x1b[{y};1H{line.render(console)}" for y, line in enumerate(lines, 1))
    if _CONTROLS.search(_DRAWING.sub("", drawn)):
        return None
    return drawn.encode()


class Kept(msgspec.Struct, frozen=True):
    """A frame on its way to the disk."""

    frame: bytes
    size: Size
    kept_at: datetime

    def write(self) -> None:
        """Write it whole or not at all; a disk that refuses is passed over: others tell of it."""
        path = Path(cache_folder()) / FRAME_FILE
        kept = packed(self.frame, self.size.width, self.size.height, self.kept_at.timestamp())
        with suppress(OSError):
            replace_file(path, kept)


class FrameKeeper:
    """Takes what stands in the terminal while that is what the next start will look like."""

    def __init__(self, settings: Settings) -> None:
        """Keep nothing where no cache is wanted, or another folder than can be found at once."""
        self._is_on = settings.cache.enabled and settings.cache.folder == Path(cache_folder())
        self._looks = (settings.theme, settings.red_up)

    def taken(self, app: ThemedApp, overview: Screen[None], picture: Snapshot) -> Kept | None:
        """Return what stands in the terminal; None unless it is the live overview in its looks."""
        if not self._is_on or app.is_headless or app.screen is not overview:
            return None
        if picture.mode is not Mode.LIVE or (app.theme, app.red_up) != self._looks:
            return None
        strips = overview._compositor.render_strips()  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
        frame = frame_of(strips, app.console, palette_of(app), picture.now)
        return Kept(frame, app.size, picture.now) if frame is not None else None


def _title(width: int, palette: Palette, ground: Style, as_of: datetime) -> Strip:
    struck, age = as_of.astimezone(NEW_YORK), AGE_PLACE.decode()
    day = f"as of {struck:%a} {struck.day} {struck:%b %H:%M} ET, {age}"
    said = day if len(NAME) + len(day) <= width else age
    name, words = ground + palette.style("accent"), ground + palette.style("muted")
    line = Strip([Segment(NAME, name), Segment(said, words)])
    return line.adjust_cell_length(width, ground)


def _faded(strip: Strip) -> Strip:
    return Strip([_faded_part(part) for part in strip])


def _faded_part(part: Segment) -> Segment:
    style = part.style
    if style is None or not _is_mixed(style.color) or not _is_mixed(style.bgcolor):
        return part
    return Segment(part.text, dim_style(style, Color(0, 0, 0), FADED))


def _is_mixed(color: RichColor | None) -> bool:
    """Return whether a colour can be blended: not one that the terminal decides."""
    return color is not None and color.triplet is not None

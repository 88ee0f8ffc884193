"""What is on the screen, as an SVG picture that needs no font from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.strip import Strip

from widgets.screen_svg import Cell, screen_svg

INK, PAPER = "#d0d0d0", "#000000"
"""Colours of cells that the program leaves to the terminal."""


def picture(app: App[None], title: str) -> str:
    """Return the screen of a running app.

    Args:
        app: The app.
        title: What the picture shows, for those who cannot see it.
    """
    return screen_svg([[*cells_of(strip)] for strip in _strips(app)], title)


def _strips(app: App[None]) -> list[Strip]:
    """The screen's lines; Textual's own picture has them too, but with fonts from the web."""
    compositor = app.screen._compositor  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    return compositor.render_strips()


def cells_of(strip: Strip) -> Iterator[Cell]:
    """Yield the cells of a line; of a sign that takes two the second is empty."""
    for segment in strip:
        ink, paper, is_bold = _looks(segment)
        for sign in segment.text:
            width = cell_len(sign)
            if width:
                yield Cell(sign, ink, paper, is_bold)
            if width == 2:
                yield Cell("", ink, paper)


def _looks(segment: Segment) -> tuple[str, str, bool]:
    style = segment.style or Style()
    ink, paper = _hex(style.color, INK), _hex(style.bgcolor, PAPER)
    return (paper, ink, bool(style.bold)) if style.reverse else (ink, paper, bool(style.bold))


def _hex(color: Color | None, usual: str) -> str:
    return usual if color is None or color.is_default else color.get_truecolor().hex

"""Driving the pane in a test: keys, and what then stands in the terminal."""

from __future__ import annotations

import pytest
from textual.dom import DOMNode
from textual.pilot import Pilot
from textual.screen import Screen

from tests.tui.fakes import Stage
from widgets.title_bar import TitleBar
from widgets.title_line import TitleView


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one by one, each when what came before it is done."""
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


def lines_of(stage: Stage) -> list[str]:
    """The terminal's lines as text."""
    return [strip.text for strip in stage.app.screen._compositor.render_strips()]


def title_of(screen: DOMNode) -> TitleView:
    """What the title line says."""
    view = screen.query_one(TitleBar).view
    assert view is not None
    return view


def frames_of(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The terminal's lines as they stand after each painting from now on."""
    frames: list[list[str]] = []
    display = stage.app._display

    def watched(screen: Screen[object], painted: object) -> None:
        display(screen, painted)  # pyright: ignore[reportArgumentType]
        frames.append(lines_of(stage))

    monkeypatch.setattr(stage.app, "_display", watched)
    return frames

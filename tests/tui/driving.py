"""Driving the pane in a test: keys, and what then stands in the terminal."""

from __future__ import annotations

from textual.pilot import Pilot

from tests.tui.fakes import Stage


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one by one, each when what came before it is done."""
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


def lines_of(stage: Stage) -> list[str]:
    """The terminal's lines as text."""
    return [strip.text for strip in stage.app.screen._compositor.render_strips()]

"""What a terminal shows of a board: it keeps every cell that is not painted again."""

from __future__ import annotations

import pyte
from rich.console import RenderableType
from textual._compositor import CompositorUpdate
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Static

from tests.widgets.boards import COLUMNS, numbered
from widgets.board import Board

WIDTH, HEIGHT = 60, 12
LOW = 6


class Host(App[None]):
    """A board with a line down its right side, and all that the terminal showed of it."""

    CSS = "Board { width: 1fr; height: 1fr; } Static { width: 1; height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self.terminal = pyte.Screen(WIDTH, HEIGHT)
        self.frames: list[list[str]] = []

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Board(COLUMNS)
            yield Static("\n".join("|" * HEIGHT))

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if isinstance(renderable, CompositorUpdate):
            written = renderable.render_segments(self.console)
            pyte.Stream(self.terminal).feed(written.replace("\n", "\r\n"))
            self.frames.append(list(self.terminal.display)[: self.size.height])
        super()._display(screen, renderable)


async def test_what_stands_beside_a_board_stays_in_its_place_while_the_scrollbar_comes() -> None:
    app = Host()
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        board = app.query_one(Board)
        board.show(numbered(HEIGHT - 1))
        await pilot.pause()
        assert not board.show_vertical_scrollbar
        await pilot.resize_terminal(WIDTH, LOW)
        await pilot.pause()
        assert board.show_vertical_scrollbar
        await pilot.resize_terminal(WIDTH, HEIGHT)
        board.show(numbered(99))
        await pilot.pause()
        assert board.show_vertical_scrollbar
    assert len(app.frames) > LOW
    torn = [line for frame in app.frames for line in frame if line[-1] != "|" or "|" in line[:-1]]
    assert torn == []

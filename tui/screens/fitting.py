"""What a market screen does with the terminal's size: borders, words, and what is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from msgspec.structs import replace
from textual import events
from textual.geometry import Size
from textual.widgets import Static

from market.snapshot import Snapshot
from tui.key_bar import Hint, fitted, footer_line
from tui.screens.answering import AnsweringScreen
from tui.screens.strip_screen import STRIP_HEIGHT
from widgets.strip_line import StripLine
from widgets.strips import plain
from widgets.title_bar import TitleBar
from widgets.title_line import view_of

ROOMY_WIDTH, ROOMY_HEIGHT = 60, 16
"""Smaller terminals are offered things in fewer words."""
FRAMED_WIDTH, FRAMED_HEIGHT = 78, 20
"""Smaller terminals give the borders' cells to the numbers."""

WIDE_WIDTH, TALL_HEIGHT = 110, 32
"""Smaller terminals have layouts of their own."""

SMALL = Path(__file__).parents[1] / "styles" / "small.tcss"
"""The layouts of small terminals."""
_BELOW = {"-shallow": 7, "-least": STRIP_HEIGHT + 2}
"""Lower terminals have no room for one list below another, or for more than a title."""

NAMING_HEIGHT = 9
"""Smaller terminals have no line to spare for the names of panels without room."""

ROOT_WIDTH = 50
"""Narrower terminals call the index by its ticker."""

_WIDTHS = (
    (0, "-slim"),
    (50, "-narrow"),
    (FRAMED_WIDTH, "-medium"),
    (WIDE_WIDTH, "-wide"),
    (160, "-vast"),
)
_HEIGHTS = (
    (0, "-strip"),
    (STRIP_HEIGHT + 1, "-tiny"),
    (NAMING_HEIGHT, "-low"),
    (FRAMED_HEIGHT, "-mid"),
    (TALL_HEIGHT, "-tall"),
    (48, "-grand"),
)


class FittingScreen(AnsweringScreen):
    """The part of a market screen that fits its terminal."""

    HORIZONTAL_BREAKPOINTS = [*_WIDTHS]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [*_HEIGHTS]  # noqa: RUF012

    unseen: ClassVar[Mapping[str, str]] = {}
    """Panels in a word or two, by id: those that have no room are named with their digits."""

    _offer = ""
    """What is on offer now, as it is worded here."""

    def fit_from_the_start(self) -> None:
        """Take the classes of the terminal's size before anything is styled.

        They come with the first resizing otherwise, which is after the first paint: a small
        terminal would see the layout of a large one for a moment.
        """
        width, height = size = self.program.size
        self.style_small(size)
        self.add_class(
            _reached(_WIDTHS, width),
            _reached(_HEIGHTS, height),
            *(name for name, below in _BELOW.items() if height < below),
            update=False,
        )

    def on_resize(self, event: events.Resize) -> None:
        """Choose borders or title lines, fill what has come into sight, give the keys back."""
        self.turns.finish()
        self.style_small(event.size)
        self.show_title(self.desk.snapshot)
        self.show_offer()
        for name, below in _BELOW.items():
            self.set_class(event.size.height < below, name)
        self.frame_panels(event.size)
        self.call_after_refresh(self.settle)

    def settle(self) -> None:
        """Fill what has come into sight and give the keys back, if this screen is still there.

        A room that is passed over on the way back to a lower one is resized and left at once.
        """
        if self in self.program.screen_stack:
            self.show_panels()
            self.restore_focus()

    def style_small(self, size: Size) -> None:
        """Read the layouts of small terminals, half of all styles, once there is one."""
        sheet = self.program.stylesheet
        is_small = size.width < WIDE_WIDTH or size.height < TALL_HEIGHT
        if is_small and not sheet.has_source(str(SMALL), ""):
            sheet.read(SMALL)
            sheet.reparse()

    def frame_panels(self, size: Size) -> None:
        """Give the panels borders where there is room for some, title lines elsewhere."""
        framed = size.width >= FRAMED_WIDTH and size.height >= FRAMED_HEIGHT
        for panel in self.panels:
            panel.frame = "box" if framed else "rule"

    def show_title(self, snapshot: Snapshot) -> None:
        """Say in the title what is known now, with a short root where there is little room."""
        root, *way = self.crumbs()
        is_short = self.program.size.width < ROOT_WIDTH
        self.query_one(TitleBar).view = view_of(
            snapshot,
            ("RUT" if is_short else root, *way),
            feeds=len(self.desk.feeds),
            held_at=self.desk.held_at,
            pace=self.desk.pace if self.desk.markets.replay is None else 1.0,
            tape=self.desk.tape_words,
        )

    def show_unseen(self) -> None:
        """Name the panels that have no room, where there is a line to spare for them."""
        width, height = self.program.size
        is_roomy = height >= NAMING_HEIGHT and not self.is_zoomed
        hints = [
            Hint(f"panel.{number}", str(number), words)
            for number, panel in enumerate(self.panels, 1)
            if is_roomy and not panel.display and (words := self.unseen.get(panel.id or ""))
        ]
        line = self.query_one("#unseen", Static)
        line.update(footer_line(_with_rest(hints, width), width))
        line.set_class(bool(hints), "-shown")

    def show_offer(self) -> None:
        """Show quietly what could be done, in as many words as there is room for, or nothing."""
        text = _worded(self.desk.markets.offers, self.size) or self._alert_in_strip()
        if text == self._offer:
            return
        self._offer = text
        in_strip = self.is_strip
        self.query_one(StripLine).offer = text if in_strip else ""
        line = self.query_one("#offer", Static)
        line.update("" if in_strip else text)
        line.set_class(bool(text) and not in_strip, "-shown")
        self.refresh_bindings()

    def _alert_in_strip(self) -> str:
        """The newest alert that nobody has taken note of, where there is no footer to say it."""
        board = self.desk.market.latest.alerts if self.is_strip else None
        return f"! {plain(board.new[0].alert.title, 40)}" if board is not None and board.new else ""


def _reached(breakpoints: Sequence[tuple[int, str]], cells: int) -> str:
    """Return the class of the highest breakpoint that a dimension reaches."""
    return next(name for least, name in reversed(breakpoints) if cells >= least)


def _with_rest(hints: Sequence[Hint], width: int) -> Sequence[Hint]:
    """Return hints of panels; those that have no room of their own in one: `5-7 more`."""
    if len(fitted(hints, width - 2)) == len(hints):
        return hints
    named = fitted(hints, width - 2 - len("0-0 more") - 2)
    first, last = hints[len(named)], hints[-1]
    key = first.key if first is last else f"{first.key}-{last.key}"
    return (*named, replace(first, key=key, label="more"))


def _worded(wordings: Sequence[str], size: Size) -> str:
    """Return the wording that suits a terminal's size; nothing if there is none."""
    if not wordings:
        return ""
    if size.height <= STRIP_HEIGHT:
        return wordings[-1]
    is_roomy = size.width >= ROOMY_WIDTH and size.height >= ROOMY_HEIGHT
    return wordings[0 if is_roomy else 1]

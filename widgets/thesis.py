"""The thesis panel: how many lines of a story hold, and the most telling of them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from market.snapshot import Snapshot
from widgets.lines import Line, item, packed
from widgets.mark import Mark
from widgets.panel import ViewPanel
from widgets.values import WORKING_OUT, absence, list_mark


class LineView(msgspec.Struct, frozen=True):
    """One line of a story as the panel says it."""

    glyph: tuple[str, str]
    title: str
    value: tuple[str, str]
    state: tuple[str, str]
    since: str


class ThesisView(msgspec.Struct, frozen=True, kw_only=True):
    """All that the panel shows of the first story."""

    held: str = ""
    """How many lines hold, of those that can be judged."""
    lines: tuple[LineView, ...] = ()
    """The most telling first."""
    reason: str = ""


def thesis_view(snapshot: Snapshot) -> ThesisView:
    """Return what the panel shows of a snapshot; until something is judged nothing is loaded."""
    if snapshot.scoreboard is None:
        return ThesisView(reason=WORKING_OUT)
    from widgets.thesis_view import board_view

    return board_view(snapshot, snapshot.scoreboard)


def paint(view: ThesisView, width: int, height: int) -> list[Line]:
    """Return a line of text for each line of the story, as many as there is room for."""
    if height < 1 or width < 1:
        return []
    if not view.lines:
        return absence(view.reason, width, height)
    name = max(len(each.title) for each in view.lines)
    value = max(len(each.value[0]) for each in view.lines)
    return [_told(each, name, value, width) for each in view.lines[:height]]


def _told(line: LineView, name: int, value: int, width: int) -> Line:
    text, role = line.value
    return packed(
        [
            item(line.glyph, (f" {line.title.ljust(name)}", "text")),
            item((text.rjust(value), role), priority=1),
            item((line.state[0].ljust(8), line.state[1]), priority=2),
            item((line.since, "faint"), priority=3),
        ],
        width,
    )


class ThesisPanel(ViewPanel[ThesisView]):
    """Whether the story told about small caps is true."""

    can_focus = True
    TITLE = "Thesis"

    @property
    def cursor_symbol(self) -> str | None:
        """Its own screen is what enter opens."""
        return self.id

    def heading(self) -> str:
        """Return how many lines hold, of those that can be judged."""
        held = self._view.held if self._view is not None else ""
        return f"{self.TITLE}: {held}" if held else self.TITLE

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of what the shown lines are judged by: the middle one's."""
        board = snapshot.scoreboard
        stories = board.stories[:1] if board is not None else ()
        return list_mark(snapshot, [e.line.shows for story in stories for e in story.lines])

    def view_from(self, snapshot: Snapshot) -> ThesisView:
        """Return the view."""
        return thesis_view(snapshot)

    def lines_of(
        self, view: ThesisView, width: int, height: int, *, ascii_only: bool
    ) -> Sequence[Line]:
        """Paint the view."""
        del ascii_only
        return paint(view, width, height)

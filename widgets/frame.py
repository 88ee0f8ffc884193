"""The frame of a panel: title on the left and freshness mark on the right of its top line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec
from rich.cells import cell_len

from widgets.lines import Line, Run, cropped, width_of
from widgets.mark import Mark

PART = " · "
"""What stands between the parts of a title."""


class Frame(msgspec.Struct, frozen=True):
    """What is to be drawn around a panel."""

    title: str
    mark: Mark
    kind: Literal["box", "rule"] = "box"
    focused: bool = False

    @property
    def role(self) -> str:
        """The role of the border's lines."""
        return "border_focus" if self.focused else "border"

    def inner(self, width: int, height: int) -> tuple[int, int]:
        """Return width and height left for the body."""
        if self.kind == "rule":
            return max(0, width), max(0, height - 1)
        return max(0, width - 4), max(0, height - 2)


def framed(frame: Frame, body: Sequence[Line], width: int, height: int) -> list[Line]:
    """Return `height` lines of `width` cells: the frame with the body's lines in it."""
    if height < 1 or width < 1:
        return []
    if frame.kind == "rule":
        lines = [_top(frame, width), *(_filled(line, width) for line in body)]
        return [*lines[:height], *[((" " * width, "text"),)] * (height - len(lines))]
    if height == 1 or width < 4:
        return [_top(frame, width)] * height
    rows = [*body[: height - 2], *[()] * (height - 2 - len(body))]
    edge: Run = ("│", frame.role)
    inside = [(edge, (" ", "text"), *_filled(r, width - 4), (" ", "text"), edge) for r in rows]
    return [_top(frame, width), *inside, (("╰" + "─" * (width - 2) + "╯", frame.role),)]


def _filled(line: Line, width: int) -> Line:
    return (*line, (" " * max(0, width - width_of(line)), "text"))


def _top(frame: Frame, width: int) -> Line:
    """`╭ Title ───── yahoo 2s ╮`: the mark shortens before the title's first part does."""
    box = frame.kind == "box"
    left, right = ("╭ ", " ╮") if box else ("", "")
    room = width - len(left) - len(right)
    first = frame.title.partition(PART)[0]
    beside = room - cell_len(first) - 3
    mark = frame.mark.fitted(max(room - cell_len(frame.title) - 3, min(beside, room // 2 - 2)))
    title = _shortened(frame.title, room - cell_len(mark) - (3 if mark else 2))
    rule = room - cell_len(title) - cell_len(mark) - (2 if mark else 1)
    runs = [
        (left, frame.role),
        (title, "title"),
        (" " + "─" * max(0, rule), frame.role),
    ]
    if mark:
        runs.append((" " + mark, frame.mark.role))
    return (*runs, (right, frame.role))


def _shortened(title: str, width: int) -> str:
    """Return a title without its last parts, `Sub-sectors · 1D`, before a word is cropped."""
    while cell_len(title) > width and PART in title:
        title = title.rpartition(PART)[0]
    return cropped(title, width)

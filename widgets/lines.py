"""Lines of runs: what panels paint before colours are known, and the laying out of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import TypeAlias

import msgspec
from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from widgets import board_line
from widgets.palette import Palette
from widgets.strips import ascii_text

Run: TypeAlias = tuple[str, str]
"""A text and its role, as widgets/plotting.py gives them too."""
Line: TypeAlias = tuple[Run, ...]
_IS_NARROW = re.compile("[ -~·—•…−\u2500-\u25fc\u2800-\u28ff]*").fullmatch
"""Whether each character takes one cell, as nearly always: words, numbers, rules and dots."""


class Item(msgspec.Struct, frozen=True):
    """A part of a line that is shown whole or not at all."""

    runs: Line
    priority: int = 0
    """Higher goes first when the line is too narrow; 0 stays."""

    @property
    def width(self) -> int:
        """Cells it takes."""
        return width_of(self.runs)


def item(*runs: Run, priority: int = 0) -> Item:
    """Return an item of these runs."""
    return Item(runs, priority)


def width_of(line: Iterable[Run]) -> int:
    """Return the cells a line takes. Its runs are measured together, which is much quicker."""
    text = text_of(line)
    return len(text) if _IS_NARROW(text) else cell_len(text)


def text_of(line: Iterable[Run]) -> str:
    """Return the bare text of a line."""
    return "".join(text for text, _ in line)


def cropped(text: str, width: int) -> str:
    """Return words in at most `width` cells, with an ellipsis where some were left out."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + "…" if width > 0 else ""


def sentence(text: str, width: int) -> str:
    """Return the first whole words of a sentence that fit, so that no number in it is cut."""
    if cell_len(text) <= width:
        return text
    words = text.split()
    while words and cell_len(" ".join(words)) + 2 > width:
        words.pop()
    return " ".join(words) + " …" if words else ""


def folded(text: str, width: int, height: int) -> list[str]:
    """Return a sentence in at most `height` lines of whole words; the last tells if more comes."""
    lines: list[str] = []
    left = text.split()
    while left and len(lines) < height:
        is_last = len(lines) == height - 1
        count = len(left) if is_last else _fitting(left, width)
        lines.append(sentence(" ".join(left[:count]), width))
        left = left[count:]
    return [line for line in lines if line]


def _fitting(words: Sequence[str], width: int) -> int:
    """Return how many of the words fit side by side, at least one."""
    count = len(words)
    while count > 1 and cell_len(" ".join(words[:count])) > width:
        count -= 1
    return count


def packed(items: Sequence[Item], width: int, gap: int = 2) -> Line:
    """Return as many items as fit side by side; the ones of highest priority leave first."""
    kept = [i for i in items if i.runs]
    widths = [i.width for i in kept]
    wide = sum(widths) + gap * (len(kept) - 1)
    stay = sorted(range(len(kept)), key=lambda n: (kept[n].priority, n))
    while stay and wide > width:
        wide -= widths[stay.pop()] + gap
    return joined([kept[n].runs for n in sorted(stay)], gap)


def joined(parts: Iterable[Line], gap: int = 2) -> Line:
    """Return lines side by side with `gap` blank cells between them."""
    line: list[Run] = []
    for part in parts:
        if line:
            line.append((" " * gap, "text"))
        line.extend(part)
    return tuple(line)


def between(left: Line, right: Line, width: int, fill: Run = (" ", "text")) -> Line:
    """Return `left` and `right` at the two ends of a line; `right` goes when both do not fit."""
    room = width - width_of(left) - width_of(right)
    if room < 1:
        return left
    return (*left, (fill[0] * room, fill[1]), *right)


def whole(lines: Iterable[Line], width: int) -> list[Line]:
    """Return the lines that fit: one that does not goes away whole, so no number is cut."""
    return [line for line in lines if width_of(line) <= width]


def dimmed(line: Line) -> Line:
    """Return a line of what is old: whatever was bright looks late."""
    return tuple((text, "late" if role in _BRIGHT else role) for text, role in line)


_BRIGHT = frozenset({"line", "up", "down", "compare", "strong", "text"})


def cells_changed(shown: Line, line: Line) -> int:
    """Return how many cells of a line must be painted where another is shown.

    Textual paints from the line's beginning, so what counts is how much of its end stays: a second
    of the clock costs half a line.
    """
    width = width_of(line)
    if width != width_of(shown):
        return max(width, width_of(shown))
    runs = zip(reversed(shown), reversed(line), strict=False)
    same = takewhile(lambda pair: pair[0] == pair[1], runs)
    return width - width_of(run for run, _ in same)


def strip_of(
    line: Line,
    palette: Palette,
    width: int,
    ground: Style | None = None,
    *,
    ascii_only: bool = False,
) -> Strip:
    """Return a line as exactly `width` styled cells; what it lacks is blank on the ground."""
    if ascii_only:
        line = tuple((ascii_text(text), role) for text, role in line)
    segments = [Segment(text, palette.style(role)) for text, role in line if text]
    if width_of(line) != width:
        segments = Segment.adjust_line_length(segments, width, ground)
    return board_line.Line(segments, width)

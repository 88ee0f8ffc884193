"""Below a table of feeds: the reason of the row under the cursor where its column crops it."""

from __future__ import annotations

from textual.strip import Strip
from textual.widget import Widget

from widgets.lines import folded, strip_of
from widgets.palette import app_of, ascii_of, palette_of

MOST_LINES = 3
"""Lines that a reason may take from the table."""


class WholeReason(Widget):
    """A sentence in as many lines as it takes, gone while there is none."""

    DEFAULT_CSS = "WholeReason { height: 0; width: 1fr; margin: 0 2 1 2; display: none; }"

    lines: tuple[str, ...] = ()

    def tell(self, text: str, width: int, *, rows_left: int) -> None:
        """Show a sentence within that many cells, or nothing.

        Args:
            text: The sentence; empty for none.
            width: Cells of a line.
            rows_left: Rows that the table can do without.
        """
        lines = tuple(folded(text, width, min(MOST_LINES, rows_left)))
        if lines != self.lines:
            self.lines = lines
            self.display = bool(lines)
            self.styles.height = len(lines)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return one of its lines."""
        text = self.lines[y] if y < len(self.lines) else ""
        palette, width = palette_of(app_of(self)), self.size.width
        strip = strip_of(((text, "text"),), palette, width, ascii_only=ascii_of(self))
        return strip.apply_style(self.visual_style.rich_style)

"""The painted part of a panel: a frame with title and mark, and the lines of the body in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal, TypeAlias, cast

from textual import events
from textual.filter import LineFilter
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip

from widgets.frame import Frame, framed
from widgets.lines import Line, strip_of
from widgets.mark import NO_MARK, Mark
from widgets.palette import NO_OVERLAYS, Palette, app_of, ascii_of, grounded, palette_of
from widgets.parts import WidgetPart

FrameKind: TypeAlias = Literal["box", "rule"]


class FramedWidget(WidgetPart):
    """Lines in a frame. The frame is painted anew each second, the body only when it changed."""

    frame: reactive[FrameKind] = reactive(cast("FrameKind", "box"), layout=True)
    """`box` draws a border; `rule` only a title line, for small terminals."""

    TITLE: ClassVar[str] = ""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._mark: Mark = NO_MARK
        self._title = self.TITLE
        self._strips: list[Strip] = []
        self._strips_key: tuple[object, ...] = ()
        self._body: Sequence[Line] = ()
        self._body_key: tuple[object, ...] = ()

    def body(self, width: int, height: int, *, ascii_only: bool) -> Sequence[Line]:
        """Return at most `height` lines of at most `width` cells; none under a board."""
        del width, height, ascii_only
        return ()

    def watch_frame(self, frame: FrameKind) -> None:
        """Let a board inside grow into the place of the border."""
        self.set_class(frame == "rule", "-rule")
        self.repaint()

    def repaint(self) -> None:
        """Paint everything again."""
        self._strips_key = self._body_key = ()
        self.refresh()

    def repaint_frame(self) -> None:
        """Paint the title line again."""
        self._strips_key = ()
        self.refresh(Region(0, 0, self.size.width, 1))

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return some lines of the frame and of what is in it.

        A panel has no border, padding or opacity of its own, so its lines are its content's.
        """
        palette, filters = palette_of(app_of(self)), tuple(self.get_line_filters())
        key = (self.size, id(palette), filters, self.has_focus_within, self.frame)
        if key != self._strips_key:
            self._strips_key = key
            self._strips = self._paint(palette, filters)
        lines = self._strips[crop.y : crop.bottom]
        if crop.column_span == (0, self.size.width):
            return lines
        return [line.crop(*crop.column_span) for line in lines]

    def _paint(self, palette: Palette, filters: tuple[LineFilter, ...]) -> list[Strip]:
        width, height = self.size
        ascii_only = ascii_of(self)
        frame = Frame(self._title, self._mark, self.frame, focused=self.has_focus_within)
        body = self._body_of(frame.inner(width, height), ascii_only=ascii_only)
        (_, background), ground = self.background_colors, self.rich_style
        styles, ground = grounded(palette, ground, filters, background, NO_OVERLAYS)
        lines = framed(frame, body, width, height)
        strips = [strip_of(line, styles, width, ground, ascii_only=ascii_only) for line in lines]
        return strips + [Strip.blank(width, ground)] * (height - len(strips))

    def _body_of(self, inner: tuple[int, int], *, ascii_only: bool) -> Sequence[Line]:
        """Return the body, painted anew only when it changed: the mark ages every second."""
        key = (inner, ascii_only, self.has_focus)
        if key != self._body_key:
            self._body_key = key
            self._body = self.body(*inner, ascii_only=ascii_only)
        return self._body

    def on_unmount(self) -> None:
        """Let go of what was painted: a full collection takes the longer the more there is of it.

        What a screen left behind is in a circle with it.
        """
        self._strips, self._body = [], ()

    def notify_style_update(self) -> None:
        """Paint again: the ground may have changed."""
        self._strips_key = ()
        super().notify_style_update()

    def on_focus(self) -> None:
        """Show who has the keys."""
        self.repaint()

    def on_blur(self) -> None:
        """Show who has the keys."""
        self.repaint()

    def on_descendant_focus(self) -> None:
        """Show who has the keys."""
        self.repaint()

    def on_descendant_blur(self) -> None:
        """Show who has the keys."""
        self.repaint()

    def body_place(self, event: events.Click) -> tuple[int, int]:
        """Return column and row of the body that was clicked on; negative outside of it."""
        return (event.x - 2 if self.frame == "box" else event.x), event.y - 1

    @property
    def body_width(self) -> int:
        """Cells of a line of the body."""
        return max(0, self.size.width - 4) if self.frame == "box" else self.size.width

"""The heat map: the index as tiles, area by weight, colour by return over the window."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.message import Message

from market.snapshot import Snapshot
from widgets.census_mark import census_mark
from widgets.lines import Line, folded
from widgets.mark import Mark
from widgets.panel import ViewPanel
from widgets.treemap_layout import Way
from widgets.treemap_paint import detail_lines, tiles_painted
from widgets.treemap_plan import Arrangement, Tile
from widgets.treemap_view import Node, TreemapView, view_of


class TreemapPanel(ViewPanel[TreemapView]):
    """A treemap of sectors, sub-sectors and members, one tile of which is chosen."""

    can_focus = True

    class OthersOpened(Message):
        """Several that were too small to show were opened: all the others of a place."""

        def __init__(self, panel: TreemapPanel, others: Node) -> None:
            super().__init__()
            self.panel = panel
            self.others = others

        @property
        def control(self) -> TreemapPanel:
            """The panel."""
            return self.panel

    place: str = ""
    """The sector, sub-sector or basket shown, by its symbol; empty for the whole index."""
    beside: frozenset[str] = frozenset()
    """Keys of what is left out of the place: the map on which the others had one tile."""

    _chosen: str = ""
    """Key of the chosen node; the heaviest until somebody moves."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._tiles = Arrangement()
        self._drawn_of: tuple[object, ...] = ()

    # The way of a snapshot

    def heading(self) -> str:
        """Return the place, the window, and what the picture means."""
        root = None if self._view is None else self._view.root
        name = "Heat map" if root is None else root.name
        part = f"{root.label} of " if root is not None and root.is_rest else ""
        return f"{part}{name} · {self.window} · by weight and return"

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the members' prices."""
        return census_mark(snapshot)

    def show_place(self, place: str, beside: frozenset[str], chosen: str = "") -> None:
        """Show another part of the index, with the cursor on a tile, else on the heaviest.

        Args:
            place: The symbol of a group, `EVERY_MEMBER`, or empty for the index by its sectors.
            beside: Keys of what is left out of it.
            chosen: The key of a tile.
        """
        self.place, self.beside = place, beside
        self._chosen = chosen
        self._tiles = Arrangement()
        self.renew()
        self.repaint()

    def view_from(self, snapshot: Snapshot) -> TreemapView:
        """Return the view; the same one as long as nothing it is made of changed."""
        key = (snapshot.census, self.window, self.place, self.beside)
        if self._view is None or key != self._drawn_of:
            self._drawn_of = key
            return view_of(snapshot, *key[1:])
        return self._view

    # Painting

    def lines_of(
        self, view: TreemapView, width: int, height: int, *, ascii_only: bool
    ) -> Sequence[Line]:
        """Paint the tiles, and a line about the chosen one beneath."""
        if view.root is None or height < 1 or width < 1:
            return [((text, "absent"),) for text in folded(view.reason, width, height)]
        tiles = self._tiles.arrange(view.root, width, max(1, height - 1))
        chosen = self._tiles.chosen(self._chosen)
        shown = chosen.node.key if chosen and self.has_focus else ""
        lines = tiles_painted(tiles, max(1, height - 1), view.window, shown, ascii_only=ascii_only)
        detail = None if chosen is None else chosen.node
        return [*lines, *detail_lines(tiles, detail, view.window, width)][:height]

    def on_unmount(self) -> None:
        """Let go of two thousand nodes and their tiles, as of what was painted."""
        self._view, self._tiles = None, Arrangement()

    # Choosing

    @property
    def chosen(self) -> Node | None:
        """What the cursor is on."""
        tile = self._tiles.chosen(self._chosen)
        return None if tile is None else tile.node

    @property
    def cursor_symbol(self) -> str | None:
        """The symbol that enter would open."""
        node = self.chosen
        return None if node is None else (node.key if node.is_rest else node.opens)

    def action_open(self) -> None:
        """Open the member or the group under the cursor, or those that share its tile."""
        node = self.chosen
        if node is not None and node.is_rest:
            self.post_message(self.OthersOpened(self, node))
        else:
            super().action_open()

    def choose(self, tile: Tile | None) -> None:
        """Put the cursor on a tile, if there is one."""
        if tile is not None:
            self._chosen = tile.node.key
            self.repaint()

    def _move(self, way: Way) -> None:
        self.choose(self._tiles.beside(self._chosen, way))

    def action_cursor_left(self) -> None:
        """Go to the tile on the left."""
        self._move("left")

    def action_cursor_right(self) -> None:
        """Go to the tile on the right."""
        self._move("right")

    def action_cursor_up(self) -> None:
        """Go to the tile above."""
        self._move("up")

    def action_cursor_down(self) -> None:
        """Go to the tile below."""
        self._move("down")

    def action_home(self) -> None:
        """Go to the first tile."""
        self.choose(next(iter(self._tiles.shown), None))

    def action_end(self) -> None:
        """Go to the last tile."""
        self.choose(next(reversed(self._tiles.shown), None))

    def on_click(self, event: events.Click) -> None:
        """Choose the tile clicked on; open it when it was chosen already."""
        clicked = self._tiles.at(*self.body_place(event))
        if event.widget is not self or clicked is None:
            return
        event.stop()
        if clicked.node.key == self._chosen:
            self.action_open()
        self.choose(clicked)

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
from widgets.treemap_layout import Way, neighbour
from widgets.treemap_paint import detail_line, tiles_painted
from widgets.treemap_plan import Tile, arranged, steadied
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
    _tiles: Sequence[Tile] = ()
    _tiles_of: Node | None = None
    _tiles_size: tuple[int, int] = (0, 0)
    _weights: dict[str, float]

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._weights = {}
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
        self._weights = {}
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
        rows = height - 1 if height > 1 else 1
        tiles = self._arranged(view.root, width, rows)
        chosen = self._chosen_of(tiles)
        shown = chosen.node.key if chosen and self.has_focus else ""
        lines = tiles_painted(tiles, rows, view.window, shown, ascii_only=ascii_only)
        if chosen is None or height < 2:
            return lines
        members = any(t.node.is_member for t in tiles)
        return [*lines, detail_line(chosen.node, view.window, width, members=members)]

    def _arranged(self, root: Node, width: int, height: int) -> Sequence[Tile]:
        """Return the tiles of a view at a size, arranged once for all repaints."""
        if root is not self._tiles_of or (width, height) != self._tiles_size:
            self._tiles_of, self._tiles_size = root, (width, height)
            self._weights = steadied(root, self._weights)
            self._tiles = arranged(root, width, height, self._weights)
        return self._tiles

    def _chosen_of(self, tiles: Sequence[Tile]) -> Tile | None:
        """Return the chosen tile; the heaviest where nothing is chosen or it is not shown."""
        found = next((tile for tile in tiles if tile.node.key == self._chosen), None)
        if found is None:
            found = max(tiles, key=_prominence, default=None)
        return found

    def on_unmount(self) -> None:
        """Let go of two thousand nodes and their tiles, as of what was painted."""
        self._view, self._tiles, self._tiles_of = None, (), None

    # Choosing

    @property
    def chosen(self) -> Node | None:
        """What the cursor is on."""
        tile = self._chosen_of(self._tiles)
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

    def choose(self, tile: Tile) -> None:
        """Put the cursor on a tile."""
        self._chosen = tile.node.key
        self.repaint()

    def _move(self, way: Way) -> None:
        here = self._chosen_of(self._tiles)
        if here is not None:
            boxes = [tile.box for tile in self._tiles]
            self.choose(self._tiles[neighbour(boxes, self._tiles.index(here), way)])

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
        if self._tiles:
            self.choose(self._tiles[0])

    def action_end(self) -> None:
        """Go to the last tile."""
        if self._tiles:
            self.choose(self._tiles[-1])

    def on_click(self, event: events.Click) -> None:
        """Choose the tile clicked on; open it when it was chosen already."""
        x, y = (event.x - 2, event.y - 1) if self.frame == "box" else (event.x, event.y - 1)
        clicked = next((tile for tile in self._tiles if tile.box.holds(x, y)), None)
        if event.widget is not self or clicked is None:
            return
        event.stop()
        if clicked.node.key == self._chosen:
            self.action_open()
        self.choose(clicked)


def _prominence(tile: Tile) -> tuple[bool, bool, int]:
    """Return how fit a tile is to be chosen at first: the largest that is one thing."""
    return not tile.is_title, not tile.node.is_rest, tile.box.area

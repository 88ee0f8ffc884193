"""Draws the tiles of a heat map: colour by return, its name shortened, its number whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from operator import itemgetter

from rich.cells import cell_len

from widgets.heat import BOUNDS, CHOSEN, EDGE, FLAT, heat_role, unit_of
from widgets.lines import Item, Line, between, cropped, item, packed, width_of
from widgets.strips import (
    arrow,
    ascii_text,
    basis_points,
    contribution,
    direction,
    percent,
    percent_in,
    share,
)
from widgets.treemap_layout import Box
from widgets.treemap_plan import Tile
from widgets.treemap_view import Node

LEFT_EDGE, TOP_EDGE = "▏", "▔"
_ASCII_EDGES = str.maketrans({LEFT_EDGE: "|", TOP_EDGE: "="})
_SHORTEST = 4
"""Cells a shortened name keeps at least; a shorter one says nothing."""
_FINE = frozenset({"1D", "5D"})
_WORDS_FROM = 3
"""Cells in a row from which on a tile of one row may say more than its direction."""
_EDGED_FROM = 3
"""Cells in a row from which on a tile shows its left edge."""
_CONTRIBUTION_FROM = 5
"""Rows from which on a tile also says its contribution."""


def decimals_of(window: str) -> int:
    """Return the decimals of returns over a window."""
    return 2 if window in _FINE else 1


def tiles_painted(
    tiles: Sequence[Tile], height: int, window: str, chosen: str, *, ascii_only: bool
) -> list[Line]:
    """Return the rows of a heat map; the tile whose node has the key `chosen` stands out."""
    rows: list[list[tuple[int, Line]]] = [[] for _ in range(height)]
    of_members = any(tile.node.is_member for tile in tiles)
    units = unit_of(window, members=False), unit_of(window, members=True)
    for tile in tiles:
        node, box = tile.node, tile.box
        is_chosen = node.key == chosen
        if tile.is_title:
            painted = _title(tile, window, is_chosen)
        else:
            role = CHOSEN if is_chosen else heat_role(node.ret, units[node.is_member])
            painted = _tile(node, box, window, role, of_members)
        for y, runs in enumerate(painted, box.y):
            rows[y].append((box.x, runs))
    lines = [_joined(row) for row in rows]
    return [_as_ascii(line) for line in lines] if ascii_only else lines


def _joined(parts: list[tuple[int, Line]]) -> Line:
    """Return a row of the map: the rows of its tiles, by where they begin."""
    parts.sort(key=itemgetter(0))
    return tuple(chain.from_iterable(map(itemgetter(1), parts)))


def _as_ascii(line: Line) -> Line:
    return tuple((ascii_text(text.translate(_ASCII_EDGES)), role) for text, role in line)


def _title(tile: Tile, window: str, is_chosen: bool) -> Iterable[Line]:
    """Yield the title line of a group: its name, and its return where both fit."""
    width, node = tile.box.width, tile.node
    number = percent(node.ret, decimals_of(window))
    room = width - cell_len(number) - 2
    name = cropped(node.label, room)
    if cell_len(name) < min(_SHORTEST, cell_len(node.label)):
        name, number = cropped(node.label, width - 1), ""
    spare = " " * (width - cell_len(name) - cell_len(number) - 1)
    if is_chosen:
        yield ((f"{name} {number}{spare}", CHOSEN),)
    else:
        yield ((name, "strong"), (" ", "text"), (number, direction(number)), (spare, "text"))


def _tile(node: Node, box: Box, window: str, role: str, of_members: bool) -> Sequence[Line]:
    _, _, width, height = box
    room = width - 1 if width >= _EDGED_FROM else width
    words = labels_of(node, window, room, height, of_members=of_members)
    return _tile_rows(tuple(words), width, height, role)


@lru_cache(maxsize=4096)
def _tile_rows(words: tuple[str, ...], width: int, height: int, role: str) -> Sequence[Line]:
    """Return the rows of a tile: hundreds of small ones say the same, and moving changes two."""
    has_edge = width >= _EDGED_FROM
    room = width - 1 if has_edge else width
    first = (height - len(words)) // 2
    texts = (words[row - first] if 0 <= row - first < len(words) else "" for row in range(height))
    return tuple(
        _row(text, room, role, is_top=row == 0, has_edge=has_edge) for row, text in enumerate(texts)
    )


def _row(text: str, room: int, role: str, *, is_top: bool, has_edge: bool) -> Line:
    """Return one row of a tile, its text in the middle, the ground shining through at its edge."""
    blank = TOP_EDGE if is_top else " "
    edge = role + EDGE
    if not text:
        return (((LEFT_EDGE if has_edge else "") + blank * room, edge),)
    left = (room - cell_len(text)) // 2
    right = room - cell_len(text) - left
    start = (LEFT_EDGE if has_edge else "") + blank * left
    runs = ((start, edge), (text, role), (blank * right, edge))
    return tuple(run for run in runs if run[0])


def labels_of(
    node: Node, window: str, room: int, height: int, *, of_members: bool = False
) -> list[str]:
    """Return the rows of words on a tile: its name may be shortened, its number never.

    Where not even an arrow has room beside the name, colour and the line beneath must do.
    Contributions have the same decimals on all tiles of a picture, more where it is `of_members`.
    """
    if room < _WORDS_FROM and (height < 2 or room < 2):
        return [arrow(node.ret).strip()] if room > 0 else [""]
    number = percent_in(node.ret, max(room, 5), decimals_of(window))
    if height < 2:
        return [_in_one_row(node, number, room)]
    name = _name(node, room)
    rows = [name] if name else []
    if len(number) <= room:
        rows.append(number)
    elif room > 0:
        rows.append(arrow(node.ret))
    if height >= _CONTRIBUTION_FROM:
        rows += _gain_in(node, room, 2 if of_members else 1)
    return rows


def _gain_in(node: Node, room: int, decimals: int) -> list[str]:
    """Return its contribution where that has room, and is not rounded away."""
    gain = basis_points(node.contribution, decimals=decimals)
    says = node.contribution is not None and len(gain) <= room
    return [gain] if says and (direction(gain) != "flat" or not node.contribution) else []


def _in_one_row(node: Node, number: str, room: int) -> str:
    name = _name(node, room - len(number) - 1)
    if name:
        return f"{name} {number}"
    sign = arrow(node.ret).strip()
    name = _name(node, room - len(sign))
    if name:
        return sign + name
    return sign if room > 0 else ""


def _name(node: Node, room: int) -> str:
    """Return the words on a tile in that room; of several at least how many they are: `33`."""
    if node.is_rest and cell_len(node.label) > room:
        return brief if len(brief := f"{node.count:,}") <= room else ""
    return _short(node.label, room)


@lru_cache(maxsize=4096)
def _short(name: str, room: int) -> str:
    """Return a name in that room, shortened if something is left of it, else nothing."""
    found = cropped(name, room)
    return found if cell_len(found) >= min(_SHORTEST, cell_len(name)) else ""


def detail_lines(
    tiles: Sequence[Tile], chosen: Node | None, window: str, width: int
) -> Sequence[Line]:
    """Return the line beneath the tiles, about the chosen one; none without any."""
    if chosen is None:
        return ()
    members = any(tile.node.is_member for tile in tiles)
    return (detail_line(chosen, window, width, members=members),)


def detail_line(node: Node, window: str, width: int, *, members: bool) -> Line:
    """Return what is known of the chosen tile, and at the right what the colours mean."""
    number = percent(node.ret, decimals_of(window), " %")
    gain = contribution(node.contribution, of_member=node.is_member)
    items: list[Item] = [
        item((cropped(node.label, 24), "strong"), priority=0),
        item((f"{window} ", "faint"), (number, direction(number)), priority=1),
        item(("weight ", "faint"), (share(node.weight, 2), "text"), priority=2),
        item(("contributes ", "faint"), (gain, direction(gain)), priority=3),
    ]
    if node.note:
        items.insert(2, item((node.note, "failing"), priority=1))
    if node.name != node.label:
        items.insert(1, item((cropped(node.name, 32), "muted"), priority=5))
    if not node.is_member or node.count > 1:
        items.append(item((f"{node.count:,} members", "muted"), priority=4))
    left = packed(items, width)
    return between(left, legend(window, width - width_of(left) - 2, members=members), width)


def legend(window: str, room: int, *, members: bool) -> Line:
    """Return the steps of colour with the returns, in percent, that they begin at."""
    unit = unit_of(window, members=members)
    steps = [bound * unit for bound in BOUNDS]
    values = [*(-s for s in reversed(steps)), 0.0, *steps]
    texts = [f" {_brief(value)} " for value in values]
    runs = tuple(
        (text, heat_role(value, unit) if value else FLAT)
        for text, value in zip(texts, values, strict=True)
    )
    return runs if width_of(runs) <= room else ()


def _brief(value: float) -> str:
    text = percent(value, 1)
    return "0" if value == 0 else text.removesuffix(".0")

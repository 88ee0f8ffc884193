"""What the heat map shows: sectors, their sub-sectors, their members, as a tree of weights."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain

import msgspec

from market.census import Census, Group, GroupKind, Mark, Members
from market.snapshot import Snapshot
from widgets.board_layout import shown
from widgets.census_mark import census_value, prices_freshness
from widgets.picture import LARGEST
from widgets.strips import plain

NOTES = {
    Mark.FINE: "",
    Mark.MISSING: "no price",
    Mark.IDLE: "no trade today",
    Mark.SUSPECT: "suspect price, left out",
    Mark.SPLIT: "split, past asked anew",
}
"""What is said of a member whose price is not taken at its word."""
UNMAPPED = "unmapped"
UNMAPPED_IN = "@unmapped:"
"""How the place of a group's unmapped members begins; the group's symbol follows."""
OTHERS_OF = "@others:"
"""How the key of several small ones begins; their parent's key follows."""
EVERY_MEMBER = "@members"
"""The place of all members side by side, whatever group they are in."""


class Node(msgspec.Struct, frozen=True, gc=False):
    """A sector, a sub-sector, a basket or a member; or several too small to show."""

    key: str
    """Names it for good."""
    opens: str
    """The place that enter goes into: a member's symbol, a group's, or where small ones are."""
    label: str
    """The words on its tile: a member's symbol, a group's name."""
    name: str
    """In full; of several, that of what they belong to."""
    weight: float
    """Fraction of the index."""
    ret: float | None
    """Return over the window, a fraction."""
    contribution: float | None
    """To the index's return, a fraction."""
    count: int = 1
    """Members in it."""
    note: str = ""
    is_member: bool = False
    is_rest: bool = False
    """Whether it stands for several that are too small to show."""
    beside: frozenset[str] = frozenset()
    """Of several: keys of those that are shown; it is all the others of the place it opens."""
    children: tuple[Node, ...] = ()
    """Heaviest first."""


class TreemapView(msgspec.Struct, frozen=True):
    """All that the heat map shows, whatever its size."""

    window: str
    root: Node | None
    reason: str = ""
    """Why there is nothing to show."""


def view_of(
    snapshot: Snapshot, window: str, place: str = "", beside: frozenset[str] = frozenset()
) -> TreemapView:
    """Return the heat map of the index, or of one group of its members, or of a part of those.

    Args:
        snapshot: What is known.
        window: Over which returns and contributions are told.
        place: The symbol of a sector, sub-sector or basket; empty for the whole index by its
            sectors, `EVERY_MEMBER` for all members beside each other.
        beside: Keys of what is left out: the map beside which this one shows the others.
    """
    census = snapshot.census
    if census is None:
        return TreemapView(window, None, prices_freshness(snapshot).reason)
    root = _Tree(snapshot, census, window).at(place)
    if root is None:
        return TreemapView(window, None, f"no group is called {plain(place, 40)}")
    return TreemapView(window, others_of(root, beside) if beside else root)


class _Tree:
    """Builds nodes out of one census over one window."""

    def __init__(self, snapshot: Snapshot, census: Census, window: str) -> None:
        members = census.members
        self._snapshot = snapshot
        self._census = census
        self._members = members
        self._window = window
        self._returns = _known(members.returns.get(window) or _nothing(members))
        self._contributions = _known(members.contributions.get(window) or _nothing(members))
        self._weights = _known(members.weight)
        self._all = range(len(members))

    def at(self, place: str) -> Node | None:
        """Return what is shown at a place, None where there is no such place."""
        if place == EVERY_MEMBER:
            return _bundle("", EVERY_MEMBER, "All members", map(self._member, self._all))
        group = self._census.group(place)
        if group is not None:
            return self.group(group)
        index = self.index()
        return next((n for n in chain((index,), descendants(index)) if n.opens == place), None)

    def index(self) -> Node:
        """Return the whole index: its sectors, and what belongs to none."""
        sectors = [g for g in self._census.groups if g.kind is GroupKind.SECTOR]
        children = (*map(self.group, sectors), *self._unmapped("", self._all, sectors))
        return _bundle("", "", "Russell 2000", children)

    def group(self, group: Group) -> Node:
        """Return a group: a sector holds its sub-sectors, any other group its members."""
        if group.kind is not GroupKind.SECTOR:
            return self._told(group, map(self._member, group.rows))
        inside = [
            g
            for g in self._census.groups
            if g.kind is GroupKind.SUBSECTOR and g.sector == group.sector
        ]
        rest = self._unmapped(group.symbol, group.rows, inside)
        return self._told(group, (*map(self.group, inside), *rest))

    def _unmapped(
        self, parent: str, rows: Iterable[int], groups: Sequence[Group]
    ) -> tuple[Node, ...]:
        placed = {row for group in groups for row in group.rows}
        members = tuple(self._member(row) for row in rows if row not in placed)
        place = UNMAPPED_IN + parent
        return (_bundle(place, place, UNMAPPED, members),) if members else ()

    def _told(self, group: Group, children: Iterable[Node]) -> Node:
        """Return a group with the return and contribution that its readings tell."""
        window = self._window.lower()
        ret, contribution = (
            self._reading(f"{group.slug}.{name}.{window}") for name in ("return", "contribution")
        )
        node = _bundle(group.symbol, group.symbol, group.name, children)
        return msgspec.structs.replace(node, ret=ret, contribution=contribution)

    def _reading(self, name: str) -> float | None:
        return census_value(self._snapshot, name, old=False).number

    def _member(self, row: int) -> Node:
        members = self._members
        symbol, name, mark = members.symbols[row], members.names[row], members.marks[row]
        is_counted = mark is not Mark.SUSPECT
        return Node(
            symbol,
            symbol,
            shown(symbol),
            shown(name),
            max(0.0, self._weights[row] or 0.0),
            self._returns[row] if is_counted else None,
            self._contributions[row] if is_counted else None,
            note="" if mark is Mark.FINE else NOTES[mark],
            is_member=True,
        )


def _bundle(key: str, opens: str, name: str, children: Iterable[Node]) -> Node:
    nodes = tuple(sorted(children, key=_heaviest_first))
    ret, contribution = sums_of(nodes)
    words = plain(name, 60)
    weight = math.fsum(node.weight for node in nodes)
    count = sum(node.count for node in nodes)
    return Node(key, opens, words, words, weight, ret, contribution, count, children=nodes)


def descendants(node: Node) -> Iterator[Node]:
    """Yield all that is below a node."""
    for child in node.children:
        yield child
        yield from descendants(child)


def others_of(parent: Node, beside: Collection[str]) -> Node:
    """Return one node in place of all children but those of these keys."""
    small = tuple(node for node in parent.children if node.key not in beside)
    ret, contribution = sums_of(small)
    count = sum(node.count for node in small)
    words = f"{count:,} others"
    weight = math.fsum(node.weight for node in small)
    return Node(
        OTHERS_OF + parent.key, parent.opens, words, parent.name,
        weight, ret, contribution, count,
        is_member=all(node.is_member for node in small), is_rest=True,
        beside=parent.beside.union(beside), children=small,
    )  # fmt: skip


def sums_of(nodes: Sequence[Node]) -> tuple[float | None, float | None]:
    """Return return and contribution of several nodes together, None where nothing is known.

    A contribution is weight at the start times return, so that it tells the weight at the
    start; where nothing moved, today's weight is it.
    """
    known = [n for n in nodes if n.ret is not None and n.contribution is not None]
    gain = math.fsum(n.contribution or 0.0 for n in known)
    start = math.fsum((n.contribution or 0.0) / n.ret if n.ret else n.weight for n in known)
    if not known:
        return None, None
    return (gain / start if start > 0 else None), gain


def _heaviest_first(node: Node) -> tuple[float, str]:
    return -node.weight, node.key


def _nothing(members: Members) -> Sequence[float]:
    return [math.nan] * len(members)


def _known(column: Sequence[float]) -> Sequence[float | None]:
    """Return a column's numbers, None for what cannot be drawn: two thousand without a call."""
    return [value if -LARGEST <= value <= LARGEST else None for value in column]

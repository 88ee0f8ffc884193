"""What the rotation shows as values: each group's way, and the sign at its head."""

from __future__ import annotations

import msgspec

from market.metrics.rotation import BOUND, Quadrant
from widgets.strips import BASKET_SIGN

ROLES = {
    Quadrant.LEADING: "up",
    Quadrant.WEAKENING: "failing",
    Quadrant.LAGGING: "down",
    Quadrant.IMPROVING: "line",
}
HEAD, CHOSEN_HEAD = "●", "◉"
_ASCII_HEADS = {HEAD: "o", BASKET_SIGN: "#", CHOSEN_HEAD: "@"}


class Way(msgspec.Struct, frozen=True):
    """One group's way over the plot, oldest first; its head is the newest point."""

    symbol: str
    name: str
    ratio: tuple[float, ...]
    momentum: tuple[float, ...]
    quadrant: Quadrant
    is_basket: bool = False

    @property
    def role(self) -> str:
        """The role of its quadrant."""
        return ROLES[self.quadrant]

    @property
    def head(self) -> tuple[float, float]:
        """Ratio and momentum now."""
        return self.ratio[-1], self.momentum[-1]

    @property
    def reach(self) -> float:
        """How far it stands from the middle."""
        x, y = self.head
        return ((x - BOUND) ** 2 + (y - BOUND) ** 2) ** 0.5


class RotationView(msgspec.Struct, frozen=True):
    """All ways, in the order of the list: by quadrant, then from the middle outwards first."""

    ways: tuple[Way, ...] = ()
    reason: str = ""
    old: bool = False


def head_sign(way: Way, *, is_chosen: bool, ascii_only: bool) -> str:
    """Return the sign at a way's newest point."""
    head = CHOSEN_HEAD if is_chosen else BASKET_SIGN if way.is_basket else HEAD
    return _ASCII_HEADS[head] if ascii_only else head

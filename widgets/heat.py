"""How strongly a return is coloured: steps of the theme's up and down, mixed with its ground.

Text on a step is chosen to be readable on it; its edge is the ground shining through.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping

from rich.style import Style
from textual.color import BLACK, WHITE, Color

STEPS = 4
"""Shades of each direction."""
BOUNDS = (0.5, 1.0, 2.0)
"""Where the second to the last step begin, in units."""
MEMBER_UNITS = {
    "1D": 0.02, "5D": 0.04, "1M": 0.08, "8W": 0.10, "3M": 0.12, "6M": 0.20, "YTD": 0.20, "1Y": 0.30,
}  # fmt: skip
"""A usual move of one stock over each window, a fraction; the unit of its colours."""
GROUP_SHARE = 0.5
"""How far groups move for each step of a single stock."""
READABLE = 4.5
"""Least contrast of text with its ground, as WCAG 2 asks of normal text."""

FLAT, NONE, CHOSEN = "heat_flat", "heat_none", "heat_chosen"
EDGE = "_edge"
"""What a role's name ends with when it is the edge of a tile."""
_SHARES = (0.20, 0.36, 0.54, 0.76)

_SHADES = tuple(f"heat_{way}_{n}" for way in ("up", "down") for n in range(1, STEPS + 1))
_TILES = (*_SHADES, FLAT, NONE, CHOSEN)
HEAT_ROLES = frozenset(name for tile in _TILES for name in (tile, tile + EDGE))
"""Every role with a ground of its own, besides the cursor."""


def unit_of(window: str, *, members: bool) -> float:
    """Return the unit of colours over a window, for single stocks or for groups."""
    unit = MEMBER_UNITS.get(window, MEMBER_UNITS["1D"])
    return unit if members else unit * GROUP_SHARE


def heat_role(value: float | None, unit: float) -> str:
    """Return the role of a return, a fraction; what rounds to 0.00 % is flat."""
    if value is None or not math.isfinite(value):
        return NONE
    if abs(value) < 0.00005:
        return FLAT
    step = bisect_right(BOUNDS, abs(value) / unit)
    return _SHADES[step if value > 0 else STEPS + step]


def heat_styles(colours: Mapping[str, Color | None], ground: Color | None) -> dict[str, Style]:
    """Return the styles of all heat roles.

    Args:
        colours: What `up`, `down`, `flat`, `absent` and `strong` look like; None is no colour.
        ground: What lies behind; None where it is not known.
    """
    plain = ground is None or ground.ansi is not None
    if plain or any(c is None or c.ansi is not None for c in colours.values()):
        return dict(_plain_styles(colours))
    known = {name: colour for name, colour in colours.items() if colour is not None}
    return dict(_mixed_styles(known, ground or BLACK))


def _mixed_styles(colours: Mapping[str, Color], ground: Color) -> Iterator[tuple[str, Style]]:
    grounds = {
        f"heat_{way}_{n}": ground.blend(colours[way], share, alpha=1.0)
        for way in ("up", "down")
        for n, share in enumerate(_SHARES, 1)
    }
    grounds[FLAT] = ground.blend(colours["flat"], 0.28, alpha=1.0)
    grounds[NONE] = ground.blend(colours["absent"], 0.12, alpha=1.0)
    grounds[CHOSEN] = colours["strong"]
    for role, tile in grounds.items():
        words = _readable(tile, colours["strong"], ground)
        yield role, Style(color=words.rich_color, bgcolor=tile.rich_color)
        yield role + EDGE, Style(color=ground.rich_color, bgcolor=tile.rich_color)


def _readable(tile: Color, *wished: Color) -> Color:
    """Return the first wished colour that can be read on a tile, else black or white."""
    found = next((c for c in wished if contrast(c, tile) >= READABLE), None)
    return found or max((BLACK, WHITE), key=lambda c: contrast(c, tile))


def contrast(first: Color, second: Color) -> float:
    """Return the contrast ratio of two colours, 1 to 21, by WCAG 2."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Color) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _plain_styles(colours: Mapping[str, Color | None]) -> Iterator[tuple[str, Style]]:
    """Yield styles where nothing can be mixed: coloured words, the strong steps reversed."""
    for role in _TILES:
        way = role.split("_")[1]
        colour = colours.get("up" if way == "up" else "down" if way == "down" else way)
        strong = role.endswith(("_3", "_4")) and colour is not None
        style = Style(
            color=None if colour is None else colour.rich_color,
            reverse=(strong or role == CHOSEN) or None,
            bold=role.endswith("_4") or None,
        )
        yield role, style
        yield role + EDGE, style

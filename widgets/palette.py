"""What a role looks like: the one place where roles become colours.

Painters name roles ("up", "late", "axis"); a palette answers with the theme's styles. So every
picture follows the theme, and a picture can be tested without any colour at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, cast
from weakref import WeakKeyDictionary

import msgspec
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.color import TRANSPARENT, Color, ColorParseError
from textual.filter import LineFilter
from textual.geometry import Region
from textual.message_pump import MessagePump
from textual.strip import Strip
from textual.widget import Widget

from widgets.heat import HEAT_ROLES, heat_styles

_LOOKS: Mapping[str, tuple[str, ...]] = {
    "text": ("foreground",),
    "muted": ("muted", "foreground-muted", "text-muted"),
    "faint": ("faint", "foreground-disabled", "text-disabled"),
    "strong": ("strong", "foreground"),
    "up": ("up", "text-success", "success"),
    "down": ("down", "text-error", "error"),
    "flat": ("flat", "foreground-muted", "text-muted"),
    "accent": ("accent", "primary"),
    "late": ("late", "foreground-muted", "text-muted"),
    "absent": ("absent", "foreground-disabled", "text-disabled"),
    "failing": ("failing", "text-warning", "warning"),
    "demo": ("demo", "warning", "accent"),
    "title": ("title", "foreground"),
    "border": ("border", "foreground-disabled"),
    "border_focus": ("border-focus", "accent", "primary"),
    "cursor": ("cursor", "block-cursor-blurred-background", "panel"),
    "header": ("header", "foreground-muted", "text-muted"),
    "line": ("line", "text-primary", "primary"),
    "previous": ("previous", "foreground-muted", "text-muted"),
    "extended": ("extended", "foreground-disabled", "text-disabled"),
    "compare": ("compare", "text-warning", "warning"),
    "average_50": ("average-50", "text-accent", "accent"),
    "average_200": ("average-200", "text-secondary", "secondary"),
    "axis": ("axis", "foreground-muted", "text-muted"),
    "volume": ("volume", "foreground-disabled", "text-disabled"),
    "volume_up": ("up", "text-success", "success"),
    "volume_down": ("down", "text-error", "error"),
    "risen": ("up", "text-success", "success"),
    "fallen": ("down", "text-error", "error"),
}
"""Role -> theme variables, the first one present and readable wins. Captop's own themes define the
first names; the rest are Textual's, so that any theme works."""

OF_RULES: Mapping[str, str] = {
    "good": "up",
    "bad": "down",
    "warn": "failing",
    "accent": "accent",
    "strong": "strong",
    "dim": "faint",
}
"""The role of each colour that a rule of the user's may have."""

_RULED = {f"rule_{colour}": _LOOKS[role] for colour, role in OF_RULES.items()}
"""Roles of a number that such a rule holds of: underlined, with colours or without."""
_VARIABLES = {**_LOOKS, **_RULED}

ROLES = frozenset(_VARIABLES) | HEAT_ROLES
"""Every role a painter may name."""

_SHARE = {"volume_up": 0.45, "volume_down": 0.45, "risen": 0.16, "fallen": 0.16}
"""Roles mixed with the ground: large areas must stay quieter than thin lines."""

MARKS = frozenset({"risen", "fallen"})
"""Roles of a number that has just changed: a tint behind it, without colours bold."""
NO_OVERLAYS = frozenset[str]()
OVERLAYS = MARKS | {"cursor"}
"""Roles that are put over others: they have a background and no colour of their own."""

_BOLD = frozenset({"strong", "title", "demo"})
_QUIET = frozenset(
    {"muted", "faint", "late", "absent", "extended", "volume", "axis", "border"}
    | {"volume_up", "volume_down"}
)
"""Roles that a theme of plain ANSI colours, which cannot be blended, shows as dim."""


_HEATED = frozenset({"up", "down", "flat", "absent", "strong"})
"""Roles that the steps of heat are mixed from."""


class Palette(msgspec.Struct, frozen=True, eq=False):
    """The styles of one theme by role. Only overlays and the steps of heat have a background.

    There is one of each theme, so that what is made of it can be remembered by it.
    """

    styles: Mapping[str, Style]

    def style(self, role: str) -> Style:
        """Return the style of a role; an unknown role looks like plain text."""
        found = self.styles.get(role)
        return self.styles["text"] if found is None else found


def app_of(node: MessagePump) -> App[Any]:
    """Return the app that a node belongs to, typed: Textual leaves the type of its result open."""
    return cast("App[Any]", node.app)  # pyright: ignore[reportUnknownMemberType]


def ascii_of(node: MessagePump) -> bool:
    """Return whether the app draws with ASCII only."""
    return bool(getattr(app_of(node), "ascii_only", False))


def palette_of(app: App[Any]) -> Palette:
    """Return the palette of the app's current theme, built once for each set of colours.

    Each line of each widget asks for it: the app's variables are looked through only when it
    has worked them out anew.
    """
    variables: Mapping[str, str] = app.theme_variables
    known = _last.get(app)
    if known is None or known[0] is not variables:
        known = _last[app] = (variables, palette_from(variables))
    return known[1]


_last: WeakKeyDictionary[App[Any], tuple[Mapping[str, str], Palette]] = WeakKeyDictionary()
"""The variables and the palette that each app was given last."""


def palette_from(variables: Mapping[str, str]) -> Palette:
    """Return the palette that a theme's CSS variables describe."""
    chosen = tuple(
        (role, tuple(variables.get(name, "") for name in names))
        for role, names in _VARIABLES.items()
    )
    ground = variables.get("surface") or variables.get("background") or "#121212"
    return _build(chosen, variables.get("foreground", "#e0e0e0"), ground)


@lru_cache(maxsize=64)
def grounded(
    palette: Palette,
    ground: Style,
    filters: tuple[LineFilter, ...] = (),
    behind: Color = TRANSPARENT,
    overlays: frozenset[str] = OVERLAYS,
) -> tuple[Palette, Style]:
    """Return the styles on a widget's own colours, and these, as the app's filters show them.

    The cursor's and the marks' go over any. Filtering them once spares every piece of every line.
    """
    roles = palette.styles
    styles = [style if role in overlays else ground + style for role, style in roles.items()]
    segments = [Segment(" ", style) for style in (ground, *styles)]
    for each in filters:
        segments = each.apply(segments, behind)
    ground, *styles = (style or Style.null() for _, style, _ in segments)
    return Palette(dict(zip(roles, styles, strict=True))), ground


def blank_lines(widget: Widget, crop: Region) -> list[Strip]:
    """Return lines of nothing but a widget's own colours, which takes Textual a while."""
    filters = tuple(widget.get_line_filters())
    (_, behind), own = widget.background_colors, widget.rich_style
    _, ground = grounded(palette_of(app_of(widget)), own, filters, behind)
    return [Strip.blank(crop.width, ground)] * crop.height


@lru_cache(maxsize=16)
def _build(
    chosen: tuple[tuple[str, tuple[str, ...]], ...], foreground: str, ground: str
) -> Palette:
    styles = {role: _style(role, values, foreground, ground) for role, values in chosen}
    colours = {role: _first(values, foreground) for role, values in chosen if role in _HEATED}
    styles |= heat_styles(colours, _color(ground, foreground))
    return Palette(MappingProxyType(styles))


def _style(role: str, values: tuple[str, ...], foreground: str, ground: str) -> Style:
    color, behind = _first(values, foreground), _color(ground, foreground)
    if color is None or (role in MARKS and not (_blends(color) and _blends(behind))):
        return _without_color(role)
    if _blends(color):
        color = _over(color.multiply_alpha(_SHARE.get(role, 1.0)), behind)
    if role in OVERLAYS:
        return Style(bgcolor=color.rich_color)
    return Style(
        color=color.rich_color,
        bold=role in _BOLD or None,
        dim=(color.ansi is not None and role in _QUIET) or None,
        underline=role in _RULED or None,
    )


def _blends(color: Color | None) -> bool:
    """Return whether a colour can be mixed: those that the terminal chooses cannot."""
    return color is not None and color.ansi is None


def _first(values: tuple[str, ...], foreground: str) -> Color | None:
    """Return the first colour that can be read."""
    return next((found for value in values if (found := _color(value, foreground))), None)


def _without_color(role: str) -> Style:
    if role == "cursor":
        return Style(reverse=True)
    return Style(
        bold=role in {*_BOLD, *MARKS} or None,
        dim=role in _QUIET or None,
        underline=role in _RULED or None,
    )


def _color(value: str, foreground: str) -> Color | None:
    """Read a CSS colour; `auto 60%` means that much of the foreground."""
    if value.startswith("auto"):
        share = value.removeprefix("auto").strip().removesuffix("%")
        base = _color(foreground, "")
        return base and base.with_alpha(float(share) / 100 if share.isdigit() else 1.0)
    try:
        color = Color.parse(value) if value else None
    except ColorParseError:
        return None
    return None if color is None or color.is_transparent else color


def _over(color: Color, ground: Color | None) -> Color:
    """Mix a translucent colour with what lies behind it: terminals know no transparency."""
    if color.a >= 1 or ground is None or ground.ansi is not None:
        return color.with_alpha(1.0)
    return ground.blend(color, color.a, alpha=1.0)

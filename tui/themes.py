"""Themes, and the colours of direction and state that every panel asks for by name.

A role is a theme variable: `up`, `late`, `average-50`. A theme that does not name one
(Textual's own) gets it from `DEFAULT_ROLES` by its own standard colours.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import replace

from textual.theme import BUILTIN_THEMES, Theme

from tui.settings_words import brief


class ThemesError(ValueError):
    """An unknown theme; the message is one sentence for a person."""


def _theme(name: str, base: Mapping[str, str], roles: Mapping[str, str], *, dark: bool) -> Theme:
    return Theme(
        name=name,
        primary=base["accent"],
        secondary=base["accent"],
        accent=base["accent"],
        foreground=base["text"],
        background=base["background"],
        surface=base["background"],
        panel=base["raised"],
        success=roles["up"],
        warning=roles["demo"],
        error=roles["failing"],
        dark=dark,
        variables={**_furniture(base), **roles},
    )


def _furniture(base: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of borders, cursor and scrollbar that follow from a theme's base."""
    return {
        "border": base["border"],
        "border-blurred": base["border"],
        "border-focus": base["accent"],
        "cursor": base["cursor"],
        "text-muted": base["muted"],
        "muted": base["muted"],
        "faint": base["faint"],
        "strong": base["strong"],
        "title": base["strong"],
        "header": base["muted"],
        "axis": base["faint"],
        "scrollbar": base["border"],
        "scrollbar-hover": base["muted"],
        "scrollbar-active": base["accent"],
        "scrollbar-background": base["background"],
        "scrollbar-background-hover": base["background"],
        "scrollbar-background-active": base["background"],
        "scrollbar-corner-color": base["background"],
        "input-cursor-background": base["strong"],
        "input-cursor-foreground": base["background"],
        "block-cursor-background": base["cursor"],
        "block-cursor-foreground": base["strong"],
        "block-cursor-text-style": "none",
        # A list below a line that is typed in never has the focus; enter takes its cursor's row.
        "block-cursor-blurred-background": base["cursor"],
        "block-cursor-blurred-foreground": base["strong"],
        "footer-key-foreground": base["accent"],
    }


_DARK = _theme(
    "captop-dark",
    {
        "background": "#0f1318",
        "raised": "#171d24",
        "cursor": "#223040",
        "border": "#2c3642",
        "faint": "#5b6773",
        "muted": "#8593a1",
        "text": "#c9d3dc",
        "strong": "#f1f5f8",
        "accent": "#6cb6e8",
    },
    {
        "up": "#6fcf8b",
        "down": "#f0766e",
        "flat": "#8593a1",
        "late": "#7d8a63",
        "absent": "#5b6773",
        "failing": "#e8a257",
        "demo": "#d9a1e8",
        "line": "#6cb6e8",
        "previous": "#5b6773",
        "extended": "#4a6a80",
        "compare": "#c8b06a",
        "average-50": "#b48ae0",
        "average-200": "#d08a58",
        "volume": "#41566a",
    },
    dark=True,
)
_LIGHT = _theme(
    "captop-light",
    {
        "background": "#fbfaf7",
        "raised": "#f1efe9",
        "cursor": "#dbe7f2",
        "border": "#cfcbc0",
        "faint": "#8d8a80",
        "muted": "#66645d",
        "text": "#2b2e33",
        "strong": "#0c0e11",
        "accent": "#1766a6",
    },
    {
        "up": "#167a3c",
        "down": "#b8302a",
        "flat": "#66645d",
        "late": "#857a45",
        "absent": "#8d8a80",
        "failing": "#a65a00",
        "demo": "#8a3ea6",
        "line": "#1766a6",
        "previous": "#9a968b",
        "extended": "#8fb0cb",
        "compare": "#94740f",
        "average-50": "#7a4bb3",
        "average-200": "#b0601c",
        "volume": "#a9b8c6",
    },
    dark=False,
)
_CONTRAST = _theme(
    "captop-contrast",
    {
        "background": "#000000",
        "raised": "#000000",
        "cursor": "#0033a0",
        "border": "#a8a8a8",
        "faint": "#b8b8b8",
        "muted": "#dddddd",
        "text": "#ffffff",
        "strong": "#ffffff",
        "accent": "#ffff00",
    },
    {
        "up": "#00ff66",
        "down": "#ff6b6b",
        "flat": "#ffffff",
        "late": "#c8c87a",
        "absent": "#b8b8b8",
        "failing": "#ffb000",
        "demo": "#ff9cff",
        "line": "#00e5ff",
        "previous": "#b8b8b8",
        "extended": "#5fa8b8",
        "compare": "#ffff00",
        "average-50": "#e0a0ff",
        "average-200": "#ffa050",
        "volume": "#8aa8c8",
    },
    dark=True,
)
_BLUE_ORANGE = _theme(
    "captop-blue-orange",
    {
        "background": "#10131a",
        "raised": "#181d26",
        "cursor": "#27324a",
        "border": "#2f3847",
        "faint": "#616c7b",
        "muted": "#8b97a6",
        "text": "#cdd5de",
        "strong": "#f4f7fa",
        "accent": "#b9c4d2",
    },
    {
        "up": "#5aa9ff",
        "down": "#ff9f40",
        "flat": "#8b97a6",
        "late": "#8a8468",
        "absent": "#616c7b",
        "failing": "#ffd24d",
        "demo": "#d9a1e8",
        "line": "#cdd5de",
        "previous": "#616c7b",
        "extended": "#6b7686",
        "compare": "#d8c36a",
        "average-50": "#a795e0",
        "average-200": "#e0b48a",
        "volume": "#465468",
    },
    dark=True,
)

THEMES: tuple[Theme, ...] = (_DARK, _LIGHT, _CONTRAST, _BLUE_ORANGE)
"""The themes that captop brings; Textual's own can be chosen too."""


def theme_names() -> tuple[str, ...]:
    """Return the names that the setting `theme` may have, captop's own first."""
    return (*(theme.name for theme in THEMES), *BUILTIN_THEMES)


def check_theme(name: str) -> str:
    """Return the name if it is a theme's.

    Raises:
        ThemesError: There is no such theme; the nearest name is told.
    """
    if name in theme_names():
        return name
    written = brief(name)
    short = {theme.name.removeprefix("captop-"): theme.name for theme in THEMES}
    by_name = {**{known: known for known in theme_names()}, **short}
    nearest = by_name[difflib.get_close_matches(written, by_name, n=1, cutoff=0.0)[0]]
    raise ThemesError(f"unknown theme '{written}', nearest: '{nearest}'")


def default_roles(theme: Theme) -> dict[str, str]:
    """Return the role variables for a theme that names none of its own.

    Args:
        theme: Any theme; standard colours it leaves out fall back to its primary.
    """
    accent = theme.accent or theme.primary
    text = theme.foreground or accent
    faint = "ansi_bright_black" if theme.ansi else f"{text} 50%"
    good = theme.success or theme.primary
    bad = theme.error or theme.primary
    warning = theme.warning or accent
    return {
        "up": good,
        "down": bad,
        "flat": text,
        "late": faint,
        "absent": faint,
        "failing": warning,
        "demo": warning,
        "line": theme.primary,
        "previous": faint,
        "extended": faint,
        "compare": accent,
        "average-50": theme.secondary or accent,
        "average-200": warning,
        "volume": faint,
        "axis": faint,
        "muted": faint,
        "faint": faint,
        "strong": text,
        "title": text,
        "header": faint,
    }


def with_red_up(theme: Theme) -> Theme:
    """Return a theme with the colours of up and down exchanged, as East Asian markets show them."""
    roles = {**default_roles(theme), **theme.variables}
    swapped = {**theme.variables, "up": roles["down"], "down": roles["up"]}
    return replace(theme, variables=swapped)

"""Themes: every role has a readable colour in every theme, and up and down can be exchanged."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from tests.tui.fakes import Stage
from tui.settings import Settings
from tui.themes import THEMES, ThemesError, check_theme, default_roles, theme_names, with_red_up
from widgets.palette import palette_of

NUMBERS = ("up", "down", "flat", "foreground", "strong")
QUIET = ("muted", "late", "failing", "demo")


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_numbers_are_legible_on_the_background(theme: object) -> None:
    chosen = next(each for each in THEMES if each is theme)
    ground = Color.parse(chosen.background or "")
    colors = {**chosen.variables, "foreground": chosen.foreground or ""}
    for role in (*NUMBERS, *QUIET):
        least = 4.5 if role in NUMBERS else 3.0
        assert ground.get_contrast_text(1.0) is not None
        assert _contrast(ground, Color.parse(colors[role])) >= least, role
    for cursor in ("block-cursor-background", "block-cursor-blurred-background"):
        assert _contrast(ground, Color.parse(colors[cursor])) >= 1.2, "the row of a list is marked"


def _contrast(one: Color, other: Color) -> float:
    """WCAG 2 contrast ratio."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: Color) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in color.normalized)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_up_and_down_differ_in_every_theme() -> None:
    for theme in (*BUILTIN_THEMES.values(), *THEMES):
        roles = {**default_roles(theme), **theme.variables}
        assert roles["up"] != roles["down"], theme.name


def test_red_up_exchanges_up_and_down_and_nothing_else() -> None:
    for theme in (*BUILTIN_THEMES.values(), *THEMES):
        before = {**default_roles(theme), **theme.variables}
        swapped = {**default_roles(theme), **with_red_up(theme).variables}
        assert (swapped["up"], swapped["down"]) == (before["down"], before["up"])
        assert {**swapped, "up": 0, "down": 0} == {**before, "up": 0, "down": 0}


def test_an_unknown_theme_is_named_with_the_nearest() -> None:
    with pytest.raises(ThemesError, match=r"'captop-drak'.*nearest: 'captop-dark'"):
        check_theme("captop-drak")


@pytest.mark.parametrize("name", ["captop-blue-orange", "captop-light", "ansi-dark", "nord"])
async def test_a_theme_paints_panels_in_its_own_colours(name: str) -> None:
    assert name in theme_names()
    stage = Stage(settings=Settings(theme=name))
    async with stage.app.run_test(size=(120, 34)):
        palette = palette_of(stage.app)
        assert palette.style("up").color != palette.style("down").color


async def test_red_up_can_be_switched_while_running() -> None:
    stage = Stage()
    async with stage.app.run_test(size=(120, 34)) as pilot:
        up, down = (palette_of(stage.app).style(role).color for role in ("up", "down"))
        stage.app.toggle_red_up()
        await pilot.pause()
        assert palette_of(stage.app).style("up").color == down
        assert palette_of(stage.app).style("down").color == up

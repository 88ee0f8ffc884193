"""Roles become styles of any theme: captop's own, Textual's, and those of plain ANSI colours."""

from __future__ import annotations

import pytest
from rich.style import Style
from textual.app import App

from widgets.heat import HEAT_ROLES
from widgets.palette import OVERLAYS, ROLES, Palette, palette_from, palette_of

DARK = {
    "foreground": "#e0e0e0",
    "surface": "#101010",
    "success": "#00ff00",
    "error": "#ff0000",
    "warning": "#ffaa00",
    "primary": "#0000ff",
    "secondary": "#ff00ff",
    "accent": "#00ffff",
    "text-muted": "auto 50%",
    "foreground-disabled": "#ffffff80",
    "block-cursor-blurred-background": "#0000ff80",
}


def hex_of(palette: Palette, role: str) -> str:
    color = palette.style(role).color
    assert color is not None
    return color.get_truecolor().hex


def test_every_role_has_a_style_and_only_overlays_and_heat_a_background() -> None:
    palette = palette_from(DARK)
    for role in ROLES:
        style = palette.style(role)
        assert (style.bgcolor is not None) == (role in OVERLAYS | HEAT_ROLES), role
        assert (style.color is None) == (role in OVERLAYS), role


def test_an_unknown_role_looks_like_text() -> None:
    palette = palette_from(DARK)
    assert palette.style("nonsense") == palette.style("text")


def test_a_themes_own_names_go_before_standard_ones() -> None:
    assert hex_of(palette_from(DARK), "up") == "#00ff00"
    assert hex_of(palette_from({**DARK, "up": "#123456"}), "up") == "#123456"
    assert hex_of(palette_from({**DARK, "average-50": "#654321"}), "average_50") == "#654321"


def test_an_unreadable_variable_falls_back() -> None:
    assert hex_of(palette_from({**DARK, "up": "no colour"}), "up") == "#00ff00"


def test_translucent_colours_are_mixed_with_the_ground() -> None:
    palette = palette_from(DARK)
    assert hex_of(palette, "faint") == "#878787"
    assert hex_of(palette, "muted") == "#787878"
    cursor = palette.style("cursor").bgcolor
    assert cursor is not None
    assert cursor.get_truecolor().hex == "#070787"


def test_volume_is_quieter_than_the_line_of_its_direction() -> None:
    palette = palette_from(DARK)
    assert hex_of(palette, "volume_up") != hex_of(palette, "up")


def test_without_any_colour_direction_still_differs_from_quiet_text() -> None:
    palette = palette_from({})
    assert palette.style("cursor").reverse
    assert palette.style("late").dim
    assert palette.style("strong").bold


def test_ansi_colours_are_kept_and_quiet_roles_dimmed() -> None:
    palette = palette_from({"foreground": "ansi_white", "muted": "ansi_white", "up": "ansi_green"})
    assert palette.style("muted").dim
    color = palette.style("up").color
    assert color is not None
    assert color.number == 2


def test_a_change_is_a_quiet_tint_and_without_colours_bold() -> None:
    palette = palette_from(DARK)
    risen, fallen = palette.style("risen").bgcolor, palette.style("fallen").bgcolor
    assert risen is not None
    assert fallen is not None
    assert max(risen.get_truecolor()) < 0x60 > max(fallen.get_truecolor())
    assert risen != fallen
    for variables in (
        {},
        {"foreground": "ansi_white", "up": "ansi_green", "down": "ansi_red"},
        {**DARK, "surface": "ansi_default"},
    ):
        for role in ("risen", "fallen"):
            assert palette_from(variables).style(role) == Style(bold=True)


def test_equal_variables_give_the_same_palette() -> None:
    assert palette_from(dict(DARK)) is palette_from(dict(DARK))


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "ansi-dark", "nord"])
async def test_the_palette_follows_the_apps_theme(theme: str) -> None:
    app: App[None] = App()
    async with app.run_test() as pilot:
        app.theme = theme
        await pilot.pause()
        palette = palette_of(app)
        assert palette is palette_of(app)
        assert palette.style("up") != palette.style("down")
        assert palette.style("text") != Style()

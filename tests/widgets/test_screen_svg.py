"""The pictures of the documents: what stands on a screen stands in the SVG, cell by cell."""

from __future__ import annotations

import re
from xml.parsers import expat

import pytest

from widgets.screen_svg import HEIGHT, MARGIN, WIDTH, Cell, screen_svg

INK, PAPER = "#cccccc", "#101010"


def drawn(*lines: str, ink: str = INK) -> str:
    return screen_svg([[Cell(text, ink, PAPER) for text in line] for line in lines], "a title")


def texts(svg: str) -> list[tuple[int, int, int, str]]:
    """Every text with its column, line and width in cells."""
    found = re.findall(r'<text x="(\d+)" y="(\d+)" textLength="(\d+)"[^>]*>([^<]*)<', svg)
    return [(int(x) // WIDTH, int(y) // HEIGHT, int(n) // WIDTH, text) for x, y, n, text in found]


def paths(svg: str) -> list[str]:
    return re.findall(r' d="([^"]*)"', svg)


def test_words_stand_in_their_cells() -> None:
    svg = drawn(" RUT  3,009 ", "      ▼ −18 ")
    assert texts(svg) == [(1, 0, 3, "RUT"), (6, 0, 5, "3,009"), (8, 1, 3, "−18")]


def test_the_picture_is_as_large_as_the_screen() -> None:
    svg = drawn("four", "rows", "here", "    ")
    size = (4 * WIDTH + 2 * MARGIN, 4 * HEIGHT + 2 * MARGIN)
    assert f'viewBox="0 0 {size[0]} {size[1]}"' in svg


def test_outside_text_stays_text() -> None:
    svg = screen_svg([[Cell(c, INK, PAPER) for c in "<b>&amp;"]], "<&>")
    expat.ParserCreate().Parse(svg, True)
    assert texts(svg) == [(0, 0, 8, "&lt;b&gt;&amp;amp;")]
    assert "<title>&lt;&amp;&gt;</title>" in svg


def test_styles_part_words() -> None:
    cells = [Cell("a", INK, PAPER), Cell("b", INK, PAPER, bold=True), Cell("c", "#ff0000", PAPER)]
    svg = screen_svg([cells], "styles")
    assert [text for *_, text in texts(svg)] == ["a", "b", "c"]
    assert svg.count('font-weight="bold"') == 1


def test_other_papers_are_painted_once_a_run() -> None:
    row = [Cell(" ", INK, paper) for paper in (PAPER, "#223040", "#223040", PAPER)]
    svg = screen_svg([row], "cursor")
    assert f'<rect x="{WIDTH}" y="0" width="{2 * WIDTH}" height="{HEIGHT}" fill="#223040"/>' in svg
    assert svg.count("<rect") == 2


@pytest.mark.parametrize(
    ("text", "dots"),
    [
        ("⠁", ["2.5 2.5"]),
        ("⠈", ["7.5 2.5"]),
        ("⡀", ["2.5 17.5"]),
        ("⢀", ["7.5 17.5"]),
        ("⠒", ["2.5 7.5", "7.5 7.5"]),
        ("⣿", [f"{x} {y}" for x in ("2.5", "7.5") for y in ("2.5", "7.5", "12.5", "17.5")]),
    ],
)
def test_braille_dots_are_where_unicode_has_them(text: str, dots: list[str]) -> None:
    (path,) = paths(drawn(text))
    assert sorted(re.findall(r"M([\d. ]+)h0", path)) == sorted(dots)


def test_blocks_fill_their_eighths() -> None:
    assert paths(drawn("▂")) == ["M0 15h10v5h-10z"]
    assert paths(drawn("▌")) == ["M0 0h5v20h-5z"]
    assert paths(drawn("█")) == ["M0 0h10v20h-10z"]


def test_lines_of_neighbours_meet() -> None:
    (path,) = paths(drawn("╭─", "│ "))
    assert path == "M10 10q-5 0 -5 5v5M10 10h5M15 10h5M5 20v10M5 30v10"


def test_shapes_of_one_colour_are_one_path() -> None:
    assert len(paths(drawn("⣀⠤⠒"))) == 1
    cells = [Cell("⣀", INK, PAPER), Cell("⣀", "#ff0000", PAPER)]
    assert len(paths(screen_svg([cells], "two colours"))) == 2

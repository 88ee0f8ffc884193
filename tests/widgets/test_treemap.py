"""The heat map: geometry in whole cells, what is on the tiles, moving between them, its cost."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from textual.binding import Binding, BindingType
from textual.color import Color

from market.health import Trouble
from market.holdings import WHOLE_MARKET
from market.quotes import Key, Kind
from market.reports import ErrorKind
from tests.clocks import THURSDAY_AFTERNOON as NOW
from tests.widgets.censuses import (
    BASKET,
    IDLE_ROW,
    MISSING_ROW,
    SUSPECT_ROW,
    census,
    counted,
    with_census,
)
from tests.widgets.pictures import empty, picture
from tests.widgets.test_panel import Host
from tui.themes import THEMES
from widgets.census_mark import census_mark
from widgets.heat import HEAT_ROLES, READABLE, contrast, heat_role, unit_of
from widgets.lines import cell_len, text_of, width_of
from widgets.palette import palette_from
from widgets.treemap import TreemapPanel
from widgets.treemap_layout import Box, Way, neighbour, squarified
from widgets.treemap_paint import detail_line, labels_of, tiles_painted
from widgets.treemap_plan import REST_AT_MOST, STEADY, Tile, arranged, steadied
from widgets.treemap_view import EVERY_MEMBER, Node, others_of, sums_of, view_of
from widgets.values import number_of

SIZES = [(196, 51), (116, 30), (76, 20), (56, 12), (36, 8), (12, 3), (5, 2), (1, 1)]
weights = st.lists(st.floats(0.0, 1e6, allow_subnormal=False), min_size=1, max_size=60)


def root_of(count: int, window: str = "1D", place: str = "") -> Node:
    root = view_of(counted(count), window, place).root
    assert root is not None
    return root


def cells_of(boxes: Sequence[Box]) -> list[tuple[int, int]]:
    return [
        (x, y) for b in boxes for x in range(b.x, b.x + b.width) for y in range(b.y, b.y + b.height)
    ]


def laid_out(root: Node, width: int, height: int) -> tuple[Tile, ...]:
    return arranged(root, width, height, steadied(root, {}))


# Geometry


@given(weights, st.integers(1, 120), st.integers(1, 50))
def test_tiles_use_every_cell_once(sizes: list[float], width: int, height: int) -> None:
    sizes = sizes[: width * height]
    boxes = squarified(tuple(sizes), Box(3, 5, width, height))
    assert len(boxes) == len(sizes)
    assert all(box.width > 0 and box.height > 0 for box in boxes)
    cells = cells_of(boxes)
    assert len(cells) == len(set(cells)) == width * height
    assert set(cells) == set(cells_of([Box(3, 5, width, height)]))


@given(st.lists(st.floats(0.5, 20.0), min_size=1, max_size=25))
def test_areas_follow_weights(sizes: list[float]) -> None:
    sizes.sort(reverse=True)
    box = Box(0, 0, 120, 40)
    for size, tile in zip(sizes, squarified(tuple(sizes), box), strict=True):
        wanted = size / math.fsum(sizes) * box.area
        assert abs(tile.area - wanted) <= tile.width + tile.height


def test_more_weights_than_cells_are_refused() -> None:
    with pytest.raises(ValueError, match="7 tiles do not fit into 6 cells"):
        squarified((1.0,) * 7, Box(0, 0, 3, 2))


@pytest.mark.parametrize("place", ["", "@sector:health-care", "@biotechnology", BASKET])
@pytest.mark.parametrize("count", [60, 2000])
@pytest.mark.parametrize("size", SIZES)
def test_every_level_fills_every_size(count: int, place: str, size: tuple[int, int]) -> None:
    root = root_of(count, place=place)
    tiles = laid_out(root, *size)
    cells = cells_of([tile.box for tile in tiles])
    assert len(cells) == len(set(cells)) == size[0] * size[1]
    leaves = [tile.node for tile in tiles if not tile.is_title]
    assert sum(node.count for node in leaves) == root.count, "nobody is left out"
    assert math.isclose(math.fsum(node.weight for node in leaves), root.weight)
    assert len({tile.node.key for tile in tiles}) == len(tiles)


@given(st.data())
def test_a_tiny_change_moves_no_tile(data: st.DataObject) -> None:
    root = root_of(60, place="@sector:health-care")
    before = steadied(root, {})
    factor = st.floats(1 - 0.9 * STEADY, 1 + 0.9 * STEADY)

    def changed(node: Node) -> Node:
        children = tuple(changed(child) for child in node.children)
        return replace(node, weight=node.weight * data.draw(factor), children=children)

    after = changed(root)
    places = [(t.node.key, t.box) for t in arranged(root, 76, 20, before)]
    assert [(t.node.key, t.box) for t in arranged(after, 76, 20, steadied(after, before))] == places


def test_a_great_change_moves_tiles() -> None:
    root = root_of(60)
    heavy = replace(root.children[-1], weight=0.9)
    after = replace(root, children=(*root.children[:-1], heavy))
    assert steadied(after, steadied(root, {}))[heavy.key] == 0.9


def test_small_ones_share_a_tile_that_leads_to_them() -> None:
    tiles = laid_out(root_of(2000), 196, 51)
    rest = {tile.node.opens: tile.node for tile in tiles if tile.node.is_rest}
    assert {"@biotechnology", "@machinery"} <= set(rest)
    others = rest["@biotechnology"]
    shown = view_of(counted(2000), "1D", others.opens, others.beside).root
    assert shown is not None
    assert (shown.label, shown.name) == (others.label, "Biotechnology")
    inside = {node.key for tile in tiles if tile.node.key == "@biotechnology" for node in
              tile.node.children if node.key not in {each.node.key for each in tiles}}  # fmt: skip
    assert {node.key for node in shown.children} == inside


@pytest.mark.parametrize("size", [(196, 51), (118, 31), (56, 12)])
@pytest.mark.parametrize("place", ["", EVERY_MEMBER, "@biotechnology", "@unmapped:@sector:energy"])
def test_others_of_others_are_maps_of_their_own_until_all_are_seen(
    place: str, size: tuple[int, int]
) -> None:
    left = root_of(2000, place=place)
    everything = sorted(node.key for node in left.children)
    seen: list[str] = []
    while True:
        tiles = laid_out(left, *size)
        rest = [t.node for t in tiles if t.node.is_rest and t.node.opens == place]
        inside = {node.key for node in left.children}
        seen += {t.node.key for t in tiles} & inside
        if not rest:
            break
        (others,) = rest
        shown = view_of(counted(2000), "1D", place, others.beside).root
        assert shown is not None
        assert 0 < others.count == shown.count < left.count
        left = shown
    assert sorted(seen) == everything, "each once, and nobody is left out"


@given(weights, st.integers(2, 120), st.integers(1, 50))
def test_the_small_ones_take_no_more_than_a_third_and_leave_room_for_one(
    sizes: list[float], width: int, height: int
) -> None:
    leaf = root_of(60, place="@biotechnology").children[0]
    leaves = tuple(replace(leaf, key=f"{n}", weight=w) for n, w in enumerate(sizes))
    tiles = laid_out(replace(leaf, key="", children=leaves), width, height)
    rest = [tile.box for tile in tiles if tile.node.is_rest]
    assert len(tiles) - len(rest) >= 1
    slack = max(width, height)
    assert all(box.area <= REST_AT_MOST * width * height + slack for box in rest)


def test_hundreds_of_members_are_seen_by_their_colour_before_any_are_lumped() -> None:
    tiles = laid_out(root_of(2000), 196, 51)
    assert sum(tile.node.is_member and not tile.node.is_rest for tile in tiles) > 600
    lumped = sum(tile.box.area for tile in tiles if tile.node.is_rest)
    assert lumped < 0.3 * 196 * 51
    inside = laid_out(root_of(2000, place="@biotechnology"), 76, 20)
    assert len(inside) == root_of(2000, place="@biotechnology").count


@pytest.mark.parametrize(
    ("ways", "back"), [("right", "left"), ("left", "right"), ("down", "up"), ("up", "down")]
)
def test_moving_goes_only_that_way_and_reaches_the_edge(ways: Way, back: Way) -> None:
    boxes = [tile.box for tile in laid_out(root_of(60), 76, 20)]
    for start in range(len(boxes)):
        path = [start]
        while (following := neighbour(boxes, path[-1], ways)) != path[-1]:
            path.append(following)
        axis: Callable[[Box], int] = (
            (lambda b: b.x) if ways in {"left", "right"} else (lambda b: b.y)
        )
        places = [axis(boxes[n]) for n in path]
        step = 1 if ways in {"right", "down"} else -1
        assert all((b - a) * step > 0 for a, b in pairwise(places))
        end = boxes[path[-1]]
        edges = {
            "right": end.x + end.width == 76, "left": end.x == 0,
            "down": end.y + end.height == 20, "up": end.y == 0,
        }  # fmt: skip
        assert edges[ways]
        if len(path) > 1:
            assert neighbour(boxes, path[-1], back) != path[-1]


# What is shown


def test_the_index_holds_sectors_that_hold_sub_sectors_that_hold_members() -> None:
    root = root_of(2000)
    assert len(root.children) == 11
    assert math.isclose(root.weight, 1.0)
    health = root.children[0]
    assert (health.label, health.opens) == ("Health Care", "@sector:health-care")
    assert {c.label for c in health.children} >= {"Biotechnology", "Pharma", "unmapped"}
    assert all(member.is_member for child in health.children for member in child.children)
    assert [c.weight for c in root.children] == sorted(
        (c.weight for c in root.children), reverse=True
    )


def test_all_members_are_tiles_of_their_own() -> None:
    root = view_of(counted(), "1D", EVERY_MEMBER).root
    assert root is not None
    assert all(node.is_member for node in root.children)
    assert sorted(node.opens for node in root.children) == sorted(census().members.symbols)


def test_returns_and_contributions_are_the_groups_own_readings() -> None:
    readings = census(60).readings
    for window in ("1D", "1Y"):
        node = root_of(60, window).children[0]
        name = window.lower()
        assert node.ret == readings[f"sector.health-care.return.{name}"].value
        assert node.contribution == pytest.approx(
            (number_of(readings[f"sector.health-care.contribution.{name}"]) or 0.0) / 1e4
        )


def test_suspect_idle_and_missing_members_are_told_and_never_count_as_zero() -> None:
    members = census(60).members
    nodes = {n.key: n for n in root_of(60, place=BASKET).children}
    nodes |= {
        n.key: n for s in root_of(60).children for sub in s.children for n in sub.children
    }  # fmt: skip
    suspect = nodes[members.symbols[SUSPECT_ROW]]
    assert (suspect.ret, suspect.note) == (None, "suspect price, left out")
    missing = nodes[members.symbols[MISSING_ROW]]
    assert (missing.ret, missing.note) == (None, "no price")
    assert nodes[members.symbols[IDLE_ROW]].note == "no trade today"
    known = replace(missing, ret=0.02, contribution=0.0002)
    assert sums_of([suspect, missing, known]) == (pytest.approx(0.02), 0.0002)
    assert sums_of([suspect, missing]) == (None, None)


def test_several_together_weigh_their_returns_by_weight_at_the_start() -> None:
    up = Node("A", "A", "A", "A", 0.02, 1.0, 0.01, is_member=True)
    flat = replace(up, key="B", weight=0.01, ret=0.0, contribution=0.0)
    parent = replace(up, key="@p", opens="@p", children=(up, flat, replace(up, key="C")))
    rest = others_of(parent, {"C"})
    assert (rest.label, rest.opens, rest.beside) == ("2 others", "@p", frozenset("C"))
    assert rest.ret == pytest.approx(0.5)
    assert rest.contribution == pytest.approx(0.01)


def test_why_there_is_nothing_to_show() -> None:
    assert view_of(empty(), "1D").reason == "waiting for the members and their prices"
    assert view_of(counted(), "1D", "@nobody").reason == "no group is called @nobody"
    hidden = view_of(counted(), "2W").root
    assert hidden is not None
    assert hidden.ret is None, "an unknown window has no returns"


NUMBER = re.compile(r"[+−]?\d[\d,]*(?:\.\d+)?")


@pytest.mark.parametrize("window", ["1D", "1Y"])
@pytest.mark.parametrize("count", [60, 2000])
@pytest.mark.parametrize("size", SIZES)
def test_rows_are_exact_and_numbers_whole(count: int, size: tuple[int, int], window: str) -> None:
    width, height = size
    tiles = laid_out(root_of(count, window), width, height)
    for ascii_only in (False, True):
        lines = tiles_painted(tiles, height, window, "", ascii_only=ascii_only)
        assert [width_of(line) for line in lines] == [width] * height
        if ascii_only:
            assert all(text_of(line).isascii() for line in lines)


@given(st.integers(0, 30), st.integers(1, 12), st.floats(-0.99, 60.0))
def test_labels_fit_and_never_cut_a_number(room: int, height: int, value: float) -> None:
    node = Node("X", "X", "Semiconductors", "Semiconductors", 0.01, value, value / 100)
    rows = labels_of(node, "1D", room, height)
    assert len(rows) <= max(1, height)
    assert all(cell_len(row) <= room for row in rows)
    whole = set(NUMBER.findall(" ".join(labels_of(node, "1D", 80, 9))))
    exact = {f"{abs(value) * 100:{comma}.{n}f}" for n in (0, 1) for comma in ("", ",")}
    bounded = " ".join(rows).replace(">999", "")  # says itself that it is not the number
    for found in NUMBER.findall(bounded):
        assert found in whole or found.lstrip("+−") in exact


def test_where_the_number_has_no_room_an_arrow_tells_the_direction() -> None:
    node = Node("X", "X", "ABCD", "ABCD Inc", 0.01, -0.0212, 0.0)
    assert labels_of(node, "1D", 12, 1) == ["ABCD −2.12"]
    assert labels_of(node, "1D", 6, 1) == ["▼ABCD"]
    assert labels_of(node, "1D", 3, 1) == ["▼"]
    assert labels_of(node, "1D", 4, 3) == ["ABCD", "▼"]
    assert labels_of(node, "1D", 5, 2) == ["ABCD", "−2.12"]


def test_contributions_of_a_picture_have_the_same_decimals_or_are_left_out() -> None:
    node = Node("X", "X", "BASME", "Basme Inc", 0.005, -0.008, -0.000042, is_member=True)
    assert labels_of(node, "1D", 8, 5, of_members=True) == ["BASME", "−0.80", "−0.42 bp"]
    assert labels_of(node, "1D", 7, 5, of_members=True) == ["BASME", "−0.80"]
    assert labels_of(node, "1D", 8, 5) == ["BASME", "−0.80", "−0.4 bp"]
    tiny = replace(node, contribution=0.000002)
    assert labels_of(tiny, "1D", 8, 5) == ["BASME", "−0.80"], "no zero that is none"
    assert labels_of(replace(node, contribution=0.0), "1D", 7, 5, of_members=True)[2:] == [
        "0.00 bp"
    ]
    lines = tiles_painted(laid_out(root_of(2000), 196, 50), 50, "1D", "", ascii_only=False)
    told = re.findall(r"\d+(?:\.(\d+))? bp", " ".join(text_of(line) for line in lines))
    assert {len(decimals) for decimals in told} == {2}


def test_how_many_others_there_are_is_never_cut() -> None:
    node = Node("X", "X", "1,133 others", "All", 0.01, -0.02, 0.0, 1133, is_rest=True)
    assert labels_of(node, "1D", 12, 2) == ["1,133 others", "−2.00"]
    assert labels_of(node, "1D", 11, 2) == ["1,133", "−2.00"]
    assert labels_of(node, "1D", 7, 1) == ["▼1,133"]
    assert labels_of(node, "1D", 5, 1) == ["▼"]


def test_the_line_beneath_tells_all_of_the_chosen_tile() -> None:
    node = replace(root_of(60).children[0], note="halted")
    words = text_of(detail_line(node, "1D", 120, members=False))
    for part in ("Health Care", "1D −2.23 %", "weight 20.60 %", "contributes", "bp", "13 members"):
        assert part in words
    assert "halted" in words
    assert words.rstrip().endswith("−2  −1  −0.5  0  +0.5  +1  +2"), "the steps of colour"
    for width in range(1, 80):
        assert width_of(detail_line(node, "1D", width, members=False)) <= max(width, 24)


# Colour


def test_colour_never_contradicts_the_sign_and_steps_with_the_size() -> None:
    unit = unit_of("1D", members=True)
    assert unit == 2 * unit_of("1D", members=False)
    found = [heat_role(value, unit) for value in (0.001, 0.011, 0.021, 0.05)]
    assert found == ["heat_up_1", "heat_up_2", "heat_up_3", "heat_up_4"]
    assert [heat_role(v, unit) for v in (-0.05, 0.00004, -0.00004)] == [
        "heat_down_4", "heat_flat", "heat_flat",
    ]  # fmt: skip
    assert {heat_role(value, unit) for value in (None, math.nan, math.inf)} == {"heat_none"}


@pytest.mark.parametrize("theme", THEMES, ids=lambda t: t.name)
def test_words_can_be_read_on_every_step_of_every_theme(theme: object) -> None:
    variables = next(t for t in THEMES if t is theme).to_color_system().generate()
    palette = palette_from(variables)
    grounds = set[str]()
    for role in HEAT_ROLES:
        style = palette.style(role)
        assert style.color is not None
        assert style.bgcolor is not None
        ground, words = (
            Color.from_rich_color(style.bgcolor), Color.from_rich_color(style.color),
        )  # fmt: skip
        if not role.endswith("_edge"):
            assert contrast(words, ground) >= READABLE - 0.05, role
            grounds.add(ground.hex)
    assert len(grounds) == 11, "every step looks different"


def test_without_colours_to_mix_the_strong_steps_are_reversed() -> None:
    ansi = {"up": "ansi_green", "down": "ansi_red", "surface": "ansi_default"}
    for variables in (ansi, {}):
        palette = palette_from(variables)
        assert palette.style("heat_chosen").reverse
        assert not palette.style("heat_up_1").reverse
        assert all(palette.style(role).bgcolor is None for role in HEAT_ROLES)
    assert palette_from(ansi).style("heat_down_4").reverse


# The mark


def test_the_mark_tells_age_late_and_trouble() -> None:
    assert census_mark(counted()).text == "nasdaq 40s"
    assert census_mark(counted().at(NOW.replace(hour=19, minute=20))).text.startswith("nasdaq late")
    trouble = Trouble(ErrorKind.REFUSED, "nasdaq refuses", "nasdaq", NOW)
    failing = replace(counted(), troubles={Key(Kind.LISTINGS, WHOLE_MARKET): trouble})
    assert "refused" in census_mark(failing).text
    assert census_mark(empty()).text == "waiting"


# The panel


class Keys(TreemapPanel):
    """The panel with keys of its own; the program's come from its table."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(keys, action)
        for keys, action in (
            ("h,left", "cursor_left"), ("l,right", "cursor_right"), ("k,up", "cursor_up"),
            ("j,down", "cursor_down"), ("g", "home"), ("G", "end"), ("enter", "open"),
        )
    ]  # fmt: skip


async def test_keys_move_to_neighbours_and_enter_opens() -> None:
    panel = Keys()
    app = Host(panel)
    async with app.run_test(size=(80, 23)) as pilot:
        panel.snapshot = counted(60)
        panel.focus()
        await pilot.pause()
        first = panel.chosen
        assert first is not None
        assert first.opens == panel.cursor_symbol
        assert first.label in app.lines()[-2]
        await pilot.press("l")
        second = panel.chosen
        assert second is not None
        assert second.key != first.key
        assert second.label[:4] in app.lines()[-2]
        await pilot.press("left", "k", "g")
        assert panel.cursor_symbol == "@sector:health-care", "titles can be chosen too"
        await pilot.press("enter", "G", "enter")
        assert app.messages[0] == "@sector:health-care"
        assert len(app.messages) <= 2


async def test_a_click_chooses_and_a_second_opens() -> None:
    panel = TreemapPanel()
    app = Host(panel)
    async with app.run_test(size=(80, 23)) as pilot:
        panel.snapshot = counted(60)
        await pilot.pause()
        row = next(n for n, line in enumerate(app.lines()) if "Pharma" in line)
        offset = (app.lines()[row].index("Pharma"), row)
        await pilot.click(TreemapPanel, offset=offset)
        assert panel.cursor_symbol == "@pharma"
        assert app.messages == []
        await pilot.click(TreemapPanel, offset=offset)
        assert app.messages == ["@pharma"]
        await pilot.click(TreemapPanel, offset=(5, 0))
        assert app.messages == ["@pharma", "title"]


async def test_place_window_and_news_change_the_picture_and_keep_the_chosen_tile() -> None:
    panel = TreemapPanel()
    app = Host(panel)
    async with app.run_test(size=(80, 23)) as pilot:
        panel.snapshot = empty()
        await pilot.pause()
        assert "waiting for the members" in app.lines()[1]
        await pilot.resize_terminal(26, 12)
        await pilot.pause()
        assert any("prices" in line for line in app.lines()[2:4]), "the reason is whole"
        await pilot.resize_terminal(80, 23)
        panel.snapshot = counted(60)
        panel.action_end()
        await pilot.pause()
        panel.action_end()
        chosen = panel.cursor_symbol
        panel.snapshot = with_census(picture(), census(60, NOW.replace(minute=33)))
        await pilot.pause()
        assert panel.cursor_symbol == chosen
        panel.window = "1Y"
        await pilot.pause()
        assert "1Y" in app.lines()[0]
        panel.show_place("@sector:health-care", frozenset())
        await pilot.pause()
        assert "Health Care · 1Y" in app.lines()[0]
        panel.show_place("@biotechnology", frozenset())
        await pilot.pause()
        assert "Biotechnology" in app.lines()[0]
        assert panel.chosen is not None
        assert panel.chosen.is_member


@pytest.mark.parametrize("size", [(200, 54), (80, 23), (40, 11), (20, 4), (7, 2), (3, 1)])
@pytest.mark.parametrize("ascii_only", [False, True])
async def test_every_size_paints(size: tuple[int, int], ascii_only: bool) -> None:
    panel = TreemapPanel()
    app = Host(panel)
    app.ascii_only = ascii_only
    async with app.run_test(size=size) as pilot:
        for snapshot in (empty(), counted(60), counted(2000)):
            panel.snapshot = snapshot
            await pilot.pause()
            assert {len(line) for line in app.lines()} == {size[0]}

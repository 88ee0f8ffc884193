"""The rotation panel: quadrants, trails, names that do not overlap, the cursor, clicks."""

from __future__ import annotations

import math
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from textual import events

from market.census import Trail
from market.holdings import doubles
from market.metrics.rotation import Quadrant
from market.reading import Reading
from market.snapshot import Snapshot
from tests.clocks import THURSDAY_AFTERNOON
from tests.widgets.censuses import census, counted, with_census
from tests.widgets.pictures import empty, picture
from tests.widgets.test_panel import Host
from widgets.lines import text_of, width_of
from widgets.plotting import prepare
from widgets.rotation import ORDER, RotationPanel, view_of
from widgets.rotation_list import LEGEND_FROM, SLIM_FROM
from widgets.rotation_paint import Plotted, painted
from widgets.rotation_ways import RotationView
from widgets.strips import BASKET_SIGN


@pytest.fixture(autouse=True)
def _charts() -> None:
    prepare()


def with_trails(*trails: Trail) -> Snapshot:
    return with_census(picture(), replace(census(60), trails=trails))


def with_trails_and(index: Reading, *trails: Trail) -> Snapshot:
    """The picture with a reading of the index's return in the members' session."""
    found = census(60)
    readings = {**found.readings, "attribution.index.1d": index}
    return with_census(picture(), replace(found, trails=trails, readings=readings))


def trail(name: str, *points: tuple[float, float]) -> Trail:
    return Trail(
        symbol=f"@{name}", name=name,
        ratio=doubles(x for x, _ in points), momentum=doubles(y for _, y in points),
    )  # fmt: skip


@cache
def four() -> Snapshot:
    """One group in each quadrant; made when it is wanted, not by every worker that collects."""
    return with_trails(
        trail("Lead", (100.5, 101.0), (101.0, 101.0)), trail("Weak", (101.0, 100.2), (101.0, 99.0)),
        trail("Lag", (99.5, 99.0), (99.0, 99.0)), trail("Gain", (99.0, 100.0), (99.0, 101.0)),
    )  # fmt: skip


def rows_of(plotted: Plotted) -> list[str]:
    return [text_of(line) for line in plotted.lines]


def test_groups_are_listed_by_quadrant_the_farthest_out_first() -> None:
    view = view_of(counted(2000))
    places = [ORDER.index(way.quadrant) for way in view.ways]
    assert places == sorted(places)
    leading = [way.reach for way in view.ways if way.quadrant is Quadrant.LEADING]
    assert leading == sorted(leading, reverse=True)


def test_each_head_stands_in_its_quarter_and_each_corner_names_it() -> None:
    plotted = painted(view_of(four()), 60, 21, "@Lead")
    rows = rows_of(plotted)
    assert "Improving" in rows[0]
    assert rows[0].rstrip().endswith("Leading")
    assert "Lagging" in rows[18]
    assert rows[18].rstrip().endswith("Weakening")
    heads = {symbol: (column, row) for column, row, symbol in plotted.heads}
    middle = rows[0].index("│")
    assert heads["@Lead"][0] > middle > heads["@Gain"][0]
    assert heads["@Weak"][0] > middle > heads["@Lag"][0]
    assert heads["@Lead"][1] == heads["@Gain"][1] < heads["@Weak"][1] == heads["@Lag"][1]
    assert all(rows[row][column] in "●◉" for column, row in heads.values())


def test_a_basket_has_the_sign_it_has_among_the_leaders() -> None:
    basket = replace(trail("AI", (100.5, 99.0)), symbol="@basket:ai")
    view = view_of(with_trails(basket, trail("Lead", (101.0, 101.0))))
    for chosen, sign in (("@Lead", BASKET_SIGN), ("@basket:ai", "◉")):
        plotted = painted(view, 100, 21, chosen)
        heads = {symbol: (column, row) for column, row, symbol in plotted.heads}
        column, row = heads["@basket:ai"]
        assert rows_of(plotted)[row][column] == sign
        assert any(f"{sign} AI" in line for line in rows_of(plotted)), "in the list too"


def trailing(plotted: Plotted) -> int:
    """Return how many cells show the trails of others than the chosen group."""
    runs = (run for line in plotted.lines for run in line)
    return sum(len(text.strip()) for text, role in runs if role == "volume")


def test_all_groups_show_whence_they_came_and_go_further_back_where_there_is_room() -> None:
    ways = [  # from the rim to their heads in the middle, none over another
        trail(f"W{n}", *((100 + r * math.cos(n / 3), 100 + r * math.sin(n / 3)) for r in _REACHES))
        for n in range(18)
    ]
    view = view_of(with_trails(*ways, *(trail(f"Still{n}", (100.0, 100.0)) for n in range(22))))

    def per_way(width: int, height: int) -> float:
        return trailing(painted(view, width, height, "@W0")) / 17

    assert per_way(196, 52) > per_way(130, 40) > 2
    assert per_way(70, 20) == 0, "a scribble of forty would say nothing"


_REACHES = (8.0, 7.0, 6.0, 5.0, 4.0, 3.0)


def test_the_numbers_of_the_list_have_titles_wherever_it_begins() -> None:
    view = view_of(counted(2000))
    for first in (0, 3, 9):
        rows = rows_of(painted(view, LEGEND_FROM, 14, view.ways[0].symbol, first=first))
        assert rows[0].endswith("  ratio momentum")
        assert not any("momentum" in row for row in rows[1:-1])
    assert "momentum" not in rows_of(painted(view, SLIM_FROM, 14, view.ways[0].symbol))[0]


def test_a_name_stands_askew_where_its_row_and_the_rows_beside_are_taken() -> None:
    heads = [(100.0 + math.sin(4 * n), 100.0 + math.cos(11 * n)) for n in range(12)]
    view = view_of(
        with_trails(*(trail(f"Some zone {n:02d}", head) for n, head in enumerate(heads)))
    )
    body = "\n".join(rows_of(painted(view, 50, 9, "@Some zone 00"))[:-1])
    assert body.count("Some zone") == 9, "and 7 otherwise"


@given(
    st.lists(
        st.tuples(st.floats(95, 105), st.floats(95, 105)), min_size=1, max_size=30, unique=True
    ),
    st.integers(30, SLIM_FROM - 1),
    st.integers(6, 40),
)
def test_names_never_overlap_and_are_whole(
    points: list[tuple[float, float]], width: int, height: int
) -> None:
    names = [f"{chr(65 + n % 26)}{n:02d}zone" for n in range(len(points))]
    trails = (trail(name, point) for name, point in zip(names, points, strict=True))
    plotted = painted(view_of(with_trails(*trails)), width, height, f"@{names[0]}")
    assert len(plotted.lines) <= height
    assert all(width_of(line) <= width for line in plotted.lines)
    body = "\n".join(rows_of(plotted)[:-1])
    pieces = body.count("zone")
    assert pieces == sum(body.count(name) for name in names), "a name is whole or not there"
    assert body.count(names[0]) <= 1


def test_a_list_stands_beside_where_there_is_room_with_the_chosen_group_in_sight() -> None:
    view = view_of(counted(2000))
    assert painted(view, SLIM_FROM - 1, 20, view.ways[0].symbol).legend_at == 0
    for way in view.ways:
        for width in (LEGEND_FROM, SLIM_FROM):
            plotted = painted(view, width, 14, way.symbol)
            assert len(plotted.listed) == 13
            row = rows_of(plotted)[plotted.listed.index(way.symbol)]
            assert way.name[:17] in row[plotted.legend_at :]
            assert ("100." in row[plotted.legend_at :]) <= (width == LEGEND_FROM)


@pytest.mark.parametrize("height", [6, 14, 60])
def test_groups_stand_below_the_word_of_their_quadrant(height: int) -> None:
    view = view_of(counted(2000))
    quadrant_of = {way.symbol: way.quadrant for way in view.ways}
    for way in view.ways[:: 1 if height < 60 else 9]:
        plotted = painted(view, 110, height, way.symbol)
        heading = ""
        for row, symbol in zip(rows_of(plotted), plotted.listed, strict=False):
            heading = heading if symbol else row[plotted.legend_at :].split()[0].lower()
            assert not symbol or heading == quadrant_of[symbol]


def test_the_plot_ends_near_its_outermost_points_and_keeps_the_middle() -> None:
    view = view_of(
        with_trails(trail("A", (101.0, 106.0), (102.0, 105.0)), trail("B", (104.0, 100.1)))
    )
    for width, height in ((40, 12), (65, 24), (60, 50)):
        plotted = painted(view, width, height, "@B")
        rows = rows_of(plotted)[:-2]
        middle = next(n for n, row in enumerate(rows) if "──────" in row)
        assert len(rows) - 1 - middle <= 2 + height // 40, "the middle is the lowest point"
        upright = next(row.index("│") for row in rows if "│" in row)
        assert upright < width // 4, "and the leftmost"
        assert max(column for column, _, _ in plotted.heads) > 0.85 * width
        assert not any("Lagging" in row for row in rows), "no word outside its quadrant"


@given(st.lists(st.tuples(st.floats(90, 110), st.floats(90, 110)), min_size=1, max_size=12))
def test_every_point_of_the_chosen_trail_is_in_the_plot(points: list[tuple[float, float]]) -> None:
    view = view_of(with_trails(trail("Way", *points), trail("Other", (100.0, 100.0))))
    plotted = painted(view, 60, 20, "@Way")
    (column, row) = next((c, r) for c, r, symbol in plotted.heads if symbol == "@Way")
    assert rows_of(plotted)[row][column] == "◉"
    assert 0 < row < 18, "and no head stands on the row of a quadrant's word"


def test_a_small_plot_leaves_out_how_the_others_came() -> None:
    view = view_of(counted(2000))
    others = [
        sum(text.strip("⠀ ") != "" for line in painted(view, *size, view.ways[0].symbol).lines
            for text, role in line if role == "volume")
        for size in ((80, 22), (120, 34), (196, 52))
    ]  # fmt: skip
    assert others[0] == 0 < others[1] < others[2]


def test_a_broken_trail_keeps_its_newest_part_and_an_unknown_head_no_place() -> None:
    broken = trail("Broken", (99.0, 99.0), (math.nan, 99.0), (101.0, 101.0), (101.5, 101.5))
    gone = trail("Gone", (99.0, 99.0), (math.nan, math.nan))
    (way,) = view_of(with_trails(broken, gone, trail("Empty"))).ways
    assert (way.name, len(way.ratio)) == ("Broken", 2)


def test_why_there_is_nothing() -> None:
    def told(snapshot: Snapshot, width: int = 60) -> list[str]:
        return rows_of(painted(view_of(snapshot), width, 9, ""))

    assert "waiting for the members" in told(empty())[4], "in the middle"
    level = Reading(0.01, THURSDAY_AFTERNOON, "yahoo")
    assert "28 sessions" in told(with_trails_and(level))[4]
    why = "the index's price is of Wed, the members' of Thu"
    row = told(with_trails_and(Reading(None, reason=why)))[4]
    assert row.strip() == why
    assert abs(len(row) - len(why) - (60 - len(row))) <= 1, "as much before it as behind"
    assert " ".join(told(with_trails_and(Reading(None, reason=why)), 30)).split() == why.split()
    assert painted(RotationView(), 0, 0, "").lines == ()


async def test_keys_walk_the_list_and_enter_opens() -> None:
    panel = RotationPanel()
    app = Host(panel)
    async with app.run_test(size=(110, 24)) as pilot:
        panel.snapshot = counted(2000)
        await pilot.pause()
        assert "approximate" in app.lines()[0]
        symbols = [way.symbol for way in view_of(counted(2000)).ways]
        assert panel.cursor_symbol == symbols[0]
        panel.action_cursor_down()
        panel.action_open()
        panel.action_end()
        panel.action_cursor_down()
        assert panel.cursor_symbol == symbols[-1]
        panel.action_home()
        panel.action_cursor_up()
        assert panel.cursor_symbol == symbols[0]
        await pilot.pause()
        assert app.messages == [symbols[1]]


async def test_a_click_on_a_head_or_a_row_chooses_and_a_second_opens() -> None:
    panel = RotationPanel()
    app = Host(panel)
    async with app.run_test(size=(110, 24)) as pilot:
        panel.snapshot = four()
        await pilot.pause()
        column, row, _ = next(h for h in panel._plotted.heads if h[2] == "@Lag")
        for _ in range(2):
            await pilot.click(RotationPanel, offset=(column + 2, row + 1))
        assert panel.cursor_symbol == "@Lag"
        assert app.messages == ["@Lag"]
        at = panel._plotted.legend_at + 2
        await pilot.click(RotationPanel, offset=(at + 4, 1))
        assert panel.cursor_symbol == "@Lag", "a quadrant's own row is no group"
        await pilot.click(RotationPanel, offset=(at + 4, 2))
        assert panel.cursor_symbol == panel._plotted.listed[1]
        await pilot.click(RotationPanel, offset=(6, 0))
        assert app.messages[-1] == "title"


async def test_the_wheel_shows_all_of_a_long_list_and_a_click_leaves_it_where_it_is() -> None:
    panel = RotationPanel()
    app = Host(panel)
    async with app.run_test(size=(110, 24)) as pilot:
        panel.snapshot = counted(2000)
        await pilot.pause()
        chosen, seen, steps = panel.cursor_symbol, list(panel._plotted.listed), 0
        assert "more rows" in app.lines()[21]
        while panel._plotted.first < panel._plotted.most:
            panel.post_message(wheel(panel))
            await pilot.pause()
            seen += panel._plotted.listed
            steps += 1
            assert steps < 20
        assert {s for s in seen if s} == set(panel._symbols)
        assert panel.cursor_symbol == chosen, "the wheel chooses nobody"
        assert not any("more rows" in line for line in app.lines())
        first = panel._plotted.first
        at = (panel._plotted.legend_at + 6, len(panel._plotted.listed))
        for _ in range(2):
            await pilot.click(RotationPanel, offset=at)
        assert app.messages == [panel._plotted.listed[-1]]
        assert panel._plotted.first == first
        panel.action_home()
        await pilot.pause()
        assert panel._plotted.first == 0


def wheel(panel: RotationPanel) -> events.MouseScrollDown:
    """A step of the wheel over the panel."""
    return events.MouseScrollDown(panel, 5, 5, 0, 1, 0, False, False, False)


@pytest.mark.parametrize("size", [(200, 55), (80, 24), (40, 12), (20, 4), (7, 2)])
@pytest.mark.parametrize("ascii_only", [False, True])
async def test_every_size_paints(size: tuple[int, int], ascii_only: bool) -> None:
    panel = RotationPanel()
    app = Host(panel)
    app.ascii_only = ascii_only
    async with app.run_test(size=size) as pilot:
        for snapshot in (empty(), four(), counted(2000)):
            panel.snapshot = snapshot
            await pilot.pause()
            assert {len(line) for line in app.lines()} == {size[0]}
            if ascii_only:
                assert all(line.isascii() for line in app.lines())

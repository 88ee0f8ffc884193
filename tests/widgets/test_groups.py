"""Leaders made of the index's members, the card of a group, and a member's place in the index."""

from __future__ import annotations

import math

import pytest
from msgspec.structs import replace

from market.census import GroupKind
from market.metrics.compute import compute, metric_named
from market.reading import Reading
from market.snapshot import Snapshot
from tests.widgets.censuses import BASKET, SUSPECT_ROW, census, counted
from tests.widgets.numbers import assert_good_at_all_sizes
from tests.widgets.pictures import empty, picture
from widgets.board_layout import seats
from widgets.board_listing import Listing
from widgets.board_model import Sort
from widgets.board_rows import ordered
from widgets.group_card import GroupView, paint, view_of
from widgets.leaders import BASKET_MARK, board_rows, columns_for
from widgets.leaders_view import RowKind, awaited, leader_rows, leads_by_members
from widgets.lines import text_of, width_of
from widgets.quote_card import paint as paint_quote
from widgets.quote_place import place_lines, place_of
from widgets.quote_view import view_of as quote_view
from widgets.values import WINDOWS, Value


def with_reading(snapshot: Snapshot, name: str, value: float) -> Snapshot:
    found = snapshot.census
    assert found is not None
    readings = {**found.readings, name: Reading(value, snapshot.now, "nasdaq")}
    return replace(snapshot, census=replace(found, readings=readings))


def first_day(count: int = 300) -> Snapshot:
    """The first minutes: of members the day is known and no past."""
    snapshot, found = counted(count), census(count)
    windows = tuple(f".{window.lower()}" for window in WINDOWS if window != "1D")
    of_past = {
        name: Reading(None, reason="too few", used=30, total=count, coverage=0.1)
        for name in found.readings
        if name.endswith(windows)
    }
    return replace(snapshot, census=replace(found, readings={**found.readings, **of_past}))


def told(view: GroupView, width: int = 60, height: int = 20) -> str:
    return "\n".join(text_of(line).rstrip() for line in paint(view, width, height))


@pytest.mark.parametrize("window", WINDOWS)
def test_leaders_are_sub_sectors_and_baskets_and_what_is_left(window: str) -> None:
    rows = leader_rows(counted(300), window)
    groups = [g for g in census(300).groups if g.kind is not GroupKind.SECTOR]
    *ranked, unmapped, last = rows
    assert {r.key for r in ranked} == {g.symbol for g in groups}
    returns = [r.returns[0][1].number or 0.0 for r in ranked]
    assert returns == sorted(returns, reverse=True)
    assert [r.rank for r in rows] == [*range(1, len(ranked) + 1), None, None]
    assert unmapped.kind is RowKind.UNMAPPED
    assert last.kind is RowKind.UNATTRIBUTED
    assert last.contribution.number == pytest.approx(-0.0003)
    assert not last.returns[0][1].known


def test_on_the_first_day_leaders_have_their_day_and_longer_windows_wait() -> None:
    whole, first = leader_rows(counted(300), "1D"), leader_rows(first_day(), "1D")
    assert [r.returns[0] for r in first] == [r.returns[0] for r in whole]
    assert [r.rank for r in first] == [r.rank for r in whole]
    assert {v.known for r in first for w, v in r.returns if w != "1D" and r.rank} == {False}
    assert leads_by_members(first_day(), "1D")
    assert leads_by_members(first_day(), "1D", "Health Care")


def test_funds_stay_while_the_members_past_is_not_in_for_the_window() -> None:
    for sector in ("", "Health Care"):
        rows = leader_rows(first_day(), "1M", sector)
        assert {row.kind for row in rows} == {RowKind.FUND}
        assert not leads_by_members(first_day(), "1M", sector)
        assert leads_by_members(counted(300), "1M", sector)
    assert awaited(first_day(), "1M") == "until the members' past is in, 30 of 300"
    assert awaited(first_day(), "1M", "Health Care", 20) == "past 30 of 300"
    assert awaited(picture(), "1M") == "until members arrive"
    assert awaited(first_day(), "1M", "A sector without sub-sectors") == ""


def test_most_groups_decide_whether_a_window_is_known() -> None:
    first, whole = first_day().census, census(300)
    assert first is not None
    slugs = [g.slug for g in whole.groups if g.kind is not GroupKind.SECTOR]
    for known, expected in ((len(slugs) // 2, False), (len(slugs) // 2 + 1, True)):
        names = [f"{slug}.return.1m" for slug in slugs[:known]]
        told = {**first.readings, **{name: whole.readings[name] for name in names}}
        seen = replace(first_day(), census=replace(first, readings=told))
        assert leads_by_members(seen, "1M") is expected
        absent = [row for row in leader_rows(seen, "1M") if row.rank is None]
        assert {row.trend for row in absent} <= {()}, "no trend of a window that is not known"


def test_contributions_are_those_of_the_members() -> None:
    members = census(300).members
    for row in leader_rows(counted(300), "1M"):
        group = census(300).group(row.key)
        if group is not None:
            gains = (members.contributions["1M"][n] for n in group.rows if n != SUSPECT_ROW)
            expected = math.fsum(g for g in gains if not math.isnan(g))
            assert row.contribution.number == pytest.approx(expected)


@pytest.mark.parametrize("window", WINDOWS)
def test_sub_sectors_and_unmapped_members_make_up_the_whole_index(window: str) -> None:
    members = census(300).members
    rows = [r for r in leader_rows(counted(300), window) if r.kind is not RowKind.BASKET]
    gain = math.fsum(r.contribution.number or 0.0 for r in rows[:-1])
    known = (g for n, g in enumerate(members.contributions[window]) if n != SUSPECT_ROW)
    assert gain == pytest.approx(math.fsum(g for g in known if not math.isnan(g)))


def test_until_the_members_are_known_funds_stand_for_them() -> None:
    assert all(row.kind is RowKind.FUND for row in leader_rows(picture(), "1D"))


def test_a_sector_has_its_sub_sectors_and_its_unmapped_members() -> None:
    found = census(300)
    sector = next(g for g in found.groups if g.sector == "Health Care")
    rows = leader_rows(counted(300), "1D", "Health Care")
    assert {r.sector for r in rows} == {"Health Care"}
    gain = math.fsum(r.contribution.number or 0.0 for r in rows)
    whole = found.readings[f"{sector.slug}.contribution.1d"].value
    assert isinstance(whole, float)
    assert gain == pytest.approx(whole / 1e4)
    unmapped = rows[-1]
    assert unmapped.kind is RowKind.UNMAPPED
    members = found.members
    inside = [
        n for n, s in enumerate(members.sectors) if s == "Health Care" and not members.subsectors[n]
    ]
    weight = math.fsum(members.weight[n] for n in inside)
    gains = math.fsum(members.contributions["1D"][n] for n in inside)
    assert unmapped.returns[0][1].number == pytest.approx(gains / weight)


@pytest.mark.parametrize("window", WINDOWS)
def test_cells_stand_under_their_columns_and_baskets_are_marked(window: str) -> None:
    columns = columns_for(window, by_members=True)
    rows = board_rows(leader_rows(counted(300), window), window)
    assert all(len(row.cells) == len(columns) for row in rows)
    names = {row.key: row.cells[1].text for row in rows}
    assert names[BASKET] == BASKET_MARK + "Automation"
    assert sum(name.startswith(BASKET_MARK) for name in names.values()) == 1


def test_what_is_of_today_says_so_beside_another_window() -> None:
    titles = {w: {c.id: c.title for c in columns_for(w, by_members=True)} for w in WINDOWS}
    assert {w: t["advancing"] for w, t in titles.items()} == {
        w: "adv" if w == "1D" else "adv 1D" for w in WINDOWS
    }


@pytest.mark.parametrize("column", ["name", "window", "contribution", "advancing", "relative"])
@pytest.mark.parametrize("reverse", [True, False])
def test_what_belongs_to_no_group_stays_last_in_any_order(column: str, reverse: bool) -> None:
    rows = board_rows(leader_rows(counted(300), "1D"), "1D")
    in_order = ordered(rows, columns_for("1D", by_members=True), Sort(column, reverse), "")
    assert [row.key for row in in_order[-2:]] == [RowKind.UNMAPPED, RowKind.UNATTRIBUTED]


@pytest.mark.parametrize(("bp", "window", "role"), [
    (19.0, "1D", "muted"), (-21.0, "1D", "failing"), (21.0, "1D", "failing"), (60.0, "1Y", "muted"),
])  # fmt: skip
def test_a_large_residual_of_a_day_is_red(bp: float, window: str, role: str) -> None:
    found = with_reading(counted(), f"attribution.residual.{window.lower()}", bp)
    last = board_rows(leader_rows(found, window), window)[-1]
    cell = next(c for c in last.cells if c.text.replace("−", "-") == f"{bp:+.1f}")
    assert cell.role == role


@pytest.mark.parametrize("width", [38, 62, 98])
def test_the_contribution_is_the_last_figure_to_leave(width: int) -> None:
    columns = columns_for("1D", by_members=True)
    listing = Listing(columns)
    listing.replace(board_rows(leader_rows(counted(300), "1D"), "1D"))
    placed = seats(columns, listing.needs, listing.sparks, width)
    assert {"name", "window", "contribution"} <= {columns[s.column].id for s in placed}


def test_the_figures_of_groups_have_names_that_metrics_know() -> None:
    cast = counted().cast
    for name in ("subsector.biotechnology.contribution.1d", "basket.automation.return.1m"):
        found = metric_named(name, cast)
        assert found is not None
        assert found[0].name == name
    assert metric_named("subsector.nobody.return.1d", cast) is None


def test_the_card_of_a_basket_tells_its_rule_and_the_funds_beside() -> None:
    words = told(view_of(counted(300), BASKET, "1D"), 60)
    for word in (
        "contributes",
        "pts",
        "weight",
        "adv today",
        "RVol",
        " bp",
        ">50DMA",
        "NH",
        "beside BOTZ",
        "Every fifth member. (as of 1 Jul)",
        "of 60 members",
    ):
        assert word in words, words
    assert "Every" not in told(view_of(counted(300), "@biotechnology", "1D"))


def test_what_the_figures_are_made_of_is_whole_where_the_card_has_the_lines() -> None:
    made_of = "2 of 2 members, 100.0 % of weight; 2 of 3 symbols named are members, without NOSUCH"
    view = replace(view_of(counted(300), BASKET, "1D"), coverage=f"{made_of}, holdings 3 Aug")
    assert "without NOSUCH, holdings 3 Aug" in " ".join(told(view, 36, 20).split())
    assert "without NOSUCH, holdings 3 Aug" in " ".join(told(view, 36, 11).split())
    assert told(view, 36, 12).splitlines()[-1] == told(view, 36, 20).splitlines()[-1], "the rule"


def test_a_low_card_keeps_what_tells_most() -> None:
    one = told(view_of(counted(300), "@sector:health-care", "1D"), 76, 1)
    assert "contributes" in one
    assert "weight" in one


@pytest.mark.parametrize(("count", "roles"), [(0.0, ("text", "text")), (2.0, ("up", "down"))])
def test_no_new_highs_or_lows_have_no_colour(count: float, roles: tuple[str, str]) -> None:
    told = (("new_highs", Value(count)), ("new_lows", Value(count)))
    runs = [run for line in paint(GroupView("Software", "1D", told), 60, 12) for run in line]
    at = [runs.index((label, "faint")) + 1 for label in ("NH ", "NL ")]
    assert [runs[n] for n in at] == [(f"{count:.0f}", role) for role in roles]


def test_a_card_without_members_says_why() -> None:
    assert "waiting" in told(view_of(empty(), "@biotechnology", "1D"))
    assert "no group is called @nobody" in told(view_of(counted(), "@nobody", "1D"))


@pytest.mark.parametrize("symbol", [BASKET, "@sector:health-care"])
def test_the_card_is_good_at_all_sizes(symbol: str) -> None:
    view = view_of(counted(300), symbol, "YTD")
    assert_good_at_all_sizes(lambda width, height: paint(view, width, height))


def known_member(snapshot: Snapshot, symbol: str) -> Snapshot:
    """Return a snapshot in which somebody looks at a symbol."""
    quotes = {**snapshot.quotes, symbol: replace(snapshot.quotes["IWM"], symbol=symbol)}
    seen = replace(snapshot, quotes=quotes)
    return replace(seen, readings={**seen.readings, **compute(seen, {symbol})})


def test_the_quote_of_a_member_tells_its_place_in_the_index() -> None:
    symbol = census().members.symbols[0]
    view = quote_view(known_member(counted(), symbol), symbol)
    words = "\n".join(text_of(line) for line in paint_quote(view, 60, 50))
    members = census().members
    assert view.day.number is not None
    gain = members.weight[0] * view.day.number
    assert view.place.figures["contribution.1d"].number == pytest.approx(gain * 1e4)
    for word in ("weight", "bp", "pts", "rank today", "in sector", "ADV$", "Amihud",
                 members.sectors[0], f"industry {members.industries[0]}",
                 "membership in the one holdings file kept"):  # fmt: skip
        assert word in words, words


@pytest.mark.parametrize("width", [20, 30, 36, 44, 60, 90])
def test_no_figure_of_a_place_is_dropped_on_a_narrow_card(width: int) -> None:
    symbol = census().members.symbols[0]
    lines = place_lines(quote_view(known_member(counted(), symbol), symbol).place, width)
    assert all(width_of(line) <= width for line in lines)
    words = " ".join(text_of(line) for line in lines)
    for word in ("weight", "1D", "pts", "1M", "YTD", "in sector", "in sub-sector", "ADV$",
                 "per $1M", "industry", "membership"):  # fmt: skip
        assert word in words, words


def test_a_stock_outside_the_index_says_so_and_a_fund_nothing() -> None:
    seen = known_member(counted(), "NVDA")
    assert place_of(seen, "nvda").outside == "not a member of the Russell 2000"
    assert place_of(seen, "xbi").outside == ""
    assert not place_of(picture(), "nvda").figures

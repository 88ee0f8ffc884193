"""The chart of a group of members, whose day is known as far as it was seen."""

from __future__ import annotations

from array import array
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from market.quotes import Bars, Key, Kind
from market.reading import Reading
from market.snapshot import Snapshot
from tests.widgets.censuses import counted
from widgets.breadth_table import group_rows
from widgets.group_card import view_of
from widgets.group_chart import GroupChart
from widgets.leaders import board_rows
from widgets.leaders_view import leader_rows
from widgets.trend import trend_of

GROUP = "@biotechnology"
LATER = (180, 185, 190, 195, 200)
OPEN = datetime(2026, 7, 2, 13, 30, tzinfo=UTC)


def with_trace(*minutes: int, days: int = 40) -> Snapshot:
    """The made-up census with the biotechnology group's level seen at minutes after the open."""
    times = array("q", (int(OPEN.timestamp()) + 60 * minute for minute in (0, *minutes)))
    key = Key(Kind.TRACE, GROUP)
    closes = array("d", (100.0 + n / 10 for n in range(len(times))))
    daily = Bars(
        key=Key(Kind.CLOSES, GROUP), interval_s=86_400, source="nasdaq", as_of=OPEN,
        times=array("q", (int(OPEN.timestamp()) - 86_400 * n for n in range(days, 0, -1))),
        close=array("d", (90.0 + n for n in range(days))),
    )  # fmt: skip
    trace = Bars(key=key, interval_s=300, source="nasdaq", as_of=OPEN, times=times, close=closes)
    snapshot = counted(60)
    return replace(snapshot, bars={**snapshot.bars, key: trace, daily.key: daily})


@pytest.mark.parametrize(
    ("minutes", "window", "title", "points"),
    [
        ((), "1D", "Biotechnology · 1M until enough of 1D is seen · against RUT", 0),
        ((180, 185), "1D", "Biotechnology · 1M, as 1D is seen only from 12:30 · against RUT", 0),
        (LATER, "1D", "Biotechnology · 1D as seen from 12:30 · against RUT", 6),
        ((5, 10, 15, 20, 25), "1D", "Biotechnology · 1D · against RUT", 6),
        (LATER, "6M", "Biotechnology · 6M · against RUT", 0),
    ],
)
def test_the_chart_of_a_group_says_how_much_of_the_day_it_shows(
    minutes: tuple[int, ...], window: str, title: str, points: int
) -> None:
    snapshot = with_trace(*minutes)
    chart = GroupChart()
    chart.set_reactive(GroupChart.snapshot, snapshot)
    chart.set_reactive(GroupChart.symbol, GROUP)
    chart.set_reactive(GroupChart.span, window)
    chart.set_reactive(GroupChart.compare, True)
    assert chart.heading() == title
    view = chart.view_from(snapshot)
    assert view.span == ("1D" if points else "6M" if window == "6M" else "1M")
    if points:
        assert view.layout is not None
        assert len(trend_of(snapshot, GROUP, "1D")) == points
        width = (len(view.layout.times) - 1) * 60
        assert width == 6.5 * 3600, "the axis is the whole session, seen or not"


def test_a_day_put_together_of_the_members_own_says_of_how_many() -> None:
    snapshot = with_trace(5, 10, 15, 20, 25)
    assert snapshot.census is not None
    members, group = snapshot.census.members, snapshot.census.group(GROUP)
    assert group is not None
    trace = snapshot.bars[Key(Kind.TRACE, GROUP)]
    keys = [Key(Kind.DAY, members.symbols[row]) for row in group.rows[:-1]]
    weight = sum(members.weight[row] for row in group.rows[:-1])
    share = weight / (weight + members.weight[group.rows[-1]])
    chart = GroupChart()
    chart.set_reactive(GroupChart.symbol, GROUP)
    chart.set_reactive(GroupChart.span, "1D")
    days = {key: replace(trace, key=key) for key in keys}
    chart.set_reactive(GroupChart.snapshot, replace(snapshot, bars={**snapshot.bars, **days}))
    told = f"{len(keys)} of {len(group.rows)} members, {share:.1%} of weight".replace("%", " %")
    assert chart.heading() == f"Biotechnology · 1D · {told}"
    assert chart.snapshot is not None
    for window, ends in (("1D", True), ("5D", False)):
        assert view_of(chart.snapshot, GROUP, window).coverage.endswith(told) is ends
    chart.set_reactive(GroupChart.snapshot, replace(with_trace(*LATER), bars={
        **with_trace(*LATER).bars, **days}))  # fmt: skip
    assert chart.heading() == "Biotechnology · 1D as seen from 12:30", "until it is whole"


def test_a_month_that_stands_in_for_the_day_has_the_months_colour() -> None:
    for minutes, window in ((LATER, "1d"), ((180, 185), "1m")):
        snapshot = with_trace(*minutes)
        found = snapshot.census
        group = None if found is None else found.group(GROUP)
        assert found is not None
        assert group is not None
        moved = {
            f"{group.slug}.return.{w}": Reading(0.01 if w == window else -0.01, OPEN, "nasdaq")
            for w in ("1d", "1m")
        }
        snapshot = replace(snapshot, census=replace(found, readings={**found.readings, **moved}))
        (row,) = [row for row in leader_rows(snapshot, "1D") if row.key == GROUP]
        (wide,) = [row for row in group_rows(snapshot, "1D") if row.symbol == GROUP]
        assert (row.drawn.number, wide.drawn.number) == (0.01, 0.01)
        assert len(row.trend) == len(wide.trend) > 2
        assert [c.role for c in board_rows((row,), "1D")[0].cells if c.spark] == ["up"]


def test_a_line_of_two_points_is_not_drawn() -> None:
    assert trend_of(with_trace(180, days=2), GROUP, "1D") == ()
    assert len(trend_of(with_trace(180, days=2), GROUP, "1M")) >= 2, "nobody takes it for a day"

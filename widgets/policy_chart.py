"""The federal funds path as a chart: the rate expected after each meeting, now and a week ago."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import msgspec

from market.fed_funds_study import Path
from market.sessions import exchange_date
from market.snapshot import Snapshot
from widgets import plotting
from widgets.lines import Line, dimmed, item, packed
from widgets.mark import Mark
from widgets.panel import ViewPanel
from widgets.picture import Curve, Rule, Tick
from widgets.policy import PATH, path_mark
from widgets.strips import price
from widgets.strokes import sample_of
from widgets.values import absence, is_old, value_of

AFTERWARDS = 35
"""Days drawn beyond the last meeting, so that its rate is seen."""


class ChartView(msgspec.Struct, frozen=True):
    """Both paths, and the range in force."""

    now: Path | None
    week: Path | None
    today: date = date.min
    reason: str = ""
    old: bool = False


def chart_view(snapshot: Snapshot) -> ChartView:
    """Return what the chart shows of a snapshot."""
    study = snapshot.studies.fed_funds
    today = exchange_date(snapshot.now)
    if study is None or study.path is None or study.path.meetings[-1].day < today:
        return ChartView(None, None, today, value_of(snapshot, PATH).reason)
    return ChartView(study.path, study.last_week, today, old=is_old(snapshot, PATH))


def chart_lines(
    view: ChartView, width: int, height: int, *, ascii_only: bool = False
) -> Sequence[Line]:
    """Return a line of what is drawn, and below it the steps of both paths."""
    if height < 1 or width < 1:
        return ()
    path = view.now
    if path is None:
        return absence(view.reason, width, height)
    lines = [_legend(view, path, width)]
    if height >= 4:
        lines += _drawn(view, path, width, height - 1, ascii_only=ascii_only)
    return [dimmed(line) for line in lines] if view.old else lines


def _legend(view: ChartView, path: Path, width: int) -> Line:
    known = [(meeting.end, meeting.day) for meeting in path.meetings if meeting.end is not None]
    items = [item((f"{sample_of('line')} now", "line"))]
    if known:
        rate, day = known[-1]
        items.append(item((f"{price(rate, 2)} % after {day.day} {day:%b %y}", "text"), priority=1))
    if view.week is not None:
        day = view.week.day
        items.append(item((f"{sample_of('compare')} {day.day} {day:%b}", "compare"), priority=1))
    items.append(item(("expected federal funds rate", "faint"), priority=2))
    return packed(items, width, 3)


def _drawn(
    view: ChartView, path: Path, width: int, height: int, *, ascii_only: bool
) -> Iterable[Line]:
    first, last = view.today.toordinal(), path.meetings[-1].day.toordinal() + AFTERWARDS
    curves = [steps(path, first, last, "line")]
    if view.week is not None:
        curves.append(steps(view.week, first, last, "compare"))
    bounds = (path.in_force.lower_bp / 100, path.in_force.upper_bp / 100)
    return plotting.line_chart(
        curves,
        width,
        height,
        rules=[Rule(bound) for bound in bounds],
        ticks=list(_ticks(path, view.today)),
        ascii_only=ascii_only,
        x_range=(float(first), float(last)),
    )


def steps(path: Path, first: int, last: int, role: str) -> Curve:
    """A path as steps; a meeting that nothing is known of leaves a gap."""
    points: list[tuple[float, float | None]] = []
    for meeting in path.meetings:
        at = meeting.day.toordinal()
        if at < first:
            continue
        if not points:
            points.append((float(first), meeting.start))
        if meeting.start is None or meeting.end is None:
            points.append((float(at), None))
        else:
            points += [(float(at), meeting.start), (float(at), meeting.end)]
    if points:
        points.append((float(last), points[-1][1]))
    return Curve(tuple(x for x, _ in points), tuple(y for _, y in points), role)


def _ticks(path: Path, today: date) -> Iterator[Tick]:
    """Name each meeting by its month, the first of another year by the year."""
    year = today.year
    for meeting in path.meetings:
        day: date = meeting.day
        if day < today:
            continue
        yield Tick(float(day.toordinal()), f"{day:%b}" if day.year == year else str(day.year))
        year = day.year


class PolicyChartPanel(ViewPanel[ChartView]):
    """The rate expected after each meeting, as steps, against that of last week."""

    can_focus = True
    TITLE = "Expected rate"

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the path."""
        return path_mark(snapshot)

    def view_from(self, snapshot: Snapshot) -> ChartView:
        """Return the view."""
        return chart_view(snapshot)

    def lines_of(
        self, view: ChartView, width: int, height: int, *, ascii_only: bool
    ) -> Sequence[Line]:
        """Draw the view."""
        return chart_lines(view, width, height, ascii_only=ascii_only)

"""One line of a story by its closes: the value that it shows, and the band that was claimed."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from textual.reactive import reactive

from market.metrics.compute import metric_named
from market.metrics.metric import Unit
from market.rules.rule import is_consistency
from market.scoreboard import LineStanding
from market.sessions import session_of
from market.snapshot import Snapshot
from widgets import plotting
from widgets.axis import session_ticks
from widgets.lines import Line, folded, item, packed
from widgets.mark import Mark
from widgets.panel import ViewPanel
from widgets.picture import Curve, Rule
from widgets.story_lines import (
    band_of,
    glyph_of,
    official_text,
    role_of,
    since_words,
    value_text,
    why_unknown,
)
from widgets.strips import plain
from widgets.thesis_table import line_at
from widgets.values import absence, list_mark

SESSIONS = 252
_GUTTER = 9


class CourseView(msgspec.Struct, frozen=True, kw_only=True):
    """The closes of one line, oldest first, in the unit they are shown in."""

    title: str = ""
    state: tuple[str, str] = ("", "text")
    now: str = ""
    since: str = ""
    note: str = ""
    times: tuple[int, ...] = ()
    values: tuple[float | None, ...] = ()
    band: tuple[float | None, float | None] = (None, None)
    is_percent: bool = False
    reason: str = ""


def course_view(snapshot: Snapshot, row: str) -> CourseView:
    """Return what the chart shows of the line of a row."""
    found = line_at(snapshot, row)
    if found is None:
        return CourseView(reason="no line is chosen")
    standing = found[1]
    metric = metric_named(standing.line.shows, snapshot.cast)
    is_fraction = metric is not None and metric[0].unit is Unit.FRACTION
    closes = standing.course[-SESSIONS:]
    return CourseView(
        title=plain(standing.line.title),
        state=(
            f"{glyph_of(standing.state)[0]} {official_text(standing)}",
            role_of(standing.state),
        ),
        now=value_text(snapshot, standing),
        since=since_words(standing),
        note="; ".join(part for part in (plain(standing.line.note), _differing(standing)) if part),
        times=tuple(int(session_of(each.day).open.timestamp()) for each in closes),
        values=tuple(each.value for each in closes),
        band=band_of(snapshot, standing.line.rule.test) or (None, None),
        is_percent=is_fraction or is_consistency(standing.line.rule.test),
        reason=why_unknown(snapshot, standing) or "no close is known yet",
    )


def _differing(standing: LineStanding) -> str:
    """How many recorded closes history tells otherwise, and the newest of them."""
    told = standing.differences
    more = f" ({len(told) - 1} more)" if len(told) > 1 else ""
    return f"{told[-1]}{more}" if told else ""


def paint(view: CourseView, width: int, height: int, *, ascii_only: bool = False) -> Sequence[Line]:
    """Return a line of words, the closes with the band as two rules, and what is to be known."""
    if height < 1 or width < 1:
        return ()
    if not view.title:
        return absence(view.reason, width, height)
    lines: list[Line] = [_legend(view, width)]
    notes = [((text, "faint"),) for text in folded(view.note, width, 2)] if height >= 8 else []
    rows = height - 1 - len(notes)
    if rows >= 3 and sum(value is not None for value in view.values) > 1:
        lines += _drawn(view, width, rows, ascii_only=ascii_only)
    elif rows >= 1:
        lines += absence(view.reason, width, rows)
    return [*lines, *notes]


def _legend(view: CourseView, width: int) -> Line:
    items = [item((view.title, "strong")), item((view.now, "text")), item(view.state, priority=1)]
    if view.since:
        items.append(item((view.since, "faint"), priority=2))
    if view.band != (None, None):
        items.append(item(("┄ claimed", "compare"), priority=3))
    return packed(items, width, 3)


def _drawn(view: CourseView, width: int, height: int, *, ascii_only: bool) -> Sequence[Line]:
    xs = tuple(float(n) for n in range(len(view.times)))
    rules = [Rule(end, role="compare") for end in view.band if end is not None]
    return plotting.line_chart(
        [Curve(xs, view.values)],
        width,
        height,
        rules=rules,
        ticks=session_ticks(view.times, width - _GUTTER, "1Y"),
        percent=view.is_percent,
        ascii_only=ascii_only,
        x_range=(0.0, float(max(1, len(view.times) - 1))),
    )


class CoursePanel(ViewPanel[CourseView]):
    """The closes of the line under the cursor."""

    can_focus = True
    TITLE = "By closes"

    row: reactive[str] = reactive("", repaint=False)
    """Which line: the name of its row in the table."""

    def watch_row(self) -> None:
        """Show another line."""
        self.renew()

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the value that is shown."""
        found = line_at(snapshot, self.row)
        return list_mark(snapshot, [found[1].line.shows] if found is not None else [])

    def view_from(self, snapshot: Snapshot) -> CourseView:
        """Return the view."""
        return course_view(snapshot, self.row)

    def lines_of(
        self, view: CourseView, width: int, height: int, *, ascii_only: bool
    ) -> Sequence[Line]:
        """Paint the view."""
        return paint(view, width, height, ascii_only=ascii_only)

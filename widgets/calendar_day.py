"""The economic releases of a day and of those after it: told, expected, and what it was before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

import msgspec
from rich.cells import cell_len
from textual.reactive import reactive

from market.agenda import Impact, Release
from market.agenda_study import AgendaDay, MarketDay
from market.quotes import Kind
from market.sessions import NEW_YORK, exchange_date
from market.snapshot import Snapshot
from widgets.calendar_mark import calendar_freshness, calendar_mark
from widgets.calendar_rows import SHOWN, day_words, figure, hour_of, telling
from widgets.frame import PART
from widgets.lines import Line, Run, cropped
from widgets.mark import Mark
from widgets.panel import ViewPanel
from widgets.strips import MISSING, plain
from widgets.values import absence

FIGURES = (
    ("actual", "Actual", "Act"),
    ("consensus", "Expect", "Exp"),
    ("previous", "Prior", "Prev"),
)
"""Columns of figures, with a short name for where titles need the room: the last leaves first."""
_TIME, _LEAST_TITLE, _GOOD_TITLE = 6, 14, 30
"""Cells; of a title that is longer than is good the end can be spared."""
_LEAST_OF_DAY = 2
"""Lines without which another day is not begun."""
_ROLES = {Impact.HIGH: "strong", Impact.MEDIUM: "text"}


class _Figure(NamedTuple):
    """A column of figures."""

    name: str
    head: str
    room: int


class _Columns(NamedTuple):
    """Cells of a title, and the figures that fit beside it."""

    title: int
    figures: tuple[_Figure, ...]


class DayView(msgspec.Struct, frozen=True):
    """What the panel shows of one day."""

    day: date
    rows: tuple[Release, ...] = ()
    occasions: tuple[MarketDay, ...] = ()


class ReleasesView(msgspec.Struct, frozen=True):
    """What the panel shows: a day, and the days behind it as far as there is room."""

    chosen: DayView
    later: tuple[DayView, ...] = ()
    """Those on which something comes; of their releases the ones of weight."""
    reason: str = ""
    """Why there is nothing to show of the chosen day."""


def view_of(snapshot: Snapshot, day: date | None = None) -> ReleasesView:
    """Return the releases of a day, by time, and those after it; of the first one by default."""
    agenda, today = snapshot.studies.agenda, exchange_date(snapshot.now)
    last = today + SHOWN
    days = () if agenda is None else agenda.ahead(today if day is None else day, last)
    found = days[0] if days and day in {None, days[0].day} else None
    why = plain(calendar_freshness(snapshot, Kind.RELEASES).reason)
    if found is None:
        return ReleasesView(DayView(day or today), reason=why or "that day is not looked at")
    later = (_day_view(each, telling(each.releases)) for each in days[1:])
    is_told = agenda is not None and agenda.schedule_as_of is not None
    none = "no release is known of that day" if is_told else why
    reason = "" if found.releases else none
    return ReleasesView(
        _day_view(found, found.releases),
        tuple(each for each in later if each.rows or each.occasions),
        reason,
    )


def _day_view(day: AgendaDay, rows: tuple[Release, ...]) -> DayView:
    return DayView(day.day, rows, day.occasions)


def paint(view: ReleasesView, width: int, height: int) -> list[Line]:
    """Return the view as at most `height` lines of at most `width` cells."""
    chosen = view.chosen
    every = [row for day in (chosen, *view.later) for row in day.rows]
    columns = _columns(every, width)
    lines = [_head(columns, width)] if every else []
    if view.reason:
        lines += [_occasion(each, width) for each in chosen.occasions]
        lines += absence(view.reason, width, height)
    else:
        room = height - len(lines) - len(chosen.occasions)
        lines += _events(chosen.occasions, _most_telling(chosen.rows, room), columns, width)
    for day in view.later:
        if height - len(lines) < _LEAST_OF_DAY:
            break
        lines.append(((day_words(day.day), "muted"),))
        lines += _events(day.occasions, day.rows, columns, width)
    return lines[:height]


def _events(
    occasions: Sequence[MarketDay], rows: Sequence[Release], columns: _Columns, width: int
) -> list[Line]:
    """Return what comes on a day by its hour."""
    told = [(each.at, _occasion(each, width)) for each in occasions]
    told += [(each.at, _row(each, columns)) for each in rows]
    return [line for _, line in sorted(told, key=lambda event: hour_of(event[0]))]


def _columns(rows: Sequence[Release], width: int) -> _Columns:
    """Return the columns that fit into a width; the figure before leaves first.

    For titles columns without a figure leave, then the heads become short.
    """
    told = [_told(row) for row in rows]
    longest = max((cell_len(plain(row.title, 80)) for row in rows), default=0)
    good = min(longest, _GOOD_TITLE)
    figures = _figures(told, is_short=False)
    if _title(figures, width) < longest:
        figures = [each for each in figures if any(row[each.name] for row in told)]
    if _title(figures, width) < good:
        kept = {each.name for each in figures}
        figures = [each for each in _figures(told, is_short=True) if each.name in kept]
    while figures and _title(figures, width) < (
        good if len(figures) == len(FIGURES) else _LEAST_TITLE
    ):
        figures.pop()
    return _Columns(max(0, min(longest, _title(figures, width))), tuple(figures))


def _figures(told: Sequence[dict[str, str]], *, is_short: bool) -> list[_Figure]:
    heads = [(name, short if is_short else head) for name, head, short in FIGURES]
    return [
        _Figure(name, head, max(len(head), *(len(each[name]) for each in told), 0))
        for name, head in heads
    ]


def _title(figures: Sequence[_Figure], width: int) -> int:
    return width - _TIME - sum(each.room + 1 for each in figures)


def _told(row: Release) -> dict[str, str]:
    words = {"actual": row.actual, "consensus": row.consensus, "previous": row.previous}
    return {name: figure(each) for name, each in words.items()}


def _most_telling(rows: Sequence[Release], count: int) -> list[Release]:
    """Return as many releases as have room, those of least weight left out, in their order."""
    order = (Impact.HIGH, Impact.MEDIUM, Impact.UNKNOWN, Impact.LOW, Impact.HOLIDAY)
    ranked = sorted(range(len(rows)), key=lambda n: (order.index(rows[n].impact), n))
    return [rows[n] for n in sorted(ranked[: max(0, count)])]


def _head(columns: _Columns, width: int) -> Line:
    told = "".join(f" {each.head:>{each.room}}" for each in columns.figures)
    return ((f"{'':{_TIME}}{'Release':{columns.title}}{told}"[:width], "muted"),)


def _occasion(told: MarketDay, width: int) -> Line:
    return (_hour(told.at), (cropped(plain(told.words, 60), width - _TIME), "accent"))


def _hour(at: datetime | None) -> Run:
    words = f"{at.astimezone(NEW_YORK):%H:%M}" if at is not None else ""
    return (f"{words:{_TIME}}", "muted")


def _row(row: Release, columns: _Columns) -> Line:
    """Return a release; a long name takes the room of figures beside it that are not known."""
    title, told = plain(row.title, 80), _told(row)
    wide, figures = columns.title, [*columns.figures]
    while figures and cell_len(title) > wide and not told[figures[0].name]:
        wide += figures.pop(0).room + 1
    name = cropped(title, wide)
    return (
        _hour(row.at),
        (name + " " * (wide - cell_len(name)), _ROLES.get(row.impact, "muted")),
        *(_figure(told[each.name], each) for each in figures),
    )


def _figure(words: str, column: _Figure) -> Run:
    if not words:
        return (f" {MISSING:>{column.room}}", "absent")
    return (f" {words:>{column.room}}", "strong" if column.name == "actual" else "text")


class ReleasesPanel(ViewPanel[ReleasesView]):
    """The releases of the day under the cursor of the agenda, and what comes after it."""

    can_focus = True
    day: reactive[str] = reactive("", repaint=False)
    """2026-08-04; empty for the first one."""

    def watch_day(self) -> None:
        """Show another day."""
        self.renew()

    def heading(self) -> str:
        """Return the title and the day."""
        day = self._view.chosen.day if self._view is not None else None
        return PART.join(("Releases", day_words(day))) if day is not None else "Releases"

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the calendar of releases."""
        return calendar_mark(snapshot, Kind.RELEASES)

    def view_from(self, snapshot: Snapshot) -> ReleasesView:
        """Return the releases of the chosen day."""
        return view_of(snapshot, date.fromisoformat(self.day) if self.day else None)

    def lines_of(
        self, view: ReleasesView, width: int, height: int, *, ascii_only: bool
    ) -> Sequence[Line]:
        """Return the view as lines."""
        del ascii_only
        return paint(view, width, height)

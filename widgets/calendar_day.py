"""The economic releases of one day: expected, told, and what it was before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec
from textual.reactive import reactive

from market.agenda import Impact, Release
from market.quotes import Kind
from market.sessions import NEW_YORK, exchange_date
from market.snapshot import Snapshot
from widgets.calendar_mark import calendar_freshness, calendar_mark
from widgets.calendar_rows import day_words, figure
from widgets.frame import PART
from widgets.lines import Line, Run, cropped
from widgets.mark import Mark
from widgets.panel import ViewPanel
from widgets.strips import MISSING, plain
from widgets.values import absence

FIGURES = (("actual", "Actual", 8), ("consensus", "Expect", 8), ("previous", "Before", 8))
"""Columns of figures: what is known last leaves last."""
_TIME = 6
_LEAST_TITLE = 14
_ROLES = {Impact.HIGH: "strong", Impact.MEDIUM: "text"}


class ReleasesView(msgspec.Struct, frozen=True):
    """What the panel shows of one day."""

    day: date
    rows: tuple[Release, ...] = ()
    occasions: tuple[str, ...] = ()
    reason: str = ""
    """Why there is nothing to show."""


def view_of(snapshot: Snapshot, day: date) -> ReleasesView:
    """Return the releases of a day, by time."""
    agenda = snapshot.studies.agenda
    found = None if agenda is None else agenda.on(day)
    if agenda is None or agenda.schedule_as_of is None or found is None:
        reason = calendar_freshness(snapshot, Kind.RELEASES).reason or "that day is not looked at"
        return ReleasesView(day, reason=plain(reason))
    occasions = tuple(plain(each.words, 60) for each in found.occasions)
    reason = "" if found.releases else "no release is known of that day"
    return ReleasesView(day, found.releases, occasions, reason)


def paint(view: ReleasesView, width: int, height: int) -> list[Line]:
    """Return the view as at most `height` lines of at most `width` cells."""
    if not view.rows:
        lines = [*map(_occasion, view.occasions), *absence(view.reason, width, height)]
        return lines[:height]
    figures = _fitting(width)
    title = max(0, width - _TIME - sum(room + 1 for _, _, room in figures))
    head = f"{'':{_TIME}}{'Release':{title}}" + "".join(f" {n:>{w}}" for _, n, w in figures)
    lines = [((head[:width], "muted"),), *map(_occasion, view.occasions)]
    rows = _most_telling(view.rows, height - len(lines))
    return [*lines, *(_row(row, title, figures) for row in rows)][:height]


def _occasion(words: str) -> Line:
    return ((words, "accent"),)


def _most_telling(rows: Sequence[Release], count: int) -> list[Release]:
    """Return as many releases as have room, those of least weight left out, in their order."""
    order = (Impact.HIGH, Impact.MEDIUM, Impact.UNKNOWN, Impact.LOW, Impact.HOLIDAY)
    ranked = sorted(range(len(rows)), key=lambda n: (order.index(rows[n].impact), n))
    return [rows[n] for n in sorted(ranked[: max(0, count)])]


def _fitting(width: int) -> tuple[tuple[str, str, int], ...]:
    """Return the columns that fit beside a title; the figure before leaves first."""
    for count in range(len(FIGURES), 0, -1):
        kept = FIGURES[:count]
        if width - _TIME - sum(room + 1 for _, _, room in kept) >= _LEAST_TITLE:
            return kept
    return ()


def _row(row: Release, title: int, figures: Sequence[tuple[str, str, int]]) -> Line:
    at = f"{row.at.astimezone(NEW_YORK):%H:%M}" if row.at is not None else ""
    name = cropped(plain(row.title, 80), title)
    words = {"actual": row.actual, "consensus": row.consensus, "previous": row.previous}
    told = (_figure(words[name], name, room) for name, _, room in figures)
    return (
        (f"{at:{_TIME}}", "muted"),
        (f"{name:{title}}", _ROLES.get(row.impact, "muted")),
        *told,
    )


def _figure(words: str, name: str, room: int) -> Run:
    shown = figure(words)
    if len(shown) > room or not shown:
        return (f" {MISSING:>{room}}", "absent")
    return (f" {shown:>{room}}", "strong" if name == "actual" else "text")


class ReleasesPanel(ViewPanel[ReleasesView]):
    """The releases of the day under the cursor of the agenda."""

    can_focus = True
    day: reactive[str] = reactive("", repaint=False)
    """2026-08-04; empty for today."""

    def watch_day(self) -> None:
        """Show another day."""
        self.renew()

    def heading(self) -> str:
        """Return the title and the day."""
        day = self._view.day if self._view is not None else None
        return PART.join(("Releases", day_words(day))) if day is not None else "Releases"

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the calendar of releases."""
        return calendar_mark(snapshot, Kind.RELEASES)

    def view_from(self, snapshot: Snapshot) -> ReleasesView:
        """Return the releases of the chosen day."""
        today = exchange_date(snapshot.now)
        return view_of(snapshot, date.fromisoformat(self.day) if self.day else today)

    def lines_of(
        self, view: ReleasesView, width: int, height: int, *, ascii_only: bool
    ) -> Sequence[Line]:
        """Return the view as lines."""
        del ascii_only
        return paint(view, width, height)

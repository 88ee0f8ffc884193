"""What comes today, in one line below the panels of a large terminal."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from market.agenda import Impact, Release
from market.agenda_study import AgendaDay
from market.health import Look
from market.quotes import Kind
from market.sessions import (
    NEW_YORK,
    duration_in_words,
    exchange_date,
    is_session,
    next_session,
)
from market.snapshot import Snapshot
from widgets.calendar_mark import calendar_freshness
from widgets.calendar_rows import day_words, figure
from widgets.lines import Item, Line, dimmed, item, joined, packed, strip_of, width_of
from widgets.palette import app_of, ascii_of, palette_of
from widgets.strips import plain, share

MOST_RELEASES = 3
"""Releases that are named; those of most weight."""
_GAP = 3


def line_of(snapshot: Snapshot, width: int) -> Line:
    """Return what comes on the session under way or the next one, or nothing."""
    agenda = snapshot.studies.agenda
    today = exchange_date(snapshot.now)
    day = today if is_session(today) else next_session(today)
    found = None if agenda is None else agenda.on(day)
    if found is None:
        return ()
    lead = item((f" {'today' if day == today else day_words(day)}", "strong"))
    whole, short = (_parts(found, now) for now in (snapshot.now, None))
    if not short:
        return ()
    line = joined([each.runs for each in (lead, *whole)], _GAP)
    if width_of(line) > width:
        line = packed((lead, *short), width, _GAP)
    is_old = calendar_freshness(snapshot, Kind.EARNINGS).look is Look.LATE
    return dimmed(line) if is_old else line


def _parts(day: AgendaDay, now: datetime | None) -> list[Item]:
    """The parts of the line; the last ones leave first. What is ahead is told with an instant."""
    parts = [_release(row, n, now) for n, row in enumerate(_heaviest(day.releases))]
    if day.reports:
        count = f"{len(day.reports)} members report" if len(day.reports) > 1 else "1 member reports"
        parts.append(item((count, "text"), (f" ({share(day.weight, 1)})", "muted"), priority=5))
    parts += [item((plain(each.words, 60), "accent"), priority=6) for each in day.occasions]
    return parts


def _heaviest(releases: tuple[Release, ...]) -> list[Release]:
    """The releases of most weight, in their order of time."""
    for impact in (Impact.HIGH, Impact.MEDIUM):
        if found := [row for row in releases if row.impact is impact]:
            return found[:MOST_RELEASES]
    return []


def _release(row: Release, place: int, now: datetime | None) -> Item:
    at = f" {row.at.astimezone(NEW_YORK):%H:%M}" if row.at is not None else ""
    actual = f" {figure(row.actual)}" if row.actual else ""
    title = (plain(row.title, 60), "text")
    ahead = "" if now is None else _ahead(row, now)
    return item(title, (at, "muted"), (actual, "strong"), (ahead, "muted"), priority=1 + place)


def _ahead(row: Release, now: datetime) -> str:
    """When it comes while it is to come, and what is expected: `, in 12 m, 0.2% expected`."""
    told: list[str] = []
    if row.at is not None and row.at > now and not row.actual:
        told.append(f", in {duration_in_words(row.at - now)}")
    if row.consensus:
        told.append(f", {figure(row.consensus)} expected")
    return "".join(told)


class TodayLine(Widget):
    """Today's releases, how many members report, and other occasions."""

    DEFAULT_CSS = "TodayLine { height: 1; width: 1fr; }"

    snapshot: reactive[Snapshot | None] = reactive(cast("Snapshot | None", None), repaint=False)
    _line: Line = ()

    def watch_snapshot(self) -> None:
        """Take the news."""
        self.renew()

    def on_resize(self) -> None:
        """Say as much as there is room for now."""
        self.renew()

    def renew(self) -> None:
        """Paint anew, if there is something else to say."""
        if self.snapshot is None:
            return
        line = self.line_from(self.snapshot, self.size.width)
        if line != self._line:
            self._line = line
            self.refresh()

    def line_from(self, snapshot: Snapshot, width: int) -> Line:
        """Return what is said of a snapshot in as many cells."""
        return line_of(snapshot, width)

    def render_line(self, y: int) -> Strip:
        """Return the line."""
        line = () if y else self._line
        strip = strip_of(line, palette_of(app_of(self)), self.size.width, ascii_only=ascii_of(self))
        return strip.apply_style(self.visual_style.rich_style)

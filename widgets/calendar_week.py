"""How many members report on each day, by sector."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from market.agenda_study import AgendaDay
from market.quotes import Kind
from market.sessions import exchange_date, is_session
from market.snapshot import Snapshot
from widgets.calendar_mark import calendar_freshness, calendar_mark, short_sector
from widgets.calendar_rows import SHOWN
from widgets.lines import Line, Run
from widgets.mark import Mark
from widgets.panel import ViewPanel
from widgets.strips import MISSING, plain, share
from widgets.values import absence

NAME, CELL, TOTAL = 14, 6, 6
"""Cells of a sector's name, of a day, and of the sum."""
FEWEST_DAYS = 3
_DOT = "·"


class WeekView(msgspec.Struct, frozen=True):
    """Counts by sector and day; None for a day whose companies are not known."""

    days: tuple[date, ...] = ()
    sectors: tuple[tuple[str, tuple[int | None, ...]], ...] = ()
    """The sector with the most reports first."""
    totals: tuple[int | None, ...] = ()
    weights: tuple[float | None, ...] = ()
    reason: str = ""


def view_of(snapshot: Snapshot) -> WeekView:
    """Return the counts of the sessions of two weeks."""
    agenda = snapshot.studies.agenda
    today = exchange_date(snapshot.now)
    ahead = () if agenda is None else agenda.ahead(today, today + SHOWN)
    days = [each for each in ahead if is_session(each.day)]
    if not any(each.is_told for each in days):
        return WeekView(reason=plain(calendar_freshness(snapshot, Kind.EARNINGS).reason))
    names = {sector for each in days for sector in each.by_sector}
    rows = [(short_sector(name), tuple(_count(each, name) for each in days)) for name in names]
    rows.sort(key=lambda row: (-sum(n or 0 for n in row[1]), row[0]))
    return WeekView(
        tuple(each.day for each in days),
        tuple(rows),
        tuple(len(each.reports) if each.is_told else None for each in days),
        tuple(each.weight if each.is_told else None for each in days),
    )


def _count(day: AgendaDay, sector: str) -> int | None:
    return day.by_sector.get(sector, 0) if day.is_told else None


def paint(view: WeekView, width: int, height: int) -> list[Line]:
    """Return as many days as fit, a line a sector, below them all members and their weight."""
    count = min(len(view.days), (width - NAME - TOTAL) // CELL)
    if view.reason or count < min(FEWEST_DAYS, len(view.days) or 1):
        return absence(view.reason or "too narrow for days", width, height)[:height]
    heads = [f"{day:%a}"[:2] + f" {day.day}" for day in view.days[:count]]
    head = " " * NAME + "".join(f"{word:>{CELL}}" for word in heads) + f"{'all':>{TOTAL}}"
    below = [_sums("Members", view.totals, count), _weights(view.weights, count)]
    room = max(0, height - 1 - len(below))
    rows = [_line(name, counts, count) for name, counts in view.sectors[:room]]
    return [((head, "muted"),), *rows, *below][:height]


def _line(name: str, counts: Sequence[int | None], days: int) -> Line:
    shown = counts[:days]
    known = [number for number in shown if number is not None]
    total = (f"{sum(known):>{TOTAL}}", "text")
    return ((f"{name:{NAME}}", "text"), *(_cell(number) for number in shown), total)


def _cell(number: int | None) -> Run:
    if number is None:
        return (f"{MISSING:>{CELL}}", "absent")
    return (f"{number or _DOT:>{CELL}}", "text" if number else "muted")


def _sums(name: str, totals: Sequence[int | None], days: int) -> Line:
    line = _line(name, totals, days)
    return tuple((text, "strong" if role == "text" else role) for text, role in line)


def _weights(weights: Sequence[float | None], days: int) -> Line:
    shown = weights[:days]
    known = [weight for weight in shown if weight is not None]
    cells = ((f"{share(weight, 1, '%'):>{CELL}}", "muted") for weight in shown)
    return (
        (f"{'of the index':{NAME}}", "muted"),
        *cells,
        (f"{share(sum(known), 1, '%'):>{TOTAL}}", "muted"),
    )


class WeekPanel(ViewPanel[WeekView]):
    """Members that report, by sector and day."""

    TITLE = "Reports by sector"
    can_focus = True

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the calendar of earnings."""
        return calendar_mark(snapshot, Kind.EARNINGS)

    def view_from(self, snapshot: Snapshot) -> WeekView:
        """Return the counts."""
        return view_of(snapshot)

    def lines_of(
        self, view: WeekView, width: int, height: int, *, ascii_only: bool
    ) -> Sequence[Line]:
        """Return the view as lines."""
        del ascii_only
        return paint(view, width, height)

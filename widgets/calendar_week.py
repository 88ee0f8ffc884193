"""How many members report on each day, by sector."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeAlias, TypeVar

import msgspec

from market.agenda_study import AgendaDay
from market.metrics.calendar_study import why_no_members
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

NAME, LATER, TOTAL = 13, 6, 5
"""Cells of a sector's name, of the sum of days without room, and of the sum of all days."""
NARROWEST, WIDEST = 4, 7
"""Cells of a day."""
FEWEST_DAYS = 3
_DOT = "·"
_WHOLE = 0.0995
"""Parts of the index that are told without a decimal: four cells have no room for it."""

N = TypeVar("N", int, float)
"""A count or a weight."""
_Counts: TypeAlias = tuple[str, tuple[int | None, ...]]
"""A sector, and how many of it report on each day."""


class WeekView(msgspec.Struct, frozen=True):
    """Counts by sector and day; None for a day whose companies are not known."""

    days: tuple[date, ...] = ()
    sectors: tuple[_Counts, ...] = ()
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
        reason = calendar_freshness(snapshot, Kind.EARNINGS).reason or why_no_members(snapshot)
        return WeekView(reason=plain(reason))
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
    """Return a line a sector, below them all members and their weight.

    As many days stand for themselves as fit; the others are one sum.
    """
    cells = _cells(len(view.days), width - NAME - TOTAL)
    if view.reason or len(cells) < min(FEWEST_DAYS, len(view.days) or 1):
        return absence(view.reason or "too narrow for days", width, height)[:height]
    below = [
        _strong(_line("Members", view.totals, cells)),
        _line("% of index", view.weights, cells, _percent, "muted"),
    ]
    above = _heads(view.days, cells)
    sectors = _fitting(view.sectors, height - len(above) - len(below))
    rows = [_line(name, counts, cells) for name, counts in sectors]
    return [*above, *rows, *below][:height]


def _fitting(sectors: Sequence[_Counts], lines: int) -> Sequence[_Counts]:
    """Return as many sectors as have a line, the last line for all that have none."""
    if len(sectors) <= lines:
        return sectors
    shown, others = sectors[: max(0, lines - 1)], sectors[max(0, lines - 1) :]
    days = zip(*(counts for _, counts in others), strict=True)
    return (*shown, (f"{len(others)} others", tuple(_sum(day) for day in days)))[: max(0, lines)]


def _cells(days: int, room: int) -> tuple[int, ...]:
    """Return the cells of each column: days, and behind them the sum of those without room."""
    if days * NARROWEST <= room:
        return days * (min(WIDEST, room // days),) if days else ()
    shown = max(0, room - LATER) // NARROWEST
    return (*shown * (NARROWEST,), LATER) if shown else ()


def _heads(days: Sequence[date], cells: Sequence[int]) -> list[Line]:
    """Return the names of the days above their numbers."""
    names, numbers = [f"{day:%a}"[:2] for day in days], [str(day.day) for day in days]
    if len(cells) < len(days):
        shown = len(cells) - 1
        names, numbers = [*names[:shown], ""], [*numbers[:shown], "later"]
    told = ((names, ""), (numbers, "all"))
    return [
        ((" " * NAME + _placed(words, cells) + f"{last:>{TOTAL}}", "muted"),)
        for words, last in told
    ]


def _placed(words: Sequence[str], cells: Sequence[int]) -> str:
    return "".join(f"{word:>{room}}" for word, room in zip(words, cells, strict=True))


def _line(
    name: str,
    values: Sequence[N | None],
    cells: Sequence[int],
    words: Callable[[N], str] = str,
    role: str = "text",
) -> Line:
    """Return a name, its value on each day, and their sum."""
    shown = values if len(cells) == len(values) else values[: len(cells) - 1]
    rest = values[len(shown) :]
    told = [*shown, *([_sum(rest)] if rest else [])]
    runs = (_cell(value, room, words, role) for value, room in zip(told, cells, strict=True))
    return ((f"{name:{NAME}}", role), *runs, _cell(_sum(values), TOTAL, words, role))


def _sum(values: Sequence[N | None]) -> N | None:
    """Return the sum of what is known, None if nothing is."""
    known = [value for value in values if value is not None]
    return sum(known[1:], known[0]) if known else None


def _cell(value: N | None, room: int, words: Callable[[N], str], role: str) -> Run:
    if value is None:
        return (f"{MISSING:>{room}}", "absent")
    return (f"{words(value) if value else _DOT:>{room}}", role if value else "muted")


def _percent(weight: float) -> str:
    """Return a part of the index without its unit: `5.0`, `42`."""
    return share(weight, int(weight < _WHOLE), "")


def _strong(line: Line) -> Line:
    return tuple((text, "strong" if role == "text" else role) for text, role in line)


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

"""The term structure: VIX by horizon and its futures, today against a week and a month ago."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import zip_longest

import msgspec

from market.instruments import TERM_STRUCTURE
from market.snapshot import Snapshot
from market.volatility_study import FuturesCurve
from widgets import plotting
from widgets.lines import Line, Run, dimmed, folded, item, joined, packed, width_of
from widgets.mark import Mark
from widgets.panel import ViewPanel
from widgets.picture import Curve, Tick
from widgets.strips import MISSING, percent, price, signed
from widgets.strokes import sample_of
from widgets.values import Value, absence, family_mark, labelled, value_of

HORIZONS = ("9D", "30D", "3M", "6M")
SLOPE, STATE, CONTANGO = "vix.term.slope", "vix.term.state", "vix.futures.contango"
LABEL_WIDTH, COLUMN = 4, 7
"""Cells of a row's name, and of each number in it."""
PANE_WIDTH, PANE_ROWS = 27, 6
"""Least room of a chart."""
NO_FUTURES = "no VIX futures"


class Structure(msgspec.Struct, frozen=True):
    """Levels by horizon on three days; None where one is not known."""

    name: str
    horizons: tuple[str, ...]
    now: tuple[float | None, ...]
    week: tuple[float | None, ...]
    month: tuple[float | None, ...]


class TermView(msgspec.Struct, frozen=True, kw_only=True):
    """Both structures, and what is said of them."""

    spot: Structure
    futures: Structure | None
    slopes: tuple[Value, Value, Value]
    """VIX3M less VIX now, and how much it has changed since a week and a month ago."""
    state: Value
    contango: Value
    old: bool
    missing: int = 0
    """Contracts without a mark."""
    days: tuple[str, str, str] = ("", "", "")
    """Of the futures' marks: the newest, a week before and a month before."""


def term_view(snapshot: Snapshot) -> TermView:
    """Return what the panel shows of a snapshot."""
    slugs = [snapshot.cast[symbol].slug for symbol in TERM_STRUCTURE]

    def levels(figure: str) -> tuple[float | None, ...]:
        return tuple(value_of(snapshot, f"{slug}.{figure}").number for slug in slugs)

    study = snapshot.studies.volatility
    curve = None if study is None else study.futures
    slope = value_of(snapshot, SLOPE)
    changes = [value_of(snapshot, f"{SLOPE}.change.{window}") for window in ("1w", "1m")]
    return TermView(
        spot=Structure("VIX", HORIZONS, levels("last"), levels("level.1w"), levels("level.1m")),
        futures=None if curve is None else _of_futures(curve),
        slopes=(slope, changes[0], changes[1]),
        state=value_of(snapshot, STATE),
        contango=value_of(snapshot, CONTANGO),
        old=any(value_of(snapshot, f"{slug}.last").old for slug in slugs),
        missing=0 if curve is None else curve.missing,
        days=("", "", "") if curve is None else _days_of(curve),
    )


def _days_of(curve: FuturesCurve) -> tuple[str, str, str]:
    return _in_words(curve.day), _in_words(curve.week_day), _in_words(curve.month_day)


def _in_words(day: date) -> str:
    return f"{day.day} {day:%b}"


def _of_futures(curve: FuturesCurve) -> Structure:
    points = curve.points
    return Structure(
        "VX",
        tuple(f"{point.settles:%b}" for point in points),
        tuple(point.now for point in points),
        tuple(point.week for point in points),
        tuple(point.month for point in points),
    )


def paint(view: TermView, width: int, height: int, *, ascii_only: bool = False) -> list[Line]:
    """Return the numbers of the indices, charts below, and the futures' numbers where they fit.

    Where there is room for numbers or charts alone, it is charts: the levels stand elsewhere too.
    """
    if height < 1 or width < 1:
        return []
    if not any(level is not None for level in (*view.spot.now, *view.spot.week)):
        return absence(view.state.reason, width, height)
    table, foot = _table(view.spot, width, _slopes(view)), _foot(view, width)
    spare = height - 1
    if PANE_ROWS <= spare < PANE_ROWS + len(table):
        table = []
    spare -= len(table)
    if spare < PANE_ROWS + len(foot):
        foot = []
    head = [_words(view, width), *table]
    charts = _charts(view, width, spare - len(foot), ascii_only=ascii_only)
    return [*([dimmed(line) for line in head] if view.old else head), *charts, *foot][:height]


def _words(view: TermView, width: int) -> Line:
    state, contango = view.state, view.contango
    role = "failing" if state.word == "backwardation" else "text"
    items = [
        item(("VIX ", "faint"), state.run(state.word, role)),
        item(*labelled("3M − 30D", view.slopes[0].run(signed(view.slopes[0].number))), priority=1),
    ]
    if contango.known:
        moved = contango.run(percent(contango.number, 1, " %"))
        items.append(item(*labelled("VX 2nd/1st", moved), priority=2))
    if view.futures is None:
        items.append(item((NO_FUTURES, "absent"), priority=3))
    elif view.missing:
        marks = "mark" if view.missing == 1 else "marks"
        items.append(item((f"{view.missing} {marks} missing", "failing"), priority=3))
    return packed(items, width, 3)


def _slopes(view: TermView) -> tuple[str, ...]:
    """The slope on each of the three days."""
    now, *changes = (value.number for value in view.slopes)
    then = (None if now is None or each is None else now - each for each in changes)
    return tuple(signed(each) for each in (now, *then))


def _table(structure: Structure, width: int, last: Sequence[str] = ()) -> list[Line]:
    """Return names of horizons and three rows of levels; columns that do not fit go whole."""
    room = max(0, (width - LABEL_WIDTH) // COLUMN)
    count = min(room, len(structure.horizons))
    more = bool(last) and room > count
    rows = (("now", structure.now), ("1W", structure.week), ("1M", structure.month))
    titles = [*structure.horizons[:count], *(["slope"] if more else [])]
    label = structure.name.ljust(LABEL_WIDTH)[:LABEL_WIDTH]
    lines: list[Line] = [((label + "".join(t.rjust(COLUMN) for t in titles), "header"),)]
    for n, (name, levels) in enumerate(rows):
        words = [price(level, 2) for level in levels[:count]] + ([last[n]] if more else [])
        lines.append((_label(name), *(_cell(word, is_now=not n) for word in words)))
    return [line for line in lines if width_of(line) <= width]


def _label(name: str) -> Run:
    return (name.ljust(LABEL_WIDTH), "faint")


def _cell(word: str, *, is_now: bool) -> Run:
    role = "absent" if word == MISSING else "text" if is_now else "muted"
    return (word.rjust(COLUMN), role)


def _foot(view: TermView, width: int) -> list[Line]:
    if view.futures is None:
        return [((text, "absent"),) for text in folded(view.contango.reason, width, 1)]
    return _table(view.futures, width)


class _Pane(msgspec.Struct, frozen=True):
    """One chart: a structure now against an earlier day."""

    structure: Structure
    past: tuple[float | None, ...]
    words: tuple[str, str]
    is_spot: bool = False
    """Of the indices, which are as old as their levels; marks are of the last close."""

    @property
    def has_past(self) -> bool:
        """Whether anything of the earlier day is known."""
        return any(level is not None for level in self.past)


def _panes(view: TermView) -> Iterator[_Pane]:
    """Yield the charts with an earlier day, and one of a structure of which none is known."""
    every = [*_pairs(view)]
    drawn = {each.structure.name for each in every if each.has_past}
    for each in every:
        if each.has_past or each.structure.name not in drawn:
            drawn.add(each.structure.name)
            yield each


def _pairs(view: TermView) -> Iterator[_Pane]:
    """Yield each structure with each earlier day, those that say most first."""
    spot, futures = view.spot, view.futures
    yield _Pane(spot, spot.week, ("VIX now", "1W ago"), is_spot=True)
    if futures is not None:
        yield _Pane(futures, futures.week, (f"VX {view.days[0]}", view.days[1]))
    yield _Pane(spot, spot.month, ("VIX now", "1M ago"), is_spot=True)
    if futures is not None:
        yield _Pane(futures, futures.month, (f"VX {view.days[0]}", view.days[2]))


def _charts(view: TermView, width: int, height: int, *, ascii_only: bool) -> list[Line]:
    """Return as many charts as there is room for, side by side and above one another."""
    if height < PANE_ROWS:
        return []
    across = 2 if width >= 2 * PANE_WIDTH + 2 else 1
    panes = list(_panes(view))[: across * (height // PANE_ROWS)]
    rows = -(-len(panes) // across)
    lines: list[Line] = []
    for n in range(rows):
        tall = (height - len(lines)) // (rows - n)
        side = panes[n * across : (n + 1) * across]
        wide = (width - 2 * (len(side) - 1)) // len(side)
        drawn = [
            _pane(each, wide, tall, dim=view.old and each.is_spot, ascii_only=ascii_only)
            for each in side
        ]
        lines += [joined(parts, 2) for parts in zip_longest(*drawn, fillvalue=())]
    return lines


def _pane(pane: _Pane, width: int, height: int, *, dim: bool, ascii_only: bool) -> list[Line]:
    now, then = (
        item((f"{sample_of(role)} {words}", role), priority=n)
        for n, (role, words) in enumerate(zip(("line", "compare"), pane.words, strict=True))
    )
    legend = packed([now, then] if pane.has_past else [now], width)
    count = len(pane.structure.horizons)
    xs = tuple(float(n) for n in range(count))
    picture = plotting.line_chart(
        [Curve(xs, pane.structure.now, "line"), Curve(xs, pane.past, "compare")],
        width,
        height - 1,
        ticks=[Tick(x, name) for x, name in zip(xs, pane.structure.horizons, strict=True)],
        y_decimals=1,
        ascii_only=ascii_only,
        x_range=(-0.4, count - 0.6),
    )
    lines = [(*legend, (" " * (width - width_of(legend)), "text")), *picture]
    return [dimmed(line) for line in lines] if dim else lines


class VolatilityTermPanel(ViewPanel[TermView]):
    """What the options market expects over 9 days to 6 months, and the futures by month."""

    can_focus = True
    TITLE = "Term structure"

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the levels."""
        return family_mark(snapshot, [f"{snapshot.cast[s].slug}.last" for s in TERM_STRUCTURE])

    def view_from(self, snapshot: Snapshot) -> TermView:
        """Return the view."""
        return term_view(snapshot)

    def lines_of(
        self, view: TermView, width: int, height: int, *, ascii_only: bool
    ) -> Sequence[Line]:
        """Paint the view."""
        return paint(view, width, height, ascii_only=ascii_only)

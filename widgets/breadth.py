"""The breadth panel: how many members take part in the day, in a few lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec

from market.snapshot import Snapshot
from widgets.census_mark import (
    Counts,
    are_holdings_late,
    census_mark,
    census_reading,
    census_value,
    changes_in_words,
    coverage_in_words,
    holdings_in_words,
    is_census_old,
    left_out,
    left_out_in_words,
    summed,
)
from widgets.frame import PART
from widgets.lines import Item, Line, Run, item, joined, packed, width_of
from widgets.mark import Mark
from widgets.panel import ViewPanel
from widgets.strips import basis_points, direction, price, ratio, share, signed
from widgets.values import Value, absence, labelled

if TYPE_CHECKING:
    from widgets.breadth_chart import ChartView

_DAY = (
    "advances", "declines", "unchanged", "above_20dma", "above_50dma", "above_200dma",
    "new_highs", "new_lows", "trin", "up_volume_share", "mcclellan", "summation", "participation",
)  # fmt: skip
_OVER_WINDOW = ("equal_less_cap", "top10_share", "median")
UP_BAR, DOWN_BAR = "▇", "▅"
_ASCII_BARS = {UP_BAR: "#", DOWN_BAR: "-"}
"""Bars of two heights: they differ without colour too."""
_LEFT_OUT = {"suspect": "failing"}
"""How those left out are shown, if not muted."""
_ALL_ROWS = 5
"""Rows that say all; fewer leave out how many members the figures are made of."""
_SHORTEST_BAR = 6
_MARK_ROOM = 20
"""Cells of the border that source and age take, and what stands between."""
CHART_ROWS = 6
"""Least rows of the chart beneath, its header included."""


class BreadthView(msgspec.Struct, frozen=True):
    """All that the breadth panel shows."""

    window: str
    values: tuple[tuple[str, Value], ...]
    """Figures of the day, then those over the window, by the last part of their names."""
    coverage: str
    """How many members they are made of."""
    chart: ChartView | None
    """None until the members are counted."""
    left_out: Counts = ()
    """How many members are suspect, missing, idle, unmapped, and the word for it."""
    held: str = ""
    """Of which day the members and their weights are."""
    is_held_late: bool = False

    def __getitem__(self, name: str) -> Value:
        """Return one figure."""
        return next(value for known, value in self.values if known == name)

    @property
    def why(self) -> str:
        """The first reason among figures that are absent."""
        return next((v.reason for _, v in self.values if not v.known and v.reason), "")


def view_of(snapshot: Snapshot, window: str) -> BreadthView:
    """Return what the breadth panel shows: the day's figures, and spreads over the window."""
    old = is_census_old(snapshot)
    over = window.lower()
    names = [(n, f"breadth.{n}") for n in _DAY]
    names += [(n, f"attribution.{n}.{over}") for n in _OVER_WINDOW]
    return BreadthView(
        window,
        tuple((short, census_value(snapshot, name, old=old)) for short, name in names),
        coverage_in_words(census_reading(snapshot, "breadth.advances")),
        _chart(snapshot, window),
        left_out(snapshot),
        holdings_in_words(snapshot),
        are_holdings_late(snapshot),
    )


def _chart(snapshot: Snapshot, window: str) -> ChartView | None:
    if snapshot.census is None:
        return None
    from widgets.breadth_chart import chart_view

    return chart_view(snapshot, "ad_line", window)


def paint(view: BreadthView, width: int, height: int, *, ascii_only: bool = False) -> list[Line]:
    """Return the panel's lines: two say the most, five say all, more draw the A/D line."""
    if height < 1 or width < 1:
        return []
    if not any(value.known for _, value in view.values):
        return absence(view.why, width, height)
    if height < 3:
        return _folded(view, width, height, ascii_only=ascii_only)
    lines = [
        _bar_line(view, width, [_flat(view)], ascii_only=ascii_only),
        packed([*_averages(view), *_extremes(view)], width),
        packed([_trin(view), *_spreads(view)], width),
        packed(_momentum(view), width),
        _coverage(view, width),
    ]
    if height == 3:
        lines[2] = packed([_trin(view), *_spreads(view), _short_coverage(view)], width)
    spare = height - len(lines) - 1
    if spare < CHART_ROWS or view.chart is None:
        return lines[:height]
    from widgets.breadth_chart import chart_lines

    return [*lines, (), *chart_lines(view.chart, width, spare, ascii_only=ascii_only)]


def _folded(view: BreadthView, width: int, height: int, *, ascii_only: bool) -> list[Line]:
    """Return the same in one or two lines, as low terminals show it."""
    first = _bar_line(view, width, _extremes(view), ascii_only=ascii_only)
    second = [*_averages(view), _trin(view), *_spreads(view), _short_coverage(view)]
    return [first, packed(second, width)][:height]


def _bar_line(view: BreadthView, width: int, beside: Sequence[Item], *, ascii_only: bool) -> Line:
    """Return `▲ 1,311 ▇▇▇▇▇▅▅▅ 589 ▼`, and what has room beside it."""
    ups, downs = view["advances"], view["declines"]
    left: Line = (ups.run("▲", "up"), (" ", "text"), ups.run(price(ups.number, 0), "up"))
    right: Line = (downs.run(price(downs.number, 0), "down"), (" ", "text"), downs.run("▼", "down"))
    ends = width_of(left) + width_of(right) + 2
    tail = packed(beside, width - ends - _SHORTEST_BAR - 2)
    room = width - ends - (width_of(tail) + 2 if tail else 0)
    bar = _bar(ups, downs, room, ascii_only=ascii_only) if room >= _SHORTEST_BAR else ()
    line = (*left, (" ", "text"), *bar, (" ", "text") if bar else ("", "text"), *right)
    whole: Line = (*line, ("  ", "text"), *tail) if tail else line
    return (
        whole
        if width_of(whole) <= width
        else packed([item(*left), item(*right, priority=1)], width)
    )


def _bar(ups: Value, downs: Value, width: int, *, ascii_only: bool) -> Line:
    """Return a bar split as advances and declines are; none of two that moved is left out."""
    total = (ups.number or 0.0) + (downs.number or 0.0)
    if not total:
        return ()
    long = round((ups.number or 0.0) / total * width)
    long = min(max(long, 1 if ups.number else 0), width - (1 if downs.number else 0))
    up, down = (_ASCII_BARS[b] if ascii_only else b for b in (UP_BAR, DOWN_BAR))
    return (ups.run(up * long, "up"), downs.run(down * (width - long), "down"))


def _flat(view: BreadthView) -> Item:
    value = view["unchanged"]
    return item(value.run(f"{price(value.number, 0)} flat", "muted"), priority=1)


def _averages(view: BreadthView) -> list[Item]:
    names = (
        (">50DMA", "above_50dma", 0),
        (">200DMA", "above_200dma", 1),
        (">20DMA", "above_20dma", 6),
    )
    return [
        item(*labelled(label, view[n].run(share(view[n].number))), priority=priority)
        for label, n, priority in names
    ]


def _extremes(view: BreadthView) -> list[Item]:
    highs, lows = view["new_highs"], view["new_lows"]
    return [
        item(*labelled("NH", highs.run(price(highs.number, 0), "up")), priority=2),
        item(
            *labelled("NL", lows.run(price(lows.number, 0), "down" if lows.number else "text")),
            priority=2,
        ),
    ]


def _trin(view: BreadthView) -> Item:
    return item(*labelled("TRIN", view["trin"].run(ratio(view["trin"].number))), priority=2)


def _spreads(view: BreadthView) -> list[Item]:
    """Return what tells broad from narrow moves over the window."""
    over = "" if view.window == "1D" else f" {view.window}"
    spread, top = view["equal_less_cap"], view["top10_share"]
    words = basis_points(spread.number)
    return [
        item(*labelled(f"EW−CW{over}", spread.run(words, direction(words))), priority=3),
        item(*labelled(f"top-10{over}", top.run(share(top.number))), priority=4),
    ]


def _short_coverage(view: BreadthView) -> Item:
    used = view.coverage.partition(" of ")[0]
    return item(*labelled("n", (used, "muted")), priority=5) if used else item()


def _momentum(view: BreadthView) -> list[Item]:
    oscillator, summation = view["mcclellan"], view["summation"]
    volume, better = view["up_volume_share"], view["participation"]
    found = [
        item(*labelled("McClellan", _signed(oscillator)), priority=0),
        item(*labelled("sum", _signed(summation)), priority=3),
        item(*labelled("up volume", volume.run(share(volume.number))), priority=1),
        item(*labelled("beat the index", better.run(share(better.number))), priority=2),
    ]
    if not oscillator.known and oscillator.reason:
        found[1] = item((oscillator.reason, "absent"), priority=4)
    return found


def _signed(value: Value) -> Run:
    return value.run(signed(value.number, 0))


def _coverage(view: BreadthView, width: int) -> Line:
    """Return how many members the figures are made of, and who is left out of them."""
    who, _, weight = view.coverage.partition(", ")
    parts = [item((text, "muted"), priority=n) for text, n in ((who, 0), (weight, 4)) if text]
    role, priority = ("late", 1) if view.is_held_late else ("muted", 5)
    held = item((view.held, role), priority=priority) if view.held else item()
    kept = [each for each in (*parts[:1], held if view.is_held_late else item()) if each.runs]
    room = width - sum(each.width + 2 for each in kept)
    return packed([*parts, _left_out(view, room), held], width)


def _left_out(view: BreadthView, room: int) -> Item:
    """Return who is left out, all or nobody: each kind, or where they have no room, their sum."""
    whole, both, fewest = (_counts(way) for way in (view.left_out, *summed(view.left_out)))
    if width_of(whole) <= room:
        return item(*whole, priority=1)
    return item(*(both if width_of(both) <= room else fewest), priority=2)


def _counts(counts: Iterable[tuple[int, str]]) -> Line:
    return joined([((f"{n:,} {word}", _LEFT_OUT.get(word, "muted")),) for n, word in counts])


class BreadthPanel(ViewPanel[BreadthView]):
    """Advances and declines, averages, extremes, and how narrow the move is."""

    can_focus = True
    TITLE = "Breadth"

    def heading(self) -> str:
        """Return the title, who is left out where no line says so, and who came and left."""
        if self.snapshot is None:
            return self.TITLE
        rows = self.size.height - (2 if self.frame == "box" else 1)
        room = self.size.width - len(self.TITLE) - _MARK_ROOM
        left = "" if rows >= _ALL_ROWS else left_out_in_words(self.snapshot, room)
        news = changes_in_words(self.snapshot)
        return PART.join(words for words in (self.TITLE, left, news) if words)

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the members' prices."""
        return census_mark(snapshot)

    def view_from(self, snapshot: Snapshot) -> BreadthView:
        """Return the view."""
        return view_of(snapshot, self.window)

    def lines_of(
        self, view: BreadthView, width: int, height: int, *, ascii_only: bool
    ) -> Sequence[Line]:
        """Paint the view."""
        return paint(view, width, height, ascii_only=ascii_only)

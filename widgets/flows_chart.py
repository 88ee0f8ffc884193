"""One fund's net creations day by day as bars, below the line of their sum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from market.fund_flow_study import FundFlows
from market.funds import BY_SYMBOL
from market.instruments import TRACKER
from market.sessions import session_of
from market.snapshot import Snapshot
from widgets import plotting
from widgets.axis import session_ticks
from widgets.flow_mark import flow_freshness, flow_mark, in_words
from widgets.flows_table import cumulative, sessions_of
from widgets.frame import PART
from widgets.lines import Line, dimmed, item, packed
from widgets.mark import Mark
from widgets.panel import SymbolPanel
from widgets.picture import Curve, Rule, Tick
from widgets.signed_bars import bar_range, signed_bars
from widgets.strips import direction, money, percent, plain
from widgets.values import OLD, absence

LENGTHS = {"6M": 126, "YTD": 252, "1Y": 252}
"""Sessions that a window shows; shorter windows show a quarter."""
SHORTEST = 63
_GUTTER = 9
_BOTH_FROM = 9
"""Rows from which on bars and their sum have a plot each."""
_NOTE_FROM = 6
"""Rows from which on words about doubtful counts stand beneath."""


class ChartView(msgspec.Struct, frozen=True):
    """What is drawn: a fund's flows and over how many sessions."""

    symbol: str
    found: FundFlows | None
    sessions: int
    reason: str = ""
    old: bool = False


def chart_view(snapshot: Snapshot, symbol: str, window: str) -> ChartView:
    """Return what the chart shows of a fund over a window, a quarter of a year at least."""
    study = snapshot.studies.flows
    found = None if study is None else study.of(symbol)
    fresh = flow_freshness(snapshot, symbol)
    count = LENGTHS.get(window, SHORTEST)
    if window == "YTD" and found is not None:
        first = date(found.day.year, 1, 1)
        count = max(SHORTEST, sum(day >= first for day in sessions_of(found, LENGTHS["YTD"])))
    return ChartView(symbol, found, count, plain(fresh.reason), fresh.look in OLD)


def chart_lines(
    view: ChartView, width: int, height: int, *, ascii_only: bool = False
) -> Sequence[Line]:
    """Return a line of figures, the sum and the bars below it, and what is doubtful."""
    if height < 1 or width < 1:
        return ()
    found = view.found
    days = () if found is None else sessions_of(found, view.sessions)
    if found is None or not days:
        counted = "" if found is None else f"one count of {found.day.day} {found.day:%b} is known"
        return absence(view.reason or counted, width, height)
    drawn = _Drawn.of(found, days)
    lines: list[Line] = [_legend(view, drawn, width)]
    note = _note(found, days, width) if height >= _NOTE_FROM else ()
    rows = height - 1 - len(note)
    if rows >= 2:
        lines += _plots(drawn, width, rows, ascii_only=ascii_only)
    lines += note
    return [dimmed(line) for line in lines] if view.old else lines


class _Drawn(msgspec.Struct, frozen=True):
    """Columns of what is drawn, a session each, in one unit of dollars."""

    days: tuple[date, ...]
    bars: tuple[float | None, ...]
    path: tuple[float | None, ...]
    unit: str
    total: float
    share: float | None

    @classmethod
    def of(cls, found: FundFlows, days: tuple[date, ...]) -> _Drawn:
        shown = frozenset(days)
        creations = [each for each in found.ledger.creations if each.day in shown]
        by_day = {each.day: each.dollars for each in creations}
        path = cumulative(found, len(days))
        most = max((abs(each) for each in (*by_day.values(), *path) if each is not None), default=0)
        size, unit = (1e9, "$bn") if most >= 2e9 else (1e6, "$m")
        total = sum(by_day.values())
        assets = creations[0].assets if creations else 0.0
        return cls(
            days,
            tuple(None if day not in by_day else by_day[day] / size for day in days),
            tuple(None if each is None else each / size for each in path),
            unit,
            total,
            total / assets if assets > 0 else None,
        )


def _legend(view: ChartView, drawn: _Drawn, width: int) -> Line:
    total, part = money(drawn.total, with_sign=True), percent(drawn.share, 2, " %")
    count = len(drawn.days)
    return packed(
        [
            item((f"{view.symbol} ", "strong"), (f"{drawn.unit} a session", "faint")),
            item(("sum ", "line"), (total, direction(total)), (f" in {count}d", "faint")),
            item((part, "muted"), (" of assets at its start", "faint"), priority=1),
        ],
        width,
        3,
    )


def _plots(drawn: _Drawn, width: int, height: int, *, ascii_only: bool) -> Sequence[Line]:
    """The sum over the bars where both have room, else the bars."""
    ticks = _ticks(drawn.days, width)
    above = (height - 1) // 2 if height >= _BOTH_FROM else 0
    lines: list[Line] = []
    if above:
        count = len(drawn.days)
        lines += plotting.line_chart(
            [Curve(tuple(map(float, range(count))), drawn.path)],
            width,
            above,
            rules=[Rule(0.0)],
            y_decimals=1,
            ascii_only=ascii_only,
            x_range=bar_range(count),
            gutter=_GUTTER,
        )
    lines += signed_bars(
        drawn.bars,
        width,
        height - above,
        ticks=ticks,
        y_decimals=1,
        gutter=_GUTTER,
        ascii_only=ascii_only,
    )
    return lines


def _ticks(days: Sequence[date], width: int) -> tuple[Tick, ...]:
    times = [int(session_of(day).open.timestamp()) for day in days]
    span = "1Y" if len(days) > 130 else "6M" if len(days) > SHORTEST else "3M"
    return session_ticks(times, width - _GUTTER, span)


def _note(found: FundFlows, days: Sequence[date], width: int) -> list[Line]:
    """What of the sessions shown is doubtful or was left out, the newest first."""
    items = [
        item((words, role), priority=n)
        for n, (words, role) in enumerate(_doubts(found, days[0]))
        if len(words) <= width
    ]
    return [packed(items[:4], width, 3)] if items else []


def _doubts(found: FundFlows, first: date) -> Iterator[tuple[str, str]]:
    pending = found.ledger.pending
    if pending is not None:
        words = f"{_of(pending.day)}: {money(pending.dollars, with_sign=True)}"
        yield f"{words} needs a second source", "late"
    for row in reversed(found.ledger.left_out):
        if row.day >= first:
            yield f"{_of(row.day)} left out: {row.reason}", "muted"
    for each in reversed(found.ledger.creations):
        if each.day >= first and each.remarks:
            told = ", ".join(in_words(found.symbol, remark) for remark in each.remarks)
            yield f"{_of(each.day)}: {told}", "faint"


def _of(day: date) -> str:
    return f"{day.day} {day:%b}"


class FlowsChartPanel(SymbolPanel[ChartView]):
    """Net creations of the chosen fund, day by day."""

    TITLE = "Net creations"

    def heading(self) -> str:
        """Return the fund and what it stands for."""
        fund = BY_SYMBOL.get(self.symbol)
        name = self.symbol if fund is None else f"{fund.symbol} {fund.group}"
        return PART.join(words for words in (name, self.TITLE.lower()) if words)

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the fund's counts."""
        return flow_mark(snapshot, self.symbol or TRACKER)

    def view_from(self, snapshot: Snapshot) -> ChartView:
        """Return the view."""
        return chart_view(snapshot, self.symbol or TRACKER, self.window)

    def lines_of(
        self, view: ChartView, width: int, height: int, *, ascii_only: bool
    ) -> Sequence[Line]:
        """Draw the view."""
        return chart_lines(view, width, height, ascii_only=ascii_only)

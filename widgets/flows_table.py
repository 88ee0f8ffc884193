"""The funds whose shares are counted as a table: assets, net creations, and their place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from textual.app import ComposeResult
from textual.message import Message

from market.fund_flow_study import FundFlows
from market.funds import FUNDS, Fund
from market.health import Look
from market.metrics.catalogue_flows import WINDOWS
from market.sessions import sessions_back, sessions_between
from market.snapshot import Snapshot
from widgets.board import Board, Cell, Column, Row
from widgets.flow_mark import LONGEST, flow_freshness, flows_mark, marks_of
from widgets.frame import PART
from widgets.mark import Mark
from widgets.panel import BoardPanel
from widgets.strips import MISSING, direction, money, percent, plain, share

SPARK_SESSIONS = 60
"""Sessions of the line of cumulative creations."""
COLUMNS = (
    Column("fund", "Fund", 5, "left", descending_first=False),
    Column("group", "What", 14, "left", priority=7, descending_first=False),
    Column("assets", "Assets", 8, priority=4),
    *(Column(f"dollars.{n}d", f"{n}D $", 8, priority=p) for n, p in ((1, 1), (5, 2), (20, 0))),
    *(Column(f"share.{n}d", f"{n}D %", 6, priority=p) for n, p in ((1, 11), (5, 10), (20, 3))),
    Column("percentile", "20D pct", 7, priority=5),
    Column("path", "60D", 10, "left", priority=9, sortable=False, most=24),
    Column("known", "Days", 4, priority=13),
    Column("marks", "Marks", 25, "left", priority=8, descending_first=False),
    Column("source", "Source", 7, "left", priority=14, descending_first=False),
    Column("day", "Of", 6, "left", priority=12),
)


def flow_rows(snapshot: Snapshot) -> list[Row]:
    """Return a row a fund, small caps first; one of which nothing is known says why."""
    return [_row(snapshot, fund) for fund in FUNDS]


def cumulative(found: FundFlows, count: int) -> tuple[float | None, ...]:
    """Return net creations in dollars summed up over the newest sessions; a gap where none is."""
    by_day = {each.day: each.dollars for each in found.ledger.creations}
    total, path = 0.0, list[float | None]()
    for day in sessions_of(found, count):
        total += by_day.get(day, 0.0)
        path.append(total if day in by_day else None)
    return tuple(path)


def sessions_of(found: FundFlows, count: int) -> tuple[date, ...]:
    """Return the newest sessions whose creations can be known, oldest first, `count` at most."""
    creations = found.ledger.creations
    if not creations:
        return ()
    first = max(sessions_back(found.day, count - 1), creations[0].base + timedelta(days=1))
    return tuple(sessions_between(first, found.day))


def _row(snapshot: Snapshot, fund: Fund) -> Row:
    study = snapshot.studies.flows
    found = None if study is None else study.of(fund.symbol)
    fresh = flow_freshness(snapshot, fund.symbol)
    name = Cell(fund.symbol, "strong", fund.symbol)
    words = f"{fund.symbol} {fund.group} {fund.issuer.value}"
    if found is None:
        cells = (name, *(Cell(MISSING, "absent") for _ in COLUMNS[1:]))
        return Row(fund.symbol, cells, words, notes=(plain(fresh.reason), MISSING))
    cells = (
        name,
        Cell(fund.group, "muted", fund.group),
        Cell(money(found.assets), "text", found.assets),
        *_sums(found),
        _percentile(found),
        Cell("", "line", spark=cumulative(found, SPARK_SESSIONS)),
        Cell(str(found.sessions), "muted", float(found.sessions)),
        _marks(found),
        Cell(plain(found.source, 12), "muted", found.source),
        Cell(f"{found.day.day} {found.day:%b}", "muted", float(found.day.toordinal())),
    )
    return Row(fund.symbol, cells, words, fresh.look is not Look.LIVE)


def _sums(found: FundFlows) -> Iterator[Cell]:
    totals = [found.over(window) for window in WINDOWS]
    for total in totals:
        text = money(total.dollars, with_sign=True)
        yield Cell(text, direction(text), total.dollars)
    for total in totals:
        text = percent(total.share)
        yield Cell(text, direction(text), total.share)


def _percentile(found: FundFlows) -> Cell:
    value = found.over(LONGEST).percentile
    return Cell(share(value, 0, ""), "absent" if value is None else "text", value)


def _marks(found: FundFlows) -> Cell:
    text = ", ".join(marks_of(found))
    return Cell(text, "late" if found.ledger.pending is not None else "muted", text or None)


class FlowsTablePanel(BoardPanel):
    """What flowed into each fund; enter opens the fund."""

    TITLE = "Fund flows"

    class FundChosen(Message):
        """The cursor came to a fund."""

        def __init__(self, panel: FlowsTablePanel) -> None:
            super().__init__()
            self.panel = panel

        @property
        def control(self) -> FlowsTablePanel:
            """The panel."""
            return self.panel

    _shown: tuple[object, ...] = ()

    def compose(self) -> ComposeResult:
        """Hold one board."""
        yield Board(COLUMNS, empty="no fund is counted")

    def heading(self) -> str:
        """Return the title, and of how many funds counts are known."""
        study = self.snapshot.studies.flows if self.snapshot is not None else None
        known = 0 if study is None else len(study.funds)
        return PART.join((self.TITLE, f"{known} of {len(FUNDS)} funds, shares at net asset value"))

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the counts."""
        return flows_mark(snapshot)

    def take(self, snapshot: Snapshot) -> bool:
        """Give the board its rows, if what they are made of has changed."""
        if self.has_board:
            made_of = (snapshot.studies.flows, *_told(snapshot))
            if made_of != self._shown:
                self._shown = made_of
                self.board.show(flow_rows(snapshot), COLUMNS)
        return False

    def on_board_highlighted(self, event: Board.Highlighted) -> None:
        """Tell which fund the cursor came to."""
        event.stop()
        self.post_message(self.FundChosen(self))


def _told(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """How fresh each fund's counts are, and what is said of those that did not come."""
    for fund in FUNDS:
        fresh = flow_freshness(snapshot, fund.symbol)
        yield fresh.look.value, fresh.reason

"""The alerts as a table: value, rule, how far it is from turning, state; and what happened."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult

from market.alerts.board import AlertBoard, AlertStanding
from market.alerts.events import AlertEvent
from market.health import Look
from market.snapshot import Snapshot
from widgets.alerts_text import (
    STATUSES,
    distance_words,
    event_words,
    fault_words,
    judged_value,
    nearness,
    rule_words,
    value_words,
    why_words,
)
from widgets.board import Board, Cell, Column, Row
from widgets.frame import PART
from widgets.mark import Mark
from widgets.moments import moment
from widgets.panel import BoardPanel
from widgets.strips import plain
from widgets.values import list_mark

NONE_YET = "no alert is set; press a on a number to set one"
NOTHING_YET = "nothing has happened yet"
FAULT = "fault:"
"""What the names of rows begin with that tell of a fault in the file."""
COLUMNS = (
    Column("alert", "Alert", 20, "left", flex=True, descending_first=False),
    Column("value", "Now", 9),
    Column("rule", "Rule", 24, "left", priority=3, flex=True, sortable=False),
    Column("distance", "To go", 8, priority=1, descending_first=False),
    Column("state", "State", 11, "left", descending_first=False),
    Column("fired", "Told", 9, priority=2),
)
HISTORY = (
    Column("at", "When", 9, "left"),
    Column("alert", "Alert", 20, "left", flex=True, descending_first=False),
    Column("event", "What", 6, "left", descending_first=False),
    Column("text", "Value", 26, "left", priority=2, flex=True, sortable=False),
)


def alert_rows(snapshot: Snapshot) -> list[Row]:
    """Return a row an alert in the order they are written, then one a fault of the file."""
    board = snapshot.alerts
    if board is None:
        return []
    return [*(_row(snapshot, each) for each in board.standings), *_faults(board)]


def _row(snapshot: Snapshot, each: AlertStanding) -> Row:
    alert, standing = each.alert, each.standing
    test = alert.rule.test
    status, role = STATUSES[each.status]
    title = plain(alert.title)
    value = judged_value(each)
    told = each.fired_at
    rule, why = plain(rule_words(snapshot, test)), why_words(each)
    cells = (
        Cell(f"! {title}" if each.is_new else title, "accent" if each.is_new else "strong", title),
        Cell(
            value_words(snapshot, each),
            "absent" if value is None else "text",
            value if isinstance(value, float | int) else None,
        ),
        Cell("" if why else rule, "muted"),
        Cell(distance_words(snapshot, test, standing), "text", nearness(test, standing)),
        Cell(status, role, str(each.status)),
        Cell(
            moment(told, snapshot.now) if told is not None else "",
            "accent" if each.is_new else "muted",
            None if told is None else told.timestamp(),
        ),
    )
    search = f"{alert.title} {' '.join(alert.metrics)}"
    notes = (why, rule) if why else ()
    return Row(alert.id, cells, search, notes=notes, is_spread=bool(why))


def _faults(board: AlertBoard) -> Iterator[Row]:
    blank = (Cell(""),) * (len(COLUMNS) - 1)
    for number, fault in enumerate(board.faults, 1):
        words = plain(fault, 400)
        name, reasons = fault_words(words)
        notes = (f"left out: {reasons[0]}", *reasons, "config check says why", "left out")
        yield Row(f"{FAULT}{number}", (Cell(f"✗ {name}", "failing"), *blank), words, notes=notes)


def history_rows(snapshot: Snapshot) -> list[Row]:
    """Return a row an event, the newest first."""
    board = snapshot.alerts
    events = board.history if board is not None else ()
    numbered = list(enumerate(events))
    return [_event_row(snapshot, event, number) for number, event in reversed(numbered)]


def _event_row(snapshot: Snapshot, event: AlertEvent, number: int) -> Row:
    word, role = event_words(event)
    title = plain(event.title)
    cells = (
        Cell(moment(event.at, snapshot.now), "muted", event.at.timestamp()),
        Cell(title, "text", title),
        Cell(word, role, word),
        Cell(plain(event.text), "muted"),
    )
    return Row(f"{event.at.isoformat()}/{event.alert}/{number}", cells, f"{title} {event.metric}")


def _mark(snapshot: Snapshot) -> Mark:
    board = snapshot.alerts
    standings = board.standings if board is not None else ()
    if not standings:
        badge = snapshot.mode.badge
        return Mark(Look.LIVE, (f"{badge} none set".strip(), badge), bool(badge))
    names = (each.alert.metrics[0] for each in standings)
    return list_mark(snapshot, [name for name in names if name in snapshot.readings])


class AlertsPanel(BoardPanel):
    """Every alert."""

    TITLE = "Alerts"

    def compose(self) -> ComposeResult:
        """Hold one board."""
        yield Board(COLUMNS, empty=NONE_YET)

    def heading(self) -> str:
        """Return how many alerts there are, nobody has taken note of, and cannot be."""
        board = self.snapshot.alerts if self.snapshot is not None else None
        if board is None:
            return self.TITLE
        counts = (len(board.standings), len(board.new), len(board.faults))
        said = (
            f"{n}{what}" for n, what in zip(counts, ("", " new", " left out"), strict=True) if n
        )
        return PART.join((self.TITLE, *said))

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of what the alerts are judged by: of the middle one."""
        return _mark(snapshot)

    def take(self, snapshot: Snapshot) -> bool:
        """Give the board its rows."""
        if self.has_board:
            self.board.show(alert_rows(snapshot), COLUMNS)
        return False

    @property
    def chosen(self) -> AlertStanding | None:
        """The alert under the cursor."""
        board = self.snapshot.alerts if self.snapshot is not None else None
        return None if board is None else board.of(self.cursor_symbol or "")


class AlertHistoryPanel(BoardPanel):
    """What happened to the alerts, the newest first."""

    TITLE = "What happened"

    def compose(self) -> ComposeResult:
        """Hold one board."""
        yield Board(HISTORY, empty=NOTHING_YET)

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of what the alerts are judged by: of the middle one."""
        return _mark(snapshot)

    def take(self, snapshot: Snapshot) -> bool:
        """Give the board its rows."""
        if self.has_board:
            self.board.show(history_rows(snapshot), HISTORY)
        return False

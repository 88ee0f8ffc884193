"""What a line of a story is judged by: each condition, and further metrics, with their sources."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.reactive import reactive

from market.freshness import age_in_words, freshness
from market.health import Look
from market.metrics.compute import metric_named
from market.rules.judging import part_standings
from market.scoreboard import LineStanding
from market.snapshot import Snapshot
from widgets.board import Board, Cell, Column, Row
from widgets.frame import PART
from widgets.lines import Run
from widgets.mark import Mark
from widgets.metric_text import metric_text
from widgets.panel import BoardPanel
from widgets.story_lines import condition_text
from widgets.strips import MISSING, plain
from widgets.thesis_table import line_at
from widgets.values import OLD, list_mark

COLUMNS = (
    Column("metric", "Judged by", 24, "left", descending_first=False),
    Column("value", "Value", 9),
    Column("rule", "Asked", 16, "left", priority=2, sortable=False),
    Column("source", "Source", 12, "left", priority=3),
    Column("meaning", "Meaning", 30, "left", priority=4, flex=True, sortable=False),
)
_SIGNS: dict[bool | None, Run] = {True: ("✓", "up"), False: ("✗", "down"), None: ("·", "absent")}


def evidence_rows(snapshot: Snapshot, standing: LineStanding) -> list[Row]:
    """Return a row a condition of the line's rule, then one a further metric."""
    rows: dict[str, Row] = {}
    for condition, how in part_standings(standing.line.rule.test, standing.standing):
        asked = condition_text(snapshot, condition)
        rows[condition.metric] = _row(snapshot, condition.metric, asked, _SIGNS[how.holds])
    for name in (standing.line.shows, *standing.line.evidence):
        if name not in rows:
            rows[name] = _row(snapshot, name, "", (" ", "muted"))
    return list(rows.values())


def _row(snapshot: Snapshot, name: str, asked: str, sign: Run) -> Row:
    reading, fresh = snapshot.reading(name), freshness(snapshot, name)
    found = metric_named(name, snapshot.cast)
    role = "late" if fresh.look in OLD else "strong" if asked else "text"
    is_known = reading.value is not None
    source = f"{fresh.source} {age_in_words(fresh)}".strip() if is_known else ""
    cells = (
        Cell(f"{sign[0]} {name}", sign[1] if asked else "text", name),
        Cell(
            metric_text(snapshot, name, reading.value, unit=True),
            role if is_known else "absent",
            reading.value if isinstance(reading.value, float) else None,
        ),
        Cell(asked, "muted"),
        Cell(plain(source), "muted", source),
        Cell(found[0].meaning if found is not None else "", "faint"),
    )
    reason = "" if is_known else plain(fresh.reason or reading.reason)
    notes = (f"{MISSING} {reason}", MISSING) if reason else ()
    return Row(name, cells, name, fresh.look is Look.LATE, notes=notes)


class EvidencePanel(BoardPanel):
    """What the line under the cursor is judged by; enter opens what a metric is about."""

    TITLE = "Evidence"

    row: reactive[str] = reactive("", repaint=False)
    """Which line: the name of its row in the table."""

    def compose(self) -> ComposeResult:
        """Hold one board."""
        yield Board(COLUMNS, empty="no line is chosen")

    def watch_row(self) -> None:
        """Show another line."""
        self.renew()

    def heading(self) -> str:
        """Return the claim as it was made, and who told the story."""
        found = None if self.snapshot is None else line_at(self.snapshot, self.row)
        if found is None:
            return self.TITLE
        story, standing = found
        claim, source = f"“{plain(standing.line.claim)}”", plain(story.story.source)
        return PART.join(part for part in (self.TITLE, claim, source) if part)

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of what the line is judged by."""
        found = line_at(snapshot, self.row)
        return list_mark(snapshot, list(found[1].line.judged_by) if found is not None else [])

    def take(self, snapshot: Snapshot) -> bool:
        """Give the board its rows."""
        if self.has_board:
            found = line_at(snapshot, self.row)
            rows = evidence_rows(snapshot, found[1]) if found is not None else []
            self.board.show(rows, COLUMNS)
        return False

"""The lines of the stories as a table: claim, value, band, state, since, and the way there."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.message import Message

from market.scoreboard import LineStanding, LineState, StoryStanding, judged_number
from market.snapshot import Snapshot
from widgets.board import Board, Cell, Column, Row
from widgets.frame import PART
from widgets.mark import Mark
from widgets.panel import BoardPanel
from widgets.story_lines import (
    AWAITED,
    band_bar,
    band_of,
    glyph_of,
    held_text,
    official_text,
    role_of,
    rule_text,
    since_text,
    state_text,
    value_role,
    value_text,
    why_unknown,
)
from widgets.strips import MISSING, plain
from widgets.values import WORKING_OUT, list_mark

BAND_CELLS = 15
_BLANK = Cell("")
SPARK_CLOSES = 126
"""Closes of the line of values: half a year."""
COLUMNS = (
    Column("line", "Line", 17, "left", descending_first=False),
    Column("claim", "Claim", 20, "left", priority=9, flex=True, sortable=False),
    Column("value", "Value", 8),
    Column("rule", "Claimed", 12, "left", priority=4, sortable=False),
    Column("band", "Band", BAND_CELLS, "left", priority=5, sortable=False),
    Column("state", "State", 9, "left", priority=1, descending_first=False),
    Column("since", "Since", 8, "left", priority=2),
    Column("path", "6M", 12, "left", priority=6, sortable=False, most=24),
    Column("now", "Now", 9, "left", priority=7, descending_first=False),
)


def key_of(story: StoryStanding, standing: LineStanding) -> str:
    """Return the name of a line's row."""
    return f"{story.story.slug}/{standing.line.id}"


def line_at(snapshot: Snapshot, key: str) -> tuple[StoryStanding, LineStanding] | None:
    """Return the story and the line of a row."""
    board = snapshot.scoreboard
    for story in board.stories if board is not None else ():
        for standing in story.lines:
            if key_of(story, standing) == key:
                return story, standing
    return None


def thesis_rows(snapshot: Snapshot, *, is_headed: bool = False) -> list[Row]:
    """Return a row a line of each story, in the order they were written.

    Args:
        snapshot: What is known.
        is_headed: Whether several stories have a heading each.
    """
    board = snapshot.scoreboard
    stories = board.stories if board is not None else ()
    rows: list[Row] = []
    for story in stories:
        if is_headed and len(stories) > 1:
            rows.append(_heading(story))
        rows += [_row(snapshot, story, each) for each in story.lines]
    return rows


def _heading(story: StoryStanding) -> Row:
    """How many lines of a story hold, and beside it what it is and who told it when."""
    held = Cell(held_text(story) or (AWAITED if story.is_awaited else MISSING), "strong")
    title, *others = _told(story)
    notes = (PART.join((title, *others)), title, plain(story.story.title))
    return Row(story.story.slug, (held, *(_BLANK,) * (len(COLUMNS) - 1)), notes=notes)


def _told(story: StoryStanding) -> tuple[str, ...]:
    """What a story is called, with the month in which it was told, and who told it."""
    told = story.story
    named = f"{plain(told.title)} ({told.date.day} {told.date:%b %Y})"
    return tuple(part for part in (named, plain(told.source)) if part)


def _row(snapshot: Snapshot, story: StoryStanding, standing: LineStanding) -> Row:
    line = standing.line
    glyph, role = glyph_of(standing.state)
    seen = tuple(each.value for each in standing.course if each.value is not None)
    band = band_of(snapshot, line.rule.test)
    number = judged_number(line, standing.standing, snapshot.reading(line.shows).value)
    lately = seen[-SPARK_CLOSES:]
    since = standing.since
    cells = (
        Cell(f"{glyph} {plain(line.title)}", role, line.title),
        Cell(plain(line.claim), "muted", line.claim),
        Cell(value_text(snapshot, standing), value_role(standing), number),
        Cell(rule_text(snapshot, line.rule.test), "muted"),
        Cell(band_bar(number, band, lately, BAND_CELLS), "line"),
        Cell(official_text(standing), role_of(standing.state), str(standing.state)),
        Cell(since_text(standing), "muted", None if since is None else float(since.toordinal())),
        Cell("", "line", spark=lately, band=band),
        *_now(standing),
    )
    words = f"{line.title} {line.claim} {standing.state} {story.story.title}"
    reason = why_unknown(snapshot, standing) if standing.state is LineState.NA else ""
    notes = (f"{MISSING} {reason}", MISSING) if reason else ()
    return Row(key_of(story, standing), cells, words, notes=notes)


def _now(standing: LineStanding) -> Iterator[Cell]:
    """What the newest values say, where that is another thing than the closes."""
    if standing.live in {standing.state, LineState.NA, LineState.STALE}:
        yield Cell("", "muted", "")
    else:
        yield Cell(f"~{state_text(standing.live)}", role_of(standing.live), str(standing.live))


class ThesisTablePanel(BoardPanel):
    """Every line of every story."""

    TITLE = "Thesis"

    class LineChosen(Message):
        """The cursor came to a line."""

        def __init__(self, panel: ThesisTablePanel) -> None:
            super().__init__()
            self.panel = panel

        @property
        def control(self) -> ThesisTablePanel:
            """The panel."""
            return self.panel

    def compose(self) -> ComposeResult:
        """Hold one board."""
        yield Board(COLUMNS, empty=WORKING_OUT)

    def on_mount(self) -> None:
        """Show rows under headings, or without them, as the order is."""
        super().on_mount()
        self.watch(self.board, "sort", self.renew, init=False)

    def heading(self) -> str:
        """Return how many lines of the story hold, and what it is; of several, how many there are.

        While these stand in another order than their own, or some are filtered out, they have no
        headings.
        """
        board = self.snapshot.scoreboard if self.snapshot is not None else None
        stories = board.stories if board is not None else ()
        if len(stories) > 1:
            return PART.join((self.TITLE, f"{len(stories)} stories"))
        told = [part for story in stories for part in (held_text(story), *_told(story)) if part]
        return PART.join((self.TITLE, *told))

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of what the lines are judged by: of the middle one."""
        board = snapshot.scoreboard
        stories = board.stories if board is not None else ()
        return list_mark(snapshot, [e.line.shows for story in stories for e in story.lines])

    def take(self, snapshot: Snapshot) -> bool:
        """Give the board its rows."""
        if self.has_board:
            board = self.board
            is_headed = board.sort.column is None and not board.filter_text.strip()
            board.show(thesis_rows(snapshot, is_headed=is_headed), COLUMNS)
            stories = snapshot.scoreboard.stories if snapshot.scoreboard is not None else ()
            if stories and board.cursor_key == stories[0].story.slug:
                board.go(1)  # a heading has no evidence
        return False

    def on_board_highlighted(self, event: Board.Highlighted) -> None:
        """Tell which line the cursor came to."""
        event.stop()
        self.post_message(self.LineChosen(self))

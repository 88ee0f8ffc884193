"""From the scoreboard to what the thesis panel says of the first story."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from market.scoreboard import DECIDED, LineStanding, LineState, Scoreboard, StoryStanding
from market.snapshot import Snapshot
from widgets.story_lines import (
    glyph_of,
    held_text,
    official_text,
    role_of,
    since_words,
    value_role,
    value_text,
)
from widgets.strips import plain
from widgets.thesis import LineView, ThesisView


def board_view(snapshot: Snapshot, board: Scoreboard) -> ThesisView:
    """Return what the panel shows of a scoreboard."""
    if not board.stories:
        return ThesisView(reason="no story is told")
    story = board.stories[0]
    return ThesisView(
        held=held_text(story),
        lines=tuple(_line(snapshot, each) for each in telling(story)),
    )


def telling(story: StoryStanding) -> Sequence[LineStanding]:
    """Return the lines of a story, the most telling first.

    That is the oldest failures and the newest turns in turn; what is not known comes last.
    """
    dated = [(e.since, e) for e in story.lines if e.state in DECIDED and e.since is not None]
    oldest = sorted(dated, key=_since)
    failures = [each for _, each in oldest if each.state is not LineState.HOLDS]
    turns = [each for _, each in reversed(oldest)]
    told: dict[str, LineStanding] = {}
    for place in range(len(story.lines)):
        for ranked in (failures, turns):
            if place < len(ranked):
                told.setdefault(ranked[place].line.id, ranked[place])
    for each in story.lines:
        told.setdefault(each.line.id, each)
    return tuple(told.values())


def _since(dated: tuple[date, LineStanding]) -> date:
    return dated[0]


def _line(snapshot: Snapshot, standing: LineStanding) -> LineView:
    state = standing.state
    return LineView(
        glyph_of(state),
        plain(standing.line.title),
        (value_text(snapshot, standing), value_role(standing)),
        (official_text(standing), role_of(state)),
        since_words(standing),
    )

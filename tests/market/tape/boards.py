"""Made-up stories and alerts, before and after something happened to them."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from market.alerts.board import AlertBoard
from market.rules.rule import Comparison, Condition, Rule
from market.scoreboard import LineStanding, LineState, Scoreboard, StoryStanding
from market.snapshot import Snapshot
from market.thesis import Line, Story
from tests.market.alerts.written_alerts import event_of

_RULE = Rule(Condition(metric="rut.last", comparison=Comparison.WITHIN, bound=1.0, upper=2.0))
_LINES = tuple(
    Line(id=name, title=name.capitalize(), claim="", rule=_RULE, shows="rut.last")
    for name in ("level", "year")
)
_STORY = Story(slug="a", title="A story", source="", date=date(2026, 7, 1), lines=_LINES)


def _board(state: LineState) -> Scoreboard:
    level = LineStanding(line=_LINES[0], state=state)
    year = LineStanding(line=_LINES[1], state=LineState.NA, reason="not known")
    return Scoreboard(stories=(StoryStanding(story=_STORY, lines=(level, year)),))


def turned(snapshot: Snapshot) -> tuple[Snapshot, Snapshot]:
    """A snapshot before and after a close that turned a line."""
    states = (LineState.HOLDS, LineState.ABOVE)
    before, after = (replace(snapshot, scoreboard=_board(state)) for state in states)
    return before, after


def fired(snapshot: Snapshot) -> Snapshot:
    """A snapshot after an alert has fired."""
    event = event_of(title="IWM falls")
    return replace(snapshot, alerts=AlertBoard(history=(event,), told=1))

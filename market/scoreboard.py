"""How the lines of the stories stand: values for screens and programs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeAlias

import msgspec

from market.rules.judging import Standing
from market.rules.rule import is_consistency
from market.thesis import Line, Story

LineKey: TypeAlias = tuple[str, str]
"""A story's slug and the id of one of its lines."""


class LineState(StrEnum):
    """How a claim stands against the market."""

    HOLDS = "holds"
    ABOVE = "above"
    """Outside the claimed band, on its upper side."""
    BELOW = "below"
    POSSIBLE = "possible"
    """It does not hold, and is not out of reach either."""
    FAILS = "fails"
    STALE = "stale"
    """What it is judged by is older than it should be: the last state stands."""
    NA = "n/a"
    """What it is judged by is not known."""
    PENDING = "pending"
    """No official close has been judged yet."""


DECIDED = frozenset(
    {LineState.HOLDS, LineState.ABOVE, LineState.BELOW, LineState.POSSIBLE, LineState.FAILS}
)
"""States that an official close can give a line."""


class Observation(msgspec.Struct, frozen=True):
    """A line at one official close."""

    day: date
    state: LineState
    value: float | None = None
    """Of the metric it shows; of a claim held against itself, how far the two are apart."""
    is_recorded: bool = False
    """Whether captop saw it then; otherwise it was worked out of history."""


class LineStanding(msgspec.Struct, frozen=True, kw_only=True):
    """One line now."""

    line: Line
    state: LineState
    """By official closes; stale where the present is, pending where no close decides yet."""
    since: date | None = None
    """The first close of the state."""
    is_awaited: bool = False
    """Whether its closes are still being looked at, and decide nothing yet."""
    is_first: bool = False
    """Whether that is the first close known at all: the state may be older."""
    live: LineState = LineState.NA
    """By the newest values, which turn nothing before the close."""
    standing: Standing = Standing()
    """How the rule's parts stand by the newest values."""
    reason: str = ""
    """Why it is stale or n/a."""
    is_intraday: bool = False
    """Whether the newest value is of a session that has not closed, or came since the last close
    was judged."""
    course: tuple[Observation, ...] = ()
    """Its closes, oldest first."""
    differences: tuple[str, ...] = ()
    """A sentence for each recorded close that history now tells otherwise, oldest first."""


class StoryStanding(msgspec.Struct, frozen=True, kw_only=True):
    """One story now."""

    story: Story
    lines: tuple[LineStanding, ...]

    @property
    def holding(self) -> int:
        """How many lines hold."""
        return sum(each.state is LineState.HOLDS for each in self.lines)

    @property
    def valued(self) -> int:
        """How many lines are decided, one way or the other."""
        return sum(each.state in DECIDED for each in self.lines)

    @property
    def is_awaited(self) -> bool:
        """Whether closes are still being looked at, so that counting lines would tell too few."""
        return any(each.is_awaited for each in self.lines)

    def of(self, line: str) -> LineStanding | None:
        """Return a line by its id."""
        return next((each for each in self.lines if each.line.id == line), None)


class Scoreboard(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """All stories now."""

    stories: tuple[StoryStanding, ...] = ()

    @property
    def judged_by(self) -> tuple[str, ...]:
        """The metrics that decide the stories' lines, each once."""
        return tuple(dict.fromkeys(n for each in self.stories for n in each.story.judged_by))

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metrics that the stories speak of, each once: what decides them, and the evidence."""
        lines = [each.line for story in self.stories for each in story.lines]
        names = (name for line in lines for name in (*line.judged_by, *line.evidence))
        return tuple(dict.fromkeys(names))


def judged_number(line: Line, standing: Standing, shown: float | str | None) -> float | None:
    """Return the number of a line that is held against its band; None if it has none.

    Args:
        line: Of a story.
        standing: How its rule stands.
        shown: The value of the metric it shows.
    """
    told = standing.value if is_consistency(line.rule.test) else shown
    return told if isinstance(told, float | int) else None


FARTHEST = timedelta(days=5 * 365)
"""How far back closes count, whenever a story was told: as far as daily closes are asked for."""
Courses: TypeAlias = Mapping[str, Mapping[date, float]]
"""Values of metrics at official closes, by metric name and session."""

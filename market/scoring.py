"""From a snapshot and the closes before it to the scoreboard of the stories."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from market.freshness import freshness
from market.health import Look
from market.instruments import Role
from market.metrics.compute import metric_named
from market.quotes import Phase
from market.rules.judging import NEVER_JUDGED, Seen, Standing, judged
from market.rules.persistence import Persistent, after_close
from market.rules.rule import Combination, Test
from market.scoreboard import (
    DECIDED,
    FARTHEST,
    Courses,
    LineKey,
    LineStanding,
    LineState,
    Observation,
    Scoreboard,
    StoryStanding,
    judged_number,
)
from market.sessions import exchange_date, last_completed_session, sessions_between
from market.snapshot import Snapshot
from market.thesis import Line, Story

_OLD = frozenset({Look.LATE, Look.FAILING})
_SIDES = {-1: LineState.BELOW, 1: LineState.ABOVE}


class SnapshotValues:
    """What rules read of a snapshot, and of the closes before its session."""

    def __init__(self, snapshot: Snapshot, courses: Courses) -> None:
        self.snapshot = snapshot
        self._courses = courses
        self._seen: dict[str, Seen] = {}

    def now(self, metric: str) -> Seen:
        """Return a metric's newest value; it is stale where its look is late or failing."""
        if metric not in self._seen:
            self._seen[metric] = seen_in(self.snapshot, metric)
        return self._seen[metric]

    def closes(self, metric: str, count: int) -> Sequence[float]:
        """Return up to `count` values at the closes before today's session, newest last."""
        today = exchange_date(self.snapshot.now)
        course = self._courses.get(metric, {})
        return [course[day] for day in sorted(course) if day < today][-count:]


class _ThenValues:
    """What rules read at an earlier close."""

    def __init__(self, day: date, courses: Courses) -> None:
        self._day = day
        self._courses = courses

    def now(self, metric: str) -> Seen:
        return Seen(self._courses.get(metric, {}).get(self._day), reason="not known of that close")

    def closes(self, metric: str, count: int) -> Sequence[float]:
        course = self._courses.get(metric, {})
        return [course[day] for day in sorted(course) if day < self._day][-count:]


def seen_in(snapshot: Snapshot, metric: str) -> Seen:
    """Return a metric's value as a rule sees it."""
    reading, fresh = snapshot.reading(metric), freshness(snapshot, metric)
    if reading.value is None:
        return Seen(None, reason=fresh.reason or reading.reason)
    is_old = fresh.look in _OLD
    return Seen(reading.value, is_old, (fresh.reason or str(fresh.look)) if is_old else "")


class Scorer:
    """Keeps the scoreboard of some stories: closes are judged once, the present each time."""

    def __init__(
        self,
        stories: Sequence[Story],
        recorded: Mapping[LineKey, Sequence[Observation]] | None = None,
    ) -> None:
        """Make a scorer.

        Args:
            stories: What is claimed.
            recorded: What was seen of each line at the closes captop was there for.
        """
        self.stories = tuple(stories)
        self._recorded = dict(recorded or {})
        self._courses: Courses = {}
        self.awaited: frozenset[str] = frozenset()
        """Metrics whose courses are being looked for."""
        self._until = date.min
        self._official: dict[LineKey, _Official] = {}

    @property
    def judged_by(self) -> tuple[str, ...]:
        """The metrics that decide the stories' lines, each once."""
        return tuple(dict.fromkeys(name for story in self.stories for name in story.judged_by))

    def learn(self, courses: Courses, awaited: Collection[str] = ()) -> None:
        """Take over what metrics were at earlier closes (`market/metrics/hindsight.py`).

        Args:
            courses: Values by metric and close.
            awaited: Metrics whose courses are being looked for: their lines are not decided.
        """
        self._courses, self.awaited = courses, frozenset(awaited)
        self._official = {}

    def record(self, story: Story, line: Line, seen: Observation) -> None:
        """Take over what was seen of a line at a close."""
        key = (story.slug, line.id)
        self._recorded[key] = (*self._recorded.get(key, ()), seen)
        self._official.pop(key, None)

    def board(self, snapshot: Snapshot) -> Scoreboard:
        """Return how the lines stand."""
        self._forget_on_a_new_close(snapshot)
        values = SnapshotValues(snapshot, self._courses)
        return Scoreboard(
            stories=tuple(self._story(snapshot, story, values) for story in self.stories),
        )

    def _forget_on_a_new_close(self, snapshot: Snapshot) -> None:
        until = last_completed_session(snapshot.now)
        if until != self._until:
            self._until = until
            self._official = {}

    def _story(self, snapshot: Snapshot, story: Story, values: SnapshotValues) -> StoryStanding:
        lines = tuple(self._line(snapshot, story, line, values) for line in story.lines)
        return StoryStanding(story=story, lines=lines)

    def _line(
        self, snapshot: Snapshot, story: Story, line: Line, values: SnapshotValues
    ) -> LineStanding:
        key = (story.slug, line.id)
        if key not in self._official:
            told = self._recorded.get(key, ())
            self._official[key] = _judged_closes(story, line, self._courses, told, self._until)
        known = self._official[key]
        live, standing = line_state(line, values)
        is_awaited = not self.awaited.isdisjoint(line.judged_by)
        official = None if is_awaited else known.state
        state = _official_state(official, live)
        # One close would have turned it: the value was not known then.
        came_since = line.rule.closes == 1 and {live, state} <= DECIDED and live is not state
        return LineStanding(
            line=line,
            state=state,
            since=official.since if official is not None else None,
            is_awaited=is_awaited,
            is_first=official is not None and official.since == known.course[0].day,
            live=live,
            standing=standing,
            reason="" if live in DECIDED else standing.reason,
            is_intraday=came_since or (live in DECIDED and _is_intraday(snapshot, line)),
            course=known.course,
            differences=known.differences,
        )


def _official_state(official: Persistent[LineState] | None, live: LineState) -> LineState:
    """What closes say; where none does, the present only tells whether anything is known."""
    if live is LineState.STALE:
        return live
    if official is not None:
        return official.state
    return LineState.PENDING if live in DECIDED else live


class _Official(NamedTuple):
    """A line by its closes."""

    course: tuple[Observation, ...]
    state: Persistent[LineState] | None
    differences: tuple[str, ...]


def _judged_closes(
    story: Story, line: Line, courses: Courses, recorded: Sequence[Observation], until: date
) -> _Official:
    course = _course(story, line, courses, recorded, until)
    official: Persistent[LineState] | None = None
    for each in course:
        official = after_close(official, each.state, each.day, line.rule.closes)
    return _Official(course, official, tuple(_differences(course, recorded)))


def line_state(line: Line, values: SnapshotValues | _ThenValues) -> tuple[LineState, Standing]:
    """Return the state that values give a line, and how its rule stands."""
    standing = judged(line.rule.test, NEVER_JUDGED, values)
    if standing.is_frozen:
        return LineState.STALE, standing
    if standing.holds is None:
        return LineState.NA, standing
    if standing.holds:
        return LineState.HOLDS, standing
    if line.possible is not None and judged(line.possible.test, NEVER_JUDGED, values).holds:
        return LineState.POSSIBLE, standing
    return _SIDES.get(_side(line.rule.test, standing), LineState.FAILS), standing


def _side(test: Test, standing: Standing) -> int:
    """On which side of its band the claim is missed; 0 where it has none."""
    if not isinstance(test, Combination):
        return standing.side
    sides = (_side(t, s) for t, s in zip(test.parts, standing.parts, strict=False))
    return next((side for side in sides if side), 0)


def _is_intraday(snapshot: Snapshot, line: Line) -> bool:
    """Whether the shown value is of a session that has not closed."""
    found = metric_named(line.shows, snapshot.cast)
    as_of = snapshot.reading(line.shows).as_of
    if found is None or as_of is None or found[1].role is Role.PUBLISHED:
        return False
    is_open = snapshot.session.phase is Phase.REGULAR
    return is_open and exchange_date(as_of) == exchange_date(snapshot.now)


def _course(
    story: Story, line: Line, courses: Courses, recorded: Iterable[Observation], until: date
) -> tuple[Observation, ...]:
    """The line at the closes since the story's year began; what history tells comes first."""
    seen = {each.day: each for each in recorded}
    found: list[Observation] = []
    for day in sessions_between(max(first_close(story), until - FARTHEST), until):
        state, standing = line_state(line, _ThenValues(day, courses))
        if state in DECIDED:
            value = courses.get(line.shows, {}).get(day)
            found.append(Observation(day, state, judged_number(line, standing, value)))
        elif day in seen:
            found.append(seen[day])
    return tuple(found)


def first_close(story: Story) -> date:
    """Return the first day whose close counts for a story: of the year in which it was told."""
    return date(story.date.year, 1, 1)


def _differences(course: Iterable[Observation], recorded: Iterable[Observation]) -> Iterable[str]:
    """What was seen at closes of which history now tells another thing."""
    now_told = {each.day: each.state for each in course if not each.is_recorded}
    for each in recorded:
        state = now_told.get(each.day, each.state)
        if state is not each.state:
            yield f"seen as {each.state} at the close of {each.day}; by history {state}"

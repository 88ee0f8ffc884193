"""The judge of the stories: what engine and one pass ask how the lines stand.

What was seen at a close that captop was there for is kept in the record, so that
lines whose metrics have no past keep their states too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from msgspec.structs import replace

from market.fold import fold
from market.looking_back import LookBack
from market.metrics.hindsight import settled_session
from market.named_states import line_name
from market.reports import Computed
from market.scoreboard import DECIDED, LineKey, Observation, Scoreboard, judged_number
from market.scoring import Scorer, first_close
from market.snapshot import Snapshot
from market.story_record import Row, StoryRecord
from market.thesis import Line, Story

WHOLE = 0.95
"""The part of the weight from which on a figure of members is worth keeping for good."""


class Judge:
    """Knows the stories, the closes behind them, and the record."""

    def __init__(self, stories: Sequence[Story], record: StoryRecord | None = None) -> None:
        """Judge some stories; without a record nothing is kept."""
        self._record = record
        seen: Mapping[LineKey, tuple[Observation, ...]] = {}
        if record is not None:
            seen = record.load()
        self._scorer = Scorer(stories, seen)
        self._noted = {(*key, each.day) for key, closes in seen.items() for each in closes}
        self._firsts = {*map(first_close, stories)}
        self._past = LookBack(self._scorer.judged_by, *self._firsts)

    @property
    def stories(self) -> tuple[Story, ...]:
        """The stories."""
        return self._scorer.stories

    def judged(self, snapshot: Snapshot, report: Computed) -> Computed:
        """Return a report with the scoreboard that follows from it."""
        if not self.stories:
            return report
        return replace(report, scoreboard=self.board(fold(snapshot, report, report.at)))

    def board(self, snapshot: Snapshot) -> Scoreboard:
        """Return how the lines stand."""
        return self._scorer.board(snapshot)

    def begin(self) -> None:
        """Decide nothing before the closes have been looked at."""
        self._scorer.learn({}, self._scorer.judged_by)

    def look_back(self, snapshot: Snapshot) -> bool:
        """Look at the next few closes; return whether a course was completed."""
        is_news = self._past.step(snapshot)
        if is_news or self._past.awaited != self._scorer.awaited:
            self._scorer.learn(self._past.courses, self._past.awaited)
            return True
        return False

    def decide(self, snapshot: Snapshot, is_asked: Callable[[str], bool]) -> None:
        """Look at all closes behind some lines at once; the others stay undecided.

        Args:
            snapshot: What is known.
            is_asked: Whether a line is one of them, by the name of its state.
        """
        named = ((line_name(s.slug, line.id), line) for s in self.stories for line in s.lines)
        asked = {name for each, line in named if is_asked(each) for name in line.judged_by}
        past = LookBack(asked, *self._firsts)
        past.step(snapshot)
        while not past.is_done:
            past.step(snapshot)
        self._scorer.learn(past.courses, {*self._scorer.judged_by} - asked | past.awaited)

    @property
    def is_done(self) -> bool:
        """Whether all closes have been looked at."""
        return self._past.is_done

    def note_close(self, snapshot: Snapshot) -> None:
        """Keep how lines stood at the session's close, once its prices are settled.

        OSError if the record cannot be written.
        """
        day, board = settled_session(snapshot), snapshot.scoreboard
        if self._record is not None and board is not None and day is not None:
            self._record.add(tuple(self._rows(snapshot, board, day)))

    def _rows(self, snapshot: Snapshot, board: Scoreboard, day: date) -> Iterator[Row]:
        for each in board.stories:
            for standing in each.lines:
                name = (each.story.slug, standing.line.id, day)
                if standing.live not in DECIDED or name in self._noted:
                    continue
                if not _is_whole(snapshot, standing.line):
                    continue
                self._noted.add(name)
                shown = snapshot.reading(standing.line.shows).value
                number = judged_number(standing.line, standing.standing, shown)
                seen = Observation(day, standing.live, number, is_recorded=True)
                self._scorer.record(each.story, standing.line, seen)
                yield Row(
                    story=each.story.slug,
                    line=standing.line.id,
                    day=day,
                    state=standing.live,
                    value=number,
                    at=snapshot.now,
                )


def _is_whole(snapshot: Snapshot, line: Line) -> bool:
    """Whether what decides a line is made of nearly all members, where it is made of members."""
    parts = (snapshot.reading(name).coverage for name in line.judged_by)
    return all(part is None or part >= WHOLE for part in parts)

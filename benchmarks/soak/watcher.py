"""Holds what captop tells other programs, and what it shows, against the truth as it goes."""

from __future__ import annotations

from datetime import datetime, timedelta

from benchmarks.soak.screen import level_shown_live, wrong_level
from benchmarks.soak.stage import Stage
from benchmarks.soak.truth import Wrong, count_live, is_well, names, wrong_in
from tui.status_file import Table

SCREEN_EVERY_S = 0.3
"""Seconds of a real clock."""
ASKED_EVERY = timedelta(seconds=60)


class Watcher:
    """Looks at every answer once, and at the screen now and then."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._names = tuple(names())
        self._told_at: object = None
        self._ahead = 0.0
        """By which the pane's clock was wrong at the last look: the answer may be of then."""
        self._asked: datetime | None = None
        self.answers = 0
        self.checked = 0
        """Numbers told as live and held against the truth."""
        self.wrong: list[Wrong] = []
        self.seen = 0
        """Levels shown as live on the screen, and held against the truth."""
        self._shown: float | None = None
        self.well_at: datetime | None = None
        """When all prices were last told as live, rightly, and by whom they should be told."""

    def look(self) -> None:
        """Look whether there is another answer, ask for more, and look at the screen."""
        stage, now = self._stage, self._stage.clock.now()
        is_reset = stage.dial.ahead != self._ahead
        if self._asked is None or now - self._asked > ASKED_EVERY or is_reset:
            stage.ask(self._names)
            self._asked = now
        ahead = timedelta(seconds=max(abs(stage.dial.ahead), abs(self._ahead)))
        self._ahead = stage.dial.ahead
        answer = stage.answer()
        if answer.get("at") != self._told_at:
            self._told_at = answer.get("at")
            self._take(answer, now, ahead)
        if stage.is_every(SCREEN_EVERY_S):
            self._look_at_screen(now, ahead)

    def _take(self, answer: Table, now: datetime, ahead: timedelta) -> None:
        wrong = [*wrong_in(answer, self._stage.truth, now, ahead)]
        self.answers += 1
        self.checked += count_live(answer)
        self.wrong += wrong
        if is_well(answer, now) and not wrong:
            self.well_at = now

    def _look_at_screen(self, now: datetime, ahead: timedelta) -> None:
        """Look at a level that stood there at the last look too: no half of a frame."""
        before, self._shown = self._shown, None
        if not self._stage.is_watched:
            return
        level = self._shown = level_shown_live(self._stage.terminal.text)
        if level is None or level != before:
            return
        self.seen += 1
        if wrong := wrong_level(level, self._stage.truth, now, ahead):
            self.wrong.append(wrong)

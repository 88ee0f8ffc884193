"""One soak: episodes one after the other, each until all is well again."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from benchmarks.soak.schedule import Episode
from benchmarks.soak.stage import Stage
from benchmarks.soak.troubles import TROUBLES
from benchmarks.soak.truth import Wrong
from benchmarks.soak.watcher import Watcher

LONGEST_RECOVERY_S = 1500.0
"""Of the market: refusals are waited out for some minutes, and for longer each time."""
SETTLE_S = 10.0
"""Of a real clock, until what captop holds is counted: by then everything is loaded."""
MOST_TASKS = 8
"""As many more than at the start may be under way at the end: requests, and what they wait for."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an episode."""

    episode: Episode
    recovered_s: float | None
    """Seconds of the market until all was well; None if that never came."""
    wrong: int
    """How many numbers were told as live meanwhile and were none."""
    bytes: int = 0
    """What captop held then, unshared."""

    @property
    def is_survived(self) -> bool:
        """Whether captop came through it, and told nothing wrong."""
        return self.recovered_s is not None and not self.wrong


@dataclass(slots=True)
class Findings:
    """What a soak has found."""

    outcomes: list[Outcome] = field(default_factory=list[Outcome])
    wrong: list[Wrong] = field(default_factory=list[Wrong])
    answers: int = 0
    checked: int = 0
    seen: int = 0
    before: dict[str, int] = field(default_factory=dict[str, int])
    """What captop held once it was settled."""
    after: dict[str, int] = field(default_factory=dict[str, int])
    exit_code: int | None = None
    """None if captop had to be killed."""
    began: bool = False
    """Whether all prices were ever well before anything was disturbed."""
    errors: list[str] = field(default_factory=list[str])
    """Lines of the log at level ERROR, or that begin a traceback."""
    warnings: list[str] = field(default_factory=list[str])
    last_sight: str = ""
    """What it wrote last when it crashed; the screen and its threads when it would not end."""

    @property
    def failures(self) -> list[str]:
        """Sentences that say what was not as it should be."""
        left = self.after.get("tasks", 0) - self.before.get("tasks", 0)
        told = {
            "captop did not come to show live prices of healthy servers": not self.began,
            f"captop ended with {self.exit_code}": self.exit_code != 0,
            f"{len(self.wrong)} wrong numbers were told as live": bool(self.wrong),
            f"{len(self.errors)} errors in the log": bool(self.errors),
            f"{left} more tasks are left than there were": left > MOST_TASKS,
            "not every episode was survived": not all(o.is_survived for o in self.outcomes),
        }
        return [text for text, is_so in told.items() if is_so]


class Run:
    """Takes a stage through episodes for some time."""

    def __init__(self, stage: Stage, tell: Callable[[str], None]) -> None:
        self._stage = stage
        self._tell = tell
        self._watcher = Watcher(stage)
        self.found = Findings()

    def go(self, episodes: Iterator[Episode], end: datetime) -> Findings:
        """Play episodes until it is time to end, and say what was found."""
        found, stage = self.found, self._stage
        found.began = self._recovered_s() is not None
        if found.began:
            self._pass(SETTLE_S * stage.rate)
            found.before = stage.held()
            while stage.is_running and stage.clock.now() < end:
                self._play(next(episodes))
        self._leave()
        watcher = self._watcher
        found.wrong, found.answers = watcher.wrong, watcher.answers
        found.checked, found.seen = watcher.checked, watcher.seen
        log = stage.log()
        found.errors = [line for line in log if line.startswith(("ERROR", "CRITICAL", "Traceback"))]
        found.warnings = [line for line in log if line.startswith("WARNING")]
        return found

    def _play(self, episode: Episode) -> None:
        self._pass(episode.rest_s)
        known_wrong = len(self._watcher.wrong)
        acts = [(TROUBLES[act.name], act) for act in episode.acts]
        for trouble, act in acts:
            trouble.begin(self._stage, act)

        def go_on() -> None:
            for trouble, act in acts:
                trouble.during(self._stage, act)

        self._pass(episode.lasts_s, go_on)
        if self._stage.is_running:
            for trouble, act in reversed(acts):
                trouble.end(self._stage, act)
        recovered_s = self._recovered_s()
        wrong, held = len(self._watcher.wrong) - known_wrong, self._stage.unshared_bytes()
        self.found.outcomes.append(Outcome(episode, recovered_s, wrong, held))
        names = ", ".join(act.name for act in episode.acts)
        after = f"well after {recovered_s:.0f} s" if recovered_s is not None else "NOT WELL AGAIN"
        memory = f"{held / 2**20:.0f} MB"
        self._tell(f"{self._stage.clock.now():%a %H:%M:%S} {names}: {after}, {memory}")

    def _recovered_s(self) -> float | None:
        """Wait until all prices are live; return how long it took, None if it took too long."""
        watcher, begun = self._watcher, self._stage.clock.now()

        def is_well() -> bool:
            return watcher.well_at is not None and watcher.well_at > begun

        if not self._pass(LONGEST_RECOVERY_S, until=is_well):
            return None
        return (self._stage.clock.now() - begun).total_seconds()

    def _pass(
        self,
        seconds: float,
        work: Callable[[], None] = lambda: None,
        until: Callable[[], bool] = lambda: False,
    ) -> bool:
        """Let time of the market pass; return whether something came to hold meanwhile."""
        stage = self._stage
        end = stage.clock.now() + timedelta(seconds=seconds)
        while stage.is_running and stage.clock.now() < end and not until():
            stage.pass_time()
            work()
            self._watcher.look()
        return until()

    def _leave(self) -> None:
        """Count what is held, and leave captop as somebody would."""
        stage, found = self._stage, self.found
        if not stage.is_running:
            found.exit_code, found.last_sight = stage.terminal.process.poll(), stage.last_words()
            return
        stage.go_home()
        self._pass(SETTLE_S * stage.rate)
        found.after = stage.held()
        stage.terminal.type("q")
        with suppress(subprocess.TimeoutExpired):
            stage.terminal.wait()
        found.exit_code = stage.terminal.process.poll()
        if found.exit_code is None:
            found.last_sight = f"{stage.terminal.text}\n{stage.stacks()}"

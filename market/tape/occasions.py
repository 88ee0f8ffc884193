"""What happens between two snapshots that somebody may want to go back to, in words."""

from __future__ import annotations

from collections.abc import Iterator

from market.alerts.board import AlertBoard
from market.alerts.events import AlertEvent, EventKind
from market.scoreboard import DECIDED, LineStanding, Scoreboard
from market.snapshot import Snapshot


def occasions(before: Snapshot, after: Snapshot) -> Iterator[str]:
    """Yield a sentence for each line of a story that turned, and each alert that fired."""
    for story, was, now in flips(before.scoreboard, after.scoreboard):
        yield f"{story}: {now.line.title} was {was.state}, now {now.state}"
    for event in fired(before.alerts, after.alerts):
        yield f"alert: {event.title}"


def flips(
    before: Scoreboard | None, after: Scoreboard | None
) -> Iterator[tuple[str, LineStanding, LineStanding]]:
    """Yield the story's title and both standings of each line that official closes have turned."""
    if before is None or after is None or before is after:
        return
    known = {(s.story.slug, e.line.id): e for s in before.stories for e in s.lines}
    for story in after.stories:
        for now in story.lines:
            was = known.get((story.story.slug, now.line.id))
            if was is not None and _is_turned(was, now):
                yield story.story.title, was, now


def _is_turned(was: LineStanding, now: LineStanding) -> bool:
    return was.state is not now.state and {was.state, now.state} <= DECIDED


def fired(before: AlertBoard | None, after: AlertBoard | None) -> Iterator[AlertEvent]:
    """Yield the alerts that began to hold meanwhile, oldest first."""
    if after is None or before is after:
        return
    told = after.told - (before.told if before is not None else 0)
    news = after.history[-told:] if told > 0 else ()
    yield from (event for event in news if event.kind is EventKind.ENTERED)

"""States that have a name, as metrics do, and are of no instrument: of stories' lines and feeds.

`thesis.SLUG.LINE` is a line's state by official closes, `feed.NAME.state` a feed's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from market.health import FeedState
from market.rules.judging import Seen
from market.rules.rule import FEED, THESIS
from market.scoreboard import DECIDED, LineStanding, LineState
from market.snapshot import Snapshot
from market.thesis import Story

OF_LINES = tuple(str(state) for state in LineState if state in DECIDED)
OF_FEEDS = (str(FeedState.OK), str(FeedState.FAILING))


def state_names(stories: Iterable[Story], feeds: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the names of all states, each with the words that it can be."""
    lines = (line_name(story.slug, line.id) for story in stories for line in story.lines)
    told = (f"{FEED}.{feed}.state" for feed in feeds)
    return {**dict.fromkeys(lines, OF_LINES), **dict.fromkeys(told, OF_FEEDS)}


def line_name(story: str, line: str) -> str:
    """Return the name of the state of a story's line."""
    return f"{THESIS}.{story}.{line}"


def state_seen(snapshot: Snapshot, name: str) -> Seen | None:
    """Return a named state as rules see it; None if a name is of another kind."""
    kind, _, rest = name.partition(".")
    first, _, second = rest.partition(".")
    if kind == THESIS:
        return _line(snapshot, first, second)
    if kind == FEED and second == "state":
        health = snapshot.feeds.get(first)
        if health is None:
            return Seen(None, reason=f"{first} was not asked for anything yet")
        if health.state is FeedState.WAITING:
            return Seen(None, reason=f"{first} has not answered yet")
        return Seen(str(health.state))
    return None


def state_told(snapshot: Snapshot, name: str) -> Seen | None:
    """Return a named state as people are told it: while it is not known, as it was kept."""
    seen = state_seen(snapshot, name)
    kept = snapshot.kept_states.get(name)
    if seen is None or seen.value is not None or kept is None:
        return seen
    return Seen(kept, is_stale=True, reason=f"as it was kept; {seen.reason}")


def states_now(snapshot: Snapshot) -> Mapping[str, str]:
    """Return all named states of a snapshot that are known, kept ones where there is no newer."""
    board = snapshot.scoreboard
    stories = () if board is None else tuple(each.story for each in board.stories)
    names = {*state_names(stories, snapshot.feeds), *snapshot.kept_states}
    told = ((name, state_told(snapshot, name)) for name in names)
    return {name: str(seen.value) for name, seen in told if seen and seen.value is not None}


def _line(snapshot: Snapshot, story: str, line: str) -> Seen:
    board = snapshot.scoreboard
    told = next((s for s in board.stories if s.story.slug == story), None) if board else None
    standing = told.of(line) if told is not None else None
    if standing is None:
        return Seen(None, reason="waiting for the stories to be judged")
    return _seen(standing)


def _seen(standing: LineStanding) -> Seen:
    is_decided = standing.state in DECIDED
    if standing.since is None:  # no close has decided it: what trades now turns nothing
        return Seen(None, reason=standing.reason or "no close has decided it yet")
    return Seen(str(standing.state), is_stale=not is_decided, reason=standing.reason)


def metrics_behind(name: str, stories: Iterable[Story]) -> tuple[str, ...]:
    """Return the metrics that decide a named state: of a story's line, what it is judged by."""
    named = (line for s in stories for line in s.lines if line_name(s.slug, line.id) == name)
    found = next(named, None)
    return () if found is None else found.judged_by

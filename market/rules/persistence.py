"""A state that turns only after several closes in a row on the other side."""

from __future__ import annotations

from datetime import date
from typing import Generic, TypeVar

import msgspec
from msgspec.structs import replace

S = TypeVar("S")


class Persistent(msgspec.Struct, Generic[S], frozen=True):
    """A state, since when it stands, and what is about to take its place."""

    state: S
    since: date
    """The first of the closes that made it."""
    next_state: S | None = None
    next_since: date | None = None
    count: int = 0
    """Closes in a row at which `next_state` was seen."""


def after_close(
    before: Persistent[S] | None, seen: S | None, day: date, closes: int
) -> Persistent[S] | None:
    """Return the state after one official close.

    Args:
        before: The state so far; None before the first observation, which counts at once.
        seen: What was observed; None leaves everything as it was.
        day: The session of the close.
        closes: How many closes in a row turn the state; at least one.
    """
    if seen is None:
        return before
    if before is None:
        return Persistent(seen, day)
    if seen == before.state:
        return Persistent(before.state, before.since)
    first = before.next_since if before.next_state == seen and before.next_since else day
    count = before.count + 1 if first != day else 1
    if count >= closes:
        return Persistent(seen, first)
    return replace(before, next_state=seen, next_since=first, count=count)

"""What stands on a tape: each step by which a snapshot came of the one before, with its instant.

What was reckoned is not on it but that it was: from which state, with which arguments, and when
it was folded in. Reckoning is a function of the state, so playing the tape reckons it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

import msgspec

from market.reckoning import Reckoning
from market.reports import Arrived, Asked, Computed, Failed, Report, Restored
from market.tape.codec import CodecError, built
from market.tape.difference import Difference

VERSION = 2
"""Of the format. A tape of another one is not played."""


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """What a tape begins with."""

    version: int
    captop: str
    """The version of captop that recorded it."""
    mode: str
    """Where the numbers come from: live, demo."""
    begun: datetime
    watched: tuple[str, ...] = ()
    """The watchlists' symbols."""

    def is_alike(self, other: Header) -> bool:
        """Whether a run may follow upon another one in the same file."""
        mine, others = ((h.version, h.captop, h.mode) for h in (self, other))
        return mine == others


class Folded(msgspec.Struct, frozen=True):
    """A report was folded in."""

    at: datetime
    report: Asked | Arrived | Failed | Restored


class Reckoned(msgspec.Struct, frozen=True):
    """What was worked out was folded in."""

    at: datetime


class Changed(msgspec.Struct, frozen=True):
    """Nothing was folded in: only what stands beside the entry has changed."""

    at: datetime


Entry: TypeAlias = Folded | Reckoning | Reckoned | Changed
"""Where a `Reckoning` stands, it began to be worked out from the state of its instant."""

BESIDE = ("now", "session", "wanted", "scoreboard", "alerts")
"""Fields of a snapshot that are not made by folding alone: their changes stand beside an entry."""

_REPORTS = {kind.__name__: kind for kind in (Asked, Arrived, Failed, Restored)}
_ENTRIES = {kind.__name__: kind for kind in (Reckoning, Reckoned, Changed)}


def entry_of(report: Report, at: datetime, *, is_reckoned: bool) -> Entry:
    """Return the entry of a report that was folded in; what was reckoned is told by that alone."""
    if not isinstance(report, Computed):
        return Folded(at, report)
    return Reckoned(at) if is_reckoned else Changed(at)


def written(entry: Entry, beside: Mapping[str, Difference]) -> tuple[str, object, object]:
    """Return an entry as it stands on a tape: its kind, its value, and what changed beside it."""
    if isinstance(entry, Folded):
        return type(entry.report).__name__, (entry.at, entry.report), beside
    return type(entry).__name__, entry, beside


def read(plain: Any) -> tuple[Entry, Mapping[str, Difference]]:  # noqa: ANN401
    """Return an entry from what stands on a tape; CodecError if it is none."""
    try:
        kind, value, beside = plain
        if kind in _REPORTS:
            at, report = value
            return Folded(built(datetime, at), built(_REPORTS[kind], report)), beside
        return built(_ENTRIES[kind], value), beside
    except (KeyError, TypeError, ValueError) as error:
        raise CodecError("an entry of the tape cannot be read") from error

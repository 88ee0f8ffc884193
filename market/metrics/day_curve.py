"""How much of a session's volume has usually been traded by a time of day (METRICS 16).

Volume does not come evenly: open and close are the busiest, so what is usual by now is not
guessed from the clock but read off the sessions of a five-day chart. Half days have a curve of
their own, of which too few are known: they are held against full days, and say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

import msgspec

from market.instruments import TRACKER
from market.metrics.frames import kept_with_bars
from market.quotes import Bars, Key, Kind
from market.reading import FULL_DAYS
from market.sessions import (
    Session,
    previous_session,
    session_of,
    session_state,
    sessions_between,
)
from market.snapshot import Snapshot

SPAN = "5D"
"""The chart that the curve is read off: five-minute bars of five sessions."""
DAY_CURVE = Key(Kind.CHART, TRACKER, SPAN)
"""What tells how much of a session's volume is usual by a time of day: once a session."""
FEWEST = 3
"""So many whole sessions must be known: one block trade would be a curve of its own."""
OLDEST = timedelta(days=14)
"""Sessions of longer ago do not say what is usual."""


class DayCurve(msgspec.Struct, frozen=True):
    """The part of a session's volume that has usually been traded by each time after the open."""

    interval_s: int
    parts: tuple[float, ...]
    """At the open, then at the end of each bar: from 0 to 1."""
    sessions: int
    """Of how many sessions it is the mean."""

    def share(self, elapsed: timedelta) -> float:
        """Return the part traded so long after the open, evenly spread within a bar."""
        place = elapsed.total_seconds() / self.interval_s
        place = min(max(place, 0.0), len(self.parts) - 1.0)
        bar = min(int(place), len(self.parts) - 2)
        before, after = self.parts[bar], self.parts[bar + 1]
        return before + (after - before) * (place - bar)


class Measure(NamedTuple):
    """What a session's volume so far is held against."""

    share: float = 1.0
    """As a part of a usual full session's."""
    words: str = ""
    """The same in words; empty for a whole session."""


def curve_of(bars: Bars, sessions: Iterable[Session]) -> DayCurve | None:
    """Return the mean of the whole sessions of some bars; None if those are too few.

    Args:
        bars: Intraday bars with volumes.
        sessions: Those that may count. Half days, the one under way, and those of which a bar
            is missing do not.
    """
    if len(bars.volume) != len(bars):
        return None
    volumes = dict(zip(bars.times, bars.volume, strict=True))
    over = (s for s in sessions if s.close <= bars.as_of and not s.is_early_close)
    days = [parts for s in over if (parts := _parts(volumes, s, bars.interval_s))]
    if len(days) < FEWEST:
        return None
    means = (sum(column) / len(days) for column in zip(*days, strict=True))
    return DayCurve(bars.interval_s, tuple(means), len(days))


def _parts(volumes: Mapping[int, float], session: Session, step: int) -> Sequence[float]:
    """The part of a session's volume traded by the end of each bar; nothing if one is missing."""
    starts = range(int(session.open.timestamp()), int(session.close.timestamp()), step)
    known = [volumes[start] for start in starts if start in volumes]
    running = list(accumulate(known, initial=0.0))
    if len(known) < len(starts) or running[-1] <= 0:
        return ()
    return [part / running[-1] for part in running]


def measure_of(snapshot: Snapshot, symbol: str, day: date, at: datetime) -> Measure:
    """Return what the volume of an XNYS session is held against.

    Args:
        snapshot: Where the charts are.
        symbol: Whose volume it is; without a chart of its own the tracker's stands in.
        day: The session.
        at: Until when the volume was counted, UTC.
    """
    session = session_of(day)
    if at >= session.close:
        return Measure(words=f"half day {FULL_DAYS}" if session.is_early_close else "")
    if session.is_early_close:
        return Measure(words=f"half day so far {FULL_DAYS}")
    for each in dict.fromkeys((symbol, TRACKER)):
        bars = snapshot.bars.get(Key(Kind.CHART, each, SPAN))
        curve = None if bars is None else _curve_before(bars, day)
        share = 0.0 if curve is None else curve.share(at - session.open)
        if curve is not None and share > 0:
            words = f"by {each}'s usual part of the day, {curve.sessions} sessions"
            return Measure(share, words)
    return Measure(words=f"session so far {FULL_DAYS}")


def lacks_day_curve(snapshot: Snapshot, now: datetime) -> bool:
    """Return whether a session is on whose usual course is not known up to the session before."""
    state, bars = session_state(now), snapshot.bars.get(DAY_CURVE)
    if not state.is_open or state.session.is_early_close:
        return False
    before = session_of(previous_session(state.session.day))
    return bars is None or bars.as_of < before.close


@kept_with_bars
def _curve_before(bars: Bars, day: date) -> DayCurve | None:
    before = sessions_between(day - OLDEST, day - timedelta(days=1))
    return curve_of(bars, map(session_of, before))

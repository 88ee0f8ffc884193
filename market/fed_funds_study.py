"""What contracts on the federal funds rate say of the meetings ahead, worked out of one picture.

Rates are per cent a year, probabilities fractions, changes of rates basis points.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from market.fomc import TargetRange


class Chance(msgspec.Struct, frozen=True):
    """How probable a target range is after a meeting."""

    range: TargetRange
    probability: float


class Odds(msgspec.Struct, frozen=True):
    """Three answers to one question: lower, the same, higher."""

    cut: float
    hold: float
    hike: float


class Meeting(msgspec.Struct, frozen=True, kw_only=True):
    """What the contracts say of one meeting; None where it cannot be known."""

    day: date
    start: float | None = None
    """The effective rate up to the decision."""
    end: float | None = None
    """The effective rate from the day after the decision."""
    is_forward: bool = False
    """Solved from the meeting before, no anchor following: errors of a tick are magnified."""
    move: Odds | None = None
    """Of this meeting's own move."""
    against_now: Odds | None = None
    """Of the range after the meeting against the range in force."""
    chances: tuple[Chance, ...] = ()
    """Of every range possible after the meeting, lowest first; their sum is one."""
    reason: str = ""
    """Why a figure is missing."""


class Path(msgspec.Struct, frozen=True):
    """The meetings ahead as one day's prices see them, nearest first."""

    day: date
    in_force: TargetRange
    meetings: tuple[Meeting, ...]


class Change(msgspec.Struct, frozen=True):
    """What changed for a meeting since an earlier path; None where either side is missing."""

    day: date
    odds: Odds | None
    """Differences of probabilities, both sides against the range in force now."""
    rate_bp: float | None
    """Of the rate expected after the meeting, basis points."""


class YearEnd(msgspec.Struct, frozen=True):
    """The last meeting of a year, seen from now."""

    meeting: Meeting
    change_bp: float | None
    """From the rate before the next meeting to the rate after the year's last, basis points."""


class FedFunds(msgspec.Struct, frozen=True, kw_only=True):
    """The study of the federal funds path: now, and what changed. Without a path its reason."""

    path: Path | None = None
    """By the newest prices."""
    last_week: Path | None = None
    """By the closes of five sessions before."""
    since_yesterday: tuple[Change, ...] = ()
    """Of each meeting, against the closes of the session before the newest prices."""
    since_last_week: tuple[Change, ...] = ()
    year_end: YearEnd | None = None
    as_of: datetime | None = None
    """When the newest price was struck."""
    source: str = ""
    delay_s: int = 0
    missing: tuple[str, ...] = ()
    """Contracts that are wanted and have no price of the last two sessions."""
    reason: str = ""
    """Why there is no path."""
    notice: str = ""
    """What is wrong with the list of decision days, if anything."""

    @property
    def next(self) -> Meeting | None:
        """The nearest meeting."""
        return self.path.meetings[0] if self.path is not None and self.path.meetings else None

    def change(self, day: date, *, is_week: bool = False) -> Change | None:
        """Return what changed for the meeting of a day since yesterday, or since last week."""
        known = self.since_last_week if is_week else self.since_yesterday
        return next((change for change in known if change.day == day), None)

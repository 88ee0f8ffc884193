"""An alert: a rule to be told of, how often, and by which channels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from zlib import crc32

import msgspec

from market.rules.rule import Rule, metrics_of

COOLDOWN = timedelta(minutes=30)


class Channel(StrEnum):
    """A way to tell somebody who does not look at the pane; the pane tells of every alert."""

    BELL = "bell"
    """The terminal's bell, in regular hours."""
    OSC = "osc"
    """A notification by the terminal."""
    DESKTOP = "desktop"
    COMMAND = "command"
    """A command of the user's."""
    WEBHOOK = "webhook"


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One rule to be told of, and how."""

    id: str
    title: str
    """Its id, where nobody gave it one."""
    rule: Rule
    cooldown: timedelta = COOLDOWN
    """How long it keeps still after it was told of."""
    repeats: bool = False
    """Whether it is told of more than once a session."""
    tells_leaving: bool = False
    """Whether the end of it is delivered too."""
    tell: tuple[Channel, ...] = tuple(Channel)
    """By which channels, of those that the settings switch on."""
    table: str
    """The id of the table in the file that it was written in: a table may stand for several."""

    @property
    def mark(self) -> str:
        """Tells its rule from every other: what is remembered of another rule counts no more."""
        return f"{crc32(msgspec.json.encode(self.rule)):08x}"

    @property
    def metrics(self) -> tuple[str, ...]:
        """What it reads, the metric that its value is shown of first."""
        return metrics_of(self.rule.test)


def with_id(alerts: Sequence[Alert], alert_id: str) -> Alert | None:
    """Return an alert by its id."""
    return next((alert for alert in alerts if alert.id == alert_id), None)

"""How the alerts stand: values for screens and programs."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from market.alerts.alert import Alert
from market.alerts.events import AlertEvent
from market.rules.judging import Standing


class AlertStatus(StrEnum):
    """An alert in a word."""

    ARMED = "armed"
    """Its rule does not hold."""
    HOLDS = "holds"
    STALE = "stale"
    """What it reads is older than it should be: it neither begins nor ends."""
    NA = "n/a"
    """What it reads is not known."""


class AlertStanding(msgspec.Struct, frozen=True, kw_only=True):
    """One alert now."""

    alert: Alert
    status: AlertStatus
    value: float | str | None = None
    """Of the first metric it reads."""
    standing: Standing = Standing()
    fired_at: datetime | None = None
    """When it was told of last."""
    is_new: bool = False
    """Whether it was told of and nobody has taken note since."""


class AlertBoard(msgspec.Struct, frozen=True, kw_only=True):
    """All alerts now."""

    standings: tuple[AlertStanding, ...] = ()
    history: tuple[AlertEvent, ...] = ()
    """What people were told of, oldest first."""
    faults: tuple[str, ...] = ()
    """A sentence for each table of the file that is no alert."""
    told: int = 0
    """How many events of this run are in the history or were: new ones are at its end."""

    @property
    def new(self) -> tuple[AlertStanding, ...]:
        """Those told of that nobody has taken note of, the newest first."""
        dated = ((e.fired_at, e) for e in self.standings if e.is_new and e.fired_at is not None)
        return tuple(each for _, each in sorted(dated, key=_when, reverse=True))

    def of(self, alert_id: str) -> AlertStanding | None:
        """Return an alert by its id."""
        return next((each for each in self.standings if each.alert.id == alert_id), None)


def _when(dated: tuple[datetime, AlertStanding]) -> datetime:
    return dated[0]

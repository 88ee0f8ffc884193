"""Alerts as tests write them."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from market.alerts.alert import Alert, Channel
from market.alerts.couriers import CourierError
from market.alerts.events import AlertEvent, EventKind
from market.rules.rule import Comparison, Condition, Rule, Test
from market.snapshot import Snapshot
from tests.clocks import THURSDAY_AFTERNOON

VIX = Condition(metric="vix.last", comparison=Comparison.ABOVE, bound=20, until=18)


def alert_of(
    test: Test = VIX,
    *,
    name: str = "vix",
    cooldown_min: float = 0,
    repeats: bool = True,
    closes: int = 0,
    tells_leaving: bool = False,
) -> Alert:
    return Alert(
        id=name,
        title=f"title of {name}",
        rule=Rule(test, closes),
        cooldown=timedelta(minutes=cooldown_min),
        repeats=repeats,
        tells_leaving=tells_leaving,
        table=name,
    )


def shown(snapshot: Snapshot, metric: str, value: float | str) -> str:
    """A value in words, in place of the screens'."""
    del snapshot, metric
    return value if isinstance(value, str) else f"{value:.2f}"


def event_of(
    kind: EventKind = EventKind.ENTERED,
    title: str = "VIX above 20",
    text: str = "vix.last is 21.00",
) -> AlertEvent:
    at = THURSDAY_AFTERNOON
    return AlertEvent(
        alert="vix",
        mark="m",
        kind=kind,
        at=at,
        day=at.date(),
        title=title,
        metric="vix.last",
        value=21.0,
        text=text,
    )


class Pigeon:
    """A courier that remembers what was told of each event, or fails."""

    channel = Channel.COMMAND

    def __init__(self) -> None:
        self.told: dict[str, str] = {}
        self.times = 0
        self.trouble = ""
        self.heard = asyncio.Event()
        self.closed = False

    async def tell(self, event: AlertEvent) -> None:
        if self.trouble:
            raise CourierError(self.trouble)
        self.told[f"{event.alert} {event.kind}"] = event.text
        self.times += 1
        self.heard.set()

    async def aclose(self) -> None:
        self.closed = True

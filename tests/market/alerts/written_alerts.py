"""Alerts as tests write them."""

from __future__ import annotations

from datetime import timedelta

from market.alerts.alert import Alert
from market.rules.rule import Comparison, Condition, Rule, Test

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

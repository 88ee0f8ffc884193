"""METRICS of fund flows: assets, and net creations over sessions, of funds that are counted."""

from __future__ import annotations

from market.funds import BY_SYMBOL
from market.instruments import TRACKER
from market.metrics.metric import Cadence, Metric, Unit

SMALL_CAPS = ("IWM", "IJR", "SPSM")
"""Broad small-cap funds; Vanguard's and Schwab's tell no counts without a key."""
WINDOWS = (1, 5, 20)
"""Sessions of a sum."""
_OVER = ("one session", "five sessions", "twenty sessions")


def _line(name: str, unit: Unit, meaning: str) -> Metric:
    return Metric(
        name=f"{{slug}}.{name}",
        unit=unit,
        cadence=Cadence.FUND,
        meaning=meaning,
        among=frozenset(BY_SYMBOL),
    )


OF_FLOWS = (
    Metric(
        name="flows.small_caps.20d",
        unit=Unit.DOLLARS,
        cadence=Cadence.FUND,
        meaning="Net creations of twenty sessions of the broad small-cap funds that tell counts: "
        f"{' and '.join(SMALL_CAPS)}.",
        only=TRACKER,
        symbols=SMALL_CAPS,
    ),
    _line("assets", Unit.DOLLARS, "Shares outstanding at the day's net asset value."),
    _line("shares_outstanding", Unit.SHARES, "Shares of the fund outstanding."),
    *(
        line
        for window, over in zip(WINDOWS, _OVER, strict=True)
        for line in (
            _line(
                f"flow.{window}d",
                Unit.DOLLARS,
                f"Net creations of {over}: what flowed into the fund, at net asset value.",
            ),
            _line(
                f"flow.share.{window}d",
                Unit.FRACTION,
                f"Net creations of {over} over the assets before them.",
            ),
            _line(
                f"flow.percentile.{window}d",
                Unit.FRACTION,
                f"The part of a year's net creations of {over} that are not above the newest.",
            ),
        )
    ),
)

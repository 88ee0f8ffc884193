"""METRICS of the volatility screen: the family's past, VIX futures, the cone of realised."""

from __future__ import annotations

from market.instruments import TRACKER, VIX, Role
from market.metrics.metric import Cadence, Metric, Unit
from market.metrics.windows import MEANINGS

_VIX3M = "^VIX3M"
_CONE = (5, 10, 21, 42, 63, 126, 252)
"""Returns in a window, as in `volatility_cone.WINDOWS`."""
_AGO = {window: MEANINGS[window] for window in ("1w", "1m")}


def _level(figure: str, unit: Unit, meaning: str) -> Metric:
    return Metric(
        name="{slug}." + figure,
        unit=unit,
        cadence=Cadence.QUOTE,
        meaning=meaning,
        roles=frozenset({Role.VOLATILITY}),
    )


def _future(figure: str, unit: Unit, meaning: str) -> Metric:
    return Metric(
        name=f"vix.futures.{figure}",
        unit=unit,
        cadence=Cadence.DAILY,
        meaning=meaning,
        only=VIX,
    )


LEVELS = (
    _level(
        "rank.5y",
        Unit.FRACTION,
        "Where the level stands between the lowest (0) and highest (1) of the last 1,260 closes.",
    ),
    *(
        _level(f"level.{window}", Unit.POINTS, f"The level's close {span} before its session.")
        for window, span in _AGO.items()
    ),
)

TERM = tuple(
    Metric(
        name=f"vix.term.slope.change.{window}",
        unit=Unit.POINTS,
        cadence=Cadence.QUOTE,
        meaning=f"Slope of the term structure, less the same {span} before.",
        only=VIX,
        symbols=(_VIX3M,),
    )
    for window, span in _AGO.items()
)

FUTURES = (
    _future(
        "first", Unit.POINTS, "The closing mark of the VIX future that settles first, by Cboe."
    ),
    _future(
        "second", Unit.POINTS, "The closing mark of the VIX future that settles second, by Cboe."
    ),
    _future(
        "contango",
        Unit.FRACTION,
        "The second VIX future's closing mark over the first's, less one.",
    ),
)

CONE = tuple(
    Metric(
        name=f"iwm.realised_vol.cone.{window}d.percentile",
        unit=Unit.FRACTION,
        cadence=Cadence.DAILY,
        meaning=f"Share of IWM's {window}-session volatilities of the known history (up to five "
        "years) that are not above today's, from closes; the windows overlap.",
        only=TRACKER,
    )
    for window in _CONE
)

OF_VOLATILITY = (*LEVELS, *TERM, *FUTURES, *CONE)

"""METRICS of option chains: what the options of ^RUT and IWM say, worked out by one study."""

from __future__ import annotations

from market.instruments import INDEX, TRACKER
from market.metrics.metric import Cadence, Metric, Unit

_LINES: tuple[tuple[str, Unit, str], ...] = (
    (
        "model_vix",
        Unit.POINTS,
        "A 30-day volatility index by Cboe's method from the delayed chain of {name}: a model.",
    ),
    (
        "put_call.volume",
        Unit.RATIO,
        "Puts over calls traded in the day, of all expiries of {name}.",
    ),
    ("put_call.oi", Unit.RATIO, "Puts over calls open, of all expiries of {name}."),
    (
        "skew.25d",
        Unit.FRACTION,
        "Volatility of the 25-delta put less the call's, of {name}'s expiry nearest to 30 days.",
    ),
    ("iv.1w", Unit.FRACTION, "Implied volatility of {name} at the money over 7 days."),
    ("iv.1m", Unit.FRACTION, "Implied volatility of {name} at the money over 30 days."),
    (
        "expected_move.1w",
        Unit.PRICE,
        "One standard deviation of {name} over 7 days by the volatility at the money.",
    ),
    (
        "expected_move.1m",
        Unit.PRICE,
        "One standard deviation of {name} over 30 days by the volatility at the money.",
    ),
    (
        "expected_move.1w.relative",
        Unit.FRACTION,
        "The expected move of {name} over 7 days as a part of its price.",
    ),
    (
        "expected_move.1m.relative",
        Unit.FRACTION,
        "The expected move of {name} over 30 days as a part of its price.",
    ),
)

OF_OPTIONS = tuple(
    Metric(
        name=f"options.{slug}.{figure}",
        unit=unit,
        cadence=Cadence.CHAIN,
        meaning=meaning.format(name=name),
        only=symbol,
    )
    for symbol, slug, name in ((INDEX, "rut", "the Russell 2000"), (TRACKER, "iwm", "IWM"))
    for figure, unit, meaning in _LINES
)

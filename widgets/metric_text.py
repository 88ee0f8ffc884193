"""Any named metric as text, in the form its unit and its name ask for."""

from __future__ import annotations

from market.metrics.compute import metric_named
from market.metrics.metric import Cadence, Metric, Unit
from market.snapshot import Snapshot
from widgets import strips

DIFFERENCES = (
    *("change", "return", "from_open", "relative", "drawdown", "tracking"),
    *("slope", "premium", "minus", "flow", "contribution", "equal_less_cap"),
    *("equal_weight", "cap_weight", "median", "momentum", "residual"),
)
"""Words in the names of metrics that are told with their sign."""
_PARTS, _NEVER_SIGNED = frozenset({"share", "volume"}), frozenset({"percentile"})
_DECIMALS = {Unit.COUNT: 0, Unit.SHARES: 0, Unit.BASIS_POINTS: 1}
"""Digits after the point of units whose numbers have not those of their instrument."""
_UNITS = {Unit.FRACTION: " %", Unit.BASIS_POINTS: " bp"}


def metric_text(
    snapshot: Snapshot, name: str, value: float | str | None, *, unit: bool = False
) -> str:
    """Return a value of a metric as text, an em dash where there is none.

    Args:
        snapshot: Knows the instruments.
        name: Of the metric.
        value: In the metric's own unit: fractions become percent.
        unit: Whether the unit is named.
    """
    if isinstance(value, str):
        return strips.plain(value)
    found = metric_named(name, snapshot.cast)
    if value is None:
        return strips.MISSING
    if found is None:  # of a group that has no members yet
        return strips.price(value)
    metric, instrument = found
    text = _number(metric, value, instrument.decimals, with_sign=is_difference(name))
    return text + _UNITS.get(metric.unit, "") if unit else text


def unit_of(snapshot: Snapshot, name: str) -> str:
    """Return the unit that stands behind a metric's number: ` %`, ` bp`, or nothing."""
    found = metric_named(name, snapshot.cast)
    return "" if found is None else _UNITS.get(found[0].unit, "")


def is_difference(name: str) -> bool:
    """Return whether a metric is told with its sign: what flows, over assets too."""
    parts = set(name.replace("_", ".").split("."))
    if parts & _NEVER_SIGNED or (parts & _PARTS and "flow" not in parts):
        return False
    return any(word in name for word in DIFFERENCES)


def _number(metric: Metric, value: float, decimals: int, *, with_sign: bool) -> str:
    match metric.unit:
        case Unit.FRACTION:
            if with_sign:
                return strips.percent(value)
            is_published = metric.cadence is Cadence.PUBLISHED
            return strips.share(value, decimals if is_published else 1, unit="")
        case Unit.DOLLARS:
            return strips.money(value, with_sign=with_sign)
        case _:
            form = strips.signed if with_sign else strips.price
            return form(value, _DECIMALS.get(metric.unit, decimals))

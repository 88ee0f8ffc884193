"""From what is typed in the dialog to an alert: comparisons, bounds with units, and what is wrong.

Numbers are typed as they are shown: `1.5 %` of a fraction, `20 bp`, `2,431.50`, with either minus.
Hysteresis is `20 until 18`, a band `13 to 17`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from market.alerts.alert import COOLDOWN
from market.alerts.written import LONGEST_COOLDOWN_MIN
from market.instruments import Cast
from market.metrics.compute import metric_named
from market.metrics.metric import Unit
from market.rules.rule import MOVES, Comparison
from market.rules.written import RuleError, Writing
from market.snapshot import Snapshot
from tui.alert_file import Draft
from widgets.metric_text import metric_text
from widgets.strips import MINUS, MISSING

OF_NUMBERS = (
    Comparison.ABOVE,
    Comparison.BELOW,
    Comparison.WITHIN,
    Comparison.CROSSES,
    Comparison.RISES,
    Comparison.FALLS,
    Comparison.CHANGES,
    Comparison.Z_MOVE,
)
OF_WORDS = (Comparison.TURNS, Comparison.IS)
USUAL_Z = "2"
USUAL_MOVE = "1 %"
USUAL_COOLDOWN = f"{COOLDOWN.total_seconds() / 60:g} min"
HINTS = {
    Comparison.ABOVE: "20, or 20 until 18: then it holds until 18 is reached",
    Comparison.BELOW: "13, or 13 until 15: then it holds until 15 is reached",
    Comparison.WITHIN: "13 to 17: both ends are of the band",
}
"""What may be typed besides a number."""
_SIGNS: Mapping[Unit, Mapping[str, float]] = {
    Unit.FRACTION: {"%": 0.01, "bp": 0.0001},
    Unit.BASIS_POINTS: {"bp": 1, "%": 100, "": 1},
}
"""What signs behind a number stand for; other units have none."""
_PLAIN: Mapping[str, float] = {"": 1}


def comparisons_of(metric: str, cast: Cast) -> Sequence[Comparison]:
    """Return what a metric can be held against; states of lines and feeds are words."""
    found = metric_named(metric, cast)
    return OF_WORDS if found is None or found[0].unit is Unit.WORD else OF_NUMBERS


def bound_shown(
    snapshot: Snapshot, metric: str, comparison: Comparison, value: float | str | None
) -> str:
    """Return what stands in the dialog at first: the present value, or a usual move.

    Args:
        snapshot: What is known.
        metric: Its name.
        comparison: How it is held against the bound.
        value: What it is now.
    """
    if comparison is Comparison.TURNS:
        return ""
    if comparison is Comparison.IS:
        return value if isinstance(value, str) else ""
    if comparison is Comparison.Z_MOVE:
        return USUAL_Z
    if comparison in MOVES:
        return USUAL_MOVE
    text = metric_text(snapshot, metric, value, unit=True).lstrip("+")
    if text == MISSING:
        return ""
    return f"{text} to {text}" if comparison is Comparison.WITHIN else text


def drafted(
    metric: str,
    comparison: Comparison,
    typed: str,
    writing: Writing,
    cast: Cast,
    *,
    cooldown: str = USUAL_COOLDOWN,
) -> Draft:
    """Return the alert that was typed; RuleError with one sentence if it cannot be.

    Args:
        metric: Its name.
        comparison: How it is held against the bound.
        typed: The bound.
        writing: Knows which rules can be.
        cast: The instruments.
        cooldown: For how long it keeps still after it was told.
    """
    found = metric_named(metric, cast)
    unit = found[0].unit if found is not None else None
    limit, _, until = typed.strip().partition(" until ")
    draft = Draft(
        metric,
        str(comparison),
        _bound(unit, comparison, limit.strip()),
        _number(unit, until.strip()) if until else None,
        _minutes(cooldown),
    )
    writing.rule(dict(draft.rule), "the alert")
    return draft


def _bound(
    unit: Unit | None, comparison: Comparison, typed: str
) -> float | str | bool | tuple[float, float]:
    if comparison is Comparison.TURNS:
        return True
    if comparison is Comparison.IS:
        return typed
    if comparison is Comparison.WITHIN:
        low, _, high = typed.partition(" to ")
        return _number(unit, low.strip()), _number(unit, high.strip())
    if comparison is Comparison.Z_MOVE:
        return _float(typed, typed)
    if comparison in MOVES and typed.endswith("%") and unit not in _SIGNS:
        return typed
    looks_like_a_name = any(c.isalpha() for c in typed) and "." in typed and " " not in typed
    return typed if looks_like_a_name else _number(unit, typed)


def _number(unit: Unit | None, typed: str) -> float:
    """A number with the sign of its unit, without which a fraction could be meant in two ways."""
    plain = typed.replace(MINUS, "-").replace(",", "")
    signs = _SIGNS.get(unit, _PLAIN) if unit is not None else _PLAIN
    sign = next((sign for sign in ("%", "bp") if plain.endswith(sign)), "")
    value = _float(plain.removesuffix(sign), typed)
    if sign in signs or value == 0:
        return round(value * signs.get(sign, 1), 12)
    if sign:
        raise RuleError(f'"{typed}" has a unit, and the metric is in {unit or "words"}')
    raise RuleError(f'"{typed}" needs its unit: {typed} % or {typed} bp')


def _minutes(typed: str) -> float | None:
    """Minutes; None for the usual ones."""
    minutes = _float(typed.removesuffix("min"), typed)
    if not 0 <= minutes <= LONGEST_COOLDOWN_MIN:
        raise RuleError(f'"{typed}" is no cooldown from 0 to {LONGEST_COOLDOWN_MIN:,} min')
    return None if minutes == COOLDOWN.total_seconds() / 60 else minutes


def _float(text: str, typed: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise RuleError(f'"{typed}" is no number such as 20, 1.5 % or 20 bp') from None
    if value - value != 0:
        raise RuleError(f'"{typed}" is no number such as 20, 1.5 % or 20 bp')
    return value

"""From what is typed in the dialog to an alert: comparisons, bounds with units, and what is wrong.

Numbers are typed as they are shown: `1.5 %` of a fraction, `20 bp`, `2,431.50`, with either minus.
"""

from __future__ import annotations

from collections.abc import Sequence

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
    Comparison.CROSSES,
    Comparison.RISES,
    Comparison.FALLS,
    Comparison.CHANGES,
    Comparison.Z_MOVE,
)
OF_WORDS = (Comparison.TURNS, Comparison.IS)
USUAL_Z = "2"
USUAL_MOVE = "1 %"
_PER_HUNDRED, _PER_MYRIAD = 100, 10_000


def comparisons_of(metric: str, cast: Cast) -> Sequence[Comparison]:
    """Return what a metric can be held against; states of lines and feeds are words."""
    found = metric_named(metric, cast)
    return OF_WORDS if found is None or found[0].unit is Unit.WORD else OF_NUMBERS


def bound_shown(snapshot: Snapshot, metric: str, comparison: Comparison, word: str = "") -> str:
    """Return what stands in the dialog at first: the present value, or a usual move.

    Args:
        snapshot: What is known.
        metric: Its name.
        comparison: How it is held against the bound.
        word: Its value, if that is a word.
    """
    if comparison is Comparison.TURNS:
        return ""
    if comparison is Comparison.IS:
        return word
    if comparison is Comparison.Z_MOVE:
        return USUAL_Z
    if comparison in MOVES:
        return USUAL_MOVE
    text = metric_text(snapshot, metric, snapshot.reading(metric).value, unit=True)
    return "" if text == MISSING else text.lstrip("+")


def drafted(metric: str, comparison: Comparison, typed: str, writing: Writing, cast: Cast) -> Draft:
    """Return the alert that was typed; RuleError with one sentence if it cannot be."""
    draft = Draft(metric, str(comparison), _bound(metric, comparison, typed.strip(), cast))
    writing.rule(dict(draft.rule), "the alert")
    return draft


def _bound(metric: str, comparison: Comparison, typed: str, cast: Cast) -> float | str | bool:
    if comparison is Comparison.TURNS:
        return True
    if comparison is Comparison.IS:
        return typed
    if comparison in MOVES and typed.endswith("%"):
        return typed
    found = metric_named(metric, cast)
    is_fraction = found is not None and found[0].unit is Unit.FRACTION
    return _number(typed, is_fraction=is_fraction)


def _number(typed: str, *, is_fraction: bool) -> float | str:
    """A number, or the name of another metric as it was typed."""
    plain = typed.replace(MINUS, "-").replace(",", "")
    for sign, parts in (("%", _PER_HUNDRED), ("bp", _PER_MYRIAD)):
        if plain.endswith(sign):
            value = _float(plain.removesuffix(sign), typed)
            return round(value / parts, 12) if is_fraction else value
    looks_like_a_name = any(c.isalpha() for c in plain) and "." in plain
    return typed if looks_like_a_name else _float(plain, typed)


def _float(text: str, typed: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise RuleError(f'"{typed}" is no number such as 20, 1.5 % or 20 bp') from None
    if value - value != 0:
        raise RuleError(f'"{typed}" is no number such as 20, 1.5 % or 20 bp')
    return value

"""From the tables of a TOML file to rules; each mistake is told with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, TypeAlias, cast

from market.rules.rule import MOVES, Combination, Comparison, Condition, Rule, Test

Table: TypeAlias = Mapping[str, Any]
IsMetric: TypeAlias = Callable[[str], bool]

_COMBINERS = ("all", "any", "of")
_BESIDE = {
    Comparison.ABOVE: {"until"},
    Comparison.BELOW: {"until"},
    Comparison.WITHIN: {"implied"},
    **{move: {"sessions"} for move in MOVES},
}
"""The further keys that a comparison knows, besides its own and `metric`."""


class RuleError(ValueError):
    """A rule that cannot be: one sentence that names the place, what is wrong and what is near."""


class UnknownMetricError(RuleError):
    """A rule about a metric that there is none of; looking for the nearest takes a while."""

    def __init__(self, name: str, where: str, names: Callable[[], Iterable[str]]) -> None:
        super().__init__(name, where)
        self._said = name, where
        self._names = names

    def __str__(self) -> str:
        name, where = self._said
        nearest = get_close_matches(name, list(self._names()), n=1, cutoff=0.0)
        hint = f'; the nearest is "{nearest[0]}"' if nearest else ""
        return f'{where}: no metric is called "{_shown(name)}"{hint}'


class Writing:
    """Reads rules; knows which metrics there are."""

    def __init__(self, is_metric: IsMetric, names: Callable[[], Iterable[str]]) -> None:
        """Make a reader.

        Args:
            is_metric: Whether a metric is called so.
            names: All names, from which the nearest to a wrong one is told.
        """
        self._is_metric = is_metric
        self._names = names

    def rule(self, table: object, where: str) -> Rule:
        """Return the rule of a table; RuleError with one sentence that names the place."""
        written = _table(table, where)
        closes = _whole(written.get("closes", 0), f"{where}.closes", least=0)
        test = self.test({k: v for k, v in written.items() if k != "closes"}, where)
        return Rule(test, closes)

    def test(self, table: object, where: str) -> Test:
        """Return the test of a table; RuleError with one sentence that names the place."""
        written = _table(table, where)
        combiner = next((key for key in _COMBINERS if key in written), None)
        if combiner is None:
            return self._condition(written, where)
        return self._combination(written, combiner, where)

    def _combination(self, written: Table, combiner: str, where: str) -> Combination:
        known = {combiner, "at_least"} if combiner == "of" else {combiner}
        _refuse_unknown(written, known, where)
        tables = written[combiner]
        if not isinstance(tables, list) or not tables:
            raise RuleError(f"{where}.{combiner} must be a list of rules")
        listed = cast("list[object]", tables)
        parts = tuple(self.test(t, f"{where}.{combiner}[{n}]") for n, t in enumerate(listed, 1))
        if combiner == "of":
            needed = written.get("at_least", 0)
            return Combination(_whole(needed, f"{where}.at_least", 1, len(parts)), parts)
        return Combination(len(parts) if combiner == "all" else 1, parts)

    def _condition(self, written: Table, where: str) -> Condition:
        metric = written.get("metric")
        if not isinstance(metric, str):
            raise RuleError(f"{where} names no metric, nor all, any or of")
        self.require(metric, f"{where}.metric")
        found = [c for c in Comparison if c.value in written]
        if len(found) != 1:
            words = ", ".join(Comparison)
            raise RuleError(f"{where} needs one comparison: {words}")
        comparison = found[0]
        beside = _BESIDE.get(comparison, set[str]())
        _refuse_unknown(written, {"metric", comparison.value, *beside}, where)
        return self._with_bound(metric, comparison, written, where)

    def _with_bound(
        self, metric: str, comparison: Comparison, written: Table, where: str
    ) -> Condition:
        bound, place = written[comparison.value], f"{where}.{comparison.value}"
        if comparison is Comparison.IS:
            word = _text(bound, place)
            return Condition(metric=metric, comparison=comparison, bound=word)
        if comparison is Comparison.TURNS:
            if bound is not True:
                raise RuleError(f"{place} must be true, and is {_shown(bound)}")
            return Condition(metric=metric, comparison=comparison)
        if comparison is Comparison.WITHIN:
            low, high = _band(bound, place)
            implied = written.get("implied")
            return Condition(
                metric=metric,
                comparison=comparison,
                bound=low,
                upper=high,
                implied=None if implied is None else _number(implied, f"{where}.implied"),
            )
        if comparison in MOVES:
            size, is_relative = _size(bound, place)
            ago = _whole(written.get("sessions", 1), f"{where}.sessions", 1, 252)
            return Condition(
                metric=metric,
                comparison=comparison,
                bound=size,
                sessions=ago,
                is_relative=is_relative,
            )
        if comparison is Comparison.Z_MOVE:
            return Condition(metric=metric, comparison=comparison, bound=_positive(bound, place))
        return self._with_limit(metric, comparison, written, where)

    def _with_limit(
        self, metric: str, comparison: Comparison, written: Table, where: str
    ) -> Condition:
        bound, place = written[comparison.value], f"{where}.{comparison.value}"
        if isinstance(bound, str):
            self.require(bound, place)
            return Condition(metric=metric, comparison=comparison, bound=bound)
        limit, until = _number(bound, place), written.get("until")
        if until is not None:
            until = _number(until, f"{where}.until")
            if until == limit or (until < limit) != (comparison is Comparison.ABOVE):
                side = "below" if comparison is Comparison.ABOVE else "above"
                raise RuleError(f"{where}.until must lie {side} {limit:g}, and is {until:g}")
        return Condition(metric=metric, comparison=comparison, bound=limit, until=until)

    def require(self, name: str, where: str) -> None:
        """Raise RuleError unless a metric is called so."""
        if not self._is_metric(name):
            raise UnknownMetricError(name, where, self._names)


def _table(value: object, where: str) -> Table:
    if not isinstance(value, Mapping):
        raise RuleError(f"{where} must be a table such as {{ metric = ..., above = ... }}")
    return cast("Table", value)


def _refuse_unknown(written: Table, known: set[str], where: str) -> None:
    for key in written:
        if key not in known:
            nearest = get_close_matches(key, sorted(known), n=1, cutoff=0.0)[0]
            raise RuleError(f'{where} knows no "{_shown(key)}"; the nearest is "{nearest}"')


def _number(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value - value != 0:
        raise RuleError(f"{where} must be a number, and is {_shown(value)}")
    return float(value)


def _positive(value: object, where: str) -> float:
    number = _number(value, where)
    if number <= 0:
        raise RuleError(f"{where} must be above zero, and is {number:g}")
    return number


def _size(value: object, where: str) -> tuple[float, bool]:
    """Return the size of a move: a number in the metric's own unit, or a text such as `3 %`."""
    if not isinstance(value, str):
        return _positive(value, where), False
    number = value.removesuffix("%").strip()
    try:
        size = float(number)
    except ValueError:
        size = float("nan")
    if not value.endswith("%") or not 0 < size < float("inf"):
        raise RuleError(f'{where} must be a number or a text such as "3 %"')
    return size / 100, True


def _band(value: object, where: str) -> tuple[float, float]:
    ends = cast("list[object]", value) if isinstance(value, list) else []
    if len(ends) != 2:
        raise RuleError(f"{where} must be two numbers, the lower one first")
    low, high = (_number(end, where) for end in ends)
    if low > high:
        raise RuleError(f"{where} must have the lower number first, and is [{low:g}, {high:g}]")
    return low, high


def _whole(value: object, where: str, least: int, most: int = 252) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        text = f"{where} must be a whole number from {least} to {most}, and is {_shown(value)}"
        raise RuleError(text)
    return value


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise RuleError(f"{where} must be a word, and is {_shown(value)}")
    return value


def _shown(value: object) -> str:
    return "".join(c for c in str(value) if c.isprintable())[:60]

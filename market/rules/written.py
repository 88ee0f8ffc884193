"""From the tables of a TOML file to rules; each mistake is told with its place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeAlias, cast

import msgspec

from market.rules.rule import (
    EVENTS,
    MOVES,
    Combination,
    Comparison,
    Condition,
    Rule,
    Test,
    is_event,
)
from market.rules.tables import nearest, printable

Table: TypeAlias = Mapping[str, Any]


class Kind(msgspec.Struct, frozen=True):
    """What values of a metric are."""

    is_word: bool = False
    words: tuple[str, ...] = ()
    """All that it can be; empty where any words may stand."""


KindOf: TypeAlias = Callable[[str], Kind | None]
_OF_WORDS = frozenset({Comparison.IS, Comparison.TURNS})
_COMBINERS = ("all", "any", "of")
_BESIDE = {
    Comparison.ABOVE: {"until"},
    Comparison.BELOW: {"until"},
    Comparison.WITHIN: {"implied"},
    Comparison.RISES: {"sessions"},
    Comparison.FALLS: {"sessions"},
    Comparison.CHANGES: {"sessions"},
}
"""The further keys that a comparison knows, besides its own and `metric`."""
_CONDITION_KEYS = {"metric", *map(str, Comparison)}.union(*_BESIDE.values())


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
        if name.strip()[:1] in {*"+-.0123456789−"}:
            said = f'{where}: "{printable(name)}" is in quotes'
            return f"{said}; a bound is a number, such as 0.02 for 2 %"
        known = list(self._names())
        hint = f"; {nearest(name.lower(), known)}" if known else ""
        return f'{where}: no metric is called "{printable(name)}"{hint}'


class Writing:
    """Reads rules; knows which metrics there are."""

    def __init__(
        self,
        kind_of: KindOf,
        names: Callable[[], Iterable[str]],
        *,
        forgetful: str = "",
        unfit: Callable[[str], str] = lambda _: "",
    ) -> None:
        """Make a reader.

        Args:
            kind_of: What values of a metric are; None if none is called so.
            names: All names, from which the nearest to a wrong one is told.
            forgetful: Who is judged without knowing what was before, and by what, as a clause;
                empty where rules have a memory.
            unfit: Says why a name that others know cannot stand here; empty for any other.
        """
        self._kind_of = kind_of
        self._names = names
        self._forgetful = forgetful
        self._unfit = unfit

    def rule(self, table: object, where: str) -> Rule:
        """Return the rule of a table; RuleError with one sentence that names the place."""
        written = _table(table, where)
        closes = _whole(written.get("closes", 0), f"{where}.closes", least=0)
        test = self.test({k: v for k, v in written.items() if k != "closes"}, where)
        if closes > 1 and is_event(test):
            raise RuleError(f"{where}.closes can only be 1: what crosses or turns does so at one")
        return Rule(test, closes)

    def test(self, table: object, where: str) -> Test:
        """Return the test of a table; RuleError with one sentence that names the place."""
        written = _table(table, where)
        if "closes" in written:
            raise RuleError(
                f"{where}.closes is of a whole rule, and stands beside its all, any or of"
            )
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
        kind = self.require(metric, f"{where}.metric")
        _refuse_unknown(written, _CONDITION_KEYS, where)
        found = [c for c in Comparison if c.value in written]
        if len(found) != 1:
            words = ", ".join(Comparison)
            raise RuleError(f"{where} needs one comparison: {words}")
        comparison = found[0]
        _refuse_kind(metric, kind, comparison, where)
        self._refuse_keys(written, comparison, where)
        if comparison is Comparison.IS:
            _refuse_word(metric, kind, written[comparison.value], f"{where}.{comparison}")
        return self._with_bound(metric, comparison, written, where)

    def _refuse_keys(self, written: Table, comparison: Comparison, where: str) -> None:
        """Refuse what does not go with a comparison, and what needs a memory that is not there."""
        known = {"metric", comparison.value, *_BESIDE.get(comparison, ())}
        for key in written:
            if key not in known:
                places = " or ".join(c for c, beside in _BESIDE.items() if key in beside)
                raise RuleError(f"{where}.{key} goes with {places}, not with {comparison}")
            if self._forgetful and (key == "until" or key in EVENTS):
                raise RuleError(f"{where}.{key} is for alerts: {self._forgetful}")

    def _with_bound(
        self, metric: str, comparison: Comparison, written: Table, where: str
    ) -> Condition:
        bound, place = written[comparison.value], f"{where}.{comparison.value}"
        if comparison is Comparison.IS:
            word = _text(bound, place)
            return Condition(metric=metric, comparison=comparison, bound=word)
        if comparison is Comparison.TURNS:
            if bound is not True:
                raise RuleError(f"{place} must be true, and is {printable(bound)}")
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
            if self.require(bound, place).is_word:
                raise RuleError(f'{place}: "{bound}" is a word, and no bound')
            return Condition(metric=metric, comparison=comparison, bound=bound)
        limit, until = _number(bound, place), written.get("until")
        if until is not None:
            until = _number(until, f"{where}.until")
            if until == limit or (until < limit) != (comparison is Comparison.ABOVE):
                side = "below" if comparison is Comparison.ABOVE else "above"
                raise RuleError(f"{where}.until must lie {side} {limit:g}, and is {until:g}")
        return Condition(metric=metric, comparison=comparison, bound=limit, until=until)

    def require(self, name: str, where: str) -> Kind:
        """Return what values of a metric are; RuleError if none is called so."""
        kind = self._kind_of(name)
        if kind is None and (why := self._unfit(name)):
            raise RuleError(f"{where}: {why}")
        if kind is None:
            raise UnknownMetricError(name, where, self._names)
        return kind


def _table(value: object, where: str) -> Table:
    if not isinstance(value, Mapping):
        raise RuleError(f"{where} must be a table such as {{ metric = ..., above = ... }}")
    return cast("Table", value)


def _refuse_unknown(written: Table, known: Collection[str], where: str) -> None:
    for key in written:
        if key not in known:
            raise RuleError(f'{where} knows no "{printable(key)}"; {nearest(key, sorted(known))}')


def _refuse_kind(metric: str, kind: Kind, comparison: Comparison, where: str) -> None:
    """Refuse to hold a word against numbers, and a number against words."""
    if kind.is_word != (comparison in _OF_WORDS):
        known = ", ".join(c for c in Comparison if (c in _OF_WORDS) == kind.is_word)
        what = "a word" if kind.is_word else "a number"
        raise RuleError(f'{where}.{comparison}: "{metric}" is {what}, and takes {known}')


def _refuse_word(metric: str, kind: Kind, word: object, where: str) -> None:
    """Refuse a word that a metric never is."""
    if kind.words and isinstance(word, str) and word not in kind.words:
        hint = nearest(word, kind.words)
        raise RuleError(f'{where}: "{metric}" is never "{printable(word)}"; {hint}')


def _number(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value - value != 0:
        raise RuleError(f"{where} must be a number, and is {printable(value)}")
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
        text = f"{where} must be a whole number from {least} to {most}, and is {printable(value)}"
        raise RuleError(text)
    return value


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise RuleError(f"{where} must be a word, and is {printable(value)}")
    return value

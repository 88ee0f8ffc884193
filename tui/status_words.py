"""The format of `captop status`: names of metrics in braces, each with a number format of Python's.

Nothing else is looked up: `{rut.last:,.0f}` is the metric of that name, never an attribute.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import Formatter

from tui.status_file import Table, table_of

DEFAULT_FORMAT = "RUT {rut.last} {rut.return.1d:+.2%} VIX {vix.last}"
ABSENT = "--"
WIDEST = 200
"""Cells that a number may be padded to."""

Part = tuple[str, str | None, str]
"""Words, then the metric behind them or None, and its number format."""


class FormatError(Exception):
    """A format that cannot be used: one sentence."""


def parts_of(written: str) -> Sequence[Part]:
    """Return the parts of a format.

    Raises:
        FormatError: It is no format, or asks for more than a metric's value.
    """
    try:
        parsed = [*Formatter().parse(written)]
    except ValueError as error:
        raise FormatError(f"the format cannot be read: {error}.") from None
    return [_part(words, name, spec or "", sign) for words, name, spec, sign in parsed]


def _part(words: str, name: str | None, spec: str, conversion: str | None) -> Part:
    if name is None:
        return words, None, ""
    if not name:
        raise FormatError("the format has braces without a name: write {rut.last}.")
    if conversion or "{" in spec:
        raise FormatError(f"{{{name}}} takes a number format such as {{{name}:+.2%}}, no more.")
    if any(int(digits) > WIDEST for digits in re.findall(r"\d{1,9}", spec)):
        raise FormatError(f"{{{name}}} is made wider than {WIDEST} characters.")
    for sample in (1.0, "word"):
        try:
            format(sample, spec)
        except ValueError:
            continue
        return words, name, spec
    raise FormatError(f'"{spec}" of {{{name}}} is no number format such as +.2% or ,.0f.')


def line_of(parts: Sequence[Part], metrics: Table, old: str = "") -> str:
    """Return the line that metrics make, plain text; what is absent is `--`.

    Behind the line stands the age of what is older than it should be.

    Args:
        parts: Of the format.
        metrics: By name.
        old: The age of all of them, if nobody renews them.
    """
    line = "".join(
        words + ("" if name is None else _value(table_of(metrics.get(name)), spec))
        for words, name, spec in parts
    )
    told = (table_of(metrics.get(name)) for _, name, _ in parts if name is not None)
    ages = {old: None} if old else dict.fromkeys(str(each.get("age") or "") for each in told)
    return plain(" ".join((line, *(f"({age})" for age in ages if age))))


def _value(metric: Table, spec: str) -> str:
    value = metric.get("value")
    if not isinstance(value, str | int | float):
        return ABSENT
    if not spec:
        return str(metric.get("text") or value)
    try:
        return format(value, spec)
    except (ValueError, TypeError):
        return str(value)


def age(seconds: float) -> str:
    """Return an age in words: `12m`, `3h`, `2d`."""
    minutes = int(seconds // 60)
    if minutes < 60:
        return f"{minutes}m"
    return f"{minutes // 60}h" if minutes < 48 * 60 else f"{minutes // 1440}d"


def plain(text: str) -> str:
    """Return text without signs that a terminal would obey."""
    return "".join(sign if sign.isprintable() else " " for sign in text)

"""Numbers as Nasdaq's screener writes them: "$138.57", "-0.837%", "", "NA", "UNCH"."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from operator import not_
from typing import Annotated, cast

import msgspec

LARGEST = 1e17
"""No price, volume or market value is beyond this."""

_BLANK = frozenset({"", "NA", "N/A", "--", "-"})
_UNCHANGED = "UNCH"
_DIGITS = msgspec.json.Decoder(list[Annotated[float, msgspec.Meta(gt=-LARGEST, lt=LARGEST)] | None])
_NUMBER = re.compile(r"-?\d{1,17}(?:\.\d{0,12})?", re.ASCII)


def numbers(words: Sequence[str | None], column: str, bad: dict[int, str]) -> Sequence[float]:
    """Return a column of numbers, NaN where it says nothing; notes the rows with no number.

    Digits throughout, as nearly all columns are, are read at once.
    """
    try:
        whole = ",".join([word or "null" for word in words]).replace("$", "")
        found = _DIGITS.decode(f"[{whole}]")
    except msgspec.DecodeError:
        found = []
    # Not where a word held a comma or was a "null" itself.
    if len(found) == len(words):
        if None not in found:
            return cast("list[float]", found)
        if found.count(None) == sum(map(not_, words)):
            return [math.nan if value is None else value for value in found]
    return [_number_or_note(word, column, row, bad) for row, word in enumerate(words)]


def _number_or_note(text: str | None, column: str, row: int, bad: dict[int, str]) -> float:
    try:
        return number(text, column)
    except ValueError as error:
        bad.setdefault(row, str(error))
        return math.nan


def number(text: str | None, column: str) -> float:
    """Return a number of the screener: "$1,138.57" -> 1138.57; NaN where it says nothing.

    Raises:
        ValueError: it is no number, naming the column.
    """
    if text is None:
        return math.nan
    try:
        value = float(text.lstrip("$"))
    except ValueError:
        return _spelt_otherwise(text, column)
    # Python also reads "nan", "inf" and "1_000", which no screener means.
    is_plain = -LARGEST < value < LARGEST and "_" not in text
    return value if is_plain else _spelt_otherwise(text, column)


def _spelt_otherwise(text: str, column: str) -> float:
    """Read what is not simply digits: blanks, words, thousands, a currency sign inside."""
    bare = text.strip().upper().removesuffix("%").replace("$", "").replace(",", "")
    if _NUMBER.fullmatch(bare):
        return float(bare)
    if bare in _BLANK:
        return math.nan
    if bare == _UNCHANGED:
        return 0.0
    raise ValueError(f"`{column}` is no number")

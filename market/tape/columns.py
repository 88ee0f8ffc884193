"""Columns of numbers in few bytes, and back to the very same.

Prices are decimals of two or four places, which a feed may have sent through 32-bit floats, and
shares are whole numbers. Written as whole numbers, prices by their change from row to row, and
with their bytes sorted by rank, they compress to half of what the machine's doubles do. What is
written is read back and held against the column first: what does not come out bit for bit is
told as it is.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from contextlib import suppress
from itertools import accumulate, chain
from math import isnan
from operator import sub
from typing import Any

_PLACES = (1.0, 100.0, 10_000.0)
"""What decimals are multiplied with to be whole."""
_WIDTHS = "bhiq"
_AS_IT_IS, _SINGLE, _BY_CHANGE, _WITH_GAPS = 255, 4, 8, 16
"""The first byte: the row of `_PLACES` and flags; the second is the row of `_WIDTHS`."""
_TRIED = 16
"""Numbers by which it is seen whether a scale is worth trying."""


def packed_column(column: array[Any]) -> bytes:
    """Return a column of doubles or 64-bit integers as bytes."""
    if column.typecode == "q":
        return _of_whole(column, _BY_CHANGE)
    gaps = bytes(map(isnan, column))
    if any(gaps):
        known = array("d", (0.0 if gap else x for gap, x in zip(gaps, column, strict=True)))
        data = _of_doubles(known)
        if _filled(known, gaps).tobytes() == column.tobytes() and data[0] != _AS_IT_IS:
            return bytes((data[0] | _WITH_GAPS, data[1])) + data[2:] + gaps
    return _of_doubles(column)


def column_of(code: str, data: bytes) -> array[Any]:
    """Return the column of a type code that bytes tell; ValueError if they tell none."""
    if len(data) < 2:
        raise ValueError("the bytes are no column")
    way, width, body = data[0], data[1], data[2:]
    if way == _AS_IT_IS:
        return _unranked(code, body)
    if way & 3 == len(_PLACES):
        raise ValueError("the bytes are no column")
    gaps = b""
    if way & _WITH_GAPS:
        rows = len(body) // (array(_WIDTHS[width & 3]).itemsize + 1)
        body, gaps = body[: len(body) - rows], body[len(body) - rows :]
    moves = _unranked(_WIDTHS[width & 3], body)
    try:
        whole = array("q", accumulate(moves) if way & _BY_CHANGE else moves)
    except OverflowError:
        raise ValueError("the bytes are no column") from None
    if code == "q":
        return whole
    doubles = _doubles(whole, way)
    return _filled(doubles, gaps) if gaps else doubles


def _of_doubles(column: array[float]) -> bytes:
    for place, scale in enumerate(_PLACES):
        for single in (0, _SINGLE):
            whole = _whole(column, scale, is_single=bool(single))
            if whole is not None:
                return _of_whole(whole, place | single | (_BY_CHANGE if place else 0))
    return bytes((_AS_IT_IS, 0)) + _by_rank(column)


def _whole(column: array[float], scale: float, *, is_single: bool) -> array[int] | None:
    """A column's numbers times a scale, if these are whole and lead back to the column."""
    if any(abs(x * scale - round(x * scale)) > 0.05 for x in column[:_TRIED] if abs(x) < 1e12):
        return None
    try:
        whole = array("q", [round(x * scale) for x in column])
    except (OverflowError, ValueError):
        return None
    back = _scaled(whole, scale, is_single=is_single)
    return whole if back.tobytes() == column.tobytes() else None


def _doubles(whole: array[int], way: int) -> array[float]:
    return _scaled(whole, _PLACES[way & 3], is_single=bool(way & _SINGLE))


def _scaled(whole: array[int], scale: float, *, is_single: bool) -> array[float]:
    values = [x / scale for x in whole]
    return array("d", array("f", values) if is_single else values)


def _filled(column: array[float], gaps: bytes) -> array[float]:
    return array("d", (float("nan") if gap else x for gap, x in zip(gaps, column, strict=True)))


def _of_whole(whole: array[int], way: int) -> bytes:
    if way & _BY_CHANGE:
        changes = list(chain(whole[:1], map(sub, whole[1:], whole)))
        if (narrow := _narrow(changes)) is not None:
            return bytes((way, _WIDTHS.index(narrow.typecode))) + _by_rank(narrow)
    narrow = _narrow(whole) or whole
    return bytes((way & ~_BY_CHANGE, _WIDTHS.index(narrow.typecode))) + _by_rank(narrow)


def _narrow(values: Iterable[int]) -> array[int] | None:
    """The narrowest column that holds some integers; None if they span more than 64 bits."""
    for code in _WIDTHS:
        with suppress(OverflowError):
            return array(code, values)
    return None


def _by_rank(column: array[Any]) -> bytes:
    """A column's bytes: all that come first in a number, then all that come second."""
    data, size = column.tobytes(), column.itemsize
    return b"".join(data[rank::size] for rank in range(size))


def _unranked(code: str, data: bytes) -> array[Any]:
    column: array[Any] = array(code)
    size = column.itemsize
    if len(data) % size:
        raise ValueError("the bytes are no column")
    rows, rest = len(data) // size, bytearray(len(data))
    for rank in range(size):
        rest[rank::size] = data[rank * rows : (rank + 1) * rows]
    column.frombytes(rest)
    return column

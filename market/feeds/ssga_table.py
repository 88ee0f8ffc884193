"""What State Street's workbooks have in common: a fund's name, and a table below some lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from math import isfinite

from market.feeds.responses import require_data
from market.feeds.text import plain
from market.feeds.workbook import WorkbookError, rows_of
from market.reports import ErrorKind, FeedError

NAME = "State Street"
HEAD_ROWS = 12
"""Rows in which the table's head must stand."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY = re.compile(r"([0-9]{1,2})-([A-Z][a-z]{2})-([0-9]{4})")


def table_of(body: bytes, fund: str, first: str, what: str) -> tuple[Sequence[Sequence[str]], int]:
    """Return the rows of a fund's workbook, and which of them is the table's head.

    Args:
        body: The workbook.
        fund: Whose it should be.
        first: The first word of the head, in small letters.
        what: What is in it, for people.

    Raises:
        FeedError: refused (a web page), garbled (no workbook, another fund's, no such table).
    """
    empty = FeedError(ErrorKind.GARBLED, f"{NAME}'s answer for {fund} is empty")
    require_data(body, NAME, f"the {what} of {fund}", empty)
    try:
        rows = list(rows_of(body))
    except WorkbookError as error:
        raise garbled(fund, what, str(error)) from None
    _require_fund(rows, fund, what)
    heads = (n for n, row in enumerate(rows[:HEAD_ROWS]) if named(row[:1]) == [first])
    head = next(heads, None)
    if head is None:
        raise garbled(fund, what, f"there is no column `{first.title()}`")
    return rows, head


def _require_fund(rows: Sequence[Sequence[str]], fund: str, what: str) -> None:
    """Raise FeedError for the workbook of another fund; one that does not say is believed."""
    for row in rows[:HEAD_ROWS]:
        if len(row) > 1 and named(row[:1])[0].rstrip(":") in {"ticker symbol", "ticker"}:
            told = plain(row[1]).upper()
            if told and told != fund:
                raise garbled(fund, what, f"it is that of {told[:12]}")


def named(cells: Sequence[str]) -> list[str]:
    """Return cells in small letters, with single spaces."""
    return [" ".join(plain(cell).lower().split()) for cell in cells]


def number_of(cell: str) -> float | None:
    """Return a finite number, None for anything else: `-`, nothing, words."""
    try:
        found = float(cell.replace(",", ""))
    except ValueError:
        return None
    return found if isfinite(found) else None


def day_of(words: str) -> date | None:
    """Return the day of `03-Aug-2026`, None for anything else."""
    told = _DAY.fullmatch(words.strip())
    if told is None or told.group(2) not in _MONTHS:
        return None
    try:
        return date(int(told.group(3)), _MONTHS.index(told.group(2)) + 1, int(told.group(1)))
    except ValueError:
        return None


def garbled(fund: str, what: str, why: str) -> FeedError:
    """Return the failure of a workbook that cannot be read."""
    return FeedError(ErrorKind.GARBLED, f"{NAME}'s {what} of {fund} is unreadable: {why}")

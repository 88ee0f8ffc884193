"""What the feeds of published series share: from values by reference date to a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from math import isfinite

from market.published import Published
from market.quotes import Key
from market.reports import Absent, Arrived, ErrorKind, FeedError
from market.sessions import exchange_date

Values = Mapping[date, float]
MISSING = frozenset({"", ".", "N/A", "NA", "ND", "null"})
"""How offices write that there is no value: a holiday, a month that was never collected."""


def number(cell: float | str | None) -> float | None:
    """Return what a cell says, None where it says that there is no value; ValueError otherwise."""
    told = cell.strip() if isinstance(cell, str) else cell
    if told is None or told in MISSING:
        return None
    value = float(told)
    if not isfinite(value):
        raise ValueError(f"{told} is no number")
    return value


def report(
    feed: str,
    values: Mapping[Key, Values],
    now: datetime,
    lost: Sequence[str] = (),
) -> Arrived:
    """Return the report of an answer about some series.

    A value of a day that has not begun in New York is left out: some series are written ahead.

    Args:
        feed: Who told it.
        values: What was told, by the key asked for.
        now: When it came, UTC.
        lost: A sentence for each row that was left out.

    Raises:
        FeedError: where there is no value of any of them: garbled if rows were left out,
            else absent.
    """
    today = exchange_date(now)
    told = {key: _until(today, each) for key, each in values.items()}
    documents = tuple(_document(feed, key, each, now) for key, each in told.items() if each)
    absent = tuple(Absent(key, _nothing(feed, key)) for key, each in told.items() if not each)
    if not documents:
        raise FeedError(ErrorKind.GARBLED if lost else ErrorKind.ABSENT, absent[0].reason)
    return Arrived(
        feed=feed,
        at=now,
        keys=tuple(values),
        documents=documents,
        absent=absent,
        lost=tuple(lost),
    )


def _until(today: date, values: Values) -> list[tuple[date, float]]:
    return sorted((day, value) for day, value in values.items() if day <= today)


def _document(feed: str, key: Key, rows: list[tuple[date, float]], now: datetime) -> Published:
    return Published(
        key=key,
        source=feed,
        fetched_at=now,
        days=tuple(day for day, _ in rows),
        values=tuple(value for _, value in rows),
    )


def _nothing(feed: str, key: Key) -> str:
    return f"{feed} has no value of {key.symbol}"

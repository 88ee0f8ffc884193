"""A fund's holdings as iShares tells them, before anybody judged which rows are members.

Both roads, the CSV file and the JSON plane, end here. Numbers are strings with thousands
separators in the file and numbers in the plane; "-" and nothing stand for missing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

import msgspec

from market.feeds import responses
from market.feeds.text import plain
from market.reports import ErrorKind, FeedError

NEEDED = ("ticker", "name", "sector", "asset_class", "market_value", "quantity", "price")
"""Values without whose column a table is of no use."""
WHOLE_PERCENT = (90.0, 110.0)
"""What the weights of a complete table add up to: rounding costs a few tenths at most."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class UnreadableError(FeedError):
    """Holdings came, and something about them is wrong: nearer to an answer than any other."""


class Row(msgspec.Struct, frozen=True):
    """One line of the table; a number that is missing or none is None."""

    number: int
    """Its place in the table, from 1."""
    ticker: str
    """As iShares writes it, `-` and nothing both as nothing."""
    name: str
    sector: str
    asset_class: str
    exchange: str
    currency: str
    """Of the market it trades in; empty where the source does not say."""
    market_value: float | None
    quantity: float | None
    price: float | None
    weight: float | None
    """Percent, rounded: used to see whether the table is whole, never as a weight."""


class Table(msgspec.Struct, frozen=True):
    """All lines of one fund on one day."""

    day: date
    rows: tuple[Row, ...]
    shares_outstanding: float | None = None
    """Of the fund; the plane does not tell them here."""
    lost: tuple[str, ...] = ()


def row_of(position: int, cells: Mapping[str, object]) -> Row:
    """Return a line of the table, understood, from its cells by what they are."""
    return Row(
        position,
        words(cells.get("ticker")).upper(),
        words(cells.get("name")),
        words(cells.get("sector")),
        words(cells.get("asset_class")),
        words(cells.get("exchange")),
        words(cells.get("currency")).upper(),
        number(cells.get("market_value")),
        number(cells.get("quantity")),
        number(cells.get("price")),
        number(cells.get("weight")),
    )


def words(text: object) -> str:
    """Return a cell's words as one safe line; `-` and whatever is no text are empty."""
    if not isinstance(text, str):
        return ""
    bare = text.strip()
    shown = bare if bare.isascii() and bare.isprintable() else plain(bare)
    return "" if shown == "-" else shown


def number(cell: object) -> float | None:
    """Return a cell's finite number, None for anything else."""
    if isinstance(cell, bool) or not isinstance(cell, (str, int, float)):
        return None
    try:
        found = float(cell.replace(",", "").strip() if isinstance(cell, str) else cell)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def calendar_day(cell: object) -> date | None:
    """Return the date of `20260505`, `2026-05-05` or `May 05, 2026`, None for anything else."""
    text = f"{cell:.0f}" if isinstance(cell, float) and math.isfinite(cell) else f"{cell}".strip()
    month, _, rest = text.partition(" ")
    try:
        if month in _MONTHS:
            day, year = rest.split(",")
            return date(int(year), _MONTHS.index(month) + 1, int(day))
        return date.fromisoformat(text) if len(text) in {8, 10} else None
    except ValueError:
        return None


def whole(table: Table, fund: str) -> Table:
    """Return the table; FeedError if its weights show that rows are missing or too many."""
    known = [row.weight for row in table.rows if row.weight is not None]
    least, most = WHOLE_PERCENT
    if known and not least <= sum(known) <= most:
        raise garbled(fund, f"the weights of its rows add up to {sum(known):.0f} %")
    return table


def garbled(fund: str, why: str) -> UnreadableError:
    """Return the error for holdings that are not what was agreed."""
    return UnreadableError(ErrorKind.GARBLED, f"iShares' holdings of {fund} are unreadable: {why}")


def absent(fund: str, what: str = "") -> FeedError:
    """Return the error for holdings that iShares does not have."""
    return FeedError(ErrorKind.ABSENT, f"iShares has no holdings of {fund}{what}")


def require_data(body: bytes, what: str) -> None:
    """Raise FeedError for an empty body or a web page, whatever its headers say it is."""
    empty = FeedError(ErrorKind.GARBLED, f"iShares' answer for {what} is empty")
    responses.require_data(body, "iShares", what, empty)

"""The holdings file: CSV with a preamble, a table whose columns have changed names, legal words.

    ﻿iShares Russell 2000 ETF
    Fund Holdings as of,"May 05, 2026"
    Shares Outstanding,"278,750,000.00"
    (a line with one no-break space)
    Ticker,Name,Sector,Asset Class,Market Value,Weight (%),Notional Value,Quantity,Price,...
    "AMPL","AMPLE POWER CLASS A CORP","Industrials","Equity","1,532,500,000.00","1.93",...
    (a line with one no-break space, then the disclaimer)

The line below the table is how a whole file is told from one that broke off.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence

from market.feeds.ishares.table import (
    NEEDED,
    Row,
    Table,
    absent,
    calendar_day,
    garbled,
    number,
    require_data,
    row_of,
    whole,
    words,
)

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "ticker": ("ticker", "issuer ticker"),
    "name": ("name", "security name"),
    "sector": ("sector",),
    "asset_class": ("asset class",),
    "market_value": ("market value",),
    "quantity": ("quantity", "shares"),
    "price": ("price",),
    "weight": ("weight",),
    "exchange": ("exchange",),
    "currency": ("market currency",),
}
"""Each value by the names its column has had; `Shares` became `Quantity` in March 2025."""

_BLANK = " \t\r\u00a0\ufeff"


def read_file(body: bytes, fund: str) -> Table:
    """Return the table of a holdings file.

    Raises:
        FeedError: refused (a web page), absent (a template without holdings), garbled (no
            date, no table, a needed column missing, broken off).
    """
    require_data(body, f"the holdings of {fund}")
    lines = body.decode("utf-8-sig", errors="replace").split("\n")
    head = next((i for i, line in enumerate(lines) if _is_header(line)), None)
    day = _preamble(lines[:head], "Fund Holdings as of")
    if day is None and head is None:
        raise garbled(fund, "there is neither a date nor a table in the file")
    if day is None:
        raise garbled(fund, "the file does not say of which day it is")
    if not words(day):
        raise absent(fund, " for that day: its file is an empty template")
    as_of = calendar_day(day)
    if as_of is None or head is None:
        raise garbled(fund, "there is no table" if head is None else "its date is none")
    rows, lost = _rows(lines[head:], fund)
    outstanding = number(_preamble(lines[:head], "Shares Outstanding"))
    return whole(Table(as_of, tuple(rows), outstanding or None, tuple(lost)), fund)


def _is_header(line: str) -> bool:
    names = {_named(cell) for cell in line.split(",")}
    return all(any(name in names for name in COLUMNS[key]) for key in ("ticker", "name"))


def _named(cell: str) -> str:
    """A column's name as `COLUMNS` spells it: `Weight (%)` is `weight`."""
    return cell.strip(_BLANK + '"').partition("(")[0].strip().lower()


def _preamble(lines: Sequence[str], label: str) -> str | None:
    """The value beside a label above the table, None if there is no such line."""
    for line in lines:
        name, comma, value = line.strip(_BLANK).partition(",")
        if comma and name.strip('"').lower() == label.lower():
            return value.strip(_BLANK + '"')
    return None


def _rows(lines: Sequence[str], fund: str) -> tuple[list[Row], list[str]]:
    """The rows below a header up to the blank line that ends them."""
    header = [_named(cell) for cell in lines[0].split(",")]
    places = _places(header, fund)
    rows: list[Row] = []
    lost: list[str] = []
    for position, line in enumerate(lines[1:-1], 1):  # a last line may itself be cut
        if not line.strip(_BLANK):
            break
        cells = _cells(line)
        if len(cells) == len(header):
            rows.append(row_of(position, {key: cells[at] for key, at in places.items()}))
        else:
            lost.append(f"row {position} of {fund}'s holdings was left out: it is damaged")
    else:
        raise garbled(fund, "the file broke off in the middle of its table")
    if not rows and not lost:
        raise absent(fund, ": its table has no rows")
    return rows, lost


def _places(header: Sequence[str], fund: str) -> dict[str, int]:
    """Where each value stands in a row."""
    found = {
        key: header.index(name)
        for key, names in COLUMNS.items()
        for name in names
        if name in header
    }
    for key in NEEDED:
        if key not in found:
            raise garbled(fund, f"there is no column `{COLUMNS[key][-1].title()}`")
    return found


def _cells(line: str) -> list[str]:
    try:
        return next(csv.reader([line], strict=True))
    except (csv.Error, StopIteration):
        return []

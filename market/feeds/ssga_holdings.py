"""State Street's SPDR funds: who is held, as of which day; a workbook a fund.

    Fund Name:      State Street SPDR S&P Biotech ETF
    Ticker Symbol:  XBI
    Holdings:       As of 24-Jul-2026
    Name            Ticker  Identifier  SEDOL    Weight    Sector  Shares Held  Local Currency
    INSMED INC      INSM    457669307   2614487  1.285612  -       543912       USD

It tells weights, neither values nor prices: those columns hold what is not known.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from math import nan

from market.feeds.ssga_table import day_of, garbled, named, number_of, table_of
from market.holdings import Holdings
from market.sessions import exchange_date
from market.spellings import yahoo_of_ishares

COLUMNS = ("name", "ticker", "weight", "shares held")
WHAT = "holdings"
_AS_OF = re.compile(r"As of ([0-9A-Za-z-]+)")
_TICKER = re.compile(r"[A-Z]{1,6}(?:[./][A-Z]{1,2})?")
"""Cash has a dash, a future digits."""


def read_holdings(body: bytes, fund: str, now: datetime) -> Holdings:
    """Return who a fund holds, the heaviest first.

    Raises:
        FeedError: refused (a web page), garbled (no workbook, another fund's, no such table, no
            day or one that is yet to come, no share).
    """
    rows, head = table_of(body, fund, "name", WHAT)
    day = _day(rows[:head])
    if day is None or day > exchange_date(now):
        raise garbled(fund, WHAT, "there is no day" if day is None else f"they are of {day}")
    columns = named(rows[head])
    for name in COLUMNS:
        if name not in columns:
            raise garbled(fund, WHAT, f"there is no column `{name.title()}`")
    held = {each[0]: each for each in _shares(rows[head + 1 :], columns)}
    if not held:
        raise garbled(fund, WHAT, "not one of its rows is a share")
    ordered = sorted(held.values(), key=lambda each: (-each[2], each[0]))
    unknown = array("d", [nan]) * len(ordered)
    return Holdings(
        fund=fund,
        day=day,
        source="ssga",
        fetched_at=now,
        symbols=tuple(symbol for symbol, _, _, _ in ordered),
        names=tuple(name for _, name, _, _ in ordered),
        sectors=("",) * len(ordered),
        market_value=unknown,
        quantity=array("d", (shares for _, _, _, shares in ordered)),
        price=unknown,
    )


def _shares(
    rows: Sequence[Sequence[str]], columns: Sequence[str]
) -> Iterator[tuple[str, str, float, float]]:
    """Yield symbol, name, weight and shares of each row that is a share."""
    places = [columns.index(name) for name in COLUMNS]
    for cells in rows:
        told = dict(enumerate(cells))
        name, ticker, weight, shares = (told.get(place, "") for place in places)
        heavy, count = number_of(weight), number_of(shares)
        if _TICKER.fullmatch(ticker) and heavy is not None and count is not None:
            yield yahoo_of_ishares(ticker), name, heavy, count


def _day(rows: Sequence[Sequence[str]]) -> date | None:
    """The day that stands above the table."""
    told = (_AS_OF.fullmatch(cell.strip()) for row in rows for cell in row)
    return next((day_of(found.group(1)) for found in told if found is not None), None)

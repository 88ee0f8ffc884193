"""Which rows of a fund's table are members, and what the others are."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from enum import StrEnum

import msgspec

from market.feeds.ishares.table import Row, Table, garbled
from market.holdings import Holdings, doubles
from market.spellings import yahoo_of_ishares

SECTORS = {"Communication": "Communication Services", "Other": ""}
"""iShares' sector words where they are not those of GICS."""
LEAST_PRICE = 0.005
"""Below this a file prints 0.00: what is left of a company that is gone."""

_CLAIM = re.compile(r"\b(?:RIGHTS|WARRANTS?|ESCROW|PRVT|CONTRA)\b|.\bCVR\b")
"""Names of claims that are no shares. CVR ENERGY INC is one, INHIBRX INC CVR is not."""
_TICKER = re.compile(r"[A-Z]{1,6}(?:[./-][A-Z]{1,2})?")
_CASH = ("cash", "money market")


class Reason(StrEnum):
    """Why a row is no member, as it is counted in `Holdings.left_out`."""

    CASH = "cash"
    FUTURES = "futures"
    OTHER = "other assets"
    ABROAD = "listed abroad"
    CLAIM = "rights and escrow"
    NAMELESS = "without a ticker"
    UNREADABLE = "unreadable"
    DUPLICATE = "duplicates"


class _Member(msgspec.Struct, frozen=True):
    symbol: str
    row: Row
    value: float
    quantity: float
    price: float


def holdings_of(table: Table, fund: str, now: datetime) -> tuple[Holdings, tuple[str, ...]]:
    """Return the members of a table, heaviest first, and a sentence for each row that was lost.

    Cash, futures, rights and escrow are no loss: they are counted. A share without a ticker
    or without readable numbers is one.

    Raises:
        FeedError: garbled, if no row is a member.
    """
    counts: Counter[Reason] = Counter()
    lost = list(table.lost)
    found: dict[str, _Member] = {}
    for row in table.rows:
        judged = _judged(row)
        if isinstance(judged, Reason):
            counts[judged] += 1
            lost += _loss(row, judged, fund)
            continue
        known = found.get(judged.symbol)
        counts[Reason.DUPLICATE] += known is not None
        if known is None or judged.value > known.value:
            found[judged.symbol] = judged
    if not found:
        raise garbled(fund, "not one of its rows is a share")
    members = sorted(found.values(), key=lambda m: (-m.value, m.symbol))
    left_out = tuple((reason.value, counts[reason]) for reason in Reason if counts[reason])
    return _columns(members, table, fund, now, left_out), tuple(lost)


def _judged(row: Row) -> _Member | Reason:
    reason = _of_asset(row) or _of_share(row)
    if reason is not None:
        return reason
    if not row.ticker:
        return Reason.NAMELESS
    value, quantity, price = row.market_value, row.quantity, row.price
    if value is None or quantity is None or price is None or value <= 0 or quantity <= 0:
        return Reason.UNREADABLE
    return _Member(yahoo_of_ishares(row.ticker), row, value, quantity, price)


def _of_asset(row: Row) -> Reason | None:
    """Why an asset is no share at all."""
    kind = row.asset_class.lower()
    if kind == "equity":
        return None
    if kind.startswith(_CASH):
        return Reason.CASH
    return Reason.FUTURES if "future" in kind else Reason.OTHER


def _of_share(row: Row) -> Reason | None:
    """Why an equity row is no share of this market."""
    if row.currency not in {"", "USD"}:
        return Reason.ABROAD
    is_gone = row.price is not None and row.price < LEAST_PRICE
    is_unlisted = row.exchange.upper().startswith("NO MARKET")
    is_share = not row.ticker or _TICKER.fullmatch(row.ticker) is not None
    if is_gone or is_unlisted or not is_share or _CLAIM.search(row.name.upper()):
        return Reason.CLAIM
    return None


def _loss(row: Row, reason: Reason, fund: str) -> list[str]:
    if reason is Reason.NAMELESS:
        return [f"row {row.number} of {fund}'s holdings, {row.name}, was left out: no ticker"]
    if reason is Reason.UNREADABLE:
        why = "its value, quantity or price is missing"
        return [f"row {row.number} of {fund}'s holdings, {row.ticker}, was left out: {why}"]
    return []


def _columns(
    members: list[_Member],
    table: Table,
    fund: str,
    now: datetime,
    left_out: tuple[tuple[str, int], ...],
) -> Holdings:
    return Holdings(
        fund=fund,
        day=table.day,
        source="ishares",
        fetched_at=now,
        symbols=tuple(m.symbol for m in members),
        names=tuple(m.row.name for m in members),
        sectors=tuple(SECTORS.get(m.row.sector, m.row.sector) for m in members),
        market_value=doubles(m.value for m in members),
        quantity=doubles(m.quantity for m in members),
        price=doubles(m.price for m in members),
        shares_outstanding=table.shares_outstanding,
        left_out=left_out,
    )

"""Funds whose shares are counted, and a fund's past by day: how many there were, at which value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from market.fund_shares import FundDay
from market.quotes import Key

KEPT_DAYS = 400
"""Newest days of a history that are kept: a year of sums over twenty sessions, and some."""


class Issuer(StrEnum):
    """Who publishes a fund's counts; the name of its feed."""

    ISHARES = "ishares"
    SSGA = "ssga"


class Fund(msgspec.Struct, frozen=True):
    """A fund whose flows are looked at."""

    symbol: str
    group: str
    """What it stands for, in two words."""
    issuer: Issuer
    unit: float | None = 50_000.0
    """Shares in a creation unit; None where that is not known."""


FUNDS: tuple[Fund, ...] = (
    Fund("IWM", "Russell 2000", Issuer.ISHARES),
    Fund("IJR", "S&P 600", Issuer.ISHARES),
    Fund("SPSM", "S&P 600, SPDR", Issuer.SSGA),
    Fund("IWO", "R2000 Growth", Issuer.ISHARES),
    Fund("IWN", "R2000 Value", Issuer.ISHARES),
    Fund("IWC", "Micro-Cap", Issuer.ISHARES),
    Fund("IJT", "S&P 600 Growth", Issuer.ISHARES),
    Fund("IJS", "S&P 600 Value", Issuer.ISHARES),
    Fund("XBI", "Biotechnology", Issuer.SSGA),
    Fund("IBB", "Biotech, large", Issuer.ISHARES),
    Fund("IGV", "Software", Issuer.ISHARES),
    Fund("ARTY", "AI, technology", Issuer.ISHARES, None),
    Fund("XSD", "Semiconductors", Issuer.SSGA),
    Fund("KRE", "Regional banks", Issuer.SSGA),
    Fund("XHB", "Homebuilders", Issuer.SSGA),
    Fund("XRT", "Retail", Issuer.SSGA),
    Fund("XOP", "Oil & gas E&P", Issuer.SSGA),
    Fund("XAR", "Aerospace", Issuer.SSGA),
)
"""Small caps first, then themes: each of an issuer that tells counts without a key."""

BY_SYMBOL: Mapping[str, Fund] = {fund.symbol: fund for fund in FUNDS}


def funds_of(issuer: Issuer) -> frozenset[str]:
    """Return the symbols of one issuer's funds."""
    return frozenset(fund.symbol for fund in FUNDS if fund.issuer is issuer)


class FundHistory(msgspec.Struct, frozen=True, kw_only=True, weakref=True, tag="fund"):
    """A fund by day, oldest first, no day twice."""

    key: Key
    """`Kind.FUND` and the fund's symbol."""
    source: str
    fetched_at: datetime
    days: tuple[FundDay, ...]
    is_recorded: bool = False
    """Whether captop put it together itself, day by day, since the source tells no past."""


def joined_histories(known: FundHistory, news: FundHistory) -> FundHistory:
    """Return the newer answer with the days that only the older one told.

    A source's own past is whole by itself; what is recorded day by day grows, and what was
    known of one of its days stays known.
    """
    if not news.is_recorded:
        return news
    by_day = {each.day: each for each in known.days}
    for each in news.days:
        before = by_day.get(each.day)
        by_day[each.day] = each if before is None else _filled(each, before)
    days = tuple(by_day[day] for day in sorted(by_day))[-KEPT_DAYS:]
    return msgspec.structs.replace(news, days=days, is_recorded=known.is_recorded)


def _filled(newer: FundDay, older: FundDay) -> FundDay:
    """A count without a value keeps the one that was told before; so does a value its count."""
    return FundDay(
        newer.day,
        older.shares if newer.shares is None else newer.shares,
        older.nav if newer.nav is None else newer.nav,
        older.close if newer.close is None else newer.close,
    )

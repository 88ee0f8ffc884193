"""A share's split as Yahoo tells it: all prices before it at once by the new share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import cast

from market.sessions import exchange_date, next_session, session_of
from tests.exchange.listing import Json
from tests.exchange.members import SPLIT, price_factor
from tests.exchange.prices import stamp


def since_split(symbol: str, document: Json, now: datetime, anchor: date) -> Json:
    """Return an answer with all prices as they are told since the share was split."""
    factor = price_factor(symbol, exchange_date(now), anchor)
    return document if factor == 1.0 else cast("Json", _scaled(document, factor))


def splits(symbol: str, params: Mapping[str, str], now: datetime, anchor: date) -> Json:
    """Return the part of a chart that tells of a split, if there was one and it is asked for."""
    factor = price_factor(symbol, exchange_date(now), anchor)
    if factor == 1.0 or "split" not in params.get("events", ""):
        return {}
    at = stamp(session_of(next_session(anchor)).open)
    split = {"date": at, "numerator": SPLIT, "denominator": 1, "splitRatio": f"{SPLIT}:1"}
    return {"events": {"splits": {str(at): split}}}


def _scaled(document: object, factor: float, name: str = "") -> object:
    """Return a document with its prices multiplied and its shares divided."""
    match document:
        case dict():
            rows = cast("Json", document).items()
            return {key: _scaled(value, factor, key) for key, value in rows}
        case list():
            return [_scaled(value, factor, name) for value in cast("list[object]", document)]
        case int() | float() if _VOLUME.fullmatch(name):
            return round(document / factor)
        case int() | float() if _PRICE.fullmatch(name):
            return round(document * factor, 4)
        case _:
            return document


_VOLUME = re.compile(r"volume|regularMarketVolume|averageDailyVolume3Month")
_PRICE = re.compile(
    r"open|high|low|close|adjclose|previousClose|chartPreviousClose|fiftyTwoWeek(High|Low)"
    r"|(regular|pre|post)Market(Price|Change|PreviousClose|Open|DayHigh|DayLow)"
    r"|fiftyDayAverage|twoHundredDayAverage"
)

"""Of two answers about one symbol: which is kept, and what of the other still counts.

Merging is the same whichever answer is merged first: every field goes to the youngest answer
that told it. What an older answer alone told stays, with its time in `earlier`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from market.quotes import Bars, Details, ExtendedPrint, Quote
from market.sessions import bounds_of, exchange_date

Told = tuple[datetime, Any]
"""When a field was told, and its value."""

SEEN_WITHIN = timedelta(minutes=2)
"""A price of which it is only known when it was first seen may have been struck so long before."""
_OF_THE_SESSION = ("open", "high", "low", "volume", "reported_previous_close")
_OF_THE_SYMBOL = (
    "name",
    "currency",
    "quote_type",
    "exchange",
    "price_decimals",
    "week52_high",
    "week52_low",
    "average_volume",
    "average_50d",
    "average_200d",
    "market_cap",
    "volume",
)


def merged_quote(known: Quote, news: Quote) -> Quote:
    """Return the younger price, with what only the older one told of the same session."""
    older, newer = _by_age(known, news)
    extended = _newest_print(older, newer)
    if newer.as_of > older.as_of and not older.earlier and _is_complete(newer):
        return newer if newer.extended == extended else replace(newer, extended=extended)
    begin, end = bounds_of(exchange_date(newer.as_of))
    answers = [(answer, dict(answer.earlier)) for answer in (older, newer)]
    fields: dict[str, Told] = {}
    for field in _OF_THE_SESSION:
        told = [
            (at, value)
            for answer, earlier in answers
            if (value := getattr(answer, field)) is not None
            and begin <= (at := earlier.get(field, answer.as_of)) < end
        ]
        if told:
            fields[field] = max(told, key=_lower if field == "low" else _higher)
    return replace(newer, extended=extended, **_fields(_OF_THE_SESSION, fields, newer.as_of))


def younger_quote(one: Quote, other: Quote) -> Quote:
    """Return the one whose price counts."""
    return _by_age(one, other)[1]


def merged_details(known: Details, news: Details) -> Details:
    """Return the younger details, filled from the older; of one age the later answer counts."""
    is_younger = (news.as_of, news.source) >= (known.as_of, known.source)
    newer = news if is_younger else known
    day = exchange_date(newer.as_of)
    fields: dict[str, Told] = {}
    for field in _OF_THE_SYMBOL:
        told: Iterable[Told] = _told(field, news, known)
        if field == "volume":
            told = (t for t in told if exchange_date(t[0]) == day)
        if (best := max(told, key=_age, default=None)) is not None:
            fields[field] = best
    return replace(newer, **_fields(_OF_THE_SYMBOL, fields, newer.as_of))


def merged_bars(known: Bars, news: Bars) -> Bars:
    """Return the series with the newest price; of one age the longer, then the later answer.

    A single bar, as a session begins with, is no line yet: the session before stays until then.
    """
    return news if _bars_order(news) >= _bars_order(known) else known


def _bars_order(bars: Bars) -> tuple[bool, datetime, int]:
    return len(bars) > 1, bars.as_of, len(bars)


def _by_age(one: Quote, other: Quote) -> tuple[Quote, Quote]:
    """Return the older price and the newer one; nearly always their times alone decide."""
    ages = _struck(one), _struck(other)
    is_so = ages[0] < ages[1] if ages[0] != ages[1] else _quote_order(one) <= _quote_order(other)
    return (one, other) if is_so else (other, one)


def _quote_order(quote: Quote) -> tuple[datetime, int, str, float, bool]:
    """Order by age; of two of one instant the less delayed, then a fixed order, wins."""
    return _struck(quote), -quote.delay_s, quote.source, quote.last, not quote.is_first_seen


def _struck(quote: Quote) -> datetime:
    """Return the time by which a price is the younger or the older one."""
    return quote.as_of - SEEN_WITHIN if quote.is_first_seen else quote.as_of


def _is_complete(quote: Quote) -> bool:
    """Return whether an answer of one older instant can add nothing."""
    told = (quote.open, quote.high, quote.low, quote.volume, quote.reported_previous_close)
    return not quote.earlier and None not in told


def _newest_print(older: Quote, newer: Quote) -> ExtendedPrint | None:
    """Return the newest print outside the session, unless regular trading has gone on since."""
    if older.extended is newer.extended is None:
        return None
    prints = (q.extended for q in (older, newer) if q.extended is not None)
    newest = max(prints, key=lambda e: (e.as_of, e.phase, e.last), default=None)
    return newest if newest is not None and newest.as_of > _struck(newer) else None


def _told(field: str, *answers: Details) -> list[Told]:
    """Return when each answer was told a field, and its value, for those that have it."""
    return [
        (dict(answer.earlier).get(field, answer.as_of), value)
        for answer in answers
        if (value := getattr(answer, field)) not in {None, ""}
    ]


def _age(told: Told) -> datetime:
    return told[0]


def _higher(told: Told) -> Told:
    return told


def _lower(told: Told) -> Told:
    return told[0], -told[1]


def _fields(names: Iterable[str], told: dict[str, Told], as_of: datetime) -> dict[str, Any]:
    """Return the fields that were told, and which of them are older than the answer."""
    fields: dict[str, Any] = {name: told[name][1] for name in names if name in told}
    blank = {name: None for name in names if name not in told and name != "name"}
    earlier = tuple((name, told[name][0]) for name in fields if told[name][0] != as_of)
    return fields | blank | {"earlier": earlier}

"""The quote family: last, previous close, change, the session's prices, the pre/post print."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from datetime import datetime
from functools import partial

import msgspec
from msgspec.structs import replace

from market.metrics.closes import index_on
from market.metrics.price import previous_close
from market.metrics.readings import Function
from market.metrics.subject import Last, Subject, Unknown
from market.quotes import Bars, ExtendedPrint, Kind, Quote
from market.reports import Reading


def last_price(subject: Subject) -> Reading:
    """Return the newest regular-session price."""
    return subject.last.reading(subject.last.price)


def close_before(subject: Subject) -> Reading:
    """Return the previous close; as fresh as the price that it is the previous close of."""
    base, last = previous_close(subject), subject.last
    return Reading(base.close, last.as_of, base.source, last.delay_s, base.reason)


def change(subject: Subject) -> Reading:
    """Return last - previous close."""
    base = previous_close(subject)
    return subject.last.beside(subject.last.price - base.close, base.source, base.reason)


def from_open(subject: Subject) -> Reading:
    """Return last / the session's open - 1."""
    opened = session_value(subject, _OPEN).value
    return subject.last.reading(subject.last.price / opened - 1)


class Told(msgspec.Struct, frozen=True):
    """One number of a session."""

    value: float
    as_of: datetime
    """When the answer that told it was struck: it may be older than the last price."""

    def reading(
        self, subject: Subject, value: float, bars: Bars | None = None, reason: str = ""
    ) -> Reading:
        """Return a value made of it and of the last price's session."""
        return replace(subject.last.reading(value, bars, reason), as_of=self.as_of)


def _first(value: float, _last: float) -> float:
    return value


class _Field:
    """One number of a session: in the quote while it lasts, in the daily bars afterwards."""

    def __init__(
        self,
        name: str,
        of_quote: Callable[[Quote], float | None],
        of_bars: Callable[[Bars], array[float]],
        beside: Callable[[float, float], float] = _first,
    ) -> None:
        self.name = name
        self.of_quote = of_quote
        self.of_bars = of_bars
        self.beside = beside
        """What follows for the number from the last price, which may have been struck since."""


_OPEN = _Field("open", lambda quote: quote.open, lambda bars: bars.open)
_HIGH = _Field("high", lambda quote: quote.high, lambda bars: bars.high, max)
_LOW = _Field("low", lambda quote: quote.low, lambda bars: bars.low, min)
_VOLUME = _Field("volume", lambda quote: quote.volume, lambda bars: bars.volume)


def session_value(subject: Subject, wanted: _Field) -> Told:
    """Return one number of the last price's session; Unknown where no source gives it."""
    last, told = subject.last, _from_quote(subject, wanted)
    if told is not None and told.as_of >= last.as_of:
        return told
    value = _from_bars(subject, last, wanted)
    if value is not None and value > 0:
        return Told(value, last.as_of)
    if told is None:
        reason = subject.why_not(Kind.DETAILS)
        raise Unknown(reason or f"no source gives the session's {wanted.name}")
    return told


def _from_quote(subject: Subject, wanted: _Field) -> Told | None:
    last, quote = subject.last, subject.quote
    if quote is None or quote.as_of < last.as_of or (value := wanted.of_quote(quote)) is None:
        return None
    told = dict(quote.earlier).get(wanted.name, quote.as_of)
    # A session opens once: its open is no older for having been told long ago.
    as_of = last.as_of if wanted is _OPEN else min(told, last.as_of)
    return Told(wanted.beside(value, last.price), as_of)


def _from_bars(subject: Subject, last: Last, wanted: _Field) -> float | None:
    bars = subject.daily
    index = index_on(bars, last.day) if bars is not None else None
    if bars is None or index is None or len(wanted.of_bars(bars)) != len(bars):
        return None
    return wanted.of_bars(bars)[index]


def session_volume(subject: Subject) -> Told:
    """Return the shares traded in the session so far; Unknown for an index."""
    return session_value(subject, _VOLUME)


def session_high_low(subject: Subject) -> tuple[float, float]:
    """Return the session's high and low, or its last price where they are not known."""
    return _or_last(subject, _HIGH), _or_last(subject, _LOW)


def _or_last(subject: Subject, wanted: _Field) -> float:
    """Return one number of the session, or the last price."""
    try:
        return session_value(subject, wanted).value
    except Unknown:
        return subject.last.price


def _session_reading(wanted: _Field, subject: Subject) -> Reading:
    told = session_value(subject, wanted)
    return told.reading(subject, told.value)


def extended_print(subject: Subject) -> ExtendedPrint:
    """Return the pre- or post-market price that is younger than the regular one."""
    quote, last = subject.current(), subject.last
    printed = quote.extended
    if printed is None or printed.as_of <= last.as_of:
        raise Unknown("no trade outside regular hours since the last regular price")
    return printed


def extended_last(subject: Subject) -> Reading:
    """Return the newest price outside regular hours."""
    return _extended(subject, extended_print(subject).last)


def extended_return(subject: Subject) -> Reading:
    """Return the extended price / the last regular price - 1."""
    return _extended(subject, extended_print(subject).last / subject.last.price - 1)


def extended_phase(subject: Subject) -> Reading:
    """Return the word for when the extended price was struck."""
    return _extended(subject, extended_print(subject).phase.value)


def _extended(subject: Subject, value: float | str) -> Reading:
    quote = subject.current()
    return Reading(value, extended_print(subject).as_of, quote.source, quote.delay_s)


FUNCTIONS: dict[str, Function] = {
    "{slug}.last": last_price,
    "{slug}.previous_close": close_before,
    "{slug}.change": change,
    "{slug}.from_open": from_open,
    "{slug}.open": partial(_session_reading, _OPEN),
    "{slug}.high": partial(_session_reading, _HIGH),
    "{slug}.low": partial(_session_reading, _LOW),
    "{slug}.volume": partial(_session_reading, _VOLUME),
    "{slug}.extended.last": extended_last,
    "{slug}.extended.return": extended_return,
    "{slug}.extended.phase": extended_phase,
}

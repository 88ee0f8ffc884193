"""The figures beside a chart: its base, change, extremes and last price, as the cards say them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec

from market.quotes import Bars, Kind, Phase
from market.sessions import exchange_date, is_session, session_of
from market.snapshot import Snapshot
from widgets.bar_times import base_date, first_index, session_of_bars, with_today
from widgets.values import Value, number_of, value_of


class Extremes(msgspec.Struct, frozen=True):
    """Highest and lowest price of what a chart shows."""

    high: float
    low: float
    tag: str = ""
    """`pre` when no price of regular hours is among them yet."""


def base_of(snapshot: Snapshot, symbol: str, span: str, bars: Bars) -> float | None:
    """Return the price that a span's change is measured from.

    Bars of 1D that are younger than the last regular session are measured from its close, any
    other span from the close that its return starts from.
    """
    if span == "1D":
        slug = snapshot.cast[symbol].slug
        last = snapshot.reading(f"{slug}.last")
        is_older = last.as_of is not None and exchange_date(last.as_of) < _day_of(bars.times[-1])
        base = number_of(last if is_older else snapshot.reading(f"{slug}.previous_close"))
    else:
        base = _close_before(snapshot, symbol, span) or bars.close[0]
    return base if base is not None and base > 0 else None


def _close_before(snapshot: Snapshot, symbol: str, span: str) -> float | None:
    """Return the daily close a span starts from; None when the days known begin later."""
    daily = with_today(snapshot, symbol, snapshot.series(symbol, Kind.DAILY, Kind.CLOSES))
    if daily is None or not len(daily):
        return None
    if _day_of(daily.times[0]) > base_date(_day_of(daily.times[-1]), span):
        return None
    return daily.close[first_index(daily, span)]


def change_of(
    snapshot: Snapshot, symbol: str, span: str, last: float, base: float | None
) -> float | None:
    """Return what a symbol gained: the named return of that window where there is one.

    Of 1D that is without any print outside regular hours.
    """
    named = number_of(snapshot.reading(f"{snapshot.cast[symbol].slug}.return.{span.lower()}"))
    if named is not None or span == "1D":
        return named
    return last / base - 1.0 if base else None


def outside_of(snapshot: Snapshot, symbol: str, span: str) -> tuple[Value, str]:
    """Return the newest print outside regular hours as a return, and which hours it is of."""
    if span != "1D" or snapshot.session.phase is Phase.REGULAR:
        return Value(), ""
    slug = snapshot.cast[symbol].slug
    tag = snapshot.reading(f"{slug}.extended.phase").value
    found = value_of(snapshot, f"{slug}.extended.return")
    return found, tag if isinstance(tag, str) and found.known else ""


def end_price(snapshot: Snapshot, symbol: str, bars: Bars) -> float:
    """Return the price at the chart's end: the quote's own, so that no panel says two.

    The newest bar speaks where it is of hours that the quote knows nothing of.
    """
    reading = snapshot.reading(f"{snapshot.cast[symbol].slug}.last")
    last = number_of(reading)
    if last is None or reading.as_of is None or _is_beyond(bars.times[-1], reading.as_of):
        return bars.close[-1]
    return last


def _is_beyond(newest: int, struck: datetime) -> bool:
    """Return whether a bar is of a later day or later hours than a price of regular ones."""
    day = exchange_date(struck)
    if newest <= struck.timestamp() or _day_of(newest) < day:
        return False
    return _day_of(newest) > day or _is_after_close(newest)


def _is_after_close(instant: int) -> bool:
    day = _day_of(instant)
    return is_session(day) and instant >= session_of(day).close.timestamp()


def extremes_of(snapshot: Snapshot, symbol: str, span: str, bars: Bars) -> Extremes:
    """Return high and low; of 1D those of regular hours, which the quote knows best."""
    session = session_of_bars(bars) if span == "1D" else None
    if session is None:
        return _extremes(bars)
    start, stop = session.open.timestamp(), session.close.timestamp()
    inside = [i for i, t in enumerate(bars.times) if start <= t < stop]
    if not inside:
        return _extremes(bars, "pre" if bars.times[-1] < start else "post")
    slug = snapshot.cast[symbol].slug
    high, low = snapshot.reading(f"{slug}.high"), snapshot.reading(f"{slug}.low")
    found = _extremes(bars.between(inside[0], inside[-1] + 1))
    if high.as_of is None or exchange_date(high.as_of) != _day_of(bars.times[-1]):
        return found
    return Extremes(number_of(high) or found.high, number_of(low) or found.low)


def _extremes(bars: Bars, tag: str = "") -> Extremes:
    wide = bars.has_range
    return Extremes(
        max(bars.high if wide else bars.close), min(bars.low if wide else bars.close), tag
    )


def _day_of(instant: int) -> date:
    return exchange_date(datetime.fromtimestamp(instant, UTC))

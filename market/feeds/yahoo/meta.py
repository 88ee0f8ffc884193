"""What a chart's meta says: the last regular price, the symbol itself, its trading hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from math import log

from msgspec.structs import replace

from market.feeds.text import plain
from market.feeds.yahoo.series import SOURCE, Row, instant, price
from market.feeds.yahoo.wire import ChartMeta, Period, TradingPeriods
from market.quotes import Details, Quote
from market.sessions import exchange_date, is_session, session_of

FUTURES_DELAY_S = 600
"""CME prices without a licence are ten minutes old; a chart does not say so itself."""
ABROAD_DELAY_S = 900
"""Most exchanges outside the United States are held back by 15 or 20 minutes."""

ABSURD_LIMIT = log(20)
"""A last price so much further from its own newest bar, as a logarithm, is none."""

_REAL_TIME = frozenset({"CURRENCY", "CRYPTOCURRENCY", "MUTUALFUND"})
_WITHOUT_VOLUME = frozenset({"INDEX", "CURRENCY"})
_UNITED_STATES = frozenset({"America/New_York", "America/Chicago", "US/Eastern", "US/Central"})
_FUTURES_ENDINGS = ("=F", ".CBT", ".CME", ".CMX", ".NYM", ".NYB")


def on_united_states_time(meta: ChartMeta) -> bool:
    """Return whether the symbol trades in the United States, as far as the meta says."""
    return meta.exchange_timezone_name is None or meta.exchange_timezone_name in _UNITED_STATES


def delay_of(meta: ChartMeta) -> int:
    """Return the seconds by which prices of this symbol are held back."""
    kind = (meta.instrument_type or "").upper()
    if kind == "FUTURE":
        return FUTURES_DELAY_S
    if kind in _REAL_TIME or on_united_states_time(meta):
        return 0
    return ABROAD_DELAY_S


def delay_of_symbol(symbol: str) -> int:
    """Return the seconds by which prices are held back, by the symbol's spelling alone."""
    if symbol.endswith(_FUTURES_ENDINGS):
        return FUTURES_DELAY_S
    return ABROAD_DELAY_S if "." in symbol else 0


def quote_of(
    symbol: str, meta: ChartMeta, *, opened: float | None, is_one_day: bool
) -> Quote | None:
    """Return the last regular price, None where the meta names no price or no time.

    Args:
        symbol: As it was asked for; Yahoo may answer with an alias.
        meta: Of the chart.
        opened: The session's open, which only the bars know.
        is_one_day: Whether the chart is of the one day that the price belongs to: else its
            previous closes are those of another day.
    """
    last, as_of = price(meta.regular_market_price), instant(meta.regular_market_time)
    if last is None or as_of is None:
        return None
    previous = price(meta.previous_close) or price(meta.chart_previous_close)
    return Quote(
        symbol=symbol,
        last=last,
        as_of=as_of,
        source=SOURCE,
        delay_s=delay_of(meta),
        open=opened,
        high=price(meta.regular_market_day_high),
        low=price(meta.regular_market_day_low),
        volume=volume_of(meta.regular_market_volume, meta.instrument_type),
        reported_previous_close=previous if is_one_day else None,
    )


def without_absurd_price(
    meta: ChartMeta, rows: Sequence[Row], what: str
) -> tuple[ChartMeta, list[str]]:
    """Return a meta whose last price can be true beside its own bars, and what was left out.

    Args:
        meta: Of the chart.
        rows: Its bars, oldest first.
        what: What it is, for the sentence: "chart of IWM".
    """
    last = price(meta.regular_market_price)
    if last is None or not rows or abs(log(last) - log(rows[-1].close)) <= ABSURD_LIMIT:
        return meta, []
    why = f"the last price {last:,.10g} of Yahoo's {what} was left out: its bars are at"
    usable = replace(meta, regular_market_price=None)
    return usable, [f"{why} {rows[-1].close:,.10g}"]


def volume_of(value: float | None, instrument_type: str | None) -> float | None:
    """Return a session's volume: an index's or a currency's 0 means that there is none."""
    if value is None or value < 0:
        return None
    if value == 0 and (instrument_type or "").upper() in _WITHOUT_VOLUME:
        return None
    return value


def details_of(symbol: str, meta: ChartMeta, now: datetime) -> Details | None:
    """Return what the meta says of the symbol itself, None if it says nothing."""
    if meta.instrument_type is None and meta.long_name is None and meta.short_name is None:
        return None
    return Details(
        symbol=symbol,
        as_of=instant(meta.regular_market_time) or now,
        source=SOURCE,
        name=plain(meta.long_name or meta.short_name or ""),
        currency=label(meta.currency),
        quote_type=label(meta.instrument_type),
        exchange=label(meta.full_exchange_name),
        price_decimals=decimals(meta.price_hint),
        week52_high=price(meta.fifty_two_week_high),
        week52_low=price(meta.fifty_two_week_low),
        volume=volume_of(meta.regular_market_volume, meta.instrument_type),
    )


def label(text: str | None) -> str | None:
    """Return a short text, None where there is none."""
    return plain(text) or None if text is not None else None


def decimals(hint: int | None) -> int | None:
    """Return a usable number of decimals."""
    return hint if hint is not None and 0 <= hint <= 8 else None


def regular_period(meta: ChartMeta, newest: int | None) -> Period | None:
    """Return the regular hours of the day of the newest bar.

    `currentTradingPeriod` may already be the next day's, so it only counts when the bar lies
    in it; then the calendar of New York knows, for symbols that trade there.

    Args:
        meta: Of the chart.
        newest: Start of the newest bar, Unix seconds; None without bars.
    """
    periods = _listed(meta)
    if periods:
        return max(periods, key=lambda p: p.start)
    current = meta.current_trading_period
    if newest is None or current is None or current.regular is None:
        return None
    first = current.pre.start if current.pre else current.regular.start
    last = current.post.end if current.post else current.regular.end
    if first <= newest <= last:
        return current.regular
    return _xnys_hours(newest) if on_united_states_time(meta) else None


def _listed(meta: ChartMeta) -> list[Period]:
    listed = meta.trading_periods
    days = listed.regular if isinstance(listed, TradingPeriods) else listed
    return [period for day in days or () for period in day]


def _xnys_hours(time: int) -> Period | None:
    day = exchange_date(datetime.fromtimestamp(time, UTC))
    if not is_session(day):
        return None
    session = session_of(day)
    return Period(int(session.open.timestamp()), int(session.close.timestamp()))

"""v8/finance/chart: the bars of one symbol, and what its meta says of the price."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from market.feeds.feed import Query
from market.feeds.yahoo.days import TradingDays, days_of_chart
from market.feeds.yahoo.decoding import decode, fault_error, salvage
from market.feeds.yahoo.events import events_of
from market.feeds.yahoo.identity import other_symbol, renamed
from market.feeds.yahoo.meta import (
    delay_of,
    details_of,
    quote_of,
    regular_period,
    without_absurd_price,
)
from market.feeds.yahoo.plan import interval_of
from market.feeds.yahoo.series import (
    SOURCE,
    Row,
    bars_of,
    instant,
    newest_price_at,
    odd_ranges,
    off_grid,
    price,
    read_rows,
)
from market.feeds.yahoo.wire import ChartBody, ChartMeta, ChartResult, Period
from market.quotes import Bars, ExtendedPrint, Key, Kind, Phase, Quote
from market.reports import Absent, Arrived, ErrorKind, FeedError

_TELL_PRICES = frozenset({Kind.INTRADAY, Kind.DAILY})
"""What is asked for the price too. A chart over days is not: for some symbols another feed is
trusted more with the price, and nobody would renew this one."""


class _Chart(msgspec.Struct, frozen=True):
    """A decoded chart and the question it answers."""

    key: Key
    interval_s: int
    meta: ChartMeta
    rows: list[Row]
    events: msgspec.Raw
    days: TradingDays
    period: Period | None
    """Regular hours of the day of the newest bar."""

    @property
    def what(self) -> str:
        """What it is, for sentences."""
        return f"chart of {self.key.symbol}"


def parse_chart(query: Query, body: bytes, now: datetime) -> Arrived:
    """Return what a chart says of its one key: bars, a quote and details.

    Raises:
        FeedError: absent (unknown symbol), garbled (the body is not a chart).
    """
    chart, lost = _read(query, body, now)
    symbol = chart.key.symbol
    bars, lost_bars = _daily(chart, now) if _is_daily(chart) else _intraday(chart, now)
    is_shown = chart.key.kind is not Kind.PAST_BARS
    quote = _quote(chart, now) if chart.key.kind in _TELL_PRICES else None
    details = details_of(symbol, chart.meta, now) if is_shown else None
    is_empty = bars is None and (quote is None or _is_daily(chart))
    what = "daily bars" if _is_daily(chart) else "prices"
    return Arrived(
        feed=SOURCE,
        at=now,
        keys=query.keys,
        quotes=(quote,) if quote else (),
        details=(details,) if details else (),
        bars=(bars,) if bars else (),
        absent=(Absent(chart.key, f"Yahoo has no {what} of {symbol}"),) if is_empty else (),
        lost=(*lost, *lost_bars),
    )


def _read(query: Query, body: bytes, now: datetime) -> tuple[_Chart, list[str]]:
    key = query.keys[0]
    what = f"chart of {key.symbol}"
    result = _result(body, key.symbol, what)
    meta, lost = salvage(result.meta, ChartMeta, f"{what} (meta)")
    if other := other_symbol(meta.symbol, key.symbol):
        raise FeedError(ErrorKind.GARBLED, renamed(key.symbol, other))
    columns = next((c for c in result.indicators.quote if c is not None), None)
    rows, lost_rows = ([], []) if columns is None else read_rows(result.timestamp, columns, what)
    meta, lost_price = without_absurd_price(meta, rows, what)
    chart = _Chart(
        key,
        interval_of(query),
        meta,
        rows,
        result.events,
        days_of_chart(meta, now),
        regular_period(meta, rows[-1].time if rows else None),
    )
    return chart, [*lost, *lost_price, *lost_rows]


def _result(body: bytes, symbol: str, what: str) -> ChartResult:
    outcome = decode(body, ChartBody, what).chart
    if outcome.error is not None:
        raise fault_error(outcome.error, what, f"Yahoo knows no symbol {symbol}")
    if not outcome.result:
        raise FeedError(ErrorKind.ABSENT, f"Yahoo knows no symbol {symbol}")
    return outcome.result[0]


def _is_daily(chart: _Chart) -> bool:
    return chart.key.kind in {Kind.DAILY, Kind.PAST_BARS}


def _daily(chart: _Chart, now: datetime) -> tuple[Bars | None, list[str]]:
    rows = chart.days.complete(chart.rows)
    return _bars(chart, rows, chart.days.closed_at(rows[-1], now) if rows else now)


def _intraday(chart: _Chart, now: datetime) -> tuple[Bars | None, list[str]]:
    """Bars on the grid; the last trade that Yahoo puts behind them goes to the quote alone."""
    rows = [row for row in _without_last_trade(chart) if not off_grid(row, chart.interval_s)]
    if not rows:
        return None, []
    traded = instant(chart.meta.regular_market_time)
    return _bars(chart, rows, newest_price_at(rows[-1], chart.interval_s, traded, now))


def _without_last_trade(chart: _Chart) -> list[Row]:
    """Rows without a last one that only repeats the last regular trade, on the grid or off it."""
    traded, period = chart.meta.regular_market_time, chart.period
    if traded is None or not chart.rows or not chart.rows[-1].is_flat:
        return chart.rows
    time = chart.rows[-1].time
    holds_close = period is not None and period.end <= time <= traded < time + chart.interval_s
    return chart.rows[:-1] if time == traded or holds_close else chart.rows


def _bars(chart: _Chart, rows: list[Row], as_of: datetime) -> tuple[Bars | None, list[str]]:
    if not rows:
        return None, []
    dividends, splits, lost = events_of(chart.events, chart.what)
    bars = bars_of(chart.key, rows, chart.interval_s, as_of, dividends=dividends, splits=splits)
    return bars, [*lost, *odd_ranges(rows, chart.what)]


def _quote(chart: _Chart, now: datetime) -> Quote | None:
    is_one_day = not _is_daily(chart)
    quote = quote_of(
        chart.key.symbol,
        chart.meta,
        opened=_opened(chart),
        is_one_day=is_one_day and _is_under_way(chart),
    )
    if quote is None:
        quote = _last_trade(chart, now)
    if quote is None or not is_one_day:
        return quote
    return replace(quote, extended=_extended(chart, quote.as_of, now))


def _is_under_way(chart: _Chart) -> bool:
    """Whether the last price is of the day the chart shows: before the open it is not yet."""
    traded, period = chart.meta.regular_market_time, chart.period
    return traded is None or period is None or traded >= period.start


def _opened(chart: _Chart) -> float | None:
    """The open of the session that the last price belongs to, if the chart shows it."""
    traded, period = instant(chart.meta.regular_market_time), chart.period
    if traded is None or not chart.rows:
        return None
    if _is_daily(chart):
        newest = chart.rows[-1]
        same_day = chart.days.day(newest.time) == chart.days.day(int(traded.timestamp()))
        return price(newest.open) if same_day else None
    if period is None or not _is_under_way(chart):
        return None
    regular = (row for row in chart.rows if period.start <= row.time < period.end)
    first = next(regular, None)
    return price(first.open) if first is not None else None


def _last_trade(chart: _Chart, now: datetime) -> Quote | None:
    """The newest regular bar as a quote, for a chart whose meta names no price."""
    period = chart.period
    rows = [r for r in chart.rows if period is None or period.start <= r.time <= period.end]
    if not rows or _is_daily(chart):
        return None
    newest = rows[-1]
    step = 0 if off_grid(newest, chart.interval_s) else chart.interval_s
    return Quote(
        symbol=chart.key.symbol,
        last=newest.close,
        as_of=newest_price_at(newest, step, None, now),
        source=SOURCE,
        delay_s=delay_of(chart.meta),
    )


def _extended(chart: _Chart, traded: datetime, now: datetime) -> ExtendedPrint | None:
    """The newest bar as a print outside regular hours, if it is one and younger than `traded`."""
    period, rows = chart.period, _without_last_trade(chart)
    if period is None or not rows or chart.meta.has_pre_post_market_data is False:
        return None
    newest = rows[-1]
    if period.start <= newest.time < period.end:
        return None
    step = 0 if off_grid(newest, chart.interval_s) else chart.interval_s
    as_of = newest_price_at(newest, step, None, now)
    if as_of <= traded:
        return None
    phase = Phase.PRE if newest.time < period.start else Phase.POST
    return ExtendedPrint(phase, newest.close, as_of)

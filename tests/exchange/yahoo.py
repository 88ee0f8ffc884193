"""Bodies of Yahoo's chart, spark, quote and search answers, in the form of its wire."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from market.instruments import default_cast
from market.sessions import (
    Session,
    exchange_date,
    previous_session,
    session_of,
    session_on_or_before,
    sessions_between,
)
from tests.exchange.bars import Bar, grouped
from tests.exchange.listing import Json, match, trading_period
from tests.exchange.prices import Prices, last_trade, stamp
from tests.exchange.profiles import is_known, profile_of
from tests.exchange.splits import since_split, splits
from tests.exchange.yahoo_rows import Rows

INTERVALS = {
    "1m": 60, "2m": 120, "5m": 300, "15m": 900, "30m": 1800, "60m": 3600, "90m": 5400, "1h": 3600,
    "1d": 86_400,
}  # fmt: skip
_DAYS = {
    "1mo": 31,
    "3mo": 92,
    "6mo": 183,
    "1y": 366,
    "2y": 731,
    "5y": 1827,
    "10y": 1827,
    "max": 1827,
}
_SPARK_LIMIT = 20
_QUOTE_LIMIT = 250


class Yahoo:
    """Answers from one seed's prices. Every method gives a status and a JSON document."""

    def __init__(self, prices: Prices) -> None:
        self._prices = prices
        self._rows = Rows(prices)

    def chart(self, symbol: str, params: Mapping[str, str], now: datetime) -> tuple[int, object]:
        """Answer v8/finance/chart/{symbol}."""
        if not is_known(symbol) or symbol == "^RVX":
            return 404, _chart_error("Not Found", "No data found, symbol may be delisted")
        span, interval = params.get("range", "1d"), params.get("interval", "1d")
        if interval not in INTERVALS or span not in {"1d", "5d", "ytd", *_DAYS}:
            return 422, _chart_error("Unprocessable Entity", f"Invalid input - {interval} {span}")
        if INTERVALS[interval] < 3600 and span in {"3mo", "6mo", "1y", "2y", "5y", "10y", "max"}:
            text = f"{interval} data not available. The requested range must be within 60 days."
            return 422, _chart_error("Unprocessable Entity", text)
        extended = params.get("includePrePost", "false") == "true"
        result = self._chart(symbol, span, interval, now, extended=extended)
        if "div" in params.get("events", "") and interval == "1d":
            result |= _events(symbol, result)
        result |= splits(symbol, params, now, self._prices.closes.anchor)
        return 200, {"chart": {"result": [result], "error": None}}

    def _chart(
        self, symbol: str, span: str, interval: str, now: datetime, *, extended: bool
    ) -> Json:
        profile = profile_of(symbol)
        extended = extended and profile.has_extended
        days = _days(span, now, extended=extended)
        bars = self._bars(symbol, days, interval, now, extended=extended)
        meta = self._rows.meta(profile, now)
        meta["chartPreviousClose"] = self._prices.closes.before(symbol, days[0].day)
        if interval != "1d":
            meta |= self._intraday_meta(symbol, days, extended=extended)
        meta |= {"dataGranularity": interval, "range": span}
        result: Json = {"meta": meta}
        if bars:
            result["timestamp"] = [stamp(bar.start) for bar in bars]
        result["indicators"] = _indicators(bars, adjusted=interval == "1d")
        return self._since_split(symbol, result, now)

    def _bars(
        self, symbol: str, days: Sequence[Session], interval: str, now: datetime, *, extended: bool
    ) -> list[Bar]:
        if interval == "1d":
            return self._daily(symbol, days, now)
        return self._intraday(symbol, days, INTERVALS[interval], now, extended=extended)

    def _since_split(self, symbol: str, document: Json, now: datetime) -> Json:
        return since_split(symbol, document, now, self._prices.closes.anchor)

    def _intraday_meta(self, symbol: str, days: Sequence[Session], *, extended: bool) -> Json:
        periods = [trading_period(day) for day in days]
        regular = [[period["regular"]] for period in periods]
        by_phase = {name: [[p[name]] for p in periods] for name in ("pre", "post")}
        shown: object = {**by_phase, "regular": regular} if extended else regular
        previous = self._prices.closes.before(symbol, days[-1].day)
        return {"previousClose": previous, "scale": 3, "tradingPeriods": shown}

    def _daily(self, symbol: str, days: Sequence[Session], now: datetime) -> list[Bar]:
        bars = [self._prices.day_bar(symbol, day.day) for day in days if day.close <= now]
        if days[-1].close > now and (today := self._prices.day_so_far(symbol, now)) is not None:
            # An unfinished day is stamped with its open for some symbols, with "now" for others.
            start = now if symbol.startswith("^") else today.start
            bars.append(today._replace(start=start))
        return bars

    def _intraday(
        self, symbol: str, days: Sequence[Session], seconds: int, now: datetime, *, extended: bool
    ) -> list[Bar]:
        bars: list[Bar] = []
        for day in days:
            start, end = (day.pre_open, day.post_close) if extended else (day.open, day.close)
            minutes = self._prices.minute_bars(symbol, start, min(end, now))
            bars += grouped(minutes, seconds // 60)
        at = last_trade(symbol, now)
        if bars and at > bars[-1].start and (at <= days[-1].close or not extended):
            last = self._rows.last(symbol, at)
            bars.append(Bar(at, last, last, last, last, 0))
        return bars

    def spark(self, params: Mapping[str, str], now: datetime) -> tuple[int, object]:
        """Answer v8/finance/spark, in the form that is a mapping by symbol."""
        symbols = [s for s in params.get("symbols", "").split(",") if s]
        if not symbols or len(symbols) > _SPARK_LIMIT:
            return 400, {"spark": {"result": None, "error": {"code": "Bad Request"}}}
        span, interval = params.get("range", "1d"), params.get("interval", "5m")
        found: Json = {}
        for symbol in symbols:
            if is_known(symbol) and symbol != "^RVX":
                row = self._spark_row(symbol, span, interval, now)
                found[symbol] = self._since_split(symbol, row, now)
        return 200, found

    def _spark_row(self, symbol: str, span: str, interval: str, now: datetime) -> Json:
        days = _days(span, now, extended=False)
        bars = self._bars(symbol, days, interval, now, extended=False)
        last = None if interval == "1d" else self._prices.closes.before(symbol, days[-1].day)
        return {
            "symbol": symbol,
            "timestamp": [stamp(bar.start) for bar in bars],
            "close": [bar.close for bar in bars],
            "previousClose": last,
            "chartPreviousClose": self._prices.closes.before(symbol, days[0].day),
            "start": None,
            "end": None,
            "dataGranularity": 300,
        }

    def quote(self, params: Mapping[str, str], now: datetime) -> tuple[int, object]:
        """Answer v7/finance/quote to somebody whose crumb is right."""
        symbols = [s for s in params.get("symbols", "").split(",") if s]
        if len(symbols) > _QUOTE_LIMIT:
            error = {"code": "Bad Request", "description": "Too many symbols"}
            return 400, {"quoteResponse": {"result": None, "error": error}}
        wanted = {name for name in params.get("fields", "").split(",") if name}
        always = {"symbol", "quoteType", "language", "region", "marketState", "priceHint"}
        rows: list[Json] = []
        for symbol in symbols:
            if is_known(symbol) and symbol != "^RVX":
                row = self._since_split(symbol, self._rows.quote(profile_of(symbol), now), now)
                rows.append({k: v for k, v in row.items() if not wanted or k in wanted | always})
        return 200, {"quoteResponse": {"result": rows, "error": None}}

    def search(self, params: Mapping[str, str]) -> tuple[int, object]:
        """Answer v1/finance/search."""
        text = params.get("q", "").upper()
        known = [s for s in default_cast().by_symbol if s != "^RVX"]
        found = [s for s in known if text in s or text in profile_of(s).name.upper()]
        if is_known(text) and text not in found:
            found.insert(0, text)
        limit = int(params.get("quotesCount", "10"))
        rows = [match(profile_of(symbol)) for symbol in found[:limit]]
        return 200, {"explains": [], "count": len(rows), "quotes": rows, "news": []}


def _days(span: str, now: datetime, *, extended: bool) -> list[Session]:
    """Return the sessions that a range covers, the newest last."""
    last = session_of(session_on_or_before(exchange_date(now)))
    if now < (last.pre_open if extended else last.open):
        last = session_of(previous_session(last.day))
    if span in {"1d", "5d"}:
        days = [last.day]
        while len(days) < int(span[0]):
            days.append(previous_session(days[-1]))
        return [session_of(day) for day in reversed(days)]
    first = last.day - timedelta(days=_DAYS.get(span, 31))
    if span == "ytd":
        first = last.day.replace(month=1, day=1)
    return [session_of(day) for day in sessions_between(first, last.day)]


def _indicators(bars: Sequence[Bar], *, adjusted: bool) -> Json:
    if not bars:
        return {"quote": [{}]}
    columns = {
        "volume": [bar.volume for bar in bars],
        "low": [bar.low for bar in bars],
        "open": [bar.open for bar in bars],
        "high": [bar.high for bar in bars],
        "close": [bar.close for bar in bars],
    }
    if not adjusted:
        return {"quote": [columns]}
    return {"quote": [columns], "adjclose": [{"adjclose": [bar.close * 0.99 for bar in bars]}]}


def _events(symbol: str, result: Json) -> Json:
    """Return a dividend every 63 sessions for whatever pays one."""
    times = result.get("timestamp")
    if profile_of(symbol).quote_type not in {"ETF", "EQUITY"} or not isinstance(times, list):
        return {}
    dates = [at for i, at in enumerate(times) if i % 63 == 31]
    if not dates:
        return {}
    return {"events": {"dividends": {str(at): {"amount": 0.25, "date": at} for at in dates}}}


def _chart_error(code: str, text: str) -> Json:
    return {"chart": {"result": None, "error": {"code": code, "description": text}}}


def dump(document: object) -> bytes:
    """Return a document as Yahoo writes it: no blanks."""
    return json.dumps(document, separators=(",", ":")).encode()

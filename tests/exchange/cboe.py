"""Bodies of Cboe's delayed quotes, charts and daily history files, in the form of its wire."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from market.instruments import OPTIONED, default_cast
from market.sessions import (
    NEW_YORK,
    exchange_date,
    last_completed_session,
    session_of,
    session_on_or_before,
    sessions_between,
)
from tests.exchange.bars import Bar
from tests.exchange.cboe_options import options_file
from tests.exchange.prices import Prices, last_trade

DELAY = timedelta(seconds=900)
MARKS = re.compile("_UZ[FGHJKMNQUVXZ]")
"""Series of the VIX futures' closing marks."""
ONE_COLUMN = frozenset({"VVIX", "SKEW"})
"""Histories that have a close only."""


class Cboe:
    """Answers from one seed's prices; None where Cboe has no such file."""

    def __init__(self, prices: Prices) -> None:
        self._prices = prices
        cast = default_cast().by_symbol.values()
        self._symbols = {i.cboe.removeprefix("_"): i.symbol for i in cast if i.cboe}

    def quote(self, name: str, now: datetime) -> bytes | None:
        """Return the body of delayed_quotes/quotes/{name}.json, of one index or all."""
        symbol = self._symbols.get(name.removeprefix("_"))
        if name == "all_us_indices":
            rows = [self._quoted(each, now) for each in self._symbols.values()]
            return _dump({"timestamp": _file_time(now), "data": rows})
        if symbol is None:
            return None
        data = self._quoted(symbol, now)
        return _dump({"timestamp": _file_time(now), "data": data, "symbol": name})

    def _quoted(self, symbol: str, now: datetime) -> dict[str, object]:
        at = last_trade(symbol, now - DELAY)
        day = session_on_or_before(exchange_date(at))
        bar = self._prices.day_so_far(symbol, at) or self._prices.day_bar(symbol, day)
        change = round(bar.close - self._prices.closes.before(symbol, day), 4)
        return {
            "symbol": symbol,
            "security_type": "index",
            "current_price": bar.close,
            "price_change": change,
            # The real field divides by a close that rolls in the evening: it is not to be used.
            "price_change_percent": round(100 * change / bar.close, 4),
            "open": bar.open,
            "high": bar.high,
            "low": bar.low,
            "close": bar.close,
            "prev_day_close": bar.close,
            "volume": 0,
            "last_trade_time": at.astimezone(NEW_YORK).strftime("%Y-%m-%dT%H:%M:%S"),
        }

    def intraday(self, name: str, now: datetime) -> bytes | None:
        """Return the body of delayed_quotes/charts/intraday/{name}.json."""
        symbol = self._symbols.get(name.removeprefix("_"))
        if symbol is None:
            return None
        at = last_trade(symbol, now - DELAY)
        session = session_of(session_on_or_before(exchange_date(at)))
        minutes = self._prices.minute_bars(symbol, session.open, min(at, session.close))
        # A row is stamped with the minute it ends; there is none for 16:00.
        bars = [bar for bar in minutes if bar.start + timedelta(minutes=1) < session.close]
        bars = [bar for bar in bars if bar.start + timedelta(minutes=1) <= at]
        rows = [
            {
                "datetime": (bar.start + timedelta(minutes=1))
                .astimezone(NEW_YORK)
                .strftime("%Y-%m-%dT%H:%M:%S"),
                "sequence_number": number,
                "price": {"open": bar.open, "high": bar.high, "low": bar.low, "close": bar.close},
                "volume": {"stock_volume": 0, "total_options_volume": 0},
            }
            for number, bar in enumerate(bars, 1)
        ]
        if rows:
            # The first minute of an index is often all zero.
            rows[0]["price"] = {"open": 0, "high": 0, "low": 0, "close": 0}
        return _dump({"timestamp": _file_time(now), "symbol": name, "data": rows})

    def historical(self, name: str, now: datetime) -> bytes | None:
        """Return the body of delayed_quotes/charts/historical/{name}.json: prices as strings."""
        symbol = self._symbols.get(name.removeprefix("_"))
        if MARKS.fullmatch(name):
            rows = [daily_row(day, [bar.close + 1] * 4) for day, bar in self._history("^VIX", now)]
        elif symbol is not None:
            rows = [
                daily_row(day, [bar.open, bar.high, bar.low, bar.close])
                for day, bar in self._history(symbol, now)
            ]
        else:
            return None
        return _dump({"timestamp": _file_time(now), "data": rows, "symbol": name})

    def history_csv(self, name: str, now: datetime) -> bytes | None:
        """Return the body of us_indices/daily_prices/{name}_History.csv."""
        symbol = self._symbols.get(name)
        if symbol is None or name.startswith("_"):
            return None
        lines = [f"DATE,{name}" if name in ONE_COLUMN else "DATE,OPEN,HIGH,LOW,CLOSE"]
        for day, bar in self._history(symbol, now):
            values = (bar.close,) if name in ONE_COLUMN else bar[1:5]
            lines.append(",".join([f"{day:%m/%d/%Y}", *(f"{value:.6f}" for value in values)]))
        return ("\n".join(lines) + "\n").encode()

    def options(self, name: str, now: datetime) -> bytes | None:
        """Return the body of delayed_quotes/options/{name}.json."""
        symbol = name.replace("_", "^")
        if symbol not in OPTIONED:
            return None
        at = last_trade(symbol, now - DELAY)
        bar = self._prices.day_bar(symbol, session_on_or_before(exchange_date(at)))
        so_far = self._prices.day_so_far(symbol, at) or bar
        return options_file(name, so_far.close, at, now)

    def _history(self, symbol: str, now: datetime) -> Iterator[tuple[date, Bar]]:
        for day in sessions_between(self._prices.closes.first, last_completed_session(now)):
            yield day, self._prices.day_bar(symbol, day)


def daily_row(day: date, prices: Sequence[float]) -> dict[str, str]:
    """A row of a historical chart."""
    named = zip(("open", "high", "low", "close"), prices, strict=True)
    return {
        "date": day.isoformat(),
        "volume": "0.0",
        **{name: f"{value:.6f}" for name, value in named},
    }


def _file_time(now: datetime) -> str:
    return now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _dump(document: object) -> bytes:
    return json.dumps(document).encode()

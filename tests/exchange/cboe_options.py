"""Cboe's file of all options of one underlying, in the form of its wire."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from market.options import Expiry, Option
from market.sessions import NEW_YORK, exchange_date, session_of, session_on_or_before
from tests.market.chains import black

IV = 0.24
FRIDAYS = 7
YEAR_S = 365 * 86_400


def options_file(name: str, price: float, at: datetime, now: datetime) -> bytes:
    """Return the body of delayed_quotes/options/{name}.json.

    Args:
        name: _RUT or IWM.
        price: Of the underlying.
        at: When it was struck, and the options quoted.
        now: When it is asked for.
    """
    data = {
        "options": list(_rows(name, price, at)),
        "symbol": name.replace("_", "^"),
        "security_type": "index" if name.startswith("_") else "stock",
        "current_price": price,
        "close": price,
        "iv30": 100 * IV,
        "last_trade_time": at.astimezone(NEW_YORK).strftime("%Y-%m-%dT%H:%M:%S"),
    }
    stamp = now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    return json.dumps({"timestamp": stamp, "data": data, "symbol": name}).encode()


def _rows(name: str, price: float, at: datetime) -> Iterator[dict[str, object]]:
    bare = name.removeprefix("_")
    for friday in _fridays(exchange_date(at)):
        day = session_on_or_before(friday)
        is_monthly = bare != name and 15 <= friday.day <= 21
        for root in (bare, f"{bare}W") if is_monthly else (f"{bare}W" if bare != name else bare,):
            settles = session_of(day).open if root == bare != name else session_of(day).close
            expiry = _priced(price, (settles - at).total_seconds() / YEAR_S)
            for letter, options in (("C", expiry.calls), ("P", expiry.puts)):
                yield from (_row(f"{root}{day:%y%m%d}{letter}", option) for option in options)


def _fridays(today: date) -> list[date]:
    first = today + timedelta(days=(4 - today.weekday()) % 7)
    return [first + timedelta(days=7 * week) for week in range(FRIDAYS)]


def _priced(price: float, years: float) -> Expiry:
    step = price / 100
    return black(price, IV, max(years, 1e-4), [step * place for place in range(70, 126)])


def _row(spelt: str, option: Option) -> dict[str, object]:
    """A row as it stands on the wire; one that nobody bids for has no volatility."""
    is_dead = not option.bid
    return {
        "option": f"{spelt}{round(option.strike * 1000):08d}",
        "bid": option.bid,
        "bid_size": 0.0 if is_dead else 31.0,
        "ask": option.ask,
        "ask_size": 45.0,
        "iv": 0.0 if is_dead else option.iv,
        "open_interest": round(option.strike) % 97 * 10.0,
        "volume": round(option.strike) % 31 * 1.0,
        "delta": -999.0 if is_dead else option.delta,
        "gamma": 0.0,
        "theo": option.ask,
        "tick": "no_change",
        "last_trade_price": option.bid,
        "last_trade_time": "2026-07-24T15:13:49",
    }

"""What Yahoo says about a symbol apart from its prices: exchange, zone and trading periods."""

from __future__ import annotations

from datetime import datetime, timedelta

from market.quotes import Phase
from market.sessions import NEW_YORK, Session, session_state
from tests.exchange.prices import stamp
from tests.exchange.profiles import Profile

Json = dict[str, object]


def listing(profile: Profile) -> Json:
    """Return what an exchange says about a symbol it lists."""
    code, name = {
        "INDEX": ("WCB", "CBOE"),
        "FUTURE": ("CME", "CME"),
        "ETF": ("PCX", "NYSEArca"),
        "EQUITY": ("NMS", "NasdaqGS"),
    }[profile.quote_type]
    return {
        "currency": "USD",
        "symbol": profile.symbol,
        "exchangeName": code,
        "fullExchangeName": name,
        "instrumentType": profile.quote_type,
        "firstTradeDate": 959347800,
        "hasPrePostMarketData": profile.quote_type in {"ETF", "EQUITY"},
    }


def offset(at: datetime) -> dict[str, object]:
    """Return the zone fields of an instant."""
    local = at.astimezone(NEW_YORK)
    offset = local.utcoffset() or timedelta(0)
    return {"gmtoffset": int(offset.total_seconds()), "timezone": local.tzname() or "EST"}


def trading_period(session: Session) -> dict[str, Json]:
    """Return the three parts of a session."""

    def period(start: datetime, end: datetime) -> Json:
        return {**offset(session.open), "start": stamp(start), "end": stamp(end)}

    return {
        "pre": period(session.pre_open, session.open),
        "regular": period(session.open, session.close),
        "post": period(session.close, session.post_close),
    }


def market_state(now: datetime) -> str:
    """Return marketState of an instant."""
    state = session_state(now)
    words = {Phase.PRE: "PRE", Phase.REGULAR: "REGULAR", Phase.POST: "POST"}
    return words.get(state.phase, "CLOSED")


def match(profile: Profile) -> Json:
    """Return one row of a search answer."""
    listed = listing(profile)
    return {
        "exchange": listed["exchangeName"],
        "shortname": profile.name[:30],
        "quoteType": profile.quote_type,
        "symbol": profile.symbol,
        "index": "quotes",
        "score": 20000,
        "typeDisp": profile.quote_type,
        "longname": profile.name,
        "exchDisp": listed["fullExchangeName"],
        "isYahooFinance": True,
    }

"""The calendars of Nasdaq and ForexFactory, with the quirks they have."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from random import Random

from market.sessions import NEW_YORK, exchange_date, is_session
from tests.exchange.faults import Reply
from tests.exchange.members import members

JSON = "application/json; charset=utf-8"
NBSP = "&nbsp;"
_STATUS = {"rCode": 200, "bCodeMessage": None, "developerMessage": None}
_TIMES = ("time-pre-market", "time-after-hours", "time-not-supplied")

Row = dict[str, str]


class NasdaqCalendars:
    """Who reports on a day, and what is released on the day before the one asked for."""

    def answer(self, path: str, params: Mapping[str, str], now: datetime) -> Reply | None:
        """Return a calendar of the day in `date`."""
        try:
            day = date.fromisoformat(params.get("date", ""))
        except ValueError:
            return None
        match path:
            case "/calendar/earnings":
                return _rows([_report(place, day, now) for place in _places(day)], "Earnings")
            case "/calendar/economicevents":
                shown = day - timedelta(days=1)
                rows = [_event(line, now, shown) for line in EVENTS] if is_session(shown) else []
                return _rows(rows, "Economic Events")
            case _:
                return None


class ForexFactory:
    """The week's file and the next week's, without actuals."""

    def answer(self, path: str, params: Mapping[str, str], now: datetime) -> Reply | None:
        """Return a week's file."""
        del params
        weeks = {"/ff_calendar_thisweek.json": 0, "/ff_calendar_nextweek.json": 7}
        if path not in weeks:
            return None
        today = exchange_date(now)
        first = today - timedelta(days=(today.weekday() + 1) % 7 - weeks[path])
        days = (first + timedelta(days=n) for n in range(7))
        rows = [_line(line, day) for day in days if is_session(day) for line in SCHEDULE]
        body = json.dumps(rows, separators=(",", ":")).replace("/", "\\/")
        return Reply(200, body.encode(), "application/json")


EVENTS = (
    ("CPI", "08:30", "0.3%", "0.2%", "0.1%"),
    ("CPI", "08:30", "2.9%", "2.8%", "2.7%"),
    ("Initial Jobless Claims", "08:30", "221K", "225K", "219K"),
    ("Fed Waller Speaks", "18:30", "", "", ""),
)
"""Nasdaq's name, New York time, actual, consensus and previous."""
SCHEDULE = (
    ("CPI m/m", "08:30", "High", "0.2%", "0.1%"),
    ("CPI y/y", "08:30", "High", "2.8%", "2.7%"),
    ("Unemployment Claims", "08:30", "Medium", "225K", "219K"),
)
"""ForexFactory's name, New York time, impact, forecast and previous."""


def _places(day: date) -> list[int]:
    """The members that report on a day: nobody on a day without a session."""
    if not is_session(day):
        return []
    return sorted(Random(f"reports|{day}").sample(range(len(members())), 12))


def _report(place: int, day: date, now: datetime) -> Row:
    member, own = members()[place], Random(f"{place}|{day}")
    row = {
        "lastYearRptDt": "N/A",
        "lastYearEPS": "N/A",
        "time": own.choice(_TIMES),
        "symbol": member.in_nasdaq,
        "name": member.name,
        "marketCap": "$614,938,050",
        "fiscalQuarterEnding": f"{day:%b/%Y}",
        "epsForecast": own.choice(("$0.42", "($0.11)", "")),
        "noOfEsts": own.choice(("3", "1", "N/A")),
    }
    return row | {"eps": "$0.40", "surprise": "-4.76"} if day < exchange_date(now) else row


def _event(told: tuple[str, str, str, str, str], now: datetime, day: date) -> Row:
    name, at, actual, consensus, previous = told
    is_out = datetime.combine(day, time.fromisoformat(at), NEW_YORK) <= now
    return {
        "gmt": at,
        "country": "United States",
        "eventName": name,
        "actual": (actual or NBSP) if is_out else NBSP,
        "consensus": consensus or " ",
        "previous": previous or NBSP,
        "description": "",
    }


def _line(told: tuple[str, str, str, str, str], day: date) -> Row:
    title, at, impact, forecast, previous = told
    local = datetime.combine(day, time.fromisoformat(at), NEW_YORK)
    return {
        "title": title,
        "country": "USD",
        "date": local.isoformat(),
        "impact": impact,
        "forecast": forecast,
        "previous": previous,
    }


def _rows(rows: list[Row], what: str) -> Reply:
    """Return a table, or what Nasdaq says of a day of which it has none."""
    if rows:
        document: object = {"data": {"rows": rows}, "message": None, "status": _STATUS}
    else:
        reason = {"code": 1002, "errorMessage": f"{what} Calendar: No record found."}
        status = {**_STATUS, "bCodeMessage": [reason]}
        document = {"data": None, "message": None, "status": status}
    return Reply(200, json.dumps(document).encode(), JSON)

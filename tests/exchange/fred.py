"""FRED's fredgraph.csv: one column a series, an empty cell for what is missing, 404 as a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from market.publications import publications
from tests.exchange.faults import Reply
from tests.exchange.published import FIRST, observations

PAGE = b"<!DOCTYPE html><html><head><title>Error - St. Louis Fed</title></head></html>"


class Fred:
    """Answers about the series that are played."""

    def answer(self, path: str, params: Mapping[str, str], now: datetime) -> Reply | None:
        """Return the file of one series from the day asked for."""
        symbol = params.get("id", "")
        if path != "/graph/fredgraph.csv" or symbol not in publications():
            return Reply(404, PAGE, "text/html; charset=utf-8")
        since = date.fromisoformat(params.get("cosd", f"{FIRST}"))
        rows = (
            f"{day},{'' if value is None else value}\n"
            for day, value in observations(symbol, since, now)
        )
        body = f"observation_date,{symbol}\n{''.join(rows)}"
        return Reply(200, body.encode(), "application/csv")

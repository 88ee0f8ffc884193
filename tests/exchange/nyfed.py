"""The New York Fed's reference rates as JSON, newest first; the target range stands with EFFR."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime

from tests.exchange.faults import Reply
from tests.exchange.published import lower_bound, observations

_PATHS = {
    "/api/rates/unsecured/effr/search.json": "EFFR",
    "/api/rates/secured/sofr/search.json": "SOFR",
}


class NyFed:
    """Answers about EFFR and SOFR between two days."""

    def answer(self, path: str, params: Mapping[str, str], now: datetime) -> Reply | None:
        """Return the rates of a search; None to a path that is none of theirs."""
        rate = _PATHS.get(path)
        if rate is None:
            return None
        last = date.fromisoformat(params["endDate"])
        rows = [
            _row(rate, day, value)
            for day, value in observations(rate, date.fromisoformat(params["startDate"]), now)
            if value is not None and day <= last
        ]
        body = json.dumps({"refRates": rows[::-1]}).encode()
        return Reply(200, body, "application/json")


def _row(rate: str, day: date, value: float) -> dict[str, object]:
    row: dict[str, object] = {
        "effectiveDate": f"{day}",
        "type": rate,
        "percentRate": value,
        "percentPercentile1": round(value - 0.03, 2),
        "percentPercentile25": round(value - 0.01, 2),
        "percentPercentile75": value,
        "percentPercentile99": round(value + 0.02, 2),
    }
    if rate == "EFFR":
        low = lower_bound(day)
        row |= {"targetRateFrom": low, "targetRateTo": low + 0.25}
    return row | {"volumeInBillions": 114, "revisionIndicator": ""}

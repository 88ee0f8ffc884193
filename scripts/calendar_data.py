"""Write `market/xnys.json`: every weekday on which XNYS was or will be closed, and early closes.

Source: the exchange_calendars library. Run after each new release of it:
`uv run python scripts/calendar_data.py`.
"""

from __future__ import annotations

import json
from pathlib import Path

import exchange_calendars
import pandas as pd

FIRST, LAST = "1990-01-01", "2028-12-31"
COMMON_NAMES = {
    "Dr. Martin Luther King Jr. Day": "Martin Luther King Day",
    "President's Day": "Presidents' Day",
    "July 4th": "Independence Day",
    "Juneteenth National Independence Day": "Juneteenth",
}
TARGET = Path(__file__).parent.parent / "market" / "xnys.json"


def holiday_names(calendar: exchange_calendars.ExchangeCalendar) -> dict[str, str]:
    """Return ISO date -> name of each regular holiday."""
    holidays = calendar.regular_holidays
    if holidays is None:
        return {}
    named = holidays.holidays(FIRST, LAST, return_name=True)
    return {
        f"{day:%Y-%m-%d}": COMMON_NAMES.get(str(name), str(name)) for day, name in named.items()
    }


def main() -> None:
    """Generate the file."""
    calendar = exchange_calendars.get_calendar("XNYS", start=FIRST, end=LAST)
    weekdays = pd.bdate_range(FIRST, LAST)
    names = holiday_names(calendar)
    closed = [f"{day:%Y-%m-%d}" for day in weekdays.difference(calendar.sessions)]
    closes = calendar.closes.dt.tz_convert("America/New_York")
    data = {
        "source": f"exchange_calendars {exchange_calendars.__version__}",
        "generator": "scripts/calendar_data.py",
        "first": FIRST,
        "last": LAST,
        "closed": {day: names.get(day, "special closure") for day in closed},
        "early": {f"{day:%Y-%m-%d}": f"{closes[day]:%H:%M}:00" for day in calendar.early_closes},
    }
    TARGET.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""The Treasury's par yields: the table of a year, newest first, as CSV and as XML."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from tests.exchange.faults import Reply
from tests.exchange.published import observations

TENORS = {
    "DGS3MO": ("3 Mo", "BC_3MONTH"),
    "DGS2": ("2 Yr", "BC_2YEAR"),
    "DGS10": ("10 Yr", "BC_10YEAR"),
    "DGS30": ("30 Yr", "BC_30YEAR"),
}
_FEED = (
    '<?xml version="1.0" encoding="utf-8" standalone="yes" ?>'
    '<feed xmlns="http://www.w3.org/2005/Atom" '
    'xmlns:d="http://schemas.microsoft.com/ado/2007/08/dataservices" '
    'xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata">'
)


class Treasury:
    """Answers about one year."""

    def answer(self, path: str, params: Mapping[str, str], now: datetime) -> Reply | None:
        """Return a year's table in the form asked for; None to a path that is none of theirs."""
        year = int(params.get("field_tdr_date_value", "0"))
        if path == f"/daily-treasury-rates.csv/{year}/all":
            return Reply(200, _csv(_yields(year, now)), "text/csv; charset=utf-8")
        if path == "/pages/xml":
            return Reply(200, _xml(_yields(year, now)), "application/xml")
        return None


def _yields(year: int, now: datetime) -> list[tuple[date, dict[str, float]]]:
    rows: dict[date, dict[str, float]] = {}
    for symbol in TENORS:
        for day, value in observations(symbol, date(year, 1, 1), now):
            if value is not None and day.year == year:
                rows.setdefault(day, {})[symbol] = value
    return sorted(rows.items(), reverse=True)


def _csv(rows: list[tuple[date, dict[str, float]]]) -> bytes:
    titles = ",".join(f'"{title}"' for title, _ in TENORS.values())
    lines = [
        f"{day:%m/%d/%Y},{','.join(f'{told[symbol]:.2f}' for symbol in TENORS)}"
        for day, told in rows
    ]
    return "\n".join((f"Date,{titles}", *lines)).encode()


def _xml(rows: list[tuple[date, dict[str, float]]]) -> bytes:
    entries = (
        f'<entry><content type="application/xml"><m:properties>'
        f'<d:NEW_DATE m:type="Edm.DateTime">{day}T00:00:00</d:NEW_DATE>'
        + "".join(
            f'<d:{tag} m:type="Edm.Double">{told[symbol]:.2f}</d:{tag}>'
            for symbol, (_, tag) in TENORS.items()
        )
        + '<d:BC_1_5MONTH m:type="Edm.Double" m:null="true" /></m:properties></content></entry>'
        for day, told in rows
    )
    return f"{_FEED}{''.join(entries)}</feed>".encode()

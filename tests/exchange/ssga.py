"""State Street's answers: a workbook a fund, shares and values by day, newest first."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from xml.sax.saxutils import escape

from market.funds import Issuer, funds_of
from market.sessions import sessions_between
from tests.exchange.faults import Reply
from tests.exchange.ishares import newest_day
from tests.exchange.members import members

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROOT = "/library-content/products/fund-data/etfs/us/"
HOLDINGS, HISTORY = "holdings-daily-us-en-", "navhist-us-en-"
HELD = (("CRINETICS PHARMA", "CRNX", 1.5, 900_000.0), ("BIO-RAD LAB A", "BIO.B", 1.25, 10_000.0))
FIRST_DAY = date(2025, 6, 2)


class Ssga:
    """Answers about one fund."""

    def answer(self, path: str, params: Mapping[str, str], now: datetime) -> Reply | None:
        """Return a fund's workbook; None to a path that is none of theirs."""
        del params
        name = path.removeprefix(ROOT).removesuffix(".xlsx")
        fund = name.removeprefix(HOLDINGS).removeprefix(HISTORY).upper()
        if fund not in funds_of(Issuer.SSGA):
            return None
        if name.startswith(HOLDINGS):
            return Reply(200, holdings_of(fund, newest_day(now)), TYPE)
        return Reply(200, history_of(fund, counts(fund, newest_day(now))), TYPE)


def counts(fund: str, last: date) -> list[tuple[date, float, float]]:
    """Day, value and shares of a fund, oldest first: creations of whole units."""
    place = sum(map(ord, fund))
    rows: list[tuple[date, float, float]] = []
    shares = 50_000.0 * (400 + place)
    for n, day in enumerate(sessions_between(FIRST_DAY, last)):
        shares += 50_000 * ((n * (place % 7 + 3)) % 11 - 5)
        rows.append((day, round(90 + place % 40 + (n % 17) / 8, 4), shares))
    return rows


def history_of(fund: str, rows: Iterable[tuple[date, float, float]]) -> bytes:
    """A workbook as it comes over the wire."""
    table = [
        (f"{day:%d-%b-%Y}", value, count, round(value * count, 2))
        for day, value, count in sorted(rows, reverse=True)
    ]
    head = ("Date", "NAV", "Shares Outstanding", "Total Net Assets")
    names = (("Fund Name:", f"SPDR® {fund} & Co ETF"), ("Ticker Symbol:", fund))
    return workbook([*names, (), head, *table, (), ("Past performance is no guarantee.",)])


def holdings_of(fund: str, day: date) -> bytes:
    """Who a fund holds, as it comes over the wire: cash and a future among them."""
    columns = ("Name", "Ticker", "Identifier", "SEDOL", "Weight", "Sector", "Shares Held")
    names = (("Fund Name:", f"SPDR® {fund}"), ("Ticker Symbol:", fund))
    own = [(m.name, m.symbol, 1.0, 1e5) for m in members() if m.sector == "Health Care"]
    rows = [(n, ticker, "1", "2", weight, "-", held) for n, ticker, weight, held in (*HELD, *own)]
    cash = (
        ("US DOLLAR", "-", "CASH_USD", "-", 0.04, "-", 3e6),
        ("XAF FUT", "XAFU6", "3", "-", 0, "-", 9),
    )
    as_of = ("Holdings:", f"As of {day:%d-%b-%Y}")
    return workbook([*names, as_of, columns, *cash, *rows, (), ("Before investing ...",)])


def workbook(rows: Iterable[Sequence[str | float]]) -> bytes:
    """A workbook of one sheet; words are shared, as Excel keeps them."""
    shared: dict[str, int] = {}
    lines = "".join(_row(n, cells, shared) for n, cells in enumerate(rows, 1))
    strings = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in shared)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("xl/sharedStrings.xml", f"<sst>{strings}</sst>")
        file.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet><cols><col min="1" max="1"/></cols><sheetData>{lines}</sheetData>'
            "</worksheet>",
        )
    return packed.getvalue()


def _row(number: int, cells: Sequence[str | float], shared: dict[str, int]) -> str:
    inner = "".join(
        f'<c r="{"ABCDEFGH"[n]}{number}" t="s"><v>{shared.setdefault(cell, len(shared))}</v></c>'
        if isinstance(cell, str)
        else f'<c r="{"ABCDEFGH"[n]}{number}" s="19"><v>{cell!r}</v></c>'
        for n, cell in enumerate(cells)
    )
    return f'<row r="{number}">{inner}</row>' if cells else ""

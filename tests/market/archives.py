"""Pictures of what is kept of members, and the archive looked into."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

from msgspec.structs import replace

from market.archive import Archive
from market.instruments import TRACKER
from market.option_study import ChainStudy, ExpiryFigures, ExpiryRow, OptionStudy, PutCall
from market.published import Published
from market.quotes import Key, Kind
from market.reports import Restored
from market.snapshot import Snapshot
from market.studies import Studies
from tests.market.memberships import holdings, kept, known_in_full, listings, past, symbols

MEMBERS = symbols(30)
TUESDAY = date(2026, 6, 30)


def of_level(level: float) -> Snapshot:
    """A snapshot in which every price of a member is one number."""
    closes = [level] * 10
    return replace(
        known_in_full(MEMBERS),
        listings=listings(MEMBERS, last=level),
        past={symbol: kept(past(symbol, closes=closes)) for symbol in MEMBERS},
    )


def a_picture() -> Snapshot:
    """Everything the archive keeps: files, listings, pages, past, documents, options."""
    return replace(
        known_in_full(MEMBERS),
        holdings={
            TRACKER: replace(holdings(MEMBERS), shares_outstanding=2.7e8, left_out=(("cash", 5),)),
            "IGV": holdings(MEMBERS[:4], fund="IGV"),
        },
        earlier_holdings=(holdings(MEMBERS[1:], TUESDAY),),
        documents={document.key: document for document in (a_series("EFFR"), a_series("DGS2"))},
        studies=Studies(options=OptionStudy({s: a_study(s) for s in ("^RUT", "IWM")})),
    )


def a_study(symbol: str) -> ChainStudy:
    """What a chain of one expiry says."""
    at = datetime(2026, 7, 1, 13, tzinfo=UTC)
    figures = ExpiryFigures(settles=datetime(2026, 7, 17, 20, tzinfo=UTC), days=16, iv=0.2)
    contracts = PutCall(3.0, 2.0)
    return ChainStudy(
        symbol=symbol,
        price=300.0,
        as_of=at,
        fetched_at=at,
        source="cboe",
        delay_s=900,
        rows=(
            ExpiryRow(figures=figures, is_morning=False, volume=contracts, open_interest=contracts),
        ),
        volume=contracts,
        open_interest=contracts,
    )


def a_series(symbol: str) -> Published:
    """A published series of two days."""
    return Published(
        key=Key(Kind.PUBLISHED, symbol),
        source="fred",
        fetched_at=datetime(2026, 7, 1, 13, tzinfo=UTC),
        days=(date(2026, 6, 29), TUESDAY),
        values=(3.62, 3.63),
    )


def loaded(path: Path) -> Restored:
    archive = Archive(path)
    try:
        return archive.load()
    finally:
        archive.close()


def rows_of(path: Path) -> dict[str, int]:
    with sqlite3.connect(path) as raw:
        counts = dict(raw.execute("SELECT part, count(*) FROM rows GROUP BY part").fetchall())
    raw.close()
    return counts

"""Which session listings speak of: found in the known past, certain or not, or not at all."""

from __future__ import annotations

import gzip
from array import array
from datetime import UTC, date, datetime, timedelta
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from market.feeds.nasdaq_screener import read_listings
from market.metrics.columns import column
from market.metrics.listed_session import Closes, ListedSession, listed_session
from market.metrics.panel import Panel
from market.sessions import (
    next_session,
    previous_session,
    session_of,
    sessions_back,
    sessions_between,
)
from tests.shared import PAYLOADS, SHARED, needs_shared

NEWEST = date(2026, 8, 4)
BASE = previous_session(NEWEST)
COUNT, SESSIONS = 60, 300
TABLE = 50 * np.exp(np.cumsum(np.random.default_rng(7).normal(0, 0.02, (SESSIONS, COUNT)), axis=0))
NOTHING = np.full(COUNT, np.nan)


def panel_until(last: date, table: np.ndarray = TABLE, *, ends: date | None = None) -> Panel:
    """A past of these closes; after `ends` none is known."""
    days = tuple(sessions_between(sessions_back(last, len(table) - 1), last))
    closes = table.copy()
    closes[[ends is not None and day > ends for day in days]] = np.nan
    return Panel(
        symbols=tuple(map(str, range(table.shape[1]))),
        days=days,
        opened=array("q", (int(session_of(day).open.timestamp()) for day in days)),
        closes=closes,
        known=np.full(table.shape[1], float(len(days))),
    )


PANEL = panel_until(BASE)


@settings(max_examples=30)
@given(st.integers(0, SESSIONS - 1), st.lists(st.integers(0, COUNT - 1), max_size=25))
def test_it_is_the_one_after_the_closes_that_it_compares_with(row: int, odd: list[int]) -> None:
    previous = TABLE[row].copy()
    previous[odd] *= 2
    last = previous * 1.01
    assert listed_session(last, previous, PANEL, NEWEST) == ListedSession(
        next_session(PANEL.days[row])
    )


@pytest.mark.parametrize("row", [0, 150, SESSIONS - 1])
def test_without_changes_it_is_the_one_whose_closes_the_prices_are(row: int) -> None:
    found = listed_session(TABLE[row], NOTHING, PANEL, NEWEST)
    assert found == ListedSession(PANEL.days[row])


def test_what_fits_no_session_of_a_known_past_is_of_no_known_one() -> None:
    assert listed_session(TABLE[-1] * 1.4, TABLE[-1] * 1.3, PANEL, NEWEST) == ListedSession(None)


@pytest.mark.parametrize(
    ("unseen", "expected"),
    [(1, ListedSession(NEWEST)), (4, ListedSession(NEWEST, False)), (5, ListedSession(None))],
)
def test_a_past_that_ends_before_the_base_leaves_room_for_the_newest(
    unseen: int, expected: ListedSession
) -> None:
    past = panel_until(BASE, ends=sessions_back(BASE, unseen))
    assert listed_session(TABLE[-1] * 1.01, TABLE[-1], past, NEWEST) == expected


def test_without_witnesses_it_is_only_taken_for_the_newest() -> None:
    few = TABLE.copy()
    few[:, 49:] = np.nan
    found = listed_session(TABLE[9], TABLE[8], panel_until(BASE, few), NEWEST)
    assert found == ListedSession(NEWEST, is_certain=False)


@pytest.mark.parametrize("days", [1, 2])
def test_closes_of_a_fund_s_file_are_witnesses_before_there_is_a_past(days: int) -> None:
    """The first two answers: the file of the session before, and the screener."""
    empty = panel_until(BASE, np.full((5, COUNT), np.nan))
    file = Closes((sessions_back(NEWEST, days),), TABLE[-days][None, :])
    following = next_session(file.days[0])
    live = listed_session(TABLE[-days] * 1.01, TABLE[-days], empty, NEWEST, (file,))
    assert live == ListedSession(following)
    settled = listed_session(TABLE[-days], TABLE[-days] * 0.99, empty, NEWEST, (file,))
    assert settled == ListedSession(file.days[0])
    strange = listed_session(TABLE[3] * 1.1, TABLE[3], empty, NEWEST, (file,))
    # Of the closes that the newest session compares with, those of yesterday, it has none.
    assert strange == (ListedSession(None) if days == 1 else ListedSession(NEWEST, False))


def test_nothing_after_the_listings_were_first_seen_counts() -> None:
    seen = sessions_back(NEWEST, 20)
    found = listed_session(TABLE[-1], TABLE[-2], PANEL, seen)
    assert found == ListedSession(None)


@cache
def recorded(columns: int = 400) -> tuple[tuple[str, ...], tuple[date, ...], np.ndarray]:
    """The closes of real members, two and a half years of them."""
    path = SHARED / "history" / "panels" / "r2000_close_2024-01_2026-08.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        head, *lines = (line.split(",", columns + 1)[: columns + 1] for line in file)
    days = tuple(date.fromisoformat(line[0]) for line in lines)
    table = np.array([[float(cell or "nan") for cell in line[1:]] for line in lines])
    return tuple(head[1:]), days, table


@needs_shared
@pytest.mark.parametrize(
    "now", [datetime(2026, 8, 23, 15, tzinfo=UTC), datetime(2026, 11, 22, 15, tzinfo=UTC)]
)
def test_a_recorded_screener_is_of_its_own_day_whenever_it_is_served(now: datetime) -> None:
    """It was taken on Saturday 25 July 2026, so it is Friday's, and the bars end on 21 August."""
    symbols, days, table = recorded()
    path = PAYLOADS / "nasdaq" / "screener_stocks_download" / "all_us_2026-07-25.json.gz"
    lists, _ = read_listings(gzip.decompress(path.read_bytes()), now)
    at = {symbol: row for row, symbol in enumerate(lists.symbols)}
    rows = np.array([at.get(symbol, -1) for symbol in symbols])
    last, change = (
        np.where(rows >= 0, column(values)[rows], np.nan) for values in (lists.last, lists.change)
    )
    newest = max(day for day in sessions_between(days[-1], (now - timedelta(days=1)).date()))
    past = panel_until(days[-1], table)
    found = listed_session(last, last - change, past, newest)
    assert found == ListedSession(date(2026, 7, 24))
    strange = listed_session(last * 1.2, (last - change) * 1.2, past, newest)
    assert strange == ListedSession(None)

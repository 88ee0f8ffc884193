"""What is written in the simulated market: the same at the same moment, plausible, and text."""

from __future__ import annotations

from datetime import datetime, timedelta

from market.agenda import Halts
from market.documents import Document
from market.holdings import WHOLE_MARKET
from market.quotes import Key, Kind
from market.stories import Filings, Headlines, web_address
from market.wordings import form_in_words, items_in_words
from tests.clocks import THURSDAY_AFTERNOON as NOW
from tests.market.feeds.demo_asked import asked

SYMBOLS = ("CRDO", "ABCD", "WXYZ-A")
KEYS = [Key(kind, symbol) for symbol in SYMBOLS for kind in (Kind.FILINGS, Kind.HEADLINES)]


def documents_of(at: datetime, *keys: Key) -> list[Document]:
    """What the demo tells of some data at an instant."""
    return [document for key in keys for document in asked(at, key).arrived.documents]


def test_the_news_of_the_demo() -> None:
    told = documents_of(NOW, *KEYS)
    assert told == documents_of(NOW, *KEYS)
    filings = [row for each in told if isinstance(each, Filings) for row in each.rows]
    news = [row for each in told if isinstance(each, Headlines) for row in each.rows]
    assert len(filings) > 10
    assert len(news) > 30
    assert all(form_in_words(row.form) and row.filed_at <= NOW for row in filings)
    assert all(items_in_words(row.items) for row in filings if row.form == "8-K")
    assert all(row.at <= NOW and web_address(row.url) for row in news)
    titles = " ".join(row.title for row in news)
    assert "[bold red]" in titles
    assert "\x1b" not in titles


def test_halts_of_the_demo_come_and_go() -> None:
    (now,), (later,) = (
        documents_of(at, Key(Kind.HALTS, WHOLE_MARKET)) for at in (NOW, NOW + timedelta(hours=1))
    )
    assert isinstance(now, Halts)
    assert isinstance(later, Halts)
    assert {row.symbol for row in now.rows} <= {row.symbol for row in later.rows}
    assert any(row.is_on(NOW) for row in now.rows)
    assert all(row.halted_at <= NOW for row in now.rows)
    assert {row.code for row in later.rows} == {"T1", "LUDP"}

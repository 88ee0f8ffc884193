"""News of a symbol: rows, their order and addresses, reasons, marks; and who opens pages."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from market.agenda import Halt, Halts
from market.health import Look, Trouble
from market.metrics.compute import compute
from market.metrics.halts import KEY as HALTS
from market.metrics.halts import halted
from market.quotes import Key, Kind
from market.reading import Reading
from market.reports import ErrorKind
from market.snapshot import Snapshot, empty_snapshot
from market.stories import Filing, Filings, Headline, Headlines
from market.studies import Studies
from tests.clocks import THURSDAY_AFTERNOON as NOW
from tests.widgets.censuses import census, with_census
from tui.browsing import SystemBrowser, has_display
from widgets.board_model import Row
from widgets.marking import marker
from widgets.members_table import member_rows
from widgets.stories import story_freshness
from widgets.stories_rows import StoriesView, view_of
from widgets.watchlist_table import WatchRows, columns_for
from widgets.watchlist_view import list_view

SYMBOL = "CRDO"
FILED, WRITTEN = Key(Kind.FILINGS, SYMBOL), Key(Kind.HEADLINES, SYMBOL)
EMPTY = empty_snapshot(NOW)
HOUR = timedelta(hours=1)
RESULTS = Filing(
    form="8-K",
    items=("2.02", "9.01"),
    day=(NOW - 26 * HOUR).date(),
    filed_at=NOW - 26 * HOUR,
    url="https://www.sec.gov/a",
)
OLD = Filing(form="4", day=(NOW - 900 * HOUR).date(), filed_at=NOW - 900 * HOUR)
HOSTILE = Headline(
    title="[bold]x[/bold] \x1b[31my", at=NOW - HOUR, url="https://e.org/1", publisher="P"
)
KNOWN = replace(
    EMPTY,
    documents={
        FILED: Filings(key=FILED, source="sec", fetched_at=NOW, rows=(RESULTS, OLD)),
        WRITTEN: Headlines(
            key=WRITTEN,
            source="yahoo_rss",
            fetched_at=NOW - HOUR / 60,
            rows=(HOSTILE, replace(HOSTILE, at=NOW - 30 * HOUR, publisher="")),
        ),
    },
)


def words(row: Row) -> list[str]:
    return [cell.text for cell in row.cells]


def with_halts(snapshot: Snapshot, *symbols: str) -> Snapshot:
    rows = tuple(
        Halt(symbol=symbol, name="", code="T1", halted_at=NOW - HOUR) for symbol in symbols
    )
    over = Halt(
        symbol="OVER", name="", code="LUDP", halted_at=NOW - HOUR, resumed_at=NOW - HOUR / 2
    )
    told = Halts(key=HALTS, source="nasdaqtrader", fetched_at=NOW, rows=(*rows, over))
    known = replace(snapshot, documents={**snapshot.documents, HALTS: told})
    return replace(known, studies=Studies(halts=halted(known)))


def test_filings_and_headlines_are_one_list_newest_first() -> None:
    view = view_of(KNOWN, SYMBOL)
    assert [words(row) for row in view.rows] == [
        ["13:32", "news", "[bold]x[/bold] [31my", "P"],
        ["Wed", "8-K", "results", "SEC"],
        ["Wed 08:32", "news", "[bold]x[/bold] [31my", ""],
        ["26 May", "4", "insider's trade", "SEC"],
    ]
    assert len({row.key for row in view.rows}) == 4, "two stories may share an address"
    assert view.address(view.rows[1].key) == "https://www.sec.gov/a"
    assert view.address(view.rows[2].key) == "https://e.org/1"
    assert view.address(view.rows[3].key) == view.address(None) == ""
    assert view == view_of(KNOWN, SYMBOL)


def test_what_lies_ahead_stands_on_top() -> None:
    report = Reading("Thu 6 Aug, after the close", NOW, "nasdaq", reason="moved from Tue 4 Aug")
    known = replace(with_halts(KNOWN, SYMBOL), readings={"crdo.earnings.next": report})
    first, second, *_ = view_of(known, SYMBOL).rows
    assert words(first)[:3] == ["13:32", "halt", "halted: news pending"]
    assert words(second)[:3] == [
        "ahead",
        "earnings",
        "reports Thu 6 Aug, after the close, moved from Tue 4 Aug",
    ]
    assert not any(view_of(known, "OVER").rows), "that one trades again"


def test_why_there_is_nothing_is_said() -> None:
    assert view_of(EMPTY, SYMBOL) == StoriesView(empty="waiting for headlines")
    wish = "the SEC wants to know who asks: set feeds.sec.contact to your name and mail address"
    trouble = Trouble(ErrorKind.LIMITED, "Yahoo says no", "yahoo_rss", NOW)
    known = replace(EMPTY, absences={FILED: wish}, troubles={WRITTEN: trouble})
    filings, news = view_of(known, SYMBOL).rows
    assert filings.pinned
    assert filings.notes[0] == wish
    assert "set feeds.sec.contact" in filings.notes
    assert news.notes == ("Yahoo says no", "no headlines")
    quiet = replace(KNOWN.documents[WRITTEN], rows=())
    assert view_of(replace(EMPTY, documents={WRITTEN: quiet}), SYMBOL).empty.startswith("nothing")


def test_news_is_as_old_as_its_older_list() -> None:
    fresh = story_freshness(KNOWN, SYMBOL)
    assert (fresh.look, fresh.source) == (Look.LIVE, "yahoo_rss+sec")
    assert fresh.age == HOUR / 60
    assert story_freshness(KNOWN.at(NOW + 80 * HOUR), SYMBOL).look is Look.LATE
    assert story_freshness(EMPTY, SYMBOL).look is Look.ABSENT
    trouble = Trouble(ErrorKind.LIMITED, "no", "yahoo_rss", NOW)
    failing = replace(KNOWN, troubles={WRITTEN: trouble})
    assert story_freshness(failing, SYMBOL).look is Look.FAILING


def test_halted_stocks_are_marked_and_counted() -> None:
    counted = with_census(EMPTY, census())
    members = counted.census.members if counted.census is not None else None
    assert members is not None
    assert counted.census is not None
    known = with_halts(counted, members.symbols[1], "ELSE")
    rows = member_rows(counted.census, [0, 1], "1D", {}, halted=frozenset({members.symbols[1]}))
    assert [rows.row(n).cells[1].text for n in range(2)] == ["", "H"]
    view = list_view(known, ("ELSE", "OVER"))
    watched = WatchRows(known, ("ELSE", "OVER"), "1D", view, marker((), known))
    assert [row.cells[0].text for row in watched] == ["ELSE H", "OVER"]
    assert columns_for(view)[0].width == 6
    assert compute(known, frozenset({"^RUT"}))["halts.members"].value == 1.0
    waiting = compute(counted, frozenset({"^RUT"}))["halts.members"]
    assert (waiting.value, waiting.reason) == (None, "waiting for the list of halts")


@pytest.mark.parametrize(
    ("environ", "platform", "seen"),
    [
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "w"}, "linux", True),
        ({}, "linux", False),
        ({"DISPLAY": ":10", "SSH_CONNECTION": "1"}, "linux", False),
        ({}, "darwin", True),
        ({"SSH_TTY": "/dev/pts/1"}, "darwin", False),
    ],
)
def test_a_browser_opens_only_where_it_is_seen(
    environ: dict[str, str], platform: str, seen: bool
) -> None:
    assert has_display(environ, platform) is seen


async def test_the_browser_gets_the_address_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "told"
    script = tmp_path / "browser"
    script.write_text(f'#!/bin/sh\nprintf %s "$*" > {told}\n')
    script.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{script} %s")
    browser = SystemBrowser({"DISPLAY": ":0"}, "linux")
    assert not await browser.open("file:///etc/passwd")
    assert not await SystemBrowser({}, "linux").open("https://example.org/")
    assert not told.exists()
    if sys.platform == "win32":
        return
    assert await browser.open("https://example.org/?a=1;touch")
    assert told.read_text() == "https://example.org/?a=1;touch"

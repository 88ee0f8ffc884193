"""Rows of the health screen: what answers take, what may be asked, and how the loops do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from msgspec.structs import replace
from rich.cells import cell_len

from market.health import FeedHealth, Trouble
from market.loop_watch import Stall, Stalls
from market.reports import Budget, ErrorKind
from tests.clocks import THURSDAY_AFTERNOON as NOW
from tests.widgets.pictures import empty
from widgets.board_layout import seats
from widgets.feeds_rows import COLUMNS, board_of


def test_a_feed_tells_what_answers_take_what_is_left_to_ask_and_why_it_failed_last() -> None:
    took = tuple(timedelta(seconds=n) for n in (0.2, 3, 0.4))
    refusal = Trouble(ErrorKind.LIMITED, "too many", "cboe", NOW - timedelta(minutes=5))
    well = FeedHealth(
        "cboe", answers=3, refusals=1, took=took, last_refusal=refusal,
        budget=Budget(12, 30), budget_at=NOW,
    )  # fmt: skip
    rows, columns = board_of(replace(empty(), feeds={"cboe": well, "demo": FeedHealth("demo")}))
    of_cboe, of_demo = (
        {c.id: cell.text for c, cell in zip(columns, row.cells, strict=True)} for row in rows
    )
    named = ("state", "elapsed", "latency", "budget", "answers", "refusals")
    assert [of_cboe[n] for n in named] == ["● ok", "400 ms", "400 ms", "12/30", "3", "1"]
    assert of_cboe["reason"] == "last failed 14:27: too many"
    assert [of_demo[n] for n in named] == ["○ waiting", "—", "—", "—", "0", "0"]


def test_a_long_reason_leaves_room_for_what_may_be_asked_and_what_failed() -> None:
    long = "The New York Fed says there were too many requests"
    trouble = Trouble(ErrorKind.LIMITED, long, "nyfed", NOW, NOW + timedelta(minutes=2))
    feeds = {"nyfed": FeedHealth("nyfed", failing_since=NOW, trouble=trouble, refusals=3)}
    shown = {width: columns_at(width, feeds) for width in (198, 118, 78, 58)}
    assert len(shown[198]) == len(COLUMNS)
    assert {"ok", "since", "next", "budget", "refusals", "reason"} <= shown[118].keys()
    assert {"next", "reason"} <= shown[78].keys()
    assert {"next", "reason"} <= shown[58].keys()
    assert shown[198]["reason"] == len(long)


def columns_at(width: int, feeds: Mapping[str, FeedHealth]) -> dict[str, int]:
    """The columns of a table of that many cells, and theirs."""
    rows, columns = board_of(replace(empty(), feeds=feeds), width=width)
    told = zip(columns, *(row.cells for row in rows), strict=True)
    needs = [max(cell_len(each.title), *(cell_len(c.text) for c in cells)) for each, *cells in told]
    return {columns[seat.column].id: seat.width for seat in seats(columns, needs, (), width)}


def test_loops_are_counted_and_their_last_stalls_named_with_the_culprit() -> None:
    calm, _ = board_of(empty(), stalls=Stalls())
    assert [cell.text for cell in calm[0].cells[:2]] == ["loops", "● ok"]
    last = tuple(
        Stall(
            "engine",
            NOW - timedelta(seconds=n),
            timedelta(seconds=0.3 + n),
            timedelta(seconds=0.1),
            f"market.x {n}",
        )
        for n in range(9)
    )
    rows, columns = board_of(empty(), stalls=Stalls(12, last))
    told = [{c.id: cell.text for c, cell in zip(columns, r.cells, strict=True)} for r in rows]
    assert (told[0]["state"], told[0]["refusals"]) == ("12 stalls", "12")
    named = ("name", "state", "ok", "reason")
    assert [told[2][n] for n in named] == [
        "stall engine", "stood 1.3 s", "14:32:06", "market.x 1 (at work for 0.10 s)",
    ]  # fmt: skip
    assert len(rows) == 6, "the table is of feeds first"
    assert rows[1].key == "stall engine 12", "a row stays the same when others come"

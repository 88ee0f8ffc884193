"""The health screen: a stall is counted and named while one looks, at every size."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from market.health import FeedHealth, Trouble
from market.loop_watch import LoopWatch
from market.reports import Budget, ErrorKind
from tests.clocks import THURSDAY_AFTERNOON as NOW
from tests.tui.driving import lines_of, press
from tests.tui.fakes import FakeEngine, Stage, nothing_known
from widgets.feeds_table import FeedsPanel
from widgets.whole_reason import WholeReason


def known() -> FakeEngine:
    """A feed that answers and one that refuses."""
    took = (timedelta(seconds=0.2),) * 3
    refused = Trouble(ErrorKind.LIMITED, "too many requests", "cboe", NOW, NOW + timedelta(hours=1))
    feeds = {
        "yahoo": FeedHealth(
            "yahoo", last_ok=NOW, answers=3, took=took, budget=Budget(21, 30), budget_at=NOW
        ),
        "cboe": FeedHealth("cboe", failing_since=NOW, trouble=refused, refusals=2),
    }
    return FakeEngine(replace(nothing_known(), feeds=feeds))


def row_of(stage: Stage, name: str) -> list[str]:
    """The words of the row on screen that begins with a name."""
    lines = (line.strip("│▸ ").split() for line in lines_of(stage))
    return next((words for words in lines if words[: len(name.split())] == name.split()), [])


async def test_stalls_and_feeds_are_told_at_every_size() -> None:
    stage = Stage(known())
    clock = stage.clock
    watch = stage.app.desk.loop_watch = LoopWatch(clock, passed=clock.monotonic)
    turn = watch.new_turn("engine")
    async with stage.app.run_test(size=(200, 55)) as pilot:
        await press(pilot, "i")
        panel = stage.app.screen.query_one(FeedsPanel)
        assert panel.board.listing.order[0].key == "cboe", "what fails comes first"
        told = ["yahoo", "●", "ok", "14:32:07", "200", "ms", "200", "ms", "21/30", "3", "0"]
        assert row_of(stage, "yahoo") == told
        assert row_of(stage, "loops") == ["loops", "●", "ok", "0"]
        others = len(stage.app.desk.feeds) - 2
        title, border = lines_of(stage)[:2]
        assert "1/2 feeds" in title
        assert f"1/2 ok, {others} not asked yet" in border, "one count, and what it leaves out"
        watch.begin(turn)
        await stage.clock.push(0.4)
        watch.end(turn, rests=True)
        await stage.clock.push(1)
        stage.app.beat()
        for columns, lines in ((200, 55), (120, 34), (80, 24), (60, 16), (40, 12)):
            await pilot.resize_terminal(columns, lines)
            await pilot.pause()
            panel.board.end()
            await pilot.pause()
            assert row_of(stage, "loops")[:3] == ["loops", "1", "stall"], columns
            assert row_of(stage, "stall engine")[2:5] == ["stood", "0.4", "s"], columns
        assert panel.board.listing.key == "stall engine 1"
        whole = stage.app.screen.query_one(WholeReason)
        assert whole.region.height, "the culprit stands whole below a table without room for it"

"""What a pass says of itself while somebody waits: on a terminal alone, and not for good."""

from __future__ import annotations

import io
import sys
from threading import Event

import pytest
from msgspec.structs import replace

from market.health import FeedHealth
from market.snapshot import Snapshot, empty_snapshot
from tests.clocks import THURSDAY_AFTERNOON
from tui.pass_progress import in_words, told_progress

FEEDS = {name: FeedHealth(name, answers=6) for name in ("nasdaq", "yahoo")}
KNOWN = replace(empty_snapshot(THURSDAY_AFTERNOON), feeds=FEEDS)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_long_pass_tells_how_far_it_is_and_takes_it_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked, shown = Event(), Terminal()

    def latest() -> Snapshot:
        asked.set()
        return KNOWN

    monkeypatch.setattr("tui.pass_progress.QUIET_S", 0.0)
    monkeypatch.setattr(sys, "stderr", shown)
    with told_progress(latest, 60):
        assert asked.wait(10)
    assert shown.getvalue() == "\r\x1b[Kcaptop: 12 answers in 0 s, 60 s at most\r\x1b[K"


@pytest.mark.parametrize("stream", [io.StringIO(), None])
def test_nothing_is_told_where_nobody_waits(
    monkeypatch: pytest.MonkeyPatch, stream: io.StringIO | None
) -> None:
    monkeypatch.setattr("tui.pass_progress.QUIET_S", 0.0)
    monkeypatch.setattr(sys, "stderr", stream)
    with told_progress(lambda: KNOWN, 60):
        pass
    assert stream is None or not stream.getvalue()


def test_a_single_answer_is_one() -> None:
    one = replace(KNOWN, feeds={"yahoo": FeedHealth("yahoo", answers=1)})
    assert in_words(one, 8, 60) == "captop: 1 answer in 8 s, 60 s at most"

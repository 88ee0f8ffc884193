"""Wiring: the demo's instant, the cache, and what a broken one costs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.clock import WallClock
from market.quotes import Phase
from market.sessions import session_state
from market.snapshot import Mode
from tests.clocks import THURSDAY_AFTERNOON, ManualClock
from tests.exchange import feed_variables
from tui.demo_time import demo_clock, demo_start
from tui.settings import (
    CacheSettings,
    CboeSettings,
    FeedsSettings,
    Settings,
    YahooSettings,
    read_settings,
)
from tui.wiring import (
    cache_path,
    demo_engine,
    live_engine,
    live_feeds,
    live_streams,
)

START = datetime(2021, 1, 10, tzinfo=UTC)
INSTANTS = st.timedeltas(timedelta(0), timedelta(days=7 * 365)).map(lambda past: START + past)


@given(INSTANTS)
def test_a_demo_begins_in_a_market_at_work(now: datetime) -> None:
    begins = demo_start(now)
    assert begins <= now
    assert now - begins < timedelta(days=5)
    assert session_state(begins).phase is Phase.REGULAR
    assert begins == now or session_state(now).phase is not Phase.REGULAR


def test_a_demo_begins_where_it_is_told_and_stands_still_at_speed_0() -> None:
    clock = demo_clock(WallClock(), THURSDAY_AFTERNOON, 0)
    assert clock.now() == THURSDAY_AFTERNOON


def test_a_demo_keeps_nothing_on_disk(tmp_path: Path) -> None:
    settings = Settings(cache=CacheSettings(path=str(tmp_path)))
    engine = demo_engine(settings, ManualClock(), ["CRDO"], seed=1)
    assert engine.latest.mode is Mode.DEMO
    assert list(tmp_path.iterdir()) == []
    engine.stop()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("enabled", [True, False])
def test_the_cache_is_opened_where_the_settings_say(tmp_path: Path, *, enabled: bool) -> None:
    settings = Settings(cache=CacheSettings(path=str(tmp_path / "deep"), enabled=enabled))
    engine = live_engine(settings, ManualClock(), [])
    assert cache_path(settings).exists() is enabled
    assert engine.notices == []
    engine.stop()


@pytest.mark.parametrize(
    "feeds",
    [
        FeedsSettings(),
        FeedsSettings(cboe=CboeSettings(enabled=False)),
        FeedsSettings(cboe=CboeSettings(enabled=False), yahoo=YahooSettings(enabled=False)),
    ],
    ids=["all", "without_cboe", "neither"],
)
def test_the_feeds_that_are_made_are_those_the_settings_count(feeds: FeedsSettings) -> None:
    settings = Settings(feeds=feeds)
    streams = {stream.name for stream in live_streams(settings, ManualClock())}
    assert live_feeds(settings, ManualClock()).keys() | streams == set(feeds.enabled)


def test_a_cache_that_cannot_be_opened_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    environ = {"CAPTOP_CACHE__PATH": str(tmp_path / "file"), **feed_variables()}
    settings = read_settings(None, environ).settings
    engine = live_engine(settings, ManualClock(), [])
    assert len(engine.notices) == 1
    assert engine.notices[0].startswith("nothing is kept between runs (file exists): make room or")
    engine.run_once(0)
    engine.stop()
    assert len(engine.notices) == 1, "the members' file in the same folder is no second sentence"

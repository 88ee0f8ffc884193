"""Feeds made from the settings: each goes by its name, and none is made that is switched off.

That every feed has its line in FEEDS is held by tests/test_registries.py.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from benchmarks.programs import Household
from market.clock import WallClock
from tests.clocks import THURSDAY_AFTERNOON
from tests.end_to_end.program import surroundings
from tests.exchange import Exchange
from tests.exchange.server import SOURCES
from tui.settings import Settings, read_settings
from tui.wiring import live_feeds, live_streams

NAMES = tuple(live_feeds(Settings(), WallClock()))


def test_a_feed_goes_by_its_name_in_feeds() -> None:
    feeds = live_feeds(Settings(), WallClock())
    assert feeds
    assert all(feed.name == name for name, feed in feeds.items())


def test_a_feed_that_is_switched_off_is_not_made() -> None:
    names = set(live_feeds(Settings(), WallClock()))
    for name in names:
        environ = {"CAPTOP_CONFIG": "/nonexistent", f"CAPTOP_FEEDS__{name.upper()}__ENABLED": "0"}
        assert set(live_feeds(read_settings(None, environ).settings, WallClock())) == names - {name}


def test_a_program_under_test_asks_no_real_host(tmp_path: Path) -> None:
    idle = Exchange(now=THURSDAY_AFTERNOON, port=8900)
    household = Household(tmp_path, idle)
    for environ in (
        surroundings(tmp_path),
        surroundings(tmp_path, idle),
        household.environment(reachable=False),
        household.environment(reachable=True),
    ):
        feeds = read_settings(None, environ).settings.feeds
        names = (*NAMES, "yahoo_stream")
        hosts = {name: urlsplit(getattr(feeds, name).base_url).hostname for name in names}
        assert hosts == dict.fromkeys(names, "127.0.0.1")
        assert feeds.yahoo.alternate_url is None


def test_a_stream_is_made_as_the_settings_say() -> None:
    (stream,) = live_streams(Settings(), WallClock())
    assert stream.name == "yahoo_stream"
    environ = {"CAPTOP_CONFIG": "/nonexistent", "CAPTOP_FEEDS__YAHOO_STREAM__ENABLED": "0"}
    assert live_streams(read_settings(None, environ).settings, WallClock()) == ()


def test_where_another_server_stands_in_yahoo_s_own_stream_is_left_alone() -> None:
    environ = {
        "CAPTOP_CONFIG": "/nonexistent",
        "CAPTOP_FEEDS__YAHOO__BASE_URL": "http://127.0.0.1:9",
    }
    assert live_streams(read_settings(None, environ).settings, WallClock()) == ()
    environ["CAPTOP_FEEDS__YAHOO_STREAM__BASE_URL"] = "ws://127.0.0.1:9"
    assert live_streams(read_settings(None, environ).settings, WallClock()) != ()


@pytest.mark.parametrize("name", NAMES)
def test_every_feed_is_played_by_the_local_server(name: str) -> None:
    assert name in SOURCES, f"tests/exchange does not play {name}: add it to SOURCES"

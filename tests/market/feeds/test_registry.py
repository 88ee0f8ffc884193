"""Feeds made from the settings: each goes by its name, and none is made that is switched off.

That every feed has its line in FEEDS is held by tests/test_registries.py.
"""

from __future__ import annotations

from market.clock import WallClock
from tui.settings import Settings, load_settings
from tui.wiring import live_feeds


def test_a_feed_goes_by_its_name_in_feeds() -> None:
    feeds = live_feeds(Settings(), WallClock())
    assert feeds
    assert all(feed.name == name for name, feed in feeds.items())


def test_a_feed_that_is_switched_off_is_not_made() -> None:
    names = set(live_feeds(Settings(), WallClock()))
    for name in names:
        environ = {"CAPTOP_CONFIG": "/nonexistent", f"CAPTOP_FEEDS__{name.upper()}__ENABLED": "0"}
        assert set(live_feeds(load_settings(None, environ), WallClock())) == names - {name}

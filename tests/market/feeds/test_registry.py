"""FEEDS names every source: a feed file that nobody listed is named here."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

from market.clock import WallClock
from market.feeds.demo import DemoFeed
from market.instruments import Role, default_cast
from tui.settings import Settings, load_settings
from tui.wiring import live_feeds

FEED_METHODS = ("serves", "plan", "host", "fetch", "parse", "aclose")


def feed_classes() -> Iterator[type]:
    package = importlib.import_module("market.feeds")
    for module in pkgutil.walk_packages(package.__path__, "market.feeds."):
        for _, found in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            is_own = found.__module__ == module.name and not getattr(found, "_is_protocol", False)
            if is_own and all(hasattr(found, name) for name in FEED_METHODS):
                yield found


def test_every_feed_file_has_its_line_in_feeds() -> None:
    made = {type(feed) for feed in live_feeds(Settings(), WallClock()).values()}
    forgotten = {found.__name__ for found in feed_classes()} - {f.__name__ for f in made}
    assert forgotten == {DemoFeed.__name__}, "add a line to FEEDS in market/feeds/__init__.py"


def test_a_feed_goes_by_its_name_in_feeds_and_in_the_cast() -> None:
    feeds = live_feeds(Settings(), WallClock())
    assert all(feed.name == name for name, feed in feeds.items())
    cast = default_cast()
    assert {source for i in cast.of(*Role) for source in i.sources} <= set(feeds)


def test_a_feed_that_is_switched_off_is_not_made() -> None:
    names = set(live_feeds(Settings(), WallClock()))
    for name in names:
        environ = {"CAPTOP_CONFIG": "/nonexistent", f"CAPTOP_FEEDS__{name.upper()}__ENABLED": "0"}
        assert set(live_feeds(load_settings(None, environ), WallClock())) == names - {name}

"""Feeds: one source a file, one polling loop for all. FEEDS names every source of live data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from market.clock import Clock
    from market.feeds.feed import Feed
    from market.feeds.http import Http
    from market.instruments import Cast


class Addresses(Protocol):
    """Where a feed is asked."""

    @property
    def enabled(self) -> bool:
        """Whether it is asked at all."""
        ...

    @property
    def base_url(self) -> str:
        """Where its paths begin."""
        ...


class YahooAddresses(Addresses, Protocol):
    """Where Yahoo is asked."""

    @property
    def alternate_url(self) -> str | None:
        """A second host with the same paths."""
        ...

    @property
    def is_own_server(self) -> bool:
        """Whether another server stands in, which then serves cookies and pages as well."""
        ...


class FeedsConfig(Protocol):
    """What feeds need to know of the settings."""

    @property
    def yahoo(self) -> YahooAddresses:
        """Yahoo Finance."""
        ...

    @property
    def cboe(self) -> Addresses:
        """Cboe."""
        ...

    @property
    def ishares(self) -> Addresses:
        """What iShares' funds hold."""
        ...

    @property
    def nasdaq(self) -> Addresses:
        """Nasdaq's screener of all stocks."""
        ...


FeedMaker = Callable[[FeedsConfig, "Http", "Cast", "Clock"], "Feed | None"]
"""Makes a feed, or None where the settings switch it off."""


def _yahoo(config: FeedsConfig, http: Http, cast: Cast, clock: Clock) -> Feed | None:
    from market.feeds.yahoo import YahooFeed

    yahoo = config.yahoo
    if not yahoo.enabled:
        return None
    if not yahoo.is_own_server:
        return YahooFeed(http, alternate_url=yahoo.alternate_url, cast=cast, clock=clock)
    return YahooFeed(
        http,
        base_url=yahoo.base_url,
        alternate_url=yahoo.alternate_url,
        cookie_url=yahoo.base_url,
        page_url=yahoo.base_url,
        cast=cast,
        clock=clock,
    )


def _cboe(config: FeedsConfig, http: Http, cast: Cast, _: Clock) -> Feed | None:
    from market.feeds.cboe import CboeFeed

    if not config.cboe.enabled:
        return None
    return CboeFeed(http, base_url=config.cboe.base_url, cast=cast)


def _ishares(config: FeedsConfig, http: Http, _: Cast, __: Clock) -> Feed | None:
    from market.feeds.ishares import IsharesFeed

    if not config.ishares.enabled:
        return None
    return IsharesFeed(http, base_url=config.ishares.base_url)


def _nasdaq(config: FeedsConfig, http: Http, _: Cast, __: Clock) -> Feed | None:
    from market.feeds.nasdaq import NasdaqFeed

    if not config.nasdaq.enabled:
        return None
    return NasdaqFeed(http, base_url=config.nasdaq.base_url)


FEEDS: Mapping[str, FeedMaker] = {
    "yahoo": _yahoo,
    "cboe": _cboe,
    "ishares": _ishares,
    "nasdaq": _nasdaq,
}
"""Every source of live data by name; the modules are imported when a feed is made."""

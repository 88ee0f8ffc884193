"""Feeds: one source a file, one polling loop for all. FEEDS names every source of live data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from market.clock import Clock
    from market.feeds.feed import Feed
    from market.feeds.http import Http
    from market.feeds.stream import Stream
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


class SecAddresses(Addresses, Protocol):
    """Where the SEC is asked, and in whose name."""

    @property
    def files_url(self) -> str:
        """Where its list of companies is."""
        ...

    @property
    def contact(self) -> str | None:
        """Who asks; None while nobody has said so, and then it is not asked."""
        ...


class StreamAddresses(Addresses, Protocol):
    """Where a stream is listened to."""

    @property
    def connections(self) -> int:
        """The most connections at once."""
        ...


class FeedsConfig(Protocol):
    """What feeds need to know of the settings."""

    @property
    def timeout_s(self) -> float:
        """Seconds until an unanswered request is given up."""
        ...

    @property
    def yahoo(self) -> YahooAddresses:
        """Yahoo Finance."""
        ...

    @property
    def yahoo_stream(self) -> StreamAddresses:
        """Yahoo's stream of prices."""
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
        """Nasdaq's screener of all stocks, and its calendars."""
        ...

    @property
    def forexfactory(self) -> Addresses:
        """ForexFactory's calendar of economic releases."""
        ...

    @property
    def fred(self) -> Addresses:
        """The St. Louis Fed's collection of series."""
        ...

    @property
    def nyfed(self) -> Addresses:
        """The New York Fed's reference rates."""
        ...

    @property
    def treasury(self) -> Addresses:
        """The Treasury's par yields."""
        ...

    @property
    def sec(self) -> SecAddresses:
        """The SEC's list of filings by company."""
        ...

    @property
    def yahoo_rss(self) -> Addresses:
        """Yahoo's headlines."""
        ...

    @property
    def nasdaq_rss(self) -> Addresses:
        """Nasdaq's headlines."""
        ...

    @property
    def nasdaqtrader(self) -> Addresses:
        """Nasdaq Trader's list of trading halts."""
        ...

    @property
    def ssga(self) -> Addresses:
        """State Street's funds: their shares by day."""
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


def _forexfactory(config: FeedsConfig, http: Http, _: Cast, clock: Clock) -> Feed | None:
    from market.feeds.forexfactory import ForexFactoryFeed

    if not config.forexfactory.enabled:
        return None
    return ForexFactoryFeed(http, base_url=config.forexfactory.base_url, clock=clock)


def _fred(config: FeedsConfig, http: Http, _: Cast, clock: Clock) -> Feed | None:
    from market.feeds.fred import FredFeed

    if not config.fred.enabled:
        return None
    return FredFeed(http, base_url=config.fred.base_url, clock=clock)


def _nyfed(config: FeedsConfig, http: Http, _: Cast, clock: Clock) -> Feed | None:
    from market.feeds.nyfed import NyFedFeed

    if not config.nyfed.enabled:
        return None
    return NyFedFeed(http, base_url=config.nyfed.base_url, clock=clock)


def _treasury(config: FeedsConfig, http: Http, _: Cast, clock: Clock) -> Feed | None:
    from market.feeds.treasury import TreasuryFeed

    if not config.treasury.enabled:
        return None
    return TreasuryFeed(http, base_url=config.treasury.base_url, clock=clock)


def _ssga(config: FeedsConfig, http: Http, _: Cast, __: Clock) -> Feed | None:
    from market.feeds.ssga import SsgaFeed

    if not config.ssga.enabled:
        return None
    return SsgaFeed(http, base_url=config.ssga.base_url)


def _sec(config: FeedsConfig, http: Http, _: Cast, clock: Clock) -> Feed | None:
    from market.feeds.sec import SecFeed

    sec = config.sec
    if not sec.enabled or sec.contact is None:
        return None
    return SecFeed(
        http, contact=sec.contact, base_url=sec.base_url, files_url=sec.files_url, clock=clock
    )


def _yahoo_rss(config: FeedsConfig, http: Http, _: Cast, __: Clock) -> Feed | None:
    from market.feeds.headlines import YahooHeadlines

    if not config.yahoo_rss.enabled:
        return None
    return YahooHeadlines(http, base_url=config.yahoo_rss.base_url)


def _nasdaq_rss(config: FeedsConfig, http: Http, _: Cast, __: Clock) -> Feed | None:
    from market.feeds.headlines import NasdaqHeadlines

    if not config.nasdaq_rss.enabled:
        return None
    return NasdaqHeadlines(http, base_url=config.nasdaq_rss.base_url)


def _nasdaqtrader(config: FeedsConfig, http: Http, _: Cast, __: Clock) -> Feed | None:
    from market.feeds.nasdaqtrader import NasdaqTraderFeed

    if not config.nasdaqtrader.enabled:
        return None
    return NasdaqTraderFeed(http, base_url=config.nasdaqtrader.base_url)


FEEDS: Mapping[str, FeedMaker] = {
    "yahoo": _yahoo,
    "cboe": _cboe,
    "ishares": _ishares,
    "nasdaq": _nasdaq,
    "forexfactory": _forexfactory,
    "fred": _fred,
    "nyfed": _nyfed,
    "treasury": _treasury,
    "sec": _sec,
    "yahoo_rss": _yahoo_rss,
    "nasdaq_rss": _nasdaq_rss,
    "nasdaqtrader": _nasdaqtrader,
    "ssga": _ssga,
}
"""Every source of live data by name; the modules are imported when a feed is made."""


StreamMaker = Callable[[FeedsConfig, "Clock"], "Stream | None"]
"""Makes a stream, or None where the settings switch it off."""


def _yahoo_stream(config: FeedsConfig, clock: Clock) -> Stream | None:
    from market.feeds.yahoo_stream import YahooStream

    stream = config.yahoo_stream
    if not stream.enabled:
        return None
    return YahooStream(
        base_url=stream.base_url,
        connections=stream.connections,
        timeout_s=config.timeout_s,
        clock=clock,
    )


STREAMS: Mapping[str, StreamMaker] = {"yahoo_stream": _yahoo_stream}
"""Every source that tells prices by itself, by name."""

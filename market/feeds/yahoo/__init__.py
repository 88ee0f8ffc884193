"""Yahoo Finance: charts, sparklines, quotes and search, without a key."""

from market.feeds.yahoo.feed import YahooFeed

__all__ = ["YahooFeed"]

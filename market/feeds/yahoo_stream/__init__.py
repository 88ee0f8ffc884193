"""Yahoo's stream of prices: ticks as they happen, over a web socket and without a key."""

from market.feeds.yahoo_stream.feed import YahooStream

__all__ = ["YahooStream"]

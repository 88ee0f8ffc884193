"""iShares: what its funds hold, day by day, without a key."""

from market.feeds.ishares.feed import IsharesFeed

__all__ = ["IsharesFeed"]

"""What the tests of FRED, New York Fed and Treasury share: answers in turn, and reading them."""

from __future__ import annotations

from datetime import UTC, datetime

from market.feeds.feed import Answer, Feed
from market.feeds.http import Response
from market.published import Published
from market.quotes import Key, Kind
from market.reports import Arrived, FeedError
from tests.clocks import ManualClock
from tests.market.feeds.scripted_http import Reply, ScriptedHttp

NOW = datetime(2026, 8, 4, 18, 32, tzinfo=UTC)
"""Tuesday 4 August 2026, 14:32 in New York."""
WEB_PAGE = b"<!DOCTYPE html><html><head><title>Error</title></head></html>"


def key(symbol: str) -> Key:
    """The name of a published series."""
    return Key(Kind.PUBLISHED, symbol)


def in_turn(*answers: bytes | int | FeedError) -> ScriptedHttp:
    """A client with one answer after another: a body, the status of a page, or a failure."""
    left = iter(answers)
    return ScriptedHttp(lambda request: _reply(next(left), request.url))


def _reply(answer: bytes | int | FeedError, url: str) -> Reply:
    if isinstance(answer, FeedError):
        return answer
    status, body = (answer, WEB_PAGE) if isinstance(answer, int) else (200, answer)
    return Response(status, body, "", {}, url)


def parsed(feed: Feed, body: bytes, *symbols: str, now: datetime = NOW) -> Arrived:
    """Understand a body as the answer about some series."""
    (query,) = feed.plan([key(symbol) for symbol in symbols])
    return feed.parse(query, Answer(body), now)


def series(arrived: Arrived, symbol: str) -> Published:
    """The one series of a report with this name."""
    (found,) = (each for each in arrived.documents if each.key == key(symbol))
    assert isinstance(found, Published)
    return found


def clock(now: datetime = NOW) -> ManualClock:
    """A clock that stands at an instant."""
    return ManualClock(now)

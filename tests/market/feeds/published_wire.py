"""What the tests of FRED, New York Fed and Treasury share: feeds by script, and their answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from market.feeds.feed import Answer, Feed
from market.feeds.http import Request, Response
from market.published import Published
from market.quotes import Key, Kind
from market.reports import Arrived, FeedError
from tests.clocks import ManualClock

NOW = datetime(2026, 8, 4, 18, 32, tzinfo=UTC)
"""Tuesday 4 August 2026, 14:32 in New York."""
WEB_PAGE = b"<!DOCTYPE html><html><head><title>Error</title></head></html>"


def key(symbol: str) -> Key:
    """The name of a published series."""
    return Key(Kind.PUBLISHED, symbol)


@dataclass
class Script:
    """Stands in for `Http`: notes every request and gives the answers in their order."""

    answers: Sequence[bytes | int | FeedError] = ()
    asked: list[Request] = field(default_factory=list[Request])
    spend: Callable[[str], None] = lambda host: None

    async def send(self, request: Request) -> Response:
        answer = self.answers[len(self.asked)]
        self.asked.append(request)
        if isinstance(answer, FeedError):
            raise answer
        status, body = (answer, WEB_PAGE) if isinstance(answer, int) else (200, answer)
        return Response(status, body, "", {}, request.url)

    async def aclose(self) -> None:
        """Nothing is open."""


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

"""A client that answers feeds by script."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from market.feeds.http import Request, Response
from market.reports import FeedError

Reply = Response | FeedError
Script = Callable[[Request], Reply]


def path_of(request: Request) -> str:
    """The path of a request's address."""
    return urlsplit(request.url).path


class ScriptedHttp:
    """Stands in for `Http`: notes every request and answers by script."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.asked: list[Request] = []
        self.paid: list[str] = []
        """Hosts of the requests beyond the first of a query."""
        self.spend: Callable[[str], None] = self.paid.append
        self.closed = False

    async def send(self, request: Request) -> Response:
        assert request.follow
        assert not request.headers or "Accept" in request.headers
        if request.is_extra:
            self.spend(urlsplit(request.url).netloc)
        self.asked.append(request)
        answer = self.script(request)
        if isinstance(answer, FeedError):
            raise answer
        return answer

    async def aclose(self) -> None:
        self.closed = True

    def paths(self) -> list[str]:
        """The path of each request."""
        return [path_of(request) for request in self.asked]


def always(answer: Reply) -> ScriptedHttp:
    """A client that has one answer to everything."""
    return ScriptedHttp(lambda request: answer)

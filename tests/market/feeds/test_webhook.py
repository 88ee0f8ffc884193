"""Alerts by a webhook: what is posted, and what of it a header may hold."""

from __future__ import annotations

from collections.abc import Callable
from email.header import decode_header, make_header

import pytest

from market.alerts.couriers import CourierError
from market.feeds.http import Http, Request, Response
from market.feeds.webhook import WebhookCourier
from tests.clocks import THURSDAY_AFTERNOON
from tests.exchange import Exchange
from tests.market.alerts.written_alerts import event_of

URL = "https://ntfy.example/topic?auth=secret"


class Post:
    """Answers with one status, and remembers what was asked."""

    def __init__(self, status: int = 200) -> None:
        self.spend: Callable[[str], None] = lambda host: None
        self.status = status
        self.requests: list[Request] = []
        self.closed = False

    async def send(self, request: Request) -> Response:
        self.requests.append(request)
        return Response(self.status, b"", "text/plain", {}, request.url)

    async def aclose(self) -> None:
        self.closed = True


async def test_the_message_is_the_body_and_its_title_a_header() -> None:
    post = Post()
    courier = WebhookCourier(post, URL)
    await courier.tell(event_of())
    (request,) = post.requests
    assert (request.method, request.url, request.body) == ("POST", URL, b"vix.last is 21.00")
    assert request.headers["Title"] == "VIX above 20"
    await courier.aclose()
    assert post.closed


async def test_a_title_beyond_ascii_is_encoded_and_has_one_line() -> None:
    post = Post()
    await WebhookCourier(post, URL).tell(event_of(title="Ölpreis ≥ 80\r\nX: y", text=""))
    title = post.requests[0].headers["Title"]
    assert title.isascii()
    assert "\n" not in title
    assert str(make_header(decode_header(title))) == "Ölpreis ≥ 80  X: y"
    assert post.requests[0].body == "Ölpreis ≥ 80\r\nX: y".encode()


async def test_a_refusal_is_told_without_the_address() -> None:
    with pytest.raises(CourierError, match="HTTP 403") as refused:
        await WebhookCourier(Post(403), URL).tell(event_of())
    assert "secret" not in str(refused.value)


async def test_a_real_socket_takes_the_body() -> None:
    with Exchange(now=THURSDAY_AFTERNOON) as exchange:
        http = Http(timeout_s=5, impersonate=False, user_agent="captop")
        courier = WebhookCourier(http, f"{exchange.url}/nowhere")
        with pytest.raises(CourierError, match="no such data"):
            await courier.tell(event_of())
        await courier.aclose()

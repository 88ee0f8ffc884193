"""Alerts by a webhook in the manner of ntfy: the message is the body, its title a header."""

from __future__ import annotations

from email.header import Header

from market.alerts.alert import Channel
from market.alerts.couriers import CourierError, headline
from market.alerts.events import AlertEvent
from market.feeds.http import Asker, Request, check
from market.reports import FeedError


class WebhookCourier:
    """Posts events to one address."""

    channel = Channel.WEBHOOK

    def __init__(self, http: Asker, url: str) -> None:
        """Post to an address, whose query may hold a token."""
        self._http = http
        self._url = url

    async def tell(self, event: AlertEvent) -> None:
        """Post an event; CourierError unless it is taken."""
        request = Request(
            self._url,
            method="POST",
            headers={"Title": _in_header(headline(event)), "Content-Type": "text/plain"},
            body=(event.text or headline(event)).encode(),
        )
        try:
            check(await self._http.send(request))
        except FeedError as error:
            raise CourierError(error.text) from None

    async def aclose(self) -> None:
        """Close the connection."""
        await self._http.aclose()


def _in_header(text: str) -> str:
    """Return a text as a header may hold it: what is not ASCII is encoded (RFC 2047)."""
    line = "".join(c if c.isprintable() else " " for c in text)
    return line if line.isascii() else Header(line, "utf-8", maxlinelen=10_000).encode()

"""Curl behind httpx, resting between requests. Only where `captop[impersonate]` is installed."""

from __future__ import annotations

import asyncio

from curl_cffi import AsyncCurl, CurlHttpVersion, CurlOpt
from curl_cffi.aio import CURL_POLL_NONE, CURL_SOCKET_TIMEOUT
from httpx_curl_cffi import AsyncCurlTransport

SAFEGUARD_S = 5.0
"""Seconds between two looks for a signal that curl has not given."""


class RestingCurl(AsyncCurl):
    """Curl's loop, which else wakes up ten times a second, whether anything is asked or not."""

    async def _force_timeout(self) -> None:
        while True:
            await asyncio.sleep(SAFEGUARD_S)
            self.socket_action(CURL_SOCKET_TIMEOUT, CURL_POLL_NONE)


class CurlTransport(AsyncCurlTransport):
    """A transport that greets as Chrome, with a loop of its own; to be made on the engine's.

    Curl hands over bodies still packed, so that `market.feeds.inflate` can stop a body that
    unpacks to more than it should; curl itself ends one that is too large on the wire or
    takes too long, since its handle outlives a cancelled request.
    """

    def __init__(self, *, timeout_s: float, connect_s: float, max_bytes: int) -> None:
        self._curl = RestingCurl()
        super().__init__(
            async_curl=self._curl,
            impersonate="chrome",
            default_headers=True,
            curl_options={
                CurlOpt.HTTP_CONTENT_DECODING: 0,
                CurlOpt.TIMEOUT_MS: max(1, int(timeout_s * 1000)),
                CurlOpt.CONNECTTIMEOUT_MS: max(1, int(connect_s * 1000)),
                CurlOpt.MAXFILESIZE_LARGE: max_bytes,
                # HTTP/2 where TLS agrees on it, never by asking a plain server to upgrade.
                CurlOpt.HTTP_VERSION: CurlHttpVersion.V2TLS,
            },
        )

    async def aclose(self) -> None:
        """Close all connections and end the loop."""
        await super().aclose()
        await self._curl.close()

"""The optional transport that greets servers as a browser does (extra `captop[impersonate]`).

Some addresses are refused by the fingerprint of their TLS greeting; curl_cffi greets like
Chrome. Nothing here is needed: without the extra, plain httpx is used.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import TYPE_CHECKING
from urllib.request import getproxies

if TYPE_CHECKING:
    import httpx

NO_NAME = 6
"""libcurl's CURLE_COULDNT_RESOLVE_HOST."""
UNSAFE = frozenset({35, 60})
"""libcurl's CURLE_SSL_CONNECT_ERROR and CURLE_PEER_FAILED_VERIFICATION."""
TIMED_OUT = 28
"""libcurl's CURLE_OPERATION_TIMEDOUT."""
TOO_LARGE = 63
"""libcurl's CURLE_FILESIZE_EXCEEDED."""


def is_installed() -> bool:
    """Return whether the extra is there, without importing it."""
    return find_spec("httpx_curl_cffi") is not None and find_spec("curl_cffi") is not None


def is_usable() -> bool:
    """Return whether the extra is there and no proxy is configured, which only httpx follows."""
    return is_installed() and not {"http", "https", "all"} & getproxies().keys()


def name() -> str:
    """Return what `captop doctor` calls this transport."""
    try:
        return f"curl_cffi {version('curl_cffi')} (Chrome)"
    except PackageNotFoundError:
        return "curl_cffi (Chrome)"


def plain_name() -> str:
    """Return what `captop doctor` calls the transport without this extra."""
    return f"httpx {version('httpx')} (HTTP/2)"


def transport(*, timeout_s: float, connect_s: float, max_bytes: int) -> httpx.AsyncBaseTransport:
    """Return the curl transport; ImportError if the extra cannot be loaded."""
    from market.feeds.curl_transport import CurlTransport

    return CurlTransport(timeout_s=timeout_s, connect_s=connect_s, max_bytes=max_bytes)


def error_code(error: BaseException) -> int:
    """Return the libcurl code behind an exception or its cause, 0 if curl was not involved."""
    for one in (error, error.__cause__):
        code: object = getattr(one, "code", None)
        if isinstance(code, int):
            return code
    return 0


def timed_out_connecting(error: BaseException) -> bool:
    """Return whether a time-out of curl's was the connection's; one code stands for all of them.

    To look the host's name up is part of connecting.
    """
    text = str(error).casefold()
    return error_code(error) == TIMED_OUT and ("connect" in text or "resolving" in text)

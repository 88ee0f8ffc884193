"""What can be wrong with an answer: faults that the local server plays on demand."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass, replace
from enum import Enum, auto
from fnmatch import fnmatchcase
from typing import Any

BOMB_BYTES = 256 * 2**20
"""What the gzip bomb unpacks to: far beyond any body limit."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer as it goes out."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()


class Manner(Enum):
    """What happens to the connection while an answer goes out."""

    WHOLE = auto()
    """Nothing: the answer goes out."""
    CUT = auto()
    """Half of the announced body goes out, then the connection ends."""
    RESET = auto()
    """The connection is reset before anything goes out."""
    HANG = auto()
    """Nothing ever goes out."""
    HELD = auto()
    """The answer waits for `Exchange.release`, or for its seconds."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One way of answering wrongly."""

    name: str
    manner: Manner = Manner.WHOLE
    reply: Reply | None = None
    """What is answered instead, whatever was asked."""
    seconds: float | None = None
    """How long `HELD` waits at most; how old the data of `stale` are."""
    target: str = ""
    """Where `redirect` leads."""

    @property
    def age_s(self) -> float:
        """Seconds by which the data are older than they should be."""
        return (self.seconds or 0.0) if self.name == "stale" else 0.0

    def applied(self, path: str, reply: Reply) -> Reply:
        """Return the answer that goes out instead of a good one."""
        if self.reply is not None:
            return self.reply
        if self.name == "wrong_type":
            return replace(reply, body=_wrong_type(path))
        if self.name == "absurd_previous_close":
            return replace(reply, body=_absurd(reply.body))
        if self.name == "no_bars":
            return replace(reply, body=_without_bars(reply.body))
        if self.name in _KEPT_ROWS:
            return replace(reply, body=_shortened(reply.body, _KEPT_ROWS[self.name]))
        return reply


@dataclass(slots=True)
class Order:
    """A fault, where it applies and how often."""

    pattern: str
    fault: Fault
    left: int | None

    def meets(self, path: str) -> bool:
        """Return whether a request's path falls under it."""
        return self.left != 0 and (self.pattern in path or fnmatchcase(path, self.pattern))


def limited(retry_after: float | str | None = None) -> Fault:
    """429, as Yahoo's edge says it; `retry_after` is seconds or an HTTP date."""
    shown = f"{retry_after:g}" if isinstance(retry_after, float | int) else retry_after
    headers = () if shown is None else (("Retry-After", shown),)
    return _status("limited", 429, b"Too Many Requests\r\n", "text/html", headers)


def unauthorized() -> Fault:
    """401 with an error document."""
    body = (
        b'{"finance":{"result":null,"error":{"code":"Unauthorized","description":"Invalid Crumb"}}}'
    )
    return _status("unauthorized", 401, body)


def forbidden() -> Fault:
    """403 with a bucket's XML."""
    return _status("forbidden", 403, DENIED, "application/xml")


def absent() -> Fault:
    """404 with a page."""
    return _status("absent", 404, b"<html><body>Not Found</body></html>", "text/html")


def server_error(retry_after: float | None = None) -> Fault:
    """503 with a page."""
    headers = () if retry_after is None else (("Retry-After", f"{retry_after:g}"),)
    return _status("server_error", 503, b"<html>Service Unavailable</html>", "text/html", headers)


def hang() -> Fault:
    """No answer at all while the connection stays open."""
    return Fault("hang", Manner.HANG)


def slow(seconds: float) -> Fault:
    """A good answer, late."""
    return Fault("slow", Manner.HELD, seconds=seconds)


def held() -> Fault:
    """A good answer that waits for `Exchange.release`."""
    return Fault("held", Manner.HELD)


def cut_body() -> Fault:
    """Half of the announced body."""
    return Fault("cut_body", Manner.CUT)


def connection_reset() -> Fault:
    """The connection is reset before an answer."""
    return Fault("connection_reset", Manner.RESET)


def html_200() -> Fault:
    """A web page with status 200 where data should be."""
    page = b"<!DOCTYPE html><html><head><title>Yahoo</title></head><body>Hello</body></html>"
    return _status("html_200", 200, page, "text/html; charset=utf-8")


def wrong_type() -> Fault:
    """A JSON document of another type: {"chart": 7}."""
    return Fault("wrong_type")


def empty() -> Fault:
    """Status 200 and no body."""
    return _status("empty", 200, b"")


def no_bars() -> Fault:
    """A chart without bars, as before the first trade of a day."""
    return Fault("no_bars")


def empty_screener() -> Fault:
    """A screener that lists nothing."""
    return Fault("empty_screener")


def short_screener() -> Fault:
    """A screener with a tenth of its rows."""
    return Fault("short_screener")


def day_old() -> Fault:
    """Good answers with the data of a day ago."""
    return stale(86_400)


def gzip_bomb() -> Fault:
    """A small body that unpacks to more than any limit."""
    packed = gzip.compress(bytes(2**20), compresslevel=9, mtime=0) * (BOMB_BYTES // 2**20)
    return _status("gzip_bomb", 200, packed, headers=(("Content-Encoding", "gzip"),))


def foreign_redirect(target: str = "") -> Fault:
    """A redirect to another host: by default this server by its other name, so that it is seen."""
    return Fault("foreign_redirect", target=target)


def redirect(target: str) -> Fault:
    """A 307 to an address or path."""
    return Fault("redirect", target=target)


def absurd_previous_close() -> Fault:
    """Previous closes that cannot be, as quote fields sometimes have them."""
    return Fault("absurd_previous_close")


def stale(seconds: float) -> Fault:
    """Good answers with the data of some time ago."""
    return Fault("stale", seconds=seconds)


DENIED = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code>'
    b"<Message>Access Denied</Message></Error>"
)


def _status(
    name: str,
    status: int,
    body: bytes,
    content_type: str = "application/json",
    headers: tuple[tuple[str, str], ...] = (),
) -> Fault:
    return Fault(name, reply=Reply(status, body, content_type, headers))


def _wrong_type(path: str) -> bytes:
    for part, body in (
        ("/chart/", b'{"chart": 7}'),
        ("/spark", b'{"IWM": 7, "^RUT": 7}'),
        ("/finance/quote", b'{"quoteResponse": 7}'),
        ("/search", b'{"quotes": 7}'),
    ):
        if part in path:
            return body
    return b'{"data": 7}'


def _absurd(body: bytes) -> bytes:
    names = rb"chartPreviousClose|previousClose|regularMarketPreviousClose|prev_day_close"
    return re.sub(rb'"(%s)":(\s*)[\d.]+' % names, rb'"\1":\g<2>1.23', body)


_KEPT_ROWS = {"empty_screener": 0.0, "short_screener": 0.1}
"""What part of a screener's rows is left."""


def _shortened(body: bytes, part: float) -> bytes:
    document: Any = json.loads(body)
    rows: list[object] = document["data"]["rows"]
    document["data"]["rows"] = rows[: round(part * len(rows))]
    return json.dumps(document).encode()


def _without_bars(body: bytes) -> bytes:
    body = re.sub(rb'"timestamp":\[[^\]]*\],', b"", body)
    return re.sub(rb'"indicators":\{.*?\}\]\}', b'"indicators":{"quote":[{}]}', body)


BY_NAME = {
    "limited": limited,
    "unauthorized": unauthorized,
    "forbidden": forbidden,
    "absent": absent,
    "server_error": server_error,
    "hang": hang,
    "cut_body": cut_body,
    "html_200": html_200,
    "wrong_type": wrong_type,
    "gzip_bomb": gzip_bomb,
    "foreign_redirect": foreign_redirect,
    "absurd_previous_close": absurd_previous_close,
    "empty": empty,
    "no_bars": no_bars,
    "connection_reset": connection_reset,
    "empty_screener": empty_screener,
    "short_screener": short_screener,
    "day_old": day_old,
}
"""The faults that need no argument, by name."""

"""What Nasdaq says beside its data: its own code and sentences, which come with HTTP 200."""

from __future__ import annotations

import msgspec

from market.feeds.text import plain
from market.reports import ErrorKind, FeedError

NO_RECORD = 1002
"""The code of a reason that says that there is nothing, as on a Saturday: no failure."""


class _Reason(msgspec.Struct):
    code: int | str | None = None
    errorMessage: str | None = None  # noqa: N815  the wire's own name


class Status(msgspec.Struct):
    """The part of an answer that says how it went."""

    rCode: int | None = None  # noqa: N815  the wire's own name
    bCodeMessage: list[_Reason] | None = None  # noqa: N815  the wire's own name

    @property
    def has_no_record(self) -> bool:
        """Whether Nasdaq answers that there is nothing."""
        return any(str(reason.code) == str(NO_RECORD) for reason in self.bCodeMessage or ())

    @property
    def said(self) -> str:
        """The first reason in Nasdaq's words; empty without one."""
        reasons = (plain(r.errorMessage) for r in self.bCodeMessage or () if r.errorMessage)
        return next(reasons, "")


def require_success(status: Status | None, message: str | None, what: str) -> None:
    """Raise the FeedError that Nasdaq's own code stands for.

    Args:
        status: The answer's.
        message: What the answer says of itself, where its reasons say nothing.
        what: Which of Nasdaq's pages it is: "screener".
    """
    code = status.rCode if status is not None else None
    if status is None or code is None or code == 200:
        return
    said = status.said or plain(message or "") or "no reason given"
    kinds = {401: ErrorKind.REFUSED, 403: ErrorKind.REFUSED, 429: ErrorKind.LIMITED}
    kind = ErrorKind.UNREACHABLE if code >= 500 else kinds.get(code, ErrorKind.GARBLED)
    raise FeedError(kind, f"Nasdaq's {what} says {code}: {said}")

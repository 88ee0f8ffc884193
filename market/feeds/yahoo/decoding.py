"""From bytes to typed values, or to a FeedError that says what is wrong with them."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from market.feeds import responses
from market.feeds.text import plain
from market.feeds.yahoo.wire import Envelope, Fault
from market.reports import ErrorKind, FeedError

T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)

_LIMITS = (b"Too Many Requests", b"Edge: Too Many Requests")
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""All that decoding bytes from outside can raise."""


def decode(body: bytes | msgspec.Raw, kind: type[T], what: str) -> T:
    """Return a body as a typed value.

    Args:
        body: JSON.
        kind: The type it must have.
        what: What the body is about, for the sentence: "the chart of IWM".

    Raises:
        FeedError: garbled, naming the field that is missing or of a wrong type.
    """
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise garbled(what, plain(str(error))) from None
    except _UNREADABLE as error:
        raise garbled(what, "it is cut short" if _is_cut(error) else "it is not JSON") from None


def salvage(body: msgspec.Raw, kind: type[S], what: str) -> tuple[S, list[str]]:
    """Return a struct with what of it can be read, and a sentence for each field that cannot.

    Raises:
        FeedError: garbled, if it is no object or lacks a needed field.
    """
    try:
        return msgspec.json.decode(body, type=kind), []
    except _UNREADABLE:
        pass
    given = decode(body, dict[str, msgspec.Raw], what)
    fields = msgspec.structs.fields(kind)
    values = {f.name: v for f in fields for v in _readable(given.get(f.encode_name), f.type)}
    missing = next((f.encode_name for f in fields if f.required and f.name not in values), None)
    if missing is not None:
        raise garbled(what, f"it has no usable `{missing}`")
    bad = (f.encode_name for f in fields if f.encode_name in given and f.name not in values)
    return kind(**values), [f"Yahoo's {what} has an unreadable `{name}`" for name in bad]


def _readable(raw: msgspec.Raw | None, kind: object) -> list[object]:
    """The value of one field, or nothing."""
    if raw is None:
        return []
    try:
        return [msgspec.json.decode(raw, type=kind)]
    except _UNREADABLE:
        return []


def column(raw: msgspec.Raw, what: str) -> tuple[list[float | None], int]:
    """Return one array of a series, nulls as None, and how many entries are no numbers at all.

    Raises:
        FeedError: garbled, if it is no array.
    """
    try:
        return msgspec.json.decode(raw, type=list[float | None] | None) or [], 0
    except _UNREADABLE:
        entries = decode(raw, list[msgspec.Raw], what)
    numbers = [_number(entry) for entry in entries]
    bad = sum(n is None and bytes(e) != b"null" for n, e in zip(numbers, entries, strict=True))
    return numbers, bad


def _number(raw: msgspec.Raw) -> float | None:
    try:
        return msgspec.json.decode(raw, type=float | None)
    except _UNREADABLE:
        return None


def require_data(body: bytes, what: str) -> None:
    """Raise the FeedError for a body that is no JSON at all: empty, a web page, a refusal."""
    responses.require_data(body, "Yahoo", "data", garbled(what, "it is empty"))
    if responses.opening(body) in _LIMITS:
        raise FeedError(ErrorKind.LIMITED, "Yahoo says there were too many requests")


def fault_of(body: bytes) -> Fault | None:
    """Return the error that a body reports, None if it reports none or cannot be read."""
    try:
        return msgspec.json.decode(body, type=Envelope).fault
    except _UNREADABLE:
        return None


def fault_error(fault: Fault, what: str, absent: str) -> FeedError:
    """Return the FeedError that Yahoo's own error stands for.

    Args:
        fault: What Yahoo said.
        what: What was asked for: "chart of IWM".
        absent: The sentence for something that Yahoo does not know.
    """
    code = (fault.code or "").strip().lower()
    said = plain(fault.description or fault.code or "no reason given")
    if code == "not found":
        return FeedError(ErrorKind.ABSENT, absent)
    if code == "unauthorized":
        return FeedError(ErrorKind.REFUSED, f"Yahoo refuses the {what}: {said}")
    return FeedError(ErrorKind.GARBLED, f"Yahoo gives no {what}: {said}")


def garbled(what: str, why: str) -> FeedError:
    """Return the error for an answer that is not what was agreed."""
    return FeedError(ErrorKind.GARBLED, f"Yahoo's {what} cannot be read: {why}")


def _is_cut(error: Exception) -> bool:
    return isinstance(error, msgspec.DecodeError) and "truncated" in str(error)

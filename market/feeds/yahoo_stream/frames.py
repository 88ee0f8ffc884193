"""From a frame of the stream to its message: JSON around base64 around protobuf.

The generated module is untyped; what captop uses of it is written down here as `Pricing`.
"""

from __future__ import annotations

from typing import Protocol, Self, cast

import msgspec
from google.protobuf.message import DecodeError

from market.feeds.yahoo_stream import pricing_pb2


class Pricing(Protocol):
    """One price. A field that was not sent reads as 0 or empty; `HasField` tells the two apart."""

    id: str
    price: float
    """A float32: it is rounded by `price_hint` before anybody sees it."""
    time: int
    """Unix milliseconds."""
    market_hours: int
    change: float
    day_volume: int
    day_high: float
    day_low: float
    open_price: float
    previous_close: float
    price_hint: int

    def HasField(self, name: str) -> bool:  # noqa: N802 - the runtime's name
        """Return whether a field was sent."""
        ...

    def ClearField(self, name: str) -> None:  # noqa: N802 - the runtime's name
        """Forget a field."""
        ...

    def MergeFrom(self, other: Self) -> None:  # noqa: N802 - the runtime's name
        """Take over the fields that another message has."""
        ...

    def SerializeToString(self) -> bytes:  # noqa: N802 - the runtime's name
        """Return it as it goes over the wire."""
        ...


class _Pricings(Protocol):
    """What makes messages."""

    def __call__(self, **fields: object) -> Pricing:
        """Return a message of some fields."""
        ...

    def FromString(self, wire: bytes) -> Pricing:  # noqa: N802 - the runtime's name
        """Return the message of some bytes."""
        ...


PRICING = cast("_Pricings", vars(pricing_pb2)["Pricing"])
"""The generated class."""


class _Envelope(msgspec.Struct):
    """What the stream wraps a message in; msgspec undoes the base64."""

    message: bytes = b""


_ENVELOPES = msgspec.json.Decoder(_Envelope)


def read_frame(frame: bytes) -> Pricing | None:
    """Return the price in a frame, None if it holds none that can be read."""
    try:
        return PRICING.FromString(_ENVELOPES.decode(frame).message)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, DecodeError):
        return None

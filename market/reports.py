"""All that a feed may say, and what the sums say: deltas, never dropped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import msgspec

from market.quotes import Bars, Details, Key, Quote


class ErrorKind(StrEnum):
    """Why a feed did not answer with what was asked."""

    REFUSED = "refused"
    """The source will not serve us: 401, 403, a consent wall, HTML instead of data."""
    LIMITED = "limited"
    """The source says too many requests: 429."""
    ABSENT = "absent"
    """The source knows nothing of it: 404, an empty result."""
    GARBLED = "garbled"
    """The body is not what was agreed: cut, wrong type, a needed field missing."""
    UNREACHABLE = "unreachable"
    """No answer: time-out, connection refused, 5xx, no network."""


class FeedError(Exception):
    """A feed's one exception. `text` is one sentence for a person."""

    def __init__(self, kind: ErrorKind, text: str, retry_after_s: float | None = None) -> None:
        super().__init__(text)
        self.kind = kind
        self.text = text
        self.retry_after_s = retry_after_s
        """Seconds the source asked us to wait, from its Retry-After header."""


class Absent(msgspec.Struct, frozen=True):
    """One datum the source answered about by knowing nothing of it."""

    key: Key
    reason: str


class Arrived(msgspec.Struct, frozen=True, kw_only=True):
    """An answer: values for some keys, and what of it had to be left out."""

    feed: str
    at: datetime
    keys: tuple[Key, ...]
    """The keys this answer serves; those without a value are in `absent`."""
    quotes: tuple[Quote, ...] = ()
    details: tuple[Details, ...] = ()
    bars: tuple[Bars, ...] = ()
    absent: tuple[Absent, ...] = ()
    lost: tuple[str, ...] = ()
    """One sentence for each row that was left out."""
    elapsed_s: float = 0.0
    """Seconds from request to parsed answer."""


class Blame(msgspec.Struct, frozen=True):
    """Why one datum could not be had from any feed: the word of the most trusted one."""

    key: Key
    feed: str
    kind: ErrorKind
    text: str
    retry_at: datetime | None = None


class Failed(msgspec.Struct, frozen=True, kw_only=True):
    """No answer for some keys from one feed; the next feed of their chain may still have one."""

    feed: str
    at: datetime
    keys: tuple[Key, ...]
    kind: ErrorKind
    text: str
    retry_at: datetime | None = None
    """When this feed is asked again at the earliest."""
    exhausted: tuple[Key, ...] = ()
    """Those of `keys` for which no other feed of the chain is left to try now."""
    blames: tuple[Blame, ...] = ()
    """For each exhausted key whom to blame; this feed for those not named."""


class Reading(msgspec.Struct, frozen=True):
    """The value of one named metric. Age and look follow from `as_of` and the snapshot's now."""

    value: float | str | None
    as_of: datetime | None = None
    """Time of the newest datum that went in, UTC; None only where value is None."""
    source: str = ""
    delay_s: int = 0
    reason: str = ""
    """Why value is None, or what should be known about it."""


class Computed(msgspec.Struct, frozen=True, kw_only=True):
    """Named metrics worked out from one snapshot."""

    at: datetime
    readings: Mapping[str, Reading]


Report = Arrived | Failed | Computed

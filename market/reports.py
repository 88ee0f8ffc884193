"""All that a feed may say, and what the sums say: deltas, never dropped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from market.census import Census
from market.holdings import Holdings, Listings
from market.quotes import Bars, Details, Key, Profile, Quote
from market.reading import Reading

if TYPE_CHECKING:
    from market.documents import Document
    from market.option_study import ChainStudy
    from market.scoreboard import Scoreboard
    from market.studies import Studies

__all__ = [
    "NOBODY",
    "Absent",
    "Arrived",
    "Asked",
    "Blame",
    "Budget",
    "Computed",
    "ErrorKind",
    "Failed",
    "FeedError",
    "Reading",
    "RefreshAnswer",
    "Report",
    "Restored",
]


NOBODY = ""
"""The feed of a report about data that no feed can be asked for."""


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


class Budget(msgspec.Struct, frozen=True):
    """What a host may still be asked in the minute that runs."""

    left: int
    """Requests."""
    per_minute: int
    """Requests that any minute may have: fewer after refusals than the settings say."""


class Asked(msgspec.Struct, frozen=True):
    """The first request of this run to a feed is under way."""

    feed: str


class Arrived(msgspec.Struct, frozen=True, kw_only=True):
    """An answer: values for some keys, and what of it had to be left out."""

    feed: str
    at: datetime
    keys: tuple[Key, ...]
    """The keys this answer serves; those without a value are in `absent`."""
    quotes: tuple[Quote, ...] = ()
    details: tuple[Details, ...] = ()
    bars: tuple[Bars, ...] = ()
    holdings: tuple[Holdings, ...] = ()
    listings: Listings | None = None
    profiles: tuple[Profile, ...] = ()
    documents: tuple[Document, ...] = ()
    """Series, chains, calendars: what is published as a whole."""
    absent: tuple[Absent, ...] = ()
    lost: tuple[str, ...] = ()
    """One sentence for each row that was left out."""
    elapsed_s: float = 0.0
    """Seconds from request to parsed answer."""
    is_host_shut: bool = False
    """Whether the host is left alone all the same, since another request was refused."""
    note: str = ""
    """What a feed says of itself while it is well, in a sentence."""
    budget: Budget | None = None
    """Of the host that would be asked next; None of one that has no gate."""


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
    was_asked: bool = True
    """Whether a request failed; without one, the host was left alone or had answered before."""
    is_host_shut: bool = False
    """Whether the host is left alone, for this failure or another."""
    budget: Budget | None = None
    """Of the host that would be asked next; None of one that has no gate."""


class Computed(msgspec.Struct, frozen=True, kw_only=True):
    """Named metrics worked out from one snapshot."""

    at: datetime
    readings: Mapping[str, Reading]
    census: Census | None = None
    """The whole index, where it was worked out anew."""
    quotes: tuple[Quote, ...] = ()
    """Levels of groups, which no feed gives."""
    bars: tuple[Bars, ...] = ()
    """Daily closes and the day's trace of groups."""
    past: tuple[Bars, ...] = ()
    """Members' past with the session that the listings completed."""
    studies: Studies | None = None
    """What was worked out of documents, where one of them changed."""
    scoreboard: Scoreboard | None = None
    """How the stories stand, where they were judged anew."""


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """What the archive kept of the index's members: older than anything a feed says."""

    holdings: tuple[Holdings, ...] = ()
    """The files of all funds and days, newest first."""
    listings: Listings | None = None
    profiles: Mapping[str, Profile] = msgspec.field(default_factory=dict[str, Profile])
    past: Mapping[str, Bars] = msgspec.field(default_factory=dict[str, Bars])
    documents: tuple[Document, ...] = ()
    options: Mapping[str, ChainStudy] = msgspec.field(default_factory=dict[str, "ChainStudy"])
    """What the option chains said, by underlying: the chains themselves are not kept."""
    fetched: Mapping[Key, datetime] = msgspec.field(default_factory=dict[Key, datetime])
    """When holdings, listings, documents and chains were asked for last."""


Report = Asked | Arrived | Failed | Computed | Restored


class RefreshAnswer(msgspec.Struct, frozen=True):
    """What came of a wish to ask again now."""

    asked: int
    """Data that are being asked for."""
    refused: int
    """Data whose host must be left alone for now."""
    wait_s: float
    """Seconds until the first refused host may be asked; 0 if none was refused."""
    unknown: tuple[str, ...] = ()
    """Symbols that no source knows: they are not asked for again yet."""
    unknown_s: float = 0.0
    """Seconds until the first of them is asked for again; 0 without any."""

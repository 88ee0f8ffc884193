"""Everything known at one instant, and how old each part of it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

import msgspec
from msgspec.structs import replace

from market.census import Census
from market.health import FeedHealth, Trouble
from market.holdings import Holdings, Listings
from market.instruments import Cast, default_cast
from market.quotes import OF_THE_INDEX, Bars, Details, Key, Kind, Profile, Quote
from market.reading import Reading
from market.sessions import SessionState, session_state
from market.studies import NO_STUDIES, Studies

if TYPE_CHECKING:
    from market.alerts.board import AlertBoard
    from market.baskets import Basket
    from market.documents import Document
    from market.scoreboard import Scoreboard


D = TypeVar("D")
"""A form of document."""


class Mode(StrEnum):
    """Where the numbers come from."""

    LIVE = "live"
    DEMO = "demo"
    REPLAY = "replay"
    """From a tape: what was live, or simulated, when it was recorded."""

    @property
    def badge(self) -> str:
        """What marks the numbers on screen; nothing where they are the market's own of now."""
        return "" if self is Mode.LIVE else self.value.upper()


class Serving(msgspec.Struct, frozen=True):
    """Which feed gave the newest answer about a symbol's price, though an older one may be kept."""

    feed: str
    at: datetime
    """When it answered."""
    delay_s: int
    """Seconds it holds the price back."""


class Snapshot(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """One frozen picture of the market. All panels of one paint read the same one."""

    now: datetime
    session: SessionState
    mode: Mode = Mode.LIVE
    cast: Cast = msgspec.field(default_factory=default_cast)
    quotes: Mapping[str, Quote] = msgspec.field(default_factory=dict[str, Quote])
    details: Mapping[str, Details] = msgspec.field(default_factory=dict[str, Details])
    ticks: Mapping[str, Quote] = msgspec.field(default_factory=dict[str, Quote])
    """Prices of members that are no instruments, told by a stream and younger than the census."""
    bars: Mapping[Key, Bars] = msgspec.field(default_factory=dict[Key, Bars])
    readings: Mapping[str, Reading] = msgspec.field(default_factory=dict[str, Reading])
    """Named metrics, by METRICS name."""
    feeds: Mapping[str, FeedHealth] = msgspec.field(default_factory=dict[str, FeedHealth])
    fetched: Mapping[Key, datetime] = msgspec.field(default_factory=dict[Key, datetime])
    """When each datum was last answered."""
    serving: Mapping[str, Serving] = msgspec.field(default_factory=dict[str, Serving])
    """Who answered last about each symbol's price: a younger price of another feed is kept."""
    troubles: Mapping[Key, Trouble] = msgspec.field(default_factory=dict[Key, Trouble])
    """Data whose whole chain of feeds failed at the last attempt."""
    holdings: Mapping[str, Holdings] = msgspec.field(default_factory=dict[str, Holdings])
    """The newest holdings file of each fund, by its symbol."""
    earlier_holdings: tuple[Holdings, ...] = ()
    """Kept files of the tracker of earlier days, newest first."""
    listings: Listings | None = None
    """The whole market's last prices."""
    profiles: Mapping[str, Profile] = msgspec.field(default_factory=dict[str, Profile])
    """Quote pages of index members, which have no metrics of their own until somebody looks."""
    past: Mapping[str, Bars] = msgspec.field(default_factory=dict[str, Bars])
    """Daily bars of index members, from `Kind.PAST` and `Kind.PAST_BARS` put together."""
    baskets: tuple[Basket, ...] = ()
    """Rules of the thematic baskets."""
    census: Census | None = None
    """The whole index as worked out last; None until holdings and prices are known."""
    documents: Mapping[Key, Document] = msgspec.field(default_factory=dict[Key, "Document"])
    """What is published as a whole: series, option chains, calendars (`market/documents.py`)."""
    studies: Studies = NO_STUDIES
    """What was worked out of documents and is more than a number."""
    scoreboard: Scoreboard | None = None
    """How the stories stand; None until they are judged."""
    kept_states: Mapping[str, str] = msgspec.field(default_factory=dict[str, str])
    """Named states (`market/named_states.py`) of the picture read from disk."""
    alerts: AlertBoard | None = None
    """How the alerts stand; None where none is watched."""
    absences: Mapping[Key, str] = msgspec.field(default_factory=dict[Key, str])
    """Data that the sources know nothing of, with the reason."""
    colours: Mapping[str, str] = msgspec.field(default_factory=dict[str, str])
    """What the user's rules paint named metrics with (`market/marking.py`); put on by who looks."""
    wanted: frozenset[Key] = frozenset()
    """Data that are kept fresh now; of others none is asked for, but on errands."""
    restored_at: datetime | None = None
    """When the picture read from disk was written; None once this run got news of its own."""

    def at(self, now: datetime) -> Snapshot:
        """Return the same knowledge seen at another instant."""
        return replace(self, now=now, session=session_state(now))

    def is_wanted(self, key: Key) -> bool:
        """Return whether a datum is asked for again: what is about members is fetched in turn."""
        return key in self.wanted or key.kind in OF_THE_INDEX

    def series(self, symbol: str, *kinds: Kind) -> Bars | None:
        """Return the first series known of these kinds for a symbol."""
        return next((b for k in kinds if (b := self.bars.get(Key(k, symbol))) is not None), None)

    def document(self, key: Key, form: type[D]) -> D | None:
        """Return what was published under a key, None until it is known."""
        found = self.documents.get(key)
        return found if isinstance(found, form) else None

    def documents_of(self, form: type[D]) -> tuple[D, ...]:
        """Return all documents of one form."""
        return tuple(d for d in self.documents.values() if isinstance(d, form))

    def reading(self, name: str) -> Reading:
        """Return a named metric; one that was never computed is absent with a reason."""
        return self.readings.get(name, NOT_COMPUTED)


NOT_COMPUTED = Reading(None, reason="waiting for data")


def empty_snapshot(now: datetime, mode: Mode = Mode.LIVE, cast: Cast | None = None) -> Snapshot:
    """Return the snapshot of a program that knows nothing yet."""
    return Snapshot(now=now, session=session_state(now), mode=mode, cast=cast or default_cast())

"""The demo feed: a simulated market, seeded, that answers everything without a network.

An answer's body is the instant it was struck at; `parse` works out the values. So the same
seed, data and instant give the same answer in any process, whatever was asked before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from market.clock import Clock
from market.feeds.demo_days import FIRST_DAY, LAST_DAY
from market.feeds.demo_documents import told
from market.feeds.demo_market import CHARTS, DemoMarket, Moment, moment_at
from market.feeds.demo_members_answers import member_answers
from market.feeds.demo_models import company_name, is_known
from market.feeds.demo_symbols import SymbolAnswers
from market.feeds.feed import Answer, Query
from market.instruments import TRACKER, Cast
from market.quotes import DOCUMENTS, OF_THE_INDEX, Key, Kind, Match
from market.reports import Absent, Arrived, ErrorKind, FeedError

DEFAULT_SEED = 39
MATCHES = 10
WITH_PAST = "with the past"
"""In an answer's body: the members' past comes along."""


class DemoFeed:
    """A simulated market as a feed. The same seed and instant give the same numbers."""

    name = "demo"

    def __init__(self, seed: int = DEFAULT_SEED, *, cast: Cast, clock: Clock) -> None:
        self._cast = cast
        self._clock = clock
        self._market = DemoMarket(seed, cast)
        self._symbols = SymbolAnswers(self._market, cast, seed)
        self._members = member_answers(seed, cast)
        self._market.paths.members = self._members.charts
        self._has_told_past = False

    def serves(self, key: Key) -> bool:
        """Return whether it can be asked: for everything but an unknown chart span."""
        return key.kind is not Kind.CHART or key.span in CHARTS

    def plan(self, keys: Sequence[Key]) -> list[Query]:
        """Return one query for each kind of datum."""
        wanted = [key for key in dict.fromkeys(keys) if self.serves(key)]
        return [
            Query(self.name, part, f"/{kind}")
            for kind in Kind
            if (part := tuple(key for key in wanted if key.kind is kind))
        ]

    def host(self, query: Query) -> str:
        """Return no name: a simulated market is asked as often as there is news."""
        del query
        return ""

    async def fetch(self, query: Query) -> Answer:
        """Return the instant at which the query was asked.

        What is worked out for thousands at once is prepared in a thread. The first answer about
        the index's holdings brings its members' past along, as if it had been on disk.
        """
        now = self._clock.now()
        words = [now.isoformat()]
        if query.keys[0].kind in OF_THE_INDEX and (moment := moment_at(now)) is not None:
            brings_past = Key(Kind.HOLDINGS, TRACKER) in query.keys and not self._has_told_past
            words += [WITH_PAST] if brings_past else []
            await asyncio.to_thread(self._members.prepare, moment, with_past=brings_past)
            self._has_told_past |= brings_past
        return Answer(" ".join(words).encode(), query.path)

    def parse(self, query: Query, answer: Answer, now: datetime) -> Arrived:
        """Return what was known of the data at the answer's instant; FeedError if nothing was."""
        moment = _moment_of(answer)
        if query.keys[0].kind in DOCUMENTS:
            report = told(self.name, self._market, query.keys, moment)
            return replace(report, at=now, keys=query.keys)
        known = [key for key in query.keys if self._knows(key, moment)]
        if not known:
            raise FeedError(ErrorKind.ABSENT, _reason(query.keys))
        if known[0].kind in OF_THE_INDEX:
            report = self._of_the_index(known, moment, WITH_PAST.encode() in answer.body)
        else:
            report = self._symbols.told(self.name, known, moment)
        return replace(
            report,
            at=now,
            keys=query.keys,
            absent=tuple(Absent(k, _reason((k,))) for k in query.keys if k not in known),
        )

    def _knows(self, key: Key, moment: Moment) -> bool:
        if key.kind in _OF_MEMBERS:
            return self._members.charts.knows(key.symbol)
        return self._symbols.knows(key.symbol, moment)

    def _of_the_index(self, keys: Sequence[Key], moment: Moment, with_past: bool) -> Arrived:
        members, kind = self._members, keys[0].kind
        empty = Arrived(feed=self.name, at=moment.at, keys=())
        symbols = [key.symbol for key in keys]
        match kind:
            case Kind.HOLDINGS:
                files = tuple(file for fund in symbols for file in members.holdings(fund, moment))
                past = members.stored_past(moment) if with_past else ()
                return replace(empty, holdings=files, bars=past)
            case Kind.LISTINGS:
                return replace(empty, listings=members.listings(moment))
            case Kind.PROFILE | Kind.MEMBER:
                return replace(empty, profiles=members.profiles(symbols, moment))
            case _:
                return replace(empty, bars=members.past(symbols, kind, moment))

    async def search(self, text: str) -> Sequence[Match]:
        """Return symbols of the cast that fit, and a made-up company for any other symbol."""
        words, symbol = text.strip().casefold(), text.strip().upper()
        rows = [i for i in self._cast.by_symbol.values() if words in _searched(i.symbol, i.name)]
        rows.sort(key=lambda i: (i.symbol != symbol, not i.symbol.startswith(symbol)))
        found = [self._match(row.symbol) for row in rows]
        if is_known(symbol) and symbol not in self._cast.by_symbol:
            found.insert(0, self._match(symbol))
        return found[:MATCHES] if words else []

    async def aclose(self) -> None:
        """Do nothing: there is no connection."""

    def _match(self, symbol: str) -> Match:
        name = self._cast[symbol].name or company_name(symbol)
        return Match(symbol, name, self._market.paths.model(symbol).quote_type, "Simulated")


_OF_MEMBERS = frozenset({Kind.PROFILE, Kind.MEMBER, Kind.PAST, Kind.PAST_BARS})


def _searched(symbol: str, name: str) -> str:
    return f"{symbol} {name}".casefold()


def _reason(keys: Sequence[Key]) -> str:
    return f"the demo knows no symbol {', '.join(dict.fromkeys(k.symbol for k in keys))}"


def _moment_of(answer: Answer) -> Moment:
    try:
        now = datetime.fromisoformat(answer.body.decode().removesuffix(f" {WITH_PAST}"))
    except ValueError as error:
        raise FeedError(ErrorKind.GARBLED, "the simulated answer names no instant") from error
    if (moment := moment_at(now)) is None:
        text = f"the simulated market runs from {FIRST_DAY} to {LAST_DAY}, not on {now:%Y-%m-%d}"
        raise FeedError(ErrorKind.ABSENT, text)
    return moment

"""Trading halts: the newest of each stock, and how many members are in one."""

from __future__ import annotations

from collections.abc import Mapping

from market.agenda import Halted, Halts
from market.holdings import WHOLE_MARKET
from market.metrics.readings import Function
from market.metrics.subject import Subject, Unknown
from market.quotes import Key, Kind
from market.reading import Reading
from market.snapshot import Snapshot

KEY = Key(Kind.HALTS, WHOLE_MARKET)


def reads(key: Key) -> bool:
    """Return whether news of a datum concerns the halts."""
    return key == KEY


def halted(snapshot: Snapshot) -> Halted | None:
    """Return the newest halt of each stock; None until a list has come."""
    told = snapshot.document(KEY, Halts)
    if told is None:
        return None
    rows = sorted(told.rows, key=lambda halt: halt.halted_at)
    newest = {halt.symbol: halt for halt in rows}
    return Halted(source=told.source, as_of=told.fetched_at, by_symbol=newest)


def _members(subject: Subject) -> Reading:
    """Count the members that are halted now."""
    snapshot = subject.snapshot
    found, census = snapshot.studies.halts, snapshot.census
    if found is None:
        raise Unknown("waiting for the list of halts")
    if census is None:
        raise Unknown("waiting for the members of the index")
    members = frozenset(census.members.symbols)
    count = sum(halt.symbol in members for halt in found.now(snapshot.now))
    return Reading(float(count), found.as_of, found.source)


def _own(subject: Subject) -> Reading:
    """Tell whether one stock or fund is halted."""
    snapshot = subject.snapshot
    found = snapshot.studies.halts
    if subject.symbol.startswith("^"):
        raise Unknown("an index is not traded")
    if found is None:
        raise Unknown("waiting for the list of halts")
    halt = found.of(subject.symbol, snapshot.now)
    reason = f"halted: {halt.code}" if halt is not None else ""
    return Reading("trading" if halt is None else "halted", found.as_of, found.source, 0, reason)


FUNCTIONS: Mapping[str, Function] = {"halts.members": _members, "{slug}.halt": _own}

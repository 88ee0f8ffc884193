"""How old the counts of funds are, and what is to be known about them in a few words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from market.freshness import Freshness
from market.fund_flow_study import FundFlows
from market.funds import BY_SYMBOL, FUNDS
from market.health import Look
from market.quotes import Key, Kind
from market.snapshot import NOT_COMPUTED, Snapshot
from market.staleness import why_count_late
from widgets.mark import Mark, mark_of
from widgets.strips import plain

LONGEST = 20
"""Sessions of the longest sum: what is shorter is still being collected."""
_WORST_FIRST = (Look.FAILING, Look.LATE, Look.LIVE)


def flow_freshness(snapshot: Snapshot, symbol: str) -> Freshness:
    """Return how fresh one fund's counts are."""
    key = Key(Kind.FUND, symbol)
    trouble = snapshot.troubles.get(key)
    study = snapshot.studies.flows
    found = None if study is None else study.of(symbol)
    if found is None:
        reason = snapshot.absences.get(key, "") or NOT_COMPUTED.reason
        told = trouble.text if trouble is not None else reason
        return Freshness(Look.ABSENT, "", None, None, 0, told, trouble)
    age = max(snapshot.now - found.as_of, timedelta(0))
    late = why_count_late(snapshot.now, found.as_of)
    look = Look.FAILING if trouble else Look.LATE if late else Look.LIVE
    reason = trouble.text if trouble is not None else late
    return Freshness(look, found.source, age, found.as_of, 0, reason, trouble, still=True)


def flow_mark(snapshot: Snapshot, symbol: str) -> Mark:
    """Return source and age of one fund's counts."""
    fresh = flow_freshness(snapshot, symbol)
    return mark_of(fresh, snapshot.now, mode=snapshot.mode)


def flows_mark(snapshot: Snapshot) -> Mark:
    """Return source and age of all funds' counts: those of the middle one, from worst to best."""
    each = [flow_freshness(snapshot, fund.symbol) for fund in FUNDS]
    known = [fresh for fresh in each if fresh.look in _WORST_FIRST]
    ranked = sorted(known, key=lambda fresh: _WORST_FIRST.index(fresh.look))
    typical = ranked[len(ranked) // 2] if ranked else each[0]
    return mark_of(typical, snapshot.now, mode=snapshot.mode)


def marks_of(found: FundFlows) -> tuple[str, ...]:
    """Return what is to be known about a fund's newest count, the gravest first."""
    return tuple(plain(words) for words in dict.fromkeys(_marks(found)))


def _marks(found: FundFlows) -> Iterator[str]:
    if found.ledger.pending is not None:
        yield "needs a second source"
    total = found.over(LONGEST)
    if total.dollars is None and total.reason:
        yield total.reason
    if found.ledger.creations:
        for remark in found.ledger.creations[-1].remarks:
            yield in_words(found.symbol, remark)


def in_words(symbol: str, remark: str) -> str:
    """Return a remark as it is shown: a count that is no whole creation unit names the unit."""
    fund = BY_SYMBOL.get(symbol)
    if remark == "not whole creation units" and fund is not None and fund.unit:
        return f"not a multiple of {fund.unit:,.0f}"
    return remark

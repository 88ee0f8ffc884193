"""Pictures with the flows of some funds, as the simulated market tells them."""

from __future__ import annotations

from functools import cache

from msgspec.structs import replace

from market.feeds.demo_funds import fund_history
from market.feeds.demo_market import DemoMarket, moment_at
from market.funds import FundHistory
from market.instruments import TRACKER, default_cast
from market.metrics.compute import compute
from market.metrics.studying import studied
from market.quotes import Key, Kind
from market.snapshot import Snapshot
from tests.clocks import THURSDAY_AFTERNOON

TOLD = ("IWM", "IJR", "XBI", "ARTY")
"""Funds whose counts are known; those of the others are waited for."""


@cache
def histories() -> dict[Key, FundHistory]:
    """What is told of the funds on Thursday 2 July 2026."""
    market, moment = DemoMarket(39, default_cast()), moment_at(THURSDAY_AFTERNOON)
    assert moment is not None
    keys = [Key(Kind.FUND, symbol) for symbol in TOLD]
    return {key: found for key in keys if (found := fund_history(market, key, moment))}


def with_flows(snapshot: Snapshot) -> Snapshot:
    """A picture with the funds' counts, their study and the tracker's readings."""
    told = replace(snapshot, documents={**snapshot.documents, **histories()})
    studies = studied(told, list(histories()))
    assert studies is not None
    known = replace(told, studies=studies)
    flows = {k: v for k, v in compute(known, [TRACKER]).items() if k.startswith("iwm.")}
    return replace(known, readings={**snapshot.readings, **flows})

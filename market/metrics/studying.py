"""From documents to studies: which study reads what, and how it is worked out."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec
from msgspec.structs import replace

from market.holdings import WHOLE_MARKET
from market.instruments import VIX
from market.metrics import (
    calendar_study,
    flow_study,
    halts,
    options_study,
    policy_study,
    volatility_depth,
)
from market.metrics.catalogue_macro import COUNTS
from market.quotes import Key
from market.snapshot import Snapshot
from market.studies import Studies


class Study(msgspec.Struct, frozen=True):
    """One line of STUDIES."""

    field: str
    """Its place in `Studies`."""
    reads: Callable[[Key], bool]
    """Whether it must be worked out anew after news of a datum."""
    work_out: Callable[[Snapshot], object]
    """Returns the value of the field, None where too little is known."""
    told_of: tuple[str, ...] = ()
    """The symbols whose metrics tell of it: they are worked out anew with it."""


STUDIES: tuple[Study, ...] = (
    Study("fed_funds", policy_study.reads, policy_study.fed_funds, told_of=("EFFR",)),
    Study("options", options_study.reads, options_study.option_study),
    Study("halts", halts.reads, halts.halted, told_of=(WHOLE_MARKET,)),
    Study(
        "agenda",
        calendar_study.reads,
        calendar_study.agenda,
        told_of=(WHOLE_MARKET, *(symbol for symbol, _ in COUNTS.values())),
    ),
    Study("volatility", volatility_depth.reads, volatility_depth.volatility_study, told_of=(VIX,)),
    Study("flows", flow_study.reads, flow_study.flows),
)
"""Every study. A new one is one more line here and a field of `Studies`."""


def studied(snapshot: Snapshot, changed: Iterable[Key] | None) -> Studies | None:
    """Return the studies after news of some data (None: all of them); None if none reads it."""
    keys = () if changed is None else tuple(changed)
    due = [study for study in STUDIES if changed is None or any(map(study.reads, keys))]
    if not due:
        return None
    return replace(snapshot.studies, **{s.field: s.work_out(snapshot) for s in due})


def symbols_told_of(changed: Iterable[Key]) -> frozenset[str]:
    """Return the symbols whose metrics tell of the studies that news of some data concerns."""
    keys = tuple(changed)
    return frozenset(each for s in STUDIES if any(map(s.reads, keys)) for each in s.told_of)

"""The flow family: a fund's net creations over sessions, read from their study."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from market.fund_flow_study import FlowSum, FundFlows
from market.metrics.catalogue_flows import SMALL_CAPS, WINDOWS
from market.metrics.readings import Function, combined, number, read
from market.metrics.subject import Subject, Unknown
from market.quotes import Kind
from market.reading import Reading
from market.snapshot import NOT_COMPUTED


def _flows(subject: Subject) -> FundFlows:
    study = subject.snapshot.studies.flows
    found = None if study is None else study.of(subject.symbol)
    if found is None:
        raise Unknown(subject.why_not(Kind.FUND) or NOT_COMPUTED.reason)
    return found


def _reading(found: FundFlows, value: float | None, why_not: str, remarks: str = "") -> Reading:
    if value is None:
        raise Unknown(why_not)
    return Reading(value, found.as_of, found.source, reason=remarks)


def remarks_of(found: FundFlows, total: FlowSum) -> str:
    """Return what is to be known about a sum: `2d`, `the count of 3 Aug awaits confirmation`."""
    newest = found.ledger.creations[-1].remarks if found.ledger.creations else ()
    told = newest if total.window == 1 else ()
    longer = f"{total.sessions}d" if total.sessions > total.window else ""
    return "; ".join(dict.fromkeys(words for words in (longer, *told, total.reason) if words))


def _dollars(window: int, subject: Subject) -> Reading:
    found = _flows(subject)
    total = found.over(window)
    return _reading(found, total.dollars, total.reason, remarks_of(found, total))


def _share(window: int, subject: Subject) -> Reading:
    found = _flows(subject)
    total = found.over(window)
    return _reading(found, total.share, total.reason, remarks_of(found, total))


def _percentile(window: int, subject: Subject) -> Reading:
    found = _flows(subject)
    total = found.over(window)
    return _reading(found, total.percentile, total.percentile_reason, total.reason)


def _assets(subject: Subject) -> Reading:
    found = _flows(subject)
    return _reading(found, found.assets, "")


def _shares(subject: Subject) -> Reading:
    found = _flows(subject)
    return _reading(found, found.shares, "")


def _small_caps(subject: Subject) -> Reading:
    """The sum of all of them: one that is missing may weigh more than the others together."""
    parts = {symbol: read(partial(_dollars, 20), subject.other(symbol)) for symbol in SMALL_CAPS}
    missing = [symbol for symbol, each in parts.items() if each.value is None]
    if missing:
        raise Unknown(f"without {', '.join(missing)}: {parts[missing[0]].reason}")
    return combined(sum(map(number, parts.values())), *parts.values())


def _functions() -> Iterator[tuple[str, Function]]:
    yield "flows.small_caps.20d", _small_caps
    yield "{slug}.assets", _assets
    yield "{slug}.shares_outstanding", _shares
    for window in WINDOWS:
        yield f"{{slug}}.flow.{window}d", partial(_dollars, window)
        yield f"{{slug}}.flow.share.{window}d", partial(_share, window)
        yield f"{{slug}}.flow.percentile.{window}d", partial(_percentile, window)


FUNCTIONS: dict[str, Function] = dict(_functions())

"""What was known after an earlier close, and the values that metrics had then.

Prices, rates and counts of shares have a past, so that most metrics can be worked out again as of
any session. Values that were revised since are used as they stand now. What is made of the
members' prices has only what breadth by session tells; option chains and calendars have no past.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from math import isfinite, nan
from typing import TYPE_CHECKING

from msgspec.structs import replace

from market.funds import FundHistory
from market.metrics import flow_study, policy_study
from market.metrics.closes import count_before
from market.metrics.compute import metric_named, readings_named
from market.metrics.index_figures import AD_SESSIONS
from market.publications import next_release
from market.published import Published
from market.quotes import Bars, Key, Kind
from market.sessions import last_completed_session, session_of, session_state
from market.snapshot import Snapshot
from market.studies import NO_STUDIES, Studies

if TYPE_CHECKING:
    from market.documents import Document

SETTLED = timedelta(minutes=30)
"""After the close all closes of the day are known, Cboe's of 16:15 too."""
FUND_DAYS = 45
"""Counts of a fund's shares that a sum of twenty sessions looks at, and some to spare."""
_BARS = frozenset({Kind.DAILY, Kind.CLOSES})
_BREADTH = {
    "breadth.above_20dma": "above_20",
    "breadth.above_50dma": "above_50",
    "breadth.above_200dma": "above_200",
    "breadth.new_highs": "new_highs",
    "breadth.new_lows": "new_lows",
    "breadth.mcclellan": "mcclellan",
    "breadth.trin": "trin",
}
"""Metrics of members, and the columns of breadth by session that tell their past."""
_WITHOUT_PAST = ("calendar.", "options.", "halts.", "vix.futures.")
AD_CHANGE = "breadth.ad_line.change.20d"


def settled_session(snapshot: Snapshot) -> date | None:
    """Return the session whose closes are what is known now; None while none is, or one trades."""
    day = last_completed_session(snapshot.now)
    is_settled = snapshot.now >= session_of(day).close + SETTLED and not snapshot.session.is_open
    return day if is_settled else None


def has_past(name: str, snapshot: Snapshot) -> bool:
    """Return whether a metric's earlier values can be worked out."""
    found = metric_named(name, snapshot.cast)
    if found is None:
        return False
    metric = found[0]
    if metric.of_members:
        return name in _BREADTH or name == AD_CHANGE
    return not (name.startswith(_WITHOUT_PAST) or ".flow.percentile." in name)


def values_at_close(snapshot: Snapshot, names: Iterable[str], day: date) -> dict[str, float]:
    """Return the values that metrics had after the close of a session; unknown ones are left out.

    Args:
        snapshot: What is known now.
        names: Metrics, of which those without a past are passed over.
        day: A completed session.
    """
    wanted = [name for name in names if has_past(name, snapshot)]
    of_members = {name for name in wanted if name in _BREADTH or name == AD_CHANGE}
    earlier = as_after_close(snapshot, day, wanted)
    readings = readings_named(earlier, (n for n in wanted if n not in of_members))
    told = {n: r.value for n, r in readings.items() if isinstance(r.value, float | int)}
    return {**told, **{n: v for n in of_members if (v := _breadth(snapshot, n, day)) is not None}}


def as_after_close(snapshot: Snapshot, day: date, names: Iterable[str] = ()) -> Snapshot:
    """Return what was known shortly after the close of a session, as far as it has a past."""
    at = session_of(day).close + SETTLED
    earlier = replace(
        snapshot,
        now=at,
        session=session_state(at),
        quotes={},
        details={},
        bars={k: cut for k, b in snapshot.bars.items() if k.kind in _BARS and (cut := _cut(b, at))},
        readings={},
        census=None,
        documents=dict(_documents(snapshot.documents, at)),
        studies=NO_STUDIES,
        absences={},
        troubles={},
    )
    return replace(earlier, studies=_studies(earlier, names))


def _cut(bars: Bars, at: datetime) -> Bars | None:
    """The bars up to an instant; None without any."""
    count = count_before(bars, at.date() + timedelta(days=1))
    return bars.between(0, count) if count else None


def _documents(documents: Mapping[Key, Document], at: datetime) -> Iterable[tuple[Key, Document]]:
    for key, found in documents.items():
        match found:
            case Published():
                yield key, _published_by(found, at)
            case FundHistory():
                days = tuple(each for each in found.days if each.day < at.date())
                yield key, replace(found, days=days[-FUND_DAYS:])
            case _:
                pass


def _published_by(series: Published, at: datetime) -> Published:
    """The values that were out: a value is out once its release is over."""
    count = sum(day <= at.date() for day in series.days)
    while count and not _is_out(series, count, at):
        count -= 1
    return replace(series, days=series.days[:count], values=series.values[:count])


def _is_out(series: Published, count: int, at: datetime) -> bool:
    before = series.days[count - 2] if count > 1 else None
    release = next_release(series.key.symbol, before, at)
    return release is None or release.of != series.days[count - 1] or release.until <= at


def _studies(earlier: Snapshot, names: Iterable[str]) -> Studies:
    """The studies that the metrics read, worked out of what was known then."""
    wanted = tuple(names)
    studies = NO_STUDIES
    if any(name.startswith("policy.") for name in wanted):
        studies = replace(studies, fed_funds=policy_study.fed_funds(earlier))
    funds = {fund for name in wanted if _is_flow(name) for fund in _funds_of(earlier, name)}
    if funds:
        studies = replace(studies, flows=flow_study.flows(earlier, funds))
    return studies


def _is_flow(name: str) -> bool:
    return ".flow." in name or name.startswith("flows.")


def _funds_of(snapshot: Snapshot, name: str) -> Iterable[str]:
    found = metric_named(name, snapshot.cast)
    return () if found is None else (found[1].symbol, *found[0].symbols)


def _breadth(snapshot: Snapshot, name: str, day: date) -> float | None:
    """A figure of the members out of breadth by session."""
    if snapshot.census is None:
        return None
    known = snapshot.census.breadth
    opened = int(session_of(day).open.timestamp())
    row = bisect_left(known.times, opened)
    if known.times[row : row + 1] != array("q", (opened,)):
        return None
    if name == AD_CHANGE:
        line = known.columns["ad_line"]
        value = line[row] - line[row - AD_SESSIONS] if row >= AD_SESSIONS else nan
    else:
        value = known.columns[_BREADTH[name]][row]
    return value if isfinite(value) else None

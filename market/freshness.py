"""Which of the four looks a metric or a panel has, and its age in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from market.health import Look, Trouble
from market.holdings import WHOLE_MARKET
from market.holdings_age import day_in_words, why_holdings_late
from market.instruments import TRACKER, Role
from market.metrics.compute import known_symbols, metric_named
from market.metrics.metric import STALE_AFTER, Cadence
from market.quotes import Key, Kind
from market.reading import sources
from market.reports import Reading
from market.sessions import NEW_YORK
from market.snapshot import Snapshot
from market.staleness import Datum


class Freshness(msgspec.Struct, frozen=True):
    """How fresh a value is, and what to say about it."""

    look: Look
    source: str
    age: timedelta | None
    """Wall time since the price was struck; None for a value never known."""
    as_of: datetime | None
    delay_s: int
    reason: str
    """Why it is absent, late or failing; or what should be known about the value."""
    trouble: Trouble | None = None
    """What keeps it from being renewed; names the feed that failed, not the value's source."""
    still: bool = False
    """Whether no trade can change it now: the time of the price then says more than its age."""
    beside: str = ""
    """What of it is older than its price, in two words: `holdings 5 May`."""
    reference: str = ""
    """Of a published value the day or month it is of: `2 Jul`, `Jul 2026`."""


_judged: list[tuple[Snapshot | None, dict[str, Freshness]]] = [(None, {})]
"""The snapshot that was asked about last, and what was told of it: panels share many metrics."""


def freshness(snapshot: Snapshot, name: str) -> Freshness:
    """Return the freshness of one named metric."""
    of, told = _judged[0]
    if of is not snapshot:
        told = dict[str, Freshness]()
        _judged[0] = snapshot, told
    if name not in told:
        told[name] = _freshness(snapshot, name)
    return told[name]


def _freshness(snapshot: Snapshot, name: str) -> Freshness:
    reading = snapshot.reading(name)
    datum = _datum(snapshot, name)
    if datum is None:  # groups come with the first census
        told = reading.reason or f"no metric is called {name}"
        return _absent(told, _why_uncounted(snapshot))
    trouble = datum.renewal.trouble()
    if reading.value is None or reading.as_of is None:
        why = _why_uncounted(snapshot) if _is_weighed(datum) else None
        return _absent(reading.reason, trouble or why or _told_by(snapshot, reading.reason))
    known = _known(datum, reading, reading.as_of)
    if trouble is not None and not datum.is_final(reading.as_of, reading.delay_s):
        return _failing(known, trouble)
    if late := datum.why_late(reading.as_of, reading.delay_s):
        return replace(known, look=Look.LATE, reason=late)
    if _is_weighed(datum):
        known = weighed(snapshot, known)
    kept = datum.why_kept(reading.as_of, reading.delay_s)
    return replace(known, reason="; ".join(r for r in (kept, known.reason) if r)) if kept else known


def _datum(snapshot: Snapshot, name: str) -> Datum | None:
    found = metric_named(name, snapshot.cast, _known_symbols(snapshot))
    return Datum(snapshot, *found) if found is not None else None


def _known_symbols(snapshot: Snapshot) -> Iterator[str]:
    """Yield every symbol that is known of; they are gathered when the first is asked for."""
    yield from known_symbols(snapshot)


def _known(datum: Datum, reading: Reading, as_of: datetime) -> Freshness:
    age = max(datum.snapshot.now - as_of, timedelta(0))
    return Freshness(
        Look.LIVE,
        reading.source,
        age,
        as_of,
        reading.delay_s,
        reading.reason,
        still=datum.is_still,
        reference=datum.reference_date(as_of),
    )


def _told_by(snapshot: Snapshot, reason: str) -> Trouble | None:
    """Return the trouble in whose words a metric says what it lacks beside a price."""
    return next((each for each in snapshot.troubles.values() if each.text == reason), None)


def _is_weighed(datum: Datum) -> bool:
    return datum.metric.of_members or datum.instrument.role is Role.GROUP


def _why_uncounted(snapshot: Snapshot) -> Trouble | None:
    """Return what keeps the index's members from being counted, if they never were."""
    needed = (Key(Kind.HOLDINGS, TRACKER), Key(Kind.LISTINGS, WHOLE_MARKET))
    troubles = (snapshot.troubles.get(key) for key in needed)
    return None if snapshot.census is not None else next((t for t in troubles if t), None)


def weighed(snapshot: Snapshot, known: Freshness) -> Freshness:
    """Return the freshness of a live figure made of the index's members and their weights.

    It is late with the holdings, and failing if no newer ones can be had, however young its
    prices are.
    """
    census = snapshot.census
    day = None if census is None else census.members.holdings_day
    late = "" if day is None else why_holdings_late(day, snapshot.now)
    if day is None or not late:
        return known
    trouble = snapshot.troubles.get(Key(Kind.HOLDINGS, TRACKER))
    aged = replace(known, reason=late, beside=f"holdings {day_in_words(day, snapshot.now)}")
    return replace(aged, look=Look.LATE) if trouble is None else _failing(aged, trouble)


def _absent(reason: str, trouble: Trouble | None) -> Freshness:
    told = trouble.text if trouble is not None else reason
    return Freshness(Look.ABSENT, "", None, None, 0, told, trouble)


def _failing(value: Freshness, trouble: Trouble) -> Freshness:
    return replace(value, look=Look.FAILING, reason=trouble.text, trouble=trouble)


def panel_freshness(
    snapshot: Snapshot, names: Sequence[str], keys: Sequence[Key] = ()
) -> Freshness:
    """Return the worst look of a panel's known values; the first value that has it speaks.

    A value that is absent speaks for itself at its own place, as long as others are known.

    Args:
        snapshot: What is known.
        names: The metrics that the panel stands for, the main one first.
        keys: Series that the panel cannot do without, such as its chart.
    """
    values = [freshness(snapshot, name) for name in names] or [_absent("nothing is shown", None)]
    known = [value for value in values if value.look is not Look.ABSENT]
    worst = min(known, key=lambda value: _WORST_FIRST.index(value.look)) if known else values[0]
    blamed = [] if known else [value.trouble for value in values]
    blamed += [snapshot.troubles.get(key) for key in keys]
    trouble = next((each for each in blamed if each is not None), None)
    if trouble is None or worst.look is Look.FAILING:
        return worst
    return _failing(worst, trouble)


def list_freshness(
    snapshot: Snapshot, names: Sequence[str], beside: Sequence[str] = ()
) -> Freshness:
    """Return the look of the middle one of a list's known rows, from worst to best.

    A late or failing row is marked in its own place: one thin fund or one unknown symbol
    must not discredit a list whose other rows are well.

    Args:
        snapshot: What is known.
        names: The metrics that the list stands for, one a row.
        beside: Those of another column: a failing feed that leaves it blank in all rows is told.
    """
    typical = _typical(snapshot, names)
    if not typical:
        return panel_freshness(snapshot, names)
    return _with_blank(snapshot, typical[0], beside)


def family_freshness(
    snapshot: Snapshot, names: Sequence[str], beside: Sequence[str] = ()
) -> Freshness:
    """Return that look of values held against each other, with all sources that gave them.

    Of the first value of each source the oldest speaks: what is made of several is no younger.
    """
    firsts = {value.source: value for value in reversed(_typical(snapshot, names))}
    if not firsts:
        return panel_freshness(snapshot, names)
    oldest = max(firsts.values(), key=lambda value: value.age or timedelta(0))
    return _with_blank(snapshot, replace(oldest, source=sources(*firsts)), beside)


def _with_blank(snapshot: Snapshot, value: Freshness, names: Sequence[str]) -> Freshness:
    """Return it with the feed whose failing leaves all of these metrics blank."""
    troubles: list[Trouble | None] = []
    for name in names:
        other = freshness(snapshot, name)
        if other.look is not Look.ABSENT:
            return value
        troubles.append(other.trouble)
    trouble = next((each for each in troubles if each is not None), None)
    if trouble is None or value.look is Look.FAILING:
        return value
    return _failing(value, trouble)


def _typical(snapshot: Snapshot, names: Sequence[str]) -> list[Freshness]:
    """Return the known values whose look is that of the middle one, in their order."""
    known = [value for name in names if (value := freshness(snapshot, name)).look in _WORST_FIRST]
    ranked = sorted(known, key=lambda value: _WORST_FIRST.index(value.look))
    return [value for value in known if value.look is ranked[len(ranked) // 2].look]


_WORST_FIRST = (Look.FAILING, Look.LATE, Look.LIVE)


def age_in_words(value: Freshness) -> str:
    """Return an age for a panel's border: `2s`, `5m`, `15m`, `Fri 16:00`, `26 Jun`.

    A value that no trade can change now is told by the time it was struck, New York, and a
    published one by the day or month it is of.
    """
    if value.age is None or value.as_of is None:
        return ""
    if value.reference:
        return value.reference
    if value.still or value.age >= timedelta(hours=20):
        struck = value.as_of.astimezone(NEW_YORK)
        recent = value.age < timedelta(days=6)
        return f"{struck:%a %H:%M}" if recent else f"{struck.day} {struck:%b}"
    return _short(_rounded_delay(value))


def _rounded_delay(value: Freshness) -> timedelta:
    """A delayed price is never much younger nor older than its delay: say the delay alone."""
    delay, age = timedelta(seconds=value.delay_s), value.age or timedelta(0)
    steady = value.look is Look.LIVE and delay <= age <= delay + STALE_AFTER[Cadence.QUOTE]
    return delay if steady and delay else age


def _short(age: timedelta) -> str:
    seconds = int(age.total_seconds())
    if seconds < 60:
        return f"{seconds}s"
    return f"{seconds // 60}m" if seconds < 3600 else f"{seconds // 3600}h"

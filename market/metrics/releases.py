"""Two calendars of economic releases made one: schedule of the one, actuals of the other.

A release of one is the other's only if day and time agree and the names mean the same; what is
not certain stays two rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import TypeAlias

from msgspec.structs import replace

from market.agenda import Impact, Release, Releases
from market.publications import publications
from market.shipped import shipped

PERIODS = frozenset({"m/m", "q/q", "y/y"})
_WORD = re.compile(r"[mqy]/[mqy]|[a-z0-9]+")
_FILE = Path(__file__).parents[1] / "release_names.toml"

Name: TypeAlias = tuple[str, str]
"""What a release is, and over which period: ("cpi", "m/m")."""


def name_of(title: str) -> Name:
    """Return what a title means: `Core CPI m/m` -> ("core cpi", "m/m"); other names resolved."""
    words = _WORD.findall(title.casefold().replace("non-farm", "non farm"))
    period = next((word for word in words if word in PERIODS), "")
    bare = " ".join(word for word in words if word not in PERIODS)
    return _names().get(bare, bare), period


@cache
def _names() -> Mapping[str, str]:
    return shipped(_FILE, dict[str, str])


def merged_releases(documents: Iterable[Releases]) -> tuple[Release, ...]:
    """Return every release once, by time: the newest answer's words, with what others add."""
    weeks: dict[tuple[object, ...], Release] = {}
    days: dict[date, tuple[Release, ...]] = {}
    for told in sorted(documents, key=lambda each: each.fetched_at):
        if _is_schedule(told):
            _take_week(weeks, told)
        else:
            days[date.fromisoformat(told.key.span)] = told.rows
    scheduled = tuple(weeks.values())
    actuals = [row for rows in days.values() for row in rows]
    merged = (*_merged(scheduled, actuals),)
    return tuple(sorted(merged, key=_place))


def release_days(rows: Iterable[Release]) -> dict[str, tuple[datetime, ...]]:
    """Return when published series stand among releases, by symbol, oldest first."""
    by_name: dict[str, set[datetime]] = {}
    for row in rows:
        if row.at is not None:
            by_name.setdefault(_named(row.title)[0], set()).add(row.at)
    found = {
        symbol: sorted(set[datetime]().union(*(by_name.get(name, ()) for name in each.named)))
        for symbol, each in publications().items()
    }
    return {symbol: tuple(days) for symbol, days in found.items() if days}


def _is_schedule(told: Releases) -> bool:
    return not told.key.span[:1].isdecimal()


def _take_week(weeks: dict[tuple[object, ...], Release], told: Releases) -> None:
    """Let a file replace what older files said of the days that it covers."""
    if told.rows:
        first, last = told.rows[0].day, told.rows[-1].day
        for key in [key for key, row in weeks.items() if first <= row.day <= last]:
            del weeks[key]
    weeks.update(((row.day, row.at, row.title), row) for row in told.rows)


def _merged(scheduled: Sequence[Release], told: Sequence[Release]) -> Iterable[Release]:
    """Yield the schedule's rows with the actuals that are theirs, then the rows that are nobody's.

    A row of the schedule without a counterpart stays as it is.
    """
    taken: set[int] = set()
    by_time: dict[object, list[int]] = {}
    for place, row in enumerate(told):
        by_time.setdefault((row.day, row.at), []).append(place)
    for row in scheduled:
        free = [place for place in by_time.get((row.day, row.at), ()) if place not in taken]
        rivals = [each for each in scheduled if (each.day, each.at) == (row.day, row.at)]
        found = _counterpart(row, rivals, {place: told[place] for place in free})
        if found is None:
            yield row
        else:
            taken.add(found)
            yield with_actual(row, told[found])
    yield from (row for place, row in enumerate(told) if place not in taken)


def _counterpart(
    row: Release, rivals: Sequence[Release], candidates: Mapping[int, Release]
) -> int | None:
    """Return which candidate is the same release: the same name and period, else the only one."""
    what, period = _named(row.title)
    same = {
        n: _named(each.title)[1] for n, each in candidates.items() if what == _named(each.title)[0]
    }
    exact = [n for n, other in same.items() if other == period]
    if len(exact) == 1:
        return exact[0]
    is_alone = sum(_named(rival.title)[0] == what for rival in rivals) == 1
    open_ended = [n for n, other in same.items() if not other or not period]
    return open_ended[0] if is_alone and len(same) == len(open_ended) == 1 else None


@lru_cache(maxsize=1024)
def _named(title: str) -> Name:
    return name_of(title)


def with_actual(row: Release, told: Release) -> Release:
    """Return a scheduled release with the other calendar's words where they say more."""
    return replace(
        row,
        previous=told.previous or row.previous,
        consensus=told.consensus or row.consensus,
        actual=told.actual or row.actual,
        impact=row.impact if row.impact is not Impact.UNKNOWN else told.impact,
    )


def _place(row: Release) -> tuple[date, bool, float, str]:
    at = row.at
    return row.day, at is not None, at.timestamp() if at is not None else 0.0, row.title

"""What a strip of one to three lines says, worked out of one snapshot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import msgspec
from msgspec.structs import replace

from market.freshness import (
    Freshness,
    age_in_words,
    freshness,
    list_freshness,
    panel_freshness,
)
from market.health import FeedState, Look, counted
from market.instruments import INDEX, RVX, TRACKER, VIX
from market.quotes import Key, Kind, Phase
from market.sessions import NEW_YORK, exchange_date
from market.snapshot import Mode, Snapshot
from widgets.census_mark import census_freshness, census_value, is_census_old
from widgets.leaders_view import RowKind, leader_rows, leads_by_members
from widgets.mark import Mark, cause_of, mark_of
from widgets.values import Value, level_of, value_of

_SAME_MINUTE = timedelta(minutes=1)
"""Prices struck within it are of one age: which of two is a second older is no news."""


class Age(msgspec.Struct, frozen=True):
    """What the mark of the index, at the line's end, does not say of a number beside it."""

    brief: str
    """Its age, if it is another one; what no room can be lacking for."""
    full: str
    """Its source and age."""
    role: str


class StripView(msgspec.Struct, frozen=True):
    """All that the strip says."""

    badges: tuple[str, ...]
    """What else than the live market it is, in ever fewer cells; of a tape, of which instant."""
    last: Value
    day: Value
    vix: Value
    rvx: Value
    advances: Value
    declines: Value
    extended: tuple[str, Value, Value]
    """(`pre` or `post` or nothing, IWM's print, its return)."""
    phase: str
    worst: tuple[str, ...]
    """The feed that fails, and why in a word, or how many answer; empty when all is well."""
    silent: bool
    """Whether no feed answers."""
    mark: Mark
    """How fresh the index is."""
    ages: Mapping[str, Age]
    """Of `vix`, `rvx`, `breadth` and `extended` those of another age or source than the index."""
    leaders_mark: Mark
    watched_mark: Mark
    window: str
    """Over which the leaders are ranked; all else is of the day."""
    leaders: tuple[tuple[str, Value], ...]
    """Best first, with their returns."""
    watched: tuple[tuple[str, Value, Value], ...]
    """(symbol, last, return of the day)."""


def view_of(snapshot: Snapshot, symbols: Sequence[str] = (), window: str = "1D") -> StripView:
    """Return what the strip says of a snapshot."""

    def value(symbol: str, name: str) -> Value:
        return value_of(snapshot, f"{snapshot.cast[symbol].slug}.{name}")

    outside = snapshot.session.phase is not Phase.REGULAR
    tag = value(TRACKER, "extended.phase").word if outside else ""
    rows = leader_rows(snapshot, window)
    old = is_census_old(snapshot)
    index = _index_freshness(snapshot)
    return StripView(
        badges=_badges(snapshot),
        last=level_of(snapshot, INDEX),
        day=value(INDEX, "return.1d"),
        vix=level_of(snapshot, VIX),
        rvx=value(RVX, "last"),
        advances=census_value(snapshot, "breadth.advances", old=old),
        declines=census_value(snapshot, "breadth.declines", old=old),
        extended=(tag, value(TRACKER, "extended.last"), value(TRACKER, "extended.return")),
        phase="" if snapshot.session.is_open else snapshot.session.phase.value,
        worst=_worst(snapshot),
        silent=_is_silent(snapshot),
        mark=_mark(snapshot, index),
        ages=_ages(snapshot, index),
        leaders_mark=_mark(snapshot, _leaders_freshness(snapshot, window)),
        watched_mark=_mark(snapshot, list_freshness(snapshot, _last_of(snapshot, symbols))),
        window=window,
        leaders=tuple(
            (r.name, r.returns[0][1])
            for r in rows
            if r.returns[0][1].known and r.kind is not RowKind.UNMAPPED
        ),
        watched=tuple((s, value(s, "last"), value(s, "return.1d")) for s in symbols),
    )


def _badges(snapshot: Snapshot) -> tuple[str, ...]:
    badge = snapshot.mode.badge
    if snapshot.mode is not Mode.REPLAY:
        return (badge,)
    at = snapshot.now.astimezone(NEW_YORK)
    day, time = f"{at.day} {at:%b}", f"{at:%H:%M:%S}"
    return f"{badge} {day} {time}", f"{badge} {day} {time[:5]}", f"{day} {time[:5]}", time[:5]


def _index_freshness(snapshot: Snapshot) -> Freshness:
    slug = snapshot.cast[INDEX].slug
    keys = (Key(Kind.INTRADAY, INDEX), Key(Kind.DAILY, INDEX))
    return panel_freshness(snapshot, (f"{slug}.last", f"{slug}.return.1d"), keys)


def _leaders_freshness(snapshot: Snapshot, window: str) -> Freshness:
    if leads_by_members(snapshot, window):
        return census_freshness(snapshot)
    return list_freshness(snapshot, _last_of(snapshot, [i.symbol for i in snapshot.cast.leaders]))


def _last_of(snapshot: Snapshot, symbols: Sequence[str]) -> list[str]:
    return [f"{snapshot.cast[symbol].slug}.last" for symbol in symbols]


def _mark(snapshot: Snapshot, fresh: Freshness) -> Mark:
    """Return source and age; the strip's own badge says whose it is that is not of now."""
    if snapshot.mode.badge:
        fresh = replace(fresh, source="")
    return mark_of(fresh, snapshot.now)


def _ages(snapshot: Snapshot, index: Freshness) -> dict[str, Age]:
    names = {"vix": f"{snapshot.cast[VIX].slug}.last", "rvx": f"{snapshot.cast[RVX].slug}.last"}
    names["extended"] = f"{snapshot.cast[TRACKER].slug}.extended.last"
    found = {each: freshness(snapshot, name) for each, name in names.items()}
    found["breadth"] = census_freshness(snapshot)
    told = {each: _age(snapshot, fresh, index) for each, fresh in found.items()}
    return {each: age for each, age in told.items() if age is not None}


def _age(snapshot: Snapshot, fresh: Freshness, index: Freshness) -> Age | None:
    """Return how fresh a number is, None for one that is absent or is as the index is."""
    if fresh.look is Look.ABSENT or (_is_alike(fresh, index) and fresh.source == index.source):
        return None
    mark = _mark(snapshot, fresh)
    sign = {Look.LATE: "late ", Look.FAILING: "▲ "}.get(fresh.look, "")
    brief = "" if _is_alike(fresh, index) else f"{sign}{fresh.beside or age_in_words(fresh)}"
    return Age(brief.strip(), mark.text, mark.role)


def _is_alike(one: Freshness, other: Freshness) -> bool:
    """Return whether two look alike and are of one minute, or of one session that is over."""
    if one.as_of is None or other.as_of is None or one.look is not other.look:
        return False
    if one.still and other.still:
        return exchange_date(one.as_of) == exchange_date(other.as_of)
    return abs(one.as_of - other.as_of) < _SAME_MINUTE


def _worst(snapshot: Snapshot) -> tuple[str, ...]:
    """Return `nasdaq no answer` and, in fewer cells, `11/12`; nothing when all is well."""
    feeds = snapshot.feeds.values()
    failing = (feed for feed in feeds if feed.state is FeedState.FAILING)
    worst = max(failing, key=lambda f: f.failures, default=None)
    if worst is None or worst.trouble is None:
        return ()
    count = counted(feeds)
    return cause_of(worst.trouble), f"{count.ok}/{count.known}"


def _is_silent(snapshot: Snapshot) -> bool:
    """Return whether every feed that said anything in this run failed."""
    count = counted(snapshot.feeds.values())
    return count.failing > 0 and not count.ok

"""What a strip of one to three lines says, worked out of one snapshot."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from market.freshness import panel_freshness
from market.health import FeedState, counted
from market.instruments import INDEX, RVX, TRACKER, VIX
from market.quotes import Key, Kind, Phase
from market.sessions import NEW_YORK
from market.snapshot import Mode, Snapshot
from widgets.census_mark import census_value, is_census_old
from widgets.leaders_view import RowKind, leader_rows
from widgets.mark import Mark, cause_of, mark_of
from widgets.values import Value, level_of, value_of


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
        mark=_index_mark(snapshot),
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


def _index_mark(snapshot: Snapshot) -> Mark:
    """Return source and age of the level; the strip's own badge says whose it is."""
    slug = snapshot.cast[INDEX].slug
    keys = (Key(Kind.INTRADAY, INDEX), Key(Kind.DAILY, INDEX))
    fresh = panel_freshness(snapshot, (f"{slug}.last", f"{slug}.return.1d"), keys)
    if snapshot.mode.badge:
        fresh = replace(fresh, source="")
    return mark_of(fresh, snapshot.now)


def _worst(snapshot: Snapshot) -> tuple[str, ...]:
    """Return `nasdaq no answer` and, in fewer cells, `11/12`; nothing when all is well."""
    feeds = snapshot.feeds.values()
    failing = (feed for feed in feeds if feed.state is FeedState.FAILING)
    worst = max(failing, key=lambda f: f.failures, default=None)
    if worst is None or worst.trouble is None:
        return ()
    count = counted(feeds)
    return cause_of(worst.trouble), f"{count.ok}/{count.asked}"


def _is_silent(snapshot: Snapshot) -> bool:
    """Return whether every feed that said anything in this run failed."""
    count = counted(snapshot.feeds.values())
    return count.failing > 0 and not count.ok

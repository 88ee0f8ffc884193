"""The market in one to three lines, for a strip of a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

import msgspec
from msgspec.structs import replace
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from market.freshness import panel_freshness
from market.health import FeedState, Look
from market.instruments import INDEX, RVX, TRACKER, VIX
from market.quotes import Key, Kind, Phase
from market.sessions import NEW_YORK
from market.snapshot import Mode, Snapshot
from widgets.census_mark import census_value, is_census_old
from widgets.leaders import leader_rows
from widgets.lines import Item, Line, between, item, joined, packed, sentence, strip_of, width_of
from widgets.mark import CAUSES, Mark, mark_of
from widgets.palette import app_of, palette_of
from widgets.panel import ascii_of
from widgets.strips import direction, percent, plain, price
from widgets.values import Value, labelled, level_of, value_of


class StripView(msgspec.Struct, frozen=True):
    """All that the strip says."""

    demo: bool
    last: Value
    day: Value
    vix: Value
    rvx: Value
    advances: Value
    declines: Value
    extended: tuple[str, Value, Value]
    """(`pre` or `post` or nothing, IWM's print, its return)."""
    phase: str
    worst: str
    """The feed that fails, and why in a word; empty when all is well."""
    silent: bool
    """Whether no feed answers."""
    mark: Mark
    """How fresh the index is."""
    leaders: tuple[tuple[str, Value], ...]
    """Best first."""
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
        demo=snapshot.mode is Mode.DEMO,
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
        leaders=tuple((r.name, r.returns[0][1]) for r in rows if r.returns[0][1].known),
        watched=tuple((s, value(s, "last"), value(s, "return.1d")) for s in symbols),
    )


def _index_mark(snapshot: Snapshot) -> Mark:
    """Return source and age of the level; the strip's own DEMO says who simulated it."""
    slug = snapshot.cast[INDEX].slug
    keys = (Key(Kind.INTRADAY, INDEX), Key(Kind.DAILY, INDEX))
    fresh = panel_freshness(snapshot, (f"{slug}.last", f"{slug}.return.1d"), keys)
    if snapshot.mode is Mode.DEMO:
        fresh = replace(fresh, source="")
    return mark_of(fresh, snapshot.now)


def _worst(snapshot: Snapshot) -> str:
    failing = (f for f in snapshot.feeds.values() if f.state is FeedState.FAILING)
    worst = max(failing, key=lambda f: f.failures, default=None)
    if worst is None or worst.trouble is None:
        return ""
    return f"{plain(worst.name, 12)} {CAUSES[worst.trouble.kind].word}"


def _is_silent(snapshot: Snapshot) -> bool:
    """Return whether every feed that said anything in this run failed."""
    states = {feed.state for feed in snapshot.feeds.values()}
    return FeedState.FAILING in states and FeedState.OK not in states


def paint(view: StripView, width: int, height: int, offer: str = "", held: str = "") -> list[Line]:
    """Return one to three lines: the index, then leaders, then what is watched.

    `offer` is what a key could do now, in a few words: `D: demo`; `held` says that the picture
    stands still: `HOLD 14:32`.
    """
    badges = tuple(item((t, r), priority=_INDEX) for t, r in ((held, "failing"),) if t)
    lines = [_market(view, width, offer, badges), _leaders(view, width), _watched(view, width)]
    return lines[: max(0, height)]


def _market(view: StripView, width: int, offer: str, badges: tuple[Item, ...] = ()) -> Line:
    """Return the index, its volatility and, at the right end, how fresh the index is."""
    if not (view.last.known or view.vix.known):
        return _nothing(view, width, offer)
    if view.last.known and width < width_of(_level(view)) + (6 if view.demo else 0):
        return _bare_level(view, width)
    items = [*badges, *_market_items(view, offer)]
    if _taken(items, _LEVELS) > width:  # the sign tells the direction too
        items = [*badges, *_market_items(view, offer, with_arrow=False)]
    mark = _mark_beside(view.mark, items, width)
    room = width - len(mark) - 2 if mark else width
    return between(packed(items, room, 2), ((mark, view.mark.role),) if mark else (), width)


def _nothing(view: StripView, width: int, offer: str) -> Line:
    """Say in words that nothing is known, why, and what can be done."""
    room = width - len("DEMO  ") if view.demo else width
    role, wordings = ("failing", _NO_ANSWER) if view.silent else ("absent", _WAITING)
    words = next((text for text in wordings if len(text) <= room), "")
    items = [
        item(("DEMO", "demo")) if view.demo else item(),
        item((words, role), priority=1) if words else item(),
        item((view.worst, role), priority=3) if view.worst else item(),
        item((offer, "accent"), priority=2) if offer else item(),
    ]
    return packed(items, width, 2)


_NO_ANSWER = ("no feed answers", "no answer", "▲")
_WAITING = ("waiting for data", "waiting", "—")


def _mark_beside(mark: Mark, items: Sequence[Item], width: int) -> str:
    """Return the mark's wording: the VIX yields to one that tells of age or failure."""
    room = 0
    for least in (_LEVELS,) if mark.look is Look.LIVE else (_LEVELS, _INDEX):
        room = width - _taken(items, least) - 2
        words = mark.fitted(room)
        if len(words) > 1:
            return words
    return mark.fitted(room)


def _taken(items: Sequence[Item], least: int) -> int:
    """Return the cells of the items of at most that priority."""
    return width_of(joined([i.runs for i in items if i.runs and i.priority <= least], 2))


_INDEX, _LEVELS = 1, 2
"""Priorities of what the mark leaves in its place: the index alone, and the VIX beside it."""


def _market_items(view: StripView, offer: str, *, with_arrow: bool = True) -> list[Item]:
    day = percent(view.day.number, 2, " %")
    arrow, role = view.day.arrow()
    sign = ((arrow + " ", role),) if with_arrow else ()
    moved = (*sign, view.day.run(day, direction(day))) if view.last.known else ()
    tag, last, against = view.extended
    items: list[Item] = [
        item(*_level(view), priority=0),
        item(*moved, priority=_INDEX),
        item(*labelled("VIX", view.vix.level()), priority=_LEVELS),
        item(*_breadth(view), priority=4),
        item(*labelled("RVX", view.rvx.level()), priority=7),
    ]
    if view.demo:
        items.insert(0, item(("DEMO", "demo")))
    if tag and last.known:
        runs = (last.level(2, "strong"), (" ", "text"), against.moved(2, " %"))
        items.append(item(*labelled(f"IWM {tag}", *runs), priority=5))
    if view.worst and view.mark.look is not Look.FAILING:
        items.append(item(("▲ ", "failing"), (view.worst, "failing"), priority=3))
    if offer:
        items.append(item((offer, "accent"), priority=_INDEX))
    if view.phase:
        items.append(item((view.phase, "muted"), priority=6))
    return items


def _bare_level(view: StripView, width: int) -> Line:
    """Return the number without its name, for want of room; a simulated one looks like it."""
    badge = item(("DEMO", "demo"), priority=1) if view.demo else item()
    role = "demo" if view.demo else "strong"
    return packed([badge, item(view.last.level(2, role))], width, 1)


def _level(view: StripView) -> Line:
    return labelled("RUT", view.last.level(2, "strong"))


def _breadth(view: StripView) -> Line:
    """Return `▲ 1,311 589 ▼`, nothing while the members are not counted."""
    ups, downs = view.advances, view.declines
    if not (ups.known and downs.known):
        return ()
    up, down = price(ups.number, 0), price(downs.number, 0)
    return (ups.run(f"▲ {up}", "up"), (" ", "text"), downs.run(f"{down} ▼", "down"))


def _leaders(view: StripView, width: int) -> Line:
    """Return the best and the worst sub-sectors, from the outside in."""
    rows = view.leaders
    count = len(rows)
    order = sorted(range(count), key=lambda n: min(n, count - 1 - n))
    rank = {n: place for place, n in enumerate(order)}
    items = [
        item(*labelled(name, value.moved(2), role="muted"), priority=rank[n])
        for n, (name, value) in enumerate(rows)
    ]
    return packed(items, width, 2)


def _watched(view: StripView, width: int) -> Line:
    if not any(last.known for _, last, _ in view.watched):
        return ()
    items = [
        item(*_watched_item(symbol, last, day), priority=n)
        for n, (symbol, last, day) in enumerate(view.watched)
    ]
    return packed(items, width, 2)


def _watched_item(symbol: str, last: Value, day: Value) -> Line:
    moved = ((" ", "text"), day.moved(2)) if last.known else ()
    return labelled(symbol, last.level(), *moved, role="muted")


class StripLine(Widget):
    """What matters most, when there is a line of room."""

    DEFAULT_CSS = "StripLine { height: 1fr; width: 1fr; }"

    snapshot: reactive[Snapshot | None] = reactive(cast("Snapshot | None", None), repaint=False)
    symbols: reactive[tuple[str, ...]] = reactive(cast("tuple[str, ...]", ()), repaint=False)
    """What is watched."""
    window: reactive[str] = reactive("1D", repaint=False)
    offer: reactive[str] = reactive("", repaint=False)
    """What a key could do now, in a few words: `D: demo`; nothing as a rule."""
    held_at: reactive[datetime | None] = reactive(cast("datetime | None", None), repaint=False)
    """Since when the picture is held; None when it runs."""
    message: reactive[str] = reactive("", repaint=False)
    """A sentence that stands on the last line for a moment."""

    _view: StripView | None = None

    def watch_snapshot(self) -> None:
        """Take the news."""
        self._renew()

    def watch_symbols(self) -> None:
        """Watch others."""
        self._renew()

    def watch_window(self) -> None:
        """Rank the leaders over another window."""
        self._renew()

    def watch_offer(self) -> None:
        """Offer something else, or nothing."""
        self.refresh()

    def watch_held_at(self) -> None:
        """Say that the picture stands, or goes on."""
        self.refresh()

    def watch_message(self) -> None:
        """Say it, or take it away."""
        self.refresh()

    def _renew(self) -> None:
        if self.snapshot is None:
            return
        view = view_of(self.snapshot, self.symbols, self.window)
        if view != self._view:
            self._view = view
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return one of the lines."""
        width, height = self.size
        lines = self._lines(width, height)
        line = lines[y] if y < len(lines) else ()
        strip = strip_of(line, palette_of(app_of(self)), width, ascii_only=ascii_of(self))
        return strip.apply_style(self.visual_style.rich_style)

    def _lines(self, width: int, height: int) -> list[Line]:
        """Return the lines; a message covers the last of them."""
        at = self.held_at
        held = "" if at is None else f"HOLD {at.astimezone(NEW_YORK):%H:%M}"
        lines = [] if self._view is None else paint(self._view, width, height, self.offer, held)
        if not self.message:
            return lines
        said: Line = ((sentence(plain(self.message), width), "text"),)
        blank: list[Line] = [()] * (height - 1 - len(lines))
        return [*lines[: height - 1], *blank, said]

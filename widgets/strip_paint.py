"""Draws the strip: what matters most first, and whole items only."""

from __future__ import annotations

from collections.abc import Sequence

from market.health import Look
from widgets.lines import Item, Line, between, item, joined, packed, width_of
from widgets.mark import Mark
from widgets.strip_view import StripView
from widgets.strips import direction, percent, price
from widgets.values import Value, labelled


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


_DAY = "1D"
"""The window that needs no name."""
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
    """Return the best and the worst sub-sectors, from the outside in; after any window but 1D."""
    rows = view.leaders
    count = len(rows)
    order = sorted(range(count), key=lambda n: min(n, count - 1 - n))
    rank = {n: place for place, n in enumerate(order)}
    items = [
        item(*labelled(name, value.moved(2), role="muted"), priority=rank[n])
        for n, (name, value) in enumerate(rows)
    ]
    if rows and view.window != _DAY:
        items.insert(0, item((view.window, "strong"), priority=-1))
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

"""Draws the strip: what matters most first, and whole items only."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

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
    badge = _badge(view, width - width_of(_level(view)) - 2 if view.last.known else width)
    taken = len(badge) + 2 if badge else 0
    if view.last.known and width < width_of(_level(view)) + taken:
        return _bare_level(view, badge, width)
    if badge:
        badges = (item((badge, "demo")), *badges)
    items = _worded(view, width, offer, badges)
    mark = _mark_beside(view.mark, items, width)
    room = width - len(mark) - 2 if mark else width
    return between(packed(items, room, 2), ((mark, view.mark.role),) if mark else (), width)


def _badge(view: StripView, room: int) -> str:
    """Return the fullest badge that fits, else the shortest."""
    return next((badge for badge in view.badges if len(badge) <= room), view.badges[-1])


def _nothing(view: StripView, width: int, offer: str) -> Line:
    """Say in words that nothing is known, why, and what can be done."""
    badge = _badge(view, width)
    room = width - len(badge) - 2 if badge else width
    role, wordings = ("failing", _NO_ANSWER) if view.silent else ("absent", _WAITING)
    words = next((text for text in wordings if len(text) <= room), "")
    items = [
        item((badge, "demo")) if badge else item(),
        item((words, role), priority=1) if words else item(),
        item((view.worst[0], role), priority=3) if view.worst else item(),
        item((offer, "accent"), priority=2) if offer else item(),
    ]
    return packed(items, width, 2)


_NO_ANSWER = ("no feed answers", "no answer", "▲")
_WAITING = ("waiting for data", "waiting", "—")


def _worded(view: StripView, width: int, offer: str, badges: tuple[Item, ...]) -> list[Item]:
    """Return the items, the worst feed and the move in as many words as there is room for.

    The arrow goes first, as the sign tells the direction too; then breadth, the age, the VIX.
    """
    told = () if view.mark.look is Look.FAILING else view.worst
    age = min(cell_len(words) for words in view.mark.wordings[:2]) + 2
    for least, kept in ((_ALL, age), (_BREADTH, age), (_LEVELS, age), (_LEVELS, 0), (_WORST, 0)):
        for with_arrow in (True, False):
            for worst in told or ("",):
                market = _market_items(view, with_arrow=with_arrow, is_whole=least is _ALL)
                items = [*badges, *market, *_around(view, offer, worst)]
                if _taken(items, least) + kept <= width:
                    return items
    return [*badges, *_market_items(view, with_arrow=False), *_around(view, offer)]


def _mark_beside(mark: Mark, items: Sequence[Item], width: int) -> str:
    """Return the mark's wording: breadth yields to it whole or with the age alone.

    The VIX yields to one that tells of age or failure.
    """
    words = mark.fitted(width - _taken(items, _BREADTH) - 2)
    if words in mark.wordings[:2]:
        return words
    room = 0
    for least in (_LEVELS,) if mark.look is Look.LIVE else (_LEVELS, _WORST, _INDEX):
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
_INDEX, _WORST, _LEVELS, _BREADTH, _ALL = 1, 2, 3, 4, 9
"""Priorities of what the mark may leave in its place: the index, then what is beside it."""


def _market_items(view: StripView, *, with_arrow: bool, is_whole: bool = False) -> list[Item]:
    """Return the numbers; each with what the line's end does not say of it, or all there is."""
    day = percent(view.day.number, 2, " %")
    arrow, role = view.day.arrow()
    sign = ((arrow + " ", role),) if with_arrow else ()
    moved = (*sign, view.day.run(day, direction(day))) if view.last.known else ()
    tag, last, against = view.extended

    def age(name: str) -> Line:
        told = view.ages.get(name)
        words = "" if told is None else told.full if is_whole else told.brief
        return ((f" {words}", told.role),) if told is not None and words else ()

    breadth = _breadth(view)
    items: list[Item] = [
        item(*_level(view), priority=0),
        item(*moved, priority=_INDEX),
        item(*labelled("VIX", view.vix.level(), *age("vix")), priority=_LEVELS),
        item(*breadth, *(age("breadth") if breadth else ()), priority=_BREADTH),
        item(*labelled("RVX", view.rvx.level(), *age("rvx")), priority=7),
    ]
    if tag and last.known:
        runs = (last.level(2, "strong"), (" ", "text"), against.moved(2, " %"))
        items.append(item(*labelled(f"IWM {tag}", *runs, *age("extended")), priority=5))
    return items


def _around(view: StripView, offer: str, worst: str = "") -> list[Item]:
    """Return what is told beside the numbers: who fails, what a key could do, the hours."""
    items: list[Item] = []
    if worst:
        items.append(item(("▲ ", "failing"), (worst, "failing"), priority=_WORST))
    if offer:
        items.append(item((offer, "accent"), priority=_INDEX))
    if view.phase:
        items.append(item((view.phase, "muted"), priority=6))
    return items


def _bare_level(view: StripView, badge: str, width: int) -> Line:
    """Return the number without its name, for want of room; a simulated one looks like it."""
    before = item((badge, "demo"), priority=1) if badge else item()
    role = "demo" if badge else "strong"
    return packed([before, item(view.last.level(2, role))], width, 1)


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
    return _marked(items, view.leaders_mark, width)


def _marked(items: list[Item], mark: Mark, width: int) -> Line:
    """Return a list's items, and how fresh they are at the line's end, in a quarter of it."""
    words = mark.fitted(width // 4)
    if not items or not words:
        return packed(items, width, 2)
    end = ((words, mark.role),)
    return between(packed(items, width - width_of(end) - 2, 2), end, width)


def _watched(view: StripView, width: int) -> Line:
    if not any(last.known for _, last, _ in view.watched):
        return ()
    items = [
        item(*_watched_item(symbol, last, day), priority=n)
        for n, (symbol, last, day) in enumerate(view.watched)
    ]
    return _marked(items, view.watched_mark, width)


def _watched_item(symbol: str, last: Value, day: Value) -> Line:
    moved = ((" ", "text"), day.moved(2)) if last.known else ()
    return labelled(symbol, last.level(), *moved, role="muted")

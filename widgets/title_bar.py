"""The title line: program, crumbs, market clock, session, feeds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

import msgspec
from rich.cells import cell_len
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from market.health import FeedState
from market.quotes import Phase
from market.sessions import NEW_YORK, phase_in_words, session_state
from market.snapshot import Snapshot
from widgets.lines import (
    Item,
    Line,
    between,
    cells_changed,
    cropped,
    item,
    joined,
    packed,
    strip_of,
    width_of,
)
from widgets.palette import app_of, ascii_of, palette_of
from widgets.strips import plain, times


class TitleView(msgspec.Struct, frozen=True):
    """All that the title line says at one second."""

    crumbs: tuple[str, ...]
    now: datetime
    feeds_ok: int = 0
    """How many feeds answered in this run and do not fail."""
    feeds_failing: int = 0
    feeds: int = 0
    """How many there are."""
    badge: str = ""
    """What else than the live market it is: DEMO, or REPLAY and how the tape runs."""
    held_at: datetime | None = None
    pace: float = 1.0
    restored: bool = False
    """Whether the picture is the last one from disk, and nothing newer came yet."""
    resting: bool = False
    """Whether feeds need not answer now: the market is closed and its last prices are known."""


_SIGN = " › "
_STAYING = 1
"""Badges of at most this priority outlast the beginning of the crumbs: DEMO and HOLD."""


def paint(view: TitleView, width: int) -> Line:
    """Return the line: the whole way here goes before the wording of clock and session."""
    right = _right(view, width)
    room = width - width_of(right) - (2 if right else 0)
    return between(_left(view, room), right, width)


def _right(view: TitleView, width: int) -> Line:
    """Return the fullest wording beside the fullest left part that leaves room for any."""
    wordings = _rights(view)
    for taken in _lefts(view):
        for right in wordings:
            if taken + width_of(right) <= width:
                return right
    return ()


def _rights(view: TitleView) -> list[Line]:
    """Return clock, session and feeds in ever fewer words; that it is from disk goes last."""
    sessions = _sessions(view)
    ages = [(("from disk", "late"),), ()] if view.restored else [()]
    told = [line for age in ages for line in _dated(view, age, sessions)]
    return [*told, joined([sessions[-1], _feeds(view, short=True)], 1)]


def _dated(view: TitleView, age: Line, sessions: list[Line]) -> list[Line]:
    """Return what is told behind the age of the picture, first with the day, then without."""
    lead, few = [age] if age else [], _feeds(view, short=True)
    longest, *shorter = sessions
    day, time = _clock(view, "%a %H:%M:%S"), _clock(view, "%H:%M:%S")
    return [
        joined([*lead, _clock(view, "%a @ %b %H:%M:%S"), longest, _feeds(view), ()], 3),
        joined([*lead, day, longest, few], 2),
        *(joined([*lead, time, each, few], 2) for each in shorter),
    ]


def _lefts(view: TitleView) -> tuple[int, ...]:
    """Return the cells the left part asks for: whole, without program and pace, one crumb only."""
    names, badges = _names(view), _badges(view)
    way, marks = cell_len(_SIGN.join(names)), _spread([b for b in badges if b.priority <= _STAYING])
    return _spread(badges) + way + 5, marks + way + 5, marks + cell_len(names[-1]) + 5


def _spread(badges: list[Item]) -> int:
    return width_of(joined([badge.runs for badge in badges], 2))


def _left(view: TitleView, room: int) -> Line:
    """Return program, badges and crumbs; DEMO stays, whatever the room."""
    names, badges = _names(view), _badges(view)
    beside_way = room - cell_len(_SIGN.join(names)) - 3
    least = _spread([badge for badge in badges if badge.priority <= _STAYING])
    most = room - cell_len(names[-1]) - 3
    kept = packed(badges, max(4, min(most, max(least, beside_way))), 2)
    crumbs = _crumbs(names, room - width_of(kept) - 3)
    return ((" ", "text"), *joined([part for part in (kept, crumbs) if part], 2))


def _badges(view: TitleView) -> list[Item]:
    badges = [item(("captop", "accent"), priority=3)]
    if view.badge:
        badges.append(item((view.badge, "demo")))
    if view.held_at is not None:
        since = f"{view.held_at.astimezone(NEW_YORK):%H:%M:%S}"
        badges.append(item((f"HOLD {since}", "failing"), priority=1))
    if view.pace != 1.0:
        badges.append(item((f"pace {times(view.pace)}", "muted"), priority=4))
    return badges


def _names(view: TitleView) -> list[str]:
    return [plain(crumb, 60) for crumb in view.crumbs] or [""]


def _crumbs(names: list[str], room: int) -> Line:
    """Return the way here, `Russell 2000 › Health Care › XBI`; its start leaves first."""
    for start in range(len(names)):
        way = ["…", *names[start:]] if start else names
        if cell_len(_SIGN.join(way)) <= room:
            before = [run for name in way[:-1] for run in ((name, "muted"), (_SIGN, "faint"))]
            return (*before, (way[-1], "strong"))
    return ((cropped(names[-1], room), "strong"),) if room > 0 else ()


def _clock(view: TitleView, form: str) -> Line:
    local = view.now.astimezone(NEW_YORK)
    return ((local.strftime(form).replace("@", str(local.day)), "text"), (" ET", "faint"))


def _sessions(view: TitleView) -> list[Line]:
    """Return the session with all times and why, in ever fewer words, at last in one."""
    state = session_state(view.now)
    words = phase_in_words(state, view.now)
    told = [words]
    if state.phase is Phase.CLOSED:
        day = words.rpartition(" in ")[0]
        phase, _, opens = day.removesuffix(" ET").partition(f", {state.reason}")
        told += [day, day.removesuffix(" ET"), phase + opens, f"{phase}, {state.reason}"]
    role = "up" if state.phase is Phase.REGULAR else "muted"
    return [((each, role),) for each in (*told, words.partition(",")[0])]


def _feeds(view: TitleView, *, short: bool = False) -> Line:
    if not view.feeds:
        return (("○", "muted"),)
    word = "" if short else " feeds"
    sign, role = ("●", "up") if view.feeds_ok == view.feeds else ("○", "muted")
    if view.feeds_failing:
        sign, role = "▲", "failing"
    elif view.resting and view.feeds_ok < view.feeds:
        return (("○ ", "muted"), (f"{'feeds ' if word else ''}at rest", "muted"))
    return ((f"{sign} ", role), (f"{view.feeds_ok}/{view.feeds}{word}", "muted"))


def crumb_at(line: Line, crumbs: Sequence[str], x: int) -> int | None:
    """Return the place of the crumb that stands at a cell of a painted line."""
    names = [plain(crumb, 60) for crumb in crumbs]
    for text, role in _run_at(line, x):
        if role in _CRUMB_ROLES and text in names:
            return len(names) - 1 - names[::-1].index(text)
    return None


def is_badge_at(line: Line, x: int) -> bool:
    """Return whether the feeds' badge stands at a cell of a painted line: the signs and behind."""
    signs = [n for n, (text, _) in enumerate(line) if text[:1] in _FEED_SIGNS]
    return bool(signs) and width_of(line[: signs[-1]]) <= x < width_of(line)


_CRUMB_ROLES = frozenset({"muted", "strong"})
_FEED_SIGNS = frozenset("●○▲")


def _run_at(line: Line, x: int) -> Line:
    """Return the run at a cell, none beyond the end of the line."""
    end = 0
    for run in line:
        end += cell_len(run[0])
        if x < end:
            return (run,)
    return ()


class TitleBar(Widget):
    """The first line of every screen. It repaints only when a letter of it changed."""

    DEFAULT_CSS = "TitleBar { height: 1; width: 1fr; }"

    class CrumbClicked(Message):
        """A part of the way here was clicked on."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place
            """0 is where the way begins."""

    class FeedsClicked(Message):
        """The feeds' badge was clicked on."""

    snapshot: reactive[Snapshot | None] = reactive(cast("Snapshot | None", None), repaint=False)
    crumbs: reactive[tuple[str, ...]] = reactive(("Russell 2000",), repaint=False)
    """The way from the index to what is shown."""
    held_at: reactive[datetime | None] = reactive(cast("datetime | None", None), repaint=False)
    """Since when the picture is held; None when it runs."""
    pace: reactive[float] = reactive(1.0, repaint=False)
    """How much faster than normal the feeds are asked."""
    tape: reactive[str] = reactive("", repaint=False)
    """How the tape runs that is played, `10x` or `still`."""
    now: reactive[datetime | None] = reactive(cast("datetime | None", None), repaint=False)
    """The clock's time where it is not the snapshot's: while the picture is held."""
    feeds: reactive[int] = reactive(0, repaint=False)
    """How many feeds there are, as long as the snapshot has not heard of all of them."""

    _line: Line = ()
    _worded_for = 0
    """The cells that the line was worded for."""

    def watch_snapshot(self) -> None:
        """Take the news."""
        self._renew()

    def watch_crumbs(self) -> None:
        """Show another way."""
        self._renew()

    def watch_held_at(self) -> None:
        """Say since when the picture stands."""
        self._renew()

    def watch_pace(self) -> None:
        """Say the pace."""
        self._renew()

    def watch_tape(self) -> None:
        """Say how the tape runs."""
        self._renew()

    def watch_now(self) -> None:
        """Move the clock."""
        self._renew()

    def watch_feeds(self) -> None:
        """Count feeds that nobody has heard of yet."""
        self._renew()

    def on_resize(self) -> None:
        """Word it for the new width."""
        self._renew()

    def view(self) -> TitleView | None:
        """Return what the line says now."""
        snapshot = self.snapshot
        if snapshot is None:
            return None
        states = [feed.state for feed in snapshot.feeds.values()]
        return TitleView(
            self.crumbs,
            self.now or snapshot.now,
            states.count(FeedState.OK),
            states.count(FeedState.FAILING),
            max(len(states), self.feeds),
            f"{snapshot.mode.badge} {self.tape}".strip(),
            self.held_at,
            self.pace,
            snapshot.restored_at is not None,
            bool(snapshot.quotes) and snapshot.session.phase is Phase.CLOSED,
        )

    def _renew(self) -> None:
        line, shown = self._worded(), self._line
        if line != shown:
            self._line = line
            self.refresh(Region(0, 0, cells_changed(shown, line), 1))

    def _worded(self) -> Line:
        """Return the line for the width there is."""
        view, self._worded_for = self.view(), self.size.width
        return () if view is None else paint(view, self.size.width)

    def on_click(self, event: events.Click) -> None:
        """Tell of a click on the way here, or on the feeds' badge."""
        event.stop()
        if is_badge_at(self._line, event.x):
            self.post_message(self.FeedsClicked())
        elif (place := crumb_at(self._line, self.crumbs, event.x)) is not None:
            self.post_message(self.CrumbClicked(place))

    def render_line(self, y: int) -> Strip:
        """Return the line; it may be asked for at a width before anything has told of that."""
        del y
        if self._worded_for != self.size.width:
            self._line = self._worded()
        palette = palette_of(app_of(self))
        strip = strip_of(self._line, palette, self.size.width, ascii_only=ascii_of(self))
        return strip.apply_style(self.visual_style.rich_style)

"""What the title line says: program, way here, clock, session, feeds, in the room there is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from rich.cells import cell_len

from market.health import counted
from market.quotes import Phase
from market.sessions import NEW_YORK, phase_in_words, session_state
from market.snapshot import Snapshot
from widgets.lines import Item, Line, between, cropped, item, joined, packed, width_of
from widgets.strips import plain, times


class TitleView(msgspec.Struct, frozen=True):
    """All that the title line says at one second."""

    crumbs: tuple[str, ...]
    now: datetime
    feeds_ok: int = 0
    """How many feeds answered in this run and do not fail."""
    feeds_failing: int = 0
    feeds: int = 0
    """How many were asked in this run or answered in an earlier one; all while none was."""
    feeds_awaited: int = 0
    """How many were asked for the first time in this run, and have not answered yet."""
    badge: str = ""
    """What else than the live market it is: DEMO, or REPLAY and how the tape runs."""
    held_at: datetime | None = None
    pace: float = 1.0
    restored: bool = False
    """Whether the picture is the last one from disk, and nothing newer came yet."""
    resting: bool = False
    """Whether feeds need not answer now: the market is closed and its last prices are known."""
    is_tape: bool = False
    """Whether a tape is played: of which instant is what one looks for first."""


def view_of(
    snapshot: Snapshot,
    crumbs: tuple[str, ...],
    *,
    feeds: int = 0,
    held_at: datetime | None = None,
    pace: float = 1.0,
    tape: str = "",
) -> TitleView:
    """Return what the line says.

    Args:
        snapshot: What is known now.
        crumbs: The way from the index to what is shown.
        feeds: How many feeds there are, as long as the snapshot has heard of none.
        held_at: Since when another picture is held; None when it runs.
        pace: How much faster than normal the feeds are asked.
        tape: How the tape runs that is played, `x10` or `still`.
    """
    counts = counted(snapshot.feeds.values())
    return TitleView(
        crumbs=crumbs,
        now=snapshot.now,
        feeds_ok=counts.ok,
        feeds_failing=counts.failing,
        feeds_awaited=counts.awaited,
        feeds=counts.known or feeds,
        badge=f"{snapshot.mode.badge} {tape}".strip(),
        held_at=held_at,
        pace=pace,
        restored=snapshot.restored_at is not None,
        resting=bool(snapshot.quotes) and snapshot.session.phase is Phase.CLOSED,
        is_tape=bool(tape),
    )


_SIGN = " › "
_LEAST_CRUMB = 6
"""Cells in which a cut crumb and the gap before it are worth their while."""
_STAYING = 1
"""Badges of at most this priority outlast the beginning of the crumbs: DEMO and HOLD."""


def paint(view: TitleView, width: int) -> Line:
    """Return the line: the whole way here goes before the wording of clock and session."""
    right = _right(view, width)
    room = width - width_of(right) - (2 if right else 0)
    return between(_left(view, room), right, width)


def _right(view: TitleView, width: int) -> Line:
    """Return the fullest wording beside the fullest left part that leaves room for any."""
    choices = [(_lefts(view), _rights(view))] if not view.is_tape else _of_tape(view)
    for lefts, wordings in choices:
        for taken in lefts:
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
        *(
            joined([*lead, _clock(view, "%a @ %b %H:%M:%S"), longest, feeds, ()], 3)
            for feeds in (_feeds(view, with_waiting=True), _feeds(view))
        ),
        joined([*lead, day, longest, few], 2),
        *(joined([*lead, time, each, few], 2) for each in shorter),
    ]


def _of_tape(view: TitleView) -> list[tuple[tuple[int, ...], list[Line]]]:
    """Return what the right part of a tape may say, beside how much of the left one.

    Session and feeds yield to the instant with its day, then the way here, then the day.
    """
    few, day = _feeds(view, short=True), _clock(view, "%a @ %b %H:%M:%S")
    longest, *shorter = _sessions(view)
    told = [joined([day, each, few], 2) for each in (longest, *shorter)]
    brief = _clock(view, "@ %b %H:%M:%S")
    dated = [joined([brief, shorter[-1], few], 2), joined([brief, shorter[-1]], 2), brief]
    bare = _spread([badge for badge in _badges(view) if badge.priority <= _STAYING]) + 3
    return [
        (_lefts(view), [joined([day, longest, _feeds(view), ()], 3), *told, *dated]),
        ((bare + _LEAST_CRUMB, bare), [brief, brief[:1]]),
        ((bare,), [_clock(view, form)[:1] for form in ("%H:%M:%S", "%H:%M")]),
    ]


def _lefts(view: TitleView) -> tuple[int, ...]:
    """Return the cells the left part asks for: whole, without program and pace, one crumb only."""
    names, badges = _names(view), _badges(view)
    way, marks = cell_len(_SIGN.join(names)), _spread([b for b in badges if b.priority <= _STAYING])
    return _spread(badges) + way + 5, marks + way + 5, marks + cell_len(names[-1]) + 5


def _spread(badges: list[Item]) -> int:
    return width_of(joined([badge.runs for badge in badges], 2))


def _left(view: TitleView, room: int) -> Line:
    """Return program, badges and crumbs; DEMO and REPLAY stay, whatever the room."""
    names, badges = _names(view), _badges(view)
    beside_way = room - cell_len(_SIGN.join(names)) - 3
    least = _spread([badge for badge in badges if badge.priority <= _STAYING])
    most = room - cell_len(names[-1]) - 3
    stays = _spread([badge for badge in badges if not badge.priority])
    kept = packed(badges, max(4, stays, min(most, max(least, beside_way))), 2)
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


def _feeds(view: TitleView, *, short: bool = False, with_waiting: bool = False) -> Line:
    """Return how many feeds answer, how many have not yet, and of how many nothing was due."""
    if not view.feeds:
        return (("○", "muted"),)
    word = "" if short else f" feeds{_others(view) if with_waiting else ''}"
    is_well = view.feeds_ok and not view.restored and not view.feeds_awaited
    sign, role = ("●", "up") if is_well else ("○", "muted")
    if view.feeds_failing:
        sign, role = "▲", "failing"
    elif view.resting and view.feeds_ok + view.feeds_awaited < view.feeds:
        return (("○ ", "muted"), (f"{'feeds ' if word else ''}at rest", "muted"))
    return ((f"{sign} ", role), (f"{view.feeds_ok}/{view.feeds}{word}", "muted"))


def _others(view: TitleView) -> str:
    awaited = view.feeds_awaited
    resting = view.feeds - view.feeds_ok - view.feeds_failing - awaited
    told = [f", {awaited} awaited" if awaited else ""]
    told += [f", {resting} at rest" if 0 < resting < view.feeds else ""]
    return "".join(told)


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

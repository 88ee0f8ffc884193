"""The policy panel: what futures expect of the Fed, cut, hold and hike, and a yield beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from market.metrics.closes import day_of_words
from market.sessions import exchange_date
from market.snapshot import Snapshot
from widgets.lines import Item, Line, folded, item, joined, packed, width_of
from widgets.macro_values import metric_day
from widgets.mark import Mark
from widgets.panel import ViewPanel
from widgets.strips import plain, price, share, signed
from widgets.values import Value, absence, labelled, mark_for, value_of

SIDES = ("cut", "hold", "hike")
PATH = "policy.next.p_hold"
"""The metric that stands for the path: none is known without it."""
PROXY = "macro.2y_minus_effr"
NEITHER_BP = 10.0
"""Basis points of the two-year yield from EFFR within which bonds lean neither way."""


class MeetingLine(msgspec.Struct, frozen=True):
    """What is expected of one meeting."""

    name: str
    odds: tuple[Value, Value, Value]
    """Of a range below, at and above the one in force."""
    rate: Value
    change: Value
    """Of the rate since yesterday, basis points."""


class PolicyView(msgspec.Struct, frozen=True, kw_only=True):
    """All that the policy panel shows."""

    next: MeetingLine
    year_end: MeetingLine | None
    """None where it is the next one, or unknown."""
    proxy: Value
    """Two-year yield less EFFR, basis points."""
    proxy_day: str = ""
    effr: Value
    target: tuple[Value, Value]
    reason: str = ""
    """Why there is no path."""
    notice: str = ""


def view_of(snapshot: Snapshot) -> PolicyView:
    """Return what the policy panel shows of a snapshot."""
    study = snapshot.studies.fed_funds
    day, last = (_day(snapshot, place) for place in ("next", "year_end"))
    nearest = _line(snapshot, "next", day)
    has_other = last is not None and last != day
    is_over = day is not None and day < exchange_date(snapshot.now)
    reason = "no price is younger than the last meeting" if is_over else nearest.odds[1].reason
    return PolicyView(
        next=nearest,
        year_end=_line(snapshot, "year_end", last) if has_other else None,
        proxy=value_of(snapshot, PROXY),
        proxy_day=metric_day(snapshot, PROXY),
        effr=value_of(snapshot, "effr.value"),
        target=(value_of(snapshot, "target_low.value"), value_of(snapshot, "target_high.value")),
        reason=reason if is_over or not nearest.odds[1].known else "",
        notice=plain(study.notice) if study is not None else "",
    )


def _day(snapshot: Snapshot, place: str) -> date | None:
    """The decision day by its metric, which is known from disk before any path is worked out."""
    return day_of_words(value_of(snapshot, f"policy.{place}.meeting").word)


def _line(snapshot: Snapshot, place: str, day: date | None) -> MeetingLine:
    cut, hold, hike = (value_of(snapshot, f"policy.{place}.p_{side}") for side in SIDES)
    return MeetingLine(
        f"{day:%b}" if day is not None else "next",
        (cut, hold, hike),
        value_of(snapshot, f"policy.{place}.rate"),
        value_of(snapshot, f"policy.{place}.change.1d"),
    )


def paint(view: PolicyView, width: int, height: int) -> list[Line]:
    """Return the panel's lines: the next meeting and the year's last, the yield behind one.

    Without a path the yield stands in for it, and is said to tell a direction alone.
    """
    if height < 1 or width < 1:
        return []
    if view.reason:
        return _without_path(view, width, height)
    proxy = item(*_proxy(view), priority=1), item((view.proxy_day, "faint"), priority=4)
    meetings = [view.next] if view.year_end is None else [view.next, view.year_end]
    last = meetings[min(len(meetings), height) - 1]
    lines = [
        packed([item(*_odds(m, width)), *(proxy if m is last else _rate(m))], width)
        for m in meetings[:height]
    ]
    spare = height - len(lines)
    beneath = [*folded(view.notice, width, spare)] if view.notice else []
    told = [((text, "failing"),) for text in beneath]
    return [*lines, *told, *_range(view, width)][:height]


def _odds(line: MeetingLine, width: int) -> Line:
    """All three answers, in as many words as fit; none rather than one side alone."""
    for is_wide in (True, False):
        runs = joined([((_name(line, is_wide=is_wide), "text"),), *_answers(line, is_wide=is_wide)])
        if width_of(runs) <= width:
            return runs
    return ()


def _name(line: MeetingLine, *, is_wide: bool) -> str:
    return f"{line.name} FOMC" if is_wide else line.name


def _answers(line: MeetingLine, *, is_wide: bool) -> Iterator[Line]:
    """As many cells for every one, so that lines stand below one another."""
    known = [value.number or 0.0 for value in line.odds]
    most = known.index(max(known))
    for place, (side, value) in enumerate(zip(SIDES, line.odds, strict=True)):
        text = share(value.number, unit=" %" if is_wide else "%").rjust(5 if is_wide else 4)
        yield labelled(side, value.run(text, "strong" if place == most else "text"))


def _rate(line: MeetingLine) -> list[Item]:
    rate = line.rate.run(share(line.rate.number, 2))
    since = line.change.run(f"{signed(line.change.number, 1)} bp", "muted")
    return [item(*labelled("to", rate), priority=2), item(since, (" 1D", "faint"), priority=3)]


def _proxy(view: PolicyView) -> Line:
    return labelled("2y−EFFR", view.proxy.run(f"{signed(view.proxy.number, 0)} bp"))


def _range(view: PolicyView, width: int) -> list[Line]:
    """The range in force and the rate in it, where a line is left."""
    low, high = view.target
    bounds = f"{price(_percent(low), 2)}–{price(_percent(high), 2)} %"
    line = packed(
        [
            item(*labelled("target", low.run(bounds))),
            item(*labelled("EFFR", view.effr.run(share(view.effr.number, 2))), priority=1),
        ],
        width,
    )
    return [line] if low.known and line else []


def _percent(value: Value) -> float | None:
    return None if value.number is None else 100 * value.number


def _without_path(view: PolicyView, width: int, height: int) -> list[Line]:
    if not view.proxy.known:
        return absence(view.reason, width, height)
    line = packed(
        [
            item(*_proxy(view)),
            item((lean(view.proxy.number or 0.0), "text"), priority=1),
            item(("a direction, no odds", "faint"), priority=2),
            item((view.proxy_day, "faint"), priority=3),
        ],
        width,
    )
    why = absence(view.reason, width, height - 1) if height > 1 else []
    return [line, *why]


def lean(basis_points: float) -> str:
    """Return which way a two-year yield so far from EFFR points."""
    if abs(basis_points) < NEITHER_BP:
        return "leans neither way"
    return "leans to hikes" if basis_points > 0 else "leans to cuts"


def path_mark(snapshot: Snapshot) -> Mark:
    """Return source and age of the path, or of the yield that stands in for it."""
    is_known = snapshot.reading(PATH).value is not None
    has_proxy = snapshot.reading(PROXY).value is not None
    return mark_for(snapshot, [PATH if is_known or not has_proxy else PROXY])


class PolicyPanel(ViewPanel[PolicyView]):
    """What is expected of the Federal Reserve, always two-sided."""

    can_focus = True
    TITLE = "Policy"

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the path."""
        return path_mark(snapshot)

    def view_from(self, snapshot: Snapshot) -> PolicyView:
        """Return the view."""
        return view_of(snapshot)

    def lines_of(
        self, view: PolicyView, width: int, height: int, *, ascii_only: bool
    ) -> Sequence[Line]:
        """Paint the view."""
        del ascii_only
        return paint(view, width, height)

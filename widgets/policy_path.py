"""The federal funds path as a table: each meeting's odds, ranges, rate, and what changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec
from textual.app import ComposeResult

from market.fed_funds_study import Change, FedFunds, Meeting, Odds
from market.fomc import TargetRange
from market.sessions import exchange_date
from market.snapshot import NOT_COMPUTED, Snapshot
from widgets.board import Board, Cell, Column, Row
from widgets.frame import PART
from widgets.macro_values import wordings
from widgets.mark import Mark
from widgets.palette import ascii_of
from widgets.panel import BoardPanel
from widgets.policy import PATH, SIDES, path_mark
from widgets.strips import MISSING, plain, price, share, signed
from widgets.values import is_old

MOST_RANGES = 8
"""Ranges that have a column of their own or a bar at most: the likeliest ones."""
LEAST = 0.005
"""Probability below which a range has neither."""
BARS = " ▁▂▃▄▅▆▇█"
BARS_ASCII = " ..::||##"


class PathView(msgspec.Struct, frozen=True):
    """The path as rows: study and what it is looked at from."""

    study: FedFunds | None
    today: date
    old: bool = False


def path_view(snapshot: Snapshot) -> PathView:
    """Return what the table shows of a snapshot."""
    study = snapshot.studies.fed_funds
    old = study is not None and study.path is not None and is_old(snapshot, PATH)
    return PathView(study, exchange_date(snapshot.now), old)


def ranges_of(meetings: Iterable[Meeting]) -> tuple[TargetRange, ...]:
    """Return the likeliest ranges over all meetings, likeliest first, the nearest weighing most."""
    weights: dict[TargetRange, float] = {}
    for place, meeting in enumerate(meetings, 1):
        for chance in meeting.chances:
            if chance.probability >= LEAST:
                weights[chance.range] = weights.get(chance.range, 0) + chance.probability / place
    return tuple(sorted(weights, key=lambda each: -weights[each])[:MOST_RANGES])


def columns_for(ranges: Sequence[TargetRange]) -> tuple[Column, ...]:
    """Return the columns; changes of odds leave first, then the ranges least likely soon."""
    by_level = sorted(ranges)
    return (
        Column("meeting", "Meeting", 9, "left", descending_first=False),
        Column("ahead", "In", 5, priority=6, descending_first=False),
        *(Column(side, side.title(), 5) for side in SIDES),
        Column("rate", "Rate", 6, priority=1),
        Column("bars", "Ranges", max(6, len(ranges)), "left", priority=4, sortable=False),
        Column("rate.1d", "bp 1D", 5, priority=2),
        Column("rate.5d", "bp 5D", 5, priority=3),
        *(Column(each.label, each.label, 7, priority=10 + ranges.index(each)) for each in by_level),
        *(Column(f"{side}.1d", f"{side} 1D", 7, priority=20) for side in SIDES),
        *(Column(f"{side}.5d", f"{side} 5D", 7, priority=21) for side in SIDES),
    )


def path_rows(view: PathView, *, ascii_only: bool = False) -> tuple[Row, ...]:
    """Return a row a meeting, nearest first."""
    study = view.study
    if study is None or study.path is None:
        return ()
    ranges = sorted(ranges_of(study.path.meetings))
    return tuple(
        _row(view, study, meeting, ranges, ascii_only=ascii_only) for meeting in study.path.meetings
    )


def _row(
    view: PathView,
    study: FedFunds,
    meeting: Meeting,
    ranges: Sequence[TargetRange],
    *,
    ascii_only: bool,
) -> Row:
    chances = {chance.range: chance.probability for chance in meeting.chances}
    since = study.change(meeting.day)
    over = study.change(meeting.day, is_week=True)
    cells = (
        Cell(_day_text(meeting.day, view.today), "strong", meeting.day.isoformat()),
        Cell(f"{(meeting.day - view.today).days} d", "muted", float(meeting.day.toordinal())),
        *_odds_cells(meeting.against_now),
        Cell(*_or_missing(meeting.end, price(meeting.end, 3)), meeting.end),
        Cell(_bars([chances.get(each, 0.0) for each in ranges], ascii_only=ascii_only), "line"),
        *(_moved(None if each is None else each.rate_bp) for each in (since, over)),
        *(_probability(chances.get(each) if chances else None) for each in ranges),
        *_changed(since),
        *_changed(over),
    )
    notes = wordings(plain(meeting.reason)) if meeting.reason else ()
    return Row(meeting.day.isoformat(), cells, f"{meeting.day:%B %Y}", view.old, notes=notes)


def _day_text(day: date, today: date) -> str:
    return f"{day.day} {day:%b}" if day.year == today.year else f"{day.day} {day:%b %y}"


def _odds_cells(odds: Odds | None) -> Iterable[Cell]:
    known = (None, None, None) if odds is None else (odds.cut, odds.hold, odds.hike)
    most = max((each for each in known if each is not None), default=None)
    for each in known:
        cell = _probability(each)
        yield Cell(cell.text, "strong", cell.sort) if each is not None and each == most else cell


def _probability(value: float | None) -> Cell:
    """A probability in per cent, to the decimal that CME prints."""
    return Cell(*_or_missing(value, share(value, 1, "")), value)


def _changed(change: Change | None) -> Iterable[Cell]:
    """What changed of each probability, percentage points."""
    odds = None if change is None else change.odds
    known = (None, None, None) if odds is None else (odds.cut, odds.hold, odds.hike)
    return (_moved(None if each is None else 100 * each) for each in known)


def _moved(value: float | None) -> Cell:
    return Cell(*_or_missing(value, signed(value, 1), "muted"), value)


def _or_missing(value: float | None, text: str, role: str = "text") -> tuple[str, str]:
    return (MISSING, "absent") if value is None else (text, role)


def _bars(probabilities: Iterable[float], *, ascii_only: bool) -> str:
    """Return one bar a range, blank where it is next to impossible."""
    glyphs = BARS_ASCII if ascii_only else BARS
    last = len(glyphs) - 1
    return "".join(
        glyphs[max(1, round(each * last))] if each >= LEAST else glyphs[0] for each in probabilities
    )


class PolicyPathPanel(BoardPanel):
    """Every meeting that the contracts reach, cut, hold and hike against the range in force."""

    TITLE = "Federal funds path"

    def compose(self) -> ComposeResult:
        """Hold one board."""
        yield Board(columns_for(()), empty="waiting for prices of federal funds futures")

    def heading(self) -> str:
        """Return the title, the range in force, and what is missing."""
        study = self.snapshot.studies.fed_funds if self.snapshot is not None else None
        if study is None or study.path is None:
            return self.TITLE
        words = [self.TITLE, f"in force {study.path.in_force.label} bp"]
        if study.missing:
            count = len(study.missing)
            words.append(f"{count} contract{'s' if count > 1 else ''} missing")
        if study.notice:
            words.append(plain(study.notice))
        return PART.join(words)

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the path."""
        return path_mark(snapshot)

    def take(self, snapshot: Snapshot) -> bool:
        """Give the board its rows; it repaints what changed by itself."""
        view = path_view(snapshot)
        if self.has_board and view != self._taken:
            self._taken = view
            study = view.study
            meetings = study.path.meetings if study is not None and study.path is not None else ()
            rows = path_rows(view, ascii_only=ascii_of(self)) or why_none(study)
            self.board.show(rows, columns_for(ranges_of(meetings)))
        return False

    _taken: PathView | None = None


def why_none(study: FedFunds | None) -> tuple[Row, ...]:
    """A row that says why there is no path."""
    if study is None or not study.reason or study.reason == NOT_COMPUTED.reason:
        return ()
    columns = len(columns_for(()))
    blanks = tuple(Cell(MISSING, "absent") for _ in range(columns))
    return (Row("none", blanks, notes=wordings(plain(study.reason))),)

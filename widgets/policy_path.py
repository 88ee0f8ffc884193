"""The federal funds path as a table: each meeting's odds, ranges, rate, and what changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec
from textual.app import ComposeResult

from market.fed_funds_study import Change, FedFunds, Meeting, Odds
from market.fomc import TargetRange, default_schedule
from market.sessions import exchange_date
from market.snapshot import NOT_COMPUTED, Snapshot
from widgets.board import Board, Cell, Column, Row
from widgets.frame import PART
from widgets.macro_values import why_absent
from widgets.mark import Mark
from widgets.palette import ascii_of
from widgets.panel import BoardPanel
from widgets.policy import PATH, SIDES, path_mark
from widgets.strips import MISSING, plain, price, share, signed
from widgets.values import WORKING_OUT, is_old, value_of

MOST_DAYS = 8
"""Decision days that are named without a path: a year's."""
MOST_RANGES = 8
"""Ranges that have a bar, or a column of their own, at most: the likeliest ones."""
FEWEST_RANGES = 3
"""With room for fewer columns of ranges there is none: one alone tells half of it."""
LEAST_CELLS, RANGE_CELLS, SIDES_CELLS = 56, 8, 23
"""Cells of a board without bars, of each range's column, and of what changed of all three odds."""
SPANS = ("1d", "5d")
"""Over which odds have changed: since yesterday, since last week."""
LEAST = 0.005
"""Probability below which a range has neither."""
BARS = " ▁▂▃▄▅▆▇█"
BARS_ASCII = " ..::||##"


class PathView(msgspec.Struct, frozen=True):
    """The path as rows: study and what it is looked at from."""

    study: FedFunds | None
    today: date
    old: bool = False
    reason: tuple[str, ...] = ()
    """Why there is no path, ever shorter."""
    days: tuple[date, ...] = ()
    """The decision days ahead, which are known without any path."""

    @property
    def meetings(self) -> tuple[Meeting, ...]:
        """The meetings ahead, today's among them."""
        path = self.study.path if self.study is not None else None
        return () if path is None else tuple(m for m in path.meetings if m.day >= self.today)


def path_view(snapshot: Snapshot) -> PathView:
    """Return what the table shows of a snapshot."""
    study = snapshot.studies.fed_funds
    old = study is not None and study.path is not None and is_old(snapshot, PATH)
    why = why_absent(snapshot, PATH, value_of(snapshot, PATH))
    today = exchange_date(snapshot.now)
    return PathView(study, today, old, why, default_schedule().from_day(today)[:MOST_DAYS])


def ranges_of(meetings: Iterable[Meeting]) -> tuple[TargetRange, ...]:
    """Return the likeliest ranges over all meetings, likeliest first, the nearest weighing most."""
    weights: dict[TargetRange, float] = {}
    for place, meeting in enumerate(meetings, 1):
        for chance in meeting.chances:
            if chance.probability >= LEAST:
                weights[chance.range] = weights.get(chance.range, 0) + chance.probability / place
    return tuple(sorted(weights, key=lambda each: -weights[each])[:MOST_RANGES])


class Further(msgspec.Struct, frozen=True):
    """Which columns a wide board has besides: all sides of a change, and ranges, or none."""

    ranges: tuple[TargetRange, ...] = ()
    """The likeliest ones, likeliest first."""
    spans: tuple[str, ...] = ()
    """Over which odds have changed: 1d, 5d."""


NOTHING_FURTHER = Further()


def further(ranges: Sequence[TargetRange], width: int) -> Further:
    """Return what a board of that many cells has room for: a day's changes, a week's, ranges."""
    room = max(0, width - LEAST_CELLS - _bar_cells(ranges))
    spans = SPANS[: room // SIDES_CELLS]
    fitting = min(len(ranges), (room - SIDES_CELLS * len(spans)) // RANGE_CELLS)
    is_enough = fitting >= min(FEWEST_RANGES, len(ranges))
    return Further(tuple(ranges[:fitting]) if is_enough else (), spans)


def _bar_cells(ranges: Sequence[TargetRange]) -> int:
    return max(6, len(ranges))


def columns_for(
    ranges: Sequence[TargetRange], besides: Further = NOTHING_FURTHER
) -> tuple[Column, ...]:
    """Return the columns: `ranges` are those that have a bar."""
    return (
        Column("meeting", "Meeting", 9, "left", descending_first=False),
        Column("ahead", "In", 5, priority=6, descending_first=False),
        *(Column(side, side.title(), 5) for side in SIDES),
        Column("rate", "Rate", 6, priority=1),
        Column("bars", "Ranges", _bar_cells(ranges), "left", priority=4, sortable=False),
        Column("rate.1d", "bp 1D", 5, priority=2),
        Column("rate.5d", "bp 5D", 5, priority=3),
        *(
            Column(f"{side}.{span}", f"{side.title()} {span.upper()}", 6, priority=20)
            for span in besides.spans
            for side in SIDES
        ),
        *(Column(each.label, each.label, 7, priority=10) for each in sorted(besides.ranges)),
    )


def path_rows(
    view: PathView, besides: Further = NOTHING_FURTHER, *, ascii_only: bool = False
) -> tuple[Row, ...]:
    """Return a row a meeting, nearest first."""
    study, meetings = view.study, view.meetings
    if study is None or not meetings:
        return why_none(view, besides)
    bars = sorted(ranges_of(meetings))
    made = _Made(view, study, bars, besides, ascii_only)
    return tuple(_row(made, meeting) for meeting in meetings)


class _Made(msgspec.Struct, frozen=True):
    """What all rows are made of."""

    view: PathView
    study: FedFunds
    bars: Sequence[TargetRange]
    besides: Further
    ascii_only: bool


def _row(made: _Made, meeting: Meeting) -> Row:
    view, study = made.view, made.study
    chances = {chance.range: chance.probability for chance in meeting.chances}
    since = study.change(meeting.day)
    over = study.change(meeting.day, is_week=True)
    changed = zip(made.besides.spans, (since, over), strict=False)
    cells = (
        *_when(meeting.day, view.today),
        *_odds_cells(meeting.against_now),
        Cell(*_or_missing(meeting.end, price(meeting.end, 3)), meeting.end),
        Cell(_bars([chances.get(e, 0.0) for e in made.bars], ascii_only=made.ascii_only), "line"),
        *(_moved(None if each is None else each.rate_bp) for each in (since, over)),
        *(cell for _, change in changed for cell in _changed(change)),
        *(
            _probability(chances.get(each) if chances else None)
            for each in sorted(made.besides.ranges)
        ),
    )
    reason = plain(meeting.reason)
    notes = (reason, MISSING) if reason else ()
    return Row(meeting.day.isoformat(), cells, f"{meeting.day:%B %Y}", view.old, notes=notes)


def _when(day: date, today: date) -> tuple[Cell, Cell]:
    """The day of a meeting, and in how many days it is."""
    words = Cell(_day_text(day, today), "strong", day.isoformat())
    return words, Cell(_ahead(day, today), "muted", float(day.toordinal()))


def _day_text(day: date, today: date) -> str:
    return f"{day.day} {day:%b}" if day.year == today.year else f"{day.day} {day:%b %y}"


def _ahead(day: date, today: date) -> str:
    return f"{(day - today).days} d" if day > today else "today"


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
            words.append(f"{count} contract{'s' if count > 1 else ''} without a price")
        if study.notice:
            words.append(plain(study.notice))
        return PART.join(words)

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the path."""
        return path_mark(snapshot)

    def take(self, snapshot: Snapshot) -> bool:
        """Give the board its rows; it repaints what changed by itself."""
        view, width = path_view(snapshot), self.board.size.width if self.has_board else 0
        if self.has_board and (view, width) != self._taken:
            self._taken = view, width
            ranges = ranges_of(view.meetings)
            besides = further(ranges, width)
            rows = path_rows(view, besides, ascii_only=ascii_of(self))
            self.board.show(rows, columns_for(ranges, besides))
        return False

    def on_resize(self) -> None:
        """Choose the ranges anew: how many have a column goes with the room."""
        self.renew()

    _taken: tuple[PathView, int] | None = None


def why_none(view: PathView, besides: Further = NOTHING_FURTHER) -> tuple[Row, ...]:
    """The days ahead, with why there is no path; none as long as it is only waited for."""
    if not view.reason or view.reason[0] in {NOT_COMPUTED.reason, WORKING_OUT}:
        return ()
    blanks = tuple(Cell(MISSING, "absent") for _ in columns_for((), besides))
    if not view.days:
        return (Row("none", blanks, notes=view.reason),)
    return tuple(
        Row(
            day.isoformat(),
            (*_when(day, view.today), *blanks[2:]),
            notes=view.reason if day == view.days[0] else (MISSING,),
            is_spread=True,
        )
        for day in view.days
    )

"""The index panel: level, day chart, windows, range, trackers and relative strength."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from textual import events

from market.instruments import BENCHMARK, FUTURE, INDEX, TRACKER
from market.quotes import Key, Kind, Phase
from market.snapshot import Snapshot
from widgets.chart_paint import LEAST_HEIGHT, chart_lines
from widgets.chart_view import ChartView, chart_view
from widgets.lines import Line, between, item, joined, packed, whole, width_of
from widgets.mark import Mark
from widgets.panel import ViewPanel
from widgets.strips import direction, percent, range_bar, ratio, share, signed
from widgets.values import (
    Value,
    absence,
    age_run,
    ages_of_old,
    earlier_day,
    is_old,
    labelled,
    level_of,
    mark_for,
    value_of,
)

SHOWN_WINDOWS = ("1W", "1M", "3M", "6M", "YTD", "1Y")
_WINDOW_PRIORITY = {"1W": 4, "1M": 0, "3M": 3, "6M": 5, "YTD": 1, "1Y": 2}


class Tracker(msgspec.Struct, frozen=True):
    """The fund or the future beside the index."""

    label: str
    last: Value
    change: Value
    decimals: int = 2
    tag: str = ""
    """`pre` or `post` for a print from outside regular hours; its day if it is not of today."""
    ages: tuple[str, ...] = ()
    """Why it is dimmed, ever shorter, where the panel's border, which is of the index, does not."""


class IndexView(msgspec.Struct, frozen=True):
    """All that the index panel shows."""

    last: Value
    change: Value
    day: Value
    from_open: Value
    windows: tuple[tuple[str, Value], ...]
    position: Value
    drawdown: Value
    trackers: tuple[Tracker, ...]
    implied: Value
    strength: Value
    strength_63d: Value
    above_200d: Value
    is_regular: bool
    chosen: str
    chart: ChartView
    earlier: str = ""
    """The day that level and change are of, if not of the session under way."""


def view_of(snapshot: Snapshot, window: str = "1D") -> IndexView:
    """Return what the index panel shows of a snapshot."""
    cast = snapshot.cast
    rut = cast[INDEX].slug
    strength = f"{rut}.relative_strength.{cast[BENCHMARK].slug}"

    def value(name: str) -> Value:
        return value_of(snapshot, f"{rut}.{name}")

    return IndexView(
        last=level_of(snapshot, INDEX),
        change=value("change"),
        day=value("return.1d"),
        from_open=value("from_open"),
        windows=tuple((w, value(f"return.{w.lower()}")) for w in SHOWN_WINDOWS),
        position=value("range52w.position"),
        drawdown=value("drawdown"),
        trackers=(_tracker(snapshot, TRACKER), _tracker(snapshot, FUTURE)),
        implied=value_of(snapshot, f"{cast[TRACKER].slug}.implied_index"),
        strength=value_of(snapshot, strength),
        strength_63d=value_of(snapshot, f"{strength}.return.63d"),
        above_200d=value_of(snapshot, f"{strength}.above_200d"),
        is_regular=snapshot.session.phase is Phase.REGULAR,
        chosen=window,
        chart=chart_view(snapshot, INDEX),
        earlier=earlier_day(snapshot, f"{rut}.last"),
    )


def _tracker(snapshot: Snapshot, symbol: str) -> Tracker:
    instrument = snapshot.cast[symbol]

    def value(name: str) -> Value:
        return value_of(snapshot, f"{instrument.slug}.{name}")

    label = "IWM" if symbol == TRACKER else "RTY"
    extended = value("extended.last")
    if snapshot.session.phase is not Phase.REGULAR and extended.known:
        tag = value("extended.phase").word
        ages = ages_of_old(snapshot, f"{instrument.slug}.extended", "last", "return")
        return Tracker(label, extended, value("extended.return"), instrument.decimals, tag, ages)
    day = earlier_day(snapshot, f"{instrument.slug}.last")
    is_told = day or is_old(snapshot, f"{snapshot.cast[INDEX].slug}.last")
    ages = () if is_told else ages_of_old(snapshot, instrument.slug, "last", "return.1d")
    return Tracker(label, value("last"), value("return.1d"), instrument.decimals, day, ages)


def paint(view: IndexView, width: int, height: int, *, ascii_only: bool = False) -> list[Line]:
    """Return the panel's lines: text first, a chart as soon as four rows are left for it."""
    if height < 1 or width < 1:
        return []
    if not _is_anything_known(view):
        return absence(view.last.reason, width, height)
    lines = _text_lines(view, width, ascii_only=ascii_only)
    if height < 3 + LEAST_HEIGHT:
        return _arranged(lines, height)
    kept = _arranged(lines, min(len(lines), height - LEAST_HEIGHT))
    if height >= len(lines) + LEAST_HEIGHT + 2:
        kept[1:2] = _window_grid(view, width)
    rows = height - len(kept)
    chart = chart_lines(view.chart, width, rows, ascii_only=ascii_only)
    return [kept[0], *chart, *kept[1:]]


def _is_anything_known(view: IndexView) -> bool:
    levels = (view.last, view.strength, *(tracker.last for tracker in view.trackers))
    return view.chart.layout is not None or any(value.known for value in levels)


def _text_lines(view: IndexView, width: int, *, ascii_only: bool) -> list[Line]:
    """Return the lines in the order they stand; `_arranged` knows which leave first."""
    lines = (
        _level(view, width),
        _windows(view, width),
        _range(view, width, ascii_only=ascii_only),
        _trackers(view, width),
        _strength(view, width),
    )
    return whole(lines, width) or [()]


def _arranged(lines: Sequence[Line], height: int) -> list[Line]:
    return [lines[0], *(line for line in lines[1:] if line)][: max(1, height)]


def _level(view: IndexView, width: int) -> Line:
    if not view.last.known:
        return absence(view.last.reason, width, 1)[0]
    day = percent(view.day.number, 2, " %")
    role = direction(day)
    arrow = view.day.arrow()
    items = [
        item(view.last.level(2, "strong"), priority=0),
        item(
            (arrow[0] + " ", arrow[1]),
            view.change.run(signed(view.change.number), role),
            priority=2,
        ),
        item(view.day.run(day, role), priority=1),
        *((item((view.earlier, "late"), priority=1),) if view.earlier else ()),
    ]
    left = packed(items, width, 3)
    opened = labelled("open", view.from_open.moved(2, " %"))
    return between(left, opened, width) if width_of(left) + width_of(opened) < width else left


def _windows(view: IndexView, width: int) -> Line:
    """Return the windows on one line; the least asked for leave first."""
    items = [
        item(*_window_label(view, name, " "), value.moved(1), priority=_WINDOW_PRIORITY[name])
        for name, value in view.windows
    ]
    return packed(items, width, 2)


def _window_grid(view: IndexView, width: int) -> list[Line]:
    """Return the windows as two rows: names above, values right-aligned below."""
    column = min(10, width // len(view.windows))
    if column <= max(6, *(len(value.moved(1)[0]) for _, value in view.windows)):
        return [_windows(view, width)]
    names: list[tuple[str, str]] = []
    values: list[tuple[str, str]] = []
    for name, value in view.windows:
        text, role = value.moved(1)
        label = _window_label(view, name, "")[0]
        names.append((label[0].rjust(column), label[1]))
        values.append((text.rjust(column), role))
    return [tuple(names), tuple(values)]


def _window_label(view: IndexView, name: str, end: str) -> Line:
    return ((name + end, "accent" if name == view.chosen else "faint"),)


def _range(view: IndexView, width: int, *, ascii_only: bool) -> Line:
    dd = labelled("drawdown", view.drawdown.moved(1, " %"))
    place = view.position.run(share(view.position.number))
    if not view.position.known:
        return packed([item(*labelled("52w", place)), item(*dd, priority=1)], width, 3)
    if width < 30:
        return packed([item(*labelled("52w", place)), item(*dd, priority=1)], width, 2)
    room = min(40, width - width_of(dd) - len("52w ") - len(place[0]) - 4)
    bar = range_bar(view.position.number, room, ascii_only=ascii_only)
    return between(joined([labelled("52w", (bar, "muted")), (place,)], 1), dd, width)


def _trackers(view: IndexView, width: int) -> Line:
    """Return fund and future beside the index; outside regular hours they lead the market."""
    level = "muted" if view.is_regular else "strong"
    wordings = list(zip(*(_beside_index(each, level) for each in view.trackers), strict=True))
    fitting = (lines for lines in wordings if width_of(joined(lines, 3)) <= width)
    lines = list(next(fitting, wordings[-1]))
    if not view.is_regular and view.implied.known:
        lines.append(labelled("implied", view.implied.level(1, level)))
    return packed([item(*line, priority=n) for n, line in enumerate(lines)], width, 3)


def _beside_index(tracker: Tracker, level: str) -> tuple[Line, Line, Line]:
    """Return price, move and why it is dimmed; that in fewer cells; and that without the move."""
    name = f"{tracker.label} {tracker.tag}".rstrip()
    last = labelled(name, tracker.last.level(tracker.decimals, level))
    moved = ((" ", "text"), tracker.change.moved(2)) if tracker.last.known else ()
    if not tracker.ages:
        return (bare := (*last, *moved)), bare, bare
    long, brief = ((age_run(f" {age}"),) for age in tracker.ages)
    return (*last, *moved, *long), (*last, *moved, *brief), (*last, *brief)


def _strength(view: IndexView, width: int) -> Line:
    """Return RUT/SPX: its ratio, its side of its 200-day mean, its change over 63 sessions."""
    if not view.strength.known:
        return labelled("RUT/SPX", view.strength.run(""))
    above = view.above_200d.number
    side = "" if above is None else ("above" if above >= 1 else "below") + " its 200d mean"
    level = view.strength.run(ratio(view.strength.number, 4), "text")
    quarter = (view.strength_63d.arrow(), (" ", "text"), view.strength_63d.moved(1, " %"))
    items = [
        item(*labelled("RUT/SPX", level), priority=1),
        item(view.above_200d.run(side, "muted"), priority=2) if side else item(),
        item(*quarter, (" 63d", "faint")),
    ]
    return packed(items, width, 2)


class IndexPanel(ViewPanel[IndexView]):
    """The Russell 2000: where it is, where it came from, and what leads it out of hours."""

    can_focus = True
    TITLE = "Russell 2000"

    _was_clicked = False

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the level."""
        rut = snapshot.cast[INDEX].slug
        keys = (Key(Kind.INTRADAY, INDEX), Key(Kind.DAILY, INDEX))
        return mark_for(snapshot, (f"{rut}.last", f"{rut}.return.1d"), keys)

    def view_from(self, snapshot: Snapshot) -> IndexView:
        """Return the view."""
        return view_of(snapshot, self.window)

    def lines_of(
        self, view: IndexView, width: int, height: int, *, ascii_only: bool
    ) -> Sequence[Line]:
        """Paint the view."""
        return paint(view, width, height, ascii_only=ascii_only)

    def on_click(self, event: events.Click) -> None:
        """Open the index at the second click on the panel."""
        if event.y == 0:
            return
        event.stop()
        if self._was_clicked:
            self.action_open()
        self._was_clicked = not self._was_clicked

    def on_blur(self) -> None:
        """Begin to count clicks anew."""
        self._was_clicked = False

    @property
    def cursor_symbol(self) -> str | None:
        """The index."""
        return INDEX

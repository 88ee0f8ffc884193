"""IWM's realised volatility by seven estimators, and implied volatility less realised."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from market.snapshot import Snapshot
from widgets.lines import Line, dimmed, joined, sentence, whole, width_of
from widgets.mark import Mark
from widgets.panel import ViewPanel
from widgets.strips import MISSING, share, signed
from widgets.values import Value, absence, labelled, list_mark, value_of

ESTIMATORS = (
    ("Close to close", "close", "close_to_close", "closes, about their mean"),
    ("Zero mean", "zero", "zero_mean", "closes, about zero"),
    ("Parkinson", "Parkinson", "parkinson", "high, low"),
    ("Garman-Klass", "GK", "garman_klass", "all four prices, no gap"),
    ("Rogers-Satchell", "RS", "rogers_satchell", "all four prices, any drift"),
    ("GK-Yang-Zhang", "GKYZ", "garman_klass_yang_zhang", "all four prices, with the gap"),
    ("Yang-Zhang", "YZ", "yang_zhang", "gap, day and range together"),
)
"""(name, name where there is little room, what its metric is called, what it takes)."""
PREMIUMS = (
    ("VIX − S&P 500", "VIX − S&P", "vix.variance_premium", "implied less close to close"),
    ("RVX − RUT", "RVX − RUT", "rvx.variance_premium", "implied less close to close"),
    ("RVX − IWM", "RVX − IWM", "iwm.implied_minus_realised", "implied less Yang-Zhang"),
)
ONE_DAY = ("VIX, one day", "VIX daily", "vix.move.1d", "one session's deviation")
NAME, VALUE, GAP = 16, 9, 2
"""Cells of the table's columns, and before what a figure is made from."""


class RealisedLine(msgspec.Struct, frozen=True):
    """One figure."""

    name: str
    short: str
    value: Value
    text: str
    takes: str


class RealisedView(msgspec.Struct, frozen=True):
    """The estimators, then the premiums and what VIX means for a day."""

    realised: tuple[RealisedLine, ...]
    implied: tuple[RealisedLine, ...]


def realised_view(snapshot: Snapshot) -> RealisedView:
    """Return what the panel shows of a snapshot."""
    return RealisedView(tuple(_realised(snapshot)), tuple(_implied(snapshot)))


def _realised(snapshot: Snapshot) -> Iterable[RealisedLine]:
    for name, short, estimator, takes in ESTIMATORS:
        value = value_of(snapshot, f"iwm.realised_vol.{estimator}.21d")
        yield RealisedLine(name, short, value, share(value.number, 1), takes)


def _implied(snapshot: Snapshot) -> Iterable[RealisedLine]:
    for name, short, metric, takes in PREMIUMS:
        value = value_of(snapshot, metric)
        told = value.reason if value.known and value.reason else takes
        yield RealisedLine(name, short, value, _points(value.number), told)
    name, short, metric, takes = ONE_DAY
    value = value_of(snapshot, metric)
    yield RealisedLine(name, short, value, share(value.number, 2), takes)


def _points(number: float | None) -> str:
    return MISSING if number is None else f"{signed(number, 1)} pt"


def paint(view: RealisedView, width: int, height: int) -> list[Line]:
    """Return a figure a line with what it is made from; in little room, several side by side."""
    if height < 1 or width < 1:
        return []
    figures = (*view.realised, *view.implied)
    reasons = {each.value.reason for each in figures}
    if not any(each.value.known for each in figures) and len(reasons) == 1:
        return absence(reasons.pop(), width, height)
    if height > len(figures) and width >= NAME + VALUE:
        return _table(view, width, height)
    return _packed(view, width, height)


def _table(view: RealisedView, width: int, height: int) -> list[Line]:
    """Return titles and figures, a blank line before the premiums where there is one to spare."""
    titles = f"{'21 sessions':{NAME}}{'Value':>{VALUE}}"
    lines: list[Line] = [((titles, "header"), *_beside("From", width, "header"))]
    lines += [_row(each, width) for each in view.realised]
    if height > len(lines) + len(view.implied):
        lines.append(())
    return [*lines, *(_row(each, width) for each in view.implied)]


def _row(each: RealisedLine, width: int) -> Line:
    text, role = each.value.run(each.text, "strong")
    told = each.takes if each.value.known else each.value.reason
    line = (
        (f"{each.name:{NAME}}", "text"),
        (text.rjust(VALUE), role),
        *_beside(told, width, "faint" if each.value.known else "absent"),
    )
    return dimmed(line) if each.value.old else line


def _beside(words: str, width: int, role: str) -> Line:
    room = width - NAME - VALUE - GAP
    return ((" " * GAP + sentence(words, room), role),) if room >= len("From") else ()


def _packed(view: RealisedView, width: int, height: int) -> list[Line]:
    """Return the figures one after another, as many a line as fit; the premiums on their own."""
    lines: list[Line] = []
    for part in (view.realised, view.implied):
        line: Line = ()
        for each in part:
            figure = labelled(each.short, each.value.run(each.text, "strong"))
            longer = joined((line, figure)) if line else figure
            if line and width_of(longer) > width:
                lines.append(line)
                longer = figure
            line = longer
        lines.append(line)
    return whole(lines, width)[:height]


class RealisedPanel(ViewPanel[RealisedView]):
    """How much IWM has moved by each estimator, and how much more the options market expects."""

    can_focus = True
    TITLE = "Realised and implied · IWM 21d"

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the daily bars."""
        return list_mark(snapshot, [f"iwm.realised_vol.{each[2]}.21d" for each in ESTIMATORS])

    def view_from(self, snapshot: Snapshot) -> RealisedView:
        """Return the view."""
        return realised_view(snapshot)

    def lines_of(
        self, view: RealisedView, width: int, height: int, *, ascii_only: bool
    ) -> Sequence[Line]:
        """Paint the view."""
        del ascii_only
        return paint(view, width, height)

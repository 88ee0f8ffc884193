"""Options of the index and its tracker: volatility at the money by expiry, and their figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import sqrt

import msgspec

from market.instruments import INDEX, OPTIONED, TRACKER
from market.option_study import ChainStudy
from market.snapshot import Snapshot
from widgets import plotting
from widgets.lines import Line, dimmed, folded, item, packed
from widgets.mark import Mark
from widgets.options_expiries import NAMES, SLUGS, figure_of
from widgets.panel import ViewPanel
from widgets.picture import Curve, Tick
from widgets.strips import plain, price, ratio, share, signed
from widgets.strokes import sample_of
from widgets.values import WORKING_OUT, Value, absence, labelled, list_mark, value_of

FIGURES = (
    "model_vix",
    "iv.1m",
    "expected_move.1w",
    "expected_move.1m",
    "put_call.volume",
    "put_call.oi",
    "skew.25d",
)
HORIZONS = ((7, "1w"), (30, "1m"), (61, "2m"), (91, "3m"), (183, "6m"), (365, "1y"))
"""(days, name) of the ticks: days stand as far apart as their square roots."""
ROLES = {INDEX: "line", TRACKER: "compare"}
CHART_ROWS = 5


class Summary(msgspec.Struct, frozen=True):
    """One underlying: its named figures, and volatility at the money by days to expiry."""

    symbol: str
    figures: tuple[Value, ...]
    """In the order of FIGURES."""
    points: tuple[tuple[int, float | None], ...] = ()
    why_no_model: str = ""


def term_view(snapshot: Snapshot) -> tuple[Summary, ...]:
    """Return what the panel shows of both underlyings."""
    return tuple(_summary(snapshot, symbol) for symbol in OPTIONED)


def _summary(snapshot: Snapshot, symbol: str) -> Summary:
    options = snapshot.studies.options
    study = None if options is None else options.of(symbol)
    names = (f"options.{SLUGS[symbol]}.{figure}" for figure in FIGURES)
    values = tuple(value_of(snapshot, name) for name in names)
    if study is None:
        return Summary(symbol, values)
    return Summary(symbol, values, _points(study), plain(study.model.reason))


def _points(study: ChainStudy) -> tuple[tuple[int, float | None], ...]:
    """The afternoon's expiry stands for a day that has two."""
    return tuple({row.figures.days: row.figures.iv for row in study.rows}.items())


def paint(
    view: Sequence[Summary], width: int, height: int, *, ascii_only: bool = False
) -> list[Line]:
    """Return a line of figures for each underlying, why one has no model index, and the chart."""
    if height < 1 or width < 1:
        return []
    known = [each for each in view if each.points]
    if not known:
        return absence(view[0].figures[0].reason or WORKING_OUT, width, height)
    lines = [_figures(each, width) for each in view]
    notes = dict.fromkeys(each.why_no_model for each in known if each.why_no_model)
    room = max(0, min(2, height - len(lines)))
    for note in notes:
        lines += [((text, "absent"),) for text in folded(f"no model index: {note}", width, room)]
        room = 0
    spare = height - len(lines)
    if spare >= CHART_ROWS:
        lines += _chart(known, width, spare, ascii_only=ascii_only)
    return lines[:height]


def _figures(summary: Summary, width: int) -> Line:
    model, iv, week, month, traded, held, skew = summary.figures
    role = ROLES[summary.symbol]
    skewed = None if skew.number is None else 100 * skew.number
    items = [
        item((f"{sample_of(role)} {NAMES[summary.symbol]}", role)),
        item(*labelled("model", model.run(price(model.number, 2), "strong")), priority=1),
        item(*labelled("1W move", week.run(price(week.number, 2).rjust(6))), priority=2),
        item(*labelled("1M", month.run(price(month.number, 2).rjust(6))), priority=3),
        item(*labelled("IV 1M", iv.run(share(iv.number, 1))), priority=4),
        item(*labelled("P/C vol", traded.run(ratio(traded.number))), priority=5),
        item(*labelled("OI", held.run(ratio(held.number))), priority=6),
        item(*labelled("skew 25d", skew.run(signed(skewed, 1))), priority=7),
    ]
    line = packed(items, width)
    return dimmed(line) if any(value.old for value in summary.figures) else line


def _chart(view: Sequence[Summary], width: int, height: int, *, ascii_only: bool) -> Sequence[Line]:
    longest = max(days for each in view for days, _ in each.points)
    lines = plotting.line_chart(
        [_curve(each) for each in view],
        width,
        height,
        ticks=list(_ticks(longest)),
        y_decimals=1,
        ascii_only=ascii_only,
        x_range=(0.0, sqrt(max(1, longest))),
    )
    is_old = all(value.old for each in view for value in each.figures if value.known)
    return [dimmed(line) for line in lines] if is_old else lines


def _curve(summary: Summary) -> Curve:
    xs = tuple(sqrt(days) for days, _ in summary.points)
    ys = tuple(None if iv is None else 100 * iv for _, iv in summary.points)
    return Curve(xs, ys, ROLES[summary.symbol])


def _ticks(longest: int) -> Iterator[Tick]:
    return (Tick(sqrt(days), name) for days, name in HORIZONS if days <= longest)


class OptionTermPanel(ViewPanel[tuple[Summary, ...]]):
    """What options on the index and the tracker cost by expiry, and a model index from them."""

    can_focus = True
    TITLE = "Options: volatility at the money by expiry"

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the chains."""
        return list_mark(snapshot, [figure_of(symbol) for symbol in OPTIONED])

    def view_from(self, snapshot: Snapshot) -> tuple[Summary, ...]:
        """Return the view."""
        return term_view(snapshot)

    def lines_of(
        self, view: tuple[Summary, ...], width: int, height: int, *, ascii_only: bool
    ) -> Sequence[Line]:
        """Paint the view."""
        return paint(view, width, height, ascii_only=ascii_only)

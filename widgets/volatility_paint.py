"""Draws volatility: levels, term structure as text or chart, realised and implied."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from market.instruments import RVX, VIX
from widgets import plotting
from widgets.lines import Item, Line, Run, dimmed, item, joined, packed
from widgets.strips import price, ratio, signed
from widgets.values import Value, absence, age_run, labelled
from widgets.volatility_view import VolatilityView

LABELS = {
    "VIX": VIX,
    "RVX": RVX,
    "9D": "^VIX9D",
    "30D": VIX,
    "3M": "^VIX3M",
    "6M": "^VIX6M",
    "VVIX": "^VVIX",
    "SKEW": "^SKEW",
}
"""What stands before a value, and the symbol that it is."""

CHART_ROWS = 4
"""Least rows of the term structure's chart, its names included."""
_CHART_WIDTH = 64
_GRID_COLUMN = 6


def paint(
    view: VolatilityView, width: int, height: int, selected: str = "", *, ascii_only: bool = False
) -> list[Line]:
    """Return the panel's lines; the symbol under the cursor is `selected`.

    Four lines say all; more rows let VIX and RVX, then the term structure breathe, and then
    draw it.
    """
    if height < 1 or width < 1:
        return []
    if not _is_anything_known(view):
        return absence(view.vix.reason, width, height)
    marked = _Marker(selected)
    levels = [(*_vix(view, marked), *_rvx(view, marked))]
    if height >= 5:
        levels = [_vix(view, marked), _rvx(view, marked)]
    head = [packed(items, width, 2) for items in levels]
    tail = [_realised(view, width), _others(view, width, marked)]
    spare = height - len(head) - len(tail) - 1
    if spare < CHART_ROWS:
        grid_width = 3 * _GRID_COLUMN + 8 + len(view.state.word)
        term = _term_grid if spare >= 1 and width >= grid_width else _term
        lines = [*head, *term(view, width, marked), *tail][:height]
        return [*lines, *_left_out(view, lines, width, height - len(lines), marked)]
    chart = _curve(view, min(width, _CHART_WIDTH), min(spare, 12), ascii_only=ascii_only)
    return [*head, *_term(view, width, marked), *chart, *tail]


def _left_out(
    view: VolatilityView, lines: Sequence[Line], width: int, rows: int, marked: _Marker
) -> list[Line]:
    """Return what found no place on the lines, on rows that would be empty otherwise."""
    shown = {text.strip() for line in lines for text, _ in line}
    known = {
        "SKEW": item(*marked("SKEW", view.skew.level(1)), priority=1),
        "3M − 30D": _slope(view)[1],
        "close": item(*labelled("IWM close 21d", _annual(view.close_to_close)), priority=6),
    }
    left = [each for label, each in known.items() if label not in shown]
    return [line for line in (packed(left, width, 2),) if line][: max(0, rows)]


def _is_anything_known(view: VolatilityView) -> bool:
    levels = (value for _, value in view.term)
    others = (view.vix, view.rvx, view.vvix, view.skew, view.close_to_close, view.yang_zhang)
    return any(value.known for value in (*levels, *others))


def _curve(view: VolatilityView, width: int, height: int, *, ascii_only: bool) -> list[Line]:
    """Return the chart of the term structure; one old level makes an old curve."""
    points = [(name, value.number) for name, value in view.term]
    picture = plotting.curve_chart(points, width, height, ascii_only=ascii_only)
    is_old = any(value.old for _, value in view.term)
    return [dimmed(line) if is_old else line for line in picture]


class _Marker(msgspec.Struct, frozen=True):
    """Writes `label value`, on the cursor's ground when the label's symbol is selected."""

    selected: str

    def __call__(self, label: str, *runs: Run) -> Line:
        if self.selected and LABELS.get(label) == self.selected:
            on_cursor = ((text, "cursor") for text, _ in runs)
            return ((label, "cursor"), (" ", "cursor"), *on_cursor)
        return ((label, "faint"), (" ", "text"), *runs)


def _vix(view: VolatilityView, marked: _Marker) -> list[Item]:
    share = view.percentile
    place = share.run(f"p{price((share.number or 0) * 100, 0)}", "muted")
    return [
        item(*marked("VIX", view.vix.level(2, "strong")), priority=0),
        item(_points(view.vix_change), priority=3),
        item(view.regime.run(view.regime.word, "accent"), priority=2),
        item(place, (" 1y", "faint"), priority=5),
        *_age(view, VIX),
    ]


def _rvx(view: VolatilityView, marked: _Marker) -> list[Item]:
    return [
        item(*marked("RVX", view.rvx.level(2, "strong")), priority=1),
        item(_points(view.rvx_change), priority=6),
        item(*labelled("RVX/VIX", view.rvx_ratio.run(ratio(view.rvx_ratio.number))), priority=4),
        *_age(view, RVX),
    ]


def _age(view: VolatilityView, symbol: str) -> list[Item]:
    """Return why a level is dimmed that the panel's mark does not speak of."""
    return [item(age_run(age), priority=1) for each, age in view.ages if each == symbol]


def _points(value: Value) -> Run:
    """Return a change of volatility; its sign has no good or bad colour of its own."""
    return value.run(signed(value.number), "muted")


def _term(view: VolatilityView, width: int, marked: _Marker) -> list[Line]:
    """Return the term structure on one line, its state in a word behind it."""
    levels = [
        item(*marked(name, value.level(1)), priority=n)
        for n, (name, value) in zip((4, 2, 1, 3), view.term, strict=True)
    ]
    return [packed([*levels, *_slope(view)], width, 2)]


def _term_grid(view: VolatilityView, width: int, marked: _Marker) -> list[Line]:
    """Return the term structure as two rows: horizons above, levels right-aligned below."""
    names: list[Run] = []
    levels: list[Run] = []
    for n, (name, value) in enumerate(view.term):
        label, _, (text, role) = marked(name, value.level(1))
        room = _GRID_COLUMN if n else 5
        names += [(" " * (room - len(name)), "text"), label]
        levels.append((text.rjust(room), role))
    state = packed(_slope(view), width - sum(len(t) for t, _ in levels) - 3, 2)
    return [tuple(names), joined([tuple(levels), state], 3)]


def _slope(view: VolatilityView) -> list[Item]:
    state = item(view.state.run(view.state.word, _state_role(view.state)), priority=0)
    slope = view.slope.run(signed(view.slope.number), "muted")
    return [state, item(*labelled("3M − 30D", slope), priority=5)]


def _state_role(state: Value) -> str:
    return "failing" if state.word == "backwardation" else "text"


def _realised(view: VolatilityView, width: int) -> Line:
    items: list[Item] = [
        item(("IWM realised 21d", "faint"), priority=1),
        item(*labelled("Yang-Zhang", _annual(view.yang_zhang)), priority=0),
        item(*labelled("close", _annual(view.close_to_close)), priority=2),
    ]
    return packed(items, width, 2)


def _annual(value: Value) -> Run:
    number = None if value.number is None else value.number * 100
    return value.run(price(number, 1))


def _others(view: VolatilityView, width: int, marked: _Marker) -> Line:
    premium = view.premium.run(signed(view.premium.number, 1))
    items = [
        item(*labelled("RVX − realised", premium), priority=0),
        item(*marked("VVIX", view.vvix.level(1)), priority=1),
        item(*marked("SKEW", view.skew.level(1)), priority=2),
    ]
    return packed(items, width, 3)


def symbol_at(line: Line, x: int) -> str:
    """Return the symbol whose label or value stands at a cell of a painted line."""
    found, at = "", 0
    for text, _ in line:
        if at > x:
            break
        if text in LABELS:
            found = LABELS[text]
        at += len(text)
    return found

"""The quote panel of one symbol: price, session, ranges, averages, returns, and why what is not."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from market.first_readings import with_first_readings
from market.instruments import INDEX
from market.quotes import Key, Kind
from market.snapshot import Snapshot
from widgets.lines import Line, Run, cropped, folded, item, packed, sentence, whole, width_of
from widgets.mark import Mark
from widgets.panel import SymbolPanel
from widgets.quote_place import place_lines
from widgets.quote_view import PriceRange, QuoteView, view_of
from widgets.strips import (
    MISSING,
    direction,
    percent,
    plain,
    range_bar,
    share,
    signed,
    volume,
)
from widgets.values import Value, labelled, mark_for

CLOSING_BASIS = "closing basis"
"""What the metrics say of a range that was made of closing prices."""
_COLUMNS = (4, 2, 1)
"""Columns that the figures may stand in; even ones keep a mean beside the distance from it."""
_LEAST_COLUMN, _MOST_COLUMN, _MOST_ALONE = 18, 30, 36
"""Cells of one of several columns at least and at most, and of a single one at most."""
_MOST_DOWN = 48
"""Cells of the returns one below the other at most."""
_LEAST_BAR, _MOST_BAR = 6, 40
_PLACE = len("  100 %")
_MOST_NOTE = 3
"""Lines of one reason at most."""
_LEAVING = ("8W", "5D", "6M", "3M", "1Y", "1M")
"""The windows that a narrow panel leaves out, in this order."""

Section = list[Line]
"""Lines that belong together."""


def paint(view: QuoteView, width: int, height: int, *, ascii_only: bool = False) -> list[Line]:
    """Return the panel's lines; what matters least leaves first when rows are few.

    Returns stand one below the other where there is room for all of it.
    """
    if height < 1 or width < 1:
        return []
    above = _above(view, width, ascii_only=ascii_only)
    if sum(map(len, above)) > height:  # ranges say more than means
        above = _above(replace(view, averages=()), width, ascii_only=ascii_only)
    notes, place = _notes(view, width), place_lines(view.place, width)
    tall = _joined([*above, place, _returns_down(view, width), notes], width)
    if len(tall) <= height and width < _all_across(view):
        return tall
    room = height - sum(map(len, above))
    returns = _returns_across(view, width) if room >= 2 else []  # names of windows say nothing
    above.append(place[: max(0, room - len(returns))])
    return _joined([*above, returns, notes], width, height)


def _above(view: QuoteView, width: int, *, ascii_only: bool) -> list[Section]:
    """Return price, figures and ranges; the session's ends are figures where no bar has them."""
    bar = _bar_room(view, width)
    has_session = view.session.position.known and bar >= _LEAST_BAR
    return [
        _headline(view, width),
        _figures(view, width, with_ends=not has_session),
        _ranges(view, bar, ascii_only=ascii_only),
    ]


def _joined(sections: Sequence[Section], width: int, height: int | None = None) -> list[Line]:
    """Return the sections with blank lines between them, as many as there is room for."""
    kept = [lines for section in sections if (lines := whole(section, width))]
    gaps = len(kept) - 1
    if height is not None:
        gaps = min(gaps, height - sum(map(len, kept)))
    joined: list[Line] = []
    for n, section in enumerate(kept):
        joined += [(), *section] if 0 < n <= gaps else section
    return joined[:height]


def _headline(view: QuoteView, width: int) -> Section:
    lines: Section = [((cropped(view.name, width), "muted"),)] if view.name else []
    lines += _price(view, width)
    if view.extended.known:
        runs = (view.extended.level(view.decimals), (" ", "text"))
        outside = labelled(view.tag, *runs, view.extended_return.moved(2, " %"))
        items = [item(*outside), item((view.struck, "muted"), priority=1)]
        lines.append(packed(items, width, 2))
    return lines


def _price(view: QuoteView, width: int) -> Section:
    """Return the price and its change, or why there is none."""
    last = item(view.last.level(view.decimals, "strong"))
    if view.why:
        reason = sentence(view.why, max(0, width - 3))
        return [packed([last, item((reason, "absent"), priority=1)], width)]
    day = percent(view.day.number, 2, " %")
    role = direction(day)
    arrow, name = view.day.arrow()
    change = view.change.run(signed(view.change.number, view.decimals), role)
    moved = item(view.day.run(day, role), priority=1)
    return [packed([last, item((arrow + " ", name), change, priority=2), moved], width, 3)]


def _figures(view: QuoteView, width: int, *, with_ends: bool) -> Section:
    """Return the figures as columns: names left, values right-aligned."""
    cells = [(label, v.level(view.decimals)) for label, v in view.opening]
    if with_ends and not view.is_group:  # no bar tells them
        ends = (("High", view.session.high), ("Low", view.session.low))
        cells += [(label, v.level(view.decimals)) for label, v in ends]
    if view.traded is not None:
        shares, relative = view.traded
        cells.append(("Volume", shares.run(volume(shares.number))))
        cells.append(("Rel. volume", relative.relative_volume()))
    for label, average in view.averages:
        cells.append((label, average.level(view.decimals)))
        cells.append((f"from {label[:-5]}", _distance(view.last, average)))
    columns, room = _columns(cells, width)
    return [_row(cells[i : i + columns], room) for i in range(0, len(cells), columns)]


def _columns(cells: Sequence[tuple[str, Run]], width: int) -> tuple[int, int]:
    """Return how many columns fit side by side, and the cells of each."""
    need = max(_LEAST_COLUMN, *(len(label) + 1 + len(text) for label, (text, _) in cells))
    columns = next((n for n in _COLUMNS if n * (need + 2) - 2 <= width), 1)
    most = _MOST_ALONE if columns == 1 else _MOST_COLUMN
    return columns, min(most, (width + 2) // columns - 2)


def _row(cells: Sequence[tuple[str, Run]], room: int) -> Line:
    line: list[Run] = []
    for label, (text, role) in cells:
        if line:
            line.append(("  ", "text"))
        blank = max(1, room - len(label) - len(text))
        line += [(label, "faint"), (" " * blank, "text"), (text, role)]
    return tuple(line)


def _distance(last: Value, average: Value) -> Run:
    if last.number is None or not average.number:
        return (MISSING, "absent")
    return Value(last.number / average.number - 1.0, old=last.old).moved(1, " %")


def _bar_room(view: QuoteView, width: int) -> int:
    """Return the cells between the ends of the ranges; too few ask for no bars at all."""
    left, right = _ends_width(view)
    room = width - left - right - len("Day ") - len("  ") - _PLACE - width_of(_basis(view))
    return min(_MOST_BAR, room)


def _ends_width(view: QuoteView) -> tuple[int, int]:
    """Return the cells of the widest low and of the widest high."""
    known = [r for r in (view.session, view.year) if r.position.known]
    lows = (len(r.low.level(view.decimals)[0]) for r in known)
    highs = (len(r.high.level(view.decimals)[0]) for r in known)
    return max(lows, default=0), max(highs, default=0)


def _ranges(view: QuoteView, bar: int, *, ascii_only: bool) -> Section:
    """Return session and year as bars between their ends, and the drawdown."""
    lines: Section = []
    for each in (view.session, view.year):
        basis = _basis(view) if each is view.year else ()
        if each.position.known and bar >= _LEAST_BAR:
            ends = [end.level(view.decimals, "muted") for end in (each.low, each.high)]
            drawing = range_bar(each.position.number, bar, ascii_only=ascii_only)
            lines.append(_bar_line(each, ends, drawing, _ends_width(view)) + basis)
        elif each.position.known and each is view.year:
            place = each.position.run(share(each.position.number))
            lines.append((*labelled(each.name, place), *basis))
    drawdown = labelled("Drawdown", view.drawdown.moved(1, " %"))
    return [*lines, drawdown] if lines else []


def _bar_line(each: PriceRange, ends: Sequence[Run], drawing: str, widths: tuple[int, int]) -> Line:
    (low, role), (high, _) = ends
    place = each.position.run(share(each.position.number).rjust(_PLACE))
    return (
        (each.name + " ", "faint"),
        (low.rjust(widths[0]), role),
        (f" {drawing} ", "muted"),
        (high.rjust(widths[1]), role),
        place,
    )


def _basis(view: QuoteView) -> Line:
    """Return `by closes` where the year's range knows closing prices only, else nothing."""
    return ((" by closes", "faint"),) if CLOSING_BASIS in view.year.position.reason else ()


def _all_across(view: QuoteView) -> int:
    """Return the cells in which all windows stand side by side."""
    return 7 + 8 * len(view.returns)


def _returns_across(view: QuoteView, width: int) -> Section:
    """Return the windows in three rows: names, returns, and against the index."""
    kept = list(view.returns)
    for name in _LEAVING:
        if 7 + 8 * len(kept) <= width:
            break
        kept = [row for row in kept if row[0] != name]
    names = "".join(name.rjust(8) for name, _, _ in kept)
    lines: Section = [((" " * 6, "text"), (names, "faint"))]
    lines.append((("Return", "faint"), *(_right(v.moved(_decimals(w)), 8) for w, v, _ in kept)))
    if _has_relatives(view):
        beside = (_right(r.moved(_decimals(w)), 8) for w, _, r in kept)
        lines.append((("vs RUT", "faint"), *beside))
    return lines


def _returns_down(view: QuoteView, width: int) -> Section:
    """Return a row for each window, its return and that against the index."""
    column = (min(_MOST_DOWN, width) - 6) // 2
    has_relatives = _has_relatives(view)
    beside = ("vs RUT %".rjust(column), "faint") if has_relatives else ("", "text")
    lines: Section = [((" " * 6, "text"), ("Return %".rjust(column), "faint"), beside)]
    for window, change, relative in view.returns:
        line = ((window.ljust(6), "faint"), _right(change.moved(2), column))
        lines.append((*line, _right(relative.moved(2), column)) if has_relatives else line)
    return lines


def _has_relatives(view: QuoteView) -> bool:
    return view.symbol != INDEX and any(r.known for _, _, r in view.returns)


def _decimals(window: str) -> int:
    return 2 if window in ("1D", "5D") else 1


def _right(run: Run, width: int) -> Run:
    return (run[0].rjust(width), run[1])


def _notes(view: QuoteView, width: int) -> Section:
    """Return where the price is from, and why some figures are missing."""
    named = [
        *view.opening,
        *(() if view.is_group else (("High", view.session.high), ("Low", view.session.low))),
        *zip(("Volume", "Rel. volume"), view.traded or (), strict=False),
        *view.averages,
        ("52w", view.year.position),
    ]
    reasons: dict[str, list[str]] = {}
    for label, value in named:
        if not value.known and value.reason and not view.why:
            reasons.setdefault(value.reason, []).append(label)
    lines: Section = [((view.provenance, "faint"),)] if view.provenance else []
    for reason, labels in reasons.items():
        words = folded(f"{', '.join(labels)}: {reason}", width, _MOST_NOTE)
        lines += [((text, "absent"),) for text in words]
    return lines


class QuotePanel(SymbolPanel[QuoteView]):
    """One symbol in numbers."""

    def heading(self) -> str:
        """Return the symbol; of a group of members its name."""
        if self.snapshot is None or not self.symbol.startswith("@"):
            return self.symbol
        return plain(self.snapshot.cast[self.symbol].name, 60)

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the price."""
        kinds = (Kind.QUOTE, Kind.INTRADAY, Kind.TRACE, Kind.DAILY)
        keys = [Key(kind, self.symbol) for kind in kinds]
        seen = with_first_readings(snapshot, self.symbol)
        return mark_for(seen, (f"{snapshot.cast[self.symbol].slug}.last",), keys)

    def view_from(self, snapshot: Snapshot) -> QuoteView:
        """Return the view."""
        return view_of(snapshot, self.symbol)

    def lines_of(
        self, view: QuoteView, width: int, height: int, *, ascii_only: bool
    ) -> Sequence[Line]:
        """Paint the view."""
        return paint(view, width, height, ascii_only=ascii_only)

"""The quote panel of one symbol: price, session, ranges, averages, returns, and why what is not."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from textual.reactive import reactive

from market.freshness import freshness
from market.instruments import INDEX
from market.quotes import Key, Kind, Phase
from market.snapshot import Snapshot
from widgets.lines import Line, Run, cropped, item, packed, sentence, whole, width_of
from widgets.mark import Mark
from widgets.moments import moment
from widgets.panel import Panel
from widgets.strips import (
    MISSING,
    direction,
    percent,
    range_bar,
    share,
    signed,
    times,
    volume,
)
from widgets.values import WINDOWS, Value, labelled, mark_for, value_of
from widgets.watchlist import decimals_of, name_of, why_absent

CLOSING_BASIS = "closing basis"
"""What the metrics say of a range that was made of closing prices."""
_COLUMN = 22
"""Least cells of one column of the figures."""
_LEAVING = ("8W", "5D", "6M", "3M", "1Y", "1M")
"""The windows that a narrow panel leaves out, in this order."""


class QuoteView(msgspec.Struct, frozen=True):
    """All that the quote panel shows of one symbol."""

    symbol: str
    name: str
    decimals: int
    last: Value
    change: Value
    day: Value
    extended: Value
    extended_return: Value
    tag: str
    session: tuple[tuple[str, Value], ...]
    """Open, previous close, high, low; prices."""
    traded: tuple[Value, Value]
    """Volume in shares, and against the mean of twenty sessions."""
    averages: tuple[tuple[str, Value], ...]
    range_high: Value
    range_low: Value
    position: Value
    drawdown: Value
    returns: tuple[tuple[str, Value, Value], ...]
    """(window, return, return minus the index's)."""
    provenance: str
    """Source, time of the price, its delay."""
    why: str
    """Why there is no price; empty when there is one."""


def view_of(snapshot: Snapshot, symbol: str) -> QuoteView:
    """Return what the quote panel shows of a symbol."""
    slug = snapshot.cast[symbol].slug

    def value(name: str) -> Value:
        return value_of(snapshot, f"{slug}.{name}")

    last = value("last")
    outside = snapshot.session.phase is not Phase.REGULAR
    return QuoteView(
        symbol=symbol,
        name=name_of(snapshot, symbol),
        decimals=decimals_of(snapshot, symbol),
        last=last,
        change=value("change"),
        day=value("return.1d"),
        extended=value("extended.last") if outside else Value(),
        extended_return=value("extended.return") if outside else Value(),
        tag=value("extended.phase").word if outside else "",
        session=tuple((label, value(name)) for label, name in _SESSION),
        traded=(value("volume"), value("relative_volume")),
        averages=(("50d mean", value("average.50d")), ("200d mean", value("average.200d"))),
        range_high=value("range52w.high"),
        range_low=value("range52w.low"),
        position=value("range52w.position"),
        drawdown=value("drawdown"),
        returns=tuple(
            (w, value(f"return.{w.lower()}"), value(f"relative.{w.lower()}")) for w in WINDOWS
        ),
        provenance=_provenance(snapshot, f"{slug}.last"),
        why="" if last.known else why_absent(snapshot, symbol, last.reason),
    )


_SESSION = (
    ("Open", "open"),
    ("Previous close", "previous_close"),
    ("High", "high"),
    ("Low", "low"),
)


def _provenance(snapshot: Snapshot, name: str) -> str:
    fresh = freshness(snapshot, name)
    if fresh.as_of is None:
        return ""
    delay = f", {fresh.delay_s // 60} m delayed" if fresh.delay_s else ""
    return f"{fresh.source} {moment(fresh.as_of, snapshot.now)} ET{delay}"


def paint(view: QuoteView, width: int, height: int, *, ascii_only: bool = False) -> list[Line]:
    """Return the panel's lines; what matters least leaves first when rows are few."""
    if height < 1 or width < 1:
        return []
    above = [
        _headline(view, width),
        _figures(view, width),
        _range(view, width, ascii_only=ascii_only),
    ]
    has_room = height - sum(map(len, above)) >= 2  # names of windows alone say nothing
    below = [_returns(view, width) if has_room else [], _notes(view, width)]
    sections = [kept for section in (*above, *below) if (kept := whole(section, width))]
    total = sum(map(len, sections))
    gaps = total + len(sections) - 1 <= height
    lines: list[Line] = []
    for section in sections:
        if gaps and lines:
            lines.append(())
        lines += section
    return lines[:height]


def _headline(view: QuoteView, width: int) -> list[Line]:
    lines: list[Line] = [((cropped(view.name, width), "muted"),)] if view.name else []
    lines.append(_price(view, width))
    if view.extended.known:
        outside = (view.extended.level(view.decimals), (" ", "text"))
        lines.append(labelled(view.tag, *outside, view.extended_return.moved(2, " %")))
    return lines


def _price(view: QuoteView, width: int) -> Line:
    """Return the price and its change, or why there is none."""
    last = item(view.last.level(view.decimals, "strong"))
    if view.why:
        reason = sentence(view.why, max(0, width - 3))
        return packed([last, item((reason, "absent"), priority=1)], width)
    day = percent(view.day.number, 2, " %")
    role = direction(day)
    arrow, name = view.day.arrow()
    change = view.change.run(signed(view.change.number, view.decimals), role)
    moved = item(view.day.run(day, role), priority=1)
    return packed([last, item((arrow + " ", name), change, priority=2), moved], width, 3)


def _figures(view: QuoteView, width: int) -> list[Line]:
    """Return the figures as columns: names left, values right-aligned."""
    cells = [(label, v.level(view.decimals)) for label, v in view.session]
    shares, relative = view.traded
    cells.append(("Volume", shares.run(volume(shares.number))))
    cells.append(("Rel. volume", relative.run(times(relative.number))))
    for label, average in view.averages:
        cells.append((label, average.level(view.decimals)))
        cells.append((f"from {label[:-5]}", _distance(view.last, average)))
    columns = max(1, min(4, (width + 2) // (_COLUMN + 2)))
    room = min(36 if columns == 1 else 30, (width + 2) // columns - 2)
    rows = [cells[i : i + columns] for i in range(0, len(cells), columns)]
    return [_row(row, room) for row in rows]


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


def _range(view: QuoteView, width: int, *, ascii_only: bool) -> list[Line]:
    if not view.position.known:
        return []
    low, high = (
        view.range_low.level(view.decimals, "muted"),
        view.range_high.level(view.decimals, "muted"),
    )
    place = view.position.run("  " + share(view.position.number))
    basis = _basis(view, width - len("52w ") - len(place[0]))
    taken = len(low[0]) + len(high[0]) + len(place[0]) + width_of(basis)
    room = min(40, width - len("52w ") - taken - 2)
    lines: list[Line] = []
    if room >= 8:
        bar = (" " + range_bar(view.position.number, room, ascii_only=ascii_only) + " ", "muted")
        lines.append((("52w ", "faint"), low, bar, high, place, *basis))
    else:
        lines.append((*labelled("52w", place), *basis))
    lines.append(labelled("Drawdown", view.drawdown.moved(1, " %")))
    return lines


def _basis(view: QuoteView, room: int) -> Line:
    """Return `(close)` where the range knows closing prices only, else nothing."""
    if CLOSING_BASIS not in view.position.reason:
        return ()
    return ((" (close)" if room >= len(" (close)") else " c", "faint"),)


def _returns(view: QuoteView, width: int) -> list[Line]:
    """Return the windows in three rows: names, returns, and against the index."""
    kept = list(view.returns)
    for name in _LEAVING:
        if 7 + 8 * len(kept) <= width:
            break
        kept = [row for row in kept if row[0] != name]
    names = "".join(name.rjust(8) for name, _, _ in kept)
    lines: list[Line] = [((" " * 6, "text"), (names, "faint"))]
    lines.append((("Return", "faint"), *(_right(v.moved(_decimals(w))) for w, v, _ in kept)))
    if view.symbol != INDEX and any(r.known for _, _, r in kept):
        lines.append((("vs RUT", "faint"), *(_right(r.moved(_decimals(w))) for w, _, r in kept)))
    return lines


def _decimals(window: str) -> int:
    return 2 if window in ("1D", "5D") else 1


def _right(run: Run) -> Run:
    return (run[0].rjust(8), run[1])


def _notes(view: QuoteView, width: int) -> list[Line]:
    """Return where the price is from, and why some figures are missing."""
    named = [*view.session, ("Volume", view.traded[0]), *view.averages, ("52w", view.position)]
    reasons: dict[str, list[str]] = {}
    for label, value in named:
        if not value.known and value.reason and not view.why:
            reasons.setdefault(value.reason, []).append(label)
    lines: list[Line] = [((view.provenance, "faint"),)] if view.provenance else []
    for reason, labels in reasons.items():
        lines.append(((sentence(f"{', '.join(labels)}: {reason}", width), "absent"),))
    return lines


class QuotePanel(Panel):
    """One symbol in numbers."""

    can_focus = True

    symbol: reactive[str] = reactive("", repaint=False)

    _view: QuoteView | None = None

    def watch_symbol(self) -> None:
        """Show another symbol."""
        self.renew()

    def heading(self) -> str:
        """Return the symbol."""
        return self.symbol

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the price."""
        kinds = (Kind.QUOTE, Kind.INTRADAY, Kind.TRACE, Kind.DAILY)
        keys = [Key(kind, self.symbol) for kind in kinds]
        return mark_for(snapshot, (f"{snapshot.cast[self.symbol].slug}.last",), keys)

    def take(self, snapshot: Snapshot) -> bool:
        """Work out the view."""
        view = view_of(snapshot, self.symbol)
        changed = view != self._view
        self._view = view
        return changed

    def body(self, width: int, height: int, *, ascii_only: bool) -> Sequence[Line]:
        """Paint the view."""
        if self._view is None:
            return ()
        return paint(self._view, width, height, ascii_only=ascii_only)

    @property
    def cursor_symbol(self) -> str | None:
        """The symbol shown."""
        return self.symbol or None

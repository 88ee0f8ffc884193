"""The card of a sector, sub-sector or basket: weight, contribution, breadth, proxies, rule."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from textual.reactive import reactive

from market.census import Group, GroupKind
from market.holdings_age import day_in_words
from market.instruments import INDEX
from market.snapshot import Snapshot
from widgets.census_mark import (
    census_mark,
    census_reading,
    census_value,
    coverage_in_words,
    holdings_in_words,
    is_census_old,
)
from widgets.group_chart import last_day_of
from widgets.lines import Item, Line, cropped, folded, item, packed, sentence
from widgets.mark import Mark
from widgets.panel import ViewPanel
from widgets.strips import contribution, direction, percent, plain, price, share, signed
from widgets.values import Value, absence, is_old, number_of

_FIGURES = (
    "weight", "advancing", "above_50dma", "above_200dma", "new_highs", "new_lows",
    "typical_relative_volume",
)  # fmt: skip
_LEAST_COVERAGE = 2
"""Lines that are kept for of what the figures are made."""
_MOST_RULE = 3
"""Lines of a rule at most."""


class GroupView(msgspec.Struct, frozen=True):
    """All that the card of a group shows. Contributions are fractions of the index."""

    name: str
    window: str
    figures: tuple[tuple[str, Value], ...] = ()
    ret: Value = Value()
    relative: Value = Value()
    contribution: Value = Value()
    points: Value = Value()
    """The contribution in points of the index."""
    coverage: str = ""
    proxies: tuple[tuple[str, Value], ...] = ()
    """Funds that stand beside it, and their returns over the window."""
    rule: str = ""
    reason: str = ""
    """Why there is nothing to show."""

    def __getitem__(self, name: str) -> Value:
        """Return one figure."""
        return next((value for known, value in self.figures if known == name), Value())


def view_of(snapshot: Snapshot, symbol: str, window: str) -> GroupView:
    """Return what the card shows of a group over a window."""
    census = snapshot.census
    group = None if census is None else census.group(symbol)
    if group is None:
        reason = census_reading(snapshot, "breadth.advances").reason
        return GroupView("", window, reason=reason or f"no group is called {plain(symbol, 40)}")
    old, over = is_census_old(snapshot), window.lower()

    def value(name: str) -> Value:
        return census_value(snapshot, f"{group.slug}.{name}", old=old)

    contribution = value(f"contribution.{over}")
    as_of = f" (as of {day_in_words(group.as_of, snapshot.now)})" if group.as_of else ""
    return GroupView(
        name=cropped(plain(group.name), 60),
        window=window,
        figures=tuple((name, value(name)) for name in _FIGURES),
        ret=value(f"return.{over}"),
        relative=value(f"relative.{over}"),
        contribution=contribution,
        points=_points(snapshot, contribution, over),
        coverage=_coverage(snapshot, group, window),
        proxies=tuple((fund, _fund(snapshot, fund, over)) for fund in group.proxies),
        rule=plain(group.rule, 400) + as_of if group.kind is GroupKind.BASKET else "",
    )


def _coverage(snapshot: Snapshot, group: Group, window: str) -> str:
    """Return of how many members the figures are made, of which day these are, and the line."""
    counted = coverage_in_words(census_reading(snapshot, f"{group.slug}.advancing"))
    day = last_day_of(snapshot, group.symbol, window)
    line = f"the day's line of {day}" if day else ""
    return ", ".join(words for words in (counted, holdings_in_words(snapshot), line) if words)


def _points(snapshot: Snapshot, contribution: Value, over: str) -> Value:
    slug = snapshot.cast[INDEX].slug
    last = number_of(snapshot.reading(f"{slug}.last"))
    change = number_of(snapshot.reading(f"{slug}.return.{over}"))
    if contribution.number is None or last is None or change is None:
        return Value(reason=contribution.reason)
    return Value(contribution.number * last / (1.0 + change), old=contribution.old)


def _fund(snapshot: Snapshot, symbol: str, over: str) -> Value:
    slug = snapshot.cast[symbol].slug
    reading = snapshot.reading(f"{slug}.return.{over}")
    return Value(number_of(reading), old=is_old(snapshot, f"{slug}.last"), reason=reading.reason)


def paint(view: GroupView, width: int, height: int) -> list[Line]:
    """Return the card's lines, the most telling first; a low card packs them side by side."""
    if height < 1 or width < 1:
        return []
    if view.reason:
        return absence(view.reason, width, height)
    gain, breadth, extremes = _gain(view), _breadth(view), _extremes(view)
    if height <= 3:
        return [packed([*gain, *breadth[:1]], width), packed([*breadth[1:], *extremes], width),
                _last_line(view, width)][:height]  # fmt: skip
    lines = [
        packed(gain[:2], width),
        packed(gain[2:], width),
        packed(breadth, width),
        packed(extremes, width),
    ]
    funds = packed([item(("beside", "faint")), *_proxies(view)], width, 1)
    beside = [funds] if view.proxies else []
    rule: list[Line] = [((text, "muted"),) for text in folded(view.rule, width, _MOST_RULE)]
    room = max(_LEAST_COVERAGE, height - len(lines) - len(beside) - len(rule))
    lines += [((text, "faint"),) for text in folded(view.coverage, width, room)]
    beneath = [block for block in (beside, rule) if block]
    gap: list[Line] = [()] * (height >= len(lines) + sum(len(block) + 1 for block in beneath))
    return [*lines, *(line for block in beneath for line in (*gap, *block))][:height]


def _last_line(view: GroupView, width: int) -> Line:
    if view.proxies:
        return packed([item(("beside", "faint")), *_proxies(view)], width, 1)
    return ((sentence(view.coverage, width), "faint"),)


def _gain(view: GroupView) -> list[Item]:
    """Return return and contribution over the window."""
    moved, relative = percent(view.ret.number, 2, " %"), percent(view.relative.number, 2, " %")
    gain, points = contribution(view.contribution.number), signed(view.points.number, 2)
    return [
        item((f"{view.window} ", "faint"), view.ret.run(moved, direction(moved))),
        item(("vs RUT ", "faint"), view.relative.run(relative, direction(relative)), priority=3),
        item(
            ("contributes ", "faint"),
            view.contribution.run(gain, direction(gain)),
            (" ", "text"),
            view.points.run(f"{points} pts", direction(points)),
            priority=1,
        ),
        item(("weight ", "faint"), view["weight"].run(share(view["weight"].number, 2)), priority=2),
    ]


def _breadth(view: GroupView) -> list[Item]:
    """Return the parts that advance and stand above their averages."""
    parts = (("advancing", "adv today"), ("above_50dma", ">50DMA"), ("above_200dma", ">200DMA"))
    return [
        item((f"{label} ", "faint"), view[name].run(share(view[name].number)), priority=n)
        for n, (name, label) in enumerate(parts)
    ]


def _extremes(view: GroupView) -> list[Item]:
    highs, lows, busy = view["new_highs"], view["new_lows"], view["typical_relative_volume"]
    up, down = "up" if highs.number else "text", "down" if lows.number else "text"
    return [
        item(("NH ", "faint"), highs.run(price(highs.number, 0), up), priority=3),
        item(("NL ", "faint"), lows.run(price(lows.number, 0), down), priority=3),
        item(("RVol ", "faint"), busy.relative_volume(), priority=2),
    ]


def _proxies(view: GroupView) -> list[Item]:
    """Return the funds beside it; the last leave first."""
    found: list[Item] = []
    for n, (fund, value) in enumerate(view.proxies):
        text = percent(value.number, 1)
        found.append(item((f"{fund} ", "muted"), value.run(text, direction(text)), priority=n + 1))
    return found


class GroupPanel(ViewPanel[GroupView]):
    """One sector, sub-sector or basket in numbers."""

    can_focus = True

    symbol: reactive[str] = reactive("", repaint=False)
    """The group's, as `@biotechnology`."""

    def watch_symbol(self) -> None:
        """Show another group."""
        self.renew()

    def heading(self) -> str:
        """Return the group's name and the window."""
        return f"{self._view.name} · {self.window}" if self._view else self.window

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return source and age of the members' prices."""
        return census_mark(snapshot)

    def view_from(self, snapshot: Snapshot) -> GroupView:
        """Return the view."""
        return view_of(snapshot, self.symbol, self.window)

    def lines_of(
        self, view: GroupView, width: int, height: int, *, ascii_only: bool
    ) -> Sequence[Line]:
        """Paint the view."""
        del ascii_only
        return paint(view, width, height)

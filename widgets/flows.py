"""The flows of the tracker as one line: what was created and redeemed over 1, 5 and 20 sessions."""

from __future__ import annotations

import msgspec

from market.instruments import TRACKER
from market.metrics.catalogue_flows import WINDOWS
from market.snapshot import Snapshot
from widgets.lines import Item, Line, item, packed
from widgets.strips import direction, money, percent, share
from widgets.today_line import TodayLine
from widgets.values import Value, labelled, value_of


class FlowsView(msgspec.Struct, frozen=True):
    """All that the line shows; one value a window."""

    dollars: tuple[Value, ...]
    shares: tuple[Value, ...]
    percentile: Value
    """Of the longest window."""
    assets: Value


def view_of(snapshot: Snapshot) -> FlowsView:
    """Return what the line shows of a snapshot."""
    slug = snapshot.cast[TRACKER].slug
    return FlowsView(
        tuple(value_of(snapshot, f"{slug}.flow.{window}d") for window in WINDOWS),
        tuple(value_of(snapshot, f"{slug}.flow.share.{window}d") for window in WINDOWS),
        value_of(snapshot, f"{slug}.flow.percentile.{WINDOWS[-1]}d"),
        value_of(snapshot, f"{slug}.assets"),
    )


def line_of(view: FlowsView, width: int) -> Line:
    """Return the line; as long as nothing is known, why."""
    lead = item((f" {TRACKER} flows", "strong"))
    if not any(value.known for value in (*view.dollars, view.assets)):
        return packed(
            (lead, item((view.assets.reason or view.dollars[0].reason, "faint"))), width, 3
        )
    return packed((lead, *_sums(view), *_place(view)), width, 3)


def _sums(view: FlowsView) -> list[Item]:
    items: list[Item] = []
    for n, (window, told, part) in enumerate(zip(WINDOWS, view.dollars, view.shares, strict=True)):
        text = money(told.number, with_sign=True)
        items.append(item(*labelled(f"{window}d", told.run(text, direction(text))), priority=n))
        if told.known:
            items.append(item(part.run(percent(part.number, 2, " %"), "muted"), priority=n + 5))
        elif told.reason:
            items.append(item((told.reason, "faint"), priority=n + 5))
    return items


def _place(view: FlowsView) -> list[Item]:
    items = [item(*labelled("assets", view.assets.run(money(view.assets.number))), priority=9)]
    if view.percentile.known:
        words = share(view.percentile.number, 0, "")
        items.append(item(*labelled("20d percentile", view.percentile.run(words)), priority=4))
    return items


class FlowsLine(TodayLine):
    """What flowed into the tracker and out of it."""

    def line_from(self, snapshot: Snapshot, width: int) -> Line:
        """Return what is said of a snapshot in as many cells."""
        return line_of(view_of(snapshot), width)

"""Which number an alert is set on: the one in focus, and what it is now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from market.funds import BY_SYMBOL as FUNDS
from market.interest import is_group
from market.metrics.compute import metric_named, readings_named
from market.metrics.member_figures import member_figure
from market.named_states import state_seen
from market.snapshot import NOT_COMPUTED, Snapshot
from widgets.alerts_table import AlertsPanel
from widgets.panel import BoardPanel, Panel
from widgets.thesis_table import line_at

INDEX_LEVEL = "rut.last"
OF_PANELS: Mapping[str, str] = {
    "index": INDEX_LEVEL,
    "breadth": "breadth.advancing",
    "volatility": "vix.last",
    "policy": "policy.dec.p_cut",
    "path": "policy.dec.p_cut",
    "term": "vix.term.ratio",
    "cone": "iwm.realised_vol.close_to_close.21d",
    "realised": "iwm.realised_vol.yang_zhang.21d",
}
"""The number that a panel without rows is about, by the panel's id."""
FIGURES: Mapping[str, str] = {"funds": "flow.1d"}
"""What a panel's rows are about, by its id, where that is not their price."""


def metric_in_focus(panel: Panel | None, snapshot: Snapshot) -> str:
    """Return the name of the metric in focus: of the row under the cursor, else of the panel."""
    row = _row(panel) if panel is not None else ""
    if isinstance(panel, AlertsPanel):
        chosen = panel.chosen
        return chosen.alert.metrics[0] if chosen is not None else INDEX_LEVEL
    place = (panel.id or "") if panel is not None else ""
    found = next(_of_row(row, place, snapshot), "") if row else ""
    named = OF_PANELS.get(place, "")
    known = named if metric_named(named, snapshot.cast) is not None else INDEX_LEVEL
    return found or known


def _row(panel: Panel) -> str:
    """The name of the row under the cursor, or the symbol that a panel is about."""
    named = panel.board.cursor_key if isinstance(panel, BoardPanel) and panel.has_board else None
    return panel.cursor_symbol or named or ""


def _of_row(row: str, place: str, snapshot: Snapshot) -> Iterator[str]:
    """What a row's name may stand for: a line of a story, a metric, a feed, an instrument."""
    line = line_at(snapshot, row)
    if line is not None:
        yield line[1].line.shows
    if metric_named(row, snapshot.cast) is not None:
        yield row
    if row in snapshot.feeds:
        yield f"feed.{row}.state"
    if _is_symbol(row, snapshot):
        slug = snapshot.cast[row].slug
        for figure in (FIGURES.get(place, ""), "return.1d" if is_group(row) else "last", "value"):
            if metric_named(f"{slug}.{figure}", snapshot.cast) is not None:
                yield f"{slug}.{figure}"


def _is_symbol(row: str, snapshot: Snapshot) -> bool:
    known = (snapshot.cast.by_symbol, snapshot.quotes, FUNDS)
    return any(row in each for each in known) or _member(row, snapshot) is not None


def _member(symbol: str, snapshot: Snapshot) -> int | None:
    """Return a member's row in the census."""
    return None if snapshot.census is None else snapshot.census.row_of(symbol)


def value_now(snapshot: Snapshot, name: str) -> float | str | None:
    """Return what a metric or state is now, also of members and funds that nobody watches."""
    if (state := state_seen(snapshot, name)) is not None:
        return state.value
    reading, found = snapshot.reading(name), metric_named(name, snapshot.cast)
    if reading is not NOT_COMPUTED or found is None:
        return reading.value
    row = _member(found[1].symbol, snapshot)
    if snapshot.census is not None and row is not None:
        return member_figure(snapshot.census, row, name.removeprefix(f"{found[1].slug}."))
    return readings_named(snapshot, [name])[name].value

"""The alerts screen: every alert and how far it is from turning, over what happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from textual import on

from market.interest import overview_keys
from market.metrics.compute import metric_named
from market.quotes import Key
from market.readers import keys_behind, stories_judged
from tui.bindings import bindings_of
from tui.keys import Scope
from tui.screens.market_screen import MarketScreen
from tui.screens.way_down import ROOT, screen_of
from widgets.alerts_table import AlertHistoryPanel, AlertsPanel
from widgets.panel import Panel


class AlertsScreen(MarketScreen):
    """A table of alerts over the history of what happened to them."""

    CSS_PATH = "../styles/alerts.tcss"
    BINDINGS = bindings_of(Scope.ALERTS)
    room = "go.alerts"
    unseen: ClassVar[Mapping[str, str]] = {"history": "what happened"}

    def crumbs(self) -> tuple[str, ...]:
        """Return the way to here."""
        return (ROOT, "alerts")

    def compose_panels(self) -> Iterable[Panel]:
        """Yield the alerts, and what happened to them."""
        yield AlertsPanel(id="alerts")
        yield AlertHistoryPanel(id="history")

    def wanted(self) -> Iterable[Key]:
        """Return what the overview shows, and what the alerts are judged by."""
        snapshot = self.desk.snapshot
        standings = snapshot.alerts.standings if snapshot.alerts is not None else ()
        names = {name for each in standings for name in each.alert.metrics}
        judged_by = keys_behind(names, stories_judged(snapshot), snapshot)
        return overview_keys(self.desk.settings.cast) | judged_by

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer no windows, since each rule has its own, and nothing that a symbol needs."""
        if action in {"next_window", "previous_window", "watch"}:
            return False
        if action == "remove_alert" and self.query_one(AlertsPanel).chosen is None:
            return False
        return super().check_action(action, parameters)

    def why_idle(self, action: str) -> str:
        """Return that there is no alert to be taken out, where the cursor is on none."""
        why = super().why_idle(action)
        return why or ("there is no alert under the cursor" if action == "remove_alert" else "")

    @property
    def chosen_alert(self) -> str:
        """The id of the alert under the cursor."""
        chosen = self.query_one(AlertsPanel).chosen
        return chosen.alert.id if chosen is not None else ""

    @on(Panel.Opened)
    def open_metric(self, event: Panel.Opened) -> None:
        """Go from an alert to what its metric is about."""
        event.stop()
        board = self.desk.snapshot.alerts
        told = board.of(event.symbol) if board is not None else None
        name = told.alert.metrics[0] if told is not None else ""
        found = metric_named(name, self.desk.snapshot.cast)
        if found is not None:
            self.go_down(screen_of(self.desk, found[1].symbol))

    def action_remove_alert(self) -> None:
        """Take the alert under the cursor out of the file."""
        chosen = self.query_one(AlertsPanel).chosen
        if chosen is not None:
            table = chosen.alert.table
            self.edit_alerts(lambda: self.desk.alerting.remove(table))

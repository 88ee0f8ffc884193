"""What a market screen says in its footer, and the alerts that are set and told of there."""

from __future__ import annotations

from collections.abc import Callable

from textual import work

from market.snapshot import Snapshot
from tui.key_bar import KeyBar
from tui.screens.way_screen import WayScreen
from widgets.strip_line import StripLine
from widgets.strips import plain

_OF_ALERTS = frozenset({"set_alert", "remove_alert", "acknowledge"})


class TellingScreen(WayScreen):
    """The part of a market screen that tells the user something."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to change alerts only where they are the ones of now."""
        if action in _OF_ALERTS and self.desk.markets.replay is not None:
            return False
        return super().check_action(action, parameters)

    def why_idle(self, action: str) -> str:
        """Return why alerts cannot be changed, where a tape is played."""
        if action in _OF_ALERTS and self.desk.markets.replay is not None:
            return "a tape shows the alerts as they stood; those of now change in the live market"
        return super().why_idle(action)

    def say(self, text: str, *, is_notice: bool = False) -> None:
        """Tell the user one sentence in the footer."""
        self.query_one(KeyBar).say(text, is_notice=is_notice)

    def answer_no_longer(self) -> None:
        """Take away what was said to the key before: another one is pressed."""
        for bar in self.query(KeyBar):
            bar.answer_no_longer()

    def show_message(self, text: str) -> None:
        """Say in the strip what the footer would."""
        self.query_one(StripLine).message = text

    def show_alert(self, snapshot: Snapshot) -> None:
        """Say quietly which alert was told last that nobody has taken note of."""
        bar, board = self.query_one(KeyBar), snapshot.alerts
        new = board.new if board is not None else ()
        told = (plain(new[0].alert.title, 60), len(new) - 1) if new else ("", 0)
        if bar.alert != told:
            bar.alert = told
            self.refresh_bindings()

    @property
    def chosen_alert(self) -> str:
        """The id of the alert under the cursor, where alerts are listed."""
        return ""

    @work(thread=True, group="alerts", exit_on_error=False)
    def edit_alerts(self, edit: Callable[[], str]) -> None:
        """Change the alerts' file, away from the loop that paints, and tell the sentence."""
        self.program.call_from_thread(self.say, edit())

    def action_set_alert(self) -> None:
        """Set an alert on the number in focus."""
        from tui.screens.alert_dialog import set_alert

        set_alert(self)

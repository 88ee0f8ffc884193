"""The user's rules on screen, read away from the loop that paints; what is wrong in their files."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from textual import work

from market.snapshot import Mode
from tui.desk_app import DeskApp
from tui.rule_book import RuleBook

if TYPE_CHECKING:
    from market.rules.rows import MarkRule
    from tui.known_names import KnownNames
    from tui.screens.market_screen import MarketScreen

LOOK_S = 5.0
"""How often the file of the rules is looked at while there is something new to be painted."""


class RulesApp(DeskApp):
    """The part of the app that marks rows and numbers by the user's rules.

    The engine reads the alerts by itself; what is wrong with either file is said here.
    """

    row_rules: tuple[MarkRule, ...] = ()
    """The user's rules about rows, which tables ask for."""
    _rules_due = -math.inf
    """When the file is looked at again; never while it is being read."""
    _alert_faults: Sequence[str] = ()
    """What was wrong with the alerts' file at the last look."""

    @cached_property
    def _rule_book(self) -> RuleBook:
        return RuleBook(self.desk.settings.rules.file, self._known_names)

    def _known_names(self) -> KnownNames:
        from tui.known_names import known_names

        return known_names(self.desk.settings)

    def look_at_rules(self) -> None:
        """Take the rules anew if their file has changed, some time after the last look."""
        if self.desk.clock.monotonic() >= self._rules_due:
            self._rules_due = math.inf
            self._read_rules()

    @work(thread=True, group="rules", exit_on_error=False)
    def _read_rules(self) -> None:
        read = self._rule_book.news()
        self._rules_due = self.desk.clock.monotonic() + LOOK_S
        if read is not None:
            self.call_from_thread(self._use_rules, *read)

    def _use_rules(self, rules: tuple[MarkRule, ...] | None, faults: Sequence[str]) -> None:
        if rules is not None:
            self.row_rules = tuple(rule for rule in rules if rule.is_of_rows)
            self.desk.use_rules(rules)
            self.renew()
        if (screen := self.market_screen) is None:
            return
        screen.want()
        _say_first(screen, faults)

    def look_at_alerts(self) -> None:
        """Say what is wrong with the alerts' file, if that is news; a tape tells what was."""
        snapshot, screen = self.desk.market.latest, self.market_screen
        if screen is None or snapshot.alerts is None or snapshot.mode is Mode.REPLAY:
            return
        faults = snapshot.alerts.faults
        if faults != self._alert_faults:
            self._alert_faults = faults
            _say_first(screen, faults)


def _say_first(screen: MarketScreen, faults: Sequence[str]) -> None:
    if faults:
        more = f" (and {len(faults) - 1} more: captop config check)" if faults[1:] else ""
        screen.say(faults[0] + more, is_notice=True)

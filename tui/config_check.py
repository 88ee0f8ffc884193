"""`captop config check`: that the settings can be used, what is odd, and the files they name."""

from __future__ import annotations

from collections.abc import Sequence

from tui.alert_check import alert_remarks, read_alerts
from tui.known_names import known_names
from tui.output import OK, WRONG, complain, say
from tui.rule_book import RuleBook
from tui.settings import Loaded
from tui.settings_remarks import remarks


def run_config_check(loaded: Loaded) -> int:
    """Print what is to be said of settings that can be used, and return the exit code."""
    faults, odd = _of_files(loaded)
    there = "is well" if loaded.path.exists() else "is not there; the defaults hold"
    found = [*remarks(loaded), *odd]
    say("\n".join([f"{loaded.path} {there}" + (", but:" if found else ""), *found]) + "\n")
    for fault in faults:
        complain(fault)
    return WRONG if faults else OK


def _of_files(loaded: Loaded) -> tuple[Sequence[str], Sequence[str]]:
    """Return what is wrong with the baskets, the stories, the alerts and the rules; what is odd."""
    settings = loaded.settings
    known = known_names(settings)
    _, wrong = RuleBook(settings.rules.file, lambda: known).news() or (None, ())
    alerts = read_alerts(settings, known)
    faults = (*known.faults, *alerts.faults, *wrong)
    return faults, tuple(alert_remarks(settings, known.cast, alerts))

"""`captop config check`: that the settings can be used, what is odd, and the files they name."""

from __future__ import annotations

from market.basket_check import checked_baskets
from market.metrics.names import story_writing
from market.thesis import stories_in
from tui.alert_check import alert_faults
from tui.output import complain, say
from tui.rule_book import read_rules
from tui.settings import Loaded
from tui.settings_remarks import remarks
from tui.wiring import basket_folders, story_folders

OK, WRONG = 0, 2


def run_config_check(loaded: Loaded) -> int:
    """Print what is to be said of settings that can be used, and return the exit code."""
    there = "is well" if loaded.path.exists() else "is not there; the defaults hold"
    found = remarks(loaded)
    say("\n".join([f"{loaded.path} {there}" + (", but:" if found else ""), *found]) + "\n")
    faults = _file_faults(loaded)
    for fault in faults:
        complain(fault)
    return WRONG if faults else OK


def _file_faults(loaded: Loaded) -> tuple[str, ...]:
    """Return what is wrong with the baskets, the stories, the alerts and the rules."""
    settings = loaded.settings
    baskets, odd = checked_baskets(basket_folders(settings))
    stories, wrong = stories_in(story_folders(settings), story_writing(settings.cast, baskets))
    _, odd_rules = read_rules(settings, baskets, stories)
    return (*odd, *wrong, *alert_faults(settings, baskets, stories), *odd_rules)

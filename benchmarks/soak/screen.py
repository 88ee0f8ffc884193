"""What somebody who looks at the terminal takes for the index of now."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from benchmarks.soak.truth import CENT, Truth, Wrong, longest_live
from market.instruments import INDEX, default_cast

_CARD = re.compile(r"╭ Russell 2000 ─+ (?P<mark>[^╮]+) ╮.*\n│ (?P<level>\d,\d{3}\.\d\d) ")
_NOT_LIVE = re.compile("late|▲|waiting|disk|DEMO|TAPE|as of")
"""What the border says of a level that is not of now."""


def level_shown_live(screen: str) -> float | None:
    """Return the level of the index that a screen shows as live, None if it shows none."""
    card = _CARD.search(screen)
    if card is None or _NOT_LIVE.search(card["mark"]):
        return None
    return float(card["level"].replace(",", ""))


@lru_cache(maxsize=1024)
def _told_at(truth: Truth, second: int) -> float:
    return truth.last(INDEX, datetime.fromtimestamp(second, UTC))


def wrong_level(level: float, truth: Truth, now: datetime, ahead: timedelta) -> Wrong | None:
    """Return what is wrong with a level shown as live: none of the last minutes was that one.

    Args:
        level: As it is shown.
        truth: What the servers know.
        now: By the right clock.
        ahead: By how much the pane's own clock was ahead of that.
    """
    longest = longest_live(default_cast()[INDEX], abs(ahead))
    end = int(now.timestamp()) + 1
    for second in range(end, end - int(longest.total_seconds()), -1):
        if abs(_told_at(truth, second) - level) <= 2 * CENT:
            return None
    return Wrong("the level on the screen", level, f"it was never that within {longest}")

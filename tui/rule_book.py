"""The file of the rules that mark rows and numbers: read at the start, and when it has changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from market.quotes import Key
from market.snapshot import Snapshot
from tui.settings import Settings
from tui.wiring import alert_sources, basket_folders, story_folders

if TYPE_CHECKING:
    from market.baskets import Basket
    from market.rules.rows import MarkRule
    from market.thesis import Story


class RuleBook:
    """Knows where the rules are written, and whether they were read as they are now."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stamp: tuple[int, int] | None = None
        """When the file was written and how long it was, as it was read last."""

    def has_news(self) -> bool:
        """Return whether the file is another one than when this was asked last."""
        before, self._stamp = self._stamp, _stamp(self._settings.rules.file)
        return before != self._stamp

    def read(self) -> tuple[tuple[MarkRule, ...] | None, tuple[str, ...]]:
        """Return the rules and what is wrong with them; None for a file that cannot be read.

        It takes a while: what rules may speak of is gathered first.
        """
        from market.basket_check import checked_baskets
        from market.metrics.names import story_writing
        from market.thesis import stories_in

        settings = self._settings
        baskets, _ = checked_baskets(basket_folders(settings))
        stories, _ = stories_in(story_folders(settings), story_writing(settings.cast, baskets))
        return read_rules(settings, baskets, stories)


def read_rules(
    settings: Settings, baskets: Iterable[Basket], stories: Iterable[Story]
) -> tuple[tuple[MarkRule, ...] | None, tuple[str, ...]]:
    """Return the rules of the settings' file, which need not exist, and what is wrong with them.

    None for a file that cannot be read: somebody may be writing it.
    """
    from market.metrics.names import mark_writing
    from market.named_states import state_names
    from market.rules.rows_written import mark_rules_of

    path = settings.rules.file
    feeds = alert_sources(settings, None, is_live=False).feeds
    writing = mark_writing(settings.cast, baskets, state_names(stories, feeds))
    try:
        rules, faults = mark_rules_of(path.read_text(encoding="utf-8-sig"), writing)
    except FileNotFoundError:
        return (), ()
    except OSError as error:
        return None, (f"{path} cannot be read: {error.strerror}",)
    except ValueError as error:
        told = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error)
        return None, (f"{path} cannot be read: {told}",)
    return rules, tuple(f"{path.name}: {fault}" for fault in faults)


def keys_of(rules: Iterable[MarkRule], snapshot: Snapshot) -> frozenset[Key]:
    """Return the data that rules are judged by beside the rows."""
    from market.interest_metrics import metric_keys
    from market.rules.rows import beside_rows

    return metric_keys(beside_rows(rules), snapshot)


def painted(snapshot: Snapshot, rules: Sequence[MarkRule]) -> Snapshot:
    """Return a picture with the colours of rules about single numbers."""
    if not rules:
        return snapshot
    from market.marking import colours_of

    return replace(snapshot, colours=colours_of(rules, snapshot))


def _stamp(path: Path) -> tuple[int, int] | None:
    """When a file was written, and its length; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size

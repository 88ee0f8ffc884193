"""Other programs that read named metrics of a captop that runs: what they are told, and wanted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TypeAlias

from market.interest_metrics import metric_keys
from market.metrics.compute import metric_names
from market.named_states import metrics_behind, state_names
from market.quotes import Key
from market.snapshot import Snapshot
from market.thesis import Story

Publish: TypeAlias = Callable[[Snapshot], Collection[str]]
"""Tells the readers of a snapshot, and returns the metrics that they read."""


class Readers:
    """Whoever reads now."""

    def __init__(self, publish: Publish) -> None:
        self._publish = publish
        self.keys: frozenset[Key] = frozenset()
        """What the metrics that are read are made of."""

    def tell(self, snapshot: Snapshot) -> bool:
        """Tell the readers; return whether other data must be kept fresh for them now."""
        names: Collection[str] = ()
        with suppress(OSError):  # the readers see themselves that nothing comes
            names = self._publish(snapshot)
        before, self.keys = self.keys, keys_behind(names, stories_judged(snapshot), snapshot)
        return self.keys != before


def keys_behind(
    names: Iterable[str],
    stories: Collection[Story],
    snapshot: Snapshot,
    keys_of: Callable[[Iterable[str], Snapshot], frozenset[Key]] = metric_keys,
) -> frozenset[Key]:
    """Return the data that metrics and the states of stories' lines are made of."""
    behind = (metric for name in names for metric in (name, *metrics_behind(name, stories)))
    return keys_of(behind, snapshot)


def stories_judged(snapshot: Snapshot) -> tuple[Story, ...]:
    """Return the stories on the scoreboard."""
    board = snapshot.scoreboard
    return () if board is None else tuple(each.story for each in board.stories)


def states_in(snapshot: Snapshot) -> Mapping[str, tuple[str, ...]]:
    """Return the named states of a snapshot, each with the words that it can be.

    Of a picture that was kept only the word is known that each of them was.
    """
    kept = {name: (word,) for name, word in snapshot.kept_states.items()}
    return {**kept, **state_names(stories_judged(snapshot), snapshot.feeds)}


def names_told(snapshot: Snapshot, watched: Iterable[str]) -> Iterator[str]:
    """Yield every name that a snapshot has something to tell of: metrics, then states.

    Args:
        snapshot: What is known.
        watched: Symbols outside the cast whose metrics are told too.
    """
    yield from metric_names(snapshot.cast, watched)
    yield from sorted(states_in(snapshot))

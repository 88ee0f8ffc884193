"""What goes wrong when: a row of episodes that follows from a seed alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random

MOST_AT_ONCE = 3
REST_S = (15.0, 90.0)
"""Seconds of the market for which all is well before an episode."""
LASTS_S = (20.0, 240.0)
PLACES = ("*", "/finance/", "/chart/", "/spark", "/api/global", "/nasdaq/", "/ishares/")
"""Which requests a server answers wrongly: parts of paths, and all."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that goes wrong."""

    name: str
    """In `TROUBLES`."""
    place: str
    """Which paths it befalls, where it befalls paths."""
    size: float
    """How bad it is, from 0 to 1; each trouble makes of it what it needs."""


@dataclass(frozen=True, slots=True)
class Episode:
    """What goes wrong at the same time."""

    rest_s: float
    lasts_s: float
    acts: tuple[Act, ...]


def episodes(seed: int, names: Sequence[str]) -> Iterator[Episode]:
    """Yield episodes without end, every trouble once before any comes again.

    Args:
        seed: Which row of episodes.
        names: The troubles there are.
    """
    random = Random(seed)
    bag = _drawn(random, names)
    while True:
        count = random.choice(range(1, MOST_AT_ONCE + 1))
        acts = tuple(
            Act(name, random.choice(PLACES), random.random()) for name in islice(bag, count)
        )
        yield Episode(random.uniform(*REST_S), random.uniform(*LASTS_S), acts)


def _drawn(random: Random, names: Sequence[str]) -> Iterator[str]:
    while True:
        yield from random.sample(list(names), len(names))

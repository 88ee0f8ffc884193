"""What `captop doctor` finds, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """How a thing was found."""

    WELL = "well"
    DEGRADED = "degraded"
    """captop runs, with less."""
    BROKEN = "broken"


Fact = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    part: str
    """config, terminal, cache, clock, transport, or a feed's name."""
    name: str
    verdict: Verdict
    words: str
    """One sentence or a few words."""
    facts: Mapping[str, Fact] = field(default_factory=dict[str, Fact])
    """The same as values: `ms`, `bytes`, `path`."""

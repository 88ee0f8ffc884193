"""The value of one named metric."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

import msgspec

FULL_DAYS = "against full days"
"""What the reason of a relative volume says where part of a day is held against full ones."""


class Reading(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The value of one named metric. Age and look follow from `as_of` and the snapshot's now.

    It holds no containers, so that garbage collection need not look at thousands of them, and
    is written as a list, so that thousands of them are read at once.
    """

    value: float | str | None
    as_of: datetime | None = None
    """Time of the newest datum that went in, UTC; None only where value is None."""
    source: str = ""
    delay_s: int = 0
    reason: str = ""
    """Why value is None, or what should be known about it."""
    used: int | None = None
    """Of an aggregate: how many members it is made of."""
    total: int | None = None
    """Of an aggregate: how many it should be made of."""
    coverage: float | None = None
    """Of an aggregate: the part of the weight that `used` stands for, 0 to 1."""


@lru_cache(maxsize=1024)
def sources(*names: str) -> str:
    """Return the sources of a mixed value: `cboe+yahoo`."""
    return "+".join(sorted({part for name in names for part in name.split("+") if part}))

"""What a metric function is, and how it makes and combines readings."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import TypeAlias

from market.metrics.subject import Subject, Unknown
from market.reading import sources
from market.reports import Reading
from market.snapshot import NOT_COMPUTED

Function: TypeAlias = Callable[[Subject], Reading]
"""May raise Unknown with the reason; `read` turns that into an absent reading."""
NO_SENSE = "the prices it is made of make no sense"


def read(function: Function, subject: Subject) -> Reading:
    """Return a metric's value; whatever the data are, at worst absent with a reason."""
    try:
        reading = function(subject)
    except Unknown as unknown:
        return absent(str(unknown))
    except (ArithmeticError, ValueError):
        return absent(NO_SENSE)
    if isinstance(reading.value, float) and not isfinite(reading.value):
        return absent(NO_SENSE)
    return reading


def absent(reason: str) -> Reading:
    """Return the reading of a value that cannot be known, with the reason."""
    return Reading(None, reason=reason)


def number(reading: Reading) -> float:
    """Return a reading's number; Unknown if it has none."""
    if isinstance(reading.value, str) or reading.value is None:
        raise Unknown(reading.reason or NOT_COMPUTED.reason)
    return reading.value


def combined(value: float | str, *parts: Reading, reason: str = "") -> Reading:
    """Return a value made of several readings: as old as the oldest, as delayed as the worst."""
    instants = [p.as_of for p in parts if p.as_of is not None]
    reasons = [words for words in (reason, *[p.reason for p in parts]) if words]
    return Reading(
        value,
        min(instants, default=None),
        sources(*[p.source for p in parts]),
        max([p.delay_s for p in parts], default=0),
        "; ".join(dict.fromkeys(reasons)) if reasons else "",
    )

"""Figures of several runs, and the ratio of two commands run in turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Comparison:
    """What captop took and what the control took, run alternately in the same call."""

    name: str
    unit: str
    subject: tuple[float, ...]
    control: tuple[float, ...]
    goal: str = ""

    @property
    def ratio(self) -> float:
        """Median of the subject over median of the control."""
        return median(self.subject) / median(self.control)

    def row(self) -> dict[str, object]:
        """Return the comparison as plain values."""
        return {
            "name": self.name,
            "subject": round(median(self.subject), 4),
            "control": round(median(self.control), 4),
            "unit": self.unit,
            "ratio": round(self.ratio, 3),
            "goal": self.goal,
            "runs": len(self.subject),
        }


@dataclass(frozen=True, slots=True)
class Figure:
    """One absolute figure, for what has no sensible control."""

    name: str
    unit: str
    value: float
    goal: str = ""

    def row(self) -> dict[str, object]:
        """Return the figure as plain values."""
        return {
            "name": self.name,
            "subject": round(self.value, 4),
            "unit": self.unit,
            "goal": self.goal,
        }


Measurement = Comparison | Figure


def alternately(
    subject: Callable[[], float], control: Callable[[], float], runs: int
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Run both in turn after one warm-up each; return their figures."""
    subject()
    control()
    pairs = [(subject(), control()) for _ in range(runs)]
    return tuple(s for s, _ in pairs), tuple(c for _, c in pairs)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

"""The lines of METRICS about the federal funds path that futures imply, always two-sided.

Probabilities and rates are fractions. They are read from the study `Studies.fed_funds` and worked
out anew with it; the time of such a value is that of the newest price of a contract.
"""

from __future__ import annotations

from market.metrics.metric import Cadence, Metric, Unit

TOLD_OF = "EFFR"
"""The series whose instrument the path belongs to: no single contract has it."""
SIDES = {
    "p_cut": "below the one in force now",
    "p_hold": "the one in force now",
    "p_hike": "above the one in force now",
}
"""The three answers, and where the target range then stands."""
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _line(name: str, unit: Unit, meaning: str) -> Metric:
    return Metric(name=name, unit=unit, cadence=Cadence.RATE_FUTURE, meaning=meaning, only=TOLD_OF)


def _sides(place: str, words: str) -> tuple[Metric, ...]:
    return tuple(
        _line(
            f"policy.{place}.{side}",
            Unit.FRACTION,
            f"Probability that after {words} the target range is {where}, from futures.",
        )
        for side, where in SIDES.items()
    )


def _meeting(place: str, words: str) -> tuple[Metric, ...]:
    """What is said of one meeting that is always looked at."""
    return (
        _line(f"policy.{place}.meeting", Unit.WORD, f"The decision day of {words}."),
        *_sides(place, words),
        _line(
            f"policy.{place}.rate",
            Unit.FRACTION,
            f"The federal funds rate expected after {words}, from futures.",
        ),
        *(
            _line(
                f"policy.{place}.change.{window}",
                Unit.BASIS_POINTS,
                f"The rate expected after {words}, since the close of {since}.",
            )
            for window, since in (("1d", "the session before"), ("5d", "five sessions before"))
        ),
    )


OF_POLICY = (
    *_meeting("next", "the next FOMC meeting"),
    *_meeting("year_end", "the year's last FOMC meeting"),
    *(
        line
        for month in MONTHS
        for line in _sides(month, f"the next FOMC meeting of a {month.title()}")
    ),
)
"""All lines about the path."""

"""How easily one member trades and how strong it is, from its own past (METRICS 7, 16).

These are worked out for the symbols somebody looks at, not for two thousand members a minute.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from datetime import UTC, datetime
from math import isfinite
from typing import TYPE_CHECKING

from market.census import MOMENTA, Members
from market.metrics.columns import column
from market.metrics.frames import kept_with_bars
from market.metrics.liquidity import median_dollar_volume, turnover, zero_volume_share
from market.metrics.members import of_member, place_of
from market.metrics.momentum import twelve_minus_one
from market.metrics.readings import Function
from market.metrics.spreads import THIN, abdi_ranaldo, corwin_schultz
from market.metrics.subject import Subject, Unknown
from market.quotes import Bars
from market.reading import Reading
from market.sessions import exchange_date, session_of

if TYPE_CHECKING:
    from market.metrics.columns import Column, Matrix

YEAR = 253
"""Sessions that 12-1 momentum takes: the newest it needs no price of."""
_TOO_FEW = "fewer than 14 of 20 sessions with volume"


def _past(subject: Subject) -> Bars:
    place_of(subject)
    past = subject.snapshot.past.get(subject.symbol)
    if not past:
        raise Unknown("its past is being fetched")
    return past


def _of_past(value: Callable[[Bars], Column], reason: str) -> Function:
    """The one member's number, as old as the newest close it was made of; worked out once."""
    number_of = kept_with_bars(lambda past: float(value(past)[0]))

    def figure(subject: Subject) -> Reading:
        past = _past(subject)
        number = number_of(past)
        if not isfinite(number):
            raise Unknown(reason)
        return Reading(number, _closed(past), past.source)

    return figure


def _closed(past: Bars) -> datetime:
    return session_of(exchange_date(datetime.fromtimestamp(past.times[-1], UTC))).close


def _one(values: array[float]) -> Matrix:
    """A single member as sessions x members."""
    return column(values)[:, None]


def _turnover(members: Members, row: int) -> float:
    """The session's shares over those outstanding, which are market value over price."""
    one = slice(row, row + 1)
    outstanding = column(members.market_cap[one]) / column(members.last[one])
    return float(turnover(column(members.volume[one]), outstanding)[0])


def _spread(proxy: Callable[[Matrix, Matrix, Matrix], Column]) -> Function:
    of_past = _of_past(
        lambda past: proxy(_one(past.high), _one(past.low), _one(past.close)),
        "fewer than 15 of 21 pairs of highs and lows",
    )

    def figure(subject: Subject) -> Reading:
        census, row = place_of(subject)
        if census.members.dollar_volume[row] >= THIN:
            raise Unknown("says nothing of what trades for $5M a day or more")
        return of_past(subject)

    return figure


def _momentum(count: int) -> Function:
    return of_member(
        lambda members, row: members.momentum[count][row], f"needs {count + 1} sessions"
    )


FUNCTIONS: dict[str, Function] = {
    "{slug}.index.median_dollar_volume": _of_past(
        lambda past: median_dollar_volume(_one(past.close), _one(past.volume)), _TOO_FEW
    ),
    "{slug}.index.idle_share": _of_past(
        lambda past: zero_volume_share(_one(past.volume)), _TOO_FEW
    ),
    "{slug}.index.turnover": of_member(_turnover, "its shares outstanding are not known"),
    "{slug}.index.spread.corwin_schultz": _spread(corwin_schultz),
    "{slug}.index.spread.abdi_ranaldo": _spread(abdi_ranaldo),
    "{slug}.index.momentum.12_1": _of_past(
        lambda past: twelve_minus_one(_one(past.close)[-YEAR:]), f"needs {YEAR} sessions"
    ),
    **{f"{{slug}}.index.momentum.{count}d": _momentum(count) for count in MOMENTA},
}

"""The implied-volatility family: percentiles, term structure, regime, premium over realised."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import sqrt

from market.instruments import BENCHMARK, INDEX, RVX, TRACKER, VIX, Role
from market.metrics.closes import midnight, session_indices
from market.metrics.metric import Cadence, Metric, Unit, combined, has_role, number
from market.metrics.quote import last_price
from market.metrics.realised import realised, realised_close_to_close
from market.metrics.returns import same_session
from market.metrics.subject import Subject, Unknown
from market.metrics.volatility import SESSIONS_A_YEAR, percentile, rank, yang_zhang
from market.reports import Reading

VIX9D, VIX3M = "^VIX9D", "^VIX3M"
ONE_YEAR, FIVE_YEARS = 252, 1260
FEWEST = {ONE_YEAR: 200, FIVE_YEARS: 1000}
"""Closes that must be known for a percentile over so many sessions."""
FLAT_BELOW = 0.005
"""VIX and VIX3M this close together, as a share, are called flat."""
REGIMES = (
    (13.0, "calm"),
    (17.0, "mid-teens"),
    (20.0, "normal"),
    (25.0, "elevated"),
    (30.0, "stress"),
)


def regime(vix: float) -> str:
    """Return the word for a level of VIX; bands include their lower end."""
    return next((word for limit, word in REGIMES if vix < limit), "crisis")


def term_state(near: float, far: float) -> str:
    """Return contango when the longer horizon is dearer, backwardation when it is cheaper."""
    ratio = near / far
    if abs(ratio - 1) < FLAT_BELOW:
        return "flat"
    return "contango" if ratio < 1 else "backwardation"


def one_day_move(vix: float) -> float:
    """Return the standard deviation of one session that a VIX level means, a fraction."""
    return vix / sqrt(SESSIONS_A_YEAR) / 100


def recent_levels(subject: Subject, count: int) -> list[float]:
    """Return the closes of the last sessions, the newest price standing for its own session."""
    bars, last = subject.history(), subject.last
    before = midnight(last.day)
    closes = [bars.close[i] for i in session_indices(bars) if bars.times[i] < before]
    levels = [*closes[-(count - 1) :], last.price]
    if len(levels) < FEWEST[count]:
        raise Unknown(f"{FEWEST[count]} closes are needed, {len(levels)} are known")
    return levels


def percentile_reading(count: int, subject: Subject) -> Reading:
    """Return the share of the last sessions' closes that are not above the level."""
    levels = recent_levels(subject, count)
    return subject.last.reading(percentile(levels, levels[-1]), subject.history())


def rank_reading(subject: Subject) -> Reading:
    """Return where the level stands between the year's lowest and highest close."""
    levels = recent_levels(subject, ONE_YEAR)
    return subject.last.reading(rank(levels, levels[-1]), subject.history())


def two_levels(
    other: str, value_of: Callable[[float, float], float | str], subject: Subject
) -> Reading:
    """Return a value of this level and another's, both of the same session."""
    peer = subject.other(other)
    ours, theirs = last_price(subject), last_price(peer)
    same_session(subject, peer)
    if number(ours) <= 0 or number(theirs) <= 0:
        raise Unknown("a volatility level is not positive")
    return combined(value_of(number(ours), number(theirs)), ours, theirs)


def _slope(near: float, far: float) -> float:
    return far - near


def _ratio(ours: float, theirs: float) -> float:
    return ours / theirs


def _inverse_ratio(ours: float, theirs: float) -> float:
    return theirs / ours


def of_level(value_of: Callable[[float], float | str], subject: Subject) -> Reading:
    """Return a value that follows from the level alone."""
    return combined(value_of(subject.last.price), last_price(subject))


def premium(realised_symbol: str, subject: Subject) -> Reading:
    """Return an implied volatility less 21 sessions' realised one, volatility points."""
    implied = last_price(subject)
    past = realised_close_to_close(subject.other(realised_symbol))
    return _less_realised(implied, past)


def implied_minus_realised(subject: Subject) -> Reading:
    """Return RVX (VIX where it is missing) less IWM's Yang-Zhang volatility, points."""
    past = realised(yang_zhang, True, subject)
    try:
        implied, reason = last_price(subject.other(RVX)), ""
    except Unknown:
        implied, reason = last_price(subject.other(VIX)), "VIX in place of RVX"
    return _less_realised(implied, past, reason)


def _less_realised(implied: Reading, past: Reading, reason: str = "") -> Reading:
    """As old as the implied level: the realised one is of the last close by its nature."""
    whole = combined(number(implied) - 100 * number(past), implied, past, reason=reason)
    return Reading(whole.value, implied.as_of, whole.source, whole.delay_s, whole.reason)


def _history_line(name: str, function: Callable[[Subject], Reading], meaning: str) -> Metric:
    return Metric(
        name="{slug}." + name,
        unit=Unit.FRACTION,
        cadence=Cadence.QUOTE,
        meaning=meaning,
        function=function,
        roles=has_role(Role.VOLATILITY),
    )


def _line(
    name: str,
    unit: Unit,
    function: Callable[[Subject], Reading],
    meaning: str,
    *,
    only: str = VIX,
    reads: tuple[str, ...] = (),
) -> Metric:
    return Metric(
        name=name,
        unit=unit,
        cadence=Cadence.QUOTE,
        meaning=meaning,
        function=function,
        only=only,
        symbols=reads,
    )


LINES = (
    _history_line(
        "percentile.1y",
        partial(percentile_reading, ONE_YEAR),
        "Share of the last 252 closes that are not above the level.",
    ),
    _history_line(
        "percentile.5y",
        partial(percentile_reading, FIVE_YEARS),
        "Share of the last 1,260 closes that are not above the level.",
    ),
    _history_line(
        "rank.1y",
        rank_reading,
        "Where the level stands between the lowest (0) and highest (1) of the last 252 closes.",
    ),
    _line(
        "vix.term.slope",
        Unit.POINTS,
        partial(two_levels, VIX3M, _slope),
        "VIX3M less VIX.",
        reads=(VIX3M,),
    ),
    _line(
        "vix.term.ratio",
        Unit.RATIO,
        partial(two_levels, VIX3M, _ratio),
        "VIX over VIX3M: below one in contango.",
        reads=(VIX3M,),
    ),
    _line(
        "vix.term.short_ratio",
        Unit.RATIO,
        partial(two_levels, VIX9D, _inverse_ratio),
        "VIX9D over VIX.",
        reads=(VIX9D,),
    ),
    _line(
        "vix.term.state",
        Unit.WORD,
        partial(two_levels, VIX3M, term_state),
        "Contango, backwardation or flat (within 0.5 %), from VIX and VIX3M.",
        reads=(VIX3M,),
    ),
    _line(
        "vix.regime",
        Unit.WORD,
        partial(of_level, regime),
        "VIX in a word: calm below 13, mid-teens to 17, normal to 20, elevated to 25, "
        "stress to 30, crisis above.",
    ),
    _line(
        "vix.move.1d",
        Unit.FRACTION,
        partial(of_level, one_day_move),
        "The one-session standard deviation that VIX means: VIX over the root of 252.",
    ),
    _line(
        "vix.variance_premium",
        Unit.POINTS,
        partial(premium, BENCHMARK),
        "VIX less the S&P 500's realised volatility of the last 21 sessions.",
        reads=(BENCHMARK,),
    ),
    _line(
        "rvx.variance_premium",
        Unit.POINTS,
        partial(premium, INDEX),
        "RVX less the Russell 2000's realised volatility of the last 21 sessions.",
        only=RVX,
        reads=(INDEX,),
    ),
    _line(
        "rvx.vix_ratio",
        Unit.RATIO,
        partial(two_levels, VIX, _ratio),
        "RVX over VIX.",
        only=RVX,
        reads=(VIX,),
    ),
    _line(
        "iwm.implied_minus_realised",
        Unit.POINTS,
        implied_minus_realised,
        "RVX, or VIX where RVX is missing, less IWM's Yang-Zhang volatility of 21 sessions.",
        only=TRACKER,
        reads=(RVX, VIX),
    ),
)

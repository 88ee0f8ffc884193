"""METRICS: every number on screen by name, with its unit, its meaning and what it reads.

What a metric is stands here, how it is worked out in the families (`registry.py`): to show a
value and to judge its age no arithmetic has to be loaded.
"""

from __future__ import annotations

from msgspec.structs import replace

from market.instruments import BENCHMARK, INDEX, PRICED, RVX, TRACKER, VIX, Role
from market.metrics.catalogue_calendar import OF_THE_CALENDAR
from market.metrics.catalogue_flows import OF_FLOWS
from market.metrics.catalogue_halts import OF_HALTS
from market.metrics.catalogue_macro import OF_MACRO
from market.metrics.catalogue_members import OF_MEMBERS
from market.metrics.catalogue_options import OF_OPTIONS
from market.metrics.catalogue_policy import OF_POLICY
from market.metrics.catalogue_volatility import OF_VOLATILITY
from market.metrics.metric import Cadence, Metric, Unit
from market.metrics.windows import MEANINGS

VIX9D, VIX3M = "^VIX9D", "^VIX3M"


def _each(
    name: str, unit: Unit, meaning: str, *roles: Role, cadence: Cadence = Cadence.QUOTE
) -> Metric:
    """A metric of every instrument, or of those of some roles."""
    return Metric(
        name="{slug}." + name,
        unit=unit,
        cadence=cadence,
        meaning=meaning,
        roles=frozenset(roles) or PRICED,
    )


def _traded(metric: Metric) -> Metric:
    """Leave groups of members out: a level has no open, no volume and no hours of its own."""
    return replace(metric, roles=metric.roles - {Role.GROUP})


def _one(
    symbol: str,
    name: str,
    unit: Unit,
    meaning: str,
    *reads: str,
    cadence: Cadence = Cadence.QUOTE,
) -> Metric:
    """A metric of one instrument that may read others."""
    return Metric(
        name=name, unit=unit, cadence=cadence, meaning=meaning, only=symbol, symbols=reads
    )


def _worded(words: str, metric: Metric) -> Metric:
    """Name all words that a metric can be."""
    return replace(metric, words=tuple(words.split()))


def _beyond_price(metric: Metric) -> Metric:
    """Mark a metric that takes more than prices and closes."""
    return replace(_traded(metric), beyond_price=True)


def _relative(window: str, span: str) -> Metric:
    return Metric(
        name="{slug}.relative." + window,
        unit=Unit.FRACTION,
        cadence=Cadence.QUOTE,
        meaning=f"Return over {span} less the Russell 2000's.",
        roles=frozenset(
            {Role.SECTOR, Role.THEME, Role.TRACKER, Role.BENCHMARK, Role.GROUP, Role.WATCHED}
        ),
        symbols=(INDEX,),
    )


def _realised(estimator: str, words: str, *roles: Role) -> Metric:
    return _each(
        f"realised_vol.{estimator}.21d",
        Unit.FRACTION,
        f"Realised volatility of 21 {words}.",
        *roles,
        cadence=Cadence.DAILY,
    )


QUOTE = (
    _each("last", Unit.PRICE, "The last price of regular trading."),
    _each(
        "previous_close",
        Unit.PRICE,
        "The official close of the session before the last price's own, from daily bars.",
    ),
    _each("change", Unit.PRICE, "Last less previous close."),
    _traded(_each("from_open", Unit.FRACTION, "Last over the session's open, less one.")),
    _traded(_each("open", Unit.PRICE, "The session's first price.")),
    _beyond_price(_each("high", Unit.PRICE, "The session's highest price.")),
    _beyond_price(_each("low", Unit.PRICE, "The session's lowest price.")),
    _beyond_price(_each("volume", Unit.SHARES, "Shares traded in the session so far.")),
    _traded(
        _each(
            "extended.last",
            Unit.PRICE,
            "The newest pre- or post-market price, if it is younger than the last regular one.",
            cadence=Cadence.EXTENDED,
        )
    ),
    _traded(
        _each(
            "extended.return",
            Unit.FRACTION,
            "The pre- or post-market price over the last regular price, less one.",
            cadence=Cadence.EXTENDED,
        )
    ),
    _traded(
        _worded(
            "pre post",
            _each(
                "extended.phase",
                Unit.WORD,
                "Whether the newest price outside regular hours is from the pre or the post "
                "market.",
                cadence=Cadence.EXTENDED,
            ),
        )
    ),
)

RETURNS = (
    _each("return.1d", Unit.FRACTION, "Last over previous close, less one."),
    *(
        _each(
            f"return.{window}",
            Unit.FRACTION,
            f"Price return over {span}, to the last price.",
        )
        for window, span in MEANINGS.items()
    ),
    _one(INDEX, "rut.year_start", Unit.PRICE, "The close that the year's return is measured from."),
    _relative("1d", "one session"),
    *(_relative(window, span) for window, span in MEANINGS.items()),
)

RANGES = (
    _each(
        "range52w.high",
        Unit.PRICE,
        "The highest intraday price of 252 sessions, today's included.",
    ),
    _each(
        "range52w.low",
        Unit.PRICE,
        "The lowest intraday price of 252 sessions, today's included.",
    ),
    _each(
        "range52w.position",
        Unit.FRACTION,
        "Where the last price stands between the 52-week low (0) and high (1).",
    ),
    _worded(
        "high low both none",
        _each(
            "range52w.new",
            Unit.WORD,
            "Whether the session has made a new 52-week high or low by its intraday prices: high, "
            "low, both or none.",
        ),
    ),
    _each(
        "drawdown",
        Unit.FRACTION,
        "Last over the highest close of the known history (up to five years), less one.",
    ),
    _each(
        "average.50d",
        Unit.PRICE,
        "The mean of the newest 50 closes, the last price being the newest.",
    ),
    _each(
        "average.200d",
        Unit.PRICE,
        "The mean of the newest 200 closes, the last price being the newest.",
    ),
    _beyond_price(
        _each(
            "relative_volume",
            Unit.RATIO,
            "The session's volume so far over what is usual by then, of the mean of the previous "
            "20 full sessions: 0.7x. Where that is not known, in full days: 0.7d.",
        )
    ),
)

REALISED = (
    _realised(
        "close_to_close",
        "daily logarithmic returns a year, from closes",
        Role.INDEX,
        Role.TRACKER,
        Role.BENCHMARK,
    ),
    _realised(
        "yang_zhang", "sessions a year, by Yang and Zhang, overnight gaps included", Role.TRACKER
    ),
    _realised("parkinson", "sessions a year, by Parkinson from highs and lows", Role.TRACKER),
    _realised(
        "garman_klass", "sessions a year, by Garman and Klass from all four prices", Role.TRACKER
    ),
    _realised(
        "rogers_satchell", "sessions a year, by Rogers and Satchell, free of drift", Role.TRACKER
    ),
    _realised(
        "garman_klass_yang_zhang",
        "sessions a year, by Garman and Klass with the overnight gap",
        Role.TRACKER,
    ),
    _realised(
        "zero_mean",
        "daily logarithmic returns a year about zero, from closes",
        Role.INDEX,
        Role.TRACKER,
        Role.BENCHMARK,
    ),
)

IMPLIED = (
    _each(
        "percentile.1y",
        Unit.FRACTION,
        "Share of the last 252 closes that are not above the level.",
        Role.VOLATILITY,
    ),
    _each(
        "percentile.5y",
        Unit.FRACTION,
        "Share of the last 1,260 closes that are not above the level.",
        Role.VOLATILITY,
    ),
    _each(
        "rank.1y",
        Unit.FRACTION,
        "Where the level stands between the lowest (0) and highest (1) of the last 252 closes.",
        Role.VOLATILITY,
    ),
    _one(VIX, "vix.term.slope", Unit.POINTS, "Slope of the term structure: VIX3M less VIX.", VIX3M),
    _one(VIX, "vix.term.ratio", Unit.RATIO, "VIX over VIX3M: below one in contango.", VIX3M),
    _one(VIX, "vix.term.short_ratio", Unit.RATIO, "VIX9D over VIX.", VIX9D),
    _worded(
        "contango backwardation flat",
        _one(
            VIX,
            "vix.term.state",
            Unit.WORD,
            "The term structure of VIX and VIX3M: contango, backwardation or flat (within 0.5 %).",
            VIX3M,
        ),
    ),
    _worded(
        "calm mid-teens normal elevated stress crisis",
        _one(
            VIX,
            "vix.regime",
            Unit.WORD,
            "VIX in a word: calm below 13, mid-teens to 17, normal to 20, elevated to 25, "
            "stress to 30, crisis above.",
        ),
    ),
    _one(
        VIX,
        "vix.move.1d",
        Unit.FRACTION,
        "The one-session standard deviation that VIX means: VIX over the root of 252.",
    ),
    _one(
        VIX,
        "vix.variance_premium",
        Unit.POINTS,
        "VIX less the S&P 500's realised volatility of the last 21 sessions.",
        BENCHMARK,
    ),
    _one(
        RVX,
        "rvx.variance_premium",
        Unit.POINTS,
        "RVX less the Russell 2000's realised volatility of the last 21 sessions.",
        INDEX,
    ),
    _one(RVX, "rvx.vix_ratio", Unit.RATIO, "RVX over VIX.", VIX),
    _one(
        TRACKER,
        "iwm.implied_minus_realised",
        Unit.POINTS,
        "RVX, or VIX where RVX is missing, less IWM's Yang-Zhang volatility of 21 sessions.",
        RVX,
        VIX,
    ),
)

STRENGTH = (
    _one(
        INDEX,
        "rut.relative_strength.spx",
        Unit.RATIO,
        "The Russell 2000 over the S&P 500.",
        BENCHMARK,
    ),
    _one(
        INDEX,
        "rut.relative_strength.spx.return.63d",
        Unit.FRACTION,
        "Change of the Russell 2000 over the S&P 500 in 63 common sessions.",
        BENCHMARK,
    ),
    _one(
        INDEX,
        "rut.relative_strength.spx.above_200d",
        Unit.RATIO,
        "The Russell 2000 over the S&P 500, over that ratio's mean of 200 sessions.",
        BENCHMARK,
    ),
    _one(
        INDEX,
        "rut.correlation.spx.63d",
        Unit.RATIO,
        "Correlation of 63 daily returns with the S&P 500's.",
        BENCHMARK,
        cadence=Cadence.DAILY,
    ),
    _one(
        INDEX,
        "rut.beta.spx.63d",
        Unit.RATIO,
        "Beta of 63 daily returns to the S&P 500's.",
        BENCHMARK,
        cadence=Cadence.DAILY,
    ),
    _one(
        TRACKER,
        "iwm.implied_index",
        Unit.POINTS,
        "The Russell 2000 level that IWM's pre- or post-market price stands for.",
        INDEX,
        cadence=Cadence.EXTENDED,
    ),
    _one(
        TRACKER,
        "iwm.tracking.1d",
        Unit.FRACTION,
        "IWM's return of the session less the Russell 2000's.",
        INDEX,
    ),
    *(
        _one(
            TRACKER,
            f"iwm.tracking.{name}.63d",
            Unit.FRACTION,
            f"{words} of IWM's daily return less the Russell 2000's over 63 sessions.",
            INDEX,
            cadence=Cadence.DAILY,
        )
        for name, words in (("mean", "The mean"), ("deviation", "The standard deviation"))
    ),
)

METRICS: tuple[Metric, ...] = (
    *QUOTE,
    *RETURNS,
    *RANGES,
    *REALISED,
    *IMPLIED,
    *STRENGTH,
    *OF_MEMBERS,
    *OF_MACRO,
    *OF_OPTIONS,
    *OF_POLICY,
    *OF_THE_CALENDAR,
    *OF_HALTS,
    *OF_FLOWS,
    *OF_VOLATILITY,
)
"""The lines of all families. A new line needs a function of its name in its family."""

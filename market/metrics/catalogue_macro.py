"""The lines of METRICS about rates, prices and jobs: what offices publish on their own days.

Per cent are fractions here, as everywhere: a rate of 3.63 % is 0.0363. The time of such a value
is its reference date: the day of a rate, the Saturday of a week, the first day of a month.
"""

from __future__ import annotations

from market.instruments import Role
from market.metrics.metric import Cadence, Metric, Unit

RATES = {
    "effr": "EFFR",
    "sofr": "SOFR",
    "target_low": "DFEDTARL",
    "target_high": "DFEDTARU",
    "iorb": "IORB",
    "us3m": "DGS3MO",
    "us2y": "DGS2",
    "us10y": "DGS10",
    "us30y": "DGS30",
    "hy_oas": "BAMLH0A0HYM2",
}
"""Daily rates and spreads in per cent by slug: the series' symbols."""
COUNTS = {
    "cpi_nsa": ("CPIAUCNS", Unit.POINTS),
    "cpi": ("CPIAUCSL", Unit.POINTS),
    "core_cpi": ("CPILFESL", Unit.POINTS),
    "payrolls": ("PAYEMS", Unit.COUNT),
    "unemployment": ("UNRATE", Unit.FRACTION),
    "claims": ("ICSA", Unit.COUNT),
}
"""Weekly and monthly series by slug: the series' symbols and the unit of their values."""


def _line(symbol: str, name: str, unit: Unit, meaning: str, *reads: str) -> Metric:
    return Metric(
        name=name,
        unit=unit,
        cadence=Cadence.PUBLISHED,
        meaning=meaning,
        only=symbol,
        symbols=reads,
    )


def _inflation(symbol: str, name: str, words: str) -> tuple[Metric, ...]:
    """Changes of a seasonally adjusted index of prices."""
    return (
        _line(symbol, f"{name}.mom", Unit.FRACTION, f"{words}, over the month before, less one."),
        *(
            _line(
                symbol,
                f"{name}.{months}m",
                Unit.FRACTION,
                f"{words}, change over {months} months at a yearly rate.",
            )
            for months in (3, 6)
        ),
    )


SERIES = (
    *(
        _line(symbol, f"{slug}.value", Unit.FRACTION, "The newest published rate a year.")
        for slug, symbol in RATES.items()
    ),
    *(
        _line(
            symbol,
            f"{slug}.value.change",
            Unit.BASIS_POINTS,
            "The newest published rate less the one published before it.",
        )
        for slug, symbol in RATES.items()
    ),
    *(
        _line(
            symbol,
            f"{slug}.value.change.20d",
            Unit.BASIS_POINTS,
            "The newest published rate less that of 20 XNYS sessions before.",
        )
        for slug, symbol in RATES.items()
    ),
    *(
        _line(symbol, f"{slug}.value", unit, "The newest published value.")
        for slug, (symbol, unit) in COUNTS.items()
    ),
    *(
        _line(
            symbol,
            f"{slug}.value.change",
            Unit.BASIS_POINTS if unit is Unit.FRACTION else unit,
            "The newest published value less that of the period before, as it stands now.",
        )
        for slug, (symbol, unit) in COUNTS.items()
    ),
    Metric(
        name="{slug}.next_release",
        unit=Unit.WORD,
        cadence=Cadence.PUBLISHED,
        meaning="The day, or the days, on which its next value is to be published, New York.",
        roles=frozenset({Role.PUBLISHED}),
    ),
)

MACRO = (
    _line(
        "CPIAUCNS",
        "macro.cpi.yoy",
        Unit.FRACTION,
        "Consumer prices, not seasonally adjusted, over those of twelve months before, less one.",
    ),
    _line(
        "CPIAUCNS",
        "macro.cpi.yoy.3m_ago",
        Unit.FRACTION,
        "The same of three months before: above it inflation rises, below it eases.",
    ),
    *_inflation("CPIAUCSL", "macro.cpi", "Consumer prices, seasonally adjusted"),
    _line(
        "CPILFESL",
        "macro.core_cpi.yoy",
        Unit.FRACTION,
        "Consumer prices less food and energy, seasonally adjusted, over those of twelve months "
        "before, less one.",
    ),
    *_inflation("CPILFESL", "macro.core_cpi", "Consumer prices less food and energy"),
    _line(
        "PAYEMS",
        "macro.payrolls.change",
        Unit.COUNT,
        "Change of nonfarm payrolls in the newest month, persons, as it stands now.",
    ),
    _line(
        "PAYEMS",
        "macro.payrolls.change.first",
        Unit.COUNT,
        "The same as it was first published.",
    ),
    _line(
        "PAYEMS",
        "macro.payrolls.change.previous",
        Unit.COUNT,
        "Change of nonfarm payrolls in the month before, persons, as it stands now.",
    ),
    _line(
        "PAYEMS",
        "macro.payrolls.revision",
        Unit.COUNT,
        "The month before as it stands now, less as it was first published.",
    ),
    _line(
        "PAYEMS",
        "macro.payrolls.change.3m",
        Unit.COUNT,
        "Mean monthly change of nonfarm payrolls over three months, persons.",
    ),
    _line(
        "UNRATE",
        "macro.sahm_gap",
        Unit.POINTS,
        "Unemployment's three-month mean less its lowest of the twelve months before, percentage "
        "points: 0.50 has always meant a recession.",
    ),
    _line(
        "ICSA",
        "macro.claims.4w",
        Unit.COUNT,
        "Mean of initial jobless claims over four weeks, persons.",
    ),
)

SPREADS = (
    _line(
        "DGS2",
        "macro.2y_minus_effr",
        Unit.BASIS_POINTS,
        "Two-year Treasury yield less EFFR on the newest date of both: above zero where bonds "
        "expect higher rates.",
        "EFFR",
    ),
    _line(
        "DGS10",
        "macro.curve.2s10s",
        Unit.BASIS_POINTS,
        "Ten-year Treasury yield less the two-year one.",
        "DGS2",
    ),
    _line(
        "DGS10",
        "macro.curve.3m10y",
        Unit.BASIS_POINTS,
        "Ten-year Treasury yield less the three-month one.",
        "DGS3MO",
    ),
    _line("SOFR", "macro.sofr_minus_effr", Unit.BASIS_POINTS, "SOFR less EFFR.", "EFFR"),
    _line(
        "SOFR",
        "macro.sofr_minus_iorb",
        Unit.BASIS_POINTS,
        "SOFR less what the Federal Reserve pays on reserves.",
        "IORB",
    ),
    _line(
        "ICSA",
        "macro.next_release",
        Unit.WORD,
        "Which of prices, jobs and claims is published next, and when, New York.",
        "CPIAUCNS",
        "PAYEMS",
    ),
)

RATE_FUTURES = (
    Metric(
        name="{slug}.implied_rate",
        unit=Unit.FRACTION,
        cadence=Cadence.QUOTE,
        meaning="The mean federal funds rate of its month that a future's price stands for.",
        roles=frozenset({Role.RATE_FUTURE}),
    ),
)

OF_MACRO = (*SERIES, *MACRO, *SPREADS, *RATE_FUTURES)
"""All lines about what is published, and about futures on the federal funds rate."""

"""METRICS of the index's members: breadth, attribution, liquidity, groups, one member's place."""

from __future__ import annotations

from market.census import MOMENTA
from market.instruments import INDEX, Role
from market.metrics.metric import Cadence, Metric, Unit
from market.metrics.windows import MEANINGS

SPANS = {
    "1d": "the session",
    **{w: MEANINGS[w] for w in ("5d", "1m", "8w", "3m", "6m", "ytd", "1y")},
}
MEMBER = frozenset({Role.WATCHED})


def _index(name: str, unit: Unit, meaning: str) -> Metric:
    """A figure of the whole index, worked out by the census."""
    return Metric(
        name=name, unit=unit, cadence=Cadence.CENSUS, meaning=meaning, only=INDEX, of_members=True
    )


def _group(name: str, unit: Unit, meaning: str) -> Metric:
    """A figure of a group of members."""
    return Metric(
        name="{slug}." + name,
        unit=unit,
        cadence=Cadence.CENSUS,
        meaning=meaning,
        roles=frozenset({Role.GROUP}),
        of_members=True,
    )


def _member(name: str, unit: Unit, meaning: str) -> Metric:
    """A member's place in the index."""
    return Metric(
        name="{slug}." + name,
        unit=unit,
        cadence=Cadence.CENSUS,
        meaning=meaning,
        roles=MEMBER,
        of_members=True,
    )


_COUNT, _SHARE, _BP = Unit.COUNT, Unit.FRACTION, Unit.BASIS_POINTS

BREADTH = (
    _index("breadth.advances", _COUNT, "Members above their previous close."),
    _index("breadth.declines", _COUNT, "Members below their previous close."),
    _index("breadth.unchanged", _COUNT, "Members at their previous close, to the tick."),
    _index("breadth.advancing", _SHARE, "Advances over all members that traded."),
    _index("breadth.net", _COUNT, "Advances less declines."),
    _index("breadth.ad_ratio", Unit.RATIO, "Advances over declines."),
    _index("breadth.ad_line", _COUNT, "Running sum of advances less declines; its slope counts."),
    _index("breadth.rana", Unit.POINTS, "Ratio-adjusted net advances: 1000 (A - D) / (A + D)."),
    _index("breadth.mcclellan", Unit.POINTS, "McClellan oscillator of RANA: 10 % less 5 % trend."),
    _index("breadth.summation", Unit.POINTS, "McClellan summation index of RANA."),
    _index("breadth.up_volume", Unit.SHARES, "Shares traded in advancing members."),
    _index("breadth.down_volume", Unit.SHARES, "Shares traded in declining members."),
    _index("breadth.up_volume_share", _SHARE, "Up volume over up and down volume."),
    _index("breadth.trin", Unit.RATIO, "Arms index: (A / D) / (up volume / down volume)."),
    _index("breadth.ad_line.change.20d", _COUNT, "Advances less declines of 20 sessions."),
    _index("breadth.above_20dma", _SHARE, "Members above the mean of their 20 newest closes."),
    _index("breadth.above_50dma", _SHARE, "Members above the mean of their 50 newest closes."),
    _index("breadth.above_200dma", _SHARE, "Members above the mean of their 200 newest closes."),
    _index("breadth.new_highs", _COUNT, "Members at a 52-week high."),
    _index("breadth.new_lows", _COUNT, "Members at a 52-week low."),
    _index("breadth.high_low_index", _SHARE, "Mean of NH / (NH + NL) over ten sessions."),
    _index("breadth.participation", _SHARE, "Members that return more than the index today."),
    _index("breadth.effective_members", _COUNT, "Effective number of members by weight."),
    _index("breadth.suspect", _COUNT, "Members left out since no second source confirms a move."),
    _index("breadth.idle", _COUNT, "Members without a trade today; they take no part."),
    _index("breadth.missing", _COUNT, "Members without a price of the session."),
    _index("breadth.split", _COUNT, "Members whose past is asked for anew after a split."),
)

ATTRIBUTION = tuple(
    line
    for window, span in SPANS.items()
    for line in (
        _index(f"attribution.equal_weight.{window}", _SHARE, f"Mean member return over {span}."),
        _index(f"attribution.cap_weight.{window}", _SHARE, f"Weighted return over {span}."),
        _index(
            f"attribution.index.{window}",
            _SHARE,
            f"The index's own return over {span}, up to the session of the members' prices.",
        ),
        _index(f"attribution.median.{window}", _SHARE, f"Median member return over {span}."),
        _index(
            f"attribution.equal_less_cap.{window}",
            _BP,
            f"Mean member return less the index's over {span}.",
        ),
        _index(
            f"attribution.top10_share.{window}",
            _SHARE,
            f"Ten largest of all positive contributions over {span}.",
        ),
        _index(
            f"attribution.top10_of_net.{window}",
            _SHARE,
            f"Ten largest contributions along the net move of {span}, over it; may exceed 1.",
        ),
        _index(
            f"attribution.contributors.{window}",
            _COUNT,
            f"Effective number of contributors over {span}.",
        ),
        _index(
            f"attribution.positive_contributors.{window}",
            _COUNT,
            f"Effective number of positive contributors over {span}.",
        ),
        _index(
            f"attribution.participation.{window}",
            _SHARE,
            f"Members that return more than the index over {span}.",
        ),
        _index(
            f"attribution.residual.{window}",
            _BP,
            f"The index's return over {span} that no member's contribution explains.",
        ),
    )
)

LIQUIDITY = (
    _index("liquidity.thin_share", _SHARE, "Members that trade for less than $1M a day."),
    _index("liquidity.median_dollar_volume", Unit.DOLLARS, "Median member's ADV$ of 20 sessions."),
    _index(
        "liquidity.median_dollar_volume.over_60d",
        Unit.RATIO,
        "Median member's ADV$ of 20 sessions over that figure's mean of 60 sessions.",
    ),
    _index("liquidity.top10_share", _SHARE, "Ten busiest members of all dollar volume today."),
    _index(
        "liquidity.top10_share.percentile.1y",
        _SHARE,
        "Part of a year's sessions in which the ten busiest had no larger a share.",
    ),
    _index(
        "liquidity.relative_volume",
        Unit.RATIO,
        "Median member's volume over what is usual by then.",
    ),
)

GROUPS = (
    _group("weight", _SHARE, "Its part of the index."),
    _group("members", _COUNT, "How many members it has."),
    _group("advancing", _SHARE, "Its members above their previous close."),
    _group("above_50dma", _SHARE, "Its members above the mean of their 50 newest closes."),
    _group("above_200dma", _SHARE, "Its members above the mean of their 200 newest closes."),
    _group("new_highs", _COUNT, "Its members at a 52-week high."),
    _group("new_lows", _COUNT, "Its members at a 52-week low."),
    _group(
        "typical_relative_volume",
        Unit.RATIO,
        "Its median member's volume over what is usual by then.",
    ),
    *(
        line
        for window, span in SPANS.items()
        for line in (
            _group(
                f"contribution.{window}", _BP, f"What it adds to the index's return over {span}."
            ),
            _group(f"median.{window}", _SHARE, f"Its median member's return over {span}."),
            _group(f"advancing.{window}", _SHARE, f"Its members that gain over {span}."),
        )
    ),
)

MEMBERS = (
    _member("index.weight", _SHARE, "Its part of the Russell 2000, at the previous close."),
    _member("index.sector", Unit.WORD, "Its GICS sector and captop's sub-sector."),
    _member("index.industry", Unit.WORD, "Its industry in the words of the screener."),
    _member("index.rank.sector", Unit.WORD, "Its rank in its sector by today's return."),
    _member("index.rank.subsector", Unit.WORD, "Its rank in its sub-sector by today's return."),
    _member("index.dollar_volume", Unit.DOLLARS, "ADV$: mean close x volume of 20 sessions."),
    _member(
        "index.median_dollar_volume",
        Unit.DOLLARS,
        "Median close x volume of 20 sessions, which one busy day cannot lift.",
    ),
    _member("index.turnover", _SHARE, "The session's volume so far over the shares outstanding."),
    _member("index.amihud", Unit.RATIO, "Amihud illiquidity of 21 sessions, per $1M."),
    _member("index.idle_share", _SHARE, "Part of 20 sessions in which it did not trade at all."),
    *(
        _member(
            f"index.spread.{proxy}",
            _SHARE,
            f"Proxy of the spread by {words} over 21 pairs of sessions, for names below $5M a day.",
        )
        for proxy, words in (
            ("corwin_schultz", "Corwin and Schultz"),
            ("abdi_ranaldo", "Abdi and Ranaldo"),
        )
    ),
    *(
        _member(f"index.momentum.{count}d", _SHARE, f"Return of {count} sessions less the index's.")
        for count in MOMENTA
    ),
    _member(
        "index.momentum.12_1", _SHARE, "The close 21 sessions ago over that of 252 ago, less one."
    ),
    _member("index.membership", Unit.WORD, "Since when holdings files have shown it."),
    *(
        _member(f"index.contribution.{window}", _BP, f"What it adds to the index over {span}.")
        for window, span in SPANS.items()
    ),
)

OF_MEMBERS = (*BREADTH, *ATTRIBUTION, *LIQUIDITY, *GROUPS, *MEMBERS)

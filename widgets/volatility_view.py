"""What the volatility panel shows, worked out of one snapshot."""

from __future__ import annotations

import msgspec

from market.freshness import family_freshness, freshness
from market.instruments import RVX, TERM_STRUCTURE, TRACKER, VIX
from market.snapshot import Snapshot
from widgets.values import Value, ages_of_old, value_of

HORIZONS = tuple(zip(("9D", "30D", "3M", "6M"), TERM_STRUCTURE, strict=True))
ROWS = (VIX, RVX, "^VIX9D", "^VIX3M", "^VIX6M", "^VVIX", "^SKEW")
"""The symbols that can be opened, in the order the cursor walks them."""


class VolatilityView(msgspec.Struct, frozen=True):
    """All that the volatility panel shows. Levels in volatility points."""

    vix: Value
    vix_change: Value
    regime: Value
    percentile: Value
    rvx: Value
    rvx_change: Value
    rvx_ratio: Value
    term: tuple[tuple[str, Value], ...]
    slope: Value
    state: Value
    close_to_close: Value
    """Realised, a fraction a year."""
    yang_zhang: Value
    premium: Value
    vvix: Value
    skew: Value
    ages: tuple[tuple[str, str], ...] = ()
    """(symbol, `▲ 5m` or `late 5m`) of a level at the head that looks older than the family."""


def level_names(snapshot: Snapshot) -> list[str]:
    """Return the metrics whose freshness is the panel's."""
    return [f"{snapshot.cast[symbol].slug}.last" for symbol in ROWS]


def view_of(snapshot: Snapshot) -> VolatilityView:
    """Return what the volatility panel shows of a snapshot."""
    slug_of = {symbol: snapshot.cast[symbol].slug for symbol in (*ROWS, TRACKER)}
    vix, rvx, iwm = slug_of[VIX], slug_of[RVX], slug_of[TRACKER]
    return VolatilityView(
        vix=value_of(snapshot, f"{vix}.last"),
        vix_change=value_of(snapshot, f"{vix}.change"),
        regime=value_of(snapshot, "vix.regime"),
        percentile=value_of(snapshot, f"{vix}.percentile.1y"),
        rvx=value_of(snapshot, f"{rvx}.last"),
        rvx_change=value_of(snapshot, f"{rvx}.change"),
        rvx_ratio=value_of(snapshot, "rvx.vix_ratio"),
        term=tuple((name, value_of(snapshot, f"{slug_of[s]}.last")) for name, s in HORIZONS),
        slope=value_of(snapshot, "vix.term.slope"),
        state=value_of(snapshot, "vix.term.state"),
        close_to_close=value_of(snapshot, f"{iwm}.realised_vol.close_to_close.21d"),
        yang_zhang=value_of(snapshot, f"{iwm}.realised_vol.yang_zhang.21d"),
        premium=value_of(snapshot, f"{iwm}.implied_minus_realised"),
        vvix=value_of(snapshot, f"{slug_of['^VVIX']}.last"),
        skew=value_of(snapshot, f"{slug_of['^SKEW']}.last"),
        ages=_ages(snapshot),
    )


def _ages(snapshot: Snapshot) -> tuple[tuple[str, str], ...]:
    typical = family_freshness(snapshot, level_names(snapshot)).look
    slugs = ((symbol, snapshot.cast[symbol].slug) for symbol in (VIX, RVX))
    apart = [(s, slug) for s, slug in slugs if freshness(snapshot, f"{slug}.last").look != typical]
    return tuple((s, age) for s, slug in apart for age in ages_of_old(snapshot, slug, "last")[:1])

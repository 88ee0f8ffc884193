"""A snapshot as a table for a plain terminal or a pipe: one row an instrument, by family."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from market.freshness import age_in_words, freshness
from market.health import Look
from market.instruments import Instrument, Role
from market.sessions import NEW_YORK, phase_in_words
from market.snapshot import Mode, Snapshot
from widgets import strips
from widgets.metric_text import metric_text

FAMILIES: Sequence[tuple[str, tuple[Role, ...]]] = (
    ("Index", (Role.INDEX, Role.TRACKER, Role.FUTURE, Role.BENCHMARK)),
    ("Sub-sectors", (Role.SECTOR, Role.THEME)),
    ("Volatility", (Role.VOLATILITY,)),
)
COLUMNS = ("last", "change", "return.1d", "return.1m", "return.ytd", "range52w.position")
TITLES = ("", "", "last", "change", "1D %", "1M %", "YTD %", "52w %", "state", "source")
FURTHER = (
    *("vix.regime", "vix.percentile.1y", "vix.term.state", "vix.term.slope"),
    *("vix.variance_premium", "rvx.vix_ratio", "iwm.realised_vol.yang_zhang.21d"),
    *("policy.next.meeting", "policy.next.p_cut", "policy.next.p_hold", "policy.next.p_hike"),
    *("policy.year_end.rate", "macro.2y_minus_effr", "hy_oas.value", "macro.cpi.yoy"),
    *("macro.payrolls.change", "unemployment.value", "macro.claims.4w", "macro.next_release"),
    *("calendar.earnings.today", "calendar.next_release", "iwm.flow.5d"),
    *("iwm.implied_minus_realised", "rut.drawdown", "rut.relative_strength.spx.return.63d"),
)
"""Metrics told one a line, below the tables."""
WIDEST_NAME = 22


def snapshot_text(snapshot: Snapshot, watched: Iterable[str]) -> str:
    """Return a snapshot as aligned text; `watched` are the watchlists' symbols."""
    rows: list[tuple[str, ...]] = [TITLES]
    for title, instruments in _families(snapshot, watched):
        rows += [(title,), *(_row(snapshot, instrument) for instrument in instruments)]
    lines = [*_head(snapshot), "", *_aligned(rows), "", *_further(snapshot), "", *_feeds(snapshot)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _families(
    snapshot: Snapshot, watched: Iterable[str]
) -> Iterator[tuple[str, Iterable[Instrument]]]:
    for title, roles in FAMILIES:
        yield title, snapshot.cast.of(*roles)
    yield "Watchlists", [snapshot.cast[symbol] for symbol in watched]


_MARKS = {
    Mode.LIVE: "",
    Mode.DEMO: "DEMO  simulated market, no real prices  ",
    Mode.REPLAY: "REPLAY  from a tape  ",
}


def _head(snapshot: Snapshot) -> Iterator[str]:
    local = snapshot.now.astimezone(NEW_YORK)
    mark = _MARKS[snapshot.mode]
    clock = f"{local:%a} {local.day} {local:%b %Y %H:%M:%S} ET"
    yield f"captop  {mark}{clock}  {phase_in_words(snapshot.session, snapshot.now)}"


def _row(snapshot: Snapshot, instrument: Instrument) -> tuple[str, ...]:
    slug = instrument.slug
    fresh = freshness(snapshot, f"{slug}.last")
    numbers = (_value(snapshot, f"{slug}.{name}") for name in COLUMNS)
    state = str(fresh.look) if fresh.look is not Look.LIVE else ""
    source = " ".join(filter(None, (fresh.source, age_in_words(fresh))))
    return (f"  {instrument.symbol}", _name(snapshot, instrument), *numbers, state, source)


def _name(snapshot: Snapshot, instrument: Instrument) -> str:
    if instrument.group != instrument.symbol:
        return instrument.group
    details = snapshot.details.get(instrument.symbol)
    name = strips.plain(details.name) if details is not None else ""
    return name if len(name) <= WIDEST_NAME else name[: WIDEST_NAME - 1].rstrip() + "…"


def _value(snapshot: Snapshot, name: str, *, unit: bool = False) -> str:
    return metric_text(snapshot, name, snapshot.reading(name).value, unit=unit)


def _aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(r[n]) for r in rows if n < len(r)) for n in range(len(TITLES))]
    for row in rows:
        if len(row) == 1:
            yield row[0]
            continue
        cells = zip(row, widths, TITLES, strict=True)
        yield "  ".join(
            text.rjust(width) if 2 <= number < 8 else text.ljust(width)
            for number, (text, width, _) in enumerate(cells)
        )


def _further(snapshot: Snapshot) -> Iterator[str]:
    width = max(map(len, FURTHER))
    for name in FURTHER:
        reading = snapshot.reading(name)
        reason = f"  ({reading.reason})" if reading.value is None and reading.reason else ""
        yield f"{name.ljust(width)}  {_value(snapshot, name, unit=True)}{reason}"


def _feeds(snapshot: Snapshot) -> Iterator[str]:
    for name, health in sorted(snapshot.feeds.items()):
        yield f"feed {name}: {health.state}" + (f", {health.reason}" if health.reason else "")

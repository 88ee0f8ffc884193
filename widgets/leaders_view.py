"""What the leaders panel shows: sub-sectors and baskets by their members, or funds for them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

import msgspec

from market.census import Census, Group, GroupKind, Mark, Members
from market.instruments import INDEX, Instrument
from market.snapshot import Snapshot
from widgets.census_mark import census_reading, census_value, is_census_old
from widgets.strips import plain
from widgets.trend import shown_window, trend_of
from widgets.values import WINDOWS, Value, earlier_day, is_old, number_of

BESIDE = ("1D", "YTD", "1M")
"""Windows that stand beside the chosen one, the most telling first; two of them do."""


class RowKind(StrEnum):
    """Who stands behind a row."""

    FUND = "fund"
    SUBSECTOR = "sub-sector"
    BASKET = "basket"
    UNMAPPED = "unmapped"
    """Members, of the index or of a sector, that belong to no sub-sector."""
    UNATTRIBUTED = "unattributed"
    """What the members' contributions leave of the index's return."""


class LeaderRow(msgspec.Struct, frozen=True):
    """One sub-sector or basket over the chosen window; contributions are fractions."""

    key: str
    """What enter opens: a symbol."""
    name: str
    symbol: str
    sector: str
    rank: int | None
    """Place by the chosen window's return, 1 the best; None without a return."""
    returns: tuple[tuple[str, Value], ...]
    """The chosen window first, then those beside it."""
    relative: Value
    """The chosen window's return minus the index's."""
    trend: tuple[float, ...]
    drawn: Value
    """The return over the window that the trend is of."""
    old: bool
    kind: RowKind = RowKind.FUND
    contribution: Value = Value()
    """To the index's return over the chosen window."""
    advancing: Value = Value()
    relative_volume: Value = Value()
    session: str = ""
    """Of a fund whose newest price is of an earlier session than the one under way: `Thu`."""


def beside(window: str) -> tuple[str, ...]:
    """Return the windows that have a column besides the chosen one, always two, shortest first."""
    others = [w for w in BESIDE if w != window][:2]
    return tuple(sorted(others, key=WINDOWS.index))


def leader_rows(snapshot: Snapshot, window: str, sector: str = "") -> tuple[LeaderRow, ...]:
    """Return the sub-sectors, best first over the window; those without a return last.

    They are made of the index's members where these are known, else funds stand for them. A fund
    without a price of the session under way has no rank and stands below those that have one.
    """
    groups = leading_groups(snapshot, sector)
    if snapshot.census is None or not leads_by_members(snapshot, window, sector):
        cast = snapshot.cast
        instruments = cast.in_sector(sector) if sector else cast.leaders
        return _ranked([_of_fund(snapshot, instrument, window) for instrument in instruments])
    old = is_census_old(snapshot)
    rows = _ranked([_of_group(snapshot, group, window, old=old) for group in groups])
    rest = _unmapped(snapshot, snapshot.census, sector, groups, window)
    if sector:
        return (*rows, *rest)
    return (*rows, *rest, _unattributed(snapshot, window, old=old))


def leading_groups(snapshot: Snapshot, sector: str = "") -> tuple[Group, ...]:
    """Return the sub-sectors and baskets, or a sector's sub-sectors; none without a census."""
    census = snapshot.census
    if census is None:
        return ()
    kinds = {GroupKind.SUBSECTOR} if sector else {GroupKind.SUBSECTOR, GroupKind.BASKET}
    return tuple(g for g in census.groups if g.kind in kinds and sector in ("", g.sector))


def leads_by_members(snapshot: Snapshot, window: str, sector: str = "") -> bool:
    """Return whether the rows are made of members: not before most groups know the window.

    The day is known with the members' first prices; longer windows need their past, which takes
    its time. Until then funds tell more than a column of dashes.
    """
    groups = leading_groups(snapshot, sector)
    if window == "1D" or not groups:
        return bool(groups)
    over = window.lower()
    readings = (census_reading(snapshot, f"{group.slug}.return.{over}") for group in groups)
    return sum(reading.value is not None for reading in readings) * 2 > len(groups)


def awaited(snapshot: Snapshot, window: str, sector: str = "", room: int = 99) -> str:
    """Return how long funds stand in: `until the members' past is in, 300 of 1,912`.

    Where that has no room `past 300 of 1,912`. Empty where they stand in for good: of a sector
    whose members have no sub-sector.
    """
    if snapshot.census is None:
        return "until members arrive"
    if not leading_groups(snapshot, sector):
        return ""
    known = census_reading(snapshot, f"attribution.equal_weight.{window.lower()}")
    if known.used is None or known.total is None:
        return "until the members' past is in"
    counted = f"{known.used:,} of {known.total:,}"
    words = f"until the members' past is in, {counted}"
    return words if len(words) <= room else f"past {counted}"


def _ranked(rows: Iterable[LeaderRow]) -> tuple[LeaderRow, ...]:
    best_first = sorted(rows, key=_best_first)
    return tuple(
        msgspec.structs.replace(row, rank=place)
        if row.returns[0][1].known and not row.session
        else row
        for place, row in enumerate(best_first, 1)
    )


def _best_first(row: LeaderRow) -> tuple[bool, bool, float, str]:
    value = row.returns[0][1].number
    return bool(row.session), value is None, -(value or 0.0), row.name.casefold()


def _of_fund(snapshot: Snapshot, instrument: Instrument, window: str) -> LeaderRow:
    session = earlier_day(snapshot, f"{instrument.slug}.last")
    old = bool(session) or is_old(snapshot, f"{instrument.slug}.last")

    def value(name: str) -> Value:
        reading = snapshot.reading(f"{instrument.slug}.{name}")
        return Value(number_of(reading), old=old, reason=reading.reason)

    chosen = value(f"return.{window.lower()}")
    return LeaderRow(
        instrument.symbol,
        instrument.group,
        instrument.symbol,
        instrument.sector,
        None,
        tuple((w, value(f"return.{w.lower()}")) for w in (window, *beside(window))),
        value(f"relative.{window.lower()}"),
        () if session else trend_of(snapshot, instrument.symbol, window),
        chosen,
        old,
        session=session,
    )


def _of_group(snapshot: Snapshot, group: Group, window: str, *, old: bool) -> LeaderRow:
    def value(name: str) -> Value:
        return census_value(snapshot, f"{group.slug}.{name}", old=old)

    over = window.lower()
    chosen = value(f"return.{over}")
    return LeaderRow(
        group.symbol,
        plain(group.name, 60),
        group.symbol,
        group.sector,
        None,
        tuple((w, value(f"return.{w.lower()}")) for w in (window, *beside(window))),
        value(f"relative.{over}"),
        trend_of(snapshot, group.symbol, window) if chosen.known else (),
        value(f"return.{shown_window(snapshot, group.symbol, window).lower()}"),
        old,
        RowKind.BASKET if group.kind is GroupKind.BASKET else RowKind.SUBSECTOR,
        value(f"contribution.{over}"),
        value("advancing"),
        value("typical_relative_volume"),
    )


def _unattributed(snapshot: Snapshot, window: str, *, old: bool) -> LeaderRow:
    """The index's return less what its members contribute: a row of its own, never spread."""
    residual = census_value(snapshot, f"attribution.residual.{window.lower()}", old=old)
    return LeaderRow(
        RowKind.UNATTRIBUTED, RowKind.UNATTRIBUTED, "", "", None, _no_returns(window), Value(),
        (), Value(), old, RowKind.UNATTRIBUTED, residual,
    )  # fmt: skip


def _no_returns(window: str) -> tuple[tuple[str, Value], ...]:
    return tuple((w, Value()) for w in (window, *beside(window)))


def _unmapped(
    snapshot: Snapshot, census: Census, sector: str, groups: Sequence[Group], window: str
) -> Iterator[LeaderRow]:
    """Yield the members without a sub-sector as one row, if any: a sector's, or all."""
    members, old = census.members, is_census_old(snapshot)
    placed = {row for g in groups if g.kind is GroupKind.SUBSECTOR for row in g.rows}
    sectors = enumerate(members.sectors)
    rows = [n for n, name in sectors if sector in ("", name) and n not in placed]
    if not rows:
        return

    def over(name: str) -> Value:
        return Value(_together(members, rows, name)[0], old=old)

    ret, gain = _together(members, rows, window)
    index = number_of(snapshot.reading(f"{snapshot.cast[INDEX].slug}.return.{window.lower()}"))
    relative = None if ret is None or index is None else ret - index
    yield LeaderRow(
        RowKind.UNMAPPED,
        RowKind.UNMAPPED,
        "",
        sector,
        None,
        tuple((w, over(w)) for w in (window, *beside(window))),
        Value(relative, old=old),
        (),
        Value(),
        old,
        RowKind.UNMAPPED,
        Value(gain, old=old),
        Value(_advancing(members, rows), old=old),
    )


def _together(
    members: Members, rows: Sequence[int], window: str
) -> tuple[float | None, float | None]:
    """Return return and contribution of members bought at the window's start and held."""
    returns, gains = members.returns.get(window), members.contributions.get(window)
    if returns is None or gains is None:
        return None, None
    known = [n for n in rows if _is_counted(members, n) and math.isfinite(gains[n])]
    started = math.fsum(gains[n] / returns[n] if returns[n] else members.weight[n] for n in known)
    gain = math.fsum(gains[n] for n in known)
    return (gain / started if started else None), (gain if known else None)


def _advancing(members: Members, rows: Sequence[int]) -> float | None:
    day = members.returns["1D"]
    known = [n for n in rows if _is_counted(members, n) and math.isfinite(day[n])]
    return sum(day[n] > 0 for n in known) / len(known) if known else None


def _is_counted(members: Members, row: int) -> bool:
    return members.marks[row] is not Mark.SUSPECT

"""A made-up census for the panels' tests: the same numbers in every run, of any size."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from statistics import fmean, median

from msgspec.structs import replace

from market.census import (
    MOMENTA,
    WINDOWS,
    BreadthHistory,
    Census,
    Group,
    GroupKind,
    Mark,
    Members,
    Trail,
)
from market.holdings import doubles
from market.instruments import Instrument, Role
from market.metrics.columns import column, packed
from market.metrics.divergences import divergences
from market.metrics.momentum import competition_ranks
from market.reading import Reading
from market.snapshot import Snapshot
from tests.clocks import THURSDAY_AFTERNOON
from tests.widgets.pictures import picture

NAN = math.nan
SESSIONS = 150
SCHEME: dict[str, tuple[str, ...]] = {
    "Health Care": ("Biotechnology", "Pharma", "Medical devices", "Health services"),
    "Industrials": ("Machinery", "Construction", "Aerospace & defence", "Staffing", "Transport"),
    "Financials": ("Regional banks", "Insurance", "Capital markets", "Consumer finance"),
    "Information Technology": ("Software & AI", "Semiconductors", "Hardware", "IT services"),
    "Consumer Discretionary": ("Homebuilding", "Retail", "Leisure", "Autos & parts"),
    "Energy": ("Energy exploration", "Oil services", "Coal & uranium"),
    "Real Estate": ("REITs", "Property services"),
    "Materials": ("Chemicals", "Metals & mining"),
    "Communication Services": ("Media", "Telecom"),
    "Consumer Staples": ("Food", "Household"),
    "Utilities": ("Utilities",),
}
"""Sectors and their sub-sectors; the first sectors are given the most members."""
SCALES = dict(zip(WINDOWS, (0.02, 0.04, 0.08, 0.1, 0.13, 0.2, 0.2, 0.3), strict=True))
"""How far a member moves over each window, one standard deviation."""
BASKET = "@basket:automation"
UNMAPPED_EVERY, SUSPECT_ROW, IDLE_ROW, MISSING_ROW = 29, 7, 11, 13


@cache
def census(count: int = 60, now: datetime = THURSDAY_AFTERNOON) -> Census:
    """Return an index of that many members; one each is suspect, idle and without a price."""
    members = _members(count, now)
    groups = _groups(members)
    readings = {**_breadth(members, now), **_attribution(members, now)}
    for group in groups:
        readings |= _group_readings(group, members, now)
    return Census(
        members=members,
        groups=groups,
        readings=readings,
        breadth=_history(count, now),
        trails=_trails(groups),
        unmapped=sum(not name for name in members.subsectors),
    )


@cache
def counted(count: int = 60) -> Snapshot:
    """Return the picture of the simulated market with a census and its groups in the cast."""
    return with_census(picture(), census(count))


def with_census(snapshot: Snapshot, found: Census) -> Snapshot:
    """Return a snapshot that holds a census, and the instruments of its groups."""
    instruments = [
        Instrument(
            symbol=g.symbol,
            slug=g.slug,
            name=g.name,
            group=g.name,
            role=Role.GROUP,
            sector=g.sector,
        )
        for g in found.groups
    ]
    return replace(snapshot, census=found, cast=snapshot.cast.with_instruments(instruments))


def _members(count: int, now: datetime) -> Members:
    chance = Random(2000)
    places = [_place(n) for n in range(count)]
    weights = _shares([1.0 / (n + 8.0) ** 0.75 for n in range(count)])
    returns = {w: doubles(_returns(chance, places, SCALES[w])) for w in WINDOWS}
    marks = [Mark.FINE] * count
    for row, mark in ((SUSPECT_ROW, Mark.SUSPECT), (IDLE_ROW, Mark.IDLE)):
        marks[row] = mark
    marks[MISSING_ROW] = Mark.MISSING
    for held in returns.values():
        held[MISSING_ROW] = NAN
    last = doubles(20.0 + chance.random() * 100 for _ in range(count))
    day = returns["1D"]
    found = Members(
        as_of=now - timedelta(seconds=40),
        source="nasdaq",
        day=date(2026, 7, 2),
        holdings_day=date(2026, 7, 1),
        symbols=tuple(_ticker(n) for n in range(count)),
        names=tuple(f"{_ticker(n).capitalize()} Holdings Inc" for n in range(count)),
        sectors=tuple(sector for sector, _ in places),
        subsectors=tuple(sub for _, sub in places),
        industries=tuple(sub or "Blank checks" for _, sub in places),
        marks=tuple(marks),
        weight=doubles(weights),
        last=last,
        previous_close=doubles(p / (1.0 + r) for p, r in zip(last, day, strict=True)),
        volume=doubles(1e5 + chance.random() * 1e6 for _ in range(count)),
        market_cap=doubles(w * 3e12 for w in weights),
        returns=returns,
        contributions={
            w: doubles(a * b for a, b in zip(weights, returns[w], strict=True)) for w in WINDOWS
        },
        relative_volume=doubles(0.4 + chance.random() for _ in range(count)),
        dollar_volume=doubles(1e6 + chance.random() * 1e7 for _ in range(count)),
        amihud=doubles(chance.random() for _ in range(count)),
        momentum={n: doubles(chance.gauss(0, 0.1) for _ in range(count)) for n in MOMENTA},
        week52_position=doubles(chance.random() for _ in range(count)),
        above={n: doubles(chance.gauss(0.02, 0.1) for _ in range(count)) for n in (20, 50, 200)},
    )
    ranks = {n: packed(competition_ranks(column(each))) for n, each in found.momentum.items()}
    return replace(found, ranks=ranks, ranks_with_thin=ranks)


def _place(row: int) -> tuple[str, str]:
    """Return a member's sector and sub-sector; a few have no sub-sector."""
    sectors = tuple(SCHEME)
    skewed = int(len(sectors) * ((row * 7919 % 1009) / 1009) ** 1.6)
    sector = sectors[row] if row < len(sectors) else sectors[skewed]
    subs = SCHEME[sector]
    return sector, "" if row % UNMAPPED_EVERY == UNMAPPED_EVERY - 1 else subs[row % len(subs)]


def _returns(chance: Random, places: Sequence[tuple[str, str]], scale: float) -> Iterable[float]:
    drift = {place: chance.gauss(0.002, 0.6 * scale) for place in dict.fromkeys(places)}
    for place in places:
        yield round(max(-0.9, drift[place] + chance.gauss(0.0, scale)), 6)


def _ticker(row: int) -> str:
    """Return a symbol of three or four letters, no two alike."""
    letters = ""
    number = row * 7 + 3
    for _ in range(3 if row % 3 else 4):
        number, letter = divmod(number, 26)
        letters += chr(65 + letter)
    return letters + ("" if number == 0 else f"-{number}")


def _shares(values: Sequence[float]) -> list[float]:
    total = sum(values)
    return [value / total for value in values]


def slug(name: str) -> str:
    """Return a group's name as symbols spell it."""
    return "-".join("".join(c if c.isalnum() else " " for c in name.casefold()).split())


def _groups(members: Members) -> tuple[Group, ...]:
    sectors, subs = dict[str, list[int]](), dict[tuple[str, str], list[int]]()
    for row, (sector, sub) in enumerate(zip(members.sectors, members.subsectors, strict=True)):
        sectors.setdefault(sector, []).append(row)
        if sub:
            subs.setdefault((sector, sub), []).append(row)
    found = [_group(GroupKind.SECTOR, n, n, rows) for n, rows in sectors.items()]
    found += [_group(GroupKind.SUBSECTOR, n, s, rows) for (s, n), rows in subs.items()]
    basket = Group(
        symbol=BASKET, slug="basket.automation", name="Automation", kind=GroupKind.BASKET,
        sector="", rows=array("q", range(0, len(members), 5)), proxies=("BOTZ",),
        rule="Every fifth member.", as_of=date(2026, 7, 1),
    )  # fmt: skip
    return (*found, basket)


def _group(kind: GroupKind, name: str, sector: str, rows: list[int]) -> Group:
    prefix = "sector:" if kind is GroupKind.SECTOR else ""
    return Group(
        symbol=f"@{prefix}{slug(name)}",
        slug=f"{kind.value}.{slug(name)}",
        name=name,
        kind=kind,
        sector=sector,
        rows=array("q", rows),
    )


def _group_readings(group: Group, members: Members, now: datetime) -> dict[str, Reading]:
    rows = [r for r in group.rows if members.marks[r] is not Mark.SUSPECT]
    known = [r for r in rows if not math.isnan(members.returns["1D"][r])]
    weight = sum(members.weight[r] for r in group.rows)
    used = sum(members.weight[r] for r in known)

    def told(value: float | None) -> Reading:
        return Reading(
            value, now, "nasdaq", used=len(known), total=len(group.rows), coverage=used / weight
        )

    values: dict[str, float | None] = {
        "weight": weight,
        "members": float(len(group.rows)),
        "advancing": fmean(members.returns["1D"][r] > 0 for r in known) if known else None,
        "above_50dma": fmean(members.above[50][r] > 0 for r in known) if known else None,
        "above_200dma": fmean(members.above[200][r] > 0 for r in known) if known else None,
        "new_highs": float(sum(members.week52_position[r] > 0.97 for r in known)),
        "new_lows": float(sum(members.week52_position[r] < 0.02 for r in known)),
        "typical_relative_volume": fmean(members.relative_volume[r] for r in known)
        if known
        else None,
    }
    for window in WINDOWS:
        contribution = sum(members.contributions[window][r] for r in known)
        values[f"contribution.{window.lower()}"] = 1e4 * contribution
        values[f"return.{window.lower()}"] = contribution / used if known else None
        own = [members.returns[window][r] for r in rows if _is_known(members, window, r)]
        values[f"median.{window.lower()}"] = median(own) if own else None
        values[f"advancing.{window.lower()}"] = fmean(r > 0 for r in own) if own else None
    return {f"{group.slug}.{name}": told(value) for name, value in values.items()}


def _is_known(members: Members, window: str, row: int) -> bool:
    return not math.isnan(members.returns[window][row])


def _known(members: Members, window: str) -> list[int]:
    taken = members.returns[window]
    return [
        r for r in range(len(members))
        if members.marks[r] is not Mark.SUSPECT and not math.isnan(taken[r])
    ]  # fmt: skip


def _breadth(members: Members, now: datetime) -> dict[str, Reading]:
    rows = [r for r in _known(members, "1D") if members.marks[r] is Mark.FINE]
    ups = sum(members.returns["1D"][r] > 0 for r in rows)
    downs = sum(members.returns["1D"][r] < 0 for r in rows)
    highs = sum(members.week52_position[r] > 0.97 for r in rows)
    lows = sum(members.week52_position[r] < 0.02 for r in rows)
    values = {
        "advances": float(ups), "declines": float(downs),
        "unchanged": float(len(rows) - ups - downs), "advancing": ups / len(rows),
        "ad_line": 4_217.0, "rana": 1000 * (ups - downs) / (ups + downs),
        "mcclellan": 31.4, "summation": 612.0, "up_volume_share": 0.58, "trin": 0.91,
        "above_20dma": 0.55, "above_50dma": 0.61, "above_200dma": 0.58, "new_highs": float(highs),
        "new_lows": float(lows), "high_low_index": 0.74, "participation": 0.47,
        "suspect": 1.0, "idle": 1.0, "missing": 1.0,
    }  # fmt: skip
    used, weight = len(rows), sum(members.weight[r] for r in rows)
    return {
        f"breadth.{name}": Reading(
            value, now, "nasdaq", used=used, total=len(members), coverage=weight
        )
        for name, value in values.items()
    }


def _attribution(members: Members, now: datetime) -> dict[str, Reading]:
    found: dict[str, Reading] = {}
    for window in WINDOWS:
        rows = _known(members, window)
        returns = [members.returns[window][r] for r in rows]
        gains = sorted((members.contributions[window][r] for r in rows), reverse=True)
        net, good = sum(gains), sum(g for g in gains if g > 0)
        values = {
            "equal_weight": fmean(returns), "cap_weight": net, "median": median(returns),
            "equal_less_cap": 1e4 * (fmean(returns) - net), "top10_share": sum(gains[:10]) / good,
            "contributors": 102.2, "residual": -3.0,
        }  # fmt: skip
        for name, value in values.items():
            found[f"attribution.{name}.{window.lower()}"] = Reading(
                value, now, "nasdaq", used=len(rows), total=len(members), coverage=0.97
            )
    return found


def _history(count: int, now: datetime) -> BreadthHistory:
    """Return sessions in which the A/D line first follows the index, then parts from it."""
    chance = Random(7)
    first = now - timedelta(days=SESSIONS)
    columns: dict[str, array[float]] = {name: doubles() for name in _COLUMNS}
    index, line, summation, equal, cap = 2500.0, 0.0, 0.0, 100.0, 100.0
    fast = slow = 0.0
    for n in range(SESSIONS):
        drift = 0.0009 if n < 100 else -0.0004
        move = chance.gauss(drift, 0.009)
        net = round(count * max(-0.9, min(0.9, move * 40)))
        index *= 1.0 + move + (0.0015 if n >= 100 else 0.0)
        line += net
        ups = (count + net) // 2
        fast += 0.10 * (1000 * net / count - fast)
        slow += 0.05 * (1000 * net / count - slow)
        summation += fast - slow
        equal *= 1.0 + move + 0.0003
        cap *= 1.0 + move
        highs, lows = max(0, round(count * (0.04 + move))), max(0, round(count * (0.02 - move)))
        row = (
            index, ups, count - ups, 0.0, line, 1000 * net / count,
            fast - slow if n >= 100 else NAN, summation if n >= 100 else NAN,
            6e8 + 1e10 * move, 6e8 - 1e10 * move, 1.0 - 8 * move,
            0.5 + 0.4 * math.sin(n / 9), 0.55 + 0.3 * math.sin(n / 21),
            0.6 + 0.1 * math.sin(n / 40), highs, lows, 0.5 + 0.3 * math.sin(n / 15),
            equal, cap, count - 3,
        )  # fmt: skip
        for name, value in zip(_COLUMNS, row, strict=True):
            columns[name].append(float(value))
    found = divergences(column(columns["index"]), column(columns["ad_line"]))
    columns["divergence"] = packed(found)
    times = (int((first + timedelta(days=n)).timestamp()) for n in range(SESSIONS))
    return BreadthHistory(times=array("q", times), columns=columns)


_COLUMNS = (
    "index", "advances", "declines", "unchanged", "ad_line", "rana", "mcclellan", "summation",
    "up_volume", "down_volume", "trin", "above_20", "above_50", "above_200", "new_highs",
    "new_lows", "high_low_index", "equal_weight", "cap_weight", "used",
)  # fmt: skip


def _trails(groups: Iterable[Group]) -> tuple[Trail, ...]:
    """Return ways that turn clockwise around the middle, as rotation does."""
    found: list[Trail] = []
    for n, group in enumerate(g for g in groups if g.kind is GroupKind.SUBSECTOR):
        turns = [2.4 * n - 0.09 * step for step in range(10)]
        size = 0.8 + n % 5 * 0.45
        found.append(
            Trail(
                symbol=group.symbol,
                name=group.name,
                ratio=doubles(100.0 + size * math.cos(t) for t in turns),
                momentum=doubles(100.0 + size * math.sin(t) for t in turns),
            )
        )
    return tuple(found)

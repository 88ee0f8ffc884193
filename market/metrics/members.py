"""Readings out of the census: the whole index, its groups, and one member's place in it."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite, nan
from weakref import WeakKeyDictionary

from msgspec.structs import replace

from market.census import Census, Members
from market.metrics.catalogue_members import ATTRIBUTION, BREADTH, GROUPS, LIQUIDITY, SPANS
from market.metrics.columns import column
from market.metrics.momentum import competition_ranks
from market.metrics.readings import Function, number
from market.metrics.returns import return_over
from market.metrics.subject import Subject, Unknown
from market.reading import Reading

BP = 1e4


def _census(subject: Subject) -> Census:
    census = subject.snapshot.census
    if census is None:
        raise Unknown("waiting for the index's members")
    return census


def _figure(template: str) -> Function:
    """A figure of the index or a group, which the census has worked out."""

    def figure(subject: Subject) -> Reading:
        name = template.replace("{slug}", subject.instrument.slug)
        found = _census(subject).readings.get(name)
        if found is None:
            raise Unknown("the census has no such figure")
        return found

    return figure


def place_of(subject: Subject) -> tuple[Census, int]:
    """Return the census and a member's row in it; Unknown for what is no member."""
    census = _census(subject)
    row = census.row_of(subject.symbol)
    if row is None:
        raise Unknown("not a member of the Russell 2000")
    return census, row


def of_member(value: Callable[[Members, int], float], reason: str) -> Function:
    """Return the metric function of a member's number in the columns; NaN is absent, and why."""

    def figure(subject: Subject) -> Reading:
        census, row = place_of(subject)
        number = value(census.members, row)
        if not isfinite(number):
            raise Unknown(reason)
        return _read(census.members, number)

    return figure


def _read(members: Members, value: float | str) -> Reading:
    return Reading(value, members.as_of, members.source)


def _sector(subject: Subject) -> Reading:
    census, row = place_of(subject)
    members = census.members
    words = (members.sectors[row], members.subsectors[row] or "unmapped")
    return _read(members, " · ".join(words))


def _industry(subject: Subject) -> Reading:
    census, row = place_of(subject)
    words = census.members.industries[row]
    if not words:
        raise Unknown("the screener names no industry")
    return _read(census.members, words)


def _rank(words_of: Callable[[Members], tuple[str, ...]]) -> Function:
    """A member's rank by today's return among those of one word: "3 of 41"."""
    known = WeakKeyDictionary[Members, list[str]]()

    def figure(subject: Subject) -> Reading:
        census, row = place_of(subject)
        members = census.members
        if members not in known:
            known[members] = _ranks(members, words_of(members))
        if not (rank := known[members][row]):
            raise Unknown("no return of the session to be ranked by")
        return _read(members, rank)

    return figure


def _ranks(members: Members, words: tuple[str, ...]) -> list[str]:
    """Return the rank of each row among those of its word; nothing where it has none."""
    rows_of: dict[str, list[int]] = {}
    for row, word in enumerate(words):
        rows_of.setdefault(word, []).append(row)
    found = [""] * len(words)
    for word, rows in rows_of.items():
        ranks = competition_ranks(column(members.returns["1D"][row] for row in rows)).tolist()
        count = sum(map(isfinite, ranks))
        for row, rank in zip(rows, ranks, strict=True):
            if word and isfinite(rank):
                found[row] = f"{rank:.0f} of {count}"
    return found


def _membership(subject: Subject) -> Reading:
    """Since when a member is seen in the holdings files that captop has kept."""
    census = _census(subject)
    changes = [c for c in census.changes if subject.symbol in {c.symbol, c.renamed_to}]
    if census.row_of(subject.symbol) is None:
        left = next((c for c in changes if not c.is_addition), None)
        raise Unknown(f"left the Russell 2000 by {left.day:%d %b %Y}" if left else "not a member")
    joined = next((c for c in changes if c.is_addition), None)
    if joined is not None:
        return _read(census.members, f"since {joined.day:%d %b %Y}")
    kept = f"all {census.files} holdings files" if census.files > 1 else "the one holdings file"
    return _read(census.members, f"in {kept} kept")


def _contribution(window: str) -> Function:
    def value(members: Members, row: int) -> float:
        parts = members.contributions.get(window.upper())
        return BP * parts[row] if parts is not None else nan

    return of_member(value, "no price at the window's start or now")


def _contribution_today(subject: Subject) -> Reading:
    """By its own newest return, not by the census's, which is up to a minute older.

    Where the census leaves it out, or the two are of different sessions, as the census has it.
    """
    counted = _contribution("1d")(subject)
    census, row = place_of(subject)
    try:
        moved = return_over("1d", subject)
    except Unknown:
        return counted
    if subject.last.day != census.members.day:
        return counted
    return replace(moved, value=BP * census.members.weight[row] * number(moved))


FUNCTIONS: dict[str, Function] = {
    **{m.name: _figure(m.name) for m in (*BREADTH, *ATTRIBUTION, *LIQUIDITY, *GROUPS)},
    **{f"{{slug}}.index.contribution.{window}": _contribution(window) for window in SPANS},
    "{slug}.index.contribution.1d": _contribution_today,
    "{slug}.index.weight": of_member(lambda m, row: m.weight[row], "its weight is not known"),
    "{slug}.index.sector": _sector,
    "{slug}.index.industry": _industry,
    "{slug}.index.rank.sector": _rank(lambda members: members.sectors),
    "{slug}.index.rank.subsector": _rank(lambda members: members.subsectors),
    "{slug}.index.dollar_volume": of_member(
        lambda m, row: m.dollar_volume[row], "fewer than 15 of 20 sessions with volume"
    ),
    "{slug}.index.amihud": of_member(
        lambda m, row: m.amihud[row], "fewer than 16 of 21 sessions with volume"
    ),
    "{slug}.index.membership": _membership,
}

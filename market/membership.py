"""Who joins and leaves an index: changes and splits between holdings files of one fund."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

import msgspec

from market.census import Change
from market.holdings import Holdings, rows_of

RENAME_DAYS = 31
"""Files further apart tell a new ticker by its company's name only: quantities drift."""
SAME_QUANTITY = 0.015
"""How far two quantities of one company may differ, beyond the fund's own growth."""
SAME_PRICE = math.log(2.0)
"""The widest move of one company's price between the two files, as a logarithm."""

MOVED = 0.35
"""Logarithm beyond which quantity and price must have moved, one up and one down."""
WHOLE = 0.06
"""How far the quantity's ratio may lie from a whole one."""
PLAUSIBLE = 0.40
"""The largest return either way that is left once a split is taken out."""


class Split(msgspec.Struct, frozen=True):
    """A share whose quantity and price moved oppositely between two files."""

    symbol: str
    day: date
    """The day of the newer file."""
    ratio: float
    """New shares per old share, whole or one over a whole number: 4.0, 0.04."""
    measured: float
    """The quantity's own ratio, the fund's growth taken out."""
    is_accepted: bool
    """Whether it passes for a split; otherwise the share is suspect until somebody confirms it."""


def membership_changes(files: Sequence[Holdings]) -> tuple[Change, ...]:
    """Return who came and went over several files of one fund in any order, newest first."""
    ordered = sorted({file.day: file for file in files}.values(), key=lambda file: file.day)
    pairs = [changes_between(older, newer) for older, newer in pairwise(ordered)]
    return tuple(change for changes in reversed(pairs) for change in changes)


def changes_between(older: Holdings, newer: Holdings) -> tuple[Change, ...]:
    """Return who left, was renamed and came between two files: by symbol, in that order.

    A company is renamed if its name is found under a new symbol, or if one quantity and price
    vanish and the same appear in the same sector, with no other candidate on either side.
    """
    before, after = rows_of(older), rows_of(newer)
    gone = [symbol for symbol in older.symbols if symbol not in after]
    come = [symbol for symbol in newer.symbols if symbol not in before]
    renamed = _renames(older, newer, gone, come)
    left = sorted(set(gone) - set(renamed))
    joined = sorted(set(come) - set(renamed.values()))
    day = newer.day
    return (
        *(Change(s, older.names[before[s]], is_addition=False, day=day) for s in left),
        *(
            Change(old, newer.names[after[new]], is_addition=False, day=day, renamed_to=new)
            for old, new in sorted(renamed.items())
        ),
        *(Change(s, newer.names[after[s]], is_addition=True, day=day) for s in joined),
    )


def splits_between(older: Holdings, newer: Holdings) -> tuple[Split, ...]:
    """Return the shares that look split between two files, by symbol (METRICS 18)."""
    growth = fund_growth(older, newer)
    before = rows_of(older)
    pairs = ((s, before[s], row) for row, s in enumerate(newer.symbols) if s in before)
    found = (_split(older, i, newer, j, growth) for _, i, j in pairs)
    return tuple(sorted((s for s in found if s is not None), key=lambda s: s.symbol))


def accepted_splits(older: Holdings, newer: Holdings) -> Mapping[str, float]:
    """Return new shares per old share of those that pass for split between two files."""
    found = splits_between(older, newer)
    return {split.symbol: split.ratio for split in found if split.is_accepted}


def fund_growth(older: Holdings, newer: Holdings) -> float:
    """Return how much larger the fund is: its shares outstanding, else its median quantity."""
    if older.shares_outstanding and newer.shares_outstanding:
        return newer.shares_outstanding / older.shares_outstanding
    return quantity_growth(older, newer)


def quantity_growth(older: Holdings, newer: Holdings) -> float:
    """Return the median ratio of quantities of the shares in both files, 1.0 without any."""
    before = rows_of(older)
    ratios = [
        newer.quantity[row] / older.quantity[before[symbol]]
        for row, symbol in enumerate(newer.symbols)
        if symbol in before and _are_usable(older, before[symbol], newer, row)
    ]
    return median(ratios) if ratios else 1.0


def _renames(
    older: Holdings, newer: Holdings, gone: Sequence[str], come: Sequence[str]
) -> dict[str, str]:
    """New symbols of companies by their old ones."""
    before, after = rows_of(older), rows_of(newer)
    by_name = {
        (old, new)
        for old in gone
        for new in come
        if older.names[before[old]] == newer.names[after[new]] != ""
    }
    renamed = _only_pairs(by_name)
    if newer.day - older.day > timedelta(days=RENAME_DAYS):
        return renamed
    growth = quantity_growth(older, newer)
    alike = {
        (old, new)
        for old in gone
        for new in come
        if old not in renamed
        and new not in renamed.values()
        and _is_alike(older, before[old], newer, after[new], growth)
    }
    return {**renamed, **_only_pairs(alike)}


def _only_pairs(pairs: set[tuple[str, str]]) -> dict[str, str]:
    """The pairs of which neither side stands in another one."""
    olds, news = [old for old, _ in pairs], [new for _, new in pairs]
    return {old: new for old, new in pairs if olds.count(old) == news.count(new) == 1}


def _is_alike(older: Holdings, i: int, newer: Holdings, j: int, growth: float) -> bool:
    if not _are_usable(older, i, newer, j):
        return False
    quantity = newer.quantity[j] / (older.quantity[i] * growth)
    move = abs(math.log(newer.price[j] / older.price[i]))
    same_sector = older.sectors[i] == newer.sectors[j]
    return same_sector and abs(quantity - 1.0) <= SAME_QUANTITY and move <= SAME_PRICE


def _are_usable(older: Holdings, i: int, newer: Holdings, j: int) -> bool:
    """Whether two rows have quantities and prices that can be compared; NaN has none."""
    numbers = (older.quantity[i], older.price[i], newer.quantity[j], newer.price[j])
    return all(0 < n < math.inf for n in numbers)


def _split(older: Holdings, i: int, newer: Holdings, j: int, growth: float) -> Split | None:
    """The split that one share's rows look like, None if they look like none."""
    if not _are_usable(older, i, newer, j):
        return None
    measured = newer.quantity[j] / (older.quantity[i] * growth)
    move = newer.price[j] / older.price[i]
    shift, drop = math.log(measured), math.log(move)
    if min(abs(shift), abs(drop)) <= MOVED or shift * drop > 0:
        return None
    count = round(max(measured, 1.0 / measured))
    ratio = float(count) if measured > 1 else 1.0 / count
    left = move * ratio - 1.0
    is_whole = count > 1 and abs(measured / ratio - 1.0) <= WHOLE
    accepted = is_whole and abs(left) <= PLAUSIBLE
    return Split(older.symbols[i], newer.day, ratio, measured, accepted)

"""Net creations of a fund's shares: what flowed in and out, with the guards it needs (METRICS 15).

Units are the change of shares outstanding, dollars that change at the day's net asset value, and
the share is dollars over the assets before. Share counts are poor reference data: rows that cannot
be true are left out and named, days without a count are rolled into the next and marked, splits
are taken out, and a change beyond 5 % of assets waits for a second witness.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from math import inf, log

from market.fund_flow_study import Creation, Ledger, LeftOut
from market.fund_shares import FundDay
from market.metrics.closes import day_in_words
from market.metrics.subject import Unknown
from market.sessions import is_session, sessions_between

LARGEST = 0.05
"""Share of assets in a session beyond which a flow needs a witness."""
SPLIT_MOVED = 0.35
"""Logarithmic move of shares and price, one up and one down, that looks like a split."""
SPLIT_WHOLE = 0.06
"""By how much of it the ratio of shares may miss the split's."""
SPLIT_LEFT = 0.20
"""Largest change of assets in the same step, which would be no split."""


def creation(before: FundDay, after: FundDay, unit: float | None = None) -> Creation:
    """Return the net creation between two counts, both with shares and a price.

    Args:
        before: The count before.
        after: A later one.
        unit: Shares in a creation unit of the fund, where known.
    """
    shares, price = _figures(before)
    shares_now, price_now = _figures(after)
    ratio = _split_ratio(shares_now / shares, price_now / price)
    units = shares_now - shares * ratio
    sessions = sum(1 for _ in sessions_between(before.day + timedelta(days=1), after.day))
    return Creation(
        day=after.day,
        base=before.day,
        sessions=sessions,
        units=units,
        dollars=units * price_now,
        share=units * price_now / (shares * price),
        assets=shares * price,
        remarks=tuple(_remarks(after, sessions, ratio, unit is not None and units % unit != 0)),
    )


def ledger(
    days: Iterable[FundDay], unit: float | None = None, confirmed: Collection[date] = ()
) -> Ledger:
    """Return the net creations between the successive counts that can be true.

    Args:
        days: What was published, in any order; of one day the last that is given counts.
        unit: Shares in a creation unit of the fund, where known.
        confirmed: Days whose count a second source agrees with.
    """
    usable, left_out = _usable({each.day: each for each in days})
    if not usable:
        return Ledger((), tuple(left_out))
    creations: list[Creation] = []
    pending: Creation | None = None
    before, *rest = usable
    for after, following in zip(rest, [*rest[1:], None], strict=False):
        found = creation(before, after, unit)
        is_large = abs(found.share) > LARGEST * found.sessions and after.day not in confirmed
        if is_large and following is None:
            pending = found
        elif is_large and following is not None and not _confirms(following, before, after):
            left_out.append(LeftOut(after.day, "too large a change, and gone the next day"))
        else:
            creations.append(found)
            before = after
    return Ledger(tuple(creations), tuple(sorted(left_out, key=_day_of)), pending)


def usable_days(days: Iterable[FundDay]) -> list[FundDay]:
    """Return the rows that can be counted with, oldest first."""
    return _usable({each.day: each for each in days})[0]


def _usable(days: Mapping[date, FundDay]) -> tuple[list[FundDay], list[LeftOut]]:
    """The rows that can be counted with, oldest first, and the others."""
    usable: list[FundDay] = []
    left_out: list[LeftOut] = []
    for day in sorted(days):
        if reason := _fault(days[day]):
            left_out.append(LeftOut(day, reason))
        else:
            usable.append(days[day])
    return usable, left_out


def _fault(row: FundDay) -> str:
    if not is_session(row.day):
        return "no session"
    if not _is_amount(row.shares):
        return "no count of shares"
    return "" if _is_amount(row.price) else "neither net asset value nor close"


def _is_amount(value: float | None) -> bool:
    return value is not None and 0 < value < inf


def _figures(row: FundDay) -> tuple[float, float]:
    if not _is_amount(row.shares) or not _is_amount(row.price):
        raise Unknown(f"shares or price of {day_in_words(row.day)} are missing")
    return row.shares or 0.0, row.price or 0.0


def _confirms(following: FundDay, before: FundDay, after: FundDay) -> bool:
    """Whether the count after a doubtful one is nearer to it than to the one before."""
    count = _figures(following)[0]
    doubtful, old = _figures(after)[0], _figures(before)[0]
    return abs(log(count / doubtful)) < abs(log(count / old))


def _split_ratio(shares: float, price: float) -> float:
    """New shares for an old one, if that is what happened; else 1."""
    if min(abs(log(shares)), abs(log(price))) <= SPLIT_MOVED or (shares > 1) is (price > 1):
        return 1.0
    count = round(max(shares, 1 / shares))
    ratio = float(count) if shares > 1 else 1 / count
    is_whole = abs(shares / ratio - 1) <= SPLIT_WHOLE and abs(shares * price - 1) <= SPLIT_LEFT
    return ratio if is_whole else 1.0


def _remarks(after: FundDay, sessions: int, ratio: float, is_odd: bool) -> Iterator[str]:
    if sessions > 1:
        yield f"{sessions}d"
    if not after.nav:
        yield "at the close"
    if ratio != 1:
        yield f"split {ratio:g}:1" if ratio > 1 else f"split 1:{1 / ratio:g}"
    if is_odd:
        yield "not whole creation units"


def _day_of(row: LeftOut) -> date:
    return row.day

"""The past of index members: closes, highs, lows and volumes of several answers put together.

In `Snapshot.past` a bar always has a close; its high, low and volume are NaN where only closes
were told. Closes are adjusted for splits, as the source gives them; when a later answer shows
another scale, the older columns are brought to it.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from msgspec.structs import replace

from market.census import Change
from market.quotes import Bars, Key, Kind
from market.sessions import exchange_date, session_of

KEPT_SESSIONS = 756
"""Bars a member's past keeps: three years."""
DAY_S = 86_400
RESCALED = 0.02
"""A close that differs by more than this from the one known is of another scale."""
Events = tuple[tuple[int, float], ...]
_DETAIL = ("high", "low", "volume")
_PRICES = ("close", "high", "low")
_COLUMNS = ("times", *_PRICES, "volume")
WITNESSED = 20
"""So many of the newest bars tell whether two pasts are the same up to a session."""


def joined_past(known: Bars | None, news: Bars) -> Bars:
    """Return a member's past after an answer: the answer's closes, filled from what was known.

    What was known of days after the answer's last stays: the listings told it in between. So
    does what was known of days before its first, if both tell of a day in common.
    """
    whole = _whole(news)
    if known is None or not len(known) or not _is_readable(known):
        return whole
    if not len(whole):
        return known
    older = {time // DAY_S: row for row, time in enumerate(known.times)}
    scale = _scale(known, whole, older)
    columns: dict[str, array[float]] = {}
    for name in _DETAIL:
        column: array[float] = getattr(whole, name)
        before: array[float] = getattr(known, name)[:]
        factor = 1 / (scale or 1.0) if name == "volume" else scale or 1.0
        columns[name] = array("d", _filled(whole, column, older, before, factor))
    filled = replace(
        whole,
        dividends=_united(known.dividends, whole.dividends),
        splits=_united(known.splits, whole.splits),
        **columns,
    )
    return _limited(_followed(_preceded(filled, known, scale), known, scale or 1.0))


def with_session(past: Bars, opened: datetime, close: float, volume: float) -> Bars:
    """Return a member's past with one more session; as it was if that session is in it already.

    Args:
        past: The past so far.
        opened: The session's regular open.
        close: Its official close.
        volume: Its shares, NaN unknown.
    """
    time = int(opened.timestamp())
    is_known = len(past) and past.times[-1] // DAY_S >= time // DAY_S
    if is_known or not _is_readable(past):
        return past
    unknown = array("d", [math.nan])
    news = replace(
        past,
        as_of=session_of(exchange_date(opened)).close,
        times=array("q", [time]),
        close=array("d", [close]),
        high=unknown,
        low=unknown,
        volume=array("d", [volume]),
    )
    return _limited(_appended(past, news, 0, 1.0))


def _is_readable(past: Bars) -> bool:
    """Whether its closes can be had: they are on a disk, and what fails there must not be kept."""
    return not any(map(math.isnan, past.close[:]))


def inherited_pasts(
    past: Mapping[str, Bars], changes: Iterable[Change], members: Collection[str]
) -> tuple[Bars, ...]:
    """Return the pasts that members have under the symbols they had before they were renamed.

    Args:
        past: What is known, by symbol; who has a past of its own inherits none.
        changes: Of membership, newest first.
        members: Their symbols of today.
    """
    found: dict[str, Bars] = {}
    for change in reversed(tuple(changes)):
        new, bars = change.renamed_to, found.get(change.symbol) or past.get(change.symbol)
        if new and bars and new not in past:
            found[new] = replace(bars, key=Key(Kind.PAST, new))
    return tuple(bars for symbol, bars in found.items() if symbol in members)


def is_one_session_on(past: Bars, longer: Bars) -> bool:
    """Return whether a past is another one and one more session, as far as its newest bars go."""
    before, after = past.tail(WITNESSED), longer.tail(WITNESSED + 1)
    if len(after) != len(before) + 1:
        return False
    after = after.between(0, len(before))
    return all(getattr(before, n).tobytes() == getattr(after, n).tobytes() for n in _COLUMNS)


def _whole(bars: Bars) -> Bars:
    """Return bars with a value in every column of the past, NaN where nothing is known."""
    unknown = array("d", [math.nan]) * len(bars)
    columns = {name: getattr(bars, name) or unknown for name in _DETAIL}
    return replace(bars, key=Key(Kind.PAST, bars.key.symbol), open=array("d"), **columns)


def _scale(known: Bars, news: Bars, older: Mapping[int, int]) -> float | None:
    """Return how many of the new prices one old price is: 0.5 after a 2:1 split, else 1.

    None where the two have no day in common.
    """
    for row in range(len(news) - 1, -1, -1):
        before = older.get(news.times[row] // DAY_S)
        if before is not None and known.close[before] > 0:
            ratio = news.close[row] / known.close[before]
            return ratio if abs(ratio - 1) > RESCALED else 1.0
    return None


def _filled(
    news: Bars, column: array[float], older: Mapping[int, int], before: array[float], factor: float
) -> Iterator[float]:
    for time, value in zip(news.times, column, strict=True):
        row = older.get(time // DAY_S) if math.isnan(value) else None
        yield value if row is None else before[row] * factor


def _united(known: Events, news: Events) -> Events:
    """Events of both; of one day the newer answer's word counts."""
    return tuple(sorted({**dict(known), **dict(news)}.items()))


def _preceded(news: Bars, known: Bars, scale: float | None) -> Bars:
    """Return news after what was known of days before, if both have a day in common."""
    first = news.times[0] // DAY_S
    earlier = next((r for r, t in enumerate(known.times) if t // DAY_S >= first), len(known))
    if scale is None or not earlier:
        return news
    head = _scaled(known.between(0, earlier), scale)
    return replace(news, **{n: getattr(head, n) + getattr(news, n) for n in _COLUMNS})


def _followed(news: Bars, known: Bars, scale: float) -> Bars:
    last = news.times[-1] // DAY_S
    later = next((r for r, t in enumerate(known.times) if t // DAY_S > last), len(known))
    return news if later == len(known) else _appended(news, known, later, scale)


def _appended(first: Bars, second: Bars, start: int, scale: float) -> Bars:
    """Return bars with those of another series from a row on, its prices scaled."""
    rest = _scaled(second.between(start, len(second)), scale)
    columns = {n: getattr(first, n)[:] + getattr(rest, n) for n in _COLUMNS}
    return replace(first, as_of=max(first.as_of, second.as_of), **columns)


def _scaled(bars: Bars, scale: float) -> Bars:
    """Return bars after a split: prices times the scale, volumes over it."""
    if scale == 1.0:
        return bars
    prices = {n: array("d", (x * scale for x in getattr(bars, n))) for n in _PRICES}
    return replace(bars, volume=array("d", (x / scale for x in bars.volume)), **prices)


def _limited(bars: Bars) -> Bars:
    return bars.tail(KEPT_SESSIONS) if len(bars) > KEPT_SESSIONS else bars

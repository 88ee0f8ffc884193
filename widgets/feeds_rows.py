"""The rows of the health screen: feeds, what was said, data that are not renewed, loops."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace
from rich.cells import cell_len

from market.basket_check import empty_baskets
from market.health import FeedHealth, FeedState, Trouble
from market.holdings import Holdings
from market.holdings_age import day_in_words, why_holdings_late
from market.instruments import TRACKER
from market.loop_watch import Stalls
from market.quotes import Key
from market.reports import Budget
from market.snapshot import Snapshot
from widgets.board import Cell, Column, Row
from widgets.moments import moment, span_text
from widgets.strips import MISSING, plain, price

_REASON_WIDTH = 14
"""Cells of a reason at least."""
_REASON_WORTH = 38
"""Cells of a reason for which other columns leave: the end of a longer one tells less than they."""
COLUMNS = (
    Column("name", "Feed", 14, "left", descending_first=False),
    Column("state", "State", 11, "left", descending_first=False),
    Column("ok", "Last answer", 11, priority=4),
    Column("since", "Failing since", 13, priority=5),
    Column("next", "Next try", 9, priority=3),
    Column("elapsed", "Took", 6, priority=8),
    Column("latency", "Usually", 7, priority=7),
    Column("budget", "Budget", 7, priority=5),
    Column("answers", "Answers", 7, priority=9),
    Column("refusals", "Errors", 6, priority=6),
    Column("reason", "Reason", _REASON_WIDTH, "left", flex=True, descending_first=False),
)

_BESIDE = sum(column.width + 1 for column in COLUMNS[:2]) + 2
"""Cells of a board besides its reasons, when all columns left that can."""
_LONGEST = 600
"""Characters of a culprit with those who called it."""
_STALLS = 5
"""So many stalls have rows of their own."""

_STATES = {
    FeedState.FAILING: ("▲ failing", "failing"),
    FeedState.OK: ("● ok", "up"),
    FeedState.WAITING: ("○ waiting", "muted"),
}
"""A sign of its own for each state, so that it reads without colour; in the order of the rows."""
_ORDER = tuple(_STATES)
_EMPTY = Cell("")
_ON_DEMAND = Cell("on demand", "muted")
"""The next try of what nobody wants now."""
_ONLY_FAILING = frozenset({"since", "next", "reason"})
"""Columns that say nothing while all is well, unless a feed has a note."""


def board_of(
    snapshot: Snapshot,
    names: Iterable[str] = (),
    width: int = 0,
    notices: Iterable[str] = (),
    stalls: Stalls | None = None,
) -> tuple[list[Row], tuple[Column, ...]]:
    """Return rows and columns; what only failures fill stands only when something fails.

    Where a board of that many cells has the room, other columns leave for the greater part of
    why feeds fail. All other reasons take the cells that their rows leave empty, and no column
    leaves for them. Where one is cropped, the panel says all of it.
    """
    rows = feed_rows(snapshot, names, notices, stalls)
    failing = {name for name, feed in snapshot.feeds.items() if feed.state is FeedState.FAILING}
    idle = {
        column.id
        for n, column in enumerate(COLUMNS)
        if column.id in _ONLY_FAILING and not any(row.cells[n].text for row in rows)
    }
    kept = [n for n, column in enumerate(COLUMNS) if column.id not in idle]
    slim = [replace(row, cells=tuple(row.cells[n] for n in kept)) for row in rows]
    lengths = [cell_len(row.cells[-1].text) for row in rows if row.key in failing]
    longest = max((min(n, _REASON_WORTH) for n in lengths if n <= width - _BESIDE), default=0)
    columns = (*COLUMNS[:-1], replace(COLUMNS[-1], width=max(longest, _REASON_WIDTH)))
    return slim, tuple(columns[n] for n in kept)


def feed_rows(
    snapshot: Snapshot,
    names: Iterable[str] = (),
    notices: Iterable[str] = (),
    stalls: Stalls | None = None,
) -> list[Row]:
    """Return a row a feed, then what was said, data in trouble, absent data, and the loops.

    What the user can mend stands before what is of interest to whoever looks for it. Data of one
    kind that share a reason share a row: a dead feed is one piece of news.

    Args:
        snapshot: What is known.
        names: Feeds that there are, heard of or not.
        notices: What was said of files and the like, which the footer says only once.
        stalls: How the event loops do, where they are watched.
    """
    feeds = sorted(feeds_of(snapshot, names), key=lambda f: (_ORDER.index(f.state), f.name))
    absences = sorted(snapshot.absences.items())
    faults = snapshot.alerts.faults if snapshot.alerts is not None else ()
    return [
        *(_feed_row(feed, snapshot) for feed in feeds),
        *(_note_row(f"notice {n}", "told", said) for n, said in enumerate(notices, 1)),
        *(_note_row(f"alerts {n}", "fault", said) for n, said in enumerate(faults, 1)),
        *(_trouble_row(keys, trouble, snapshot) for keys, trouble in _shared(snapshot.troubles)),
        *(_holdings_row(file, snapshot) for file in _told_files(snapshot)),
        *(_note_row(what(k), "absent", why) for k, why in absences if k not in snapshot.troubles),
        *(_note_row(f"basket {b.slug}", "empty", why) for b, why in empty_baskets(snapshot)),
        *(_loop_rows(stalls, snapshot) if stalls is not None else ()),
    ]


def _told_files(snapshot: Snapshot) -> list[Holdings]:
    """Return the tracker's holdings, and those of other funds that are late."""
    files = snapshot.holdings.values()
    late = {f.fund for f in files if why_holdings_late(f.day, snapshot.now)}
    return [f for f in files if f.fund == TRACKER or f.fund in late]


def _holdings_row(file: Holdings, snapshot: Snapshot) -> Row:
    """Return of which day a fund's holdings are, which is not the day they were answered."""
    late = why_holdings_late(file.day, snapshot.now)
    name = f"weights {plain(file.fund, 20)}"
    day = day_in_words(file.day, snapshot.now)
    cells = _cells(
        name=Cell(name, "text", name),
        state=Cell(day, "late" if late else "muted", file.day.isoformat()),
        ok=Cell(moment(file.fetched_at, snapshot.now, seconds=True), "text", _at(file.fetched_at)),
        reason=Cell(late, "late"),
    )
    return Row(f"{name} of a day", cells, f"{name} {late}", bool(late), is_spread=True)


def _loop_rows(stalls: Stalls, snapshot: Snapshot) -> Iterable[Row]:
    """Yield how often loops have stood, and the last times: for how long, and where they were."""
    count = stalls.count
    words = f"{count} {'stall' if count == 1 else 'stalls'}"
    state = Cell(words, "late", "stalls") if count else Cell("● ok", "up", "ok")
    counted = Cell(price(count, 0), "text", float(count))
    yield Row("loops", _cells(name=Cell("loops", "text", "loops"), state=state, refusals=counted))
    for n, stall in enumerate(stalls.last[:_STALLS]):
        name = f"stall {stall.loop}"
        cells = _cells(
            name=Cell(name, "muted", name),
            state=Cell(f"stood {span_text(stall.lasted)}", "late", "stood"),
            ok=Cell(moment(stall.at, snapshot.now, seconds=True), "text", _at(stall.at)),
            reason=Cell(plain(stall.words, _LONGEST), "muted"),
        )
        key = f"{name} {stalls.count - n}"
        yield Row(key, cells, f"{name} {stall.culprit}", is_spread=True)


def feeds_of(snapshot: Snapshot, names: Iterable[str]) -> list[FeedHealth]:
    """Return the feeds there are, those that nobody has heard of yet among them."""
    return list(({name: FeedHealth(name) for name in names} | dict(snapshot.feeds)).values())


def _shared(troubles: Mapping[Key, Trouble]) -> list[tuple[list[Key], Trouble]]:
    """Group data of one kind and one reason, with the trouble that began first."""
    groups: dict[tuple[str, str, str], list[Key]] = {}
    for key, trouble in sorted(troubles.items()):
        groups.setdefault((key.kind.value, trouble.feed, trouble.text), []).append(key)
    return [
        (keys, min((troubles[key] for key in keys), key=lambda t: t.since))
        for keys in groups.values()
    ]


def _feed_row(feed: FeedHealth, snapshot: Snapshot) -> Row:
    now = snapshot.now
    since = moment(feed.failing_since, now) if feed.failing_since else ""
    reason = _reason(feed, now)
    cells = _cells(
        name=Cell(plain(feed.name, 20), "strong", feed.name),
        state=Cell(*_STATES[feed.state], feed.state.value),
        ok=Cell(moment(feed.last_ok, now, seconds=True), "text", _at(feed.last_ok)),
        since=Cell(since, "failing", _at(feed.failing_since)),
        next=_feed_try(feed, snapshot),
        elapsed=_span(feed.elapsed),
        latency=_span(feed.latency),
        budget=_budget(feed.budget_left(now)),
        answers=Cell(price(feed.answers, 0), "text", float(feed.answers)),
        refusals=Cell(price(feed.refusals, 0), "text", float(feed.refusals)),
        reason=reason,
    )
    return Row(feed.name, cells, f"{feed.name} {reason.text}")


def _reason(feed: FeedHealth, now: datetime) -> Cell:
    """Return why a feed fails, else what it says of itself, else why it failed last."""
    if feed.reason:
        return Cell(plain(feed.reason), "failing")
    if feed.is_awaited:
        return Cell("asked, no answer yet", "muted")
    last = feed.last_refusal
    if feed.note or last is None:
        return Cell(plain(feed.note), "muted")
    return Cell(f"last failed {moment(last.since, now)}: {plain(last.text)}", "muted")


def _span(span: timedelta | None) -> Cell:
    if span is None:
        return Cell(MISSING, "muted")
    seconds = span.total_seconds()
    return Cell(
        f"{seconds * 1000:.0f} ms" if seconds < 0.9995 else span_text(span), "muted", seconds
    )


def _budget(budget: Budget | None) -> Cell:
    """Return how many requests of a minute's are left."""
    if budget is None:
        return Cell(MISSING, "muted")
    role = "text" if budget.left else "late"
    return Cell(f"{budget.left}/{budget.per_minute}", role, float(budget.left))


def _trouble_row(keys: Sequence[Key], trouble: Trouble, snapshot: Snapshot) -> Row:
    now = snapshot.now
    name = what(keys[0]) if len(keys) == 1 else f"{keys[0].kind.value} of {len(keys)}"
    answered = max((at for k in keys if (at := snapshot.fetched.get(k)) is not None), default=None)
    cells = _cells(
        name=Cell(name, "text", name),
        state=Cell(trouble.kind.value, "failing", trouble.kind.value),
        ok=Cell(moment(answered, now, seconds=True), "text"),
        since=Cell(moment(trouble.since, now), "failing", _at(trouble.since)),
        next=_data_try(keys, snapshot),
        reason=Cell(plain(trouble.text), "muted"),
    )
    symbols = " ".join(key.symbol for key in keys)
    search = f"{name} {symbols} {trouble.text}"
    return Row(f"{trouble.feed} {what(keys[0])}", cells, search, is_spread=True)


def _feed_try(feed: FeedHealth, snapshot: Snapshot) -> Cell:
    """Return when a feed is asked again: once its host may be, for what is wanted of it."""
    if feed.trouble is None:
        return Cell("")
    retry = feed.trouble.retry_at
    blamed = (key for key, trouble in snapshot.troubles.items() if trouble.feed == feed.name)
    is_left_alone = retry is not None and retry > snapshot.now
    is_awaited = is_left_alone or any(snapshot.is_wanted(key) for key in blamed)
    return _try(retry, snapshot) if is_awaited else _ON_DEMAND


def _data_try(keys: Sequence[Key], snapshot: Snapshot) -> Cell:
    """Return when the first of some data is asked for again: not while its host is left alone."""
    wanted = [snapshot.troubles[key] for key in keys if snapshot.is_wanted(key)]
    if not wanted:
        return _ON_DEMAND
    feed = snapshot.feeds.get(wanted[0].feed)
    of_feed = None if feed is None or feed.trouble is None else feed.trouble.retry_at
    own = min((trouble.retry_at for trouble in wanted if trouble.retry_at), default=None)
    return _try(max((at for at in (own, of_feed) if at), default=None), snapshot)


def _try(at: datetime | None, snapshot: Snapshot) -> Cell:
    """Return a time to come; what may be asked already is asked as soon as it is due."""
    if at is None:
        return Cell("")
    is_to_come = at > snapshot.now
    return Cell(moment(at, snapshot.now, seconds=True) if is_to_come else "now", "text", _at(at))


def _note_row(name: str, state: str, reason: str) -> Row:
    cells = _cells(
        name=Cell(name, "muted", name),
        state=Cell(state, "absent", state),
        reason=Cell(plain(reason), "muted"),
    )
    return Row(name, cells, f"{name} {reason}", is_spread=True)


def _cells(**cells: Cell) -> tuple[Cell, ...]:
    """Return a row's cells in the order of the columns; what it lacks stays empty."""
    return tuple(cells.get(column.id, _EMPTY) for column in COLUMNS)


def _at(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()


def what(key: Key) -> str:
    """Return a datum's name for people: `daily ^RVX`, `chart IWM 5D`."""
    return f"{key.kind.value} {plain(key.symbol, 20)} {key.span}".rstrip()

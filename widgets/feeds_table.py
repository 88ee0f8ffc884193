"""The feeds' health: each feed, each datum that could not be renewed, and what was said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import cast

from msgspec.structs import replace
from rich.cells import cell_len
from textual.app import ComposeResult
from textual.reactive import reactive

from market.basket_check import empty_baskets
from market.health import FeedHealth, FeedState, Look, Trouble, counted
from market.holdings import Holdings
from market.holdings_age import day_in_words, why_holdings_late
from market.instruments import TRACKER
from market.quotes import Key
from market.snapshot import Snapshot
from widgets.board import Board, Cell, Column, Row
from widgets.board_layout import seats
from widgets.mark import Mark
from widgets.moments import moment, span_text
from widgets.panel import BoardPanel
from widgets.strips import MISSING, plain, price
from widgets.whole_reason import WholeReason

_REASON_WIDTH = 24
"""Cells of a reason at least."""
COLUMNS = (
    Column("name", "Feed", 14, "left", descending_first=False),
    Column("state", "State", 11, "left", descending_first=False),
    Column("ok", "Last answer", 11, priority=4),
    Column("since", "Failing since", 13, priority=5),
    Column("next", "Next try", 9, priority=3),
    Column("answers", "Answers", 7, priority=6),
    Column("refusals", "Refusals", 8, priority=6),
    Column("elapsed", "Took", 6, priority=7),
    Column("reason", "Reason", _REASON_WIDTH, "left", flex=True, descending_first=False),
)

_BESIDE = sum(column.width + 1 for column in COLUMNS[:2]) + 2
"""Cells of a board besides its reasons, when all columns left that can."""
_TABLE_ROWS = 4
"""Rows of the table that stay above a whole reason."""

_STATES = {
    FeedState.OK: ("● ok", "up"),
    FeedState.FAILING: ("▲ failing", "failing"),
    FeedState.WAITING: ("○ waiting", "muted"),
}
"""A sign of its own for each state, so that it reads without colour."""
_ON_DEMAND = Cell("on demand", "muted")
"""The next try of what nobody wants now."""
_ONLY_FAILING = frozenset({"since", "next", "reason"})
"""Columns that say nothing while all is well, unless a feed has a note."""


def board_of(
    snapshot: Snapshot, names: Iterable[str] = (), width: int = 0, notices: Iterable[str] = ()
) -> tuple[list[Row], tuple[Column, ...]]:
    """Return rows and columns; what only failures fill stands only when something fails.

    Reasons stand whole where a board of that many cells has the room, and other columns leave
    for them; where it has not they are cropped, and `told_of` says all of one.
    """
    rows = feed_rows(snapshot, names, notices)
    idle = {
        column.id
        for n, column in enumerate(COLUMNS)
        if column.id in _ONLY_FAILING and not any(row.cells[n].text for row in rows)
    }
    kept = [n for n, column in enumerate(COLUMNS) if column.id not in idle]
    slim = [replace(row, cells=tuple(row.cells[n] for n in kept)) for row in rows]
    lengths = [cell_len(row.cells[-1].text) for row in rows]
    longest = max((n for n in lengths if n <= width - _BESIDE), default=0)
    columns = (*COLUMNS[:-1], replace(COLUMNS[-1], width=max(longest, _REASON_WIDTH)))
    return slim, tuple(columns[n] for n in kept)


def told_of(row: Row, cells: int) -> str:
    """Return a row's reason where a column of that many cells crops it or is not there (0)."""
    reason = row.cells[-1].text
    return reason if cell_len(reason) > cells else ""


def feed_rows(
    snapshot: Snapshot, names: Iterable[str] = (), notices: Iterable[str] = ()
) -> list[Row]:
    """Return a row a feed, then data in trouble, absent data, empty baskets, and what was said.

    Data of one kind that share a reason share a row: a dead feed is one piece of news.

    Args:
        snapshot: What is known.
        names: Feeds that there are, heard of or not.
        notices: What was said of files and the like, which the footer says only once.
    """
    feeds = sorted(_feeds(snapshot, names), key=lambda f: f.name)
    absences = sorted(snapshot.absences.items())
    return [
        *(_feed_row(feed, snapshot) for feed in feeds),
        *(_trouble_row(keys, trouble, snapshot) for keys, trouble in _shared(snapshot.troubles)),
        *(_holdings_row(file, snapshot) for file in _told_files(snapshot)),
        *(_absence_row(key, why) for key, why in absences if key not in snapshot.troubles),
        *(_note_row(f"basket {b.slug}", "empty", why) for b, why in empty_baskets(snapshot)),
        *(_note_row(f"notice {n}", "told", said) for n, said in enumerate(notices, 1)),
        *(_note_row(f"alerts {n}", "fault", said) for n, said in enumerate(_faults(snapshot), 1)),
    ]


def _faults(snapshot: Snapshot) -> tuple[str, ...]:
    """Return what is wrong in the alerts' file."""
    return snapshot.alerts.faults if snapshot.alerts is not None else ()


def _told_files(snapshot: Snapshot) -> list[Holdings]:
    """Return the tracker's holdings, and those of other funds that are late."""
    files = snapshot.holdings.values()
    late = {f.fund for f in files if why_holdings_late(f.day, snapshot.now)}
    return [f for f in files if f.fund == TRACKER or f.fund in late]


def _holdings_row(file: Holdings, snapshot: Snapshot) -> Row:
    """Return of which day a fund's holdings are, which is not the day they were answered."""
    late = why_holdings_late(file.day, snapshot.now)
    name = f"weights {plain(file.fund, 20)}"
    cells = (
        Cell(name, "text", name),
        Cell(
            day_in_words(file.day, snapshot.now), "late" if late else "muted", file.day.isoformat()
        ),
        Cell(moment(file.fetched_at, snapshot.now, seconds=True), "text", _at(file.fetched_at)),
        *(Cell(""),) * 5,
        Cell(late, "late"),
    )
    return Row(f"{name} of a day", cells, f"{name} {late}", bool(late))


def _feeds(snapshot: Snapshot, names: Iterable[str]) -> list[FeedHealth]:
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
    answered = feed.answers > 0
    cells = (
        Cell(plain(feed.name, 20), "strong", feed.name),
        Cell(*_STATES[feed.state], feed.state.value),
        Cell(moment(feed.last_ok, now, seconds=True), "text", _at(feed.last_ok)),
        Cell(since, "failing", _at(feed.failing_since)),
        _feed_try(feed, snapshot),
        Cell(price(feed.answers, 0), "text", float(feed.answers)),
        Cell(price(feed.refusals, 0), "text", float(feed.refusals)),
        Cell(
            span_text(feed.elapsed) if answered else MISSING, "muted", feed.elapsed.total_seconds()
        ),
        Cell(plain(feed.reason), "failing") if feed.reason else Cell(plain(feed.note), "muted"),
    )
    return Row(feed.name, cells, f"{feed.name} {feed.reason or feed.note}")


def _trouble_row(keys: Sequence[Key], trouble: Trouble, snapshot: Snapshot) -> Row:
    now = snapshot.now
    name = what(keys[0]) if len(keys) == 1 else f"{keys[0].kind.value} of {len(keys)}"
    answered = max((at for k in keys if (at := snapshot.fetched.get(k)) is not None), default=None)
    cells = (
        Cell(name, "text", name),
        Cell(trouble.kind.value, "failing", trouble.kind.value),
        Cell(moment(answered, now, seconds=True), "text"),
        Cell(moment(trouble.since, now), "failing", _at(trouble.since)),
        _data_try(keys, snapshot),
        Cell(""),
        Cell(""),
        Cell(""),
        Cell(plain(trouble.text), "muted"),
    )
    symbols = " ".join(key.symbol for key in keys)
    return Row(f"{trouble.feed} {what(keys[0])}", cells, f"{name} {symbols} {trouble.text}")


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


def _absence_row(key: Key, reason: str) -> Row:
    return _note_row(what(key), "absent", reason)


def _note_row(name: str, state: str, reason: str) -> Row:
    empty = (Cell(""),) * 6
    cells = (Cell(name, "muted", name), Cell(state, "absent", state), *empty)
    return Row(name, (*cells, Cell(plain(reason), "muted")), f"{name} {reason}")


def _at(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()


def what(key: Key) -> str:
    """Return a datum's name for people: `daily ^RVX`, `chart IWM 5D`."""
    return f"{key.kind.value} {plain(key.symbol, 20)} {key.span}".rstrip()


class FeedsPanel(BoardPanel):
    """Which feeds answer, which do not, why, and when they are asked again."""

    TITLE = "Feeds"
    DEFAULT_CSS = "FeedsPanel.-rule > WholeReason { margin: 0; }"

    feeds: reactive[tuple[str, ...]] = reactive(cast("tuple[str, ...]", ()), repaint=False)
    """The names of the feeds that there are; those nobody has heard of are waiting."""

    notices: reactive[tuple[str, ...]] = reactive(cast("tuple[str, ...]", ()), repaint=False)
    """What the engine has said, oldest first."""

    def compose(self) -> ComposeResult:
        """Hold one board, and below it the reason that has no room in it."""
        yield Board(COLUMNS, empty="no feed was asked yet")
        yield WholeReason()

    def watch_feeds(self) -> None:
        """Tell of other feeds."""
        self.renew()

    def watch_notices(self) -> None:
        """Tell of what was said meanwhile."""
        self.renew()

    def mark_from(self, snapshot: Snapshot) -> Mark:
        """Return how many feeds answer."""
        badge = snapshot.mode.badge
        count = counted(_feeds(snapshot, self.feeds))
        look = Look.LIVE if count.asked else Look.ABSENT
        if count.failing:
            look = Look.FAILING
        told = f"{badge} {count.ok}/{count.asked or count.waiting} ok"
        return Mark(look, (told.lstrip(),), is_marked=bool(badge))

    def take(self, snapshot: Snapshot) -> bool:
        """Give the board its rows; it repaints what changed by itself."""
        if self.has_board:
            rows = board_of(snapshot, self.feeds, self._board_width, self.notices)
            self.board.show(*rows)
            self._tell_reason()
        return False

    @property
    def _board_width(self) -> int:
        return self.body_width + (2 if self.frame == "box" else 0)

    def _tell_reason(self) -> None:
        """Say the whole reason of the row under the cursor, if the table has no room for it."""
        listing = self.board.listing
        row = None if listing.key is None else listing.find(listing.key)
        placed = seats(listing.columns, listing.needs, listing.sparks, self._board_width)
        widths = {listing.columns[seat.column].id: seat.width for seat in placed}
        has_reasons = listing.columns[-1].id == COLUMNS[-1].id
        text = told_of(row, widths.get(COLUMNS[-1].id, 0)) if row and has_reasons else ""
        room = self.size.height - 3 - _TABLE_ROWS
        self.query_one(WholeReason).tell(text, self.body_width, rows_left=max(0, room))

    def on_board_highlighted(self, event: Board.Highlighted) -> None:
        """Say the reason of the row that the cursor came to."""
        event.stop()
        self._tell_reason()

    def on_resize(self) -> None:
        """Give reasons the room there is now."""
        super().on_resize()
        self.renew()

    @property
    def cursor_symbol(self) -> str | None:
        """Nothing here can be opened."""
        return None

    def on_board_opened(self, event: Board.Opened) -> None:
        """Stop: a feed has no screen of its own. Textual would call the panel's handler too."""
        event.prevent_default()
        event.stop()

"""What is written about a company, as rows of a board: what lies ahead, then the newest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from market.quotes import Key, Kind
from market.sessions import exchange_date
from market.snapshot import Snapshot
from market.stories import Filing, Filings, Headline, Headlines
from market.wordings import form_in_words, halt_in_words, items_in_words
from widgets.board_model import Cell, Column, Row
from widgets.moments import moment
from widgets.strips import plain

NEWS, SEC = "news", "SEC"
_MOST_WHO = 12
"""Cells of a publisher's name at most."""
_QUIET = frozenset({"3", "4", "5", "144", "424B2"})
"""Forms that come by the dozen and say little."""
_FAR = float("inf")


def columns_for(rows: Sequence[Row]) -> tuple[Column, ...]:
    """Return the columns; publishers get the room that the longest of them needs."""
    names = (len(row.cells[-1].text) for row in rows if not row.notes)
    who = min(_MOST_WHO, max(names, default=0))
    return (
        Column("when", "When", 9, "left"),
        Column("kind", "Form", 8, "left", priority=1, descending_first=False),
        Column("what", "What", 28, "left", flex=True, descending_first=False, most=100),
        Column("who", "From", max(4, who), "left", priority=2, descending_first=False),
    )


class StoriesView(msgspec.Struct, frozen=True):
    """All that the panel shows of one symbol."""

    rows: tuple[Row, ...] = ()
    addresses: tuple[tuple[str, str], ...] = ()
    """Where each row can be read, by its key; rows without an address are left out."""
    empty: str = "waiting for headlines"

    def address(self, key: str | None) -> str:
        """Return where a row can be read, empty for nowhere."""
        return dict(self.addresses).get(key or "", "")


def view_of(snapshot: Snapshot, symbol: str) -> StoriesView:
    """Return halt, next earnings, filings and headlines of a symbol."""
    told = sorted(_told(snapshot, symbol), key=lambda pair: pair[0], reverse=True)
    rows = [*_ahead(snapshot, symbol), *(row for _, row, _ in told)]
    notes = [*_notes(snapshot, symbol)]
    addresses = tuple((row.key, url) for _, row, url in told if url)
    if told or not notes:
        return StoriesView((*rows, *notes), addresses, _empty(snapshot, symbol))
    return StoriesView((*rows, *notes), addresses)


def _empty(snapshot: Snapshot, symbol: str) -> str:
    is_told = snapshot.document(Key(Kind.HEADLINES, symbol), Headlines) is not None
    return "nothing was written lately" if is_told else "waiting for headlines"


def _told(snapshot: Snapshot, symbol: str) -> Iterator[tuple[datetime, Row, str]]:
    """Yield time, row and address of filings and headlines."""
    seen: set[str] = set()
    filed = snapshot.document(Key(Kind.FILINGS, symbol), Filings)
    written = snapshot.document(Key(Kind.HEADLINES, symbol), Headlines)
    for filing in filed.rows if filed is not None else ():
        yield filing.filed_at, _filing(filing, snapshot.now, seen), filing.url
    for headline in written.rows if written is not None else ():
        yield headline.at, _headline(headline, snapshot.now, seen), headline.url


def _key(words: str, seen: set[str]) -> str:
    """Return a name for a row that no other one has."""
    number, key = 2, words
    while key in seen:
        key, number = f"{words} {number}", number + 1
    seen.add(key)
    return key


def _filing(filing: Filing, now: datetime, seen: set[str]) -> Row:
    form = plain(filing.form.replace("SCHEDULE ", "SC "), 12)
    words = plain(filing_in_words(filing), 200)
    role = "muted" if filing.form.removesuffix("/A") in _QUIET else "text"
    cells = (
        Cell(_day(filing, now), "muted", filing.filed_at.timestamp()),
        Cell(form, "accent" if form.startswith("8-K") else "text", form),
        Cell(words, role, words.casefold()),
        Cell(SEC, "muted", SEC),
    )
    return Row(_key(filing.url or f"{filing.day} {form}", seen), cells, f"{form} {words} SEC")


def filing_in_words(filing: Filing) -> str:
    """Return what a filing is about: the items of an 8-K, else the form and its document."""
    if items := items_in_words(filing.items):
        return ", ".join(items)
    words = form_in_words(filing.form)
    return ": ".join(dict.fromkeys(filter(None, (words, filing.title)))) or "filing"


def _day(filing: Filing, now: datetime) -> str:
    """Return the filing's date: the SEC's hours cannot be relied on."""
    days = (exchange_date(now) - filing.day).days
    if days == 0:
        return "today"
    if 0 < days < 7:
        return f"{filing.day:%a}"
    return f"{filing.day.day} {filing.day:%b}" if days < 300 else f"{filing.day:%Y-%m-%d}"


def _headline(headline: Headline, now: datetime, seen: set[str]) -> Row:
    title, publisher = plain(headline.title, 200), plain(headline.publisher, 40)
    cells = (
        Cell(moment(headline.at, now), "muted", headline.at.timestamp()),
        Cell(NEWS, "muted", NEWS),
        Cell(title, "text", title.casefold()),
        Cell(publisher, "muted", publisher.casefold() or None),
    )
    return Row(_key(headline.url or title, seen), cells, f"{title} {publisher} {NEWS}")


def _ahead(snapshot: Snapshot, symbol: str) -> Iterator[Row]:
    """Yield the halt that a stock is in, and when its company reports next."""
    halted = snapshot.studies.halts
    if halted is not None and (halt := halted.of(symbol, snapshot.now)) is not None:
        words = f"halted: {halt_in_words(plain(halt.code, 12))}"
        if halt.resumed_at is not None:
            words += f", until {moment(halt.resumed_at, snapshot.now)}"
        when = moment(halt.halted_at, snapshot.now)
        yield _own_row(" halt", when, ("halt", "failing"), (words, "failing"))
    slug = snapshot.cast[symbol].slug
    told = snapshot.reading(f"{slug}.earnings.next")
    if isinstance(told.value, str):
        words = ", ".join(filter(None, (f"reports {told.value}", told.reason)))
        yield _own_row(" earnings", "ahead", ("earnings", "accent"), (plain(words, 120), "strong"))


def _own_row(key: str, when: str, kind: tuple[str, str], what: tuple[str, str]) -> Row:
    """Return a row that stands above the others as long as they have their own order."""
    (name, name_role), (words, role) = kind, what
    cells = (
        Cell(when, "muted", _FAR),
        Cell(name, name_role, name),
        Cell(words, role, words.casefold()),
        Cell("", "muted"),
    )
    return Row(key, cells, f"{name} {words}")


def _notes(snapshot: Snapshot, symbol: str) -> Iterator[Row]:
    """Yield why there are no filings or no headlines, below all others."""
    for kind, name in ((Kind.FILINGS, SEC), (Kind.HEADLINES, NEWS)):
        key = Key(kind, symbol)
        trouble = snapshot.troubles.get(key)
        why = snapshot.absences.get(key) or (trouble.text if trouble is not None else "")
        if why and key not in snapshot.documents:
            notes = _wordings(plain(why), _SHORT[kind])
            yield Row(f" {name}", (Cell(name, "muted"),), pinned=True, notes=notes)


_SHORT: Mapping[Kind, str] = {
    Kind.FILINGS: "no filings",
    Kind.HEADLINES: "no headlines",
}


def _wordings(why: str, short: str) -> tuple[str, ...]:
    """Return a reason ever shorter: where a setting is asked for, that is what stays longest."""
    _, colon, wish = why.partition(": set ")
    wishes = (f"set {wish}", f"set {wish.split()[0]}") if colon else ()
    return (why, *wishes, short)

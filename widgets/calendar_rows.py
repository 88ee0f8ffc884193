"""The agenda as rows of a board: a heading for each day, and what comes on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from market.agenda import Impact, Release
from market.agenda_study import IMPORTANT, AgendaDay, MarketDay, MemberReport, Occasion
from market.earnings import Timing
from market.metrics.calendar_study import why_no_members
from market.sessions import NEW_YORK, exchange_date, is_session
from market.snapshot import Snapshot
from widgets.board import Cell, Column, Row
from widgets.calendar_mark import short_sector, signs_of
from widgets.strips import MINUS, MISSING, plain, price, share

SHOWN = timedelta(days=13)
"""Two weeks, today included."""
_SECTOR = 16
"""Cells of a sector, three more than any takes: it is shown where names have room too."""
COLUMNS = (
    Column("when", "When", 12, "left", descending_first=False),
    Column("symbol", "Symbol", 6, "left", descending_first=False),
    Column("what", "What", 16, "left", 5, flex=True, least=11, descending_first=False, most=32),
    Column("sector", "Sector", _SECTOR, "left", priority=6, descending_first=False),
    Column("estimate", "Exp", 5),
    Column("estimates", "n", 2, priority=5),
    Column("actual", "Act", 5, priority=2),
    Column("weight", "Wt", 5, priority=3),
    Column("basket", "Basket", 6, "left", priority=4, descending_first=False),
)
_TIMINGS = {
    Timing.BEFORE_OPEN: ("before open", "pre", 4.0),
    Timing.UNKNOWN: (MISSING, "", 12.0),
    Timing.AFTER_CLOSE: ("after close", "post", 16.0),
}
"""How the time of a report is said with and without its day, and the hour it is sorted by."""
_ALL_DAY = ("all day", "")
"""How no time is said, without and with its day."""
_IMPACTS = {Impact.HIGH: "strong", Impact.MEDIUM: "text"}
_BLANK = Cell("")


def agenda_rows(snapshot: Snapshot, *, is_headed: bool) -> list[Row]:
    """Return what is ahead: by day under headings, else each row with its day.

    Args:
        snapshot: What is known.
        is_headed: Whether rows stand in the order of the days, each day under its heading.
    """
    agenda = snapshot.studies.agenda
    if agenda is None:
        return []
    today = exchange_date(snapshot.now)
    signs, unknown = signs_of(snapshot.census), unknown_in_words(snapshot)
    rows: list[Row] = []
    for day in agenda.ahead(today, today + SHOWN):
        if is_headed:
            rows.append(_heading(day, unknown))
        rows += _rows_of(day, signs, is_headed=is_headed)
    return rows


def day_of_key(key: str | None) -> date | None:
    """Return the day of a row by its key, None for none."""
    for word in (key or "").split():
        try:
            return date.fromisoformat(word)
        except ValueError:
            continue
    return None


def day_words(day: date) -> str:
    """Return a day: `Tue 4 Aug`."""
    return f"{day:%a} {day.day} {day:%b}"


def _heading(day: AgendaDay, unknown: str) -> Row:
    iso = day.day.isoformat()
    when = Cell(day_words(day.day), "strong", float(day.day.toordinal()))
    notes = day_in_words(day, unknown)
    return Row(f" {iso}", (when, *(_BLANK,) * (len(COLUMNS) - 1)), notes=notes)


def unknown_in_words(snapshot: Snapshot) -> str:
    """Return what is said of a day as long as the members that report are not known."""
    return plain(why_no_members(snapshot)) or "earnings not known yet"


def day_in_words(day: AgendaDay, unknown: str) -> tuple[str, ...]:
    """Return what comes on a day, said ever shorter; what has its hour has a row of its own."""
    count, special = len(day.reports), [plain(each.words, 60) for each in _of_all_day(day)]
    releases = sum(row.impact in IMPORTANT for row in day.releases)
    reports = f"{count or 'no'} report{'' if count == 1 else 's'}" if day.is_told else unknown
    if not is_session(day.day):
        reports = ""
    weighed = f"{reports}, {share(day.weight, 1)} of the index" if count else reports
    of_releases = f"{releases} release{'' if releases == 1 else 's'}" if releases else ""
    wordings = (
        (weighed, of_releases, *special),
        (reports, of_releases, *special),
        (reports, *special[:1]),
        (*special[:1],) if special else (reports,),
        (reports,),
        (reports.partition(":")[0],),
    )
    return tuple(dict.fromkeys(" · ".join(filter(None, words)) for words in wordings))


def _of_all_day(day: AgendaDay) -> Iterator[MarketDay]:
    return (each for each in day.occasions if each.at is None)


def _rows_of(day: AgendaDay, signs: Mapping[str, str], *, is_headed: bool) -> Iterator[Row]:
    """Yield what comes on a day: events by their hour, then companies, heaviest first."""
    lead = "" if is_headed else f"{day.day.day} {day.day:%b} "
    if not is_headed:  # the heading says it
        yield from (_occasion_row(each, lead) for each in _of_all_day(day))
    events = [(each.at, _occasion_row(each, lead)) for each in day.occasions if each.at is not None]
    releases = enumerate(telling(day.releases))
    events += [(each.at, _release_row(each, lead, number)) for number, each in releases]
    yield from (row for _, row in sorted(events, key=lambda event: hour_of(event[0])))
    words = day_words(day.day)
    for report in day.reports:
        yield _report_row(report, lead, signs.get(report.earnings.symbol, ""), words)


def hour_of(at: datetime | None) -> float:
    """Return the hour of the day in New York, 0 for all day."""
    local = at.astimezone(NEW_YORK) if at is not None else None
    return local.hour + local.minute / 60 if local is not None else 0.0


def telling(releases: Sequence[Release]) -> tuple[Release, ...]:
    """Return the releases of weight of a day; all where nobody says which have any."""
    if all(row.impact is Impact.UNKNOWN for row in releases):
        return tuple(releases)
    return tuple(row for row in releases if row.impact in IMPORTANT)


def _occasion_row(told: MarketDay, lead: str) -> Row:
    words = plain(told.words, 60)
    role = "accent" if told.occasion is not Occasion.BONDS_CLOSED else "text"
    key = f" {told.day.isoformat()} {told.occasion.value}"
    cells = (
        _time(lead, told.day, told.at),
        _BLANK,
        Cell(words, role, words.casefold()),
        *(_BLANK,) * (len(COLUMNS) - 3),
    )
    return Row(key, cells, f"{words} {day_words(told.day)}", is_spread=True)


def _release_row(told: Release, lead: str, number: int) -> Row:
    title = plain(told.title, 80)
    cells = (
        _time(lead, told.day, told.at),
        _BLANK,
        Cell(title, _IMPACTS.get(told.impact, "muted"), title.casefold()),
        Cell(f"{told.impact.value} impact" if told.impact else "", "muted"),
        Cell(figure(told.consensus), "text"),
        _BLANK,
        Cell(figure(told.actual), "strong"),
        _BLANK,
        _BLANK,
    )
    key = f" {told.day.isoformat()} release {number} {title}"
    return Row(key, cells, f"{title} release {day_words(told.day)}", is_spread=True)


def _time(lead: str, day: date, at: datetime | None) -> Cell:
    words = f"{at.astimezone(NEW_YORK):%H:%M}" if at is not None else _ALL_DAY[bool(lead)]
    return _when(lead, words, day, hour_of(at))


def figure(words: str) -> str:
    """Return a number in its source's words with a true minus."""
    shown = plain(words, 12)
    return f"{MINUS}{shown[1:]}" if shown.startswith("-") else shown


def _report_row(report: MemberReport, lead: str, sign: str, day: str) -> Row:
    told, name = report.earnings, _words(report.name)
    said, short, hour = _TIMINGS[told.timing]
    sector, symbol, estimate = short_sector(report.sector), _words(told.symbol), told.estimate
    is_moved = bool(told.earlier_days)
    what = f"{_moved(told.earlier_days)}, {name}" if is_moved else name
    cells = (
        _when(lead, short if lead else said, told.day, hour),
        Cell(symbol, "text", symbol),
        Cell(what, "accent" if is_moved else "muted", name.casefold()),
        Cell(sector, "muted", sector),
        Cell(price(estimate), "absent" if estimate is None else "text", estimate),
        Cell("" if told.estimates is None else str(told.estimates), "muted", told.estimates),
        _actual(report),
        Cell(share(report.weight, 2, "%"), "muted", report.weight),
        Cell(sign, "accent"),
    )
    words = f"{symbol} {what} {report.sector} {sign} {'moved ' if is_moved else ''}{day}"
    return Row(f"{symbol} {told.day}", cells, words)


def _words(text: str) -> str:
    """Return a text as `plain` does; most are that already, and there are hundreds of them."""
    return text if text.isascii() and text.isprintable() else plain(text, 80)


def _moved(earlier: tuple[date, ...]) -> str:
    return f"was {earlier[-1].day} {earlier[-1]:%b}"


def _actual(report: MemberReport) -> Cell:
    """What was earned; coloured where it can be held against what was expected."""
    told = report.earnings
    if told.actual is None:
        return _BLANK
    expected = told.estimate
    role = "text" if expected is None or told.actual == expected else "up"
    if expected is not None and told.actual < expected:
        role = "down"
    return Cell(price(told.actual), role, told.actual)


def _when(lead: str, words: str, day: date, hour: float) -> Cell:
    return Cell(f"{lead}{words}".rstrip(), "muted", day.toordinal() + hour / 24)

"""What is written about companies of the simulated market: filings, headlines, trading halts.

All of it is made up. Now and then a title tries to be markup or an escape sequence, as titles
of the real world may: it has to be shown as the text it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from market.agenda import Halt, Halts
from market.feeds.demo_market import SOURCE, DemoMarket, Moment
from market.feeds.demo_members import roster_of
from market.feeds.text import plain
from market.quotes import Key
from market.sessions import NEW_YORK, exchange_date, is_session, session_of
from market.spellings import is_stock
from market.stories import Filing, Filings, Headline, Headlines

LOOKED_BACK = 120
"""Days of filings."""
NEWS_BACK = 12
"""Days of headlines."""
SITE = "https://example.org/captop-demo"
"""Nothing is to be read there: the addresses of the demo are as made up as its companies."""
PAUSE = timedelta(minutes=5)
"""How long a volatility pause lasts."""

_FORMS = (
    ("4", (), 30),
    ("8-K", ("2.02", "9.01"), 6),
    ("8-K", ("5.02",), 5),
    ("8-K", ("1.01", "2.03", "9.01"), 4),
    ("8-K", ("7.01", "9.01"), 6),
    ("8-K", ("8.01",), 5),
    ("8-K", ("5.07",), 2),
    ("10-Q", (), 4),
    ("144", (), 8),
    ("SCHEDULE 13G/A", (), 5),
    ("S-8", (), 1),
    ("424B5", (), 2),
    ("DEF 14A", (), 1),
)
"""Forms, the items of an 8-K, and how often each is filed against the others."""
_TITLES = (
    "{} says orders held up through the quarter",
    "Analysts differ on {} before its report",
    "{} widens its credit line",
    "Why {} moved with small caps today",
    "{} to speak at an investors' conference",
    "Short sellers take another look at {}",
    "{} names a new head of finance",
    "{} wins a contract in the Midwest",
    "Options on {} price a larger swing than usual",
    "[bold red]{}[/bold red] is a title with markup in it",
    "{} \x1b[31mand an escape sequence\x1b[0m that must not colour anything",
)
_PUBLISHERS = ("Demo Wire", "Small Cap Daily", "The Made-up Journal")


def filings(market: DemoMarket, key: Key, moment: Moment) -> Filings | None:
    """Return a company's filings up to a moment, newest first; None for what is no company."""
    if not is_stock(key.symbol):
        return None
    today, rng = exchange_date(moment.at), Random(f"{market.paths.seed}|rate|{key.symbol}")
    rate = rng.uniform(0.06, 0.2)
    days = (today - timedelta(days=n) for n in range(LOOKED_BACK))
    rows = [
        row
        for day in days
        if is_session(day)
        for row in _filed(f"{market.paths.seed}|filings|{key.symbol}|{day}", day, rate)
        if row.filed_at <= moment.at
    ]
    rows.sort(key=lambda row: row.filed_at, reverse=True)
    return Filings(key=key, source=SOURCE, fetched_at=moment.at, rows=tuple(rows[:40]))


def _filed(seed: str, day: date, rate: float) -> Iterator[Filing]:
    rng = Random(seed)
    for _ in range(int(rng.random() < rate) + int(rng.random() < rate / 4)):
        ((form, items, _),) = rng.choices(_FORMS, [weight for *_, weight in _FORMS])
        clock = time(16, rng.randrange(1, 45)) if rng.random() < 0.7 else time(8, 5)
        at = datetime.combine(day, clock, NEW_YORK)
        url = f"{SITE}/filings/{rng.randrange(10**9):09}"
        yield Filing(form=form, items=items, day=day, filed_at=at, url=url)


def headlines(market: DemoMarket, key: Key, moment: Moment) -> Headlines:
    """Return the headlines about a symbol up to a moment, newest first."""
    today = exchange_date(moment.at)
    rows = [
        row
        for n in range(NEWS_BACK)
        for row in _written(market.paths.seed, key.symbol, today - timedelta(days=n))
        if row.at <= moment.at
    ]
    rows.sort(key=lambda row: row.at, reverse=True)
    return Headlines(key=key, source=SOURCE, fetched_at=moment.at, rows=tuple(rows[:30]))


def _written(seed: int, symbol: str, day: date) -> Iterator[Headline]:
    rng = Random(f"{seed}|headlines|{symbol}|{day}")
    first = Random(f"{seed}|titles|{symbol}").randrange(len(_TITLES)) + 3 * day.toordinal()
    for n in range(rng.randrange(0, 4) if is_session(day) else rng.randrange(0, 2)):
        title = plain(_TITLES[(first + n) % len(_TITLES)].format(symbol))
        clock = time(rng.randrange(6, 20), rng.randrange(60))
        yield Headline(
            title=title,
            publisher=rng.choice(_PUBLISHERS),
            at=datetime.combine(day, clock, NEW_YORK),
            url=f"{SITE}/news/{rng.randrange(10**9):09}",
        )


def halts(market: DemoMarket, key: Key, moment: Moment) -> Halts:
    """Return the day's halts: those members that do not trade, and some volatility pauses."""
    day = exchange_date(moment.at)
    rows: list[Halt] = []
    if is_session(day) and (opened := session_of(day).open) <= moment.at:
        roster = roster_of(market.paths.seed)
        symbols = roster.symbols_on(moment.index)
        rng = Random(f"{market.paths.seed}|halts|{day}")
        rows = [
            _halt((symbols[row], roster.names[row]), "T1", opened - timedelta(minutes=20))
            for row in roster.halted(moment.index)
        ]
        for row in rng.sample(range(len(symbols)), 4):
            since = opened + timedelta(seconds=rng.randrange(60, 6 * 3600))
            company = symbols[row], roster.names[row]
            rows.append(_halt(company, "LUDP", since, since + PAUSE))
    told = sorted((r for r in rows if r.halted_at <= moment.at), key=lambda r: r.halted_at)
    return Halts(key=key, source=SOURCE, fetched_at=moment.at, rows=tuple(told[::-1]))


def _halt(
    company: tuple[str, str], code: str, since: datetime, until: datetime | None = None
) -> Halt:
    symbol, name = company
    return Halt(symbol=symbol, name=name, code=code, halted_at=since, resumed_at=until)

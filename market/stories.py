"""What is written about a company: its filings and headlines."""

from __future__ import annotations

import re
from datetime import date, datetime
from urllib.parse import urlsplit

import msgspec

from market.quotes import Key

LONGEST_ADDRESS = 2000
"""Characters; a longer address is none that a browser should be given."""

_PRINTABLE = re.compile(r"[!-~]+")


class Filing(msgspec.Struct, frozen=True, kw_only=True):
    """One filing with the SEC."""

    form: str
    """8-K, 10-Q, 4."""
    items: tuple[str, ...] = ()
    """Of an 8-K its items by number: 2.02, 9.01."""
    title: str = ""
    """What the filer called its main document; often empty or the form again."""
    day: date
    """The filing date, New York."""
    filed_at: datetime
    """UTC, to put filings in order by: the SEC's hours are not all in one time zone."""
    url: str = ""
    """http(s) only; empty where there is none."""


class Filings(msgspec.Struct, frozen=True, kw_only=True, tag="filings"):
    """One company's newest filings, newest first."""

    key: Key
    """`Kind.FILINGS` and the company's symbol."""
    source: str
    fetched_at: datetime
    rows: tuple[Filing, ...]


class Headline(msgspec.Struct, frozen=True, kw_only=True):
    """One headline."""

    title: str
    publisher: str = ""
    at: datetime
    """UTC."""
    url: str = ""
    """http(s) only; empty where there is none."""


class Headlines(msgspec.Struct, frozen=True, kw_only=True, tag="headlines"):
    """The newest headlines about one symbol, newest first."""

    key: Key
    """`Kind.HEADLINES` and the symbol."""
    source: str
    fetched_at: datetime
    rows: tuple[Headline, ...]


def web_address(text: str) -> str:
    """Return an address that a browser may be given, or nothing: http(s), a host, plain ASCII."""
    bare = text.strip()
    if len(bare) > LONGEST_ADDRESS or not _PRINTABLE.fullmatch(bare):
        return ""
    try:
        parts = urlsplit(bare)
    except ValueError:
        return ""
    is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    return bare if is_web and "@" not in parts.netloc and "\\" not in bare else ""

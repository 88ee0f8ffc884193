"""RSS as a list of items: XML without a document type, so that no entity is ever expanded."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# The parser refuses every document type, and so every entity of its own making: the attacks
# that a parser of all XML must be kept from all begin with one.
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from market.feeds.responses import opening
from market.feeds.text import plain
from market.reports import ErrorKind, FeedError

MOST_ITEMS = 500
"""A feed has some dozens."""
LARGEST_BODY = 4 * 2**20
"""Bytes; a feed has some ten thousand."""
PAGES = (b"<!doctype html", b"<html")

Item = Mapping[str, str]
"""The texts of an item by the name of their tag, its namespace left out."""


class DocumentTypeError(Exception):
    """An RSS feed has no document type: a body with one is something else."""


class _Builder(TreeBuilder):
    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Refuse it."""
        raise DocumentTypeError(f"{name} {pubid} {system}")


def read_items(body: bytes, source: str, what: str) -> list[Item]:
    """Return the items of a feed in their order.

    Args:
        body: The answer's body.
        source: Who gave it: "Yahoo".
        what: What should have come: "headlines of IWM".

    Raises:
        FeedError: refused (a web page), garbled.
    """
    start = opening(body)
    if not start:
        raise _garbled(source, what, "it is empty")
    if start.lower().startswith(PAGES):
        raise FeedError(ErrorKind.REFUSED, f"{source} sent a web page instead of {what}")
    if len(body) > LARGEST_BODY:
        raise _garbled(source, what, "it is far too long")
    root = _parsed(body, source, what)
    if _local(root.tag) not in {"rss", "RDF"}:
        raise _garbled(source, what, "it is no RSS")
    items = (each for each in root.iter() if _local(each.tag) == "item")
    return [_texts(item) for item, _ in zip(items, range(MOST_ITEMS), strict=False)]


def _parsed(body: bytes, source: str, what: str) -> Element:
    parser = XMLParser(target=_Builder())  # noqa: S314
    try:
        parser.feed(body)
        return parser.close()
    except DocumentTypeError:
        raise _garbled(source, what, "it has a document type, which RSS has not") from None
    except (ParseError, ValueError, LookupError):
        raise _garbled(source, what, "it is no whole XML") from None


def _texts(item: Element) -> Item:
    found: dict[str, str] = {}
    for child in item:
        text = (child.text or "").strip()
        if text:
            found.setdefault(_local(child.tag), text)
    return found


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def told(item: Item, *names: str) -> str:
    """Return the first text that an item has under one of some names, safe to show."""
    texts: Iterator[str] = (item[name] for name in names if name in item)
    return plain(html.unescape(next(texts, "")))


def time_of(item: Item) -> datetime | None:
    """Return when an item was published, UTC; None where that cannot be read."""
    try:
        at = parsedate_to_datetime(item.get("pubDate", ""))
        return (at if at.tzinfo is not None else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _garbled(source: str, what: str, why: str) -> FeedError:
    return FeedError(ErrorKind.GARBLED, f"{source}'s {what} cannot be read: {why}")

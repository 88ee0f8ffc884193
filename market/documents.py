"""Documents: what a source publishes as a whole, other than prices, kept by the key asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from market.agenda import EarningsDay, Halts, Releases, with_moves
from market.funds import FundHistory, joined_histories
from market.option_files import OptionFile
from market.published import Published, with_first_prints
from market.quotes import Key
from market.stories import Filings, Headlines

Document: TypeAlias = (
    Published | OptionFile | FundHistory | EarningsDay | Releases | Halts | Filings | Headlines
)


def merged_document(known: Document, news: Document) -> Document:
    """Return the younger of two answers, with what only the older one can know."""
    older, newer = sorted((known, news), key=lambda document: document.fetched_at)
    match older, newer:
        case Published(), Published():
            return with_first_prints(older, newer)
        case FundHistory(), FundHistory():
            return joined_histories(older, newer)
        case _:
            return newer


def first_seen(news: Document) -> Document:
    """Return a document that was never seen before, as it is to be remembered."""
    return with_first_prints(None, news) if isinstance(news, Published) else news


def with_documents(
    known: Mapping[Key, Document], news: tuple[Document, ...]
) -> Mapping[Key, Document]:
    """Return all documents after an answer."""
    merged = dict(known)
    for document in news:
        before = merged.get(document.key)
        latest = first_seen(document) if before is None else merged_document(before, document)
        if isinstance(document, EarningsDay) and latest is document:
            latest = with_moves(
                (d for d in merged.values() if isinstance(d, EarningsDay)), document
            )
        merged[document.key] = latest
    return merged

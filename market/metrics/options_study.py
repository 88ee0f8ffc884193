"""The study of option chains: from the files of ^RUT and IWM to what they mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from math import log1p
from typing import TypeVar

from market.instruments import OPTIONED, SHORT_RATE
from market.metrics.option_figures import (
    figures_of,
    put_call_open_interest,
    put_call_volume,
)
from market.metrics.options_terms import MONTH, WEEK, ahead, iv_over, nearest_to
from market.metrics.subject import Unknown
from market.metrics.vix_method import chain_index
from market.option_files import OptionFile
from market.option_study import ChainStudy, ExpiryRow, ModelVix, OptionStudy
from market.options import Chain, Expiry
from market.published import Published
from market.quotes import Key, Kind
from market.sessions import exchange_date, session_of, session_on_or_before
from market.snapshot import Snapshot

RATE_KEY = Key(Kind.PUBLISHED, SHORT_RATE)
"""The par yield of three months, percent."""

T = TypeVar("T")


def reads(key: Key) -> bool:
    """Return whether news of a datum may change the study."""
    return key == RATE_KEY or (key.kind is Kind.CHAIN and key.symbol in OPTIONED)


def option_study(snapshot: Snapshot) -> OptionStudy | None:
    """Return what the known chains say, None while there is none.

    A chain that was studied before, with the same rate, is not studied again. Of a chain that
    came in an earlier run its study alone was kept.
    """
    rate, known = short_rate(snapshot), snapshot.studies.options
    before: Mapping[str, ChainStudy] = {} if known is None else known.chains
    found = {
        symbol: _studied(file, rate, before.get(symbol))
        for symbol in OPTIONED
        if (file := snapshot.document(Key(Kind.CHAIN, symbol), OptionFile)) is not None
    }
    studies = {**before, **found}
    return OptionStudy(studies) if studies else None


def short_rate(snapshot: Snapshot) -> float | None:
    """Return the published short rate, continuously compounded, a fraction; None if unknown.

    A Treasury yield counts interest twice a year.
    """
    series = snapshot.document(RATE_KEY, Published)
    if series is None or not len(series):
        return None
    return 2 * log1p(series.values[-1] / 200)


def _studied(file: OptionFile, rate: float | None, before: ChainStudy | None) -> ChainStudy:
    if before is not None and _is_of(before, file, rate):
        return before
    return chain_study(file, rate)


def _is_of(study: ChainStudy, file: OptionFile, rate: float | None) -> bool:
    known = study.rate if study.is_rate_known else None
    return (study.fetched_at, study.source, known) == (file.fetched_at, file.source, rate)


def chain_study(file: OptionFile, rate: float | None) -> ChainStudy:
    """Return what one chain says.

    Args:
        file: The chain with its source.
        rate: Continuously compounded, a fraction a year; None reckons without interest.
    """
    chain, interest = file.chain, rate or 0.0
    coming = ahead(chain)
    rows = tuple(_row(expiry, chain, interest) for expiry in coming)
    figures = [row.figures for row in rows]
    month = partial(nearest_to, figures, MONTH, lambda each: each.skew is not None)
    nearest = _known(month)
    return ChainStudy(
        symbol=chain.symbol,
        price=chain.price,
        as_of=chain.as_of,
        fetched_at=file.fetched_at,
        source=file.source,
        delay_s=file.delay_s,
        rows=rows,
        volume=put_call_volume(chain.expiries),
        open_interest=put_call_open_interest(coming),
        week=_known(partial(iv_over, figures, WEEK)),
        month=_known(partial(iv_over, figures, MONTH)),
        skew=None if nearest is None else nearest.skew,
        model=_model(chain, interest),
        rate=interest,
        is_rate_known=rate is not None,
    )


def _row(expiry: Expiry, chain: Chain, rate: float) -> ExpiryRow:
    figures = figures_of(expiry, chain, rate)
    return ExpiryRow(
        figures=figures,
        is_morning=_is_morning(expiry),
        volume=put_call_volume((expiry,)),
        open_interest=put_call_open_interest((expiry,)),
        relative_move=None if figures.move is None else figures.move / chain.price,
    )


def _is_morning(expiry: Expiry) -> bool:
    day = session_on_or_before(exchange_date(expiry.settles))
    return expiry.settles <= session_of(day).open


def _model(chain: Chain, rate: float) -> ModelVix:
    try:
        found = chain_index(chain, rate)
    except Unknown as unknown:
        return ModelVix(reason=str(unknown))
    terms = found.near, found.next
    return ModelVix(
        value=found.value,
        terms=tuple(each.settles for each in terms),
        strikes=tuple(len(each.strip) for each in terms),
    )


def _known(figure: Callable[[], T]) -> T | None:
    try:
        return figure()
    except Unknown:
        return None

"""The figures of the option chains that have a name: model index, put/call, skew, moves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from market.instruments import OPTIONED
from market.metrics.option_figures import expected_move
from market.metrics.option_forward import years_to
from market.metrics.options_terms import MONTH, WEEK
from market.metrics.readings import Function
from market.metrics.subject import Subject, Unknown
from market.option_study import ChainStudy
from market.quotes import Kind
from market.reports import Reading

Figure = Callable[[ChainStudy], float]
"""A number of a chain; Unknown, with the reason, where the chain does not tell."""


def _reading(figure: Figure, subject: Subject) -> Reading:
    studies = subject.snapshot.studies.options
    study = None if studies is None else studies.of(subject.symbol)
    if study is None:
        raise Unknown(subject.why_not(Kind.CHAIN) or "waiting for the option chain")
    return Reading(figure(study), study.as_of, study.source, study.delay_s, _caveat(study))


def _caveat(study: ChainStudy) -> str:
    return "" if study.is_rate_known else "reckoned without interest: no short rate is known"


def _model(study: ChainStudy) -> float:
    if study.model.value is None:
        raise Unknown(study.model.reason)
    return study.model.value


def _volume(study: ChainStudy) -> float:
    return _told(study.volume.ratio, "no call was traded")


def _open_interest(study: ChainStudy) -> float:
    return _told(study.open_interest.ratio, "no call is open")


def _skew(study: ChainStudy) -> float:
    return _told(study.skew, "no expiry has puts and calls around a delta of 25")


def _volatility(days: int, study: ChainStudy) -> float:
    iv = study.week if days == WEEK else study.month
    return _told(iv, f"no two expiries with a volatility at the money enclose {days} days")


def _move(days: int, study: ChainStudy) -> float:
    return expected_move(study.price, _volatility(days, study), years_to(days))


def _relative_move(days: int, study: ChainStudy) -> float:
    return _move(days, study) / study.price


def _told(value: float | None, reason: str) -> float:
    if value is None:
        raise Unknown(reason)
    return value


FIGURES: Mapping[str, Figure] = {
    "model_vix": _model,
    "put_call.volume": _volume,
    "put_call.oi": _open_interest,
    "skew.25d": _skew,
    "iv.1w": partial(_volatility, WEEK),
    "iv.1m": partial(_volatility, MONTH),
    "expected_move.1w": partial(_move, WEEK),
    "expected_move.1m": partial(_move, MONTH),
    "expected_move.1w.relative": partial(_relative_move, WEEK),
    "expected_move.1m.relative": partial(_relative_move, MONTH),
}
"""By what follows the underlying's slug in their names."""

_SLUGS = {"^RUT": "rut", "IWM": "iwm"}

FUNCTIONS: Mapping[str, Function] = {
    f"options.{_SLUGS[symbol]}.{name}": partial(_reading, figure)
    for symbol in OPTIONED
    for name, figure in FIGURES.items()
}

"""Symbols as Yahoo, Nasdaq and iShares spell them. Everything inside is spelt as Yahoo does.

| what | Yahoo | Nasdaq | iShares |
|---|---|---|---|
| a class of shares | `CRD-A` | `CRD/A` | `CRDA` |
| a preferred share | `ADC-PA` | `ADC^A` | |
| a warrant, a unit | `RAC-WT`, `RAC-UN` | `RAC/WS`, `RAC/U` | |

iShares leaves the separator out, so its tickers can be read for certain only beside a list of
what is traded: `CRDA` could be a company of its own. Without such a list the classes known
here decide; the list corrects them when it arrives.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

NOWHERE: Container[str] = frozenset[str]()
"""The list of a program that does not know yet what is traded."""

CLASSES = frozenset(
    {
        *("AGM-A", "AKO-A", "AKO-B", "BF-A", "BF-B", "BH-A", "BIO-B", "BRK-A", "BRK-B", "CRD-A"),
        *("CRD-B", "CWEN-A", "GEF-B", "GTN-A", "HEI-A", "HVT-A", "LEN-B", "MKC-V", "MOG-A"),
        *("MOG-B", "STZ-B", "TAP-A", "UHAL-B", "WSO-B"),
    }
)
"""Classes of shares that trade with a separator, on NYSE and NYSE American; Nasdaq has none."""

_BY_TICKER = {symbol.replace("-", ""): symbol for symbol in CLASSES}
_YAHOO_SUFFIXES = {"WS": "WT", "U": "UN"}

_STOCK = r"[A-Z][A-Z0-9]{0,5}(-[A-Z]{1,2})?"


def is_stock(symbol: str) -> bool:
    """Return whether a symbol is spelt like a stock or a fund in the United States: `BRK-B`."""
    return re.fullmatch(_STOCK, symbol, re.ASCII) is not None


def yahoo_of_nasdaq(symbol: str) -> str:
    """Return Yahoo's spelling of Nasdaq's: `CRD/A ` -> `CRD-A`, `ADC^A` -> `ADC-PA`."""
    bare = symbol.strip().upper()
    root, caret, series = bare.partition("^")
    if caret:
        return f"{root}-P{series}"
    root, slash, suffix = bare.partition("/")
    return f"{root}-{_YAHOO_SUFFIXES.get(suffix, suffix)}" if slash else bare.replace(".", "-")


def yahoo_of_ishares(ticker: str, listed: Container[str] = NOWHERE) -> str:
    """Return Yahoo's spelling of iShares': `MOGA` -> `MOG-A`.

    Args:
        ticker: As iShares writes it, or as an earlier call returned it.
        listed: What is traded, as Yahoo spells it. A ticker that is listed as it stands is
            never cut; the newest list may lack a class, then `CLASSES` decides.
    """
    bare = ticker.strip().upper().replace(".", "-").replace("/", "-")
    if "-" in bare or bare in listed:
        return bare
    cut = f"{bare[:-1]}-{bare[-1:]}"
    if len(bare) > 1 and cut in listed:
        return cut
    return _BY_TICKER.get(bare, bare)


def respelled(symbols: Iterable[str], listed: Container[str]) -> tuple[str, ...]:
    """Return symbols of a holdings file, read anew beside a list of what is traded.

    Two that would then be alike stay as they were.
    """
    before = tuple(symbols)
    after = tuple(yahoo_of_ishares(symbol, listed) for symbol in before)
    taken = set(before)
    return tuple(
        new if new == old or new not in taken else old
        for old, new in zip(before, after, strict=True)
    )

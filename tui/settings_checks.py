"""What a value must be beyond its type: addresses, folders, list names, instruments."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from market.instruments import INDEX, Cast, Instrument, Role, default_cast
from tui.settings import Symbol
from tui.settings_sources import no_home
from tui.settings_words import brief

LONGEST_NAME = 32
"""Characters of a watchlist's name, as in the dialogue that names one."""
Name = Annotated[
    str,
    Meta(
        pattern=r"^[^\x00-\x1f\x7f-\x9f]{0,80}\Z",
        title="text of at most 80 visible characters",
    ),
]
UserRole = Literal[
    "index", "tracker", "future", "benchmark", "sector", "theme", "volatility", "watched"
]
"""The roles of the cast but those that captop makes itself or that have no price."""
KINDS: Mapping[str, object] = {
    "symbol": Symbol,
    "slug": Annotated[
        str, Meta(pattern=r"^[a-z0-9-]{0,24}\Z", title="small letters, digits and dashes")
    ],
    "name": Name,
    "group": Name,
    "role": UserRole,
    "sector": Name,
    "cboe": Annotated[
        str, Meta(pattern=r"^[A-Za-z0-9_]{0,24}\Z", title="a name at Cboe such as VIX")
    ],
    "decimals": Annotated[int, Meta(ge=0, le=8)],
}
"""What the fields of a user's instrument may be: less than those of the cast."""
_NAMED_BY_ROLE = (Role.INDEX, Role.TRACKER, Role.FUTURE, Role.BENCHMARK, Role.VOLATILITY)
"""Panels look for these instruments by symbol, so they stay what they are."""


def fault(name: str, value: object) -> str:
    """Return what a value of the right type lacks: `must be ..., not ...`, or nothing.

    Args:
        name: The last part of its key.
        value: The value; None is always well.
    """
    return _CHECKS[name](str(value)) if value is not None else ""


def _address_fault(text: str) -> str:
    found = re.fullmatch(_ADDRESS, text)
    if found is None or not _is_host(found[1]):
        return f'must have a host such as localhost or 127.0.0.1, not "{brief(text)}"'
    if found[2] is not None and not 1 <= int(found[2]) <= 65_535:
        return f"must have a port from 1 to 65,535, not {found[2]}"
    return ""


def _is_host(host: str) -> bool:
    from ipaddress import IPv4Address, IPv6Address

    try:
        if host.startswith("["):
            return bool(IPv6Address(host[1:-1]))
        if host.rpartition(".")[2].isdigit():
            return bool(IPv4Address(host))
        host.encode().decode("idna")
    except ValueError:
        return False
    return all(re.fullmatch(_LABEL, label) for label in host.removesuffix(".").split("."))


_ADDRESS = r"(?:http|ws)s?://(\[[^]]*\]|[^:/]+)(?::([0-9]+))?(?:/.*)?"
_LABEL = r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"


def _folder_fault(text: str) -> str:
    if "\0" in text:
        return "must be a folder's name, which has no character U+0000"
    try:
        Path(text).expanduser()
    except RuntimeError:
        return no_home(text)
    return ""


_CHECKS: Mapping[str, Callable[[str], str]] = {
    "base_url": _address_fault,
    "alternate_url": _address_fault,
    "webhook": _address_fault,
    "path": _folder_fault,
    "folder": _folder_fault,
    "file": _folder_fault,
}


def is_list_name(name: str) -> bool:
    """Return whether a watchlist may be called so."""
    return name == name.strip() != "" and len(name) <= LONGEST_NAME and name.isprintable()


def completed(table: Mapping[str, object]) -> Instrument:
    """Return an instrument of a checked table; what it leaves out stays as the cast has it."""
    shipped = default_cast().by_symbol.get(str(table["symbol"]))
    known: dict[str, Any] = msgspec.to_builtins(shipped) if shipped is not None else {}
    return msgspec.convert({**known, **table}, Instrument)


def instrument_fault(one: Instrument, others: Iterable[Instrument]) -> tuple[str, str]:
    """Return which field of an instrument does not fit, and why; two empty texts if all do.

    Args:
        one: The instrument.
        others: The user's instruments before it.
    """
    before = tuple(others)
    if any(other.symbol == one.symbol for other in before):
        return "symbol", f"names {one.symbol} a second time"
    if role := _role_fault(one):
        return "role", role
    if not one.slug:
        return "slug", f"is needed: {one.symbol} has no letter or digit to name its metrics by"
    wrong = _slug_fault(one, default_cast().with_instruments(before))
    return ("slug", wrong) if wrong else ("", "")


def _role_fault(one: Instrument) -> str:
    shipped = default_cast().by_symbol.get(one.symbol)
    if shipped is not None and shipped.role in _NAMED_BY_ROLE and one.role is not shipped.role:
        return f'must stay "{shipped.role}" for {one.symbol}, not "{one.role}"'
    if one.role is Role.INDEX and one.symbol != INDEX:
        return f'may be "index" for {INDEX} alone, not for {one.symbol}'
    return ""


def _slug_fault(one: Instrument, cast: Cast) -> str:
    """Return what is wrong with a slug; one that follows from the symbol gives way by itself."""
    shipped = default_cast().by_symbol.get(one.symbol)
    if shipped is not None and shipped.role in _NAMED_BY_ROLE and one.slug != shipped.slug:
        return f'must stay "{shipped.slug}" for {one.symbol}, not "{one.slug}"'
    owner = cast.symbol_of(one.slug)
    if owner == one.symbol or one.slug == Instrument(symbol=one.symbol).slug:
        return ""
    if owner is not None:
        return f'is "{one.slug}", which is that of {owner}; give it one of its own'
    if cast.with_instruments([one])[one.symbol].slug != one.slug:
        return f'is "{one.slug}", which names metrics of the whole market; give it one of its own'
    return ""

"""Whether an answer is about the symbol that was asked for, under whichever of its spellings."""

from __future__ import annotations

from market.feeds.text import plain

RATE, UNSAID = "=X", "USD"
"""What ends the symbol of a currency's rate, and what Yahoo leaves out where it begins with it."""
_FUTURE = "=F"


def other_symbol(named: object, asked: str) -> str:
    """Return the other symbol that an answer names; nothing for the one asked, or for none.

    Letters of either case are one symbol, and so are the `-` and the `.` of share classes. A
    dollar rate may come without its `USD`, and a continuous future by its contract.

    Args:
        named: What stands in the answer, of whatever type.
        asked: The symbol that was asked for.
    """
    if not isinstance(named, str) or not named.strip():
        return ""
    said, wanted = _bare(named), _bare(asked)
    is_contract = wanted.endswith(_FUTURE) and said.startswith(wanted.removesuffix(_FUTURE))
    return "" if said == wanted or is_contract else plain(named)


def _bare(symbol: str) -> str:
    text = symbol.strip().upper().replace(".", "-")
    is_rate = text.endswith(RATE)
    return text.removeprefix(UNSAID) if is_rate else text


def renamed(asked: str, other: str) -> str:
    """Return why an answer about another symbol is not used."""
    return f"Yahoo answers for {other} where {asked} was asked for: perhaps it was renamed"

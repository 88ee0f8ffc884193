"""The keys of rooms, as lines of the table of keys."""

from __future__ import annotations

from tui.key_line import KeyLine, Scope

ROOMS: tuple[KeyLine, ...] = (
    KeyLine(
        "go.volatility",
        "v",
        "volatility",
        "volatility",
        "Implied and realised volatility, the term structure and options, and back.",
        show=True,
    ),
    KeyLine(
        "volatility.underlying",
        "d",
        "next_underlying",
        "RUT/IWM",
        "Options of the other underlying: the Russell 2000's or IWM's.",
        Scope.VOLATILITY,
        True,
    ),
    KeyLine(
        "go.policy",
        "P",
        "policy",
        "policy",
        "The Fed's path that futures expect, rates, prices and jobs, and back.",
    ),
    KeyLine(
        "go.calendar",
        "c",
        "calendar",
        "calendar",
        "Earnings, economic releases and other days of the next two weeks, and back.",
        show=True,
    ),
    KeyLine(
        "go.flows",
        "f",
        "flows",
        "flows",
        "What flowed into small-cap and theme funds and out of them, and back.",
        show=True,
    ),
)
"""Each is entered and left by its key from anywhere."""

SYMBOL: tuple[KeyLine, ...] = (
    KeyLine(
        "symbol.browse",
        "o",
        "browse",
        "browser",
        "Open the filing or headline under the cursor in the browser.",
        Scope.SYMBOL,
        True,
    ),
)
"""Of the news on the symbol screen."""

"""SHORT_FORMS, what stands on screens in few letters for want of room, in whole sentences."""

from __future__ import annotations

from collections.abc import Mapping

SHORT_FORMS: Mapping[str, str] = {
    "3 left out": (
        "Members that no figure counts: suspect, of a move that no second source confirms; "
        "missing, without a price; idle, without a trade today. The unmapped are in no sub-sector."
    ),
    "! I S H": (
        "Beside a member: ! suspect and I idle, which are left out; S split today; H halted by an "
        "exchange, which is left out of nothing if it has traded."
    ),
    "0.7x 0.7d": (
        "Relative volume: x against what is usual by this time of day, d against full days."
    ),
    "NH NL": "Members at a new high, and at a new low, of 52 weeks.",
    "EW−CW": "The members' return in equal weights less that in their own weights.",
    "21d #": (
        "Momentum over so many sessions: a member's return less the index's, and its place by that."
    ),
    "2y−EFFR": (
        "The two-year Treasury yield less the effective federal funds rate: above zero where bonds "
        "expect hikes, below where they expect cuts."
    ),
    "bp 1D": "Change of a rate in basis points since yesterday; 5D since five sessions before.",
    "n 1,992": "Of how many members the figures are made.",
}
"""Short form -> what it means."""

"""An option file: a source's whole chain of one underlying, as it came."""

from __future__ import annotations

from datetime import datetime

import msgspec

from market.options import Chain
from market.quotes import Key


class OptionFile(msgspec.Struct, frozen=True, kw_only=True, weakref=True, tag="options"):
    """All listed options of one underlying in one answer."""

    key: Key
    """`Kind.CHAIN` and the underlying: ^RUT, IWM."""
    source: str
    fetched_at: datetime
    chain: Chain
    delay_s: int
    """Seconds the source holds quotes back; the chain's own instant has them taken off."""
    lost: int = 0
    """Contracts that could not be read."""

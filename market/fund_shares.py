"""What an issuer publishes of its fund for one day: shares outstanding and net asset value."""

from __future__ import annotations

from datetime import date

import msgspec


class FundDay(msgspec.Struct, frozen=True):
    """One fund on one day."""

    day: date
    shares: float | None
    """Shares outstanding."""
    nav: float | None = None
    """Net asset value of a share, US dollars."""
    close: float | None = None
    """Its official close, where the issuer gives no net asset value."""

    @property
    def price(self) -> float | None:
        """Net asset value of a share, or its close."""
        return self.nav or self.close

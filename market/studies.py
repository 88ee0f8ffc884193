"""Studies: what was worked out of documents and is more than a number, such as a path of rates."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from market.agenda import Halted
    from market.agenda_study import Agenda
    from market.fed_funds_study import FedFunds
    from market.fund_flow_study import Flows
    from market.option_study import OptionStudy
    from market.volatility_study import VolatilityStudy


class Studies(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """The newest study of each kind; None until its documents are known."""

    fed_funds: FedFunds | None = None
    """The path of the federal funds rate that futures imply."""

    options: OptionStudy | None = None
    """What the chains of ^RUT and IWM say."""

    agenda: Agenda | None = None
    """Earnings, releases and other occasions ahead, and how the last reports turned out."""

    volatility: VolatilityStudy | None = None
    """The curve of VIX futures, and the cone of the tracker's realised volatility."""

    flows: Flows | None = None
    """What flowed into the funds whose shares are counted, and out of them."""

    halts: Halted | None = None
    """The stocks that are halted today."""

    def release_days(self, symbol: str) -> tuple[datetime, ...]:
        """Return when the releases of a published series stand in calendars, UTC."""
        return () if self.agenda is None else self.agenda.release_days.get(symbol, ())


NO_STUDIES = Studies()
"""What is known before anything was studied."""

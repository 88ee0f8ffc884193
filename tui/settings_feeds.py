"""What the user may set about the network: what all feeds share, and each feed's own table."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec
from msgspec import Meta

YAHOO_URL: Final = "https://query1.finance.yahoo.com"
YAHOO_ALTERNATE_URL: Final = "https://query2.finance.yahoo.com"
CBOE_URL: Final = "https://cdn.cboe.com/api/global"
ISHARES_URL: Final = "https://www.ishares.com"
NASDAQ_URL: Final = "https://api.nasdaq.com/api"

Url = Annotated[
    str,
    Meta(
        pattern=r"^https?://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?(/[!$->@-~]*)?\Z",
        title="an http:// or https:// address",
    ),
]
HeaderText = Annotated[
    str, Meta(pattern=r"^[!-~]([ -~]*[!-~])?\Z", title="text of printable ASCII characters")
]


class Group(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of settings."""


class Source(Group, frozen=True, kw_only=True):
    """A feed that is asked at one address."""

    enabled: bool = True
    """Whether it is asked at all."""
    base_url: Url
    """Where its paths are asked for, without a slash at its end."""

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "base_url", self.base_url.rstrip("/"))


class YahooSettings(Source, frozen=True):
    """Yahoo Finance: charts, quotes, details, search."""

    enabled: bool = True
    """Whether Yahoo is asked at all."""
    base_url: Url = YAHOO_URL
    """Where Yahoo's paths are asked for; any compatible server can stand in."""
    alternate_url: Url | None = YAHOO_ALTERNATE_URL
    """A second host with the same paths, asked next after a refusal. None with an own base_url."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.is_own_server and self.alternate_url == YAHOO_ALTERNATE_URL:
            msgspec.structs.force_setattr(self, "alternate_url", None)

    @property
    def is_own_server(self) -> bool:
        """Whether another server stands in, which then serves cookies and pages as well."""
        return self.base_url != YAHOO_URL


class CboeSettings(Source, frozen=True):
    """Cboe: the volatility family, delayed by 15 minutes."""

    enabled: bool = True
    """Whether Cboe is asked at all."""
    base_url: Url = CBOE_URL
    """Where Cboe's paths are asked for; any compatible server can stand in."""


class IsharesSettings(Source, frozen=True):
    """iShares: what its funds hold, and so the members of the index."""

    enabled: bool = True
    """Whether iShares is asked at all."""
    base_url: Url = ISHARES_URL
    """Where iShares' paths are asked for; any compatible server can stand in."""


class NasdaqSettings(Source, frozen=True):
    """Nasdaq: the last prices of all stocks, and so of the index's members."""

    enabled: bool = True
    """Whether Nasdaq is asked at all."""
    base_url: Url = NASDAQ_URL
    """Where Nasdaq's paths are asked for; any compatible server can stand in."""


class FeedsSettings(Group, frozen=True):
    """The network: what all feeds share, and each feed's own table."""

    impersonate: bool = True
    """Use curl's browser-like handshake when the extra captop[impersonate] is installed."""
    requests_per_minute: Annotated[int, Meta(ge=1, le=600)] = 30
    """The most requests a minute that any one host is sent."""
    timeout_s: Annotated[float, Meta(ge=0.05, le=300)] = 15.0
    """Seconds until an unanswered request is given up."""
    max_body_mb: Annotated[int, Meta(ge=1, le=1024)] = 32
    """Megabytes (2^20 bytes) an answer may have, unpacked."""
    user_agent: HeaderText | None = None
    """The User-Agent sent; by default that of a current desktop browser."""
    yahoo: YahooSettings = YahooSettings()
    """Yahoo Finance."""
    cboe: CboeSettings = CboeSettings()
    """Cboe."""
    ishares: IsharesSettings = IsharesSettings()
    """iShares."""
    nasdaq: NasdaqSettings = NasdaqSettings()
    """Nasdaq."""

    @property
    def enabled(self) -> tuple[str, ...]:
        """The names of the feeds that are asked."""
        tables = msgspec.structs.asdict(self).items()
        return tuple(name for name, table in tables if getattr(table, "enabled", False))

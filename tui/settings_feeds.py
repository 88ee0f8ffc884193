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
FOREXFACTORY_URL: Final = "https://nfs.faireconomy.media"
FRED_URL: Final = "https://fred.stlouisfed.org"
NYFED_URL: Final = "https://markets.newyorkfed.org"
TREASURY_URL: Final = "https://home.treasury.gov/resource-center/data-chart-center/interest-rates"
SSGA_URL: Final = "https://www.ssga.com"
SEC_URL: Final = "https://data.sec.gov"
SEC_FILES_URL: Final = "https://www.sec.gov"
YAHOO_RSS_URL: Final = "https://feeds.finance.yahoo.com"
NASDAQ_RSS_URL: Final = "https://www.nasdaq.com"
NASDAQTRADER_URL: Final = "https://www.nasdaqtrader.com"

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

ContactText = Annotated[
    str,
    Meta(
        pattern=r"^([!-~]+ )*[!-?A-~]+@[!-?A-~]+\.[!-?A-~]+( [!-~]+)*\Z",
        title="a name and a mail address, such as: Jo Doe jo@example.org",
    ),
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


class ForexFactorySettings(Source, frozen=True):
    """ForexFactory: when economic releases are due, and what is expected of them."""

    enabled: bool = True
    """Whether ForexFactory is asked at all."""
    base_url: Url = FOREXFACTORY_URL
    """Where ForexFactory's files are asked for; any compatible server can stand in."""


class FredSettings(Source, frozen=True):
    """FRED: the St. Louis Fed's collection of rates, prices and jobs."""

    enabled: bool = True
    """Whether FRED is asked at all."""
    base_url: Url = FRED_URL
    """Where FRED's paths are asked for; any compatible server can stand in."""
    patience: Annotated[float, Meta(ge=1, le=20)] = 4.0
    """How many times longer than others it is waited for: FRED often takes its time."""


class NyFedSettings(Source, frozen=True):
    """The New York Fed: EFFR, the target range and SOFR."""

    enabled: bool = True
    """Whether the New York Fed is asked at all."""
    base_url: Url = NYFED_URL
    """Where its paths are asked for; any compatible server can stand in."""


class TreasurySettings(Source, frozen=True):
    """The US Treasury: its par yields."""

    enabled: bool = True
    """Whether the Treasury is asked at all."""
    base_url: Url = TREASURY_URL
    """Where its paths are asked for; any compatible server can stand in."""


class SsgaSettings(Source, frozen=True):
    """State Street: shares and values of its SPDR funds by day."""

    enabled: bool = True
    """Whether State Street is asked at all."""
    base_url: Url = SSGA_URL
    """Where its paths are asked for; any compatible server can stand in."""


class SecSettings(Source, frozen=True):
    """The SEC: filings of companies. It answers only who says in each request who asks."""

    enabled: bool = True
    """Whether the SEC is asked at all; it is not as long as there is no contact."""
    base_url: Url = SEC_URL
    """Where the SEC's lists of filings are asked for; any compatible server can stand in."""
    files_url: Url = SEC_FILES_URL
    """Where its list of companies is: its other host, or that of an own base_url."""
    contact: ContactText | None = None
    """Your name and mail address, which the SEC wants to be told. Without it filings are off."""

    def __post_init__(self) -> None:
        super().__post_init__()
        is_moved = self.base_url != SEC_URL and self.files_url == SEC_FILES_URL
        files_url = self.base_url if is_moved else self.files_url.rstrip("/")
        msgspec.structs.force_setattr(self, "files_url", files_url)


class YahooRssSettings(Source, frozen=True):
    """Yahoo's headlines about a symbol."""

    enabled: bool = True
    """Whether Yahoo's headlines are asked for at all."""
    base_url: Url = YAHOO_RSS_URL
    """Where they are asked for; any compatible server can stand in."""


class NasdaqRssSettings(Source, frozen=True):
    """Nasdaq's headlines about a symbol, where Yahoo's fail."""

    enabled: bool = True
    """Whether Nasdaq's headlines are asked for at all."""
    base_url: Url = NASDAQ_RSS_URL
    """Where they are asked for; any compatible server can stand in."""


class NasdaqTraderSettings(Source, frozen=True):
    """Nasdaq Trader: trading halts on all exchanges."""

    enabled: bool = True
    """Whether Nasdaq Trader is asked at all."""
    base_url: Url = NASDAQTRADER_URL
    """Where its paths are asked for; any compatible server can stand in."""


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
    forexfactory: ForexFactorySettings = ForexFactorySettings()
    """ForexFactory."""
    fred: FredSettings = FredSettings()
    """FRED."""
    nyfed: NyFedSettings = NyFedSettings()
    """The New York Fed."""
    treasury: TreasurySettings = TreasurySettings()
    """The US Treasury."""
    ssga: SsgaSettings = SsgaSettings()
    """State Street."""
    sec: SecSettings = SecSettings()
    """The SEC."""
    yahoo_rss: YahooRssSettings = YahooRssSettings()
    """Yahoo's headlines."""
    nasdaq_rss: NasdaqRssSettings = NasdaqRssSettings()
    """Nasdaq's headlines."""
    nasdaqtrader: NasdaqTraderSettings = NasdaqTraderSettings()
    """Nasdaq Trader."""

    @property
    def enabled(self) -> tuple[str, ...]:
        """The names of the feeds that are asked."""
        tables = msgspec.structs.asdict(self).items()
        return tuple(name for name, table in tables if _is_asked(table))


def _is_asked(table: object) -> bool:
    """Whether a table is of a feed that is asked: it may be on and yet lack a contact."""
    return bool(getattr(table, "enabled", False)) and getattr(table, "contact", "") is not None

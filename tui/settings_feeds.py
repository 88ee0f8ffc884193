"""What the user may set about the network: what all feeds share, and each feed's own table."""

# Annotations are not left as text: msgspec needs them all at each start, and would compile them.

from typing import Annotated, Final

import msgspec
from msgspec import Meta

YAHOO_URL: Final = "https://query1.finance.yahoo.com"
YAHOO_ALTERNATE_URL: Final = "https://query2.finance.yahoo.com"
YAHOO_STREAM_URL: Final = "wss://streamer.finance.yahoo.com"
SEC_URL: Final = "https://data.sec.gov"
SEC_FILES_URL: Final = "https://www.sec.gov"

Url = Annotated[
    str,
    Meta(
        pattern=r"^https?://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?(/[!$->@-~]*)?\Z",
        title="an http:// or https:// address",
    ),
]
StreamUrl = Annotated[
    str,
    Meta(
        pattern=r"^wss?://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?(/[!$->@-~]*)?\Z",
        title="a ws:// or wss:// address",
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
    """A feed that is asked at one address, which has no slash at its end."""

    enabled: bool = True
    """Whether this feed is asked at all."""
    base_url: Url
    """Where this feed's paths are asked for; any compatible server can stand in."""

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "base_url", self.base_url.rstrip("/"))


class YahooSettings(Source, frozen=True, kw_only=True):
    """Yahoo Finance: charts, quotes, details, search."""

    base_url: Url = YAHOO_URL
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


class YahooStreamSettings(Source, frozen=True, kw_only=True):
    """Yahoo's stream of prices: ticks as they happen, beside what is asked for."""

    enabled: bool = True
    """Whether it is listened to. Off with an own feeds.yahoo.base_url, unless it has one too."""
    base_url: StreamUrl = YAHOO_STREAM_URL
    """Where the stream is listened to; any compatible server can stand in."""
    connections: Annotated[int, Meta(ge=1, le=20)] = 1
    """The most connections at once: each of them carries 100 symbols."""


class CboeSettings(Source, frozen=True, kw_only=True):
    """Cboe: the volatility family, delayed by 15 minutes."""

    base_url: Url = "https://cdn.cboe.com/api/global"


class IsharesSettings(Source, frozen=True, kw_only=True):
    """iShares: what its funds hold, and so the members of the index."""

    base_url: Url = "https://www.ishares.com"


class NasdaqSettings(Source, frozen=True, kw_only=True):
    """Nasdaq: the last prices of all stocks, and so of the index's members."""

    base_url: Url = "https://api.nasdaq.com/api"


class ForexFactorySettings(Source, frozen=True, kw_only=True):
    """ForexFactory: when economic releases are due, and what is expected of them."""

    base_url: Url = "https://nfs.faireconomy.media"


class FredSettings(Source, frozen=True, kw_only=True):
    """FRED: the St. Louis Fed's collection of rates, prices and jobs."""

    base_url: Url = "https://fred.stlouisfed.org"
    patience: Annotated[float, Meta(ge=1, le=20)] = 4.0
    """How many times longer than others it is waited for: FRED often takes its time."""


class NyFedSettings(Source, frozen=True, kw_only=True):
    """The New York Fed: EFFR, the target range and SOFR."""

    base_url: Url = "https://markets.newyorkfed.org"


class TreasurySettings(Source, frozen=True, kw_only=True):
    """The US Treasury: its par yields."""

    base_url: Url = "https://home.treasury.gov/resource-center/data-chart-center/interest-rates"


class SsgaSettings(Source, frozen=True, kw_only=True):
    """State Street: shares and values of its SPDR funds by day."""

    base_url: Url = "https://www.ssga.com"


class SecSettings(Source, frozen=True, kw_only=True):
    """The SEC: filings of companies. It answers only who says in each request who asks."""

    base_url: Url = SEC_URL
    files_url: Url = SEC_FILES_URL
    """Where its list of companies is: its other host, or that of an own base_url."""
    contact: ContactText | None = None
    """Your name and mail address, which the SEC wants to be told. Without it filings are off."""

    def __post_init__(self) -> None:
        super().__post_init__()
        is_moved = self.base_url != SEC_URL and self.files_url == SEC_FILES_URL
        files_url = self.base_url if is_moved else self.files_url.rstrip("/")
        msgspec.structs.force_setattr(self, "files_url", files_url)


class YahooRssSettings(Source, frozen=True, kw_only=True):
    """Yahoo's headlines about a symbol."""

    base_url: Url = "https://feeds.finance.yahoo.com"


class NasdaqRssSettings(Source, frozen=True, kw_only=True):
    """Nasdaq's headlines about a symbol, where Yahoo's fail."""

    base_url: Url = "https://www.nasdaq.com"


class NasdaqTraderSettings(Source, frozen=True, kw_only=True):
    """Nasdaq Trader: trading halts on all exchanges."""

    base_url: Url = "https://www.nasdaqtrader.com"


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
    yahoo_stream: YahooStreamSettings = YahooStreamSettings()
    """Yahoo's stream of prices."""

    def __post_init__(self) -> None:
        stream = self.yahoo_stream
        if self.yahoo.is_own_server and stream.base_url == YAHOO_STREAM_URL:
            silent = msgspec.structs.replace(stream, enabled=False)
            msgspec.structs.force_setattr(self, "yahoo_stream", silent)

    @property
    def enabled(self) -> tuple[str, ...]:
        """The names of the feeds that are asked."""
        tables = msgspec.structs.asdict(self).items()
        return tuple(name for name, table in tables if _is_asked(table))


def _is_asked(table: object) -> bool:
    """Whether a table is of a feed that is asked: it may be on and yet lack a contact."""
    return bool(getattr(table, "enabled", False)) and getattr(table, "contact", "") is not None

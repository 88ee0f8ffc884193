"""What the user may set: one frozen `Settings`, from file, environment and arguments.

Later layers win: defaults, then the TOML file, then `CAPTOP_A__B=value` from the
environment, then command-line arguments. The docstring under each field is its text in
docs/configuration.md and `captop config show`. Read before the first paint, so nothing
heavier than msgspec and tomllib is imported here.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from market.instruments import Cast, Instrument, default_cast

YAHOO_URL: Final = "https://query1.finance.yahoo.com"
YAHOO_ALTERNATE_URL: Final = "https://query2.finance.yahoo.com"
CBOE_URL: Final = "https://cdn.cboe.com/api/global"
DEFAULT_LIST: Final = "default"
DEFAULT_SYMBOLS: Final = (
    *("IWM", "XBI", "KRE", "IGV"),
    *("CRDO", "BE", "FN", "STRL", "IONQ", "HIMS", "KTOS", "ENSG"),
)
"""Four funds small-cap traders watch, then well-known members of the index."""
CONFIG_VARIABLE: Final = "CAPTOP_CONFIG"

Url = Annotated[
    str,
    Meta(
        pattern=r"^https?://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?(/[^\s?#]*)?$",
        title="an http:// or https:// address",
    ),
]
Text = Annotated[str, Meta(min_length=1, title="text")]
Symbol = Annotated[str, Meta(pattern=r"^[!-~]{1,24}$", title="a symbol such as IWM or ^RUT")]
Window = Literal["1D", "5D", "1M", "8W", "3M", "6M", "YTD", "1Y"]


class SettingsError(Exception):
    """A setting that cannot be used: one sentence naming where it stands and what it should be."""


class Group(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of settings."""


class YahooSettings(Group, frozen=True):
    """Yahoo Finance: charts, quotes, details, search."""

    enabled: bool = True
    """Whether Yahoo is asked at all."""
    base_url: Url = YAHOO_URL
    """Where Yahoo's paths are asked for; any compatible server can stand in."""
    alternate_url: Url | None = YAHOO_ALTERNATE_URL
    """A second host with the same paths, asked next after a refusal. None with an own base_url."""

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "base_url", self.base_url.rstrip("/"))
        if self.is_own_server and self.alternate_url == YAHOO_ALTERNATE_URL:
            msgspec.structs.force_setattr(self, "alternate_url", None)

    @property
    def is_own_server(self) -> bool:
        """Whether another server stands in, which then serves cookies and pages as well."""
        return self.base_url != YAHOO_URL


class CboeSettings(Group, frozen=True):
    """Cboe: the volatility family, delayed by 15 minutes."""

    enabled: bool = True
    """Whether Cboe is asked at all."""
    base_url: Url = CBOE_URL
    """Where Cboe's paths are asked for; any compatible server can stand in."""

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "base_url", self.base_url.rstrip("/"))


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
    user_agent: Text | None = None
    """The User-Agent sent; by default that of a current desktop browser."""
    yahoo: YahooSettings = YahooSettings()
    """Yahoo Finance."""
    cboe: CboeSettings = CboeSettings()
    """Cboe."""


def _default_lists() -> dict[str, tuple[str, ...]]:
    return {DEFAULT_LIST: DEFAULT_SYMBOLS}


class WatchlistSettings(Group, frozen=True):
    """The watchlists. In the file every array in [watchlists] is a list of that name."""

    active: Text = DEFAULT_LIST
    """The list shown at the start."""
    lists: dict[str, tuple[Symbol, ...]] = msgspec.field(default_factory=_default_lists)
    """The lists: symbols by name, as Yahoo spells them."""


class DemoSettings(Group, frozen=True):
    """The simulated market of `captop --demo`."""

    seed: int = 39
    """Which simulated market: the same seed and instant give the same numbers."""
    speed: Annotated[float, Meta(ge=0, le=100_000)] = 1.0
    """Market seconds that pass in one second; 0 stands still."""


class CacheSettings(Group, frozen=True):
    """What is kept between runs: the last good picture."""

    enabled: bool = True
    """Whether anything is kept."""
    path: Text | None = None
    """The folder it is kept in; by default the system's cache folder for captop."""

    @property
    def folder(self) -> Path:
        """The folder in use."""
        if self.path is not None:
            return Path(self.path).expanduser()
        import platformdirs

        return platformdirs.user_cache_path("captop", appauthor=False)


class Settings(Group, frozen=True):
    """Everything that can be set."""

    theme: Text = "captop-dark"
    """Colours: captop-dark, captop-light, captop-contrast, captop-blue-orange."""
    ascii: Literal["auto"] | bool = "auto"
    """Draw with ASCII only; "auto" does so where the terminal's encoding is not UTF-8."""
    red_up: bool = False
    """Red for rising and green for falling, as in East Asian markets."""
    window: Window = "1D"
    """The window of returns shown at the start."""
    mouse: bool = True
    """Whether the mouse is used; without it the terminal selects text as usual."""
    feeds: FeedsSettings = FeedsSettings()
    """The network and the feeds."""
    watchlists: WatchlistSettings = WatchlistSettings()
    """The watchlists."""
    instruments: tuple[Instrument, ...] = ()
    """Instruments added to the cast, or put in place of the same symbol."""
    keys: dict[str, str] = {}
    """Keys by the id of what they do (docs/keys.md): overrides the table's own keys."""
    demo: DemoSettings = DemoSettings()
    """The simulated market."""
    cache: CacheSettings = CacheSettings()
    """What is kept between runs."""

    @property
    def cast(self) -> Cast:
        """The shipped cast with this user's instruments."""
        return default_cast().with_instruments(self.instruments)


class Loaded(msgspec.Struct, frozen=True):
    """Settings, and where each of them came from."""

    settings: Settings
    path: Path
    """The file that was read, or would have been."""
    origins: Mapping[str, str]
    """Dotted key -> "file", "environment" or "argument"; a default has no entry."""
    places: Mapping[str, str]
    """Dotted key -> the key as the user wrote it, with where: `theme in captop.toml line 3`."""


def settings_path(path: Path | None, environ: Mapping[str, str] = os.environ) -> Path:
    """Return the settings file: the given one, else CAPTOP_CONFIG, else the user's own."""
    if path is not None:
        return path.expanduser()
    if named := environ.get(CONFIG_VARIABLE):
        return Path(named).expanduser()
    import platformdirs

    return platformdirs.user_config_path("captop", appauthor=False) / "captop.toml"


def load_settings(
    path: Path | None = None,
    environ: Mapping[str, str] = os.environ,
    overrides: Mapping[str, object] | None = None,
) -> Settings:
    """Return the effective settings.

    Args:
        path: The file to read; it must exist. None reads the usual one, if there is one.
        environ: The environment.
        overrides: Arguments by dotted key: `{"theme": "captop-light"}`.

    Raises:
        SettingsError: A file, key or value that cannot be used, in one sentence.
    """
    return read_settings(path, environ, overrides).settings


def read_settings(
    path: Path | None = None,
    environ: Mapping[str, str] = os.environ,
    overrides: Mapping[str, object] | None = None,
) -> Loaded:
    """Return the effective settings with their origins; errors as `load_settings`."""
    from tui.settings_file import FileLayer
    from tui.settings_layers import merged_settings
    from tui.settings_sources import ArgumentLayer, EnvironmentLayer, Places

    file = settings_path(path, environ)
    layers = (
        FileLayer.read(file, must_exist=path is not None),
        EnvironmentLayer.read(environ),
        ArgumentLayer.read(overrides or {}),
    )
    settings, origins = merged_settings(layers)
    return Loaded(settings, file, origins, Places(layers, origins))

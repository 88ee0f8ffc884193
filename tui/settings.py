"""What the user may set: one frozen `Settings`, from file, environment and arguments.

Later layers win: defaults, then the TOML file, then `CAPTOP_A__B=value` from the
environment, then command-line arguments. The docstring under each field is its text in
docs/configuration.md and `captop config show`. Read before the first paint, so nothing
heavier than msgspec is imported here.
"""

# Annotations are not left as text: msgspec needs them all at each start, and would compile them.

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec
from msgspec import Meta

from market.instruments import Cast, Instrument, default_cast
from tui.settings_feeds import (
    YAHOO_ALTERNATE_URL,
    CboeSettings,
    FeedsSettings,
    Group,
    IsharesSettings,
    NasdaqSettings,
    YahooSettings,
)

if TYPE_CHECKING:
    from tui.settings_sources import Layer

__all__ = [
    "CONFIG_VARIABLE",
    "DEFAULT_LIST",
    "DEFAULT_SYMBOLS",
    "YAHOO_ALTERNATE_URL",
    "AlertSettings",
    "BasketSettings",
    "CacheSettings",
    "CboeSettings",
    "DemoSettings",
    "FeedsSettings",
    "Group",
    "IsharesSettings",
    "Loaded",
    "NasdaqSettings",
    "RuleSettings",
    "Settings",
    "SettingsError",
    "TapeSettings",
    "WatchlistSettings",
    "YahooSettings",
    "read_settings",
    "settings_path",
]

DEFAULT_LIST: Final = "default"
DEFAULT_SYMBOLS: Final = (
    *("IWM", "XBI", "KRE", "IGV"),
    *("CRDO", "BE", "FN", "STRL", "IONQ", "HIMS", "KTOS", "ENSG"),
)
"""Four funds small-cap traders watch, then well-known members of the index."""
CONFIG_VARIABLE: Final = "CAPTOP_CONFIG"
LONGEST_MESSAGE: Final = 4000

Text = Annotated[str, Meta(min_length=1, title="text")]
Seed = Annotated[
    int, Meta(ge=1 - 10**18, le=10**18 - 1, title="a whole number of at most 18 digits")
]
Symbol = Annotated[str, Meta(pattern=r"^[!-~]{1,24}\Z", title="a symbol such as IWM or ^RUT")]
Window = Literal["1D", "5D", "1M", "8W", "3M", "6M", "YTD", "1Y"]


class SettingsError(Exception):
    """Settings that cannot be used: a sentence each, naming where it stands and what it should be.

    They stand in the order of the file's lines, whatever check found them, and those on variables
    and options after them. What they quote comes from outside, so control characters are left out.
    """

    def __init__(self, *sentences: str) -> None:
        from widgets.strips import plain

        told = (plain(each, limit=LONGEST_MESSAGE) for each in sentences)
        self.sentences = tuple(sorted(told, key=_line_of))
        super().__init__(" ".join(self.sentences))


def _line_of(sentence: str) -> float:
    """Return the line of the file that a sentence names, infinity if it names none."""
    import re

    found = re.search(r" line (\d+)", sentence)
    return int(found[1]) if found else float("inf")


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

    seed: Seed = 39
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


class TapeSettings(Group, frozen=True):
    """The tape of the day, which lies in the folder tape of the cache."""

    enabled: bool = True
    """Whether what feeds report is recorded; never of the simulated market."""
    max_mb: Annotated[int, Meta(ge=64, le=1_000_000)] = 512
    """Megabytes that all tapes together may take; the oldest are dropped."""


class BasketSettings(Group, frozen=True):
    """The user's own thematic baskets."""

    folder: Path = Path("baskets")
    """The folder of their files, `NAME.toml`; a relative one lies beside the settings file."""


class ThesisSettings(Group, frozen=True):
    """The user's own stories about the market."""

    folder: Path = Path("thesis")
    """The folder of their files, `NAME.toml`; a relative one lies beside the settings file."""


class AlertSettings(Group, frozen=True):
    """The alerts, and who tells of them beside the pane. The simulated market rings the bell only.

    A webhook is posted to as ntfy takes it: the message as body, its title as a header.
    """

    file: Path = Path("alerts.toml")
    """The file they are written in; a relative one lies beside the settings file."""
    bell: bool = True
    """Whether the terminal's bell rings, in regular hours."""
    osc: Literal["off", "9", "777"] = "off"
    """The escape sequence by which the terminal is asked for a notification."""
    desktop: bool = False
    """Whether the desktop notifies; needs the extra captop[desktop]."""
    command: tuple[Text, ...] = ()
    """A command and its arguments, without a shell; {title} {text} {id} {kind} {metric} {value}
    and {at} stand for what happened."""
    webhook: Text | None = None
    """An address to post to, such as that of a topic of ntfy."""


class RuleSettings(Group, frozen=True):
    """The user's own rules, which mark rows and numbers and which a filter can name."""

    file: Path = Path("rules.toml")
    """The file they are written in; a relative one lies beside the settings file."""


class ExportSettings(Group, frozen=True):
    """What `e` writes."""

    folder: Text | None = None
    """The folder of the files; by default captop in the system's folder of documents."""

    @property
    def place(self) -> Path:
        """The folder in use."""
        if self.folder is not None:
            return Path(self.folder).expanduser()
        import platformdirs

        return platformdirs.user_documents_path() / "captop"


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
    keys: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    """Keys by the id of what they do (docs/keys.md): overrides the table's own keys."""
    demo: DemoSettings = DemoSettings()
    """The simulated market."""
    cache: CacheSettings = CacheSettings()
    """What is kept between runs."""
    tape: TapeSettings = TapeSettings()
    """What is recorded, to be played again."""
    baskets: BasketSettings = BasketSettings()
    """Thematic baskets."""
    thesis: ThesisSettings = ThesisSettings()
    """Stories that are held against the market."""
    export: ExportSettings = ExportSettings()
    """Files of what is shown."""
    alerts: AlertSettings = AlertSettings()
    """Alerts."""
    rules: RuleSettings = RuleSettings()
    """Rules that mark rows and numbers."""

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
    """Return the settings file: the given one, else CAPTOP_CONFIG, else the user's own.

    Raises:
        SettingsError: It lies in the home folder of a user who is not known here.
    """
    named = environ.get(CONFIG_VARIABLE)
    if path is not None or named:
        from tui.settings_sources import home_expanded

        return home_expanded(
            path or Path(named or ""), CONFIG_VARIABLE if path is None else "--config"
        )
    import platformdirs

    return platformdirs.user_config_path("captop", appauthor=False) / "captop.toml"


def read_settings(
    path: Path | None = None,
    environ: Mapping[str, str] = os.environ,
    overrides: Mapping[str, object] | None = None,
) -> Loaded:
    """Return the effective settings with their origins.

    Args:
        path: The file to read; it must exist. None reads the usual one, if there is one.
        environ: The environment.
        overrides: Arguments by dotted key: `{"theme": "captop-light"}`.

    Raises:
        SettingsError: A file, key or value that cannot be used, in one sentence.
    """
    from tui.settings_layers import merged_settings
    from tui.settings_sources import Places

    file = settings_path(path, environ)
    try:
        layers = _layers(file, environ, overrides or {}, must_exist=path is not None)
        settings, origins = merged_settings(layers)
    except RecursionError:
        raise SettingsError(
            f"{file} or a CAPTOP_ variable has tables too deep to be read."
        ) from None
    settings = msgspec.structs.replace(
        settings,
        baskets=BasketSettings(folder=file.parent / settings.baskets.folder.expanduser()),
        thesis=ThesisSettings(folder=file.parent / settings.thesis.folder.expanduser()),
        alerts=msgspec.structs.replace(
            settings.alerts, file=file.parent / settings.alerts.file.expanduser()
        ),
        rules=RuleSettings(file=file.parent / settings.rules.file.expanduser()),
    )
    return Loaded(settings, file, origins, Places(layers, origins))


def _layers(
    file: Path, environ: Mapping[str, str], overrides: Mapping[str, object], *, must_exist: bool
) -> "Sequence[Layer]":
    from tui.settings_file import FileLayer
    from tui.settings_sources import ArgumentLayer, EnvironmentLayer

    return (
        FileLayer.read(file, must_exist=must_exist),
        EnvironmentLayer.read(environ),
        ArgumentLayer.read(overrides),
    )

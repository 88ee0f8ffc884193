"""Where settings come from besides the file: environment and arguments, as layers of raw tables."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations
from typing import Protocol, cast

from tui.settings import CONFIG_VARIABLE, SettingsError

Path = tuple[str | int, ...]
Table = Mapping[str, object]
PREFIX = "CAPTOP_"
LONGEST_KEY = 100
"""Characters of a key that a message quotes."""


def home_expanded(path: pathlib.Path, name: str) -> pathlib.Path:
    """Return a path with `~` replaced; SettingsError naming its setting if nobody lives there."""
    try:
        return path.expanduser()
    except RuntimeError:
        raise SettingsError(f"{name} {no_home(str(path))}.") from None


def no_home(text: str) -> str:
    """Return what is wrong with a path that begins with the home of nobody."""
    from tui.settings_words import brief

    user = brief(text.split("/", maxsplit=1)[0])
    return f"must be in a folder that is there, and {user} is nobody's home here"


class Layer(Protocol):
    """One source of settings."""

    origin: str
    """file, environment or argument."""
    strict: bool
    """Whether values have types of their own; else they are text to be read."""
    table: Table

    def label(self, path: Path) -> str:
        """Return how a key is named to the user, with where it stands."""
        ...

    def spelled(self, key: str) -> str:
        """Return a dotted key as it is written here."""
        ...


class EnvironmentLayer:
    """`CAPTOP_FEEDS__YAHOO__BASE_URL=...`: a double underscore goes one table down."""

    origin = "environment"
    strict = False

    def __init__(self, table: Table) -> None:
        self.table = table

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> EnvironmentLayer:
        """Take the variables that start with CAPTOP_; empty ones count as not set.

        Raises:
            SettingsError: One variable names a table, another a setting in it.
        """
        names = (n for n in environ if n.startswith(PREFIX) and n != CONFIG_VARIABLE)
        chosen = {n.removeprefix(PREFIX).lower(): environ[n] for n in sorted(names) if environ[n]}
        for outer, inner in permutations(chosen, 2):
            if inner.startswith(f"{outer}__"):
                one, other = (f"{PREFIX}{name.upper()}" for name in (outer, inner))
                raise SettingsError(f"{one} cannot be set beside {other}, which is a part of it.")
        return cls(nested({name.replace("__", "."): value for name, value in chosen.items()}))

    def label(self, path: Path) -> str:
        """Return the variable's name."""
        from tui.settings_words import brief

        parts = (part for part in path if isinstance(part, str))
        return PREFIX + brief("__".join(parts).replace(".", "__").upper(), LONGEST_KEY)

    def spelled(self, key: str) -> str:
        """Return the name of a key's variable."""
        return PREFIX + key.replace(".", "__").upper()


class ArgumentLayer:
    """What was said on the command line."""

    origin = "argument"
    strict = True

    def __init__(self, table: Table) -> None:
        self.table = table

    @classmethod
    def read(cls, overrides: Mapping[str, object]) -> ArgumentLayer:
        """Take arguments by dotted key."""
        return cls(nested(overrides))

    def label(self, path: Path) -> str:
        """Return the option's name."""
        return f"--{path[-1]}"

    def spelled(self, key: str) -> str:
        """Return the option of a key."""
        return f"--{key.rpartition('.')[2]}"


def nested(flat: Mapping[str, object]) -> dict[str, object]:
    """Return dotted keys as tables within tables."""
    table: dict[str, object] = {}
    for key, value in flat.items():
        *parents, last = key.split(".")
        inner = table
        for part in parents:
            inner = as_table(inner.setdefault(part, {}))
        inner[last] = value
    return table


def as_table(value: object) -> dict[str, object]:
    """Return a value known to be a table, typed."""
    return cast("dict[str, object]", value)


def dotted(path: Path) -> str:
    """Return `feeds.yahoo.base_url`, `instruments[0].role`."""
    text = "".join(f"[{p}]" if isinstance(p, int) else f".{p or _NAMELESS}" for p in path)
    return text.removeprefix(".")


_NAMELESS = '""'


class Places(Mapping[str, str]):
    """Each set key as the user wrote it, with where it stands; looked up only when asked."""

    def __init__(self, layers: Sequence[Layer], origins: Mapping[str, str]) -> None:
        self._layers = {layer.origin: layer for layer in layers}
        self._origins = origins

    def __getitem__(self, key: str) -> str:
        """Return the place of a dotted key; KeyError for a default."""
        path = key.replace("watchlists.lists.", "watchlists.").split(".")
        return self._layers[self._origins[key]].label(tuple(path))

    def __iter__(self) -> Iterator[str]:
        """Yield the dotted keys."""
        return iter(self._origins)

    def __len__(self) -> int:
        """Return how many keys were set."""
        return len(self._origins)

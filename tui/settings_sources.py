"""Where settings come from besides the file: environment and arguments, as layers of raw tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, cast

from tui.settings import CONFIG_VARIABLE

Path = tuple[str | int, ...]
Table = Mapping[str, object]
PREFIX = "CAPTOP_"


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


class EnvironmentLayer:
    """`CAPTOP_FEEDS__YAHOO__BASE_URL=...`: a double underscore goes one table down."""

    origin = "environment"
    strict = False

    def __init__(self, table: Table) -> None:
        self.table = table

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> EnvironmentLayer:
        """Take the variables that start with CAPTOP_; empty ones count as not set."""
        names = (n for n in environ if n.startswith(PREFIX) and n != CONFIG_VARIABLE)
        chosen = {n.removeprefix(PREFIX).lower(): environ[n] for n in sorted(names) if environ[n]}
        return cls(nested({name.replace("__", "."): value for name, value in chosen.items()}))

    def label(self, path: Path) -> str:
        """Return the variable's name."""
        return PREFIX + "__".join(str(part) for part in path).replace(".", "__").upper()


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


def nested(flat: Mapping[str, object]) -> dict[str, object]:
    """Return dotted keys as tables within tables; a key that is also a table stays a table."""
    table: dict[str, object] = {}
    for key, value in flat.items():
        *parents, last = key.split(".")
        inner = table
        for part in parents:
            known = inner.get(part)
            deeper = as_table(cast("object", known)) if isinstance(known, dict) else {}
            inner[part] = deeper
            inner = deeper
        inner.setdefault(last, value)
    return table


def as_table(value: object) -> dict[str, object]:
    """Return a value known to be a table, typed."""
    return cast("dict[str, object]", value)


def dotted(path: Path) -> str:
    """Return `feeds.yahoo.base_url`, `instruments[0].role`."""
    text = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path)
    return text.removeprefix(".")


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

"""What can be used of settings that are broken: `captop doctor` examines the rest by it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import cast

import msgspec

from tui.settings import Settings, SettingsError, settings_path
from tui.settings_file import FileLayer
from tui.settings_layers import checked_table, merged_settings
from tui.settings_names import name_faults
from tui.settings_sources import EnvironmentLayer, Layer, Places, Table, as_table
from tui.settings_sources import Path as KeyPath

FEEDS = "feeds"
UNKNOWN = "known here are"
"""In the message on a key that is like none."""


class Salvaged(msgspec.Struct, frozen=True):
    """Settings without the tables and keys that cannot be used."""

    settings: Settings
    places: Mapping[str, str]
    """Where each of them stands, by dotted key."""
    are_feeds_certain: bool
    """Whether nothing that was left out can have said where, or whether, feeds are asked."""


class _Part:
    """A layer without what in its tables cannot be used."""

    def __init__(self, layer: Layer) -> None:
        self.origin, self.strict = layer.origin, layer.strict
        self.faults: dict[str, str] = {}
        """What is wrong with tables and keys, by their names."""
        self.table: Table = dict(self._usable(layer))
        self._layer = layer

    def _usable(self, layer: Layer) -> Iterator[tuple[str, object]]:
        """Yield the keys that can be used, and of other tables the keys in them that can."""
        for key, value in layer.table.items():
            if not (wrong := _fault(layer, key, value)):
                yield key, value
                continue
            self.faults[key] = wrong
            if isinstance(value, dict):
                inner = as_table(cast("object", value)).items()
                if kept := {k: v for k, v in inner if not _fault(layer, key, {k: v})}:
                    yield key, kept

    def label(self, path: KeyPath) -> str:
        """Return how a key is named to the user, with where it stands."""
        return self._layer.label(path)

    def spelled(self, key: str) -> str:
        """Return a dotted key as it is written there."""
        return self._layer.spelled(key)


def salvaged_settings(
    path: Path | None = None, environ: Mapping[str, str] = os.environ
) -> Salvaged:
    """Return what the file and the environment say, less the tables and keys that are broken."""
    readers: tuple[Callable[[], Layer], ...] = (
        lambda: FileLayer.read(settings_path(path, environ), must_exist=path is not None),
        lambda: EnvironmentLayer.read(environ),
    )
    parts: list[_Part] = []
    certain = True
    for reader in readers:
        try:
            layer = reader()
        except (SettingsError, RecursionError):
            certain = False
            continue
        part = _Part(layer)
        certain &= not any(_may_be_of_feeds(layer, key, text) for key, text in part.faults.items())
        parts.append(part)
    settings, origins = _merged(parts)
    return Salvaged(settings, Places(parts, origins), certain)


def with_wrong_names(error: SettingsError, left: Salvaged) -> SettingsError:
    """Return what is wrong with broken settings, and with the names in what is left of them."""
    found = (*error.sentences, *name_faults(left.settings, left.places))
    return SettingsError(*dict.fromkeys(found))


def _fault(layer: Layer, key: str, value: object) -> str:
    """Return what is wrong with a layer's table or key, or with a part of it, or nothing."""
    try:
        checked_table(layer, {key: value}, Settings)
    except (SettingsError, RecursionError) as error:
        return str(error) or UNKNOWN
    return ""


def _may_be_of_feeds(layer: Layer, key: str, fault: str) -> bool:
    """Whether a wrong key is of the feeds, or one of theirs misspelt: the hint tells."""
    return key.startswith(FEEDS) or f"one is {layer.spelled(FEEDS)}" in fault or UNKNOWN in fault


def _merged(parts: list[_Part]) -> tuple[Settings, dict[str, str]]:
    """Return the settings of all parts; without the watchlists where those contradict."""
    try:
        return merged_settings(parts)
    except SettingsError:
        for part in parts:
            part.table = {k: v for k, v in part.table.items() if k != "watchlists"}
        return merged_settings(parts)

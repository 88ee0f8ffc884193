"""Layers of raw settings checked against the `Settings` structs, and laid over each other.

Each leaf is converted on its own, so that an error names the exact key and where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeGuard, cast, get_args, get_origin

import msgspec

from market.instruments import Instrument
from tui.settings import (
    DEFAULT_LIST,
    FeedsSettings,
    Settings,
    SettingsError,
    Symbol,
)
from tui.settings_sources import Layer, Path, Table, as_table, dotted
from tui.settings_words import expected, named, nearest_choice, shown


def merged_settings(layers: Sequence[Layer]) -> tuple[Settings, dict[str, str]]:
    """Return the settings of all layers, later ones winning, and each key's origin.

    Raises:
        SettingsError: The first wrong key or value.
    """
    values: dict[str, object] = {}
    origins: dict[str, str] = {}
    for layer in layers:
        checked = checked_table(layer, layer.table, Settings, ())
        for path, value in _leaves(checked, ()):
            _put(values, path, value)
            origins[dotted(path)] = layer.origin
    settings = msgspec.convert(values, Settings)
    settings = _with_active_list(settings, "watchlists.active" in origins, layers)
    return settings, origins


def checked_table(
    layer: Layer, table: Table, struct: type[msgspec.Struct], path: Path
) -> dict[str, object]:
    """Return a table's values converted to their types; unknown keys are errors."""
    fields = {f.name: f.type for f in msgspec.structs.fields(struct)}
    checked: dict[str, object] = {}
    for key, value in table.items():
        here = (*path, key)
        if key not in fields:
            raise SettingsError(_unknown(layer, here, fields))
        checked[key] = _checked_field(layer, here, fields[key], value)
    return checked


def _checked_field(layer: Layer, path: Path, kind: object, value: object) -> object:
    special = _SPECIAL.get(dotted(path))
    if special is not None:
        return special(layer, path, value)
    if is_struct(kind):
        return checked_table(layer, _table(layer, path, value), kind, path)
    return _checked_leaf(layer, path, kind, value)


def _table(layer: Layer, path: Path, value: object) -> Table:
    if not isinstance(value, dict):
        raise SettingsError(f"{layer.label(path)} must be a table of settings, not {named(value)}.")
    return as_table(cast("object", value))


def _checked_leaf(layer: Layer, path: Path, kind: object, value: object) -> object:
    if value == "" and type(None) in get_args(kind):
        return None
    if not layer.strict and isinstance(value, str) and get_origin(kind) is tuple:
        value = [part.strip() for part in value.split(",") if part.strip()]
    try:
        return msgspec.convert(value, kind, strict=layer.strict)
    except msgspec.ValidationError:
        raise SettingsError(
            f"{layer.label(path)} must be {expected(kind)}, not {shown(value, kind)}."
            f"{nearest_choice(value, kind)}"
        ) from None


def _checked_watchlists(layer: Layer, path: Path, value: object) -> object:
    """Take `active` as it is and every other key as a list of that name."""
    table = _table(layer, path, value)
    lists = {
        name: _checked_leaf(layer, (*path, name), tuple[Symbol, ...], symbols)
        for name, symbols in table.items()
        if name != "active"
    }
    found: dict[str, object] = {"lists": lists} if lists else {}
    if "active" in table:
        found["active"] = _checked_leaf(layer, (*path, "active"), str, table["active"])
    return found


def _checked_keys(layer: Layer, path: Path, value: object) -> object:
    """Take ids with dots as TOML reads them: as tables, or quoted as one key."""
    found: dict[str, object] = {}
    for key, inner in _table(layer, path, value).items():
        here = (*path, key)
        if isinstance(inner, dict):
            deeper = as_table(_checked_keys(layer, here, cast("object", inner)))
            found.update({f"{key}.{rest}": text for rest, text in deeper.items()})
        else:
            found[key] = _checked_leaf(layer, here, str, inner)
    return found


def _checked_instruments(layer: Layer, path: Path, value: object) -> object:
    if not isinstance(value, list):
        raise SettingsError(
            f"{layer.label(path)} must be a list of tables, [[instruments]] in the file,"
            f" not {named(value)}."
        )
    rows = cast("list[object]", value)
    return tuple(_instrument(layer, (*path, n), row) for n, row in enumerate(rows))


def _instrument(layer: Layer, path: Path, row: object) -> Instrument:
    table = checked_table(layer, _table(layer, path, row), Instrument, path)
    if not table.get("symbol"):
        raise SettingsError(f"{layer.label(path)} needs a symbol.")
    feeds = [f.name for f in msgspec.structs.fields(FeedsSettings) if is_struct(f.type)]
    for source in cast("Iterable[str]", table.get("sources", ())):
        if source not in feeds:
            label = layer.label((*path, "sources"))
            raise SettingsError(f'{label} names no feed "{source}"; known are {", ".join(feeds)}.')
    return msgspec.convert(table, Instrument)


def is_struct(kind: object) -> TypeGuard[type[msgspec.Struct]]:
    """Return whether a field is a table of settings of its own."""
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


_SPECIAL: Mapping[str, Callable[[Layer, Path, object], object]] = {
    "watchlists": _checked_watchlists,
    "keys": _checked_keys,
    "instruments": _checked_instruments,
}


def _leaves(table: Table, path: Path) -> Iterable[tuple[Path, object]]:
    for key, value in table.items():
        here = (*path, key)
        if isinstance(value, dict):
            yield from _leaves(as_table(cast("object", value)), here)
        else:
            yield here, value


def _put(values: dict[str, object], path: Path, value: object) -> None:
    inner = values
    for part in path[:-1]:
        inner = as_table(inner.setdefault(str(part), {}))
    inner[str(path[-1])] = value


def _with_active_list(settings: Settings, said: bool, layers: Sequence[Layer]) -> Settings:
    """Make sure the active list exists: the first one where nobody named any."""
    lists = settings.watchlists
    if lists.active in lists.lists:
        return settings
    if said:
        names = [n for n in layers if "active" in as_table(n.table.get("watchlists") or {})]
        label = names[-1].label(("watchlists", "active"))
        known = ", ".join(lists.lists)
        raise SettingsError(f'{label} names no list "{lists.active}"; known are {known}.')
    first = next(iter(lists.lists), DEFAULT_LIST)
    renewed = msgspec.structs.replace(lists, active=first)
    return msgspec.structs.replace(settings, watchlists=renewed)


def _unknown(layer: Layer, path: Path, siblings: Iterable[str]) -> str:
    from difflib import get_close_matches

    parents = path[:-1]
    near = {dotted((*parents, name)): (*parents, name) for name in siblings}
    key = get_close_matches(dotted(path), list(near), 1) or _by_last_part(str(path[-1]))
    if key:
        hint = f"the nearest known one is {key[0]}."
    else:
        hint = f"known here are {', '.join(siblings)}."
    return f"Unknown setting {layer.label(path)}; {hint}"


def _by_last_part(name: str) -> list[str]:
    """Return the known key anywhere whose last part is nearest: `base_url` -> `feeds...`."""
    from difflib import get_close_matches

    lasts = {key.rsplit(".", 1)[-1]: key for key in reversed(known_keys())}
    return [lasts[last] for last in get_close_matches(name, list(lasts), 1)]


def known_keys(struct: type[msgspec.Struct] = Settings, prefix: str = "") -> list[str]:
    """Return the dotted keys of all settings, in the order they are declared."""
    keys: list[str] = []
    for field in msgspec.structs.fields(struct):
        name = f"{prefix}{field.name}"
        keys += known_keys(field.type, f"{name}.") if is_struct(field.type) else [name]
    return keys

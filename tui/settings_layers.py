"""Layers of raw settings checked against the `Settings` structs, and laid over each other.

Each leaf is converted on its own, so that an error names the exact key and where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path as Folder
from types import MappingProxyType
from typing import TypeGuard, TypeVar, cast, get_args, get_origin

import msgspec

from market.instruments import Instrument
from tui.settings import DEFAULT_LIST, Settings, SettingsError, Symbol, Text
from tui.settings_feeds import FeedsSettings
from tui.settings_sources import Layer, Path, Table, as_table, dotted
from tui.settings_words import brief, expected, named, nearest_choice, quoted, shown

CHECKED_FURTHER = frozenset({"base_url", "alternate_url", "webhook", "path", "folder", "file"})
"""Last parts of keys whose values must be more than of the right type."""
DEEPEST = 6
"""Parts of a key in [keys]; no id has as many."""
_Key = TypeVar("_Key")
_Raw = TypeVar("_Raw")
_Value = TypeVar("_Value")


def merged_settings(layers: Sequence[Layer]) -> tuple[Settings, dict[str, str]]:
    """Return the settings of all layers, later ones winning, and each key's origin.

    Raises:
        SettingsError: Every wrong key or value.
    """
    values: dict[str, object] = {}
    origins: dict[str, str] = {}
    checked = _each(enumerate(layers), lambda _, layer: checked_table(layer, layer.table, Settings))
    for n, layer in enumerate(layers):
        for path, value in _leaves(checked[n], ()):
            _put(values, path, value)
            origins[dotted(path)] = layer.origin
    settings = msgspec.convert(values, Settings)
    settings = _with_active_list(settings, "watchlists.active" in origins, layers)
    return settings, origins


def _each(
    rows: Iterable[tuple[_Key, _Raw]], check: Callable[[_Key, _Raw], _Value]
) -> dict[_Key, _Value]:
    """Return what a check makes of each row; SettingsError for all that is wrong in any."""
    found: dict[_Key, _Value] = {}
    wrong: list[str] = []
    for key, raw in rows:
        try:
            found[key] = check(key, raw)
        except SettingsError as error:
            wrong += error.sentences
    if wrong:
        raise SettingsError(*wrong)
    return found


def checked_table(
    layer: Layer,
    table: Table,
    struct: type[msgspec.Struct],
    path: Path = (),
    kinds: Mapping[str, object] = MappingProxyType({}),
) -> dict[str, object]:
    """Return a table's values converted to their types; SettingsError for all that is wrong.

    Args:
        layer: Where it comes from.
        table: The raw values.
        struct: What they are to be.
        path: Where the table stands.
        kinds: Types of fields in place of the struct's own.
    """
    if not table:
        return {}
    fields = {f.name: kinds.get(f.name, f.type) for f in msgspec.structs.fields(struct)}
    return _each(
        table.items(), lambda key, value: _checked_field(layer, (*path, key), fields, value)
    )


def _checked_field(layer: Layer, path: Path, fields: Mapping[str, object], value: object) -> object:
    kind = fields.get(str(path[-1]))
    if kind is None:
        raise SettingsError(_unknown(layer, path, fields))
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
    if isinstance(value, str) and not _is_unicode(value):
        raise SettingsError(f"{layer.label(path)} is not UTF-8 text.")
    if get_origin(kind) is tuple:
        if not layer.strict and isinstance(value, str):
            value = [part.strip() for part in value.split(",") if part.strip()]
        if isinstance(value, list):
            each, rows = cast("object", get_args(kind)[0]), cast("list[object]", value)
            checked = _each(
                enumerate(rows), lambda n, row: _checked_leaf(layer, (*path, n), each, row)
            )
            return tuple(checked.values())
    converted = _converted(layer, path, kind, value)
    if path[-1] in CHECKED_FURTHER:
        from tui.settings_checks import fault

        if wrong := fault(str(path[-1]), converted):
            raise SettingsError(f"{layer.label(path)} {wrong}.")
    return converted


def _converted(layer: Layer, path: Path, kind: object, value: object) -> object:
    try:
        return msgspec.convert(value, kind, strict=layer.strict, dec_hook=_folder)
    except msgspec.ValidationError:
        told = quoted(value) if isinstance(path[-1], int) else shown(value, kind)
        raise SettingsError(
            f"{layer.label(path)} must be {expected(kind)}, not {told}."
            f"{nearest_choice(value, kind)}"
        ) from None


def _folder(_kind: object, value: object) -> Folder:
    """Return a folder's path: the one type of the settings that msgspec does not know."""
    if not isinstance(value, str) or not value:
        raise ValueError
    return Folder(value)


def _is_unicode(text: str) -> bool:
    """Return whether a text from outside was UTF-8: what was not came in as surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _checked_watchlists(layer: Layer, path: Path, value: object) -> object:
    """Take `active` as it is and every other key as a list of that name."""
    lists = _each(
        _table(layer, path, value).items(),
        lambda name, inner: _checked_in_watchlists(layer, (*path, name), name, inner),
    )
    found = {"active": lists.pop("active")} if "active" in lists else {}
    return {**found, "lists": lists} if lists else found


def _checked_in_watchlists(layer: Layer, here: Path, name: str, value: object) -> object:
    from tui.settings_checks import LONGEST_NAME, is_list_name

    if name == "active":
        return _checked_leaf(layer, here, Text, value)
    if not is_list_name(name):
        words = f"is no name for a list: it has 1 to {LONGEST_NAME} visible characters"
        raise SettingsError(f"{layer.label(here)} {words}.")
    return _checked_leaf(layer, here, tuple[Symbol, ...], value)


def _checked_keys(layer: Layer, path: Path, value: object) -> object:
    """Take ids with dots as TOML reads them: as tables, or quoted as one key."""
    found: dict[str, object] = {}
    if len(path) > DEEPEST:
        raise SettingsError(f"{layer.label(path)} is deeper than any key's id.")
    checked = _each(
        _table(layer, path, value).items(),
        lambda key, each: _checked_key(layer, (*path, key), each),
    )
    for key, inner in checked.items():
        if isinstance(inner, dict):
            deeper = as_table(cast("object", inner))
            found.update({f"{key}.{rest}": text for rest, text in deeper.items()})
        else:
            found[key] = inner
    return found


def _checked_key(layer: Layer, here: Path, value: object) -> object:
    if isinstance(value, dict):
        return _checked_keys(layer, here, cast("object", value))
    return _checked_leaf(layer, here, str, value)


def _checked_instruments(layer: Layer, path: Path, value: object) -> object:
    if not isinstance(value, list):
        raise SettingsError(
            f"{layer.label(path)} must be a list of tables, [[instruments]] in the file,"
            f" not {named(value)}."
        )
    found: list[Instrument] = []
    rows = enumerate(cast("list[object]", value))
    _each(rows, lambda n, row: found.append(_instrument(layer, (*path, n), row, found)))
    return tuple(found)


def _instrument(layer: Layer, path: Path, row: object, before: Iterable[Instrument]) -> Instrument:
    from tui.settings_checks import KINDS, completed, instrument_fault

    table = checked_table(layer, _table(layer, path, row), Instrument, path, KINDS)
    if not table.get("symbol"):
        raise SettingsError(f"{layer.label(path)} needs a symbol.")
    feeds = [f.name for f in msgspec.structs.fields(FeedsSettings) if is_struct(f.type)]
    for source in cast("Iterable[str]", table.get("sources", ())):
        if source not in feeds:
            label = layer.label((*path, "sources"))
            raise SettingsError(
                f'{label} names no feed "{brief(source)}"; known are {", ".join(feeds)}.'
            )
    instrument = completed(table)
    field, wrong = instrument_fault(instrument, before)
    if wrong:
        raise SettingsError(f"{layer.label((*path, field))} {wrong}.")
    return instrument


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
        raise SettingsError(f'{label} names no list "{brief(lists.active)}"; known are {known}.')
    first = next(iter(lists.lists), DEFAULT_LIST)
    renewed = msgspec.structs.replace(lists, active=first)
    return msgspec.structs.replace(settings, watchlists=renewed)


def _unknown(layer: Layer, path: Path, siblings: Iterable[str]) -> str:
    return f"Unknown setting {layer.label(path)}; {_nearest(layer, path, list(siblings))}."


def _nearest(layer: Layer, path: Path, siblings: Sequence[str]) -> str:
    """Return a hint at the known key that was meant, or that is least far from it."""
    from difflib import get_close_matches

    name, known = brief(dotted(path)), known_keys()
    if name in known:
        return "write it without quotation marks"
    beside = {sibling: dotted((*path[:-1], sibling)) for sibling in siblings}
    last = brief(path[-1])
    close = [beside[sibling] for sibling in get_close_matches(last, siblings, 1)]
    close = close or get_close_matches(name, known, 1, cutoff=0.8)
    if close := close or _by_last_part(last):
        return f"the nearest known one is {layer.spelled(close[0])}"
    least = get_close_matches(name, [*beside.values(), *known], 1, cutoff=0.0)[0]
    here = ", ".join(siblings)
    return f"the nearest known one is {layer.spelled(least)}, and known here are {here}"


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

"""What of a value is other than in the one before it, so that only that is written.

Values are never changed in place: what is the same object is the same value, and most of a
picture is what it was in the last one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias, cast, get_args

import msgspec
from msgspec.structs import replace

from market.tape.codec import CodecError, built_as, forms_of

Difference: TypeAlias = dict[str, Any]
"""One of: the whole `value`; the differences of a struct's `fields` or a tuple's `items`; what was
`added` to a tuple's end; the changed `entries` of a mapping, and those `gone`."""
_Mapping: TypeAlias = Mapping[object, object]


def difference(before: object, after: object) -> Difference | None:
    """Return what of a value is other than before; None if nothing is."""
    if after is before:
        return None
    if type(after) is not type(before):
        return {"value": after}
    if isinstance(after, msgspec.Struct):
        names = after.__struct_fields__
        return _parts("fields", {n: _of_part(before, after, n) for n in names})
    if isinstance(after, dict):
        return _of_mappings(cast("_Mapping", before), cast("_Mapping", after))
    return _of_values(before, after)


def _of_values(before: object, after: object) -> Difference | None:
    if before == after:
        return None
    if type(after) is tuple:
        return _of_tuples(cast("tuple[object, ...]", before), cast("tuple[object, ...]", after))
    return {"value": after}


def with_difference(form: object, before: object, told: Difference) -> Any:  # noqa: ANN401
    """Return the value of a form after a difference that was read; CodecError if it fits not."""
    match told:
        case {"value": value}:
            return built_as(form, value)
        case {"fields": fields} if isinstance(before, msgspec.Struct):
            forms = forms_of(type(before))
            return replace(
                before,
                **{n: with_difference(forms[n], getattr(before, n), fields[n]) for n in fields},
            )
        case {"entries": entries, "gone": gone} if isinstance(before, Mapping):
            left = {name if isinstance(name, str) else tuple(name) for name in gone}
            kept = {
                name: value for name, value in cast("_Mapping", before).items() if name not in left
            }
            return kept | built_as(form, entries)
        case {"items": items} if isinstance(before, tuple):
            inner, values = _item(form), cast("tuple[object, ...]", before)
            return tuple(
                with_difference(inner, value, items[n]) if n in items else value
                for n, value in enumerate(values)
            )
        case {"added": added} if isinstance(before, tuple):
            return (*cast("tuple[object, ...]", before), *built_as(form, added))
        case _:
            raise CodecError("a change does not fit what it changes")


def _item(form: object) -> object:
    """The form of what a tuple holds; one that may be None as well is told beside that."""
    for part in (form, *get_args(form)):
        if (found := get_args(part)) and found[-1] is ...:
            return found[0]
    raise CodecError("a change is of no tuple")


def _parts(kind: str, found: Mapping[Any, Difference | None]) -> Difference | None:
    told = {name: part for name, part in found.items() if part is not None}
    return {kind: told} if told else None


def _of_part(before: object, after: object, name: str) -> Difference | None:
    return difference(getattr(before, name), getattr(after, name))


def _of_tuples(before: tuple[object, ...], after: tuple[object, ...]) -> Difference | None:
    if len(before) == len(after):
        both = zip(before, after, strict=True)
        return _parts("items", {n: difference(old, new) for n, (old, new) in enumerate(both)})
    if before and after[: len(before)] == before:
        return {"added": after[len(before) :]}
    return {"value": after}


def _of_mappings(before: _Mapping, after: _Mapping) -> Difference | None:
    entries = {n: v for n, v in after.items() if n not in before or not _same(before[n], v)}
    gone = [name for name in before if name not in after]
    return {"entries": entries, "gone": gone} if entries or gone else None


def _same(before: object, after: object) -> bool:
    return after is before or (type(after) is type(before) and bool(before == after))

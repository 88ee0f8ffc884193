"""Values of the market as bytes and back: msgpack, with columns in few bytes (`columns.py`).

Types whose annotations cannot be looked up while the program runs (`array[float]`, and names
that only a type checker imports) are put together field by field; all others are msgspec's own.
A damaged or foreign tape can give wrong values, and a `CodecError`, but never run anything.
"""

from __future__ import annotations

import types
from array import array
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Generic, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import msgspec

from market.agenda import Halted
from market.agenda_study import Agenda
from market.alerts.board import AlertBoard
from market.baskets import Basket
from market.documents import Document
from market.fed_funds_study import FedFunds
from market.fund_flow_study import Flows
from market.option_study import ChainStudy, OptionStudy
from market.scoreboard import Scoreboard
from market.shelf import ShelvedColumn
from market.studies import Studies
from market.tape.columns import column_of, packed_column
from market.volatility_study import VolatilityStudy

T = TypeVar("T")
Build = Callable[[Any], Any]


class CodecError(ValueError):
    """Bytes that are not what they should be."""


class _Column(Generic[T]):
    """Stands for `array` in annotations, which not every Python lets subscribe."""


_NAMES: dict[str, object] = {
    "array": _Column,
    "Agenda": Agenda,
    "AlertBoard": AlertBoard,
    "Basket": Basket,
    "ChainStudy": ChainStudy,
    "Document": Document,
    "FedFunds": FedFunds,
    "Flows": Flows,
    "Halted": Halted,
    "OptionStudy": OptionStudy,
    "Scoreboard": Scoreboard,
    "Studies": Studies,
    "VolatilityStudy": VolatilityStudy,
}
"""What annotations name that their modules know in type checking only."""
_CODES = "dq"
"""Type codes of columns."""
_REFERENCE = len(_CODES)
"""What stands for a value that is written elsewhere on the tape."""


def packed(value: object) -> bytes:
    """Return a value as bytes."""
    return _ENCODER.encode(value)


def quickly_packed(value: object) -> bytes:
    """Return a value as bytes that are more, and made sooner: to see whether it is another."""
    return _QUICK_ENCODER.encode(value)


def reference_to(digest: bytes) -> msgspec.msgpack.Ext:
    """Return what stands for a value that is written elsewhere on the tape, under its hash."""
    return msgspec.msgpack.Ext(_REFERENCE, digest)


def _nothing(digest: bytes) -> object:
    raise CodecError(f"a value is missing: {digest.hex()}")


def unpacked(data: bytes, referred: Callable[[bytes], object] = _nothing) -> Any:  # noqa: ANN401
    """Return what bytes say, in plain dictionaries and lists; CodecError if nothing.

    Args:
        data: The bytes.
        referred: Gives the value that a reference stands for, by its hash.
    """

    def part(code: int, inner: memoryview) -> object:
        return referred(bytes(inner)) if code == _REFERENCE else _column(code, inner)

    try:
        return msgspec.msgpack.decode(data, ext_hook=part)
    except (msgspec.MsgspecError, ValueError, TypeError, LookupError, ArithmeticError) as error:
        raise CodecError("the bytes are no value") from error


def built(form: type[T], plain: object) -> T:
    """Return a value of a type from plain dictionaries and lists; CodecError if it is none."""
    return cast("T", built_as(form, plain))


def built_as(form: object, plain: object) -> Any:  # noqa: ANN401
    """Return a value of any annotated form: `Mapping[str, Bars]`, `Quote | None`."""
    try:
        return _builder(form)(plain)
    except (msgspec.MsgspecError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise CodecError(f"the bytes are no {form}") from error


def forms_of(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """Return the forms of a struct's fields, by name."""
    return dict(_hints(kind))


def _encoded(value: object) -> object:
    if isinstance(value, array):
        column = cast("array[float]", value)
        return msgspec.msgpack.Ext(_CODES.index(column.typecode), packed_column(column))
    return _encoded(value[:]) if isinstance(value, ShelvedColumn) else _encoded_else(value)


def _quickly_encoded(value: object) -> object:
    if isinstance(value, array):
        column = cast("array[float]", value)
        return msgspec.msgpack.Ext(_CODES.index(column.typecode), column.tobytes())
    return _quickly_encoded(value[:]) if isinstance(value, ShelvedColumn) else _encoded_else(value)


def _encoded_else(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(cast("Mapping[object, object]", value))
    raise NotImplementedError(f"a tape cannot hold a {type(value).__name__}")


def _column(code: int, data: memoryview) -> array[Any]:
    if not 0 <= code < len(_CODES):
        raise CodecError("the bytes hold a column of an unknown kind")
    return column_of(_CODES[code], bytes(data))


_ENCODER = msgspec.msgpack.Encoder(enc_hook=_encoded)
_QUICK_ENCODER = msgspec.msgpack.Encoder(enc_hook=_quickly_encoded)


@cache
def _hints(kind: type[msgspec.Struct]) -> Mapping[str, Any]:
    return get_type_hints(kind, localns=_NAMES)


@cache
def _builder(form: object) -> Build:
    """How a form is put together; what msgspec can look up it does itself."""
    origin: object = get_origin(form) or form
    if origin is _Column:
        return _taken_column
    if _is_plain(form):
        return lambda plain: msgspec.convert(plain, cast("Any", form))
    if origin is Union or origin is types.UnionType:
        return _of_union(get_args(form))
    if origin is tuple:
        return _of_tuple(get_args(form))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _of_mapping(get_args(form))
    if isinstance(origin, type) and issubclass(origin, msgspec.Struct):
        return _of_struct(origin)
    raise CodecError(f"a tape cannot hold a {form}")


def _is_plain(form: object) -> bool:
    if any(not _is_plain(part) for part in get_args(form) if part is not ...):
        return False
    if (get_origin(form) or form) is _Column:
        return False
    try:
        msgspec.msgpack.Decoder(cast("Any", form))
    except (NameError, TypeError):
        return False
    return True


def _taken_column(plain: object) -> array[Any]:
    if not isinstance(plain, array):
        raise CodecError("a column is missing")
    return cast("array[Any]", plain)


def _of_union(forms: tuple[Any, ...]) -> Build:
    others = [form for form in forms if form is not type(None)]
    if len(others) != 1 or len(others) == len(forms):
        raise CodecError(f"a tape cannot tell {forms} apart")
    build = _builder(others[0])
    return lambda plain: None if plain is None else build(plain)


def _of_tuple(forms: tuple[Any, ...]) -> Build:
    if len(forms) != 2 or forms[1] is not ...:
        builds = [_builder(form) for form in forms]
        return lambda plain: tuple(b(p) for b, p in zip(builds, plain, strict=True))
    build = _builder(forms[0])
    return lambda plain: tuple(build(each) for each in plain)


def _of_mapping(forms: tuple[Any, ...]) -> Build:
    key, value = _builder(forms[0]), _builder(forms[1])
    return lambda plain: {key(k): value(v) for k, v in plain.items()}


def _of_struct(kind: type[msgspec.Struct]) -> Build:
    builds = {name: _builder(form) for name, form in _hints(kind).items()}

    def build(plain: dict[str, Any]) -> msgspec.Struct:
        return kind(**{name: builds[name](each) for name, each in plain.items() if name in builds})

    return build

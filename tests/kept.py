"""What takes long to make: one of the test runner's processes makes it, the others read it."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_shelves: list[Path] = []
"""The folder that all processes of a run share, where there are several."""


def share(folder: Path) -> None:
    """Keep in a folder what is made from now on."""
    _shelves[:] = [folder]


def kept(make: Callable[P, T]) -> Callable[P, T]:
    """Return a function whose values are made once in a run, however many processes need them."""
    known: dict[str, T] = {}

    def found(*what: P.args, **named: P.kwargs) -> T:
        name = f"{make.__module__}.{make.__qualname__}{what}{named or ''}"
        if name not in known:
            known[name] = _read_or_made(name, lambda: make(*what, **named))
        return known[name]

    return found


def _read_or_made(name: str, make: Callable[[], T]) -> T:
    if not _shelves:
        return make()
    file = _shelves[0] / name
    if file.exists():
        return pickle.loads(file.read_bytes())  # noqa: S301  this run has written it
    made = make()
    part = file.with_name(f"{name}.{os.getpid()}")
    part.write_bytes(pickle.dumps(made, pickle.HIGHEST_PROTOCOL))
    part.replace(file)
    return made

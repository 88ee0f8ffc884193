"""The table of keys as Textual's bindings."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from tui.key_table import KEYS, KeyLine, Scope


def bindings_of(*scopes: Scope) -> list[BindingType]:
    """Return Textual's bindings for the lines of some scopes, in the order of KEYS."""
    return [_binding(line) for line in KEYS if line.scope in scopes]


def bindings_named(*ids: str) -> list[BindingType]:
    """Return Textual's bindings for single lines, in the order of KEYS."""
    return [_binding(line) for line in KEYS if line.id in ids]


def _binding(line: KeyLine) -> Binding:
    return Binding(
        line.keys,
        line.action,
        line.label,
        show=line.show,
        tooltip=line.help,
        id=line.id,
        priority=line.priority,
    )

"""The table of keys as Textual's bindings."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from tui.key_table import KEYS, Scope


def bindings_of(*scopes: Scope) -> list[BindingType]:
    """Return Textual's bindings for the lines of some scopes, in the order of KEYS."""
    return [
        Binding(
            line.keys,
            line.action,
            line.label,
            show=line.show,
            tooltip=line.help,
            id=line.id,
            priority=line.priority,
        )
        for line in KEYS
        if line.scope in scopes
    ]

"""A node's app, typed: Textual leaves the type of an app's result open."""

from __future__ import annotations

from textual.app import App
from textual.message_pump import MessagePump


def app_of(node: MessagePump) -> App[None]:
    """Return the app that a node belongs to."""
    return node.app  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


def is_ascii_only(node: MessagePump) -> bool:
    """Return whether the app draws with ASCII only."""
    return bool(getattr(app_of(node), "ascii_only", False))

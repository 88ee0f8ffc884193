"""Keys as people write them in the settings, and as Textual names them. Knows no Textual."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

NAMED = frozenset(
    {"enter", "escape", "tab", "space", "backspace", "delete", "insert", "home", "end"}
    | {"pageup", "pagedown", "up", "down", "left", "right"}
    | {f"f{number}" for number in range(1, 25)}
)
"""Keys without a character of their own."""
ALIASES: Mapping[str, str] = {
    "esc": "escape",
    "return": "enter",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "page_up": "pageup",
    "page_down": "pagedown",
    "del": "delete",
    "ins": "insert",
}
"""Other names that people give to keys."""
MODIFIERS = frozenset({"ctrl", "shift", "alt", "meta", "super", "hyper"})
_SHORT_NAMES: Mapping[str, str] = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}
"""Where Textual departs from Unicode."""
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


def key_name(written: str) -> str | None:
    """Return Textual's name of a key as somebody wrote it, None if there is no such key.

    `F`, `/`, `slash`, `pgdn`, `f5`, `ctrl+f` and `ctrl+/` are keys.
    """
    if len(written) == 1:
        return character_name(written)
    *modifiers, base = written.split("+")
    if written.endswith("++"):
        modifiers, base = written[:-2].split("+"), "+"
    if len(set(modifiers)) < len(modifiers) or not MODIFIERS.issuperset(modifiers):
        return None
    name = _base_name(base)
    return None if name is None else "+".join((*modifiers, name))


def _base_name(base: str) -> str | None:
    if len(base) == 1:
        return character_name(base)
    name = ALIASES.get(base, base)
    return name if name in NAMED or name in _PUNCTUATION_NAMES else None


def character_name(character: str) -> str | None:
    """Return Textual's name of the key that types a character: `/` -> `slash`."""
    if character.isalnum():
        return character
    if not character.isprintable():
        return None
    try:
        name = unicodedata.name(character).lower().replace("-", "_").replace(" ", "_")
    except ValueError:
        return None
    return _SHORT_NAMES.get(name, name)


_PUNCTUATION_NAMES = frozenset(filter(None, map(character_name, _PUNCTUATION)))


def nearest_key(written: str) -> str:
    """Return the known name most like what was written, or nothing."""
    from difflib import get_close_matches

    base = written.rpartition("+")[2]
    known = sorted(NAMED | _PUNCTUATION_NAMES | set(ALIASES))
    return next(iter(get_close_matches(base, known, n=1)), "")

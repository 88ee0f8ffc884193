"""KEYS, the one table of keys, as words, rebindings and documentation. Knows no Textual."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping

from tui.key_names import key_name, nearest_key
from tui.key_table import KEYS, KeyLine, Scope
from tui.settings_words import brief
from tui.short_forms import SHORT_FORMS

__all__ = [
    "KEYS",
    "KeyLine",
    "KeysError",
    "Scope",
    "key_in_words",
    "keys_in_words",
    "keys_of",
    "keys_table",
    "line_of",
    "resolve_keys",
    "told_lines",
]

_STACKED = frozenset({Scope.APP, Scope.SCREEN, Scope.LIST})
"""Scopes that hold together with every other one outside dialogs."""
_ALONE = frozenset({Scope.DIALOG, Scope.FILTER})
"""Scopes that hide all others while they last."""
_COVERED: Mapping[Scope, frozenset[str]] = {Scope.MAP: frozenset({"go.open", "go.up", "list"})}
"""Scopes whose keys stand in front of some lines, or groups of them: left is a tile, not back."""


class KeysError(ValueError):
    """A rebinding that cannot be used; the message is one sentence for a person."""

    def __init__(self, text: str, *ids: str) -> None:
        """Say what is wrong with the keys of one line, or of two that clash."""
        super().__init__(text)
        self.ids = ids
        """The ids of those lines."""


_BY_ID: Mapping[str, KeyLine] = {line.id: line for line in KEYS}
_NAMES: Mapping[str, str] = {
    "enter": "⏎",
    "escape": "esc",
    "slash": "/",
    "colon": ":",
    "question_mark": "?",
    "exclamation_mark": "!",
    "plus": "+",
    "minus": "−",
    "comma": ",",
    "full_stop": ".",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "apostrophe": "'",
    "asterisk": "*",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "left_curly_bracket": "{",
    "right_curly_bracket": "}",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "f1": "F1",
}


def line_of(key_id: str) -> KeyLine:
    """Return the line with an id; KeyError if there is none."""
    return _BY_ID[key_id]


def key_in_words(key: str, *, ascii_only: bool = False) -> str:
    """Return a key as people write it: `slash` -> `/`, `enter` -> `⏎`."""
    name = _NAMES.get(key, key)
    if ascii_only and not name.isascii():
        return "-" if key == "minus" else key
    return name


def keys_of(line: KeyLine, keymap: Mapping[str, str]) -> tuple[str, ...]:
    """Return the keys of a line after rebinding, the main one first."""
    return tuple(keymap.get(line.id, line.keys).split(","))


def resolve_keys(overrides: Mapping[str, str]) -> dict[str, str]:
    """Return Textual's keymap for the rebindings of the settings.

    Args:
        overrides: Keys by id of a line, several separated by blanks or commas.

    Raises:
        KeysError: An id is unknown, a key is empty, or two lines claim one key.
    """
    keymap = {key_id: rebound(key_id, keys) for key_id, keys in overrides.items()}
    for clash in clashes(keymap):
        raise clash
    return keymap


def rebound(key_id: str, keys: str) -> str:
    """Return the keys of one line as Textual spells them.

    Raises:
        KeysError: There is no such line, or a key is empty or unknown.
    """
    if key_id not in _BY_ID:
        raise KeysError(_unknown(key_id), key_id)
    return _normalised(key_id, keys)


def _unknown(key_id: str) -> str:
    key_id = brief(key_id)
    nearest = difflib.get_close_matches(key_id, _BY_ID, n=1, cutoff=0.0)
    return f"unknown key id '{key_id}' in [keys], nearest: '{nearest[0]}'"


def _normalised(key_id: str, keys: str) -> str:
    written = ["space"] if keys == " " else keys.replace(",", " ").split()
    names = [_name(key_id, key) for key in written]
    if not names:
        text = f"[keys] '{key_id}' names no key; write one, for example \"j\""
        raise KeysError(text, key_id)
    return ",".join(names)


def _name(key_id: str, written: str) -> str:
    name = key_name(written)
    if name is None:
        nearest = nearest_key(written)
        hint = f", nearest: '{nearest}'" if nearest else ""
        raise KeysError(
            f"there is no key '{brief(written)}' for '{key_id}'{hint};"
            " write a character, or a name such as enter, pagedown, f5 or ctrl+x",
            key_id,
        )
    return name


def clashes(keymap: Mapping[str, str]) -> Iterator[KeysError]:
    """Yield an error for each key that two lines of the table claim."""
    claims: dict[str, list[KeyLine]] = {}
    for line in KEYS:
        for key in keys_of(line, keymap):
            for other in claims.setdefault(key, []):
                if other.id != line.id and _meet(other, line):
                    word = key_in_words(key, ascii_only=True)
                    text = f"key '{word}' is claimed by both '{other.id}' and '{line.id}'"
                    yield KeysError(text, other.id, line.id)
            claims[key].append(line)


def _meet(line: KeyLine, other: KeyLine) -> bool:
    """Return whether both lines could hold at once, so that neither may have the other's key."""
    one, two = line.scope, other.scope
    if one in _ALONE or two in _ALONE:
        return one is two
    if _covers(line, other) or _covers(other, line):
        return False
    return one is two or one in _STACKED or two in _STACKED


def _covers(line: KeyLine, other: KeyLine) -> bool:
    """Return whether a line's keys work in front of another's."""
    covered = _COVERED.get(line.scope, frozenset())
    return not covered.isdisjoint({other.id, other.id.partition(".")[0]})


def told_lines(lines: Iterable[KeyLine] = KEYS) -> Iterator[KeyLine]:
    """Yield the lines to be told to people: the first of each group stands for all."""
    seen: set[str] = set()
    for line in lines:
        if line.group not in seen:
            yield line
        if line.group:
            seen.add(line.group)


def keys_in_words(
    line: KeyLine, keymap: Mapping[str, str] | None = None, *, ascii_only: bool = False
) -> str:
    """Return all keys of a line as people write them: `j ↓`."""
    if line.group and not ascii_only:
        return line.group
    keys = keys_of(line, keymap or {})
    return " ".join(key_in_words(key, ascii_only=ascii_only) for key in keys)


def keys_table() -> str:
    """Return docs/keys.md: every key by where it works, as Markdown tables, and short forms."""
    parts = ["# Keys", ""]
    for scope in Scope:
        parts += [f"## {scope.value.capitalize()}", "", "| key | does | id |", "|---|---|---|"]
        for line in told_lines(line for line in KEYS if line.scope is scope):
            words = keys_in_words(line).replace("|", "\\|")
            parts.append(f"| `{words}` | {line.help} | `{line.id}` |")
        parts.append("")
    parts += ["## Short forms on screens", "", "| form | means |", "|---|---|"]
    parts += [f"| `{form}` | {meaning} |" for form, meaning in SHORT_FORMS.items()]
    return "\n".join([*parts, ""])

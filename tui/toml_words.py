"""What is wrong with a TOML text, in plain words: the parser speaks to programmers."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator

_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)$")
_PLAIN: Iterable[tuple[str, str]] = (
    (r"Illegal character '\\n'", "the text beginning in line {line} is not closed"),
    (r"Unterminated string", "the text beginning in line {begin} is not closed"),
    (r"Expected \"'+\"", "the text beginning in line {begin} is not closed"),
    (r"Unclosed array", "the list beginning in line {begin} lacks a comma or its closing ]"),
    (
        r"Unclosed inline table",
        "the table beginning in line {begin} lacks a comma or its closing }}",
    ),
    (r"Expected '\]+' at the end of", "the heading in line {line} is not closed with ]"),
    (r"Expected '=' after a key", 'line {line} has no "=" between name and value'),
    (r"Invalid value \(at end", "what begins in line {begin} is not finished"),
    (r"Invalid value", "the value in line {line} cannot be read; text needs quotes"),
    (r"Cannot declare", "the table in line {line} is there a second time"),
    (r"Cannot overwrite a value", "line {line} sets something a second time"),
    (r"Cannot mutate", "line {line} adds to something that is complete already"),
    (
        r"Expected newline or end of document after a statement",
        "line {line} goes on behind its value; text needs quotes, and each setting a line",
    ),
    (r"Unescaped '\\'", "a backslash in line {line} must be doubled, or stand in single quotes"),
    (r"Invalid statement", "line {line} is no setting, no heading and no comment"),
    (
        r"Illegal character|Found invalid character",
        "line {line} holds a character that must not be there",
    ),
)
"""How the parser begins its message, and what it means."""


def plain_reason(text: str, error: ValueError | RecursionError) -> str:
    """Return why a text is not TOML, with the line, without a full stop.

    Args:
        text: The whole text.
        error: What the parser said of it; its own words stand where it is unknown.
    """
    if not isinstance(error, tomllib.TOMLDecodeError):
        return _beyond_the_parser(text, error)
    message = str(error)
    found = _AT_LINE.search(message)
    line = int(found.group(1)) if found else _last_line(text)
    for beginning, words in _PLAIN:
        if re.match(beginning, message):
            return words.format(line=line, begin=_beginning(text, line))
    return message


def _beyond_the_parser(text: str, error: ValueError | RecursionError) -> str:
    """Return what is right in TOML and yet cannot be read: too deep, or too many digits."""
    line = next((n for n, head in _heads(text) if _fails_like(head, error)), _last_line(text))
    if isinstance(error, RecursionError):
        return f"what stands in line {line} is too deep to be read"
    return f"the number in line {line} has too many digits"


def _heads(text: str) -> Iterator[tuple[int, str]]:
    """Yield each line's number with the text up to its end."""
    lines = text.splitlines(keepends=True)
    return ((n, "".join(lines[:n])) for n in range(1, len(lines) + 1))


def _fails_like(text: str, error: ValueError | RecursionError) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    except type(error):
        return True
    return False


def _last_line(text: str) -> int:
    return max(1, len(text.splitlines()))


def _beginning(text: str, line: int) -> int:
    """Return the line on which the statement begins that goes wrong in `line`."""
    begin, chunk = 1, ""
    for number, each in enumerate(text.splitlines(keepends=True)[:line], 1):
        chunk += each
        try:
            tomllib.loads(chunk)
        except tomllib.TOMLDecodeError:
            continue
        begin, chunk = number + 1, ""
    return min(begin, line)

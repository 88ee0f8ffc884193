"""What is wrong with a TOML text, in plain words."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.toml_words import plain_reason


def reason(text: str) -> str:
    """What is said of a text that is not TOML."""
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    return plain_reason(text, caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('a = "x\n', "the text beginning in line 1 is not closed"),
        ('a = "x', "the text beginning in line 1 is not closed"),
        ("b = 1\na = 'x\nc = 2\n", "the text beginning in line 2 is not closed"),
        ('b = 1\na = """x\n\n\n', "the text beginning in line 2 is not closed"),
        ('a = [\n"x",\n"y\n]\n', "the text beginning in line 3 is not closed"),
        ('\na = ["x"\n\nb = 2\n', "the list beginning in line 2 lacks a comma or its closing ]"),
        ("a = [1 2]\n", "the list beginning in line 1 lacks a comma or its closing ]"),
        ("a = {b = 1\n", "the table beginning in line 1 lacks a comma or its closing }"),
        ("[watchlists\n", "the heading in line 1 is not closed with ]"),
        ("[[a]\n", "the heading in line 1 is not closed with ]"),
        ('b = 1\ntheme "x"\n', 'line 2 has no "=" between name and value'),
        ("a = yes\n", "the value in line 1 cannot be read; text needs quotes"),
        ("[a]\n[a]\n", "the table in line 2 is there a second time"),
        ("a = 1\na = 2\n", "line 2 sets something a second time"),
        (
            "a = 1 b = 2\n",
            "line 1 goes on behind its value; text needs quotes, and each setting a line",
        ),
        (
            'a = "C:\\qed"\n',
            "a backslash in line 1 must be doubled, or stand in single quotes",
        ),
        ("= 3\n", "line 1 is no setting, no heading and no comment"),
        ("a = 1\nb = '\x01'\n", "line 2 holds a character that must not be there"),
    ],
)
def test_what_is_wrong_and_where(text: str, said: str) -> None:
    assert reason(text) == said


def test_what_is_not_foreseen_is_told_in_the_words_of_the_parser() -> None:
    text = 'a = "\\uD800"'
    assert reason(text).startswith("Escaped character is not a Unicode scalar value (at line 1")


@given(st.text(alphabet="ab=[]{}\"'\\#,. 1\n", max_size=30))
def test_the_line_named_is_a_line_of_the_text(text: str) -> None:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        lines = range(1, len(text.splitlines()) + 2)
        said = plain_reason(text, error)
        assert "\n" not in said
        assert any(f"line {line}" in said for line in lines) or "document" in said

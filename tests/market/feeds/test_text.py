"""Text from outside is shown as plain visible characters, whatever it holds."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.feeds.text import LONGEST, plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("iShares Russell 2000 ETF", "iShares Russell 2000 ETF"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;my title\x07name", "name"),
        ("\x1b]8;;https://a.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("a\x9b2Jb", "ab"),
        ("two\nlines\tand  blanks ", "two lines and blanks"),
        ("evil\u202egnp", "evilgnp"),
        ("zero\u200bwidth", "zerowidth"),
        ("[bold]markup[/x]", "[bold]markup[/x]"),
        ("Münchener Rück", "Münchener Rück"),
        ("\x1b", ""),
        ("", ""),
    ],
)
def test_what_is_shown(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_nothing_invisible_is_left_and_a_second_pass_changes_nothing(text: str) -> None:
    shown = plain(text)
    assert len(shown) <= LONGEST
    assert not [c for c in shown if unicodedata.category(c).startswith("C")]
    assert plain(shown) == shown


def test_a_very_long_text_is_cut() -> None:
    assert len(plain("x" * 100_000)) == LONGEST

"""The parser of words on the command line, which complains in one line."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, NoReturn

from tui.output import complain, say

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

WRONG_USAGE = 2
LONGEST = 300
"""Characters of a complaint about the usage."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """Leave with exit code 2."""
        from tui.settings_words import brief

        complain(f"{brief(message, LONGEST)} ({self.prog} --help)")
        self.exit(WRONG_USAGE)

    def print_help(self, file: SupportsWrite[str] | None = None) -> None:
        """Print the help as all other output, unless a file is given."""
        if file is None:
            say(self.format_help())
        else:
            super().print_help(file)

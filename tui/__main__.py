"""`captop`, which is `python -m tui` too."""

from __future__ import annotations

import gc
import sys


def main() -> int:
    """Run captop and return its exit code."""
    # Loading makes objects and hardly any garbage: searching for it would be a fifth of the
    # start. The app begins again after its first paint, a command before its work.
    gc.disable()
    from tui import cli

    return cli.main()


if __name__ == "__main__":
    sys.exit(main())

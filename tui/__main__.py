"""`captop`, which is `python -m tui` too."""

from __future__ import annotations

import gc
import sys

from tui import last_frame


def main() -> int:
    """Run captop and return its exit code."""
    # Loading makes objects and hardly any garbage: searching for it would be a fifth of the
    # start. The app begins again after its first paint, a command before its work.
    gc.disable()
    if not sys.argv[1:]:
        last_frame.show()
    try:
        from tui import cli

        return cli.main()
    finally:
        last_frame.take_away()


if __name__ == "__main__":
    sys.exit(main())

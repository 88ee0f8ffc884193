"""Who imports whom, as seen in a fresh interpreter: what an import really brings along.

What the source says of itself is held by `uv run lint-imports`.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCREEN = {"textual", "rich", "plotext"}
HEAVY = {"numpy", "pandas", "plotext", "httpx", "tomlkit", "websockets", "google.protobuf"}
IMPORT_ALL = "import importlib, sys; [importlib.import_module(name) for name in {names!r}]"
TELL = "\nsys.stderr.write('\\n' + ' '.join(sys.modules))"


def loaded_by(code: str) -> set[str]:
    """The modules that are loaded after some code ran in a fresh interpreter."""
    command = [sys.executable, "-c", code + TELL]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return set(run.stderr.splitlines()[-1].split())


def modules_of(package: str) -> Iterator[str]:
    """The dotted names of all modules of a package."""
    for path in sorted((ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def loaded_by_all_of(package: str) -> set[str]:
    return loaded_by(IMPORT_ALL.format(names=list(modules_of(package))))


def loaded_by_commands(*commands: tuple[str, ...]) -> set[str]:
    """The modules that are loaded after some commands ran, one after another."""
    code = (
        "import sys, os; from tui.cli import main; sys.stdout = open(os.devnull, 'w')\n"
        f"for arguments in {commands!r}:\n"
        "    try: code = main(arguments)\n"
        "    except SystemExit as left: code = left.code\n"
        "    assert code == 0, code\n"
    )
    return loaded_by(code)


def parts_in(loaded: set[str], *packages: str) -> set[str]:
    """Those of the loaded modules that belong to one of some packages."""
    return {m for m in loaded if any(m == p or m.startswith(f"{p}.") for p in packages)}


def test_the_whole_market_knows_no_screen() -> None:
    loaded = loaded_by_all_of("market")
    assert parts_in(loaded, "market.engine", "market.feeds.yahoo", "market.metrics.compute")
    assert not parts_in(loaded, *SCREEN, "widgets", "tui")


def test_the_market_imports_pandas_and_numpy_only_to_calculate() -> None:
    assert not parts_in(loaded_by_all_of("market"), "numpy", "pandas")


def test_all_widgets_know_neither_program_nor_feeds() -> None:
    loaded = loaded_by_all_of("widgets")
    assert parts_in(loaded, "widgets.panel", "textual")
    assert not parts_in(loaded, "tui", "market.feeds", "market.engine", *HEAVY)


def test_commands_that_only_tell_import_neither_screen_nor_market() -> None:
    """What `captop snapshot --demo` loads is held by tests/tui/test_headless.py."""
    loaded = loaded_by_commands(("--version",), ("--help",), ("config", "path"))
    assert not parts_in(loaded, *SCREEN, *HEAVY, "asyncio", "market.engine")

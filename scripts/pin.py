"""Refresh the pinned versions of the whole resolved closure in pyproject.toml.

`uv run python scripts/pin.py` resolves anew, ignoring today's pins, and writes every name
and version to `[tool.uv] constraint-dependencies`. The lock file itself stays untracked.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import tomlkit
from tomlkit.items import Array, Table

PYPROJECT = Path(__file__).parent.parent / "pyproject.toml"
EXPORT = ("uv", "export", "--all-extras", "--all-groups", "--no-hashes", "--no-emit-project")


def resolved() -> list[str]:
    """Return one requirement per package and marker, as uv resolves them now."""
    subprocess.run(("uv", "lock", "--upgrade", "--quiet"), cwd=PYPROJECT.parent, check=True)
    shown = subprocess.run(
        (*EXPORT, "--quiet", "--no-annotate", "--no-header"),
        cwd=PYPROJECT.parent,
        check=True,
        capture_output=True,
        text=True,
    )
    return [line.strip() for line in shown.stdout.splitlines() if line.strip()]


def write(pins: list[str]) -> None:
    """Put the pins in place of the old ones, leaving the rest of the file as it is."""
    document = tomlkit.parse(PYPROJECT.read_text(encoding="utf-8"))
    tool = document["tool"]
    assert isinstance(tool, Table)
    settings = tool["uv"]
    assert isinstance(settings, Table)
    array: Array = tomlkit.array()
    array.extend(pins)
    settings["constraint-dependencies"] = array.multiline(multiline=True)
    PYPROJECT.write_text(tomlkit.dumps(document), encoding="utf-8")


def main() -> None:
    """Resolve without pins, then write the new ones."""
    write([])
    pins = resolved()
    write(pins)
    print(f"{len(pins)} versions pinned in {PYPROJECT.name}")


if __name__ == "__main__":
    main()

"""The same benchmarks of an older revision, cloned into a temporary folder."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

Row = dict[str, object]
HERE = Path(__file__).resolve().parents[1]


class Revision:
    """An older revision: its program and its benchmarks, run with the libraries of today."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def rows(self, name: str) -> dict[str, Row]:
        """Return what a benchmark of the revision finds, by what was measured.

        Nothing if it has no such benchmark; what else goes wrong is told by the benchmark itself.
        """
        if not (self._folder / "benchmarks" / f"{name}.py").exists():
            return {}
        run = subprocess.run(
            [sys.executable, "-m", "benchmarks", name, "--json"],
            cwd=self._folder,
            stdout=subprocess.PIPE,
            check=True,
        )
        return {str(row["name"]): row for row in json.loads(run.stdout)}


@contextmanager
def revision(name: str) -> Generator[Revision]:
    """Give a revision of this repository; CalledProcessError if there is none of that name."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "clone", "--quiet", "--no-checkout", HERE, folder], check=True)
        found = subprocess.run(
            ["git", "rev-parse", "--verify", f"{name}^{{commit}}"],
            cwd=HERE,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout.strip()
        subprocess.run(["git", "checkout", "--quiet", "--detach", found], cwd=folder, check=True)
        yield Revision(Path(folder))

"""What the app imports before its first paint: nothing that costs more than Textual itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CODE = """
import sys
import tui.app
heavy = {"numpy", "pandas", "plotext", "httpx", "tomlkit", "exchange_calendars"} & set(sys.modules)
sys.exit(", ".join(sorted(heavy)) or 0)
"""


def test_the_app_imports_nothing_heavy() -> None:
    root = Path(__file__).resolve().parents[2]
    run = subprocess.run([sys.executable, "-c", CODE], cwd=root, capture_output=True, check=False)
    assert run.returncode == 0, run.stderr.decode()

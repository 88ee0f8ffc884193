"""What holds for every test: a home of its own, no settings from outside, patient properties."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "captop",
    deadline=None,
    max_examples=20,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.register_profile("ci", settings.get_profile("captop"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "captop")


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than cores: some tests wait for a terminal or a socket."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session", autouse=True)
def _few_collections() -> None:
    """Collect garbage less often: thousands of small tests make little of it."""
    gc.set_threshold(100_000, 50, 50)


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders that do not exist yet, one after another."""
    base = tmp_path_factory.mktemp("homes")
    return (base / str(number) for number in count())


@pytest.fixture(autouse=True)
def own_home(homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep settings, cache and environment of whoever runs the tests out of them."""
    home = next(homes)
    for name in [n for n in os.environ if n.startswith("CAPTOP_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("HOME", str(home))
    for kind in ("CONFIG", "CACHE", "STATE", "DATA"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))

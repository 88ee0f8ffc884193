"""What holds for every test: a home of its own, no settings from outside, patient properties."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import certifi
import pytest
from hypothesis import HealthCheck, settings

from tests import kept, stillness
from tests.clocks import THURSDAY_AFTERNOON

if TYPE_CHECKING:
    from tests.exchange import Exchange

HERE = Path(__file__).parent

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
    """One more than cores, for when one waits; each makes its own market, at 10 s of CPU."""
    return (os.cpu_count() or 1) + 1


def pytest_configure() -> None:
    """Keep what is compiled, of plugins too, even where none is wanted; seldom look for garbage."""
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # workers load the plugins before this file
    stillness.use()
    gc.set_threshold(100_000, 50, 50)  # thousands of small tests make little garbage


def pytest_collection(session: pytest.Session) -> None:
    """Let each worker rewrite the assertions of another share first, for all the others."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    if worker and [Path(name).absolute() for name in session.config.args] == [HERE]:
        modules = sorted(HERE.rglob("test_*.py"))
        first = len(modules) * int(worker) // int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
        for file in (*modules[first:], *modules[:first]):
            with suppress(Exception, pytest.skip.Exception):  # the collection will tell of it
                import_module(".".join(file.relative_to(HERE.parent).with_suffix("").parts))


@pytest.fixture(scope="session", autouse=True)
def _shared(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let the workers of one run share what takes long to make."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        kept.share(tmp_path_factory.getbasetemp().parent)


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders that do not exist yet, one after another."""
    base = tmp_path_factory.mktemp("homes")
    return (base / str(number) for number in count())


@pytest.fixture(scope="session")
def one_authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One certificate to trust: each client takes 0.1 s to read the usual hundreds."""
    end = "-----END CERTIFICATE-----\n"
    first, _, _ = Path(certifi.where()).read_text(encoding="utf-8").partition(end)
    file = tmp_path_factory.mktemp("trust") / "one.pem"
    file.write_text(first + end, encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def open_exchange() -> Iterator[Exchange]:
    """All sources on a Thursday afternoon, as the last test left them: prices are made once."""
    from tests.exchange import Exchange

    with Exchange(now=THURSDAY_AFTERNOON) as running:
        yield running


@pytest.fixture
def afternoon(open_exchange: Exchange) -> Iterator[Exchange]:
    """All sources on a Thursday afternoon, healthy; earlier tests have asked them too."""
    open_exchange.heal()
    yield open_exchange
    open_exchange.heal()


@pytest.fixture(autouse=True)
def own_home(homes: Iterator[Path], one_authority: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep settings, cache and environment of whoever runs the tests out of them."""
    home = next(homes)
    for name in [n for n in os.environ if n.startswith("CAPTOP_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("SSL_CERT_FILE", str(one_authority))
    for kind in ("CONFIG", "CACHE", "STATE", "DATA"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))

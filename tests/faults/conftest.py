"""One exchange for all of these tests, put in order for each."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from tests.clocks import THURSDAY_AFTERNOON
from tests.faults.program import Hall


@pytest.fixture(scope="session")
def open_hall() -> Generator[Hall]:
    """Return the exchange as the last test left it."""
    hall = Hall()
    with hall.exchange:
        yield hall


@pytest.fixture
def hall(open_hall: Hall) -> Generator[Hall]:
    """Return the exchange, healthy, on a Thursday afternoon."""
    open_hall.at(THURSDAY_AFTERNOON)
    yield open_hall
    open_hall.exchange.heal()

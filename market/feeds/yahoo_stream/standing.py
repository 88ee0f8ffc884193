"""How the connections of the stream stand, and which of them tell prices."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from market.reports import Failed


class Standing:
    """What happened on each connection, by its number, and what of it was not reported yet."""

    def __init__(self, lines: int) -> None:
        self._told: list[set[str]] = [set() for _ in range(lines)]
        """What each connection has told a price of since it stands, as the stream calls it."""
        self._heard: set[tuple[int, str]] = set()
        """What was told by which connection since the last report, old prices too."""
        self._down: set[int] = set()
        """The connections that have broken and do not stand again."""
        self._gaps: set[int] = set()
        """Those that have told no price since."""
        self._failures: list[Failed] = []
        self._has_stood = False
        """Whether a connection has come to stand since the last report."""

    def stand(self, number: int) -> None:
        """Learn that a connection stands."""
        self._down.discard(number)
        self._has_stood = True

    def hear(self, number: int, name: str) -> None:
        """Learn that a connection has told a price."""
        self._heard.add((number, name))

    def believe(self, live: Collection[str]) -> None:
        """Learn which of the prices told are of now: a connection begins with old ones, too."""
        for number, name in self._heard:
            if name in live:
                self._told[number].add(name)
        self._heard.clear()

    def lose(self, number: int, failed: Failed) -> None:
        """Learn that a connection has broken."""
        self._told[number].clear()
        self._heard = {each for each in self._heard if each[0] != number}
        self._down.add(number)
        self._gaps.add(number)
        self._failures.append(failed)

    @property
    def is_down(self) -> bool:
        """Whether any connection has broken and does not stand again."""
        return bool(self._down)

    @property
    def telling(self) -> int:
        """How many connections tell prices."""
        return sum(map(bool, self._told))

    def carried(self, names: Sequence[Sequence[str]]) -> Iterator[str]:
        """Yield what comes by itself, of what each connection carries."""
        for told, carried in zip(self._told, names, strict=True):
            yield from told.intersection(carried)

    def take_failures(self) -> tuple[Sequence[Failed], bool]:
        """Return what broke since the last report, and whether a connection has come to stand."""
        failures, has_stood = self._failures, self._has_stood
        self._failures, self._has_stood = [], False
        return failures, has_stood

    def take_gaps(self) -> Sequence[int]:
        """Return the connections that tell prices again, for the first time since they broke."""
        over = [number for number in self._gaps if self._told[number]]
        self._gaps.difference_update(over)
        return over

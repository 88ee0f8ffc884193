"""Which of Yahoo's twin hosts is asked, and how many symbols one quote request names."""

from __future__ import annotations

from urllib.parse import urlsplit

LARGEST_BATCH = 250
"""542 symbols in one request have worked, and 100 have failed: start in between."""
SMALLEST_BATCH = 20
"""So few symbols are never too many: a server error is then just that."""
PATIENCE = 10
"""Good answers before a larger batch is tried; doubled each time that fails."""
GROWTH = 1.25


class Hosts:
    """The address asked now; a refusal moves on to the other one."""

    def __init__(self, base_url: str, alternate_url: str | None) -> None:
        urls = [base_url, *([alternate_url] if alternate_url else [])]
        self._urls = [url.rstrip("/") for url in urls]
        self._now = 0

    @property
    def url(self) -> str:
        """The address that the next request goes to."""
        return self._urls[self._now]

    @property
    def host(self) -> str:
        """Host and port of that address."""
        return urlsplit(self.url).netloc

    @property
    def names(self) -> frozenset[str]:
        """The host names of all addresses."""
        return frozenset(urlsplit(url).hostname or "" for url in self._urls)

    def refused(self, url: str) -> None:
        """Move on from an address that refused. A late refusal of the other one says nothing."""
        if url == self.url:
            self._now = (self._now + 1) % len(self._urls)


class BatchSize:
    """How many symbols one quote request names: halved on refusal, slowly grown again."""

    def __init__(self, largest: int = LARGEST_BATCH) -> None:
        self._largest = largest
        self._size = largest
        self._accepted = 0
        self._good_answers = 0
        self._patience = PATIENCE

    @property
    def size(self) -> int:
        """The most symbols to name now."""
        return self._size

    def refused(self, count: int) -> None:
        """Learn that so many symbols were too many: go back to what has worked, else halve."""
        if count <= SMALLEST_BATCH:
            return
        if self._accepted >= count:
            self._accepted = 0
        fewer = max(SMALLEST_BATCH, self._accepted or count // 2)
        if fewer >= self._size:
            return
        self._size = fewer
        self._patience = min(16 * PATIENCE, 2 * self._patience)
        self._good_answers = 0

    def accepted(self, count: int) -> None:
        """Learn that so many symbols were answered."""
        self._accepted = max(self._accepted, count)
        if count < self._size:
            return
        self._good_answers += 1
        if self._good_answers >= self._patience:
            self._good_answers = 0
            self._size = min(self._largest, max(self._size + 1, int(self._size * GROWTH)))

"""What a running captop tells `captop status`: the metrics that are read, a few seconds old."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from market.freshness import age_in_words, freshness
from market.health import Look
from market.metrics.compute import metric_named
from market.metrics.names import rule_writing
from market.readers import states_in
from market.rules.written import RuleError
from market.snapshot import Snapshot
from tui.metric_document import metric_document
from tui.running import Claim
from tui.status_file import ANSWER_FILE, ASKED_FILE, READ_WITHIN_S, asked_in
from tui.whole_file import replace_file
from widgets.metric_text import metric_text

BEATS_S = 30
"""How often an answer that stays the same is written again, to say that captop still runs."""
_OLD = frozenset({Look.LATE, Look.FAILING})


class StatusStore:
    """Answers readers in a folder. Where nobody reads, a look costs one question to the disk."""

    def __init__(self, folder: Path, *, claims: bool = True) -> None:
        """Answer in a folder, the cache's.

        Args:
            folder: Where readers ask.
            claims: Whether others are told that a captop runs, whose data they can share.
        """
        self._folder = folder
        self._claim = Claim(folder) if claims else None
        self._asked: dict[str, float] = {}
        self._changed_at = -1
        self._told: Mapping[str, Any] = {}
        self._told_at = float("-inf")

    def publish(self, snapshot: Snapshot) -> Collection[str]:
        """Answer what is asked, if anything is, and return the metrics that are read.

        OSError if the answer cannot be written.
        """
        if self._claim is not None:
            self._claim.renew()
        now = snapshot.now.timestamp()
        names = self._names(now)
        told = {name: _told(snapshot, name) for name in names}
        if names and (told != self._told or not 0 <= now - self._told_at < BEATS_S):
            self._write(snapshot, told, now)
        return names

    def _write(self, snapshot: Snapshot, told: Mapping[str, Any], now: float) -> None:
        answer = {"at": now, "mode": str(snapshot.mode), "metrics": told}
        replace_file(self._folder / ANSWER_FILE, json.dumps(answer, ensure_ascii=False).encode())
        self._told, self._told_at = told, now

    def _names(self, now: float) -> list[str]:
        """Return what is read now; the file is opened only after it has changed."""
        try:
            changed_at = (self._folder / ASKED_FILE).stat().st_mtime_ns
        except OSError:
            return []
        if changed_at != self._changed_at:
            self._changed_at = changed_at
            self._asked = asked_in(self._folder, now)
        return sorted(name for name, at in self._asked.items() if now - at < READ_WITHIN_S)


def _told(snapshot: Snapshot, name: str) -> dict[str, Any]:
    """A metric, as text too, with its age where it is older than it should be."""
    document, fresh = metric_document(snapshot, name), freshness(snapshot, name)
    return {
        **document,
        "text": metric_text(snapshot, name, document["value"], unit=True),
        "age": age_in_words(fresh) if fresh.look in _OLD else "",
        "unknown": _unknown(snapshot, name) if document["value"] is None else "",
    }


def _unknown(snapshot: Snapshot, name: str) -> str:
    """Return why there can be no such metric, empty if there can."""
    states = states_in(snapshot)
    if name in states or metric_named(name, snapshot.cast) is not None:
        return ""
    try:
        rule_writing(snapshot.cast, snapshot.baskets, states).require(name, "captop status")
    except RuleError as error:
        return str(error)
    return ""

"""What is odd about settings that can be used: told by `captop config check`, never refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tui.settings import Loaded
from tui.settings_words import brief

LONGEST_FOLDER = 300


def remarks(loaded: Loaded) -> list[str]:
    """Return a sentence for each setting that will not do what whoever wrote it may expect."""
    settings = loaded.settings
    return [
        *_of_folder(loaded, "baskets", settings.baskets.folder),
        *_of_folder(loaded, "thesis", settings.thesis.folder),
        *_of_lists(loaded),
    ]


def _of_folder(loaded: Loaded, name: str, folder: Path) -> Iterator[str]:
    """The usual folder need not be there; one that somebody named should."""
    place = loaded.places.get(f"{name}.folder")
    if place is not None and not folder.is_dir():
        what = "is no folder" if folder.exists() else "is not there"
        named = brief(folder, LONGEST_FOLDER)
        shipped = {"baskets": "baskets", "thesis": "stories"}[name]
        yield f"{place} names {named}, which {what}: only the shipped {shipped} are used."


def _of_lists(loaded: Loaded) -> Iterator[str]:
    for name, symbols in loaded.settings.watchlists.lists.items():
        counts = Counter(symbol.upper() for symbol in symbols)
        if twice := [symbol for symbol, count in counts.items() if count > 1]:
            place = loaded.places.get(f"watchlists.lists.{name}", name)
            yield f"{place} names {', '.join(twice)} more than once: shown once."

"""Every name that other programs may ask for: metrics, and states of feeds and stories' lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from market.basket_check import checked_baskets
from market.baskets import Basket
from market.instruments import Cast
from market.metrics.names import States, rule_writing, story_writing, with_possible_groups
from market.named_states import line_name, state_names
from market.rules.rule import FEED
from market.rules.written import Writing
from market.thesis import Story, stories_in
from tui.settings import Settings
from tui.wiring import basket_folders, feed_names, story_folders


class KnownNames(NamedTuple):
    """What the settings, the baskets and the stories give names to."""

    cast: Cast
    """And behind it every group, with members or without."""
    baskets: tuple[Basket, ...]
    stories: tuple[Story, ...]
    states: States
    writing: Writing
    """Refuses a name that there is none of, naming the nearest."""
    faults: tuple[str, ...]
    """What is wrong with the files of baskets and stories."""


def known_names(settings: Settings) -> KnownNames:
    """Return what has a name by the settings and the files that they name."""
    baskets, odd = checked_baskets(basket_folders(settings))
    stories, wrong = stories_in(story_folders(settings), story_writing(settings.cast, baskets))
    states = state_names(stories, feed_names())
    writing = rule_writing(settings.cast, baskets, states)
    groups = with_possible_groups(settings.cast, baskets).by_symbol
    cast = Cast({**settings.cast.by_symbol, **groups})
    return KnownNames(cast, tuple(baskets), tuple(stories), states, writing, faults=(*odd, *wrong))


def states_told(stories: Iterable[Story]) -> Iterator[tuple[str, str]]:
    """Yield the named states, each with its meaning."""
    for feed in feed_names():
        yield (
            f"{FEED}.{feed}.state",
            f"How the feed {feed} does: ok or failing; nothing before its first answer.",
        )
    for story in stories:
        for line in story.lines:
            yield line_name(story.slug, line.id), f"How it stands by official closes: {line.claim}"

"""The footer: what can be done here and now, or one message, in one line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

import msgspec
from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen
from textual.signal import Signal
from textual.timer import Timer
from textual.widget import Widget

from tui.key_tape import OF_THE_MARKET, PLAYING
from tui.keys import KEYS, Scope, key_in_words, keys_of, line_of
from widgets.lines import cropped, folded
from widgets.palette import app_of, ascii_of

MESSAGE_S = 6.0
"""How long a message stands."""
MESSAGE_LINES, ROOMY_HEIGHT = 2, 10
"""How many lines a message may take, and the height of a terminal that has room for them."""
LAST_TO_GO = ("app.help", "app.commands", "go.open", "go.up", "dialog.close")
"""Hints that stay when others find no room."""


class Hint(msgspec.Struct, frozen=True):
    """One key and what it does."""

    id: str
    key: str
    label: str

    @property
    def width(self) -> int:
        """Cells it takes with the gap after it."""
        return cell_len(self.key) + cell_len(self.label) + 3


def hints_of(
    actions: Iterable[str],
    keymap: Mapping[str, str],
    *,
    ascii_only: bool = False,
    labels: Mapping[str, str] | None = None,
) -> tuple[Hint, ...]:
    """Return the hints for the ids of lines that are active now, in the order of KEYS.

    `labels` says by id what a key does just now where that is not the usual. While a filter is
    typed, letters are letters: only the line's own keys are told. A tape's keys come first.
    """
    ids = set(actions)
    of_tape = PLAYING if "tape.step" in ids else ()
    if of_tape:
        ids -= OF_THE_MARKET.union(*(told for told, _ in of_tape))
    active = [line for line in KEYS if line.show and line.id in ids]
    typed = [line for line in active if line.scope is Scope.FILTER]
    named = {line.id: line.label for line in active} | dict(labels or {})

    def hint(key_ids: Sequence[str], label: str) -> Hint:
        keys = (keys_of(line_of(each), keymap)[0] for each in key_ids)
        words = " ".join(key_in_words(key, ascii_only=ascii_only) for key in keys)
        return Hint(key_ids[-1], words, label)

    if typed:
        return tuple(hint((line.id,), named[line.id]) for line in typed)
    usual = (hint((line.id,), named[line.id]) for line in active)
    return (*(hint(told, label) for told, label in of_tape), *usual)


def fitted(hints: Iterable[Hint], width: int) -> tuple[Hint, ...]:
    """Return as many hints as fit into a line, whole ones only, the most needed ones surely.

    The others stand in the order of need: where one has no room, none behind it is told instead.
    """
    given = tuple(hints)
    kept: set[str] = set()
    room = width
    for hint in sorted(given, key=lambda h: h.id not in LAST_TO_GO):
        if hint.width - 2 <= room:
            kept.add(hint.id)
            room -= hint.width
        elif hint.id not in LAST_TO_GO:
            break
    return tuple(h for h in given if h.id in kept)


def footer_line(hints: Iterable[Hint], width: int) -> Content:
    """Return the line of hints for a width."""
    parts: list[str | tuple[str, str]] = [" "]
    for hint in fitted(hints, width - 2):
        parts += [
            (hint.key, "bold $footer-key-foreground"),
            (f" {hint.label}", "$text-muted"),
            "  ",
        ]
    return Content.assemble(*parts)


def alert_line(title: str, more: int, width: int) -> Content:
    """Return the quiet word of an alert before the hints: `! VIX above 20 +2`, or nothing."""
    if not title:
        return Content()
    count = f" +{more}" if more else ""
    room = max(8, width // 2 - len(count) - 4)
    return Content.assemble(" ", (f"! {cropped(title, room)}{count}", "bold $accent"), " ")


def hint_at(hints: Iterable[Hint], width: int, x: int) -> Hint | None:
    """Return the hint that `footer_line` puts at a cell; None between them."""
    start = 1
    for hint in fitted(hints, width - 2):
        if start <= x < start + hint.width - 2:
            return hint
        start += hint.width
    return None


class KeyBar(Widget):
    """The last line of the screen."""

    hints: reactive[tuple[Hint, ...]] = reactive(tuple[Hint, ...]())
    """What can be done now."""
    alert: reactive[tuple[str, int]] = reactive(("", 0))
    """The newest alert that nobody has taken note of, and how many more there are."""
    message: reactive[str] = reactive("")
    """A sentence that stands instead of the hints for a moment."""

    def __init__(self) -> None:
        super().__init__()
        self._timer: Timer | None = None
        self._is_notice = False
        """Whether the message answers no key: something has happened that is to be read."""

    def on_mount(self) -> None:
        """Follow what can be done."""
        _signal_of(self).subscribe(self, lambda _: self._renew())

    def watch_message(self) -> None:
        """Take a second line for what one has no room for."""
        self.styles.height = max(1, len(self._told()))

    def on_resize(self) -> None:
        """Fold the message anew."""
        self.watch_message()

    def _told(self) -> list[str]:
        """Return the message's lines; where lines are few it has one."""
        lines = 1 if self.screen.size.height < ROOMY_HEIGHT else MESSAGE_LINES
        return folded(self.message, self.size.width - 1, lines)

    def say(self, text: str, *, is_notice: bool = False) -> None:
        """Show a message for a while; what answers a key no longer than until the next one."""
        if self._timer is not None:
            self._timer.stop()
        self._is_notice = is_notice
        self.message = text
        self._timer = self.set_timer(MESSAGE_S, self.hush) if text else None

    def hush(self) -> None:
        """Take the message away."""
        self.message = ""

    def answer_no_longer(self) -> None:
        """Take away what answered a key: it may be true no longer. A notice stays its while."""
        if not self._is_notice:
            self.hush()

    def render(self) -> Content:
        """Return the message or the hints; the first frame of a screen is ahead of their news."""
        if self.message:
            return Content("\n").join(Content.styled(f" {told}", "$text") for told in self._told())
        if (found := self._found()) is not None:
            self.set_reactive(KeyBar.hints, found)  # news is whatever differs from what is painted
        alert = alert_line(*self.alert, self.size.width)
        return alert + footer_line(self.hints, self.size.width - alert.cell_length)

    def on_click(self, event: events.Click) -> None:
        """Do what the key that was clicked on does."""
        taken = alert_line(*self.alert, self.size.width).cell_length
        if event.x < taken and not self.message:
            event.stop()
            app_of(self).simulate_key(keys_of(line_of("go.alerts"), self._keymap)[0])
            return
        room, x = self.size.width - taken, event.x - taken
        hint = None if self.message else hint_at(self.hints, room, x)
        if hint is not None:
            event.stop()
            app_of(self).simulate_key(keys_of(line_of(hint.id), self._keymap)[0])

    @property
    def _keymap(self) -> Mapping[str, str]:
        return getattr(app_of(self), "key_overrides", {})

    def _renew(self) -> None:
        """Take the news; before it has a place, painting it finds out anyway."""
        if self.size and (found := self._found()) is not None:
            self.hints = found

    def _found(self) -> tuple[Hint, ...] | None:
        """Return what can be done now, in a dialog its own; None while this line is covered.

        A room does not offer itself: that there is a way back is told already.
        """
        screen = app_of(self).screen
        if not (screen is self.screen or screen.is_modal):
            return None
        ids = {active.binding.id or "" for active in screen.active_bindings.values()}
        ids.discard(getattr(screen, "room", ""))
        labels: Mapping[str, str] = getattr(screen, "hint_labels", {})
        return hints_of(ids, self._keymap, ascii_only=ascii_of(self), labels=labels)


def _signal_of(bar: KeyBar) -> Signal[Screen[None]]:
    """Return the signal that says that something else can be done now."""
    return cast(
        "Signal[Screen[None]]",
        bar.screen.bindings_updated_signal,  # pyright: ignore[reportUnknownMemberType]
    )

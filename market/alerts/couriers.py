"""Who tells of alerts beyond the pane: what a courier is, and the two that need no network."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol, cast

from market.alerts.alert import Alert, Channel
from market.alerts.events import AlertEvent, EventKind

PATIENCE_S = 10.0
"""How long one courier may take."""


class CourierError(Exception):
    """An event could not be told: one sentence."""


class Courier(Protocol):
    """Tells of events by one channel."""

    channel: Channel

    async def tell(self, event: AlertEvent) -> None:
        """Tell of an event; CourierError if that is impossible."""
        ...

    async def aclose(self) -> None:
        """Give back what it holds."""
        ...


def is_delivered(event: AlertEvent, alert: Alert) -> bool:
    """Return whether people are told of an event beyond the pane."""
    if event.kind is EventKind.LEFT:
        return alert.tells_leaving
    return event.kind is EventKind.ENTERED


def headline(event: AlertEvent) -> str:
    """Return an event in a few words: its title, or that it is over."""
    return f"{event.title}: over" if event.kind is EventKind.LEFT else event.title


def placeholders(event: AlertEvent) -> Mapping[str, str]:
    """Return what stands for what in a user's command."""
    return {
        "{title}": headline(event),
        "{text}": event.text,
        "{id}": event.alert,
        "{kind}": str(event.kind),
        "{metric}": event.metric,
        "{value}": "" if event.value is None else str(event.value),
        "{at}": event.at.isoformat(),
    }


class CommandCourier:
    """Runs the user's command, an argument list, without a shell."""

    channel = Channel.COMMAND

    def __init__(self, arguments: Sequence[str]) -> None:
        """Run these arguments, in which placeholders stand for what happened."""
        self._arguments = tuple(arguments)

    async def tell(self, event: AlertEvent) -> None:
        """Run the command; CourierError unless it ends well and in time."""
        words = [filled(argument, event) for argument in self._arguments]
        nothing = asyncio.subprocess.DEVNULL
        try:
            process = await asyncio.create_subprocess_exec(
                *words, stdin=nothing, stdout=nothing, stderr=nothing
            )
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            raise CourierError(f"{words[0]} cannot be run: {why}") from None
        try:
            code = await asyncio.wait_for(process.wait(), PATIENCE_S)
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            raise CourierError(f"{words[0]} took longer than {PATIENCE_S:g} s") from None
        if code:
            raise CourierError(f"{words[0]} ended with {code}")

    async def aclose(self) -> None:
        """Hold nothing."""


def filled(argument: str, event: AlertEvent) -> str:
    """Return an argument in which placeholders are filled in, each once and none within another."""
    told = placeholders(event)
    parts = argument.split("{")
    done = parts[0]
    for part in parts[1:]:
        name, brace, rest = part.partition("}")
        sign = f"{{{name}{brace}"
        done += told[sign] + rest if sign in told else "{" + part
    return done.replace("\0", "")


class _Heard(logging.Handler):
    """Keeps what a library logs away from the terminal, and whether it failed."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.trouble = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Remember the newest complaint."""
        error = record.exc_info[1] if record.exc_info else None
        self.trouble = str(error) if error is not None else record.getMessage()


class DesktopCourier:
    """Notifies by the desktop (extra `captop[desktop]`)."""

    channel = Channel.DESKTOP

    def __init__(self) -> None:
        self._notifier: Any = None
        self._heard = _Heard()

    async def tell(self, event: AlertEvent) -> None:
        """Notify; CourierError where there is no desktop, or the extra is missing."""
        notifier = self._opened()
        self._heard.trouble = ""
        try:
            sent = notifier.send(title=headline(event), message=event.text)
            await asyncio.wait_for(sent, PATIENCE_S)
        except TimeoutError:
            raise CourierError(f"no answer within {PATIENCE_S:g} s") from None
        if self._heard.trouble:
            raise CourierError(self._heard.trouble)

    async def aclose(self) -> None:
        """Hold nothing that must be given back."""

    def _opened(self) -> Any:  # noqa: ANN401 - the extra may not be there to name its types
        if self._notifier is None:
            if not is_desktop_installed():
                raise CourierError("it needs the extra: captop[desktop]")
            logger = logging.getLogger("desktop_notifier")
            logger.propagate = False
            logger.addHandler(self._heard)
            try:
                made = cast("Any", import_module("desktop_notifier")).DesktopNotifier
                self._notifier = made(app_name="captop")
            except (ImportError, OSError) as error:
                raise CourierError(f"desktop-notifier cannot be loaded: {error}") from None
        return self._notifier


def is_desktop_installed() -> bool:
    """Return whether the extra is there, without importing it."""
    return find_spec("desktop_notifier") is not None

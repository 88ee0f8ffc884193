"""What is new on a board for those who look at it from time to time."""

from __future__ import annotations

from market.alerts.alert import Channel
from market.alerts.board import AlertBoard
from market.alerts.couriers import is_delivered
from market.alerts.events import AlertEvent


def news_of(board: AlertBoard, told: int) -> tuple[AlertEvent, ...]:
    """Return the events of this run after the first `told` of them, as far as they are kept."""
    count = min(max(0, board.told - told), len(board.history))
    return board.history[len(board.history) - count :]


def is_wanted(event: AlertEvent, board: AlertBoard, channel: Channel) -> bool:
    """Return whether an event's alert is to be told by a channel."""
    standing = board.of(event.alert)
    if standing is None or channel not in standing.alert.tell:
        return False
    return is_delivered(event, standing.alert)

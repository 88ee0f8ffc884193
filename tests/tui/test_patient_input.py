"""Waiting for keys: in short looks while they come, as long as it takes once none does."""

from __future__ import annotations

import os
import threading
from selectors import EVENT_READ

from tui.patient_input import QUIET_AFTER, PatientSelector


def test_what_comes_after_a_long_rest_is_read_and_short_looks_follow() -> None:
    keys, keyboard = os.pipe()
    selector = PatientSelector()
    selector.register(keys, EVENT_READ)
    for _ in range(QUIET_AFTER):
        assert selector.select(0) == []
    threading.Timer(0.01, os.write, (keyboard, b"k")).start()
    ((key, mask),) = selector.select(0)
    assert (key.fd, mask) == (keys, EVENT_READ), "it waits for the key, however short the look"
    assert os.read(keys, 1) == b"k"
    assert selector.select(0) == [], "half a key is looked after as before"
    selector.close()
    os.close(keys)
    os.close(keyboard)


def test_whoever_waits_is_woken_up_for_good() -> None:
    selector = PatientSelector()
    for _ in range(QUIET_AFTER):
        selector.select(0)
    threading.Timer(0.01, selector.wake).start()
    assert selector.select(0) == []
    assert selector.select(None) == []
    selector.close()
    selector.wake()

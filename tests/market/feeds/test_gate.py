"""A host's gate: never more than its budget, fewer after refusals."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from market.feeds.gate import MAX_IN_FLIGHT, Gate
from market.reports import ErrorKind, FeedError


def limited(retry_after_s: float | None = None) -> FeedError:
    return FeedError(ErrorKind.LIMITED, "too many requests", retry_after_s)


def asked_within(gate: Gate, seconds: int, error: FeedError | None = None, start: int = 0) -> int:
    """Ask as often as the gate lets us for some seconds; every request ends at once."""
    count = 0
    for tick in range(start * 10, (start + seconds) * 10):
        now = tick / 10
        while gate.wait_s(now) == 0:
            gate.enter(now)
            gate.leave(now, error)
            count += 1
    return count


def test_steady_state_stays_within_the_budget() -> None:
    gate = Gate(30, Random(1))
    first_minute = asked_within(gate, 60)
    assert first_minute <= 60
    assert asked_within(gate, 600, start=60) <= 300 + 1


def test_a_429_closes_the_gate_and_then_lets_one_probe_through() -> None:
    gate = Gate(30, Random(1))
    gate.enter(0.0)
    gate.leave(0.0, limited())
    assert gate.wait_s(0.0) >= 40
    later = gate.pause_s(0.0)
    assert gate.wait_s(later) == 0
    gate.enter(later)
    assert gate.wait_s(later) == float("inf")
    gate.leave(later, None)
    assert gate.wait_s(later + 10) == 0


def test_ever_more_refusals_lead_to_ever_fewer_requests() -> None:
    gate = Gate(30, Random(1))
    hour = [asked_within(gate, 600, limited(), start=600 * n) for n in range(6)]
    assert sum(hour) <= 15
    assert hour[-1] <= hour[0]


def test_retry_after_is_honoured_and_bounded() -> None:
    gate = Gate(30, Random(1))
    gate.enter(0.0)
    gate.leave(0.0, limited(240.0))
    assert gate.pause_s(0.0) == 240.0
    gate.enter(240.0)
    gate.leave(240.0, limited(1e9))
    assert gate.pause_s(240.0) == 3600.0


def test_one_road_without_answers_leaves_the_gate_open_a_row_of_them_does_not() -> None:
    gate = Gate(30, Random(1))
    lost = FeedError(ErrorKind.UNREACHABLE, "no answer")
    for outcome in (lost, lost, lost, None, lost, lost, lost):
        assert gate.wait_s(0.0) == 0
        gate.enter(0.0)
        gate.leave(0.0, outcome)
    gate.enter(0.0)
    gate.leave(0.0, lost)
    assert gate.pause_s(0.0) > 0
    later = gate.pause_s(0.0)
    gate.enter(later)
    assert gate.wait_s(later) == float("inf")


def test_what_concerns_one_datum_only_leaves_the_host_open() -> None:
    gate = Gate(30, Random(1))
    for kind in (ErrorKind.REFUSED, ErrorKind.ABSENT, ErrorKind.GARBLED):
        gate.enter(0.0)
        gate.leave(0.0, FeedError(kind, "no"))
    assert gate.wait_s(0.0) == 0


def test_few_requests_at_once() -> None:
    gate = Gate(30, Random(1))
    for _ in range(MAX_IN_FLIGHT):
        assert gate.wait_s(0.0) == 0
        gate.enter(0.0)
    assert gate.wait_s(0.0) == float("inf")


OUTCOMES = st.sampled_from([None, limited(), limited(5.0), FeedError(ErrorKind.UNREACHABLE, "x")])


@given(st.lists(st.tuples(st.floats(0, 30), OUTCOMES), max_size=200), st.integers(0, 2**16))
def test_any_history_respects_budget_and_never_wedges(
    steps: list[tuple[float, FeedError | None]], seed: int
) -> None:
    gate = Gate(30, Random(seed))
    now, spent = 0.0, 0
    for wait, outcome in steps:
        now += wait
        if gate.wait_s(now) == 0:
            gate.enter(now)
            gate.leave(now, outcome)
            spent += 1
    assert spent <= 30 + now * 0.5 + 1
    assert gate.wait_s(now + 3600 + 120) == 0


def test_refusals_of_one_burst_count_once() -> None:
    gate = Gate(30, Random(1))
    for _ in range(4):
        gate.enter(0.0)
    for _ in range(4):
        gate.leave(0.0, limited())
    assert 40 <= gate.pause_s(0.0) <= 80, "as long as after a single refusal"


def test_the_longest_retry_after_of_a_burst_counts() -> None:
    gate = Gate(30, Random(1))
    for _ in range(2):
        gate.enter(0.0)
    gate.leave(0.0, limited())
    gate.leave(0.0, limited(300.0))
    assert gate.pause_s(0.0) == 300


def test_a_sleep_forgives_a_lost_network_but_no_429() -> None:
    lost = FeedError(ErrorKind.UNREACHABLE, "no network")
    for error, is_forgiven in ((lost, True), (limited(), False)):
        gate = Gate(30, Random(1))
        for _ in range(4):
            gate.enter(0.0)
            gate.leave(0.0, error)
        assert gate.pause_s(0.0) > 0
        gate.forgive(0.0)
        assert (gate.pause_s(0.0) == 0) is is_forgiven

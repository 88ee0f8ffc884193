"""What is said of one line of a story: its state, its value, its rule in words, its band."""

from __future__ import annotations

from market.freshness import freshness
from market.rules.rule import Combination, Comparison, Condition, Test, is_consistency
from market.scoreboard import DECIDED, LineStanding, LineState, StoryStanding
from market.snapshot import Snapshot
from widgets.lines import Run
from widgets.metric_text import metric_text, unit_of
from widgets.strips import MINUS, MISSING, percent, plain

GLYPHS = {
    LineState.HOLDS: "✓",
    LineState.POSSIBLE: "?",
    LineState.STALE: "~",
    LineState.NA: MISSING,
    LineState.PENDING: "·",
}
"""Of states that are no failure; whatever else is one."""
FAILING = "✗"
ROLES = {
    LineState.HOLDS: "up",
    LineState.POSSIBLE: "text",
    LineState.STALE: "late",
    LineState.NA: "absent",
    LineState.PENDING: "muted",
}
MISSED = "down"
WORDS = {LineState.NA: "not known", LineState.PENDING: "no close"}
AWAITED = "waiting"
WORD = 7
"""Cells of a word that may stand in place of a number."""


def glyph_of(state: LineState) -> Run:
    """Return a state as one sign with its colour."""
    return GLYPHS.get(state, FAILING), role_of(state)


def role_of(state: LineState) -> str:
    """Return the colour of a state."""
    return ROLES.get(state, MISSED)


def state_text(state: LineState) -> str:
    """Return a state in a word or two."""
    return WORDS.get(state, str(state))


def official_text(standing: LineStanding) -> str:
    """Return a line's state by official closes; that they are being looked at, until then."""
    is_open = standing.is_awaited and standing.state is LineState.PENDING
    return AWAITED if is_open else state_text(standing.state)


def held_text(story: StoryStanding) -> str:
    """Return `5 of 15 hold`; nothing while closes are being looked at, or where none decides."""
    is_told = story.valued and not story.is_awaited
    return f"{story.holding} of {story.valued} hold" if is_told else ""


def why_unknown(snapshot: Snapshot, standing: LineStanding) -> str:
    """Return why a line cannot be judged: what is said now of the first metric it lacks."""
    lacking = (n for n in standing.line.judged_by if snapshot.reading(n).value is None)
    name = next(lacking, None)
    return plain(standing.reason if name is None else freshness(snapshot, name).reason)


def since_text(standing: LineStanding) -> str:
    """Return since when a line stands so: `1 Apr`, or `≤ 2 Jan` where no older close is known."""
    since = standing.since
    if since is None:
        return ""
    return f"{'≤ ' if standing.is_first else ''}{since.day} {since:%b}"


def since_words(standing: LineStanding) -> str:
    """Return the same in words: `since 1 Apr`, `since 2 Jan or before`."""
    since = standing.since
    if since is None:
        return ""
    return f"since {since.day} {since:%b}{' or before' if standing.is_first else ''}"


def value_text(snapshot: Snapshot, standing: LineStanding) -> str:
    """Return the value a line is judged by, with a tilde while no close was judged by it.

    Where there is none, a word may say why: `no base`.
    """
    name = standing.line.shows
    reading = snapshot.reading(name)
    value = reading.value
    if is_consistency(standing.line.rule.test):
        told = standing.standing.value
        text = percent(told if isinstance(told, float) else None, 1, " %")
    else:
        text = metric_text(snapshot, name, value, unit=True)
    word = reading.reason.partition(": ")[0]
    if text == MISSING and 1 < len(word) <= WORD:
        return plain(word)
    return f"~{text}" if standing.is_intraday and text != MISSING else text


def value_role(standing: LineStanding) -> str:
    """Return the colour of the value: dimmed where it is old."""
    if standing.live is LineState.STALE:
        return "late"
    return "text" if standing.live in DECIDED else "absent"


def band_of(snapshot: Snapshot, test: Test) -> tuple[float | None, float | None] | None:
    """Return the ends of the claimed band of a rule's first number; None if it has none."""
    first = test
    while isinstance(first, Combination):
        first = first.parts[0]
    bound = first.bound
    if isinstance(bound, str) and first.comparison is not Comparison.IS:
        told = snapshot.reading(bound).value
        bound = told if isinstance(told, float) else ""
    if isinstance(bound, str):
        return None
    match first.comparison:
        case Comparison.WITHIN:
            return bound, first.upper
        case Comparison.ABOVE:
            return bound, None
        case Comparison.BELOW:
            return None, bound
        case _:
            return None


def rule_text(snapshot: Snapshot, test: Test) -> str:
    """Return a rule as short words: `2,401–2,499`, `above 50 %`, `3 of 5`."""
    if isinstance(test, Combination):
        return combined_text(test)
    if test.implied is not None:
        return f"within {100 * test.upper:g} %"
    return condition_text(snapshot, test)


def combined_text(test: Combination) -> str:
    """Return how many of its parts a combination needs."""
    count = len(test.parts)
    if test.need == count:
        return "both" if count == 2 else f"all {count}"
    return "either" if (test.need, count) == (1, 2) else f"{test.need} of {count}"


def condition_text(snapshot: Snapshot, test: Condition) -> str:
    """Return what a condition asks of its metric."""
    if test.implied is not None:
        implied = metric_text(snapshot, test.metric, test.implied, unit=True)
        return f"±{100 * test.upper:g} % of {implied}"
    bound = _bound_text(snapshot, test)
    match test.comparison:
        case Comparison.WITHIN:
            low = bound_text(snapshot, test.metric, float(test.bound), unit=False)
            return f"{low}–{bound_text(snapshot, test.metric, test.upper)}"
        case Comparison.TURNS:
            return str(test.comparison)
        case Comparison.Z_MOVE:
            return f"moves {float(test.bound):g} σ"
        case Comparison.RISES | Comparison.FALLS | Comparison.CHANGES:
            size = f"{100 * float(test.bound):g} %" if test.is_relative else bound
            return f"{test.comparison} {size} in {test.sessions}d"
        case _:
            return f"{_SIGNS[test.comparison]} {bound}"


_SIGNS = {
    Comparison.ABOVE: "above",
    Comparison.BELOW: "below",
    Comparison.IS: "is",
    Comparison.CROSSES: "crosses",
}


def _bound_text(snapshot: Snapshot, test: Condition) -> str:
    """The bound: a number, the value that the metric it names has now, or a word."""
    if not isinstance(test.bound, str):
        return bound_text(snapshot, test.metric, test.bound)
    if test.comparison is Comparison.IS:
        return test.bound
    return metric_text(snapshot, test.bound, snapshot.reading(test.bound).value, unit=True)


def bound_text(snapshot: Snapshot, name: str, value: float, *, unit: bool = True) -> str:
    """Return a bound without the zeros that a value is shown with: `2,401`, `12`, `50 %`."""
    text = metric_text(snapshot, name, abs(value)).lstrip("+")
    whole, point, decimals = text.partition(".")
    if decimals.isdigit():
        decimals = decimals.rstrip("0")
        text = whole + (point + decimals if decimals else "")
    sign = MINUS if value < 0 else ""
    return f"{sign}{text}{unit_of(snapshot, name) if unit else ''}"


def band_bar(
    value: float | None,
    band: tuple[float | None, float | None] | None,
    seen: tuple[float, ...],
    width: int,
) -> str:
    """Return the claimed band and the value on one scale, `──┣━━━┫────●`, `width` cells.

    The scale reaches over the band and the values seen at closes; blank without value or band.

    Args:
        value: The newest one.
        band: Its ends; None at a side that is open.
        seen: Values at closes.
        width: Cells.
    """
    if value is None or band is None or width < 5:
        return " " * width
    low, high = band
    ends = [each for each in (low, high) if each is not None]
    least, most = min((*ends, *seen, value)), max((*ends, *seen, value))
    margin = 0.15 * ((most - least) or abs(most) or 1.0)
    first, last = least - margin, most + margin

    def cell(number: float) -> int:
        return round((number - first) / (last - first) * (width - 1))

    begin = 0 if low is None else cell(low)
    end = width - 1 if high is None else cell(high)
    bar = ["━" if begin <= place <= end else "─" for place in range(width)]
    if low is not None:
        bar[begin] = "┣"
    if high is not None:
        bar[end] = "┫"
    bar[cell(value)] = "●"
    return "".join(bar)

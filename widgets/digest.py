"""What changed while nobody looked, as lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from textual.strip import Strip
from textual.widget import Widget

from market.sessions import NEW_YORK, duration_in_words
from market.tape.digest import Digest, Mover
from widgets.lines import Item, Line, Run, cropped, item, packed, strip_of
from widgets.moments import moment
from widgets.palette import app_of, ascii_of, palette_of
from widgets.strips import contribution, direction, percent, plain, price, signed

LABEL = 11
"""Cells of the words on the left."""
MOVER = LABEL + 29
"""Cells of a member's line before its name."""
GAP = 4
"""Cells between what is said on one line."""
MANY = 6
"""Lines, alerts and releases that are named each."""


def lines_of(digest: Digest, width: int) -> list[Line]:
    """Return a digest as lines of a width; what did not change is said in words."""
    return [
        _labelled("index", packed(_index(digest), width - LABEL, GAP)),
        *_movers("lifted by", digest.rising, width),
        *_movers("lowered by", digest.falling, width),
        _labelled("breadth", packed(_breadth(digest), width - LABEL, GAP)),
        *_listed("stories", (_cut(words, width) for words in _flips(digest)), "no line turned"),
        *_listed("alerts", (_cut(words, width) for words in _alerts(digest)), "none fired"),
        *_listed("releases", (_cut(words, width) for words in _releases(digest)), "none was due"),
        _labelled("feeds", ((_cut(_feeds(digest), width), _feed_role(digest)),)),
    ]


def title_of(digest: Digest) -> str:
    """Return what is compared: `12 m: since 14:02`."""
    since = digest.since.astimezone(NEW_YORK)
    return f"What changed in {duration_in_words(digest.until - digest.since)}, since {since:%H:%M}"


def _labelled(label: str, runs: Iterable[Run]) -> Line:
    return ((f"{label:<{LABEL}}", "faint"), *runs)


def _cut(words: str, width: int) -> str:
    return cropped(words, max(8, width - LABEL))


def _index(digest: Digest) -> list[Item]:
    moved, vix = digest.index, digest.vix
    told = percent(moved.change, unit=" %")
    change = None if vix.before is None or vix.after is None else vix.after - vix.before
    return [
        item((price(moved.after), "strong"), ("  ", "text"), (told, direction(told))),
        item(
            ("VIX ", "faint"),
            (price(vix.after), "text"),
            ("  ", "text"),
            (signed(change), "muted"),
            priority=1,
        ),
    ]


def _breadth(digest: Digest) -> list[Item]:
    up, down = digest.advances, digest.declines
    if up.after is None or down.after is None:
        return [item(("not known", "absent"))]
    now = f"{price(up.after, 0)} up, {price(down.after, 0)} down"
    if up.before is None or down.before is None:
        return [item((now, "text"))]
    was = f"was {price(up.before, 0)} up, {price(down.before, 0)} down"
    return [item((now, "text")), item((was, "muted"), priority=1)]


def _movers(label: str, movers: Iterable[Mover], width: int) -> Iterator[Line]:
    found = tuple(movers)
    if not found:
        yield _labelled(label, (("no member", "muted"),))
    for place, mover in enumerate(found):
        told = percent(mover.change, unit=" %")
        name = cropped(plain(mover.name, 60), min(30, width - MOVER))
        yield _labelled(
            "" if place else label,
            (
                (f"{cropped(plain(mover.symbol, 12), 8):<8}", "strong"),
                (f"{told:>9}", direction(told)),
                (f"{contribution(mover.contribution):>10}", "text"),
                (f"  {name}" if name else "", "muted"),
            ),
        )


def _listed(label: str, told: Iterable[str], none: str) -> Iterator[Line]:
    words = list(told)
    if not words:
        yield _labelled(label, ((none, "muted"),))
    for place, each in enumerate(words[:MANY]):
        yield _labelled("" if place else label, ((each, "text"),))
    if len(words) > MANY:
        yield _labelled("", ((f"and {len(words) - MANY} more", "muted"),))


def _flips(digest: Digest) -> Iterator[str]:
    for flip in digest.flips:
        yield f"{plain(flip.line, 40)} {flip.was} → {flip.now}  ({plain(flip.story, 60)})"


def _alerts(digest: Digest) -> Iterator[str]:
    for event in digest.alerts:
        at = moment(event.at, digest.until)
        yield f"{at}  {plain(event.title, 60)}  {plain(event.text, 60)}".rstrip()


def _releases(digest: Digest) -> Iterator[str]:
    for release in digest.releases:
        at = "" if release.at is None else moment(release.at, digest.until)
        actual = plain(release.actual, 20)
        told = f": {actual}" if actual else ", not told yet"
        expected = plain(release.consensus, 20)
        beside = f" (expected {expected})" if expected else ""
        yield f"{at}  {plain(release.title, 60)}{told}{beside}"


def _feeds(digest: Digest) -> str:
    worst = digest.worst_feed
    return (
        "none fails" if worst is None else f"{plain(worst.name, 12)} fails: {plain(worst.reason)}"
    )


def _feed_role(digest: Digest) -> str:
    return "muted" if digest.worst_feed is None else "failing"


class DigestLines(Widget):
    """The lines of a digest, as many as there are."""

    DEFAULT_CSS = "DigestLines { height: auto; width: 1fr; }"

    def __init__(self, digest: Digest) -> None:
        """Show a digest."""
        super().__init__()
        self.digest = digest

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """Return how many lines there are."""
        del container, viewport
        return len(lines_of(self.digest, width))

    def render_line(self, y: int) -> Strip:
        """Return a line."""
        lines = lines_of(self.digest, self.size.width)
        if y >= len(lines):
            return Strip.blank(self.size.width)
        palette = palette_of(app_of(self))
        strip = strip_of(lines[y], palette, self.size.width, ascii_only=ascii_of(self))
        return strip.apply_style(self.visual_style.rich_style)

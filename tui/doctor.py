"""`captop doctor`: looks at everything captop stands on and says what it found.

Exit code 0 all well, 1 degraded, 2 broken: the settings cannot be used or no feed answers.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import shutil
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from urllib.request import getproxies

from market.clock import Clock, WallClock
from market.feeds import FEEDS, STREAMS
from market.feeds.feed import Feed
from market.feeds.outcomes import WANTS_CONTACT
from market.feeds.stream import Stream
from market.history import LOST, History, HistoryError
from market.history_file import unusable
from market.sessions import duration_in_words
from market.tape.ring import bytes_in, days_in
from tui.findings import Fact, Finding, Verdict
from tui.output import say
from tui.probes import probe_all, probe_stream
from tui.settings import Settings, SettingsError, read_settings
from tui.settings_names import check_names
from tui.settings_salvage import Salvaged, salvaged_settings, with_wrong_names
from tui.terminal import NAMELESS, PLAIN_TERM
from tui.wiring import cache_path, http_of, live_feeds, live_streams, tape_folder
from widgets.strips import plain

SMALLEST = (40, 12)
"""Columns and lines below which captop shows a strip of numbers only."""
LONGEST = 1000
"""Characters of one finding's words in the table."""
TRIAL_BYTES = 2**20
"""What is written to find out whether the cache's disk has room; not zeros, which cost none."""


def run_doctor(path: Path | None, *, as_json: bool, clock: Clock | None = None) -> int:
    """Print all findings and return the exit code.

    Args:
        path: The settings file, None for the usual one.
        as_json: JSON instead of a table.
        clock: Where time comes from.
    """
    clock = clock if clock is not None else WallClock()
    salvaged, config = checked_config(path)
    settings = salvaged.settings
    findings = [config, *terminal(os.environ), *cache(settings, clock), tape(settings)]
    findings += feeds(settings, clock) if salvaged.are_feeds_certain else [_NOT_ASKED]
    overall = verdict(findings)
    say(as_document(findings, overall) if as_json else as_table(findings, overall))
    return (Verdict.WELL, Verdict.DEGRADED, Verdict.BROKEN).index(overall)


def verdict(findings: Iterable[Finding]) -> Verdict:
    """Return the verdict on the whole: broken with a broken config or without any feed."""
    found = list(findings)
    queries = [f for f in found if "ms" in f.facts]
    no_feed = all(f.verdict is Verdict.BROKEN for f in queries)
    if no_feed or any(f.part == "config" and f.verdict is Verdict.BROKEN for f in found):
        return Verdict.BROKEN
    is_well = all(f.verdict is Verdict.WELL for f in found)
    return Verdict.WELL if is_well else Verdict.DEGRADED


def checked_config(path: Path | None) -> tuple[Salvaged, Finding]:
    """Return the settings, what of them can be used if they are broken, and what was found."""
    try:
        loaded = read_settings(path)
        check_names(loaded)
    except SettingsError as error:
        left = salvaged_settings(path)
        told = str(with_wrong_names(error, left))
        return left, Finding("config", "settings", Verdict.BROKEN, told)
    there = loaded.path.exists()
    words = f"{loaded.path}" if there else f"{loaded.path} is not there; the defaults hold"
    facts: dict[str, Fact] = {
        "path": str(loaded.path),
        "exists": there,
        "set": len(loaded.origins),
    }
    found = Finding("config", "settings", Verdict.WELL, words, facts)
    return Salvaged(loaded.settings, loaded.places, are_feeds_certain=True), found


def terminal(environ: Mapping[str, str]) -> list[Finding]:
    """Return what is known of the terminal: size, characters, colours, multiplexer."""
    return [_size(), _characters(), _colours(environ)]


def _size() -> Finding:
    if not sys.stdout.isatty():
        return Finding("terminal", "size", Verdict.WELL, "the output goes to a file or pipe")
    columns, lines = shutil.get_terminal_size()
    is_small = columns < SMALLEST[0] or lines < SMALLEST[1]
    words = f"{columns}x{lines}" + (", so small that only a strip fits" if is_small else "")
    facts: dict[str, Fact] = {"columns": columns, "lines": lines}
    state = Verdict.DEGRADED if is_small else Verdict.WELL
    return Finding("terminal", "size", state, words, facts)


def _characters() -> Finding:
    encoding = (sys.stdout.encoding or "unknown").lower()
    facts: dict[str, Fact] = {"encoding": encoding}
    if encoding.replace("-", "") == "utf8":
        return Finding("terminal", "characters", Verdict.WELL, "UTF-8", facts)
    words = f"{encoding}, so charts are drawn with ASCII; a UTF-8 locale shows them finer"
    return Finding("terminal", "characters", Verdict.DEGRADED, words, facts)


def _colours(environ: Mapping[str, str]) -> Finding:
    term, colour = environ.get("TERM", ""), environ.get("COLORTERM", "")
    names = {"TERM": term or "not set", "COLORTERM": colour or "not set"}
    words = ", ".join(f"{name} {value}" for name, value in names.items())
    words += ", in tmux" if "TMUX" in environ else ", in screen" if "STY" in environ else ""
    words += ", NO_COLOR set: signs and arrows tell direction" if environ.get("NO_COLOR") else ""
    facts: dict[str, Fact] = {
        "term": term,
        "colorterm": colour,
        "tmux": "TMUX" in environ,
        "no_color": bool(environ.get("NO_COLOR")),
    }
    is_nameless = term.lower() in NAMELESS and sys.stdout.isatty()
    words += f": taken for {PLAIN_TERM} without colours" if is_nameless else ""
    state = Verdict.DEGRADED if is_nameless else Verdict.WELL
    return Finding("terminal", "colours", state, words, facts)


def cache(settings: Settings, clock: Clock) -> list[Finding]:
    """Return whether the last picture can be kept, how old it is and how large its file."""
    path = cache_path(settings)
    if not settings.cache.enabled:
        return [Finding("cache", "picture", Verdict.WELL, "switched off in the settings")]
    try:
        history = History.open(path)
        picture = history.load(clock.now(), settings.cast)
        history.close()
        _try_writing(path.parent)
    except (HistoryError, OSError) as error:
        facts: dict[str, Fact] = {"path": str(path), "writable": False}
        words = str(error) if isinstance(error, HistoryError) else unusable(path, error, LOST)
        return [Finding("cache", "picture", Verdict.DEGRADED, words, facts)]
    restored = picture.restored_at if picture is not None else None
    age = clock.now() - restored if restored is not None else None
    told = f"picture {duration_in_words(age)} old" if age is not None else "no picture yet"
    size = path.stat().st_size if path.exists() else 0
    facts = {
        "path": str(path),
        "writable": True,
        "bytes": size,
        "age_s": age.total_seconds() if age is not None else None,
    }
    words = f"{path}, {told}, {size / 1e6:.1f} MB"
    return [Finding("cache", "picture", Verdict.WELL, words, facts)]


def tape(settings: Settings) -> Finding:
    """Return whether the day can be recorded, and what is on tape."""
    if not (settings.tape.enabled and settings.cache.enabled):
        return Finding("tape", "days", Verdict.WELL, "switched off in the settings")
    folder = tape_folder(settings)
    facts: dict[str, Fact] = {"path": str(folder), "writable": True}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _try_writing(folder)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        words = f"nothing is recorded ({reason}): make room, or see to {folder}"
        return Finding("tape", "days", Verdict.DEGRADED, words, facts | {"writable": False})
    days, size = len(list(days_in(folder))), bytes_in(folder)
    told = f"{days} {'day' if days == 1 else 'days'}" if days else "no day yet"
    words = f"{folder}, {told}, {size / 2**20:.1f} of {settings.tape.max_mb:,} MB"
    return Finding("tape", "days", Verdict.WELL, words, facts | {"days": days, "bytes": size})


def _try_writing(folder: Path) -> None:
    """Write as much as a picture may have, and take it away again; OSError if that fails."""
    draft = folder / f".doctor.{os.getpid()}.part"
    try:
        with draft.open("wb") as stream:
            stream.write(secrets.token_bytes(TRIAL_BYTES))
            stream.flush()
            os.fsync(stream.fileno())
    finally:
        draft.unlink(missing_ok=True)


def feeds(settings: Settings, clock: Clock) -> list[Finding]:
    """Ask each feed once for each thing it is needed for, and compare its clock with ours."""
    name = http_of(settings.feeds).transport_name
    transport = Finding("transport", "http", Verdict.WELL, name)
    asked = live_feeds(settings, clock)
    if not asked:
        words = "all are switched off in the settings; switch one on: feeds.yahoo.enabled = true"
        return [transport, Finding("feeds", "enabled", Verdict.BROKEN, words)]
    ticking = live_streams(settings, clock)
    found = asyncio.run(_probed(asked, ticking, clock))
    named = {*asked, *(stream.name for stream in ticking)}
    return [transport, proxy(), *found, *_off(settings, named)]


async def _probed(
    asked: Mapping[str, Feed], ticking: Iterable[Stream], clock: Clock
) -> list[Finding]:
    found = await probe_all(asked, clock)
    return [*found, *[await probe_stream(stream, clock) for stream in ticking]]


def proxy() -> Finding:
    """Return through which proxies of the environment feeds and streams are asked."""
    set_ones = {
        scheme: _host(address) for scheme, address in getproxies().items() if scheme != "no"
    }
    told = ", ".join(f"{scheme} through {host}" for scheme, host in sorted(set_ones.items()))
    facts: dict[str, Fact] = {f"{scheme}_proxy": host for scheme, host in set_ones.items()}
    return Finding("transport", "proxy", Verdict.WELL, told or "none is set", facts)


def _host(address: str) -> str:
    """Return where an address leads to, without the name and password that it may hold."""
    return address.rpartition("@")[2].rpartition("//")[2].strip("/")


def _off(settings: Settings, asked: Collection[str]) -> Iterator[Finding]:
    """Yield the feeds and streams that are not asked, and why not."""
    for name in [each for each in STREAMS if each not in asked]:
        yield Finding(name, "off", Verdict.WELL, _SILENT.format(name), {"enabled": False})
    for name in [each for each in FEEDS if each not in asked]:
        is_on = getattr(settings.feeds, name).enabled
        why = WANTS_CONTACT if is_on else f"the settings say feeds.{name}.enabled = false"
        yield Finding(name, "off", Verdict.WELL, why, {"enabled": is_on})


def as_document(findings: Iterable[Finding], overall: Verdict) -> str:
    """Return the findings as JSON."""
    rows = [
        {
            "part": f.part,
            "name": f.name,
            "verdict": str(f.verdict),
            "words": f.words,
            **dict(f.facts),
        }
        for f in findings
    ]
    document = {"verdict": str(overall), "findings": rows}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def as_table(findings: Iterable[Finding], overall: Verdict) -> str:
    """Return the findings as aligned lines, the verdict last."""
    rows = [(str(f.verdict), f.part, f.name, plain(f.words, LONGEST)) for f in findings]
    widths = [max(len(row[n]) for row in rows) for n in range(3)]
    lines = (_padded(row, widths) for row in rows)
    return "\n".join([*lines, "", f"captop is {overall}: {_OVERALL[overall]}"]) + "\n"


def _padded(row: tuple[str, ...], widths: Iterable[int]) -> str:
    columns = [text.ljust(width) for text, width in zip(row, widths, strict=False)]
    return "  ".join([*columns, row[-1]])


_SILENT = "the settings say feeds.{}.enabled = false, or have yahoo asked at another server alone"
_NOT_ASKED = Finding(
    "feeds",
    "not asked",
    Verdict.DEGRADED,
    "the broken settings may have said where they are asked, or not to ask them: mend those first",
)
_OVERALL = {
    Verdict.WELL: "everything answers.",
    Verdict.DEGRADED: "it runs, with less.",
    Verdict.BROKEN: "it cannot be used as things are.",
}

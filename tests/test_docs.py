"""The documents: generated parts are current, examples work, links lead somewhere."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit
from xml.parsers import expat

import msgspec
import pytest

from benchmarks.__main__ import BENCHMARKS
from benchmarks.soak import __main__ as soak_main
from market.alerts.written import alerts_of
from market.baskets import SHIPPED as SHIPPED_BASKETS
from market.baskets import baskets_in
from market.clock import WallClock
from market.feeds.cboe import HOSTS as CBOE_HOSTS
from market.feeds.yahoo.crumb import YAHOO_HOSTS
from market.instruments import default_cast
from market.metrics.member_figures import MEMBER_FIGURES
from market.metrics.names import mark_writing, rule_writing, story_writing
from market.named_states import state_names
from market.rules.rows_written import mark_rules_of
from market.taxonomy import default_taxonomy
from market.thesis import SHIPPED as SHIPPED_STORIES
from market.thesis import stories_in, story_of
from scripts.docs import DOCUMENTS, PARTS, ROOT, parts_of, renewed
from scripts.screenshots import FOLDER, PICTURES
from tests.exchange import __main__ as exchange_main
from tests.exchange.faults import BY_NAME
from tui.cli import Arguments
from tui.command_line import command_line
from tui.keys import KEYS, keys_in_words
from tui.settings import Settings, read_settings
from tui.settings_feeds import FeedsSettings
from tui.settings_names import check_names
from tui.wiring import live_feeds

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
DRAWINGS = sorted(FOLDER.glob("*.svg"))
SHOWN = [*PAGES, *DRAWINGS]

LINKS_LEAD_TO = {
    *("docs.astral.sh", "finance.yahoo.com", "www.cboe.com", "keepachangelog.com", "semver.org"),
    *("127.0.0.1", "www.w3.org"),
    *("query1.finance.yahoo.com", "query2.finance.yahoo.com", "cdn.cboe.com"),
    *("www.ishares.com", "www.nasdaq.com", "api.nasdaq.com", "feeds.finance.yahoo.com"),
    *("fred.stlouisfed.org", "markets.newyorkfed.org", "home.treasury.gov", "www.forexfactory.com"),
    *(
        "www.ssga.com",
        "www.sec.gov",
        "data.sec.gov",
        "www.nasdaqtrader.com",
        "nfs.faireconomy.media",
    ),
}
"""Hosts that documents and pictures may name in an address."""

_ADDRESS = re.compile(r"\bhttps?://[^\s)\"'`>]+")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_FENCE = re.compile(r"^```(?P<language>[a-z]+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_MACHINE_PATH = re.compile(r"(?<![\w.~%{}:])/(?:home|root|Users|tmp|var|mnt|opt|work)/|\b[A-Z]:\\")
_CODE = re.compile(r"`([^`]+)`")


def name_of(page: Path) -> str:
    """A document as its reader knows it."""
    return page.relative_to(ROOT).as_posix()


def fenced(page: Path, language: str) -> list[str]:
    """The examples of a document in a language."""
    found = _FENCE.finditer(page.read_text(encoding="utf-8"))
    return [match["text"] for match in found if match["language"] == language]


def without_fences(page: Path) -> str:
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def commands() -> Iterator[tuple[str, str]]:
    """Every command in the documents, with its page."""
    for page in PAGES:
        for block in fenced(page, "sh"):
            for line in block.splitlines():
                if line.strip() and not line.startswith("export "):
                    yield name_of(page), line


def told_environment() -> Iterator[dict[str, str]]:
    """The CAPTOP_ variables of each example that sets some."""
    for page in PAGES:
        for block in fenced(page, "sh"):
            exported: dict[str, str] = {}
            for line in block.splitlines():
                words = shlex.split(line.removeprefix("export "), comments=True)
                pairs = (word.partition("=") for word in words if word.startswith("CAPTOP_"))
                here = {variable: value for variable, _, value in pairs}
                if line.startswith("export "):
                    exported |= here
                elif here:
                    yield here
            if exported:
                yield exported


# Generated parts


@pytest.mark.parametrize("name", DOCUMENTS)
def test_generated_parts_are_current(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert parts_of(text), f"{name} has no generated part"
    assert text == renewed(text), f"{name} is out of date: run `uv run python scripts/docs.py`"


def test_every_part_stands_in_one_document() -> None:
    texts = ((ROOT / name).read_text(encoding="utf-8") for name in DOCUMENTS)
    assert sorted(part for text in texts for part in parts_of(text)) == sorted(PARTS)


def test_a_stale_part_is_replaced_and_the_rest_stays() -> None:
    stale = "before\n<!-- keys: x -->\nan old table\n<!-- /keys -->\nafter\n"
    fresh = renewed(stale)
    assert "| `q` | Quit. | `app.quit` |" in fresh
    assert "an old table" not in fresh
    assert fresh.startswith("before\n<!-- keys: x -->\n")
    assert fresh.endswith("<!-- /keys -->\nafter\n")
    assert renewed(fresh) == fresh


# Settings


TABLES = [(name_of(page), text) for page in PAGES for text in fenced(page, "toml")]
BASKETS = [text for _, text in TABLES if "[members]" in text]
STORIES = [text for _, text in TABLES if "[[line]]" in text]
ALERTS = [text for _, text in TABLES if "[[alert]]" in text]
RULES = [text for _, text in TABLES if "[[rule]]" in text]
OF_FILES = (*BASKETS, *STORIES, *ALERTS, *RULES)
EXAMPLES = [(page, text) for page, text in TABLES if text not in OF_FILES]


@pytest.mark.parametrize(("page", "text"), EXAMPLES, ids=range(len(EXAMPLES)))
def test_every_example_of_settings_loads(page: str, text: str, tmp_path: Path) -> None:
    file = tmp_path / "captop.toml"
    file.write_text(text, encoding="utf-8")
    loaded = read_settings(file, {})
    check_names(loaded)
    assert loaded.origins, f"an example in {page} sets nothing"
    assert set(tomllib.loads(text)) == {key.partition(".")[0] for key in loaded.origins}


def test_the_example_of_a_basket_is_one(tmp_path: Path) -> None:
    (text,) = BASKETS
    (tmp_path / "banks.toml").write_text(text, encoding="utf-8")
    baskets, faults = baskets_in([tmp_path])
    assert not faults
    (basket,) = baskets
    known = {each.name for each in default_taxonomy().subsectors}
    assert set(basket.members.subsectors) <= known


def test_the_example_of_a_story_is_one() -> None:
    (text,) = STORIES
    story = story_of(text, story_writing(default_cast(), ()))
    assert len(story.lines) == 2


def test_the_examples_of_alerts_are_some() -> None:
    (text,) = ALERTS
    baskets, _ = baskets_in([SHIPPED_BASKETS])
    stories, _ = stories_in([SHIPPED_STORIES], story_writing(default_cast(), baskets))
    writing = rule_writing(default_cast(), (), state_names(stories, ("yahoo",)))
    alerts, faults = alerts_of(text, writing, default_cast(), ("IWM", "CRDO"))
    assert faults == ()
    assert {alert.table for alert in alerts} == {t["id"] for t in tomllib.loads(text)["alert"]}


def test_the_examples_of_marking_rules_are_some() -> None:
    (text,) = RULES
    rules, faults = mark_rules_of(text, mark_writing(default_cast(), ()))
    assert faults == ()
    assert len(rules) == len(tomllib.loads(text)["rule"])
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert not [name for name in MEMBER_FIGURES if not _is_told(name, page)]


def _is_told(name: str, page: str) -> bool:
    """Whether a page names a figure, or the family of its windows."""
    *family, _ = name.split(".")
    return f"`{{slug}}.{name}`" in page or f"`{{slug}}.{'.'.join(family)}.1d`" in page


def test_configuration_has_an_example_of_every_table() -> None:
    told: set[str] = set()
    for _, text in EXAMPLES:
        told |= tomllib.loads(text).keys()
    assert {"feeds", "watchlists", "instruments", "baskets", "keys", "cache", "theme"} <= told


def test_every_example_of_the_environment_loads(tmp_path: Path) -> None:
    nowhere = {"CAPTOP_CONFIG": str(tmp_path / "none.toml")}
    examples = list(told_environment())
    assert len(examples) >= 3
    unset = read_settings(None, nowhere).settings
    assert all(read_settings(None, nowhere | example).settings != unset for example in examples)


def test_the_stand_in_server_gets_everything(tmp_path: Path) -> None:
    """The promise of docs/configuration.md: with own addresses nothing goes to the sources."""
    (text,) = (text for _, text in EXAMPLES if "base_url" in text)
    file = tmp_path / "captop.toml"
    file.write_text(text, encoding="utf-8")
    feeds = read_settings(file, {}).settings.feeds
    assert feeds.yahoo.is_own_server
    assert feeds.yahoo.alternate_url is None
    others = (feeds.cboe, feeds.ishares, feeds.nasdaq)
    assert {urlsplit(feed.base_url).hostname for feed in others} == {"127.0.0.1"}


# Links and hosts


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_to_a_file_and_heading(page: Path) -> None:
    for target in _LINK.findall(without_fences(page)):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{name_of(page)} links to {target}, which does not exist"
        if anchor:
            assert anchor in headings(file), f"{name_of(page)} links to no heading: {target}"


def headings(page: Path) -> set[str]:
    """The anchors of a page."""
    found = _HEADING.findall(without_fences(page))
    return {re.sub(r"[^\w -]", "", text).strip().lower().replace(" ", "-") for text in found}


@pytest.mark.parametrize("file", SHOWN, ids=name_of)
def test_no_document_names_a_foreign_host_or_a_machine(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    hosts = {urlsplit(address).hostname for address in _ADDRESS.findall(text)}
    assert hosts <= LINKS_LEAD_TO
    found = _MACHINE_PATH.search(text)
    assert found is None, f"{name_of(file)} names a path of a machine: {found}"


def test_readme_names_every_host_that_is_contacted() -> None:
    privacy = (ROOT / "README.md").read_text(encoding="utf-8").partition("**Privacy.**")[2]
    named = set(_CODE.findall(privacy.partition("\n## ")[0]))
    tables = msgspec.structs.asdict(FeedsSettings()).values()
    urls = {url for table in tables for url in words_in(table) if url.startswith(("http", "ws"))}
    assert named == YAHOO_HOSTS | CBOE_HOSTS | {urlsplit(url).hostname for url in urls}


def words_in(table: object) -> Iterator[str]:
    """The words in a table of settings."""
    if isinstance(table, msgspec.Struct):
        yield from (each for each in msgspec.structs.astuple(table) if isinstance(each, str))


def test_every_feed_is_documented() -> None:
    page = (ROOT / "docs" / "feeds.md").read_text(encoding="utf-8").casefold()
    for name in live_feeds(Settings(), WallClock()):
        assert f"\n## {name}\n" in page, f"docs/feeds.md has no section on {name}"


# Commands


@pytest.mark.parametrize(("page", "line"), list(commands()))
def test_every_command_exists(page: str, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    words = [w for w in shlex.split(line, comments=True) if not w.startswith("CAPTOP_")]
    match words:
        case ["uv", "run", "captop", *arguments]:
            command_line().parse_args(arguments, Arguments())
        case ["uv", "run", "--extra", extra, "captop", *arguments]:
            assert extra in project()["optional-dependencies"]
            command_line().parse_args(arguments, Arguments())
        case ["uv", "run", "python", "-m", module, *arguments]:
            assert find_spec(module) is not None
            check_module(module, arguments, monkeypatch)
        case ["uv", "run", "--no-project", "--with", "grpcio-tools", *_, path]:
            assert (ROOT / path).is_file()
        case ["uv", "run", "pytest"]:
            assert (ROOT / "tests").is_dir()
        case [program]:
            assert (ROOT / program).stat().st_mode & 0o111, f"{program} cannot be run"
        case _:
            pytest.fail(f"{page} names a command nobody checks: {line}")


def check_module(module: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Check the options of a module that is run."""
    if module == "benchmarks":
        assert {a for a in arguments if not a.startswith("-")} <= BENCHMARKS.keys()
        return
    files = {"tests.exchange": exchange_main.__file__, "benchmarks.soak": soak_main.__file__}
    help_text = Path(files[module]).read_text(encoding="utf-8")
    options = [a for a in arguments if a.startswith("--")]
    assert all(f'"{option}"' in help_text for option in options)
    faults = [f for option, f in pairwise(arguments) if option == "--fault"]
    assert {fault.partition("@")[0] for fault in faults} <= BY_NAME.keys()


def project() -> dict[str, dict[str, object]]:
    """What pyproject.toml says of the project."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_readme_has_the_promised_commands() -> None:
    told = {shlex.join(shlex.split(line, comments=True)) for _, line in commands()}
    assert {"uv run captop", "uv run captop --demo", "uv run pytest", ".ci/run"} <= told


def test_readme_tells_true_keys() -> None:
    table = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Keys")[2]
    rows = [line for line in table.partition("\n\n![")[0].splitlines() if line.startswith("| `")]
    told = {code for row in rows for cell in row.split("|")[1::2] for code in _CODE.findall(cell)}
    known = {key for line in KEYS for key in keys_in_words(line).split()}
    assert len(told) > 20
    assert told <= known


# Pictures


def test_all_pictures_are_drawn_and_none_is_left_over() -> None:
    assert [path.stem for path in DRAWINGS] == sorted(picture.name for picture in PICTURES)


@pytest.mark.parametrize("path", DRAWINGS, ids=name_of)
def test_a_picture_stands_for_itself(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    expat.ParserCreate().Parse(text, True)
    assert re.search("<title>captop[^<]+</title>", text)
    assert not re.search(r"@font-face|@import|url\(|href=|<script|<image", text)
    assert "DEMO" in text

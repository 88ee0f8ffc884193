"""Every registry is complete: a line that somebody forgot is named here.

Keys and their actions are held by tests/tui/test_keys.py; what a feed made from the settings
goes by, by tests/market/feeds/test_registry.py.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import cast

import msgspec

from market.instruments import default_cast
from market.metrics.catalogue import METRICS
from market.metrics.registry import FUNCTIONS
from tui.settings import Group, Settings
from tui.settings_show import settings_table
from widgets.panel import Panel

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("market", "widgets", "tui")
MOST_LINES = 400
LONGEST_CLASS, LONGEST_FUNCTION = 150, 50
FEEDS = cast("Mapping[str, object]", vars(importlib.import_module("market.feeds"))["FEEDS"])
STREAMS = cast("Mapping[str, object]", vars(importlib.import_module("market.feeds"))["STREAMS"])
STAND_INS = {"demo"}
"""Feeds that no line of FEEDS makes: the demo is wired up by itself."""
NAMED_BY_THE_USER = {"watchlists.lists": "watchlists.NAME", "keys": "keys.ID"}
"""Settings whose last part the user chooses, and how the table tells of them."""
CLOCK = "market/clock.py"
BEFORE_ANY = "tui/last_frame.py"
"""What is shown before a clock could be loaded."""
POLLING = "market/feeds/polling.py"


def paths() -> list[str]:
    """All modules by path, `market/clock.py`."""
    found = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return [path.relative_to(ROOT).as_posix() for path in sorted(found)]


@cache
def trees() -> dict[str, ast.Module]:
    """The syntax trees of all modules by path."""
    return {path: ast.parse((ROOT / path).read_text(encoding="utf-8")) for path in paths()}


def below(folder: str) -> dict[str, ast.Module]:
    """The syntax trees of a folder's modules."""
    return {path: tree for path, tree in trees().items() if path.startswith(f"{folder}/")}


def names_read(forest: Iterable[ast.Module]) -> set[str]:
    """Every name and attribute that the modules use, definitions and imports aside."""
    nodes = [node for tree in forest for node in ast.walk(tree)]
    plain = {node.id for node in nodes if isinstance(node, ast.Name)}
    return plain | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def modules_below(package: str) -> list[ModuleType]:
    """All modules of a package and its sub-packages, imported."""
    path = importlib.import_module(package).__path__
    return [importlib.import_module(m.name) for m in pkgutil.walk_packages(path, f"{package}.")]


# Feeds


def feed_names() -> Iterator[str]:
    """The names of the classes below market/feeds that can fetch."""
    for module in modules_below("market.feeds"):
        for _, found in inspect.getmembers(module, inspect.isclass):
            if found.__module__ == module.__name__ and hasattr(found, "fetch"):
                name: object = getattr(found, "name", None)
                if isinstance(name, str):
                    yield name


def test_every_feed_has_a_line_in_feeds() -> None:
    assert set(feed_names()) == {*FEEDS, *STAND_INS}, "FEEDS stands in market/feeds/__init__.py"


def test_every_stream_has_a_line_in_streams() -> None:
    found = {
        getattr(found, "name", None)
        for module in modules_below("market.feeds")
        for _, found in inspect.getmembers(module, inspect.isclass)
        if found.__module__ == module.__name__ and hasattr(found, "set_focused")
    }
    assert found - {None} == {*STREAMS}, "STREAMS stands in market/feeds/__init__.py"


def test_every_instrument_has_sources_and_feeds_stand_behind_them() -> None:
    for symbol, instrument in default_cast().by_symbol.items():
        assert instrument.sources, f"{symbol} names no source in market/cast.toml"
        unknown = set(instrument.sources) - set(FEEDS)
        assert not unknown, f"{symbol} names a source that is no feed in market/cast.toml"


# Metrics


def test_every_family_is_in_the_registry_and_every_function_has_a_line() -> None:
    lines = {line.name for line in METRICS}
    for module in modules_below("market.metrics"):
        family = cast("Mapping[str, object]", getattr(module, "FUNCTIONS", {}))
        assert family.items() <= FUNCTIONS.items(), f"add {module.__name__} to registry.py"
        assert set(family) <= lines, f"{module.__name__} has a function without a line in METRICS"
    assert lines == set(FUNCTIONS), "a line of METRICS has no function"


def test_every_public_function_from_a_subject_to_a_reading_is_used() -> None:
    used = names_read(below("market/metrics").values())
    readers = [
        name
        for module in modules_below("market.metrics")
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_") and is_reader(function.__annotations__)
    ]
    assert len(readers) > 20
    assert set(readers) <= used, "give the function a name in the FUNCTIONS of its module"


def is_reader(annotations: dict[str, object]) -> bool:
    return annotations.get("return") == "Reading" and "Subject" in annotations.values()


# Panels


def panels() -> list[type[Panel]]:
    """The panels of widgets that none of widgets is built upon: the ones to be shown."""
    modules_below("widgets")
    heirs = [*Panel.__subclasses__()]
    for panel in heirs:
        heirs.extend(panel.__subclasses__())
    ours = [panel for panel in heirs if panel.__module__.startswith("widgets.")]
    return [panel for panel in ours if not set(panel.__subclasses__()) & set(ours)]


def test_every_panel_is_composed_by_a_screen() -> None:
    modules_below("tui.screens")
    shown = set(composed())
    forgotten = [panel.__name__ for panel in panels() if not names_shown_by(panel) & shown]
    assert len(panels()) >= 7
    assert not forgotten, "yield the panel in compose_panels of a screen in tui/screens"


def names_shown_by(panel: type[Panel]) -> set[str]:
    """The panel's own name, and those of what a screen makes of it: the panel with keys."""
    return {panel.__name__, *(heir.__name__ for heir in panel.__subclasses__())}


def composed() -> Iterator[str]:
    """The names of what screens build in a function whose name begins with compose."""
    for tree in below("tui/screens").values():
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef) and function.name.startswith("compose"):
                yield from called_in(function)


def called_in(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Name):
            yield part.func.id


# Settings


def setting_fields(
    group: type[msgspec.Struct], prefix: str = ""
) -> Iterator[tuple[type[msgspec.Struct], str, str]]:
    """Every setting: the class it stands in, its field, its dotted key."""
    for field in msgspec.structs.fields(group):
        if isinstance(field.type, type) and issubclass(field.type, Group):
            yield from setting_fields(field.type, f"{prefix}{field.name}.")
        yield group, field.name, f"{prefix}{field.name}"


def documented_fields() -> set[tuple[str, str]]:
    """Class and field of every setting that a docstring follows."""
    found: set[tuple[str, str]] = set()
    modules = map(import_module, ("tui.settings", "tui.settings_feeds"))
    trees = (ast.parse(inspect.getsource(module)) for module in modules)
    for node in (node for tree in trees for node in tree.body):
        if isinstance(node, ast.ClassDef):
            for field, text in zip(node.body, node.body[1:], strict=False):
                match field, text:
                    case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(
                        value=ast.Constant(value=str())
                    ):
                        found.add((node.name, name))
                    case _:
                        pass
    return found


def test_every_setting_has_a_docstring() -> None:
    documented = documented_fields()
    forgotten = [
        key
        for group, field, key in setting_fields(Settings)
        if documented.isdisjoint((each.__name__, field) for each in group.__mro__)
    ]
    assert not forgotten, "write a docstring under the field in tui/settings*.py"


def test_every_setting_has_a_row_in_the_table() -> None:
    told = {row.split("`")[1] for row in settings_table().splitlines()[2:]}
    keys = {key for _, _, key in setting_fields(Settings)}
    groups = {key for key in keys if any(other.startswith(f"{key}.") for other in keys)}
    assert told == {NAMED_BY_THE_USER.get(key, key) for key in keys - groups}


# Files


def test_no_file_is_long() -> None:
    for path in paths():
        lines = (ROOT / path).read_text(encoding="utf-8").count("\n")
        assert lines < MOST_LINES, f"cut {path} where its subject changes"


def too_long(body: Sequence[ast.stmt]) -> Iterator[str]:
    """The classes and functions that have more lines than one can read at once, inner ones too."""
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            most = LONGEST_CLASS if isinstance(node, ast.ClassDef) else LONGEST_FUNCTION
            if (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > most:
                yield f"{node.name}: {lines} lines"
            yield from too_long(node.body)


def test_no_class_and_no_function_is_long() -> None:
    found = {path: list(too_long(tree.body)) for path, tree in trees().items()}
    assert {path: names for path, names in found.items() if names} == {}, "divide what it does"


def test_a_long_method_is_found() -> None:
    method = "class Box:\n    def open(self) -> None:\n" + "        pass\n" * LONGEST_FUNCTION
    assert list(too_long(ast.parse(method).body)) == [f"open: {LONGEST_FUNCTION + 1} lines"]
    fields = "class Box:\n" + "    x = 1\n" * LONGEST_CLASS
    assert list(too_long(ast.parse(fields).body)) == [f"Box: {LONGEST_CLASS + 1} lines"]


def test_no_module_is_a_drawer_for_everything() -> None:
    banned = {"utils", "util", "helpers", "helper", "manager", "misc", "common"}
    assert [path for path in trees() if set(Path(path).with_suffix("").parts) & banned] == []


# Errors and time


def is_broad(handler: ast.ExceptHandler) -> bool:
    """Whether a handler swallows any error; one that ends by raising it again does not."""
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = {name.id for name in caught if isinstance(name, ast.Name)}
    last = handler.body[-1]
    passes_on = isinstance(last, ast.Raise) and last.exc is None
    return not passes_on and (handler.type is None or bool(names & {"Exception", "BaseException"}))


def test_only_the_polling_loop_catches_everything() -> None:
    broad = {
        path: sum(isinstance(n, ast.ExceptHandler) and is_broad(n) for n in ast.walk(tree))
        for path, tree in trees().items()
    }
    assert {path: count for path, count in broad.items() if count} == {POLLING: 1}


CLOCK_CALLS = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today"),
    *("time.time", "time.time_ns", "time.monotonic", "time.monotonic_ns", "time.perf_counter"),
    *("time.localtime", "time.gmtime", "time.sleep", "time.process_time"),
}


def asks_the_time(tree: ast.Module) -> Iterator[str]:
    """Whatever in a module reads a clock of the machine."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            if f"{owner}.{node.attr}" in CLOCK_CALLS:
                yield f"{owner}.{node.attr}"
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            yield "from time import ..."


def test_only_the_clock_asks_what_time_it_is() -> None:
    asking = {path: list(asks_the_time(tree)) for path, tree in trees().items()}
    assert {path for path, calls in asking.items() if calls} == {CLOCK, BEFORE_ANY}, asking

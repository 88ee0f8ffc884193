"""Settings that cannot be: every one is told in a sentence, none ends in a traceback."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.instruments import PRICED, Role
from tui.settings import SettingsError, read_settings
from tui.settings_checks import _CHECKS, UserRole
from tui.settings_layers import CHECKED_FURTHER, known_keys
from tui.settings_names import check_names
from tui.settings_salvage import salvaged_settings, with_wrong_names

NOTHING: dict[str, str] = {}
TOKENS = {
    "NINES": "9" * 5000,
    "MANY9": "9" * 300,
    "HEXES": "f" * 5000,
    "BRACKETS": "[" * 5000,
    "DOTS": ".".join("a" * 5000),
    "NAME33": "a" * 33,
    "LONG": "x\\u001b[2J" * 700,
}
"""Words that stand for what is too long to be read in a test."""
ROOM = "[[instruments]]\nsymbol = "


def complaint(folder: Path, text: str, **environ: str) -> str:
    """Return what is said of a file and variables, which must leave the file as it is."""
    for token, meant in TOKENS.items():
        text = text.replace(token, meant)
    path = folder / "captop.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        check_names(read_settings(path, environ))
    assert path.read_text(encoding="utf-8") == text
    return str(raised.value).replace(str(path), "FILE")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[watchlists]\nactive = ""',
            "watchlists.active in FILE line 2 must be text, not empty.",
        ),
        (
            '[watchlists]\n"" = ["A"]',
            'watchlists."" in FILE line 2 is no name for a list: it has 1 to 32 visible',
        ),
        ('[watchlists]\n"a\\u001b" = ["A"]', "is no name for a list"),
        ("[watchlists]\nNAME33 = ['A']", "is no name for a list"),
        (
            "[watchlists]\nmine = ['A', 1, 2]",
            "watchlists.mine[1] in FILE line 2 must be a symbol such as IWM or ^RUT, not 1.",
        ),
        (
            '[watchlists]\nmine = ["I WM"]',
            'watchlists.mine[0] in FILE line 2 must be a symbol such as IWM or ^RUT, not "I WM".',
        ),
        ('[watchlists]\nmine = ["IWM\\n"]', "watchlists.mine[0] in FILE line 2 must be a symbol"),
        (
            "a = 1\n[demo]\nseed = NINES",
            "FILE is not valid TOML: the number in line 3 has too many digits.",
        ),
        (
            "[demo]\nseed = 0xHEXES",
            "demo.seed in FILE line 2 must be a whole number of at most 18 digits, not a number of",
        ),
        (
            f"[demo]\nseed = {10**18}",
            "must be a whole number of at most 18 digits, not 1000000000000000000.",
        ),
        ("[feeds]\ntimeout_s = nan", "must be a number from 0.05 to 300, not nan."),
        (
            "mouse = true\nx = BRACKETS",
            "FILE is not valid TOML: what stands in line 2 is too deep to be read.",
        ),
        ("[keys]\nDOTS = 'j'", "is deeper than any key's id."),
        (
            '[cache]\npath = "\\u0000x"',
            "cache.path in FILE line 2 must be a folder's name, which has no character U+0000.",
        ),
        (
            '[cache]\npath = "~nobodyhere/x"',
            "cache.path in FILE line 2 must be in a folder that is there, and ~nobodyhere is",
        ),
        ('[baskets]\nfolder = "~nobodyhere/x"', "and ~nobodyhere is nobody's home here."),
        ("[baskets]\nfolder = 3", "baskets.folder in FILE line 2 must be a folder, not a number."),
        ('[baskets]\nfolder = ""', "baskets.folder in FILE line 2 must be a folder, not empty."),
        (
            '[feeds]\nuser_agent = "é世"',
            'FILE line 2 must be text of printable ASCII characters, not "é世".',
        ),
        ('[feeds]\nuser_agent = "a\\r\\nX: 1"', "must be text of printable ASCII characters"),
        ('[feeds]\nuser_agent = " "', "must be text of printable ASCII characters"),
    ],
)
def test_what_once_ended_in_a_traceback(tmp_path: Path, text: str, said: str) -> None:
    assert said in complaint(tmp_path, text)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://127.0.0.1:99999", "must have a port from 1 to 65,535, not 99999."),
        ("http://127.0.0.1:0", "must have a port from 1 to 65,535, not 0."),
        ("http://[::::]/x", 'must have a host such as localhost or 127.0.0.1, not "http://[::::]'),
        ("http://999.1.1.1", "must have a host"),
        ("http://..", "must have a host"),
        ("http://-", "must have a host"),
        ("http://xn--a\u0080", "must be an http:// or https:// address"),
        ("http://a/b?c", "must be an http:// or https:// address"),
        ("http://a\n", "must be an http:// or https:// address"),
    ],
)
def test_addresses_that_no_request_can_have(tmp_path: Path, address: str, said: str) -> None:
    for key in ("CAPTOP_FEEDS__YAHOO__BASE_URL", "CAPTOP_FEEDS__YAHOO__ALTERNATE_URL"):
        message = complaint(tmp_path, "", **{key: address})
        assert message.startswith(f"{key} ")
        assert said in message


@pytest.mark.parametrize(
    "address",
    ["http://localhost:1", "https://a.example./b", "http://[::1]:8/x", "http://a_b:65535"],
)
def test_addresses_that_a_request_can_have(address: str) -> None:
    settings = read_settings(
        None, {"CAPTOP_CONFIG": "/nonexistent", "CAPTOP_FEEDS__CBOE__BASE_URL": address}
    ).settings
    assert settings.feeds.cboe.base_url == address


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f'{ROOM}"TAN"\ndecimals = -3',
            "instruments[0].decimals in FILE line 3 must be a whole number from 0 to 8, not -3.",
        ),
        (f'{ROOM}"TAN"\ndecimals = 9', "must be a whole number from 0 to 8, not 9."),
        (
            f'{ROOM}"a b"',
            'instruments[0].symbol in FILE line 2 must be a symbol such as IWM or ^RUT, not "a b".',
        ),
        (
            f'{ROOM}"TAN"\nrole = "sectorr"',
            'or "watched", not "sectorr". The nearest is "sector".',
        ),
        (f'{ROOM}"TAN"\nrole = "group"', '"watched", not "group".'),
        (
            f'{ROOM}"^RUT"\nrole = "watched"',
            'instruments[0].role in FILE line 3 must stay "index" for ^RUT, not "watched".',
        ),
        (
            f'{ROOM}"^VIX"\nrole = "theme"',
            'instruments[0].role in FILE line 3 must stay "volatility" for ^VIX, not "theme".',
        ),
        (
            f'{ROOM}"^SML"\nrole = "index"',
            'instruments[0].role in FILE line 3 may be "index" for ^RUT alone, not for ^SML.',
        ),
        (
            f'{ROOM}"TAN"\n\n{ROOM}"TAN"',
            "instruments[1].symbol in FILE line 5 names TAN a second time.",
        ),
        (
            f'{ROOM}"TAN"\nslug = "iwm"',
            'instruments[0].slug in FILE line 3 is "iwm", which is that of IWM; give it one of',
        ),
        (
            f'{ROOM}"TAN"\n{ROOM}"OIH"\nslug = "tan"',
            'instruments[1].slug in FILE line 5 is "tan", which is that of TAN;',
        ),
        (f'{ROOM}"XBI"\nslug = "kre"', 'slug in FILE line 3 is "kre", which is that of KRE;'),
        (
            f'{ROOM}"TAN"\nslug = "breadth"',
            'slug in FILE line 3 is "breadth", which names metrics of the whole market;',
        ),
        (f'{ROOM}"IWM"\nslug = "other"', 'must stay "iwm" for IWM, not "other".'),
        (f'{ROOM}"TAN"\nslug = "a.b"', 'must be small letters, digits and dashes, not "a.b".'),
        (f'{ROOM}"^="', "instruments[0].slug in FILE line 1 is needed: ^= has no letter or digit"),
        (f'{ROOM}"TAN"\ngroup = "\\u001b[2J"', "must be text of at most 80 visible characters"),
    ],
)
def test_instruments_that_cannot_be(tmp_path: Path, text: str, said: str) -> None:
    assert said in complaint(tmp_path, text)


def test_an_instrument_in_place_of_another_keeps_what_it_leaves_out(tmp_path: Path) -> None:
    path = tmp_path / "captop.toml"
    path.write_text(f'{ROOM}"^GSPC"\ngroup = "large caps"\n', encoding="utf-8")
    cast = read_settings(path, NOTHING).settings.cast
    assert (cast["^GSPC"].group, cast["^GSPC"].slug) == ("large caps", "spx")
    assert cast["^GSPC"].role is Role.BENCHMARK


def test_a_slug_that_follows_from_the_symbol_gives_way_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "captop.toml"
    path.write_text(f'{ROOM}"TAN"\n{ROOM}"^TAN"\n', encoding="utf-8")
    cast = read_settings(path, NOTHING).settings.cast
    assert cast["TAN"].slug == "tan"
    assert cast["^TAN"].slug != "tan"


def test_every_check_beyond_the_type_is_made() -> None:
    assert set(_CHECKS) == CHECKED_FURTHER
    names = {key.rsplit(".", 1)[-1] for key in known_keys()}
    assert names > CHECKED_FURTHER


def test_only_roles_of_what_is_priced_are_for_the_user() -> None:
    assert set(get_args(UserRole)) == {role.value for role in PRICED - {Role.GROUP}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '"feeds.yahoo.base_url" = "http://a"',
            "setting feeds.yahoo.base_url in FILE line 1; write it without quotation marks.",
        ),
        ('"feeds.yahoo.base_ulr" = 1', "the nearest known one is feeds.yahoo.base_url."),
        ("[feeds.cboe]\nbase = 1", "the nearest known one is feeds.cboe.base_url."),
        ("[feeds.yahoo]\nrequests_per_minute = 3", "known one is feeds.requests_per_minute."),
        ("zzzzzz = 5", "the nearest known one is "),
        ('theme = "dark"', "unknown theme 'dark', nearest: 'captop-dark'"),
        ('theme = "light"', "unknown theme 'light', nearest: 'captop-light'"),
        ('theme = "nrd"', "unknown theme 'nrd', nearest: 'nord'"),
    ],
)
def test_the_nearest_is_always_named(tmp_path: Path, text: str, said: str) -> None:
    assert said in complaint(tmp_path, text)


EVERY_LINE_WRONG = """theme = "captop-drak"
windw = "1D"
keys."app.qit" = "Q"
keys."app.help" = ""
keys."app.quit" = 3
instruments = [{role = "x"}, {symbol = ""}]
watchlists.one = ["A", 1, 2]
watchlists.two = [3]
feeds.yaho.x = 1
demo.speed = -1
demo.seed = "a"
"""


def test_every_mistake_is_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = EVERY_LINE_WRONG
    path = tmp_path / "captop.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as raised:
        read_settings(path, NOTHING)
    told = with_wrong_names(raised.value, salvaged_settings(path, NOTHING)).sentences
    lines = [int(re.findall(r" line (\d+)", sentence)[0]) for sentence in told]
    assert lines == sorted([*range(1, 12), 6, 7])


def test_the_nearest_of_a_variable(tmp_path: Path) -> None:
    message = complaint(tmp_path, "", CAPTOP_FOO="x")
    assert message.startswith("Unknown setting CAPTOP_FOO; the nearest known one is ")
    assert "known here are theme, " in message


def test_a_variable_that_is_not_unicode(tmp_path: Path) -> None:
    for name in ("CAPTOP_ASCII", "CAPTOP_THEME", "CAPTOP_WATCHLISTS__A", "CAPTOP_CACHE__PATH"):
        assert complaint(tmp_path, "", **{name: "\udcff"}) == f"{name} is not UTF-8 text."
    assert "Unknown setting CAPTOP_" in complaint(tmp_path, "", **{"CAPTOP_\udcff": "x"})


def test_a_variable_beside_one_of_its_parts_is_not_dropped(tmp_path: Path) -> None:
    base = "CAPTOP_FEEDS__YAHOO__BASE_URL"
    message = complaint(tmp_path, "", CAPTOP_FEEDS__YAHOO="x", **{base: "http://a"})
    assert message == f"CAPTOP_FEEDS__YAHOO cannot be set beside {base}, which is a part of it."


def test_a_settings_file_in_nobodys_home() -> None:
    with pytest.raises(SettingsError, match=r"^CAPTOP_CONFIG must be in .* ~nobodyhere is nobody"):
        read_settings(None, {"CAPTOP_CONFIG": "~nobodyhere/captop.toml"})
    with pytest.raises(SettingsError, match=r"^--config must be in .* ~nobodyhere is nobody"):
        read_settings(Path("~nobodyhere/captop.toml"), NOTHING)


@pytest.mark.parametrize(
    "text",
    [
        'theme = "LONG"',
        'window = "LONG"',
        '"LONG" = 1',
        '[feeds]\nuser_agent = "LONG"',
        '[watchlists]\nactive = "LONG"\nmine = ["A"]',
        '[watchlists]\nmine = ["LONG"]',
        '[watchlists]\n"LONG" = ["A"]',
        '[keys]\n"LONG" = "j"',
        '[keys]\n"list.sort" = "LONG"',
        f'{ROOM}"A"\nsources = ["LONG"]',
        f'{ROOM}"A"\nname = "LONG"',
        f'{ROOM}"A"\n"LONG" = 3',
        f'{ROOM}"A"\nrole = "LONG"',
        "[demo]\nspeed = MANY9",
    ],
)
def test_long_and_wild_values_are_shortened_and_made_plain(tmp_path: Path, text: str) -> None:
    message = complaint(tmp_path, text)
    assert len(message) < 700
    assert message.isprintable()


NAMES = st.sampled_from(["yahoo", "enabled", "active", "path", "symbol", "slug", "seed", "a"])
KEYS = st.sampled_from(
    [
        "theme",
        "ascii",
        "feeds",
        "watchlists",
        "keys",
        "instruments",
        "demo",
        "cache",
        "baskets",
        "thesis",
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
ABSENT = {"CAPTOP_CONFIG": "/nonexistent"}


def sentence(environ: dict[str, str], overrides: dict[str, object]) -> str:
    """Return what is said of settings, nothing if they can be used."""
    try:
        read_settings(None, environ, overrides)
    except SettingsError as error:
        return str(error)
    return ""


@given(KEYS, st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner)))
def test_no_value_whatever_ends_in_anything_but_a_sentence(key: str, value: object) -> None:
    assert sentence(ABSENT, {key: value}).isprintable()


@given(st.text(min_size=1, max_size=40))
def test_no_text_of_a_variable_ends_in_anything_but_a_sentence(text: str) -> None:
    for name in ("CAPTOP_THEME", "CAPTOP_CACHE__PATH", "CAPTOP_INSTRUMENTS", "CAPTOP_DEMO__SEED"):
        assert sentence({**ABSENT, name: text}, {}).isprintable()


@pytest.mark.parametrize("name", ["baskets", "thesis"])
def test_folders_lie_beside_the_settings_file(name: str, tmp_path: Path) -> None:
    path = tmp_path / "captop.toml"
    for said, folder in (
        ("", tmp_path / name),
        (f'[{name}]\nfolder = "mine"', tmp_path / "mine"),
        (f'[{name}]\nfolder = "/mine"', Path("/mine")),
        (f'[{name}]\nfolder = "~/mine"', Path.home() / "mine"),
    ):
        path.write_text(said, encoding="utf-8")
        assert getattr(read_settings(path, NOTHING).settings, name).folder == folder

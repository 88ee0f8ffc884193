"""Settings: layers, messages that lead to the mistake, and what is told back."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from market.instruments import Instrument, Role, default_cast
from tui.settings import (
    DEFAULT_SYMBOLS,
    YAHOO_ALTERNATE_URL,
    AlertSettings,
    BasketSettings,
    Loaded,
    RuleSettings,
    Settings,
    SettingsError,
    ThesisSettings,
    read_settings,
    settings_path,
)
from tui.settings_file import line_of
from tui.settings_layers import known_keys
from tui.settings_names import check_names
from tui.settings_show import settings_table, settings_toml

NOTHING: dict[str, str] = {}


def written(folder: Path, text: str) -> Path:
    path = folder / "captop.toml"
    path.write_text(text, encoding="utf-8")
    return path


def complaint(path: Path | None, environ: dict[str, str] | None = None) -> str:
    with pytest.raises(SettingsError) as raised:
        read_settings(path, environ or NOTHING)
    return str(raised.value)


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    environ = {"CAPTOP_CONFIG": str(tmp_path / "none.toml")}
    beside = Settings(
        baskets=BasketSettings(folder=tmp_path / "baskets"),
        thesis=ThesisSettings(folder=tmp_path / "thesis"),
        alerts=AlertSettings(file=tmp_path / "alerts.toml"),
        rules=RuleSettings(file=tmp_path / "rules.toml"),
    )
    assert read_settings(None, environ).settings == beside
    assert Settings().watchlists.lists == {"default": DEFAULT_SYMBOLS}


def test_later_layers_win(tmp_path: Path) -> None:
    path = written(tmp_path, 'theme = "from-file"\nwindow = "1M"\nmouse = false\n')
    environ = {"CAPTOP_THEME": "from-env", "CAPTOP_WINDOW": "YTD", "CAPTOP_ASCII": ""}
    loaded = read_settings(path, environ, {"theme": "from-argument"})
    settings = loaded.settings
    assert (settings.theme, settings.window, settings.mouse) == ("from-argument", "YTD", False)
    assert loaded.origins == {"theme": "argument", "window": "environment", "mouse": "file"}
    assert loaded.places["mouse"] == f"mouse in {path} line 3"
    assert loaded.places["window"] == "CAPTOP_WINDOW"


def test_environment_reaches_every_depth() -> None:
    settings = read_settings(
        None,
        {
            "CAPTOP_CONFIG": "/nonexistent/captop.toml",
            "CAPTOP_FEEDS__YAHOO__BASE_URL": "http://127.0.0.1:8900/",
            "CAPTOP_FEEDS__CBOE__ENABLED": "false",
            "CAPTOP_FEEDS__TIMEOUT_S": "0.3",
            "CAPTOP_ASCII": "true",
            "CAPTOP_WATCHLISTS__SHORT": "IWM, XBI",
            "CAPTOP_KEYS__LIST__DOWN": "n",
            "PATH": "/bin",
        },
    ).settings
    assert settings.feeds.yahoo.base_url == "http://127.0.0.1:8900"
    assert settings.feeds.cboe.enabled is False
    assert settings.feeds.timeout_s == 0.3
    assert settings.ascii is True
    assert settings.watchlists.lists == {"short": ("IWM", "XBI")}
    assert settings.watchlists.active == "short"
    assert settings.keys == {"list.down": "n"}


def test_an_own_base_url_drops_the_alternate_host(tmp_path: Path) -> None:
    own = written(tmp_path, '[feeds.yahoo]\nbase_url = "http://localhost:1/y"\n')
    assert read_settings(own, NOTHING).settings.feeds.yahoo.alternate_url is None
    both = written(
        tmp_path,
        '[feeds.yahoo]\nbase_url = "http://localhost:1"\nalternate_url = "http://localhost:2"\n',
    )
    assert read_settings(both, NOTHING).settings.feeds.yahoo.alternate_url == "http://localhost:2"
    assert Settings().feeds.yahoo.alternate_url == YAHOO_ALTERNATE_URL
    none = written(tmp_path, '[feeds.yahoo]\nalternate_url = ""\n')
    assert read_settings(none, NOTHING).settings.feeds.yahoo.alternate_url is None


def test_instruments_join_or_replace_the_cast(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        '[[instruments]]\nsymbol = "URA"\nrole = "theme"\nsector = "Energy"\n'
        '[[instruments]]\nsymbol = "IWM"\nrole = "tracker"\ngroup = "the tracker"\n',
    )
    cast = read_settings(path, NOTHING).settings.cast
    assert cast["URA"].role is Role.THEME
    assert cast["URA"].slug == "ura"
    assert cast["IWM"].group == "the tracker"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n[feeds.yahoo]\nbase_url = 5", "feeds.yahoo.base_url in {} line 3 must be an http"),
        ("[feeds.yahoo]\nbase_url = 5", "address, not a number."),
        ('[feeds.yahoo]\nbase_url = "ftp://x"', 'must be an http:// or https:// address, not "ftp'),
        ("[feeds.yahoo]\nbase_ur = 5", "Unknown setting feeds.yahoo.base_ur in {} line 2; the"),
        ("[feeds.yahoo]\nbase_ur = 5", "the nearest known one is feeds.yahoo.base_url."),
        ("[feeds.yaho]\nx = 5", "the nearest known one is feeds.yahoo."),
        ("base_url = 5", "line 1; the nearest known one is feeds.yahoo.base_url."),
        ("zzzzzz = 5", "and known here are theme, ascii, red_up"),
        ("theme = 5", "theme in {} line 1 must be text, not a number."),
        ('mouse = "yes"', "mouse in {} line 1 must be true or false, not "),
        ('window = "2D"', 'or "1Y", not "2D".'),
        ('window = "ytd"', 'The nearest is "YTD".'),
        ("feeds = 3", "feeds in {} line 1 must be a table of settings, not a number."),
        (
            "[feeds]\n\nrequests_per_minute = 0",
            "line 3 must be a whole number from 1 to 600, not 0",
        ),
        ("[feeds]\nrequests_per_minute = 2.5", "must be a whole number from 1 to 600, not 2.5."),
        ("theme = 2026-01-01", "must be text, not a date or time."),
        ("theme = ", "{} is not valid TOML: "),
        ("a = 1\nb = [\n", "what begins in line 2 is not finished."),
        ("a = 1\nb ! 2\n", 'line 2 has no "=" between name and value.'),
        ("[watchlists]\ndefault = 3", "watchlists.default in {} line 2 must be a list, each a sym"),
        ('[watchlists]\nmine = ["A B"]', 'must be a symbol such as IWM or ^RUT, not "A B".'),
        (
            '[watchlists]\nactive = "x"\nmine = ["A"]',
            'watchlists.active in {} line 2 names no list "x"; known are mine.',
        ),
        ('[keys]\nlist.down = 3\n"x.y" = "j"', "keys.list.down in {} line 2 must be text"),
        ("[instruments]\nx = 1", "must be a list of tables, [[instruments]] in the file"),
        (
            '[[instruments]]\nsymbol = "A"\n\n[[instruments]]\nsymbol = "B"\nrole = "boss"',
            'instruments[1].role in {} line 6 must be "index" or "tracker"',
        ),
        ('[[instruments]]\nname = "A"', "instruments[0] in {} line 1 needs a symbol."),
        ('[[instruments]]\nsymbol = "A"\nslog = "a"', "nearest known one is instruments[0].slug."),
        (
            '[[instruments]]\nsymbol = "A"\nsources = ["nasdaqq"]',
            'instruments[0].sources in {} line 3 names no feed "nasdaqq"; known are yahoo, cboe, ',
        ),
    ],
)
def test_a_wrong_file_is_told_by_line_and_key_and_left_alone(
    tmp_path: Path, text: str, said: str
) -> None:
    path = written(tmp_path, text)
    message = complaint(path)
    assert said.format(path) in message
    assert "\n" not in message
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("CAPTOP_FEEDS__YAHO__BASE_URL", "x", "Unknown setting CAPTOP_FEEDS__YAHO; the nearest"),
        ("CAPTOP_TEHME", "x", "setting CAPTOP_TEHME; the nearest known one is CAPTOP_THEME."),
        ("CAPTOP_FEEDS__YAHOOO__BASE_URL", "x", "the nearest known one is CAPTOP_FEEDS__YAHOO."),
        ("CAPTOP_BASE_ULR", "x", "nearest known one is CAPTOP_FEEDS__YAHOO__BASE_URL."),
        ("CAPTOP_MOUSE", "maybe", 'CAPTOP_MOUSE must be true or false, not "maybe".'),
        ("CAPTOP_FEEDS", "x", "CAPTOP_FEEDS must be a table of settings, not text."),
        ("CAPTOP_FEEDS__TIMEOUT_S", "1e9", 'must be a number from 0.05 to 300, not "1e9".'),
    ],
)
def test_a_wrong_variable_is_told_by_its_name(
    tmp_path: Path, name: str, value: str, said: str
) -> None:
    assert said in complaint(None, {"CAPTOP_CONFIG": str(tmp_path / "none"), name: value})


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert "There is no settings file" in complaint(tmp_path / "absent.toml")
    assert "cannot be read" in complaint(tmp_path)
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'theme = "\xe9"')
    assert "is not UTF-8 text (byte 9)" in complaint(latin)


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "captop.toml"
    path.write_bytes(b'\xef\xbb\xbfwindow = "1M"\r\n')
    assert read_settings(path, NOTHING).settings.window == "1M"


def test_the_path_follows_argument_then_variable(tmp_path: Path) -> None:
    environ = {"CAPTOP_CONFIG": str(tmp_path / "b.toml")}
    assert settings_path(tmp_path / "a.toml", environ) == tmp_path / "a.toml"
    assert settings_path(None, environ) == tmp_path / "b.toml"
    assert settings_path(None, NOTHING).name == "captop.toml"


def test_theme_and_keys_are_checked_with_their_place(tmp_path: Path) -> None:
    for text, said in (
        ('theme = "captop-drak"', f"theme in {tmp_path / 'captop.toml'} line 1: "),
        ('[keys]\n"list.dwn" = "j"', f"keys.list.dwn in {tmp_path / 'captop.toml'} line 2: "),
        (
            '[keys]\n"app.quit" = "Q"\n"go.up" = "Q"',
            f"keys.go.up in {tmp_path / 'captop.toml'} line 3: key 'Q' is claimed by both",
        ),
    ):
        loaded = read_settings(written(tmp_path, text), NOTHING)
        with pytest.raises(SettingsError) as raised:
            check_names(loaded)
        assert str(raised.value).startswith(said)
    several = '[keys]\n"app.quit" = "Q"\n"go.up" = "Q"\n"app.zzz" = "x"\n"list.sort" = "banana"\n'
    loaded = read_settings(written(tmp_path, f'{several}"app.help" = "s"'), NOTHING)
    with pytest.raises(SettingsError) as raised:
        check_names(loaded)
    lines = [each.split(" line ")[1][0] for each in raised.value.sentences]
    assert lines == ["3", "4", "5"], "`s` is what the wrong line of list.sort may have given away"
    for text in ("", '[keys]\n"app.quit" = "Q"\n"go.up" = "q"'):
        check_names(read_settings(written(tmp_path, text), NOTHING))


NAMES = st.from_regex(r"[a-z][a-z_-]{0,8}", fullmatch=True)
SYMBOLS = st.from_regex(r"[A-Z^=.-]{1,8}", fullmatch=True)
INSTRUMENTS = SYMBOLS.filter(
    lambda s: Instrument(symbol=s).slug != "" and s not in default_cast().by_symbol
)
HEADERS = st.from_regex(r"[!-~]([ -~]{0,9}[!-~])?", fullmatch=True)
FOLDERS = st.from_regex(r"/[^\x00/]{1,8}", fullmatch=True).map(Path)
URLS = st.sampled_from(["http://localhost:1", "https://a.example/b", "http://[::1]:8/x"])


@st.composite
def settings_values(draw: st.DrawFn) -> Settings:
    """Any settings a file can say."""
    lists = draw(
        st.dictionaries(NAMES.filter(lambda n: n != "active"), st.lists(SYMBOLS), min_size=1)
    )
    symbols = draw(st.lists(INSTRUMENTS, max_size=2, unique=True))
    instruments = [{"symbol": s} for s in symbols]
    data: dict[str, object] = {
        "theme": draw(st.text(min_size=1)),
        "ascii": draw(st.sampled_from(["auto", True, False])),
        "window": draw(st.sampled_from(["1D", "8W", "1Y"])),
        "feeds": {
            "timeout_s": draw(st.floats(0.05, 300)),
            "user_agent": draw(st.none() | HEADERS),
            "yahoo": {"base_url": draw(URLS), "alternate_url": draw(st.none() | URLS)},
        },
        "watchlists": {"lists": lists, "active": draw(st.sampled_from(sorted(lists)))},
        "instruments": instruments,
        "keys": draw(
            st.dictionaries(st.from_regex(r"[a-z]{1,4}\.[a-z]{1,4}", fullmatch=True), NAMES)
        ),
        "demo": {"seed": draw(st.integers(-(2**40), 2**40))},
        "baskets": {"folder": draw(FOLDERS)},
        "thesis": {"folder": draw(FOLDERS)},
        "alerts": {
            "file": draw(FOLDERS),
            "osc": draw(st.sampled_from(["off", "9", "777"])),
            "command": draw(st.lists(st.text(min_size=1), max_size=3)),
            "webhook": draw(st.none() | URLS),
        },
        "rules": {"file": draw(FOLDERS)},
    }
    return msgspec.convert(data, Settings)


@given(settings_values())
def test_what_is_shown_can_be_the_file(
    tmp_path_factory: pytest.TempPathFactory, settings: Settings
) -> None:
    folder = tmp_path_factory.mktemp("shown")
    empty = read_settings(None, {"CAPTOP_CONFIG": str(folder / "none")})
    text = settings_toml(Loaded(settings, empty.path, {}, {}))
    assert all(line.isprintable() for line in text.split("\n"))
    shown = read_settings(written(folder, text), NOTHING).settings
    assert shown == settings


STATEMENTS = st.sampled_from(
    [
        "# a remark",
        "",
        "x = 1",
        'y = """\n[no.table]\n"""',
        "z = [\n  1, # [t]\n  2,\n]",
        "i = {a = 1}",
    ]
)


@given(st.lists(STATEMENTS, max_size=6), st.lists(STATEMENTS, max_size=6))
def test_lines_are_found_below_anything(before: list[str], between: list[str]) -> None:
    above = [s for n, s in enumerate(before) if s not in before[:n]]
    amid = [s for n, s in enumerate(between) if s not in between[:n]]
    text = "\n".join([*above, "[feeds.yahoo]", *amid, "base_url = 3", "[demo]", "base_url = 4"])
    lines = text.split("\n")
    assert line_of(text, ("feeds", "yahoo", "base_url")) == lines.index("base_url = 3") + 1
    assert line_of(text, ("demo", "base_url")) == lines.index("base_url = 4") + 1
    assert line_of(text, ("feeds", "yahoo")) == lines.index("[feeds.yahoo]") + 1


def test_every_setting_is_documented() -> None:
    rows = settings_table().splitlines()[2:]
    assert len(rows) == len(known_keys())
    for row in rows:
        key, _, _, meaning = (cell.strip() for cell in row.strip("| ").split(" | "))
        assert key.startswith("`"), row
        assert meaning.endswith("."), row


def test_origins_are_shown(tmp_path: Path) -> None:
    path = written(tmp_path, 'window = "1M"\n[watchlists]\nmine = ["A"]\n')
    shown = settings_toml(read_settings(path, {"CAPTOP_MOUSE": "0"})).splitlines()
    assert 'window = "1M"  # file' in shown
    assert "mouse = false  # environment" in shown
    assert 'mine = ["A"]  # file' in shown
    assert "red_up = false  # default" in shown


@pytest.mark.parametrize("module", ["tui.settings", "tui.cli", "tui.settings_layers"])
def test_reading_settings_imports_nothing_heavy(module: str) -> None:
    heavy = [
        "textual",
        "rich",
        "httpx",
        "pandas",
        "numpy",
        "plotext",
        "sqlite3",
        "tomlkit",
        "asyncio",
    ]
    program = (
        f"import json, sys, {module}\n"
        "from tui.settings import read_settings\n"
        "read_settings(None, {'CAPTOP_CONFIG': '/nonexistent'})\n"
        f"print(json.dumps([m for m in {heavy} if m in sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == []

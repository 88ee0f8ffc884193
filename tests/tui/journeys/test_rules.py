"""The user's rules on screen: rows and numbers marked, the filter that names a rule, the file."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from tests.tui.driving import lines_of, press
from tests.tui.fakes import Stage
from tui.known_names import known_names
from tui.rule_book import RuleBook
from tui.rules_app import LOOK_S
from tui.settings import RuleSettings, Settings
from widgets.breadth_table import BreadthTablePanel
from widgets.leaders import LeadersPanel
from widgets.members import MembersPanel
from widgets.watchlist import WatchlistPanel

ROWS = """
[[rule]]
id = "risen"
title = "up today"
when = { metric = "{slug}.return.1d", above = 0 }
colour = "good"
[[rule]]
id = "fallen"
when = { metric = "{slug}.return.1d", below = 0 }
colour = "bad"
"""
LEVEL = """
[[rule]]
id = "vix"
when = { metric = "vix.last", above = 1 }
colour = "warn"
"""


async def beat(shown: Stage, pilot: Pilot[None]) -> None:
    """Let news come, and the rules be read if they are others."""
    shown.engine.tick()
    await shown.clock.push(LOOK_S)
    shown.app.beat()
    await shown.app.workers.wait_for_complete()
    await pilot.pause()


async def test_rows_are_marked_and_a_filter_names_what_marks_them(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(ROWS + LEVEL, encoding="utf-8")
    shown = Stage(settings=Settings(rules=RuleSettings(file=file)))
    async with shown.app.run_test(size=(120, 34)) as pilot:
        await beat(shown, pilot)
        picture = shown.app.desk.snapshot
        for panel in (LeadersPanel, WatchlistPanel):
            board = shown.app.screen.query_one(panel).board
            rows = [row for row in board.listing.order if not row.dim]
            assert any(row.colour == "up" for row in rows)
            assert any(row.colour == "down" for row in rows)
            for row in rows:
                move = picture.reading(f"{picture.cast[row.key].slug}.return.1d").value
                expected = (
                    () if not isinstance(move, float) else ("risen" if move > 0 else "fallen",)
                )
                assert row.rules == expected, row.key
        assert any("│•" in line for line in lines_of(shown))
        assert picture.colours == {"vix.last": "warn"}
        board = shown.app.screen.query_one(LeadersPanel).board
        count = len(board.listing.order)
        await press(pilot, "slash", "number_sign")
        assert "#risen up today, #fallen fallen" in lines_of(shown)[-1]
        await press(pilot, *"ris")
        risen = len(board.listing.order)
        assert 0 < risen < count
        assert all(row.rules == ("risen",) for row in board.listing.order)
        assert "#risen up today" in lines_of(shown)[-1]
        await press(pilot, "x")
        assert "no rule is called #risx; there are #risen, #fallen" in lines_of(shown)[-1]
        assert not board.listing.order
        await press(pilot, "escape")
        assert len(board.listing.order) == count
        await press(pilot, "asterisk", "slash", *"#ris")
        members = shown.app.screen.query_one(MembersPanel).board
        assert 0 < len(members.listing.order) < members.listing.count
        assert all(row.colour == "up" for row in members.listing.order)
        await press(pilot, "escape", "escape", "b")
        groups = shown.app.screen.query_one(BreadthTablePanel).board
        assert {row.colour for row in groups.listing.order} >= {"up", "down"}
        await press(pilot, "escape")
        file.write_text(LEVEL + '[[rule]]\nid = "odd"\nwhen = {}\n', encoding="utf-8")
        await beat(shown, pilot)
        assert "rules.toml: rule odd in line 6 is left out" in lines_of(shown)[-1]
        assert not any(row.colour for row in board.listing.order)
        await press(pilot, "slash", "number_sign")
        assert "there is no rule about rows" in lines_of(shown)[-1]
        await press(pilot, "escape")
        file.write_text("no TOML", encoding="utf-8")
        await beat(shown, pilot)
        assert "cannot be read" in "".join(lines_of(shown)[-2:])
        assert shown.app.desk.snapshot.colours, "the rules stay as they were"


def test_the_book_reads_only_what_has_changed_and_says_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    book = RuleBook(file, lambda: known_names(Settings()))
    assert book.news() is None
    file.write_text(ROWS, encoding="utf-8")
    rules, faults = book.news() or (None, ())
    assert ([rule.id for rule in rules or ()], faults) == (["risen", "fallen"], ())
    assert book.news() is None
    file.write_bytes(b"\xff\xfe\xfa")
    rules, (fault,) = book.news() or ((), ("",))
    assert rules is None
    assert fault.endswith("it is not UTF-8 text")
    file.unlink()
    assert book.news() == ((), ())
    file.mkdir()
    rules, (fault,) = book.news() or ((), ("",))
    assert rules is None
    assert fault.startswith(f"{file} cannot be read: ")
    assert book.news() is None

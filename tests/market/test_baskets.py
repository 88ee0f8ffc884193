"""Baskets: what captop ships can be read, and a bad file costs that file."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from market.basket_check import checked_baskets, empty_baskets
from market.baskets import SHIPPED, MemberRule, baskets_in
from market.taxonomy import default_taxonomy
from tests.market.metrics.small_index import BASKET, census_of
from tests.market.metrics.small_index import snapshot as small_index

GOOD = """
name = "Mine"
slug = "mine"
rule = "what I like"
as_of = 2026-01-02
[members]
symbols = ["AAA"]
"""


def test_the_shipped_baskets_are_the_story_s_three() -> None:
    baskets, faults = checked_baskets([SHIPPED])
    assert {basket.slug for basket in baskets} == {"ai", "analytics", "biotech"}
    assert not faults


def test_shipped_rules_name_industries_of_the_taxonomy() -> None:
    known = {industry for line in default_taxonomy().subsectors for industry in line.industries}
    for basket in baskets_in([SHIPPED])[0]:
        rules = [rule for rule in (basket.members, basket.meanwhile) if rule is not None]
        assert {word for rule in rules for word in rule.industries} <= known
        assert basket.rule
        assert basket.sources
        assert basket.proxies


def test_of_what_a_file_says_only_what_can_be_seen_is_kept(tmp_path: Path) -> None:
    name = r"Evil \u001b[31mred [bold]x[/bold] \u202e\n end"
    (tmp_path / "evil.toml").write_text(GOOD.replace("Mine", name), encoding="utf-8")
    (basket,) = baskets_in([tmp_path])[0]
    assert basket.name == "Evil [31mred [bold]x[/bold]   end"


def test_a_user_s_basket_replaces_a_shipped_one_of_the_same_slug(tmp_path: Path) -> None:
    (tmp_path / "ai.toml").write_text(GOOD.replace('"mine"', '"ai"'), encoding="utf-8")
    by_slug = {basket.slug: basket for basket in baskets_in([SHIPPED, tmp_path])[0]}
    assert by_slug["ai"].name == "Mine"
    assert len(by_slug) == 3


def test_of_two_baskets_of_one_slug_in_a_folder_the_second_is_named_and_skipped(
    tmp_path: Path,
) -> None:
    (tmp_path / "mine.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "twin.toml").write_text(GOOD.replace('"Mine"', '"Twin"'), encoding="utf-8")
    baskets, faults = baskets_in([tmp_path])
    assert [basket.name for basket in baskets] == ["Mine"]
    why = 'mine.toml beside it has the slug "mine" already'
    assert faults == (f"the basket twin.toml is skipped: {why} (in {tmp_path})",)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("name = ", "Invalid value"),
        (GOOD.replace('slug = "mine"\n', ""), "slug"),
        (GOOD.replace('"mine"', '"Mi ne"'), "small letters"),
        (GOOD.replace('symbols = ["AAA"]', ""), "names no symbols"),
        (GOOD.replace("symbols", "symbol"), "symbol"),
        (GOOD.replace("2026-01-02", '"soon"'), "date"),
    ],
)
def test_a_bad_file_is_named_and_skipped(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "bad.toml").write_text(text, encoding="utf-8")
    (tmp_path / "good.toml").write_text(GOOD, encoding="utf-8")
    baskets, faults = baskets_in([tmp_path])
    assert [basket.slug for basket in baskets] == ["mine"]
    assert len(faults) == 1
    assert "bad.toml" in faults[0]
    assert why in faults[0]


@pytest.mark.parametrize(
    ("rule", "what", "nearest"),
    [
        ('subsectors = ["Regional Bankz"]', 'sub-sector "Regional Bankz"', "Regional Banks"),
        ('sectors = ["financials"]', 'sector "financials"', "Financials"),
        ('industries = ["Major Bank"]', 'industry "Major Bank"', "Major Banks"),
    ],
)
def test_a_name_that_there_is_none_of_is_told_with_the_nearest_and_the_basket_kept(
    tmp_path: Path, rule: str, what: str, nearest: str
) -> None:
    file = tmp_path / "typo.toml"
    file.write_text(GOOD.replace('symbols = ["AAA"]', rule), encoding="utf-8")
    baskets, faults = checked_baskets([tmp_path])
    assert [basket.slug for basket in baskets] == ["mine"]
    said = f'there is no {what}, the nearest is "{nearest}"'
    assert faults == (f"the basket typo.toml: {said} (in {tmp_path})",)


def test_the_case_of_an_industry_does_not_matter(tmp_path: Path) -> None:
    rule = GOOD.replace('symbols = ["AAA"]', 'industries = ["MAJOR BANKS"]')
    (tmp_path / "fine.toml").write_text(rule, encoding="utf-8")
    assert not checked_baskets([tmp_path])[1]


def test_a_basket_that_matches_nobody_is_named_once_there_are_members() -> None:
    by_fund = replace(BASKET, slug="held", members=MemberRule(funds=("IGV",)))
    nobody = replace(BASKET, slug="nobody", members=MemberRule(symbols=("ZZZ",)))
    seen = replace(small_index(), baskets=(BASKET, nobody, by_fund))
    assert empty_baskets(seen) == ()
    counted = replace(seen, census=census_of(seen))
    assert [(basket.slug, why) for basket, why in empty_baskets(counted)] == [
        ("nobody", "0 of 100 members fit the rule (0 of 1 symbols named are members, without ZZZ)"),
        ("held", "0 of 100 members fit the rule (0 of 1 funds known, without IGV)"),
    ]


def test_a_file_that_is_no_text_is_named_and_skipped(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in baskets_in([tmp_path])[1][0]


def test_a_folder_that_is_not_there_has_no_baskets(tmp_path: Path) -> None:
    assert baskets_in([tmp_path / "none"]) == ((), ())

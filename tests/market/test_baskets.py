"""Baskets: what captop ships can be read, and a bad file costs that file."""

from __future__ import annotations

from pathlib import Path

import pytest

from market.baskets import SHIPPED, baskets_in
from market.taxonomy import default_taxonomy

GOOD = """
name = "Mine"
slug = "mine"
rule = "what I like"
as_of = 2026-01-02
[members]
symbols = ["AAA"]
"""


def test_the_shipped_baskets_are_the_story_s_three() -> None:
    baskets, faults = baskets_in([SHIPPED])
    assert {basket.slug for basket in baskets} == {"ai", "analytics", "biotech"}
    assert not faults


def test_shipped_rules_name_industries_of_the_taxonomy() -> None:
    known = {industry for line in default_taxonomy().subsectors for industry in line.industries}
    for basket in baskets_in([SHIPPED])[0]:
        assert set(basket.members.industries) <= known
        assert basket.rule
        assert basket.sources
        assert basket.proxies


def test_a_user_s_basket_replaces_a_shipped_one_of_the_same_slug(tmp_path: Path) -> None:
    (tmp_path / "ai.toml").write_text(GOOD.replace('"mine"', '"ai"'), encoding="utf-8")
    by_slug = {basket.slug: basket for basket in baskets_in([SHIPPED, tmp_path])[0]}
    assert by_slug["ai"].name == "Mine"
    assert len(by_slug) == 3


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


def test_a_file_that_is_no_text_is_named_and_skipped(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in baskets_in([tmp_path])[1][0]


def test_a_folder_that_is_not_there_has_no_baskets(tmp_path: Path) -> None:
    assert baskets_in([tmp_path / "none"]) == ((), ())

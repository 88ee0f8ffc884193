"""Names and ranks of the leaders in the narrowest columns that show them."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from market.baskets import SHIPPED, baskets_in
from market.taxonomy import default_taxonomy
from widgets.board_layout import seats
from widgets.leaders import BASKET_MARK, GROUP_WIDTH, columns_for
from widgets.values import WINDOWS

BOARD_WIDTH = 64
"""Cells of the leaders' board in a terminal of 120 columns."""


def test_no_shipped_name_is_cut_in_the_leaders() -> None:
    baskets, faults = baskets_in([SHIPPED])
    assert baskets
    assert faults == ()
    names = [line.name for line in default_taxonomy().subsectors]
    names += [BASKET_MARK + basket.name for basket in baskets]
    assert [name for name in names if cell_len(name) > GROUP_WIDTH] == []


@pytest.mark.parametrize("window", WINDOWS)
def test_groups_have_ranks_at_any_window_in_120_columns(window: str) -> None:
    columns = columns_for(window, by_members=True)
    needs = [max(len(column.title), column.width) for column in columns]
    told = seats(columns, needs, {len(columns) - 1}, BOARD_WIDTH)
    assert [columns[seat.column].id for seat in told][:2] == ["rank", "name"]

"""Every name that is shipped fits the narrowest column that shows it."""

from __future__ import annotations

from rich.cells import cell_len

from market.baskets import SHIPPED, baskets_in
from market.taxonomy import default_taxonomy
from widgets.leaders import BASKET_MARK, GROUP_WIDTH


def test_no_shipped_name_is_cut_in_the_leaders() -> None:
    baskets, faults = baskets_in([SHIPPED])
    assert baskets
    assert faults == ()
    names = [line.name for line in default_taxonomy().subsectors]
    names += [BASKET_MARK + basket.name for basket in baskets]
    assert [name for name in names if cell_len(name) > GROUP_WIDTH] == []

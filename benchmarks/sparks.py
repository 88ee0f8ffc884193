"""A fresh page of sparklines against plain plotext calls on the same data, and scrolling back."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from statistics import median
from time import process_time

import plotext

from benchmarks.samples import Comparison, Figure, Measurement
from widgets import plotting

ROWS = 48
POINTS = 260
"""A year of closes."""
WIDTH = 20
PAGES = 4
RUNS = 9

Page = Sequence[Sequence[float]]


def measure() -> list[Measurement]:
    """Return the CPU of a page, of its longest sparkline, and the share of a page that is kept."""
    random = Random(1)
    pages = [_page(random) for _ in range(1 + RUNS)]
    plain = [_plain(page) for page in pages]  # first: captop's own figure is set up after it
    plotting.prepare()
    drawn = [_drawn(page) for page in pages]
    (_, *own), (_, *control) = [sum(page) for page in drawn], plain  # the first is the warm-up
    slices = [max(page) * 1000 for page in drawn[1:]]
    return [
        Comparison(
            f"sparks: {ROWS} fresh sparklines, CPU", "s", tuple(own), tuple(control), "<= 0.125x"
        ),
        Figure("sparks: longest single one, CPU", "ms", median(slices), "< 16 ms"),
        Figure("sparks: kept when scrolling back", "%", 100 * _kept(random), ">= 95 %"),
    ]


def _page(random: Random) -> Page:
    return [_walk(random) for _ in range(ROWS)]


def _walk(random: Random) -> list[float]:
    path = [100.0]
    while len(path) < POINTS:
        path.append(path[-1] * (1 + random.gauss(0, 0.02)))
    return path


def _drawn(page: Page) -> list[float]:
    """Return CPU seconds of each sparkline of a page."""
    spent: list[float] = []
    for values in page:
        start = process_time()
        plotting.drawing_of(plotting.spark_of(values, WIDTH))
        spent.append(process_time() - start)
    return spent


def _plain(page: Page) -> float:
    """Return CPU seconds of the plain way: plotext is given all values and asked for a row."""
    start = process_time()
    for values in page:
        plotext.clear_figure()
        plotext.limit_size(False, False)
        plotext.plot_size(WIDTH, 1)
        plotext.frame(False)
        plotext.xfrequency(0)
        plotext.yfrequency(0)
        plotext.plot(list(values), marker="braille")
        plotext.build()
    return process_time() - start


def _kept(random: Random) -> float:
    """Return the share of sparklines that need no drawing, down some pages and back up.

    Meanwhile every price has moved as it does in a few seconds.
    """
    pages = [_page(random) for _ in range(PAGES)]
    drawn = {plotting.spark_of(values, WIDTH) for page in pages for values in page}
    moved = [
        plotting.spark_of([*values[:-1], values[-1] * (1 + random.gauss(0, 0.0005))], WIDTH)
        for page in reversed(pages)
        for values in page
    ]
    return sum(spark in drawn for spark in moved) / len(moved)

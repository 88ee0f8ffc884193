"""iShares as a feed: which addresses are asked, in which order, and what that costs."""

from __future__ import annotations

import pytest

from market.clock import WallClock
from market.feeds.feed import Metered, Query
from market.feeds.ishares.feed import IsharesFeed
from market.quotes import Key, Kind
from market.reports import ErrorKind, FeedError
from tests.market.feeds.ishares_wire import (
    IWM,
    MEMBERS,
    NOW,
    Addresses,
    a_feed,
    file_of,
    plane_of,
    products_of,
)
from tui.settings import Settings
from tui.wiring import live_feeds

IGV = Key(Kind.HOLDINGS, "IGV")
MONDAY = Key(Kind.HOLDINGS, "IWM", "2026-06-29")

FILE, PLANE, DOWNLOAD = "latest-holdings.csv", "get-product-data", "1467271812596.ajax"
LIST = "product-screener-v3.1.jsn"
GOOD, GOOD_JSON = file_of(*MEMBERS), plane_of(*MEMBERS)
PAGE = b"<!DOCTYPE html><html>the product page, sent as text/csv</html>"
IGV_PAGE = "/us/products/239771/ishares-expanded-tech-software-sector-etf"
FUND_LIST = products_of(IGV=(239771, IGV_PAGE), ARTY=(297905, "-"))


async def fetched(feed: IsharesFeed, key: Key = IWM) -> bytes:
    (query,) = feed.plan([key])
    return (await feed.fetch(query)).body


async def refused(feed: IsharesFeed, key: Key = IWM) -> FeedError:
    with pytest.raises(FeedError) as caught:
        await fetched(feed, key)
    return caught.value


# What is asked for


@pytest.mark.parametrize(
    ("key", "is_served"),
    [
        (IWM, True),
        (IGV, True),
        (MONDAY, True),
        (Key(Kind.HOLDINGS, "IWM", "some day"), False),
        (Key(Kind.HOLDINGS, "IYW"), True),
        (Key(Kind.HOLDINGS, "@basket:ai"), False),
        (Key(Kind.HOLDINGS, "XBI"), False),
        (Key(Kind.HOLDINGS, "../x"), False),
        (Key(Kind.QUOTE, "IWM"), False),
        (Key(Kind.LISTINGS, "US"), False),
    ],
)
def test_holdings_of_any_fund_are_served_and_its_list_says_whether_it_has_it(
    key: Key, is_served: bool
) -> None:
    feed = a_feed()
    assert feed.serves(key) is is_served
    assert len(feed.plan([key, key])) == is_served


def test_no_other_feed_is_asked_for_holdings() -> None:
    feeds = live_feeds(Settings(), WallClock())
    assert [name for name, feed in feeds.items() if feed.serves(IWM)] == ["ishares"]


def test_each_fund_and_day_is_a_query_of_its_own() -> None:
    assert a_feed().plan([IWM, IGV, MONDAY]) == [
        Query("ishares", (IWM,), "/us/products/IWM"),
        Query("ishares", (IGV,), "/us/products/IGV"),
        Query("ishares", (MONDAY,), "/us/products/IWM", (("asOfDate", "20260629"),)),
    ]


def test_the_host_is_that_of_the_setting() -> None:
    query = a_feed().plan([IWM])[0]
    assert a_feed().host(query) == "www.ishares.com"
    assert IsharesFeed(Addresses(), base_url="http://127.0.0.1:1/a/").host(query) == "127.0.0.1:1"


# In which order


async def test_the_newest_file_is_one_request() -> None:
    http = Addresses({FILE: GOOD})
    assert await fetched(a_feed(http)) == GOOD
    (request,) = http.asked
    page = "https://www.ishares.com/us/products/239710/ishares-russell-2000-etf"
    assert request.url == f"{page}/{FILE}"
    assert request.params == ()
    assert http.paid == []


async def test_a_day_in_the_past_is_asked_of_the_plane() -> None:
    http = Addresses({FILE: GOOD, PLANE: plane_of(*MEMBERS, day=20260629)})
    await fetched(a_feed(http), MONDAY)
    (request,) = http.asked
    assert request.url.endswith("/product-data/api/v2/get-product-data")
    asked = dict(request.params)
    assert (asked["component"], asked["portfolioId"]) == ("holdings.all", "239710")
    assert asked["asOfDate"] == "20260629"
    assert asked["appType"] == "PRODUCT_PAGE"


@pytest.mark.parametrize(
    "bad", [PAGE, b"", 404, 403, 410, file_of(*MEMBERS, day="-"), GOOD[:400], GOOD[:-1000], b"{}"]
)
async def test_what_one_address_cannot_say_the_next_is_asked(bad: bytes | int) -> None:
    http = Addresses({FILE: bad, PLANE: GOOD_JSON})
    assert await fetched(a_feed(http)) == GOOD_JSON
    assert http.ends() == [FILE, PLANE]
    assert http.paid == ["www.ishares.com"], "the second request pays for itself"


async def test_the_old_download_address_is_the_last_resort() -> None:
    http = Addresses({FILE: PAGE, PLANE: b"{}", DOWNLOAD: GOOD})
    assert await fetched(a_feed(http)) == GOOD
    assert http.ends() == [FILE, PLANE, DOWNLOAD]
    assert dict(http.asked[-1].params) == {
        "fileType": "csv",
        "fileName": "IWM_holdings",
        "dataType": "fund",
    }


async def test_the_address_that_answered_last_is_tried_first() -> None:
    http = Addresses({FILE: PAGE, PLANE: GOOD_JSON})
    feed = a_feed(http)
    for _ in range(3):
        await fetched(feed)
    assert http.ends() == [FILE, PLANE, PLANE, PLANE]


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_host_that_is_down_or_says_stop_is_not_asked_again(status: int) -> None:
    http = Addresses({FILE: status, PLANE: GOOD_JSON})
    error = await refused(a_feed(http))
    assert error.kind in {ErrorKind.LIMITED, ErrorKind.UNREACHABLE}
    assert http.ends() == [FILE]


async def test_of_several_failures_the_first_is_told() -> None:
    http = Addresses({FILE: PAGE, PLANE: b"{}", DOWNLOAD: 404})
    error = await refused(a_feed(http))
    assert error.kind is ErrorKind.REFUSED
    assert error.text == "iShares sent a web page instead of the holdings of IWM"
    assert len(http.asked) == 3


@pytest.mark.parametrize(("old", "plane"), [(404, 404), (PAGE, b"{}")])
async def test_a_file_that_lacks_something_says_more_than_the_other_addresses(
    old: bytes | int, plane: bytes | int
) -> None:
    undated = GOOD.replace(b"Fund Holdings as of", b"Some words")
    error = await refused(a_feed(Addresses({FILE: old, PLANE: plane, DOWNLOAD: undated})))
    assert error.kind is ErrorKind.GARBLED
    assert error.text.endswith("of IWM are unreadable: the file does not say of which day it is")


async def test_a_failure_names_its_fund() -> None:
    error = await refused(a_feed(Addresses({FILE: 404, PLANE: 404, DOWNLOAD: 404})))
    assert (error.kind, error.text) == (
        ErrorKind.ABSENT,
        "IWM: iShares has no such data (HTTP 404)",
    )


async def test_a_weekend_is_absent() -> None:
    sunday = Key(Kind.HOLDINGS, "IWM", "2026-06-28")
    empty = plane_of(**dict.fromkeys(("ticker", "issueName", "unitPrice"), None))
    error = await refused(a_feed(Addresses({PLANE: empty, DOWNLOAD: PAGE})), sunday)
    assert error.kind is ErrorKind.ABSENT


# Other funds


async def test_another_fund_is_found_on_the_list_once() -> None:
    http = Addresses({LIST: FUND_LIST, FILE: GOOD})
    feed = a_feed(http)
    await fetched(feed, IGV)
    await fetched(feed, IGV)
    assert http.ends() == [LIST, FILE, FILE]
    assert http.asked[0].params[-1] == ("siteEntryPassthrough", "true")
    assert http.asked[1].url == f"https://www.ishares.com{IGV_PAGE}/{FILE}"
    assert http.paid == ["www.ishares.com"]


async def test_a_fund_without_a_page_is_asked_of_the_plane() -> None:
    body = plane_of(*MEMBERS).replace(b'"IWM"', b'"ARTY"')
    http = Addresses({LIST: FUND_LIST, PLANE: body})
    await fetched(a_feed(http), Key(Kind.HOLDINGS, "ARTY"))
    assert http.ends() == [LIST, PLANE]
    assert dict(http.asked[1].params)["portfolioId"] == "297905"


async def test_a_fund_that_is_not_on_the_list_is_absent() -> None:
    http = Addresses({LIST: FUND_LIST, FILE: GOOD})
    feed = a_feed(http)
    for _ in range(2):
        error = await refused(feed, Key(Kind.HOLDINGS, "GONE"))
        assert error.kind is ErrorKind.ABSENT
        assert "GONE: it is not on its list of funds" in error.text
    assert http.ends() == [LIST], "the list is not fetched again for it"


async def test_a_list_that_failed_is_asked_for_again() -> None:
    http = Addresses({LIST: PAGE, FILE: GOOD})
    feed = a_feed(http)
    assert (await refused(feed, IGV)).kind is ErrorKind.REFUSED
    http.bodies[LIST] = FUND_LIST
    assert await fetched(feed, IGV) == GOOD


async def test_the_list_does_not_move_a_fund_that_is_known() -> None:
    http = Addresses({LIST: products_of(IWM=(1, "/us/products/1/x"), IGV=(2, "")), FILE: GOOD})
    feed = a_feed(http)
    http.bodies[PLANE] = plane_of(*MEMBERS).replace(b'"IWM"', b'"IGV"')
    await fetched(feed, IGV)
    http.bodies[PLANE] = 404
    await fetched(feed)
    assert http.asked[-1].url.startswith("https://www.ishares.com/us/products/239710/")


# Budget and end


async def test_further_requests_are_made_only_where_the_budget_allows() -> None:
    http = Addresses({FILE: PAGE, PLANE: GOOD_JSON})
    feed = a_feed(http)
    assert isinstance(feed, Metered)
    closed = FeedError(ErrorKind.LIMITED, "leave it alone", 60.0)

    def spend(host: str) -> None:
        assert host == "www.ishares.com"
        raise closed

    feed.meter(spend)
    assert await refused(feed) is closed


async def test_an_answer_is_parsed_into_one_fund(capsys: pytest.CaptureFixture[str]) -> None:
    feed = a_feed(Addresses({FILE: GOOD}))
    (query,) = feed.plan([IWM])
    answer = await feed.fetch(query)
    arrived = feed.parse(query, answer, NOW)
    assert (arrived.feed, arrived.at, arrived.keys) == ("ishares", NOW, (IWM,))
    assert [held.fund for held in arrived.holdings] == ["IWM"]
    assert capsys.readouterr().out == ""
    await feed.aclose()

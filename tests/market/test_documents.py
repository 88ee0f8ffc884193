"""Documents: the younger answer counts, first prints stay, what was recorded grows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from market.archive import Archive
from market.documents import merged_document, with_documents
from market.fold import fold
from market.fund_shares import FundDay
from market.funds import FundHistory
from market.instruments import TRACKER
from market.published import Published
from market.quotes import Key, Kind
from market.reports import Arrived, Restored
from market.snapshot import Snapshot, empty_snapshot
from market.stories import Headlines
from tests.clocks import THURSDAY_AFTERNOON as NOW

CPI = Key(Kind.PUBLISHED, "CPIAUCSL")
MONTHS = (date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1))
FUND = Key(Kind.FUND, TRACKER)


def series(*values: float, at: datetime = NOW) -> Published:
    return Published(
        key=CPI, source="fred", fetched_at=at, days=MONTHS[: len(values)], values=values
    )


def counts(days: dict[int, float], at: datetime, *, is_recorded: bool = True) -> FundHistory:
    return FundHistory(
        key=FUND,
        source="ishares",
        fetched_at=at,
        days=tuple(FundDay(date(2026, 7, day), shares, 290.0) for day, shares in days.items()),
        is_recorded=is_recorded,
    )


def folded(*answers: Published) -> Snapshot:
    snapshot = empty_snapshot(NOW)
    for answer in answers:
        report = Arrived(feed="fred", at=answer.fetched_at, keys=(CPI,), documents=(answer,))
        snapshot = fold(snapshot, report, NOW)
    return snapshot


def test_what_was_said_first_of_a_month_is_never_overwritten() -> None:
    first, later = series(320.0, 321.0), series(320.0, 321.4, 322.0, at=NOW + timedelta(days=30))
    revised = series(320.0, 321.5, 322.9, at=NOW + timedelta(days=60))
    known = folded(first, later, revised).document(CPI, Published)
    assert known is not None
    assert known.values == (320.0, 321.5, 322.9)
    assert [(p.day.month, p.value) for p in known.first_prints] == [(5, 321.0), (6, 322.0)]


def test_a_first_print_knows_what_was_said_of_the_month_before() -> None:
    first = series(320.0, 321.0)
    revised = series(320.5, 321.4, 322.0, at=NOW + timedelta(days=30))
    known = folded(first, revised).document(CPI, Published)
    assert known is not None
    assert [(p.value, p.before, p.seen_at) for p in known.first_prints] == [
        (321.0, 320.0, NOW),
        (322.0, 321.4, revised.fetched_at),
    ]


def test_of_several_new_months_only_the_newest_was_not_revised_yet() -> None:
    known = folded(series(320.0), series(320.0, 321.0, 322.0, at=NOW + timedelta(days=90)))
    document = known.document(CPI, Published)
    assert document is not None
    assert [p.day for p in document.first_prints] == [MONTHS[0], MONTHS[2]]


def test_the_order_of_answers_does_not_matter() -> None:
    older, newer = series(320.0), series(320.0, 321.0, at=NOW + timedelta(hours=1))
    for known, news in ((older, newer), (newer, older)):
        assert merged_document(known, news) == merged_document(older, newer)


def test_what_the_archive_kept_is_older_than_any_answer() -> None:
    kept, news = series(320.0, at=NOW - timedelta(days=1)), series(320.0, 321.0)
    snapshot = fold(folded(news), Restored(documents=(kept,)), NOW)
    known = snapshot.document(CPI, Published)
    assert known is not None
    assert known.values == (320.0, 321.0)
    assert empty_snapshot(NOW).document(CPI, Published) is None
    assert snapshot.documents_of(Published) == (known,)


def test_a_reference_date_of_which_nothing_was_said_is_none() -> None:
    known = Published(
        key=CPI, source="fred", fetched_at=NOW, days=(MONTHS[0], MONTHS[2]), values=(1.0, 3.0)
    )
    assert [known.on(month) for month in MONTHS] == [1.0, None, 3.0]
    assert known.on(date(2027, 1, 1)) is None


def test_a_recorded_history_grows_and_a_source_s_own_is_whole() -> None:
    older = counts({1: 300.0, 2: 301.0}, NOW)
    newer = counts({2: 302.0, 6: 303.0}, NOW + timedelta(days=4))
    grown = merged_document(older, newer)
    assert isinstance(grown, FundHistory)
    assert [each.shares for each in grown.days] == [300.0, 302.0, 303.0]
    whole = counts({6: 303.0}, NOW + timedelta(days=4), is_recorded=False)
    assert merged_document(older, whole) == whole


def test_documents_are_kept_by_what_was_asked_for() -> None:
    other = FundHistory(
        key=Key(Kind.FUND, "IJR"),
        source="ishares",
        fetched_at=datetime(2026, 7, 1, tzinfo=UTC),
        days=(),
    )
    known = with_documents({}, (series(320.0), other))
    assert set(known) == {CPI, other.key}


def test_the_archive_keeps_documents_and_forgets_what_nobody_asked_for(tmp_path: Path) -> None:
    def headlines(symbol: str, at: datetime) -> Headlines:
        return Headlines(key=Key(Kind.HEADLINES, symbol), source="yahoo", fetched_at=at, rows=())

    old, new = headlines("AAON", NOW - timedelta(days=31)), headlines("BOOT", NOW)
    kept = (series(320.0), counts({1: 300.0}, NOW), old, new)
    snapshot = replace(empty_snapshot(NOW), documents=with_documents({}, kept))
    archive = Archive(tmp_path / "members.db")
    archive.save(snapshot)
    archive.close()
    restored = Archive(tmp_path / "members.db").load()
    assert set(restored.documents) == {*snapshot.documents.values()} - {old}
    assert restored.fetched[new.key] == NOW

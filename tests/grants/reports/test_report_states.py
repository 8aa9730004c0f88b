"""State × verb of a report: every cell is a transition or a named refusal."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from grants.applications.refusals import NothingCorrected, RemarkPointsNowhere, RemarksMissing, RemarkUnknown
from grants.applications.rules import Remark
from grants.reports.content import ReportContent, Spent
from grants.reports.model import Report, ReportKind, ReportStatus
from grants.reports.refusals import (
    ItemNotInBudget,
    ReportDocumentTwice,
    ReportNotAwaited,
    ReportNotOverdue,
    ReportNotSubmitted,
    ReportTooEarly,
)
from grants.reports.rules import require_reportable
from grants.terms import Due
from shared.identity import new_id
from shared.refusals import Refusal
from shared.values.documents import DocumentReference

IN_TIME = datetime(2026, 1, 20, 5, 0, tzinfo=UTC)
LATE = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
DUE = Due(date(2026, 2, 2), "kz-test", "term")
AGAIN = Due(date(2026, 2, 10), "kz-test", "term")
BUILT, BUILT_AND_RUN = ReportContent(summary="Built."), ReportContent(summary="Built and run.")
REMARK = [Remark("/summary", "Say more.")]

AWAITED, SUBMITTED, RETURNED, ACCEPTED, DROPPED = ReportStatus


def a_report(status: ReportStatus = AWAITED, year: int | None = 2025) -> Report:
    report = Report(
        institute="industry", agreement_id=new_id(), recipient_id=new_id(), year=year, asked_at=IN_TIME,
        kind=ReportKind.CLOSING if year is None else ReportKind.PLAN, due_on=DUE.on, due_calendar=DUE.calendar,
        due_term=DUE.term,
    )  # fmt: skip
    if status in {SUBMITTED, RETURNED, ACCEPTED}:
        report.submit(BUILT, {}, IN_TIME, "applicant-1")
    if status is RETURNED:
        report.send_back(REMARK, IN_TIME, "officer-1", AGAIN)
    if status is ACCEPTED:
        report.accept(IN_TIME, "officer-1")
    if status is DROPPED:
        report.drop()
    assert report.status is status
    return report


VERBS: dict[str, Callable[[Report], None]] = {
    "submit": lambda report: report.submit(BUILT_AND_RUN, {}, LATE, "applicant-1"),
    "return": lambda report: report.send_back(REMARK, IN_TIME, "officer-1", AGAIN),
    "accept": lambda report: report.accept(IN_TIME, "officer-1"),
    "become overdue": lambda report: report.become_overdue(LATE),
    "drop": lambda report: report.drop(),
}

NOT_OWED = {"submit": ReportNotAwaited, "become overdue": ReportNotAwaited}
NOT_SUBMITTED = {"return": ReportNotSubmitted, "accept": ReportNotSubmitted}
ENDED = {**NOT_OWED, **NOT_SUBMITTED, "drop": ReportNotAwaited}
TABLE: dict[ReportStatus, dict[str, Any]] = {
    AWAITED: {"submit": SUBMITTED, "become overdue": AWAITED, "drop": DROPPED, **NOT_SUBMITTED},
    SUBMITTED: {"return": RETURNED, "accept": ACCEPTED, "drop": DROPPED, **NOT_OWED},
    RETURNED: {"submit": SUBMITTED, "become overdue": RETURNED, "drop": DROPPED, **NOT_SUBMITTED},
    ACCEPTED: ENDED,
    DROPPED: ENDED,
}
CELLS = [(status, verb) for status in ReportStatus for verb in VERBS]


@pytest.mark.parametrize(("status", "verb"), CELLS, ids=[f"{status}-{verb}" for status, verb in CELLS])
def test_every_cell_is_a_transition_or_a_named_refusal(status: ReportStatus, verb: str) -> None:
    report = a_report(status)
    before = report.model_dump()
    expected = TABLE[status][verb]
    if isinstance(expected, ReportStatus):
        VERBS[verb](report)
        assert (report.status, report.revision) == (expected, before["revision"] + 1)
        return
    assert issubclass(expected, Refusal)
    with pytest.raises(expected):
        VERBS[verb](report)
    assert report.model_dump() == before


def test_a_year_is_reported_when_it_is_over_in_almaty() -> None:
    report, over = a_report(), datetime(2025, 12, 31, 19, 0, tzinfo=UTC)
    with pytest.raises(ReportTooEarly):
        report.submit(BUILT, {}, over.replace(hour=18, minute=59), "applicant-1")
    report.submit(BUILT, {}, over, "applicant-1")
    a_report(year=None).submit(BUILT, {}, datetime(2025, 6, 2, tzinfo=UTC), "applicant-1")


def test_a_report_is_overdue_when_its_last_day_is_over_and_in_term_again_when_returned() -> None:
    report = a_report()
    with pytest.raises(ReportNotOverdue):
        report.become_overdue(datetime(2026, 2, 2, 18, 59, tzinfo=UTC))
    report.become_overdue(datetime(2026, 2, 2, 19, 0, tzinfo=UTC))
    assert str(report.overdue_on) == "2026-02-03"
    report.submit(BUILT, {}, LATE, "applicant-1")
    report.send_back(REMARK, LATE, "officer-1", Due(date(2026, 3, 11), "kz-test", "term"))
    assert (report.overdue_on, report.due_on) == (None, date(2026, 3, 11))


def test_remarks_point_at_the_report_and_are_answered_by_number() -> None:
    report = a_report(SUBMITTED)
    with pytest.raises(RemarksMissing):
        report.send_back([], IN_TIME, "officer-1", AGAIN)
    with pytest.raises(RemarkPointsNowhere):
        report.send_back([Remark("/budget/0", "What is it?")], IN_TIME, "officer-1", AGAIN)
    report.send_back([Remark("/documents/-", "The act is missing.")], IN_TIME, "officer-1", AGAIN)
    with pytest.raises(NothingCorrected):
        report.submit(BUILT, {}, IN_TIME, "applicant-1")
    with pytest.raises(RemarkUnknown):
        report.submit(BUILT_AND_RUN, {2: "What?"}, IN_TIME, "applicant-1")
    report.submit(BUILT_AND_RUN, {1: "Enclosed."}, IN_TIME, "applicant-1")
    report.send_back(REMARK, IN_TIME, "officer-1", AGAIN)
    assert [(each["round"], each["answer"]) for each in report.remarks] == [(1, "Enclosed."), (2, None)]


def test_money_is_spent_on_items_of_the_budget_and_a_document_stands_once() -> None:
    spent = [Spent.model_validate({"item": item, "amount": "1.00"}) for item in ("equipment", "equipment", "villas")]
    require_reportable(ReportContent(summary="x", spent=spent[:1]), ["equipment"])
    for lines in (spent[:2], spent[2:]):
        with pytest.raises(ItemNotInBudget):
            require_reportable(ReportContent(summary="x", spent=lines), ["equipment"])
    act = DocumentReference(type="acceptance-act", name="act", sha256="a" * 64, size=1)
    with pytest.raises(ReportDocumentTwice):
        require_reportable(ReportContent(summary="x", documents=[act, act]), [])

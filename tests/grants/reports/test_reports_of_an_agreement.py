"""Reports on the project's plan: asked for by the signature and by jobs, a condition of the completion."""

import asyncio
from datetime import UTC, date, datetime

from grants.agreements.model import Agreement
from grants.reports.commands import ask_for_closing_report, note_overdue_report
from grants.reports.model import ReportKind, ReportStatus
from grants.tranches.commands import replace_tranche, reverse_tranche
from shared.calendar.local_days import local_day
from tests.grants.desk import must, refused
from tests.grants.funding import PAID, REPORTED, Funding
from tests.grants.served import ANOTHER, APPLICANT, AUDITOR, OFFICER, STRANGER, Served, served

__all__ = ["served"]

LATE = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
DONE = {"content": {"summary": "Done."}}


async def asked(funding: Funding, at: datetime) -> bool:
    async with funding.work(at, "grants/jobs") as session:
        return await ask_for_closing_report(session, at)


async def noted(funding: Funding, at: datetime) -> bool:
    async with funding.work(at, "grants/jobs") as session:
        return await note_overdue_report(session, at)


async def paid(funding: Funding) -> Agreement:
    agreement = await funding.signed()
    await funding.disbursed((await funding.tranches(agreement))[0].id)
    return agreement


async def test_the_signature_asks_for_a_report_twenty_working_days_after_the_year(funding: Funding) -> None:
    agreement = await funding.signed()
    (report,) = await funding.reports(agreement)
    assert (report.year, report.status, report.due_on) == (2025, ReportStatus.AWAITED, date(2026, 2, 2))
    term = await funding.sql(
        "select source, second_confirmed_by from reference_parameter where id = :id", id=report.due_term
    )
    assert "assumed" in term[0][0]
    assert term[0][1] is None


async def test_a_closing_report_is_asked_for_when_all_is_reported_and_paid(funding: Funding) -> None:
    agreement = await funding.signed()
    assert not await asked(funding, REPORTED)
    await funding.accepted((await funding.reports(agreement))[0])
    assert not await asked(funding, REPORTED)
    await funding.disbursed((await funding.tranches(agreement))[0].id)
    assert await asked(funding, REPORTED)
    assert not await asked(funding, REPORTED)
    closing = (await funding.reports(agreement))[-1]
    assert (closing.year, closing.due_on) == (None, date(2026, 2, 17))


async def test_no_closing_report_is_asked_for_while_a_tranche_is_planned_anew(funding: Funding) -> None:
    agreement = await funding.signed()
    await funding.accepted((await funding.reports(agreement))[0])
    tranche = (await funding.tranches(agreement))[0]
    await funding.disbursed(tranche.id)
    paid = (await funding.tranches(agreement))[0]
    async with funding.work(REPORTED) as officers:
        reversed_ = await reverse_tranche(
            officers, funding.officer, paid.id, version=paid.revision, on=local_day(REPORTED), bank_reference="BACK-1",
            reason="returned", at=REPORTED,
        )  # fmt: skip
        await replace_tranche(
            officers, funding.officer, paid.id, version=reversed_.revision, planned_on=date(2026, 6, 1), at=REPORTED
        )
        job = asyncio.create_task(asked(funding, REPORTED))
        await asyncio.sleep(0.3)
        assert not job.done(), "it looks again when it has the agreement"
    await job
    assert [report.kind for report in await funding.reports(agreement)] == [ReportKind.PLAN]
    assert not await asked(funding, REPORTED)


async def test_a_report_that_does_not_come_is_noted_once_and_may_still_come(served: Served) -> None:
    agreement = await paid(served.funding)
    assert not await noted(served.funding, datetime(2026, 2, 2, 18, 59, tzinfo=UTC))
    assert await noted(served.funding, LATE)
    assert not await noted(served.funding, LATE)
    (late,) = must(await served.get("/reports", OFFICER, overdue="true"))["items"]
    assert (late["agreement_id"], late["overdue"], late["overdue_on"]) == (str(agreement.id), True, "2026-03-02")
    served.on(LATE)
    must(await served.post(f"/reports/{late['id']}/submission", APPLICANT, DONE))
    assert must(await served.get("/reports", OFFICER, overdue="true"))["items"] == []
    audited = await served.funding.sql("select aggregates from audit order by id desc limit 1")
    assert audited[0][0] == [f"Report/{late['id']}"]


async def test_the_one_view_shows_the_reports_and_what_is_due(served: Served) -> None:
    agreement = await paid(served.funding)
    served.on(REPORTED)
    whole = must(await served.get(f"/agreements/{agreement.id}", AUDITOR))
    (due,) = whole["due_next"]
    assert due == {
        "what": "report-on-plan", "who": "applicant", "about": "plan report 2025", "until": "2026-02-02",
        "overdue": False,
    }  # fmt: skip
    path = f"/reports/{whole['reports'][0]['id']}"
    must(await served.post(f"{path}/submission", APPLICANT, DONE))
    whole = must(await served.get(f"/agreements/{agreement.id}", OFFICER))
    assert [each["what"] for each in whole["due_next"]] == ["examine-report"]


async def test_a_report_is_the_companys_own_and_is_decided_in_its_institute(served: Served) -> None:
    agreement = await paid(served.funding)
    path = f"/reports/{(await served.funding.reports(agreement))[0].id}"
    served.on(REPORTED)
    for who in (OFFICER, APPLICANT, AUDITOR):
        assert len(must(await served.get("/reports", who))["items"]) == 1
    for who in (STRANGER, ANOTHER):
        refused(await served.get(path, who), "report-not-found")
        assert must(await served.get("/reports", who))["items"] == []
    refused(await served.post(f"{path}/submission", ANOTHER, DONE), "report-not-found")
    refused(await served.post(f"{path}/submission", OFFICER, DONE), "role-not-allowed")
    must(await served.post(f"{path}/submission", APPLICANT, DONE))
    refused(await served.post(f"{path}/acceptance", STRANGER), "report-not-found")
    assert (await served.post(f"{path}/acceptance", OFFICER, etag='"1"')).status_code == 412
    refused(await served.post(f"{path}/acceptance", APPLICANT), "role-not-allowed")


async def test_a_termination_drops_the_reports_that_are_still_wanted(funding: Funding) -> None:
    agreement = await paid(funding)
    await funding.terminated(agreement, at=PAID)
    assert [each.status for each in await funding.reports(agreement)] == [ReportStatus.DROPPED]
    assert not await noted(funding, LATE)
    assert not await asked(funding, LATE)

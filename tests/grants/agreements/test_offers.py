"""An offer: made on an approved application, signed until the end of its last day, or let go by the scheduled job."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from grants.agreements.commands import offer_agreement
from grants.agreements.eligibility import NoLongerEligible
from grants.agreements.model import Agreement, AgreementStatus
from grants.agreements.refusals import (
    AdvanceTooHigh,
    AgreementNotFound,
    AgreementUnsettled,
    NothingAmended,
    SignatureTooLate,
    TooManyTranches,
    TranchesDoNotSum,
    YearBeyondCalendar,
)
from grants.applications.refusals import ApplicationContractedAlready
from grants.changes.commands import propose_change
from grants.changes.content import OtherObligations
from grants.course.commands import complete_agreement, sign_agreement
from grants.holds.known import (
    on_evaluation_void,
    on_obligation_evaluated,
    on_obligation_lifted,
    on_obligation_opened,
)
from grants.tranches.model import TrancheStatus
from shared.access.roles import Role
from shared.calendar.local_days import day_ends
from shared.contracts.obligations import ObligationCancelled, ObligationFulfilled, ObligationOpened, ReportWithdrawn
from shared.contracts.support import Direction, Measure
from shared.identity import new_id
from shared.reference.calendars import working_calendar
from shared.reference.importing import import_list
from shared.reference.lists import PARAMETERS
from tests.grants.agreements.offers import sign
from tests.grants.facts import sight, term, terms
from tests.grants.funding import PAID, REPORTED, SIGNED, START, Funding

LAST_DAY = date(2025, 1, 21)
"""Ten working days after Monday, 6 January 2025: 7 January is a day off."""


async def test_no_year_is_agreed_on_whose_report_falls_due_beyond_the_calendar(funding: Funding) -> None:
    async with funding.work(START, "officer-1") as session:
        last = (await working_calendar(session)).last_day.year
    agreement = await funding.offer(reporting_years=(last - 1,), obligations=[term(years=(last - 1,))])
    assert agreement.reporting_years == [last - 1]
    with pytest.raises(YearBeyondCalendar, match=f"the working calendar ends on {last}-12-31"):
        await funding.offer(reporting_years=(last,), obligations=[term(years=(last,))])


async def test_an_offer_expires_after_its_term_in_working_days(funding: Funding) -> None:
    agreement = await funding.offer()
    assert agreement.expires_on == LAST_DAY


async def test_there_are_no_more_tranches_than_the_rules_of_the_day_allow(funding: Funding) -> None:
    header, row = (
        b"name,effective_from,value,unit,mark,source",
        b"grants.tranches-max,2025-01-06,5,count,assumed,an order",
    )
    async with funding.work(START, "operator-1") as session:
        assert (await import_list(session, PARAMETERS, header + b"\n" + row, at=START)).accepted
    await funding.offer([Decimal("20.00")] * 5)
    with pytest.raises(TooManyTranches, match="6 tranches are planned, at most 5 are allowed: an order"):
        await funding.offer([Decimal("10.00")] * 6)


async def test_no_more_is_paid_in_advance_than_the_rules_of_the_day_allow(funding: Funding) -> None:
    await funding.offer([Decimal("90.00"), Decimal("10.00")])
    header, row = (
        b"name,effective_from,value,unit,mark,source",
        b"grants.advance-share-max,2025-01-06,30,percent,assumed,an order",
    )
    async with funding.work(START, "operator-1") as session:
        assert (await import_list(session, PARAMETERS, header + b"\n" + row, at=START)).accepted
    await funding.offer([Decimal("30.00"), Decimal("70.00")])
    with pytest.raises(AdvanceTooHigh, match=r"30\.01 tenge, at most 30 % of the grant are paid in advance: an order"):
        await funding.offer([Decimal("30.01"), Decimal("69.99")])


async def test_an_offer_can_be_signed_until_the_last_instant_of_its_last_day(funding: Funding) -> None:
    agreement = await funding.offer()
    over = day_ends(agreement.expires_on)
    with pytest.raises(SignatureTooLate):
        await sign(funding, agreement, over)
    signed = await sign(funding, agreement, over - timedelta(microseconds=1))
    assert (signed.status, signed.signed_on) == (AgreementStatus.SIGNED, agreement.expires_on)


async def test_signing_publishes_what_obligations_needs(funding: Funding) -> None:
    agreement = await funding.signed([Decimal("60.00"), Decimal("40.00")])
    data = (await funding.sql("select data from event where type = 'support.agreement-signed.v1'"))[0][0]
    assert data["measure"] == "industrial-grant"
    assert data["number"] == "IG-2025-0001"
    assert [part["amount"] for part in data["tranches"]] == ["60.00", "40.00"]
    assert data["rule_set"] == "default"
    planned = await funding.tranches(agreement)
    assert [str(tranche.id) for tranche in planned] == [part["tranche_id"] for part in data["tranches"]]
    assert {tranche.status for tranche in planned} == {TrancheStatus.PLANNED}


async def test_numbers_have_no_gaps_within_the_institute_and_year(funding: Funding) -> None:
    application = await funding.approved_application()
    first = await funding.offer()
    with pytest.raises(TranchesDoNotSum):
        async with funding.work() as session:
            await offer_agreement(
                session, funding.officer, application, terms([Decimal("1.00")]), at=START, by="officer-1"
            )
    second = await funding.offer()
    next_year = await funding.offer(at=datetime(2026, 1, 20, tzinfo=UTC), obligations=[term(years=(2026,))],
                                    reporting_years=(2026,), tranches=terms_of_2026())  # fmt: skip
    assert [each.number for each in (first, second, next_year)] == ["IG-2025-0001", "IG-2025-0002", "IG-2026-0001"]


def terms_of_2026() -> object:
    planned = terms().tranches
    return tuple(part.model_copy(update={"planned_on": date(2026, 3, 1)}) for part in planned)


async def test_an_application_leads_to_one_agreement(funding: Funding) -> None:
    agreement = await funding.offer()
    with pytest.raises(ApplicationContractedAlready):
        async with funding.work() as session:
            await offer_agreement(session, funding.officer, agreement.application_id, terms(), at=START, by="officer-1")


async def test_the_agreement_of_another_company_does_not_exist(funding: Funding) -> None:
    agreement = await funding.offer()
    stranger = sight(Role.OFFICER, institute="export")
    with pytest.raises(AgreementNotFound):
        async with funding.work(SIGNED) as session:
            await sign_agreement(session, stranger, agreement.id, version=agreement.version, at=SIGNED, by="stranger")


async def test_a_termination_cancels_what_is_not_paid(funding: Funding) -> None:
    agreement = await funding.signed([Decimal("60.00"), Decimal("40.00")])
    first, _ = await funding.tranches(agreement)
    await funding.disbursed(first.id)
    await funding.terminated(agreement)
    assert [each.status for each in await funding.tranches(agreement)] == [
        TrancheStatus.DISBURSED, TrancheStatus.CANCELLED,
    ]  # fmt: skip
    standing = await funding.standing(agreement)
    assert (standing.committed, standing.disbursed) == (Decimal("0.00"), Decimal("60.00"))
    assert (await funding.events(agreement))[-2:] == [
        "support.agreement-terminated.v1", "support.tranche-cancelled.v1",
    ]  # fmt: skip


async def test_an_agreement_is_completed_when_everything_is_done(funding: Funding) -> None:
    agreement = await funding.signed()
    with pytest.raises(AgreementUnsettled) as refused:
        await complete(funding, agreement)
    assert refused.value.data == {"tranches": 1, "causes": 0, "obligations": 1, "reports": 2}
    await funding.disbursed((await funding.tranches(agreement))[0].id)
    with pytest.raises(AgreementUnsettled) as refused:
        await complete(funding, agreement)
    assert refused.value.data == {"tranches": 0, "causes": 0, "obligations": 1, "reports": 2}
    await evaluate(funding, agreement, new_id())
    with pytest.raises(AgreementUnsettled, match="2 reports"):
        await complete(funding, agreement)
    await funding.reported(agreement)
    assert (await complete(funding, agreement)).status is AgreementStatus.COMPLETED


async def test_an_obligation_voided_as_opened_in_error_is_no_longer_awaited(funding: Funding) -> None:
    agreement, voided = await funding.signed(), new_id()
    await funding.disbursed((await funding.tranches(agreement))[0].id)
    await funding.tell(on_obligation_opened, opened(agreement, voided), voided)
    void = ObligationCancelled(reason="opened in error", **about(agreement, voided))
    await funding.tell(on_obligation_lifted, void, voided)
    await funding.reported(agreement)
    assert (await complete(funding, agreement)).status is AgreementStatus.COMPLETED


async def test_an_obligation_whose_report_was_withdrawn_is_awaited_again(funding: Funding) -> None:
    agreement, obligation = await funding.signed(), new_id()
    await funding.disbursed((await funding.tranches(agreement))[0].id)
    await evaluate(funding, agreement, obligation)
    withdrawn = ReportWithdrawn(
        occurred_at=PAID, obligation_id=obligation, agreement_id=agreement.id, report_id=new_id(), reporting_year=2025,
        revision=2,
    )  # fmt: skip
    await funding.tell(on_evaluation_void, withdrawn, obligation)
    await funding.reported(agreement)
    with pytest.raises(AgreementUnsettled, match="1 obligations, 0 reports"):
        await complete(funding, agreement)


def about(agreement: Agreement, obligation: UUID) -> dict[str, Any]:
    return {
        "occurred_at": PAID, "obligation_id": obligation, "agreement_id": agreement.id,
        "measure": Measure.INDUSTRIAL_GRANT, "recipient_id": agreement.recipient_id, "reporting_year": 2025,
    }  # fmt: skip


def opened(agreement: Agreement, obligation: UUID) -> ObligationOpened:
    return ObligationOpened(
        indicator="export-revenue", direction=Direction.EXPORT, due_on=PAID.date(), **about(agreement, obligation)
    )


async def evaluate(funding: Funding, agreement: Agreement, obligation: UUID) -> None:
    await funding.tell(on_obligation_opened, opened(agreement, obligation), obligation)
    fulfilled = ObligationFulfilled(fulfilment=Decimal(1), **about(agreement, obligation))
    await funding.tell(on_obligation_evaluated, fulfilled, obligation)


async def complete(funding: Funding, agreement: Agreement) -> Agreement:
    async with funding.work(REPORTED) as session:
        return await complete_agreement(session, funding.officer, agreement.id, version=2, at=REPORTED)


async def test_an_addendum_replaces_the_obligations_and_is_published(funding: Funding) -> None:
    agreement = await funding.signed()
    with pytest.raises(NothingAmended):
        await amend(funding, agreement, "default", same=True)
    await amend(funding, agreement, "another")
    data = (await funding.sql("select data from event where type = 'support.agreement-amended.v1'"))[0][0]
    assert (data["rule_set"], data["obligations"][0]["indicator"]) == ("another", "jobs")


async def amend(funding: Funding, agreement: Agreement, rule_set: str, *, same: bool = False) -> None:
    obligations = agreement.terms.obligations if same else (term("jobs"),)
    wanted = OtherObligations(obligations=obligations, rule_set=rule_set)
    async with funding.work(PAID) as session:
        proposed = await propose_change(
            session, funding.officer, agreement.id, wanted, "addendum 1", version=2, at=PAID
        )
    await funding.approve_change(proposed.id)


async def make_another_good(funding: Funding, agreement: Agreement) -> None:
    """What the recipient makes is not on the list of priority goods of the day of submission."""
    await funding.sql(
        """update application set content = jsonb_set(content, '{fea_cn}', '"0101210000"') where id = :id""",
        id=agreement.application_id,
    )


async def test_who_certainly_fails_a_condition_cannot_sign(funding: Funding) -> None:
    agreement = await funding.offer()
    await make_another_good(funding, agreement)
    with pytest.raises(NoLongerEligible, match="priority-goods"):
        await sign(funding, agreement, SIGNED)
    assert (await funding.read(agreement)).status is AgreementStatus.OFFERED


async def test_who_certainly_fails_a_condition_is_not_paid(funding: Funding) -> None:
    agreement = await funding.signed([Decimal("60.00"), Decimal("40.00")])
    first, second = await funding.tranches(agreement)
    approved = await funding.approved(first.id)
    await make_another_good(funding, agreement)
    with pytest.raises(NoLongerEligible):
        await funding.disburse(approved)
    with pytest.raises(NoLongerEligible):
        await funding.approved(second.id)
    assert (await funding.standing()).disbursed == 0

"""The clocks of a tranche: its review, then its payment, each with a last day in working days that may pass."""

from datetime import date, datetime, timedelta

from grants.tranches import commands
from shared.access.roles import Role
from shared.calendar.local_days import day_ends
from tests.grants.desk import must
from tests.grants.facts import document, sight
from tests.grants.funding import PAID_ON, SIGNED, Funding
from tests.grants.served import OFFICER, Served

REVIEWED_BY = date(2025, 1, 15)
"""Five working days after Wednesday, 8 January 2025."""


async def test_a_request_is_reviewed_by_a_last_day_and_other_documents_begin_the_term_anew(funding: Funding) -> None:
    agreement = await funding.signed()
    proposed = await funding.proposed((await funding.tranches(agreement))[0].id)
    assert (proposed.due_on, proposed.due_calendar is None, proposed.due_term is None) == (REVIEWED_BY, False, False)
    later = SIGNED + timedelta(days=1)
    async with funding.work(later, "applicant-1") as session:
        again = await commands.request_tranche(
            session, sight(Role.APPLICANT), proposed.id, [document("another act")], version=proposed.revision, at=later
        )
    assert again.due_on == date(2025, 1, 16)


async def test_an_approved_tranche_is_paid_by_a_last_day_that_is_not_before_the_planned_one(funding: Funding) -> None:
    agreement = await funding.signed()
    early = await funding.approved((await funding.tranches(agreement))[0].id)
    assert (early.planned_on, early.due_on) == (date(2025, 2, 1), date(2025, 2, 1))
    paid = await funding.disburse(early)
    assert (paid.disbursed_on, paid.due_on, paid.due_calendar, paid.due_term) == (PAID_ON, None, None, None)
    second = await funding.signed()
    late = await funding.approved((await funding.tranches(second))[0].id, datetime.fromisoformat("2025-02-03T08:00Z"))
    assert late.due_on == date(2025, 2, 10)


async def test_a_late_review_is_shown_as_late_and_decides_nothing(served: Served) -> None:
    funding = served.funding
    agreement = await funding.signed()
    tranche = await funding.requested((await funding.tranches(agreement))[0].id)

    async def shown() -> tuple[bool, bool]:
        whole = must(await served.get(f"/agreements/{agreement.id}", OFFICER))
        (listed,) = must(await served.get("/tranches", OFFICER, due_until="2025-01-15"))["items"]
        (due,) = (each for each in whole["due_next"] if each["what"] == "propose-tranche")
        assert listed["due_on"] == due["until"] == "2025-01-15"
        assert whole["tranches"][0]["overdue"] == due["overdue"]
        return listed["overdue"], due["overdue"]

    assert must(await served.get("/tranches", OFFICER, due_until="2025-01-14"))["items"] == []
    over = day_ends(REVIEWED_BY)
    served.on(over - timedelta(microseconds=1))
    assert await shown() == (False, False)
    served.on(over)
    assert await shown() == (True, True)
    assert (await funding.approved(tranche.id, over)).status == "approved"

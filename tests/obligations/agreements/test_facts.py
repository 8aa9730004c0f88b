"""What a funding service says is kept as it came, and known once, whoever hears it first."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from obligations.agreements.queries import paid_tranches
from obligations.agreements.refusals import AgreementSignedAlready, TranchePaidAlready, TrancheUnknown
from shared.access.roles import Role
from shared.contracts.support import AgreementCompleted, AgreementTerminated, TrancheCancelled
from shared.identity import new_id
from tests.obligations.world import OTHER_BIN, World


async def _read(world: World, agreement_id: object, **facts: Any) -> dict[str, Any]:
    return dict((await world.get(f"/v1/agreements/{agreement_id}", **facts)).json())


async def _facts(world: World, agreement_id: object, **facts: Any) -> list[dict[str, Any]]:
    return list((await world.get(f"/v1/agreements/{agreement_id}/facts", **facts)).json()["items"])


async def test_every_fact_stays_with_when_it_happened_and_since_when_it_is_known(world: World) -> None:
    signed = await world.signed()
    world.clock.at += timedelta(days=1)
    await world.receive(world.disbursed(signed))
    facts = await _facts(world, signed.agreement_id)
    assert [one["type"] for one in facts] == ["support.agreement-signed.v1", "support.tranche-disbursed.v1"]
    assert facts[0]["occurred_at"] < facts[0]["recorded_at"] < facts[1]["recorded_at"]


async def test_a_tranche_is_paid_returned_by_the_bank_and_paid_again(world: World) -> None:
    signed = await world.signed()

    async def paid() -> list[date | None]:
        async with world.work() as session:
            return [one.disbursed_on for one in await paid_tranches(session, signed.agreement_id)]

    await world.receive(world.disbursed(signed))
    assert await paid() == [date(2025, 2, 3)]
    await world.receive(world.reversed(signed))
    assert await paid() == []
    await world.receive(world.disbursed(signed, on=date(2025, 2, 10)))
    assert await paid() == [date(2025, 2, 10)]


async def test_what_contradicts_the_facts_is_refused_by_name(world: World) -> None:
    signed = await world.signed()
    with pytest.raises(TrancheUnknown):
        await world.receive(world.reversed(signed))
    await world.receive(world.disbursed(signed))
    planned = signed.tranches[0]
    cancelled = TrancheCancelled(
        occurred_at=world.clock.at, agreement_id=signed.agreement_id, tranche_id=planned.tranche_id,
        measure=signed.measure, recipient_id=signed.recipient_id, amount=planned.amount,
        cancelled_on=date(2025, 2, 10), reason="a contradiction",
    )  # fmt: skip
    with pytest.raises(TranchePaidAlready):
        await world.receive(cancelled)
    with pytest.raises(AgreementSignedAlready):
        await world.receive(signed)
    (tranche,) = [one for one in (await _read(world, signed.agreement_id))["tranches"] if one["disbursed_on"]]
    assert tranche["status"] == "disbursed"


async def test_a_payment_may_be_heard_of_before_its_agreement(world: World) -> None:
    signed = await world.signed()
    early = world.disbursed(signed).model_copy(update={"agreement_id": new_id(), "tranche_id": new_id()})
    await world.receive(early)
    await world.signed(
        agreement_id=early.agreement_id,
        tranches=(signed.tranches[0].model_copy(update={"tranche_id": early.tranche_id}),),
    )
    (tranche,) = (await _read(world, early.agreement_id))["tranches"]
    assert (tranche["status"], tranche["planned_on"], tranche["disbursed_on"]) == (
        "disbursed",
        "2025-02-03",
        "2025-02-03",
    )


async def test_both_consumers_hear_of_a_fact_and_it_is_kept_once(world: World) -> None:
    signed = await world.signed()
    event = world.disbursed(signed)
    fact_id = await world.receive(event, consumer="recovery")
    await world.receive(event, consumer="monitoring", event_id=fact_id)
    assert len(await _facts(world, signed.agreement_id)) == 2
    assert len(await _facts(world, signed.agreement_id, params={"type": "support.tranche-disbursed.v1"})) == 1


@pytest.mark.parametrize("kind", ["completed", "terminated"])
async def test_an_agreement_that_ended_keeps_its_obligations(world: World, kind: str) -> None:
    signed = await world.signed()
    named: dict[str, Any] = {
        "occurred_at": world.clock.at,
        "agreement_id": signed.agreement_id,
        "measure": signed.measure,
        "recipient_id": signed.recipient_id,
    }
    if kind == "completed":
        await world.receive(AgreementCompleted(**named, completed_on=date(2026, 1, 20)))
    else:
        await world.receive(AgreementTerminated(**named, terminated_on=date(2026, 1, 20), reason="bankruptcy"))
    assert (await _read(world, signed.agreement_id))["status"] == kind
    assert (await world.obligation(signed))["status"] == "active"


async def test_facts_are_never_changed_nor_deleted(world: World) -> None:
    signed = await world.signed()
    await world.report((await world.obligation(signed))["obligation_id"], "1")
    for table in ("agreement_fact", "report_entry"):
        for statement in (f"delete from {table}", f"update {table} set institute = 'x'", f"truncate {table}"):
            with pytest.raises(DBAPIError):
                async with world.work() as session:
                    await (await session.connection()).execute(text(statement))


async def test_each_institute_and_each_company_sees_its_own_and_nothing_else(world: World) -> None:
    ours = await world.signed()
    theirs = await world.signed(institute="export", company=OTHER_BIN)
    callers: list[tuple[dict[str, Any], set[str]]] = [
        ({"institute": "industry"}, {str(ours.agreement_id)}),
        ({"institute": "export"}, {str(theirs.agreement_id)}),
        ({"role": Role.AUDITOR, "institute": "export"}, {str(theirs.agreement_id)}),
        ({"role": Role.APPLICANT}, {str(ours.agreement_id)}),
        ({"role": Role.APPLICANT, "company": OTHER_BIN}, {str(theirs.agreement_id)}),
    ]
    obligations = {
        str(signed.agreement_id): (await world.obligation(signed))["obligation_id"] for signed in (ours, theirs)
    }
    for caller, visible in callers:
        listed = {one["agreement_id"] for one in (await world.get("/v1/agreements", **caller)).json()["items"]}
        assert listed == visible
        listed = {one["agreement_id"] for one in (await world.get("/v1/obligations", **caller)).json()["items"]}
        assert listed == visible
        for agreement_id, obligation_id in obligations.items():
            wanted = 200 if agreement_id in visible else 404
            for path in (
                f"/v1/agreements/{agreement_id}",
                f"/v1/agreements/{agreement_id}/facts",
                f"/v1/obligations/{obligation_id}",
                f"/v1/obligations/{obligation_id}/history",
                f"/v1/obligations/{obligation_id}/reports",
                f"/v1/obligations/{obligation_id}/excuses",
                f"/v1/obligations/{obligation_id}/cancellations",
            ):
                assert (await world.get(path, **caller)).status_code == wanted, path
    foreign = obligations[str(theirs.agreement_id)]
    path, body = f"/v1/obligations/{foreign}", {"reason": "error"}
    proposal = await world.post(f"{path}/cancellation-proposal", body, role=Role.OFFICER, if_match=1)
    approval = await world.post(f"{path}/cancellation-approval", role=Role.APPROVER, if_match=1)
    assert (proposal.status_code, approval.status_code) == (404, 404)


async def test_a_service_is_no_reader_and_a_person_is_no_service(world: World) -> None:
    signed = await world.signed()
    assert (await world.get(f"/v1/agreements/{signed.agreement_id}", role=Role.SERVICE)).status_code == 403
    assert (await world.get(f"/v1/agreements/{signed.agreement_id}/standing")).status_code == 403

"""Whether money may go out: no while anything is behind, open, due or unsent."""

from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from shared.access.roles import Role
from shared.contracts.support import AgreementSigned
from shared.database.tables import gate, outbox
from shared.events.positions import positions
from shared.identity import new_id
from tests.obligations.world import AFTER_DUE, OTHER_BIN, World, export


async def _settle(world: World, aggregate_id: object, sequence: int, *consumers: str) -> None:
    """What a consumer's batch leaves behind: the gate has moved."""
    async with world.work() as session:
        connection = await session.connection()
        for consumer in consumers or ("monitoring", "recovery"):
            row = {
                "consumer": consumer,
                "aggregate_id": aggregate_id,
                "settled_sequence": sequence,
                "partition_key": "x",
            }
            moved = insert(gate).values(row)
            await connection.execute(
                moved.on_conflict_do_update(
                    index_elements=["consumer", "aggregate_id"], set_={"settled_sequence": sequence}
                )
            )


async def _up_to_date(world: World, signed: AgreementSigned) -> None:
    """The broker has acknowledged, and recovery has settled, what this service said itself."""
    async with world.work() as session:
        own = await positions(session, str(signed.agreement_id))
        await (await session.connection()).execute(delete(outbox))
    for position in own:
        await _settle(world, position.aggregate_id, position.sequence, "recovery")


async def _ask(world: World, signed: AgreementSigned, sequence: int = 1) -> dict[str, Any]:
    path = f"/v1/agreements/{signed.agreement_id}/standing"
    answer = await world.get(path, role=Role.SERVICE, params={"seen": f"{signed.agreement_id}:{sequence}"})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.fixture
async def settled(world: World) -> AgreementSigned:
    """An agreement about which everything is settled and sent."""
    signed = await world.signed(export())
    await _settle(world, signed.agreement_id, 1)
    await _up_to_date(world, signed)
    return signed


async def test_money_may_go_out_when_nothing_is_behind_open_due_or_unsent(
    world: World, settled: AgreementSigned
) -> None:
    answer = await _ask(world, settled)
    assert answer == {
        "agreement_id": str(settled.agreement_id),
        "settled": True,
        "behind": [],
        "open_causes": [],
        "due_not_evaluated": 0,
        "unsent": 0,
        "recalculations": 0,
        "answered_at": answer["answered_at"],
    }


async def test_what_one_of_the_consumers_has_not_settled_is_behind(world: World, settled: AgreementSigned) -> None:
    behind = await _ask(world, settled, sequence=2)
    assert behind["settled"] is False
    assert behind["behind"] == [{"aggregate_id": str(settled.agreement_id), "sequence": 2}]
    await _settle(world, settled.agreement_id, 2, "monitoring")
    assert (await _ask(world, settled, sequence=2))["settled"] is False
    await _settle(world, settled.agreement_id, 2, "recovery")
    assert (await _ask(world, settled, sequence=2))["settled"] is True


async def test_an_agreement_that_has_not_arrived_is_behind_and_never_cleared(world: World) -> None:
    unknown = new_id()
    path = f"/v1/agreements/{unknown}/standing"
    answer = (await world.get(path, role=Role.SERVICE, params={"seen": f"{unknown}:1"})).json()
    assert (answer["settled"], len(answer["behind"])) == (False, 1)
    assert (await world.get(path, role=Role.SERVICE)).json()["settled"] is False


async def test_a_breach_is_open_until_a_report_lifts_it_and_unsent_until_the_broker_has_it(
    world: World, settled: AgreementSigned
) -> None:
    obligation = await world.obligation(settled)
    await world.report(obligation["obligation_id"], "700")
    breached = await _ask(world, settled)
    assert breached["open_causes"] == [
        {"cause_id": obligation["obligation_id"], "cause": "breach", "since": "2026-01-20T05:00:00Z"}
    ]
    assert breached["unsent"] == 2
    assert breached["settled"] is False  # recovery has not heard of it
    await _up_to_date(world, settled)
    sent = await _ask(world, settled)
    assert (sent["settled"], sent["unsent"], len(sent["open_causes"])) == (True, 0, 1)
    report_id = (await world.obligation(settled))["report_id"]
    await world.correct(report_id, "1000")
    await _up_to_date(world, settled)
    assert (await _ask(world, settled))["open_causes"] == []


async def test_a_due_day_that_has_passed_without_an_evaluation_is_counted(
    world: World, settled: AgreementSigned
) -> None:
    world.clock.at = AFTER_DUE
    assert (await _ask(world, settled))["due_not_evaluated"] == 1
    await world.jobs()
    evaluated = await _ask(world, settled)
    assert (evaluated["due_not_evaluated"], len(evaluated["open_causes"])) == (0, 1)


async def test_a_report_that_cannot_be_evaluated_is_counted_too(world: World) -> None:
    signed = await world.signed(rule_set="unknown")
    await world.report((await world.obligation(signed))["obligation_id"], "1000")
    assert (await _ask(world, signed))["due_not_evaluated"] == 1


AGGREGATE = "0199a0b0-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    "seen", ["", "x", AGGREGATE, f"{AGGREGATE.upper()}:1", f"{AGGREGATE}:0", f"{AGGREGATE}:١", f"{AGGREGATE}:{10**18}"]
)
async def test_a_position_that_is_none_is_refused(world: World, seen: str) -> None:
    answer = await world.get(f"/v1/agreements/{new_id()}/standing", role=Role.SERVICE, params={"seen": seen})
    assert answer.status_code == 422


async def test_a_recipients_standing_says_of_the_other_institute_only_what_is_open(world: World) -> None:
    ours, theirs = await world.signed(), await world.signed(institute="export")
    stranger = await world.signed(company=OTHER_BIN)
    world.clock.at = AFTER_DUE
    await world.jobs()
    standing = (await world.get(f"/v1/recipients/{ours.recipient_id}/standing")).json()
    assert standing["clear"] is False
    told = {(one["measure"], one["own"], one["agreement_id"]) for one in standing["open_breaches"]}
    assert told == {
        ("industrial-grant", True, str(ours.agreement_id)),
        ("export-reimbursement", False, None),
    }
    assert str(theirs.agreement_id) not in str(standing)
    assert str(stranger.agreement_id) not in str(standing)
    clear = (await world.get(f"/v1/recipients/{new_id()}/standing")).json()
    assert (clear["clear"], clear["open_breaches"]) == (True, [])
    mine = await world.get(f"/v1/recipients/{ours.recipient_id}/standing", role=Role.APPLICANT)
    assert mine.status_code == 403

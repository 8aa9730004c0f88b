"""A cause beyond the recipient's control: asked for by the recipient, decided by an officer."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from shared.access.roles import Role
from tests.obligations.world import OTHER_BIN, World


async def _requested(world: World) -> tuple[Any, dict[str, Any]]:
    signed = await world.signed()
    obligation = await world.obligation(signed)
    await world.report(obligation["obligation_id"], "700")
    asked = await world.post(
        f"/v1/obligations/{obligation['obligation_id']}/excuses", {"reason": "flood"}, role=Role.APPLICANT
    )
    assert asked.status_code == 201
    return signed, asked.json()


async def _decide(world: World, excuse: dict[str, Any], *, accepted: bool, **facts: Any) -> Any:
    read = await world.get(f"/v1/excuses/{excuse['excuse_id']}")
    version = facts.pop("if_match", int(read.headers["etag"].strip('"')))
    body = {"accepted": accepted, "reason": "the flood of 3 April"}
    return await world.post(f"/v1/excuses/{excuse['excuse_id']}/decision", body, if_match=version, **facts)


async def test_an_accepted_excuse_closes_the_breach_and_says_why(world: World) -> None:
    signed, excuse = await _requested(world)
    answer = await _decide(world, excuse, accepted=True)
    assert answer.json()["status"] == "accepted"
    assert (await world.obligation(signed))["status"] == "excused"
    (told,) = await world.events("obligation-excused")
    assert told["reason"] == "the flood of 3 April"


async def test_a_rejected_excuse_changes_nothing_and_can_be_asked_for_again(world: World) -> None:
    signed, excuse = await _requested(world)
    assert (await _decide(world, excuse, accepted=False)).json()["status"] == "rejected"
    breached = await world.obligation(signed)
    assert breached["status"] == "breached"
    again = await world.post(
        f"/v1/obligations/{breached['obligation_id']}/excuses", {"reason": "flood"}, role=Role.APPLICANT
    )
    assert again.status_code == 201
    listed = (await world.get(f"/v1/obligations/{breached['obligation_id']}/excuses")).json()["items"]
    assert [one["status"] for one in listed] == ["rejected", "requested"]


@pytest.mark.parametrize(
    ("state", "verb", "wanted"),
    [
        ("requested", "request", "excuse-requested-already"),
        ("requested", "accept", "accepted"),
        ("requested", "reject", "rejected"),
        ("accepted", "request", "nothing-to-excuse"),
        ("accepted", "accept", "excuse-decided"),
        ("accepted", "reject", "excuse-decided"),
        ("rejected", "request", "requested"),
        ("rejected", "accept", "excuse-decided"),
        ("rejected", "reject", "excuse-decided"),
    ],
)
async def test_every_state_of_a_request_against_every_verb(world: World, state: str, verb: str, wanted: str) -> None:
    signed, excuse = await _requested(world)
    if state != "requested":
        await _decide(world, excuse, accepted=state == "accepted")
    before = await world.obligation(signed)
    if verb == "request":
        path = f"/v1/obligations/{before['obligation_id']}/excuses"
        answer = await world.post(path, {"reason": "flood"}, role=Role.APPLICANT)
    else:
        answer = await _decide(world, excuse, accepted=verb == "accept")
    if answer.status_code >= 400:
        assert answer.json()["type"] == f"/problems/{wanted}"
        assert await world.obligation(signed) == before
    else:
        assert answer.json()["status"] == wanted


async def test_a_decision_rests_on_the_obligation_as_it_was_read(world: World) -> None:
    signed, excuse = await _requested(world)
    read = (await world.obligation(signed))["version"]
    report_id = (await world.obligation(signed))["report_id"]
    await world.correct(report_id, "900")
    stale = await _decide(world, excuse, accepted=True, if_match=read)
    assert stale.status_code == 412
    without = await world.post(f"/v1/excuses/{excuse['excuse_id']}/decision", {"accepted": True, "reason": "x"})
    assert without.status_code == 428


async def test_an_excused_obligation_stays_excused_whatever_is_reported_later(world: World) -> None:
    signed, excuse = await _requested(world)
    await _decide(world, excuse, accepted=True)
    report_id = (await world.obligation(signed))["report_id"]
    await world.correct(report_id, "1")
    assert (await world.obligation(signed))["status"] == "excused"


async def test_strangers_and_other_institutes_find_no_request(world: World) -> None:
    _, excuse = await _requested(world)
    path = f"/v1/excuses/{excuse['excuse_id']}"
    assert (await world.get(path, role=Role.APPLICANT, company=OTHER_BIN)).status_code == 404
    assert (await world.get(path, institute="export")).status_code == 404
    assert (await _decide(world, excuse, accepted=True, institute="export")).status_code == 404
    assert (await _decide(world, excuse, accepted=True, role=Role.APPLICANT)).status_code == 403


async def test_the_database_itself_knows_two_people_and_one_open_request(world: World) -> None:
    await _requested(world)
    for statement in (
        "update excuse set status = 'accepted', decided_by = requested_by, decided_at = now(), decision_reason = 'x'",
        "insert into excuse (id, obligation_id, agreement_id, institute, recipient_id, status, reason, evidence,"
        " requested_by, requested_at) select gen_random_uuid(), obligation_id, agreement_id, institute, recipient_id,"
        " status, reason, evidence, requested_by, requested_at from excuse",
    ):
        with pytest.raises(IntegrityError):
            async with world.work() as session:
                await (await session.connection()).execute(text(statement))


async def test_whoever_asked_does_not_decide_whatever_the_role(world: World) -> None:
    signed, excuse = await _requested(world)
    before = await world.obligation(signed)
    refused = await _decide(world, excuse, accepted=True, subject="applicant-1")
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/second-person-wanted")
    assert await world.obligation(signed) == before

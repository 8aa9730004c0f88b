"""Who sees an application, and who may do what: other institutes and companies find nothing."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from shared.access.callers import Role
from tests.grants.builders import a_content, an_iin
from tests.grants.desk import (
    AUDITOR,
    ELSEWHERE,
    EXPERTS,
    MEMBERS,
    OFFICER,
    Desk,
    a_conclusion,
    a_refusal,
    an_applicant,
    must,
    refused,
)

COMMANDS: dict[str, tuple[Role, Any]] = {
    "submission": (Role.APPLICANT, None),
    "return": (Role.OFFICER, {"remarks": [{"field": "/title", "remark": "Unclear."}]}),
    "correction": (Role.APPLICANT, {}),
    "completeness": (Role.OFFICER, None),
    "hearing-statement": (Role.APPLICANT, {"statement": "We can show it."}),
    "withdrawal": (Role.APPLICANT, {"reason": "No need."}),
    "experts": (Role.OFFICER, {"expert": "expert-3"}),
    "conflict-declaration": (Role.EXPERT, {"conflict": False}),
    "conclusion": (Role.EXPERT, a_conclusion()),
    "examination": (Role.OFFICER, None),
    "motion": (Role.OFFICER, {"motion": a_refusal()}),
    "votes": (Role.APPROVER, {"choice": "for"}),
    "decision": (Role.OFFICER, {"minutes": "Minutes."}),
    "motion/dropping": (Role.OFFICER, {"reason": "Mistaken."}),
}

READS = ("", "/history", "/eligibility", "/conclusions", "/criteria", "/motions")


@pytest.mark.parametrize("command", COMMANDS)
async def test_what_belongs_to_others_does_not_exist(desk: Desk, command: str) -> None:
    id_ = await desk.submitted()
    role, body = COMMANDS[command]
    stranger = an_applicant() if role is Role.APPLICANT else ELSEWHERE
    before = await desk.application(id_)
    answer = await desk.post(f"/applications/{id_}/{command}", stranger, body)
    assert answer.status_code == 404
    refused(answer, "application-not-found")
    assert await desk.application(id_) == before


@pytest.mark.parametrize("command", COMMANDS)
async def test_a_role_that_may_not_do_it_is_told_so(desk: Desk, command: str) -> None:
    id_ = await desk.submitted()
    wanted, body = COMMANDS[command]
    for role in Role:
        if role is not wanted:
            other = replace(OFFICER, roles=(role,), bin=desk.applicant.bin)
            answer = await desk.post(f"/applications/{id_}/{command}", other, body)
            assert answer.status_code == 403, (command, role)


@pytest.mark.parametrize("read", READS)
async def test_reads_find_nothing_of_others(desk: Desk, read: str) -> None:
    id_ = await desk.submitted()
    for stranger in (an_applicant(), ELSEWHERE, replace(EXPERTS[0], subject="expert-never-asked")):
        refused(await desk.get(f"/applications/{id_}{read}", stranger), "application-not-found")
    for known in (desk.applicant, OFFICER, AUDITOR, MEMBERS[0]):
        must(await desk.get(f"/applications/{id_}{read}", known))


async def test_a_draft_is_its_applicants_alone(desk: Desk) -> None:
    id_ = await desk.drafted()
    refused(await desk.get(f"/applications/{id_}", OFFICER), "application-not-found")
    must(await desk.get(f"/applications/{id_}", desk.applicant))
    must(await desk.post(f"/applications/{id_}/submission", desk.applicant))
    must(await desk.get(f"/applications/{id_}", OFFICER))


async def test_lists_part_what_belongs_to_whom(desk: Desk) -> None:
    id_ = await desk.submitted()
    other = replace(desk, applicant=an_applicant())
    other_id = await other.submitted()
    own = must(await desk.get("/applications", desk.applicant))["items"]
    assert [item["id"] for item in own] == [id_]
    institutes = must(await desk.get("/applications", OFFICER, call_id=desk.call_id, limit=200))["items"]
    assert {item["id"] for item in institutes} == {id_, other_id}
    assert must(await desk.get("/applications", ELSEWHERE))["items"] == []
    assert other_id not in {item["id"] for item in own}


async def test_an_officer_who_is_an_applicant_too_submits_only_what_is_its_own(desk: Desk) -> None:
    id_ = await desk.submitted()
    both = replace(an_applicant(), roles=(Role.OFFICER, Role.APPLICANT), institute="industry")
    withdrawal = await desk.post(f"/applications/{id_}/withdrawal", both, {"reason": "Not mine."})
    refused(withdrawal, "application-not-found")


async def test_a_company_applies_for_itself_only(desk: Desk) -> None:
    call_id = await desk.open_call()
    body = {"call_id": call_id, "applicant": {"name": "Sample", "number": an_applicant().bin}}
    refused(await desk.post("/applications", desk.applicant, body), "applicant-not-caller", "/applicant/number")


async def test_an_iin_is_masked_in_every_answer(desk: Desk) -> None:
    iin = an_iin(7)
    trader = replace(desk, applicant=an_applicant(iin))
    id_ = await trader.submitted()
    for who in (trader.applicant, OFFICER):
        for path in (f"/applications/{id_}", "/applications", f"/applications/{id_}/eligibility"):
            answer = await desk.get(path, who)
            assert iin not in answer.text
    assert (await trader.application(id_))["applicant"]["number"] == f"********{iin[-4:]}"


async def test_lists_are_filtered_and_paged(desk: Desk) -> None:
    ids = []
    call_id = await desk.open_call()
    for region in ("750000000", "710000000", "751000000"):
        one = replace(desk, applicant=an_applicant(), call_id=call_id)
        ids.append(await one.submitted(region=region))
    first = must(await desk.get("/applications", OFFICER, call_id=call_id, limit=2))
    second = must(await desk.get("/applications", OFFICER, call_id=call_id, limit=2, cursor=first["next_cursor"]))
    assert [item["id"] for item in first["items"] + second["items"]] == ids[::-1]
    assert second["next_cursor"] is None
    by_region = must(await desk.get("/applications", OFFICER, call_id=call_id, region="75"))["items"]
    assert {item["region"] for item in by_region} == {"750000000", "751000000"}
    due = must(await desk.get("/applications", OFFICER, call_id=call_id, due_until="2024-11-17"))["items"]
    assert due == []
    number = first["items"][0]["number"]
    found = must(await desk.get("/applications", OFFICER, number=number))["items"]
    assert [item["number"] for item in found] == [number]
    must(await desk.get("/applications", OFFICER, fea_cn="8413", status="submitted", submitted_from="2024-11-11"))
    for wrong in (
        {"region": "75%"},
        {"fea_cn": "841"},
        {"status": "any"},
        {"number": "x"},
        {"due_until": "2024-13-01"},
    ):
        assert (await desk.get("/applications", OFFICER, **wrong)).status_code == 422


async def test_the_content_of_a_submitted_application_cannot_be_written(desk: Desk) -> None:
    id_ = await desk.submitted()
    written = await desk.put(f"/applications/{id_}/content", desk.applicant, {"content": a_content(title="New")})
    refused(written, "application-status-wrong")


async def test_an_iin_stands_in_the_application_alone(desk: Desk) -> None:
    iin = an_iin(11)
    trader = replace(desk, applicant=an_applicant(iin))
    await trader.approved()
    async with desk.app.state.database.sessions() as session:
        connection = await session.connection()
        for table in ("event", "audit", "idempotency", "application_history", "commission_motion", "expert_conclusion"):
            if table == "idempotency":
                rows = text("select count(*) from idempotency where position(cast(:iin as bytea) in body) > 0")
                found = (await connection.execute(rows, {"iin": iin.encode()})).scalar_one()
            else:
                rows = text(f"select count(*) from {table} t where t::text like :iin")
                found = (await connection.execute(rows, {"iin": f"%{iin}%"})).scalar_one()
            assert found == 0, table


async def test_of_two_drafts_at_once_one_is_begun(desk: Desk) -> None:
    call_id = await desk.open_call()
    body = {"call_id": call_id, "applicant": {"name": "Sample", "number": desk.applicant.bin}}
    answers = await asyncio.gather(*(desk.post("/applications", desk.applicant, body) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    for answer in answers:
        if answer.status_code == 409:
            refused(answer, "application-open-already")

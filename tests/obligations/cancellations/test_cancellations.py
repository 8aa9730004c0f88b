"""Voiding an obligation takes two people and one version of it."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from shared.access.roles import Role
from tests.obligations.world import World

REASON = {"reason": "opened in error"}


async def opened(world: World) -> str:
    signed = await world.signed()
    return f"/v1/obligations/{(await world.obligation(signed))['obligation_id']}"


async def propose(world: World, path: str, **facts: Any) -> Any:
    return await world.post(f"{path}/cancellation-proposal", REASON, resting_on=path, **facts)


async def approve(world: World, path: str, **facts: Any) -> Any:
    return await world.post(f"{path}/cancellation-approval", role=Role.APPROVER, resting_on=path, **facts)


def refused(answer: Any) -> str:
    return str(answer.json()["type"].removeprefix("/problems/"))


async def test_an_obligation_is_void_only_when_a_second_person_approves(world: World) -> None:
    path = await opened(world)
    assert (await propose(world, path)).status_code == 201
    assert (await world.get(path)).json()["status"] == "active"
    approved = await approve(world, path)
    assert (approved.json()["proposed_by"], approved.json()["approved_by"]) == ("officer-1", "approver-1")
    stands = (await world.get(path)).json()
    assert (stands["status"], stands["cancelled_because"]) == ("cancelled", "opened in error")
    (listed,) = (await world.get(f"{path}/cancellations")).json()["items"]
    assert listed["status"] == "approved"


async def test_nobody_approves_the_own_proposal(world: World) -> None:
    path = await opened(world)
    await propose(world, path, subject="both")
    assert refused(await approve(world, path, subject="both")) == "second-person-wanted"
    assert (await world.get(path)).json()["status"] == "active"


async def test_nothing_is_approved_that_was_not_proposed_and_nothing_proposed_twice(world: World) -> None:
    path = await opened(world)
    assert refused(await approve(world, path)) == "cancellation-not-proposed"
    await propose(world, path)
    assert refused(await propose(world, path, subject="officer-2")) == "cancellation-already-proposed"


async def test_a_proposal_about_an_obligation_that_has_changed_is_made_anew(world: World) -> None:
    path = await opened(world)
    await propose(world, path)
    await world.report(path.rsplit("/", 1)[1], "700")
    assert refused(await approve(world, path)) == "obligation-changed-since"
    assert (await propose(world, path, subject="officer-2")).status_code == 201
    assert (await approve(world, path)).status_code == 200
    listed = (await world.get(f"{path}/cancellations")).json()["items"]
    assert [each["status"] for each in listed] == ["void", "approved"]


async def test_both_steps_rest_on_the_version_that_was_read(world: World) -> None:
    path = await opened(world)
    stale = await world.post(f"{path}/cancellation-proposal", REASON, if_match=99)
    await propose(world, path)
    late = await world.post(f"{path}/cancellation-approval", role=Role.APPROVER, if_match=99)
    assert (stale.status_code, late.status_code) == (412, 412)


async def test_the_database_itself_wants_two_people(world: World) -> None:
    path = await opened(world)
    await propose(world, path)
    with pytest.raises(IntegrityError, match="ck_cancellation_two_people"):
        async with world.database.engine.begin() as connection:
            await connection.execute(
                text("update cancellation set status = 'approved', approved_by = proposed_by, approved_at = now()")
            )

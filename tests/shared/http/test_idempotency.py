"""The same request twice has one effect and one reply."""

import asyncio
import uuid

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from shared.access.callers import Role
from shared.database.tables import audit
from shared.http.idempotency import idempotency
from tests.shared.http.conftest import Authorised
from tests.shared.http.sample import counter, thing


def a_thing(**changed: object) -> dict[str, object]:
    return {"name": f"thing {uuid.uuid4()}"[:50], "amount": "10.00", **changed}


async def counted(app: FastAPI) -> int:
    async with app.state.database.sessions() as session:
        return int(
            (await (await session.connection()).execute(select(counter.c.value).where(counter.c.id == 1))).scalar_one()
        )


async def test_a_repeated_command_gets_the_first_reply_byte_for_byte(
    client: httpx.AsyncClient, authorised: Authorised
) -> None:
    headers, body = authorised(), a_thing()
    first = await client.post("/v1/things", json=body, headers=headers)
    again = await client.post("/v1/things", json=body, headers=headers)
    assert first.status_code == again.status_code == 201
    assert again.content == first.content
    for name in ("etag", "location", "content-type", "content-length"):
        assert again.headers[name] == first.headers[name]
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers


async def test_a_member_in_another_place_is_the_same_request(client: httpx.AsyncClient, authorised: Authorised) -> None:
    headers = authorised()
    body = a_thing()
    await client.post("/v1/things", json=body, headers=headers)
    again = await client.post("/v1/things", json=dict(reversed(body.items())), headers=headers)
    assert again.headers["idempotency-replayed"] == "true"


async def test_a_key_with_another_body_is_refused(client: httpx.AsyncClient, authorised: Authorised) -> None:
    headers = authorised()
    await client.post("/v1/things", json=a_thing(), headers=headers)
    other = await client.post("/v1/things", json=a_thing(), headers=headers)
    assert other.status_code == 422
    assert other.json()["type"] == "/problems/idempotency-key-reused"


@pytest.mark.parametrize(
    "other",
    [{"subject": "bolat"}, {"institute": "export"}],
    ids=["another subject", "another institute"],
)
async def test_a_key_of_another_caller_is_another_command(
    client: httpx.AsyncClient, authorised: Authorised, other: dict[str, str]
) -> None:
    key = str(uuid.uuid4())
    first = await client.post("/v1/things", json=a_thing(), headers=authorised(Idempotency_Key=key))
    second = await client.post("/v1/things", json=a_thing(), headers=authorised(Idempotency_Key=key, **other))
    assert first.status_code == second.status_code == 201
    assert first.json()["id"] != second.json()["id"]


async def test_a_key_at_another_address_is_another_command(client: httpx.AsyncClient, authorised: Authorised) -> None:
    headers = authorised()
    one = await client.post("/v1/counter/once", headers=headers)
    two = await client.post("/v1/counter/elsewhere", headers=headers)
    assert (one.status_code, two.status_code) == (200, 200)
    assert two.json()["value"] == one.json()["value"] + 1


async def test_a_hundred_at_once_have_one_effect(
    app: FastAPI, client: httpx.AsyncClient, authorised: Authorised
) -> None:
    headers, before = authorised(), await counted(app)
    replies = await asyncio.gather(*(client.post("/v1/counter/slowly", headers=headers) for _ in range(100)))
    assert await counted(app) == before + 1
    done = [reply for reply in replies if reply.status_code == 200]
    assert len({reply.content for reply in done}) == 1
    assert len([reply for reply in done if "idempotency-replayed" not in reply.headers]) == 1
    for reply in replies:
        assert reply.status_code in {200, 409, 503}
        assert reply.status_code == 200 or int(reply.headers["retry-after"]) > 0


async def test_a_request_that_waits_too_long_for_the_first_is_told_to_come_again(
    app: FastAPI, client: httpx.AsyncClient, authorised: Authorised
) -> None:
    reply, waited = await _held(app, client, authorised())
    assert waited.status_code == 409
    assert waited.json()["type"] == "/problems/request-in-progress"
    assert waited.headers["retry-after"] == "1"
    assert reply.status_code == 200


async def _held(
    app: FastAPI, client: httpx.AsyncClient, headers: dict[str, str]
) -> tuple[httpx.Response, httpx.Response]:
    """Send while another transaction holds the counter, and once more with the same key meanwhile."""
    async with app.state.database.engine.connect() as holder:
        await holder.execute(select(counter).where(counter.c.id == 1).with_for_update())
        first = asyncio.create_task(client.post("/v1/counter/once", headers=headers))
        await asyncio.sleep(0.5)
        second = asyncio.create_task(client.post("/v1/counter/once", headers=headers))
        assert (await first).status_code == 409
        waited = await second
        await holder.rollback()
    return await client.post("/v1/counter/once", headers=headers), waited


async def test_a_refused_command_leaves_nothing_and_may_come_again(
    app: FastAPI, client: httpx.AsyncClient, authorised: Authorised
) -> None:
    headers = authorised()
    refused = await client.post("/v1/things", json=a_thing(amount="1000000.01"), headers=headers)
    assert refused.status_code == 422
    async with app.state.database.sessions() as session:
        kept = select(func.count()).select_from(idempotency).where(idempotency.c.key == headers["Idempotency-Key"])
        assert (await (await session.connection()).execute(kept)).scalar_one() == 0
    assert (await client.post("/v1/things", json=a_thing(), headers=headers)).status_code == 201


@pytest.mark.parametrize("how", ["badly", "overflow"])
async def test_a_command_that_fails_changes_nothing(
    app: FastAPI, client: httpx.AsyncClient, authorised: Authorised, how: str
) -> None:
    await client.post("/v1/things", json=a_thing(), headers=authorised())
    before = await counted(app)
    reply = await client.post(f"/v1/counter/{how}", headers=authorised())
    assert reply.status_code == {"badly": 500, "overflow": 422}[how]
    assert "secret" not in reply.text
    assert await counted(app) == before


async def test_a_command_without_a_key_is_refused(client: httpx.AsyncClient, authorised: Authorised) -> None:
    headers = authorised()
    del headers["Idempotency-Key"]
    reply = await client.post("/v1/things", json=a_thing(), headers=headers)
    assert (reply.status_code, reply.json()["type"]) == (400, "/problems/idempotency-key-missing")


@pytest.mark.parametrize("key", [b"", b"x" * 201, b"tab\there", "кілт".encode()])
async def test_a_malformed_key_is_refused(client: httpx.AsyncClient, authorised: Authorised, key: bytes) -> None:
    headers: list[tuple[bytes, bytes]] = [(name.encode(), value.encode()) for name, value in authorised().items()]
    headers = [*(pair for pair in headers if pair[0] != b"Idempotency-Key"), (b"Idempotency-Key", key)]
    reply = await client.post("/v1/things", json=a_thing(), headers=headers)
    assert (reply.status_code, reply.json()["type"]) == (400, "/problems/idempotency-key-malformed")


async def test_the_role_is_asked_before_a_stored_reply_is_given(
    client: httpx.AsyncClient, authorised: Authorised
) -> None:
    body, key = a_thing(), str(uuid.uuid4())
    await client.post("/v1/things", json=body, headers=authorised(Idempotency_Key=key))
    later = await client.post("/v1/things", json=body, headers=authorised(Role.AUDITOR, Idempotency_Key=key))
    assert (later.status_code, later.json()["type"]) == (403, "/problems/role-not-allowed")


async def test_who_did_what_is_recorded_with_what_was_done(
    app: FastAPI, client: httpx.AsyncClient, authorised: Authorised
) -> None:
    headers = authorised(subject="dana")
    made = (await client.post("/v1/things", json=a_thing(), headers=headers)).json()
    async with app.state.database.sessions() as session:
        rows = (await (await session.connection()).execute(select(audit).where(audit.c.actor == "dana"))).all()
    assert [(row.action, row.roles, row.institute, row.aggregates) for row in rows] == [
        ("POST /v1/things", ["officer"], "industry", [f"Thing/{made['id']}"])
    ]


async def test_two_commands_that_lock_each_other_both_succeed(
    app: FastAPI, client: httpx.AsyncClient, authorised: Authorised
) -> None:
    before = await counted(app)
    ways = ["up", "down"]
    replies = await asyncio.gather(*(client.post(f"/v1/counter/{way}", headers=authorised()) for way in ways))
    assert [reply.status_code for reply in replies] == [200, 200]
    assert await counted(app) == before + 2


async def test_a_caller_who_goes_away_during_the_commit_finds_it_done(
    app: FastAPI, client: httpx.AsyncClient, authorised: Authorised
) -> None:
    headers = authorised()
    sending = asyncio.create_task(client.post("/v1/counter/slowly", headers=headers))
    before = await counted(app)
    await asyncio.sleep(0.1)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    reply = await client.post("/v1/counter/slowly", headers=headers)
    assert reply.status_code == 200
    assert await counted(app) == before + 1


async def test_a_name_that_is_taken_is_a_conflict_by_its_constraint(
    app: FastAPI, client: httpx.AsyncClient, authorised: Authorised
) -> None:
    body = a_thing()
    await client.post("/v1/things", json=body, headers=authorised())
    taken = await client.post("/v1/things", json=body, headers=authorised())
    assert (taken.status_code, taken.json()["type"]) == (409, "/problems/name-taken")
    assert taken.json()["errors"][0]["pointer"] == "/name"
    async with app.state.database.sessions() as session:
        made = select(func.count()).select_from(thing).where(thing.c.name == body["name"])
        assert (await (await session.connection()).execute(made)).scalar_one() == 1

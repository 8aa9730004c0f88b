"""Versions, pages, reading, health, docs and the description of the interface."""

import asyncio
import base64
import json
import uuid
from pathlib import Path

import httpx
import pytest
from fastapi import Depends, FastAPI

from shared.http.app import create_app
from shared.http.health import Check
from shared.http.routes import Router
from shared.http.transactions import Transaction
from tests.shared.http.conftest import Authorised
from tests.shared.http.sample import StillClock, router, sample_app, sample_settings, service


async def a_thing(client: httpx.AsyncClient, headers: dict[str, str], amount: str = "10.00") -> httpx.Response:
    made = await client.post("/v1/things", json={"name": f"t {uuid.uuid4()}", "amount": amount}, headers=headers)
    assert made.status_code == 201
    return made


async def test_a_change_that_rests_on_the_current_version_is_made(
    client: httpx.AsyncClient, authorised: Authorised
) -> None:
    made = await a_thing(client, authorised())
    assert made.headers["etag"] == '"1"'
    path = f"/v1/things/{made.json()['id']}/renaming"
    changed = await client.post(path, headers=authorised(If_Match=made.headers["etag"]))
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')


async def test_of_two_officers_at_once_one_is_told_that_it_changed(
    client: httpx.AsyncClient, authorised: Authorised
) -> None:
    path = f"/v1/things/{(await a_thing(client, authorised())).json()['id']}/renaming"
    replies = await asyncio.gather(*(client.post(path, headers=authorised(If_Match='"1"')) for _ in range(2)))
    assert sorted(reply.status_code for reply in replies) == [200, 412]
    stale = next(reply for reply in replies if reply.status_code == 412)
    assert (stale.json()["type"], stale.headers["etag"]) == ("/problems/version-stale", '"2"')


@pytest.mark.parametrize(
    ("if_match", "status"),
    [
        (None, 428),
        ("*", 400),
        ("1", 400),
        ('W/"1"', 400),
        ('"1", "2"', 400),
        ('"01"', 400),
        ('"' + "9" * 30 + '"', 400),
        ('"7"', 412),
    ],
)
async def test_a_change_says_which_version_it_rests_on(
    client: httpx.AsyncClient, authorised: Authorised, if_match: str | None, status: int
) -> None:
    path = f"/v1/things/{(await a_thing(client, authorised())).json()['id']}/renaming"
    headers = authorised() if if_match is None else authorised(If_Match=if_match)
    assert (await client.post(path, headers=headers)).status_code == status


async def test_pages_give_each_item_once_in_order(client: httpx.AsyncClient, authorised: Authorised) -> None:
    subject = str(uuid.uuid4())
    amounts = [f"{number % 3}.50" for number in range(11)]
    for amount in amounts:
        await a_thing(client, authorised(subject=subject), amount)
    seen: list[dict[str, str]] = []
    cursor: dict[str, str] = {}
    for _ in range(4):
        page = (
            await client.get("/v1/things", params={"limit": 3, **cursor}, headers=authorised(subject=subject))
        ).json()
        seen += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert [item["amount"] for item in seen] == sorted(amounts)
    assert len({item["id"] for item in seen}) == 11
    assert page["next_cursor"] is None


@pytest.mark.parametrize("limit", ["0", "-1", "201", "1000000000", "ten", "1.5", "١٠", "", "1_0", "01", "+5", " 5"])
async def test_a_limit_out_of_bounds_is_refused(client: httpx.AsyncClient, authorised: Authorised, limit: str) -> None:
    reply = await client.get("/v1/things", params={"limit": limit}, headers=authorised())
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["in"] == "query"
    assert reply.json()["errors"][0]["pointer"] == "/limit"


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_slash_too_many_is_another_path(client: httpx.AsyncClient, authorised: Authorised, method: str) -> None:
    reply = await client.request(method, "/v1/things/", headers=authorised())
    assert (reply.status_code, reply.headers["content-type"]) == (404, "application/problem+json")


async def test_a_cursor_is_good_for_its_own_list_only(client: httpx.AsyncClient, authorised: Authorised) -> None:
    subject = str(uuid.uuid4())
    for _ in range(2):
        await a_thing(client, authorised(subject=subject))
    headers = authorised(subject=subject)
    cursor = (await client.get("/v1/things", params={"limit": 1}, headers=headers)).json()["next_cursor"]
    raw = bytearray(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    raw[-3] ^= 1
    forged = base64.urlsafe_b64encode(bytes(16) + json.dumps(["0", "0"]).encode()).decode().rstrip("=")
    tampered = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    assert (await client.get("/v1/things", params={"cursor": cursor}, headers=headers)).status_code == 200
    for wrong in (
        {"cursor": tampered},
        {"cursor": forged},
        {"cursor": "x"},
        {"cursor": "é" * 30},
        {"cursor": cursor, "name": "a"},
    ):
        reply = await client.get("/v1/things", params=wrong, headers=headers)
        assert (reply.status_code, reply.json()["type"]) == (422, "/problems/cursor-invalid"), wrong


async def test_reading_cannot_change_anything(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/writing-while-reading")).status_code == 503


async def test_a_process_is_live_without_and_ready_only_with_its_database(
    client: httpx.AsyncClient, offline: httpx.AsyncClient
) -> None:
    assert (await offline.get("/health/live")).json() == {"status": "live"}
    missing = await offline.get("/health/ready")
    assert (missing.status_code, missing.json()) == (503, {"status": "failed", "checks": {"database": "failed"}})
    there = await client.get("/health/ready")
    assert (there.status_code, there.json()) == (200, {"status": "ready", "checks": {"database": "ready"}})


async def test_without_the_broker_a_process_is_degraded_and_still_ready(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    async def unreachable() -> None:
        raise ConnectionRefusedError

    app.state.checks["broker"] = Check(unreachable, essential=False)
    found = await client.get("/health/ready")
    assert (found.status_code, found.json()["status"], found.json()["checks"]["broker"]) == (
        200,
        "degraded",
        "degraded",
    )


async def test_the_docs_need_no_other_host(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")
    assert page.status_code == 200
    assert "http" not in page.text.replace("http-equiv", "")
    for name in ("swagger-ui-bundle.js", "swagger-ui.css", "start.js"):
        plain = await client.get(f"/docs/{name}", headers={"Accept-Encoding": "identity"})
        assert plain.status_code == 200
        assert (await client.get(f"/docs/{name}")).text == plain.text
    assert (await client.get("/docs/../app.py")).status_code == 404
    assert (await client.get("/docs/..%2fapp.py")).status_code == 404


async def test_the_description_is_the_same_each_time_and_names_every_problem(
    sample_url: str, issuer_directory: Path
) -> None:
    documents = [json.dumps(sample_app(sample_url, issuer_directory).openapi()) for _ in range(2)]
    assert documents[0] == documents[1]
    assert "HTTPValidationError" not in documents[0]
    described = json.loads(documents[0])
    command = described["paths"]["/v1/things"]["post"]
    assert set(command["responses"]) == {"201", "400", "401", "403", "408", "409", "413", "415", "422", "503"}
    assert {"idempotency-key-reused", "fields-invalid", "too-dear"} <= set(
        command["responses"]["422"]["content"]["application/problem+json"]["examples"]
    )
    assert command["operationId"] == "make_thing"
    assert command["x-roles"] == ["officer"]
    assert {"$ref": "#/components/parameters/IdempotencyKey"} in command["parameters"]
    assert described["components"]["parameters"]["IdempotencyKey"]["required"] is True
    assert described["components"]["examples"]["too-dear"]["value"]["status"] == 422
    assert described["components"]["securitySchemes"] == {
        "AccessToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    }
    assert "412" in described["paths"]["/v1/things/{thing_id}/renaming"]["post"]["responses"]


def test_a_dependency_may_not_take_the_transaction() -> None:
    wrong = Router()

    async def nested(transaction: Transaction) -> None: ...

    async def endpoint(_: None = Depends(nested)) -> None: ...

    with pytest.raises(TypeError, match="only the endpoint itself"):
        wrong.add_api_route("/wrong", endpoint, methods=["POST"])


async def test_a_service_brings_its_own_words(
    sample_url: str, issuer_directory: Path, tmp_path: Path, authorised: Authorised
) -> None:
    (tmp_path / "kk").mkdir()
    po = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Too dear"\nmsgstr "Тым қымбат"\n'
    (tmp_path / "kk" / "messages.po").write_text(po, encoding="utf-8")
    app = create_app(
        service=service, settings=sample_settings(sample_url, issuer_directory), title="Sample", version="1",
        description="", routers=[router], locales=tmp_path, clock=StillClock(),
    )  # fmt: skip
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sample") as client:
        body = {"name": "bolt", "amount": "1000000.01"}
        reply = await client.post("/v1/things", json=body, headers=authorised(Accept_Language="kk"))
        assert reply.json()["title"] == "Тым қымбат"
        assert reply.headers["content-language"] == "kk"
    await app.state.database.close()


@pytest.mark.parametrize(
    ("query", "pointer", "words"),
    [
        ("statsu=open", "/statsu", "This is not known here."),
        ("limit=5&limit=6", "/limit", "This is given more than once."),
    ],
)
async def test_no_parameter_of_a_query_is_passed_over(
    client: httpx.AsyncClient, authorised: Authorised, query: str, pointer: str, words: str
) -> None:
    reply = await client.get(f"/v1/things?{query}", headers=authorised())
    assert reply.status_code == 422
    (error,) = reply.json()["errors"]
    assert (error["in"], error["pointer"]) == ("query", pointer)
    assert words in error.values()

import uuid
from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import create_async_engine

from shared.access.callers import Role
from shared.access.issuer import DevelopmentIssuer
from shared.database.engine import async_url
from shared.database.tables import platform_metadata
from shared.http.app import create_app
from shared.reference.api import reference_router
from shared.reference.importing import import_list
from shared.reference.lookup import entry, parameter
from shared.reference.sampling import import_samples
from shared.service import Service
from shared.settings import Environment, ServiceSettings
from tests.shared.reference.conftest import LATER, NOON, parameters
from tests.shared.values.numbers import a_bin
from tirek_local.testing import Databases

Headers = Callable[..., dict[str, str]]
SERVICE = Service(name="sample", metadata=MetaData(), migrations=Path())


class StillClock:
    def now(self) -> Any:
        return LATER


@pytest.fixture
async def client(databases: Databases, tmp_path: Path) -> AsyncIterator[tuple[httpx.AsyncClient, Headers, Any]]:
    url = databases.create_empty("grants")
    engine = create_async_engine(async_url(url))
    async with engine.begin() as connection:
        await connection.run_sync(platform_metadata.create_all)
    await engine.dispose()
    settings = ServiceSettings(database_url=url, environment=Environment.TEST, issuer_directory=tmp_path)
    app = create_app(
        service=SERVICE,
        settings=settings,
        title="Sample",
        version="1",
        description="Lists and parameters.",
        routers=[reference_router()],
        clock=StillClock(),
    )
    issuer = DevelopmentIssuer(tmp_path, Environment.TEST)

    def headers(*roles: Role, subject: str = "aigul") -> dict[str, str]:
        token = issuer.mint(subject=subject, roles=roles or (Role.OFFICER,), institute="industry")
        return {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid.uuid4())}

    async with app.state.database.sessions() as session:
        await import_samples(session, at=NOON, by="importer")
        await session.commit()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sample") as made:
        yield made, headers, app.state.database
    await app.state.database.close()


async def test_a_parameter_is_read_as_of_a_day_with_its_source(client: Any) -> None:
    http, headers, _ = client
    answer = await http.get("/v1/parameters/mci?on=2026-06-30", headers=headers(Role.APPLICANT))
    assert answer.status_code == 200
    told = answer.json()
    assert (told["value"], told["unit"], told["mark"], told["verified"]) == ("4325", "KZT", "practice", False)
    unknown = await http.get("/v1/parameters/mci?on=2014-12-31", headers=headers())
    assert unknown.status_code == 422
    assert unknown.json()["type"].endswith("parameter-unknown")


@pytest.mark.parametrize("query", ["", "on=2026-02-30", "on=٢٠٢٦-٠١-٠١", "on=2026-01-01&known_at=yesterday"])
async def test_a_day_that_is_none_is_refused(client: Any, query: str) -> None:
    http, headers, _ = client
    assert (await http.get(f"/v1/parameters/mci?{query}", headers=headers())).status_code == 422


async def test_a_list_comes_in_pages_by_key(client: Any) -> None:
    http, headers, _ = client
    keys: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        more = f"&cursor={cursor}" if cursor else ""
        url = f"/v1/lists/priority-goods/entries?on=2025-01-01&limit=7{more}"
        page = (await http.get(url, headers=headers(Role.APPLICANT))).json()
        keys += [item["key"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert keys == sorted(keys)
    assert len(keys) == 20
    assert (await http.get("/v1/lists/colours/entries?on=2025-01-01", headers=headers())).status_code == 404


async def test_a_key_is_looked_up_in_a_body_and_never_in_the_address(client: Any) -> None:
    http, headers, _ = client
    question = {"key": "8413702100", "on": "2025-01-01", "by_longest_prefix": True}
    answer = await http.post("/v1/lists/priority-goods/lookups", headers=headers(Role.APPLICANT), json=question)
    assert (answer.status_code, answer.json()["entry"]["key"]) == (200, "841370")
    question = {"key": a_bin(77), "on": "2025-11-01"}
    answer = await http.post("/v1/lists/producers/lookups", headers=headers(), json=question)
    assert answer.json() == {"loaded": True, "entry": None}
    bad = await http.post("/v1/lists/producers/lookups", headers=headers(), json={"key": 7, "on": "2025-11-01"})
    assert bad.status_code == 422


async def test_the_register_of_producers_is_not_for_every_applicant(client: Any) -> None:
    http, headers, _ = client
    applicant = headers(Role.APPLICANT)
    assert (await http.get("/v1/lists/producers/entries?on=2025-11-01", headers=applicant)).status_code == 403
    body = {"key": a_bin(1), "on": "2025-11-01"}
    assert (await http.post("/v1/lists/producers/lookups", headers=applicant, json=body)).status_code == 403
    assert (await http.get("/v1/lists/producers/entries?on=2025-11-01", headers=headers())).status_code == 200


async def test_a_row_is_verified_by_two_officers(client: Any) -> None:
    http, headers, database = client
    async with database.sessions() as session:
        row = await parameter(session, "mci", date(2026, 1, 1))
    read = f"/v1/reference-rows/{row.id}"
    path = f"{read}/confirmation"

    async def confirm(version: int, **who: Any) -> httpx.Response:
        return cast(httpx.Response, await http.post(path, headers={**headers(**who), "If-Match": f'"{version}"'}))

    assert (await http.post(path, headers={**headers(Role.APPLICANT), "If-Match": '"0"'})).status_code == 403
    assert (await http.post(path, headers=headers())).status_code == 428
    assert (await http.get(read, headers=headers())).headers["ETag"] == '"0"'
    assert (await confirm(0, subject="importer")).status_code == 403
    first = await confirm(0, subject="aigul")
    assert (first.status_code, first.json()["verified"], first.json()["name"]) == (200, False, "mci")
    assert (await confirm(1, subject="aigul")).status_code == 403
    assert (await confirm(0, subject="bolat")).status_code == 412, "bolat has read the row before aigul's word"
    second = await confirm(1, subject="bolat")
    assert (second.status_code, second.json()["verified"], second.headers["ETag"]) == (200, True, '"2"')
    assert (await confirm(2, subject="dana")).status_code == 409
    missing = f"/v1/reference-rows/{uuid.uuid4()}/confirmation"
    assert (await http.post(missing, headers={**headers(), "If-Match": '"0"'})).status_code == 404


async def test_a_whole_import_is_verified_by_two_officers(client: Any) -> None:
    http, headers, database = client
    async with database.sessions() as session:
        row = await entry(session, "priority-goods", "8418", date(2026, 1, 1))
    read = f"/v1/list-imports/{row.import_id}"
    path = f"{read}/confirmation"
    assert (await http.post(path, headers=headers(subject="aigul"))).status_code == 428
    etag = (await http.get(read, headers=headers())).headers["ETag"]
    first = await http.post(path, headers={**headers(subject="aigul"), "If-Match": etag})
    assert {name: first.json()[name] for name in ("first", "verified", "left")} == {
        "first": 20,
        "verified": 0,
        "left": 0,
    }
    assert (await http.post(path, headers={**headers(subject="bolat"), "If-Match": etag})).status_code == 412
    etag = (await http.get(read, headers=headers())).headers["ETag"]
    second = await http.post(path, headers={**headers(subject="bolat"), "If-Match": etag})
    assert second.json()["verified"] == 20


async def test_an_answer_as_known_on_an_earlier_instant(client: Any) -> None:
    http, headers, database = client
    async with database.sessions() as session:
        await import_list(session, "parameters", parameters("mci,2026-01-01,4400,KZT,an act"), at=LATER)
        await session.commit()
    url = "/v1/parameters/mci?on=2026-06-30"
    assert (await http.get(url, headers=headers())).json()["value"] == "4400"
    earlier = await http.get(f"{url}&known_at=2026-01-31T10:00:00%2B05:00", headers=headers())
    assert earlier.json()["value"] == "4325"

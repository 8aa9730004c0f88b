"""Problems: their form, their language, and what they do not tell."""

import importlib
import logging
import pkgutil
import re
import time
from pathlib import Path

import httpx
import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

import shared
from shared.access.callers import Role
from shared.http.edge import EdgeRefusal
from shared.http.failures import refusal_of
from shared.http.languages import Catalogues, Language, every_refusal, messages, placeholders, preferred
from shared.http.problems import status_of
from tests.shared.http.conftest import Authorised
from tests.shared.http.cutting import committing
from tests.shared.http.sample import sample_app


async def test_a_refusal_is_a_problem_with_all_its_members(client: httpx.AsyncClient, authorised: Authorised) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = authorised(traceparent=f"00-{trace}-00f067aa0ba902b7-01")
    unknown = "0190c2f0-0000-7000-8000-000000000000"
    reply = await client.get(f"/v1/things/{unknown}", headers=headers)
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["content-language"] == "en"
    assert reply.headers["vary"] == "Accept-Language"
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.json() == {
        "type": "/problems/thing-unknown",
        "title": "The thing is not known",
        "status": 404,
        "detail": f"There is no thing {unknown}.",
        "instance": f"/v1/things/{unknown}",
        "trace_id": trace,
    }


async def test_a_caller_without_the_role_is_told_which_would_do(
    client: httpx.AsyncClient, authorised: Authorised
) -> None:
    body = {"name": "bolt", "amount": "1.00"}
    reply = await client.post("/v1/things", json=body, headers=authorised(Role.APPLICANT, Accept_Language="ru"))
    assert reply.status_code == 403
    assert reply.json()["detail"] == "Нужна одна из ролей: officer."
    assert reply.headers["content-language"] == "ru"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"), ("", "en"), ("kk", "kk"), ("ru-RU", "ru"), ("KK-kz", "kk"), ("de", "en"), ("de, ru;q=0.1", "ru"),
        ("ru;q=0.5, kk;q=0.8", "kk"), ("ru, kk", "ru"), ("ru;q=0, kk;q=0.001", "kk"), ("ru;q=0", "en"), ("*", "en"),
        ("en;q=0, *", "ru"), ("en;q=0, ru;q=0, *;q=0.5", "kk"), ("kk;q=0.5, *;q=0.9", "en"), ("kk;q=2", "en"),
        ("kk;q=abc, ru", "ru"), (";;;,,,", "en"), ("kk;q=1.000", "kk"), ("x" * 100_000, "en"),
        ("kk;q=0.1,en;q=0.2", "en"),
    ],
)  # fmt: skip
def test_the_language_is_the_one_that_is_liked_best(header: str | None, language: str) -> None:
    assert preferred(header) == language


async def test_fields_are_explained_in_the_language_asked_for(
    client: httpx.AsyncClient, authorised: Authorised
) -> None:
    said = {}
    for language in Language:
        reply = await client.post("/v1/things", json={"name": 1}, headers=authorised(Accept_Language=language.value))
        said[language] = (reply.json()["title"], reply.json()["errors"][0]["detail"])
    assert said == {
        Language.KAZAKH: ("Сұрау дұрыс емес", "Мәтін қажет."),
        Language.RUSSIAN: ("Запрос неверен", "Нужен текст."),
        Language.ENGLISH: ("The request is not valid", "A text is wanted."),
    }


def every_module() -> None:
    for module in pkgutil.walk_packages(shared.__path__, "shared."):
        if ".migrations" not in module.name:
            importlib.import_module(module.name)


@pytest.mark.parametrize("language", [Language.KAZAKH, Language.RUSSIAN])
def test_every_word_of_the_platform_is_translated_with_the_same_placeholders(language: Language) -> None:
    every_module()
    assert Catalogues().untranslated(language, messages("shared")) == []


def test_every_refusal_of_the_platform_says_what_to_do_and_has_one_name() -> None:
    every_module()
    ours = [refusal for refusal in every_refusal() if refusal.__module__.startswith("shared.")]
    assert len({refusal.slug() for refusal in ours}) == len(ours)
    for refusal in ours:
        assert placeholders(refusal.title) == set(), refusal
        if issubclass(refusal, EdgeRefusal):
            assert refusal.remedy, refusal


async def test_a_problem_is_described_in_three_languages(client: httpx.AsyncClient) -> None:
    described = (await client.get("/problems/version-stale")).json()
    assert (described["type"], described["status"]) == ("/problems/version-stale", 412)
    assert set(described["title"]) == {"kk", "ru", "en"}
    unknown = await client.get("/problems/nothing")
    assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/problem-unknown")


async def test_an_unknown_address_and_a_wrong_method_are_problems(client: httpx.AsyncClient) -> None:
    nowhere = await client.get("/nowhere")
    assert (nowhere.status_code, nowhere.json()["type"]) == (404, "/problems/route-unknown")
    wrong = await client.delete("/v1/things")
    assert (wrong.status_code, wrong.json()["type"]) == (405, "/problems/method-not-allowed")
    assert wrong.headers["allow"]


async def test_what_nobody_foresaw_is_logged_and_told_without_internals(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "shared.http"):
        reply = await client.get("/v1/fault")
    assert (reply.status_code, reply.json()["type"]) == (500, "/problems/request-failed")
    assert "secret" not in reply.text
    assert reply.json()["trace_id"] in caplog.text


class Broken(Exception):
    """An error of the driver."""

    def __init__(self, sqlstate: str | None) -> None:
        super().__init__("a secret of the database")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("sqlstate", "status"),
    [
        ("55P03", 409), ("57014", 503), ("40001", 503), ("40P01", 503), ("53300", 503), ("53200", 503), ("53100", 507),
        ("08006", 503), ("08003", 503), ("57P01", 503), ("57P03", 503), ("58030", 503), ("25P03", 503), ("22003", 422),
        ("22021", 422), ("22008", 422), ("54000", 422),
    ],
)  # fmt: skip
def test_a_failure_of_the_database_has_its_status(sqlstate: str, status: int) -> None:
    refusal = refusal_of(DBAPIError("select", {}, Broken(sqlstate)))
    assert refusal is not None
    assert status_of(refusal) == status
    assert refusal.retry_after is not None or status == 422


@pytest.mark.parametrize("sqlstate", ["42601", "42P01", "23505", "22012"])
def test_a_fault_of_ours_is_not_called_the_databases(sqlstate: str) -> None:
    assert refusal_of(DBAPIError("select", {}, Broken(sqlstate))) is None


@pytest.mark.parametrize("error", [ConnectionRefusedError(), TimeoutError(), PoolTimeout()])
def test_no_connection_means_to_come_again(error: OSError) -> None:
    refusal = refusal_of(error)
    assert refusal is not None
    assert (status_of(refusal), refusal.retry_after) == (503, 1)


async def test_without_a_database_the_caller_is_told_to_come_again(
    offline: httpx.AsyncClient, authorised: Authorised
) -> None:
    replies = [
        await offline.post("/v1/counter/once", headers=authorised()),
        await offline.get("/v1/things", headers=authorised()),
    ]
    for reply in replies:
        assert (reply.status_code, reply.json()["type"]) == (503, "/problems/try-again-later")
        assert reply.headers["retry-after"] == "1"
        assert not re.search(r"127\.0\.0\.1|nobody", reply.text)


async def test_when_every_connection_is_in_use_the_wait_is_bounded(
    sample_url: str, issuer_directory: Path, authorised: Authorised
) -> None:
    app = sample_app(sample_url, issuer_directory, database_pool_size=1, database_max_overflow=0)
    async with (
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sample") as client,
        app.state.database.engine.connect(),
    ):
        began = time.monotonic()
        reply = await client.get("/v1/things", headers=authorised())
        assert (reply.status_code, reply.json()["type"]) == (503, "/problems/try-again-later")
        assert time.monotonic() - began < 4
    await app.state.database.close()


async def test_a_commit_whose_answer_is_lost_is_known_by_its_key(
    sample_url: str, issuer_directory: Path, authorised: Authorised
) -> None:
    async with committing(sample_url, "answer", cuts=True) as proxy:
        app = sample_app(proxy.url, issuer_directory)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sample") as client:
            headers = authorised()
            cut = await client.post("/v1/counter/once", headers=headers)
            assert (cut.status_code, cut.json()["type"]) == (503, "/problems/try-again-later")
            again = await client.post("/v1/counter/once", headers=headers)
            assert again.status_code == 200
            assert again.headers["idempotency-replayed"] == "true"
        await app.state.database.close()

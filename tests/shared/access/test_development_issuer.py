"""The development issuer, the command that prints its tokens, and the tokens of services."""

import base64
import json
import stat
import threading
from pathlib import Path

import httpx
import pytest
import typer
from typer.testing import CliRunner

from shared.access.issuer import ISSUER, KEY_FILE, DevelopmentIssuer, IssuerRefused
from shared.access.roles import Role
from shared.access.service_tokens import ServiceTokens, TokenUnavailable, client_credentials, service_tokens
from shared.access.tokens import TokenVerifier
from shared.cli.token import token
from shared.settings import Environment, ServiceSettings, SettingsWrong

URL = "postgresql://nobody@127.0.0.1:1/nothing"


def verifier_of(directory: Path) -> TokenVerifier:
    return TokenVerifier(DevelopmentIssuer(directory, Environment.TEST).keys, issuer=ISSUER, audience="tirek")


def test_it_refuses_to_run_in_production(tmp_path: Path) -> None:
    with pytest.raises(IssuerRefused):
        DevelopmentIssuer(tmp_path, Environment.PRODUCTION)
    assert list(tmp_path.iterdir()) == []


def test_its_key_is_its_owners_alone(tmp_path: Path) -> None:
    DevelopmentIssuer(tmp_path / "issuer", Environment.TEST)
    key = tmp_path / "issuer" / KEY_FILE
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    key.chmod(0o644)
    with pytest.raises(IssuerRefused):
        DevelopmentIssuer(tmp_path / "issuer", Environment.TEST)


def test_processes_that_start_at_once_share_one_key(tmp_path: Path) -> None:
    kids = []
    begin = threading.Barrier(8)

    def start() -> None:
        begin.wait()
        kids.append(DevelopmentIssuer(tmp_path, Environment.TEST).jwks["keys"][0]["kid"])

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kids) == 8
    assert len(set(kids)) == 1
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


async def test_its_tokens_are_believed_where_its_key_is_known(tmp_path: Path) -> None:
    minted = DevelopmentIssuer(tmp_path, Environment.DEMO).mint(
        subject="dana", roles=[Role.APPLICANT], bin="190140000019"
    )
    caller = await verifier_of(tmp_path).caller(minted)
    assert (caller.subject, caller.roles, caller.bin) == ("dana", frozenset({Role.APPLICANT}), "190140000019")


def claims_of(minted: str) -> dict[str, object]:
    part = minted.split(".")[1]
    claims: dict[str, object] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return claims


def test_no_token_lives_longer_than_half_a_day(tmp_path: Path) -> None:
    claims = claims_of(
        DevelopmentIssuer(tmp_path, Environment.TEST).mint(subject="a", roles=[], lifetime_seconds=10**9)
    )
    assert claims["exp"] == int(str(claims["iat"])) + 12 * 3600


def command() -> typer.Typer:
    app = typer.Typer()
    app.command()(token)
    return app


async def test_the_command_prints_a_token_with_what_the_role_needs(tmp_path: Path) -> None:
    printed = CliRunner().invoke(
        command(),
        ["--role", "officer", "--role", "applicant", "--directory", str(tmp_path)],
        env={"TIREK_ENVIRONMENT": ""},
    )
    assert printed.exit_code == 0
    caller = await verifier_of(tmp_path).caller(printed.stdout.strip())
    assert caller.roles == {Role.OFFICER, Role.APPLICANT}
    assert (caller.institute, caller.bin) == ("industry", "190140000019")


def test_the_command_is_refused_in_production(tmp_path: Path) -> None:
    printed = CliRunner().invoke(
        command(), ["--role", "officer", "--directory", str(tmp_path), "--environment", "production"]
    )
    assert printed.exit_code == 1
    assert printed.stdout == ""
    assert "production" in printed.stderr


async def test_a_service_calls_as_itself_in_development(tmp_path: Path) -> None:
    settings = ServiceSettings(database_url=URL, environment=Environment.TEST, issuer_directory=tmp_path)
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["Authorization"])
        return httpx.Response(200)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer), auth=service_tokens(settings)) as client:
        await client.get("http://grants/v1")
        await client.get("http://grants/v1")
    assert len(set(seen)) == 1
    caller = await verifier_of(tmp_path).caller(seen[0].removeprefix("Bearer "))
    assert (caller.subject, caller.roles) == ("service:tirek", frozenset({Role.SERVICE}))


async def test_a_service_gets_its_token_by_client_credentials_and_renews_it() -> None:
    asked: list[httpx.Request] = []

    def provider(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"access_token": f"t{len(asked)}", "expires_in": 300})

    obtain = client_credentials("https://id/token", "grants", "s3", "tirek", transport=httpx.MockTransport(provider))
    answers = iter([200, 401, 200])
    sent: list[str] = []

    def service(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers["Authorization"])
        return httpx.Response(next(answers))

    async with httpx.AsyncClient(transport=httpx.MockTransport(service), auth=ServiceTokens(obtain)) as client:
        await client.get("http://obligations/v1")
        assert (await client.get("http://obligations/v1")).status_code == 200
    assert sent == ["Bearer t1", "Bearer t1", "Bearer t2"]
    assert asked[0].headers["Authorization"] == "Basic " + base64.b64encode(b"grants:s3").decode()
    assert b"grant_type=client_credentials" in asked[0].content


@pytest.mark.parametrize(("status", "content"), [(500, b""), (200, b"{"), (200, b"[]"), (200, b"{}")])
async def test_a_provider_that_gives_no_token_is_named_as_the_cause(status: int, content: bytes) -> None:
    answer = httpx.Response(status, content=content)
    obtain = client_credentials("https://id/token", "a", "s3cret", "t", transport=httpx.MockTransport(lambda _: answer))
    with pytest.raises(TokenUnavailable) as raised:
        await obtain()
    assert "s3cret" not in str(raised.value)


def test_without_an_issuer_of_any_kind_a_service_cannot_call_others() -> None:
    with pytest.raises(SettingsWrong):
        service_tokens(ServiceSettings(database_url=URL, environment=Environment.TEST))

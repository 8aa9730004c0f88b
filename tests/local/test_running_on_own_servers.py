"""DATABASE_URL and KAFKA_BOOTSTRAP_SERVERS name servers of your own."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from tirek_local.servers import KafkaAccess, ServiceDatabases, Trouble, declared_topics, ensure_topics
from tirek_local.servers.databases import at_database, own_urls
from tirek_local.supervisor.environment import Wiring, process_environment
from tirek_local.supervisor.services import SERVICES, port_from
from tirek_local.testing import Databases, Servers


@pytest.fixture
def name(servers: Servers) -> Iterator[str]:
    yield f"service_{uuid.uuid4().hex[:8]}"


async def user_of(url: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval("select current_user")
    finally:
        await connection.close()


async def test_a_missing_database_is_made_for_its_own_role(servers: Servers, name: str, tmp_path: Path) -> None:
    databases = ServiceDatabases(servers.postgres.admin_url, tmp_path / "passwords.json")
    url = databases.ensure([name])[name]
    assert await user_of(url) == name
    assert databases.ensure([name]) == {name: url}


async def test_a_database_made_by_somebody_else_is_opened_as_the_administrator(
    servers: Servers, name: str, tmp_path: Path
) -> None:
    ServiceDatabases(servers.postgres.admin_url, tmp_path / "theirs.json").ensure([name])
    ours = ServiceDatabases(servers.postgres.admin_url, tmp_path / "ours.json").ensure([name])
    assert ours == {name: at_database(servers.postgres.admin_url, name)}


def test_a_server_that_is_not_there_is_named_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"127\.0\.0\.1:1/postgres") as trouble:
        ServiceDatabases("postgresql://admin:secret@127.0.0.1:1/postgres", tmp_path / "p.json").ensure(["grants"])
    assert "secret" not in str(trouble.value)


def test_a_broker_that_is_not_there_is_named() -> None:
    with pytest.raises(Trouble, match=r"127\.0\.0\.1:1"):
        ensure_topics(KafkaAccess("127.0.0.1:1"), patience=0.0)


def test_a_topic_with_another_number_of_partitions_is_refused(servers: Servers) -> None:
    prefix = f"{uuid.uuid4().hex[:8]}-"
    first = declared_topics(prefix=prefix)[:1]
    ensure_topics(servers.kafka.access, first)
    changed = [type(topic)(topic.name, 8, 1, topic.config) for topic in first]
    with pytest.raises(Trouble, match="4 partitions, not 8"):
        ensure_topics(servers.kafka.access, changed)


def test_a_service_is_told_how_to_reach_the_broker_and_nothing_of_the_administrator() -> None:
    given = {
        "PATH": "/bin",
        "OTEL_SERVICE_NAME": "x",
        "DATABASE_URL": "postgresql://admin:secret@db/postgres",
        "GRANTS_DATABASE_URL": "postgresql://grants:own@db/grants",
        "KAFKA_BOOTSTRAP_SERVERS": "kafka:9092",
        "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
        "KAFKA_SASL_MECHANISM": "PLAIN",
        "KAFKA_SASL_USERNAME": "tirek",
        "KAFKA_SASL_PASSWORD": "pw",
    }
    access = KafkaAccess.from_environment(given)
    assert access is not None
    urls = own_urls(given, ["grants", "obligations"])
    wiring = Wiring("development", urls, access, {"grants": "http://127.0.0.1:8101"}, Path("/data"), None)
    told = process_environment(given) | wiring.of(SERVICES[0], "main", 8101)
    assert told["DATABASE_URL"] == "postgresql://grants:own@db/grants"
    assert told["KAFKA_SASL_PASSWORD"] == "pw"
    assert told["TIREK_PORT"] == "8101"
    assert told["OTEL_SERVICE_NAME"] == "x"
    assert "TIREK_CLOCK_FILE" not in told
    assert "secret" not in str(told)


@pytest.mark.parametrize(
    ("protocol", "mechanism", "wanted"),
    [
        ("PLAINTEXT", None, {}),
        ("SASL_PLAINTEXT", None, {"sasl_mechanism": "PLAIN", "sasl_plain_username": "tirek"}),
        ("SASL_SSL", "SCRAM-SHA-512", {"sasl_mechanism": "SCRAM-SHA-512", "sasl_plain_username": "tirek"}),
    ],
)
def test_topics_are_made_with_the_credentials_of_the_services(
    protocol: str, mechanism: str | None, wanted: dict[str, str]
) -> None:
    given = {"KAFKA_BOOTSTRAP_SERVERS": "kafka:9092", "KAFKA_SECURITY_PROTOCOL": protocol}
    given |= {"KAFKA_SASL_USERNAME": "tirek", "KAFKA_SASL_PASSWORD": "pw"}
    access = KafkaAccess.from_environment(given | ({"KAFKA_SASL_MECHANISM": mechanism} if mechanism else {}))
    assert access is not None
    arguments = access.as_client_arguments()
    assert {
        name: value for name, value in arguments.items() if name in {"sasl_mechanism", "sasl_plain_username"}
    } == wanted
    assert ("ssl_context" in arguments) is protocol.endswith("SSL")


@pytest.mark.parametrize("words", ["0", "65536", "٨١٠١", "http", "-1", "8_101"])
def test_what_is_no_port_is_refused(words: str) -> None:
    with pytest.raises(Trouble, match="TIREK_GRANTS_PORT"):
        port_from("TIREK_GRANTS_PORT", {"TIREK_GRANTS_PORT": words})


async def test_an_empty_database_belongs_to_the_services_role(servers: Servers, databases: Databases) -> None:
    assert await user_of(databases.create_empty("grants")) == "grants"

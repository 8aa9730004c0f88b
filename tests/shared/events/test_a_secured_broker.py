"""A broker that wants TLS and a password: events flow; what does not fit is named, and no command is lost by it."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from shared.cli import doctor
from shared.clock import SystemClock
from shared.database.engine import Database
from shared.events.broker import Broker
from shared.events.consuming import Consuming
from shared.events.relay import Relay
from shared.settings import ServiceSettings
from shared.worker.broker import broker_of
from tests.local.certificates import Authority
from tests.shared.events.conftest import Probe, create_topics, make_database
from tests.shared.events.probe import NOTES, service
from tirek_local.servers import KafkaAccess, KafkaServer, ensure_topics
from tirek_local.servers.ports import free_port
from tirek_local.servers.secured import SecuredListener
from tirek_local.testing import Servers


@dataclass(frozen=True)
class SecuredBroker:
    environment: dict[str, str]
    stranger: Path


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecuredBroker]:
    """A broker of the module's own with a secured door, and a certificate authority that it does not know."""
    home = tmp_path_factory.mktemp("secured")
    authority, stranger = Authority(home / "ours"), Authority(home / "theirs")
    door = SecuredListener(free_port(), authority.server(), "tirek", "a long secret")
    with KafkaServer(home / "kafka", secured=door):
        environment = {
            "KAFKA_BOOTSTRAP_SERVERS": f"127.0.0.1:{door.port}",
            "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "KAFKA_SASL_MECHANISM": "SCRAM-SHA-512",
            "KAFKA_SASL_USERNAME": door.username,
            "KAFKA_SASL_PASSWORD": door.password,
            "KAFKA_SSL_CAFILE": str(authority.certificate),
        }
        yield SecuredBroker(environment, stranger.certificate)


def settings(url: str, environment: dict[str, str]) -> ServiceSettings:
    return ServiceSettings.model_validate({"TIREK_ENVIRONMENT": "test", "DATABASE_URL": url} | environment)


@pytest.fixture
async def probe(servers: Servers, secured: SecuredBroker) -> AsyncIterator[Probe]:
    url = await make_database(servers.postgres.admin_url)
    database = Database(url, application_name="probe", pool_size=4)
    broker = replace(broker_of(settings(url, secured.environment)), topic_prefix=f"t{uuid.uuid4().hex[:8]}-")
    await create_topics(broker, "probe.v1")
    yield Probe(url, database, broker)
    await database.close()


@contextlib.asynccontextmanager
async def working(probe: Probe, broker: Broker) -> AsyncIterator[None]:
    stop = asyncio.Event()
    parts: list[Relay | Consuming] = [
        Relay(probe.database, service, broker),
        Consuming(probe.database, service, NOTES, broker, SystemClock()),
    ]
    running = [asyncio.create_task(part.run(stop)) for part in parts]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*running)


async def said_of_the_broker(probe: Probe, environment: dict[str, str]) -> tuple[bool, str]:
    environment = environment | {"TIREK_TOPIC_PREFIX": probe.broker.topic_prefix}
    findings = await doctor._collect(service, settings(probe.url, environment))
    found = next(finding for finding in findings if finding.what == "broker")
    return found.well, found.said


async def test_events_flow_through_tls_and_a_password(probe: Probe, secured: SecuredBroker) -> None:
    access = KafkaAccess.from_environment(secured.environment)
    assert access is not None
    await asyncio.to_thread(ensure_topics, access)
    [counter] = await probe.new_counters(1)
    await probe.raise_counter(counter, 3)
    async with working(probe, probe.broker):
        await probe.until_all_noted()
    await probe.assert_each_effect_once_and_in_order()
    assert await said_of_the_broker(probe, secured.environment) == (True, probe.broker.bootstrap_servers)


async def test_a_wrong_password_and_an_unknown_authority_are_named(probe: Probe, secured: SecuredBroker) -> None:
    well, said = await said_of_the_broker(probe, secured.environment | {"KAFKA_SASL_PASSWORD": "another"})
    assert not well
    assert "SaslAuthenticationFailed" in said
    assert "another" not in said
    well, said = await said_of_the_broker(probe, secured.environment | {"KAFKA_SSL_CAFILE": str(secured.stranger)})
    assert not well
    assert "CERTIFICATE_VERIFY_FAILED" in said


async def test_what_was_accepted_under_a_wrong_password_is_sent_once_it_is_right(probe: Probe) -> None:
    [counter] = await probe.new_counters(1)
    await probe.raise_counter(counter, 2)
    async with working(probe, replace(probe.broker, sasl_password="another")):
        await asyncio.sleep(1.0)
        assert await probe.query("select count(*) from outbox") == [(2,)]
    async with working(probe, probe.broker):
        await probe.until_all_noted()
    await probe.assert_each_effect_once_and_in_order()

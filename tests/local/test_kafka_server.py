from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from tirek_local.servers import KafkaAccess, KafkaServer, Trouble, declared_topics, ensure_topics

FOUR = ["grants.v1", "clusters.v1", "export-support.v1", "obligations.v1"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaServer]:
    with KafkaServer(tmp_path_factory.mktemp("kafka")) as running:
        ensure_topics(KafkaAccess(running.bootstrap_servers))
        yield running


async def send(server: KafkaServer, topic: str, value: bytes) -> int:
    producer = AIOKafkaProducer(
        bootstrap_servers=server.bootstrap_servers, acks="all", max_request_size=4_000_000, request_timeout_ms=3000
    )
    try:
        await producer.start()
        return int((await producer.send_and_wait(topic, value, partition=0)).offset)
    finally:
        await producer.stop()


async def read(server: KafkaServer, topic: str, offset: int) -> bytes:
    consumer = AIOKafkaConsumer(bootstrap_servers=server.bootstrap_servers, enable_auto_commit=False)
    try:
        await consumer.start()
        partition = TopicPartition(topic, 0)
        consumer.assign([partition])
        consumer.seek(partition, offset)
        return bytes((await consumer.getone()).value)
    finally:
        await consumer.stop()


async def described(server: KafkaServer) -> dict[str, int]:
    client = AIOKafkaAdminClient(bootstrap_servers=server.bootstrap_servers)
    try:
        await client.start()
        return {t["topic"]: len(t["partitions"]) for t in await client.describe_topics(await client.list_topics())}
    finally:
        await client.close()


def test_every_service_has_one_declared_topic_of_four_partitions_kept_for_good() -> None:
    assert [topic.name for topic in declared_topics()] == FOUR
    assert {topic.partitions for topic in declared_topics()} == {4}
    assert {topic.config["retention.ms"] for topic in declared_topics()} == {"-1"}


async def test_declared_topics_are_made_once(server: KafkaServer) -> None:
    assert ensure_topics(KafkaAccess(server.bootstrap_servers)) == []
    assert {name: n for name, n in (await described(server)).items() if name in FOUR} == dict.fromkeys(FOUR, 4)


async def test_the_broker_has_the_configuration_that_was_declared(server: KafkaServer) -> None:
    client = AIOKafkaAdminClient(bootstrap_servers=server.bootstrap_servers)
    await client.start()
    answers = await client.describe_configs([ConfigResource(ConfigResourceType.TOPIC, "grants.v1")])
    await client.close()
    config = {entry[0]: entry[1] for entry in answers[0].resources[0][4]}
    assert {name: config[name] for name in declared_topics()[0].config} == declared_topics()[0].config


async def test_a_topic_is_never_made_by_a_spelling_mistake(server: KafkaServer) -> None:
    with pytest.raises(KafkaError):
        await send(server, "grant.v1", b"{}")
    assert "grant.v1" not in await described(server)


async def test_a_message_above_one_mebibyte_is_refused_by_the_broker(server: KafkaServer) -> None:
    with pytest.raises(MessageSizeTooLargeError):
        await send(server, "grants.v1", b"x" * (1024 * 1024 + 1))


@pytest.mark.kill
async def test_an_acknowledged_message_is_there_after_kill_9(server: KafkaServer) -> None:
    offset = await send(server, "obligations.v1", b"owed")
    server.kill()
    assert server.pid is None
    server.start()
    assert await read(server, "obligations.v1", offset) == b"owed"


def test_a_broker_that_lost_its_disk_comes_back_empty(tmp_path: Path) -> None:
    with KafkaServer(tmp_path) as server:
        assert ensure_topics(KafkaAccess(server.bootstrap_servers)) == FOUR
        with pytest.raises(Trouble, match="runs"):
            server.forget_everything()
        server.stop()
        server.forget_everything()
        server.start()
        assert ensure_topics(KafkaAccess(server.bootstrap_servers)) == FOUR

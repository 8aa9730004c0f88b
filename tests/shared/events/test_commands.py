"""What an operator types when the streams need a hand: `tirek events replay`, `reconcile`, `parked …`."""

import asyncio
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from shared.cli.events import app, console
from shared.database.engine import Database
from shared.events.broker import Broker
from shared.identity import new_id
from tests.shared.events.conftest import create_topics
from tirek_local.testing import Servers

TOPIC = "obligations.v1"
EVENT = """
insert into event (id, aggregate_type, aggregate_id, sequence, type, occurred_at, topic, partition, partition_key,
                   institute, data)
values (:id, 'claim', :id, 1, 'obligations.claim-opened.v1', now(), 'obligations.v1', 2, 'k', 'industry', '{}')
"""
PARKED = """
insert into parked (consumer, event_id, aggregate_id, sequence, type, kind, reason, topic, partition, kafka_offset,
                    headers)
values ('recovery', :id, :aggregate, :sequence, 'support.tranche-disbursed.v1', :kind, 'a reason to see', 'grants.v1',
        0, 1, '[]')
"""


class Operator:
    """Somebody at a terminal, with the database and the broker of the obligations service."""

    def __init__(self, url: str, broker: Broker) -> None:
        self.url, self.broker = url, broker

    def types(self, *words: str) -> Result:
        return CliRunner().invoke(app, list(words))

    def sql(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        async def run() -> list[tuple[Any, ...]]:
            database = Database(self.url, application_name="test-operator", pool_size=1)
            try:
                async with database.engine.begin() as connection:
                    done = await connection.execute(text(statement), values)
                    return [tuple(row) for row in done] if done.returns_rows else []
            finally:
                await database.close()

        return asyncio.run(run())

    def sends(self, event_id: uuid.UUID) -> None:
        """A record that the database does not know."""

        async def run() -> None:
            producer = self.broker.producer("test-operator")
            await producer.start()
            try:
                headers = [("ce_id", str(event_id).encode())]
                await producer.send_and_wait(self.broker.topic(TOPIC), b"{}", partition=1, headers=headers)
            finally:
                await producer.stop()

        asyncio.run(run())


@pytest.fixture
def operator(servers: Servers, database: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> Operator:
    url, prefix = database("obligations"), f"t{uuid.uuid4().hex[:8]}-"
    for name, value in {
        "DATABASE_URL": url,
        "KAFKA_BOOTSTRAP_SERVERS": servers.kafka.bootstrap_servers,
        "TIREK_TOPIC_PREFIX": prefix,
        "TIREK_ENVIRONMENT": "test",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(console, "width", 80)
    return Operator(url, Broker(servers.kafka.bootstrap_servers, topic_prefix=prefix))


def test_a_replay_queues_the_log_of_the_named_partitions_in_a_new_epoch(operator: Operator) -> None:
    operator.sql(EVENT, id=new_id())
    assert "0 events queued again." in operator.types("replay", "obligations", "--partition", "3").output
    assert "1 events queued again." in operator.types("replay", "obligations").output
    assert operator.sql("select count(*), (select epoch from relay_lease) from outbox") == [(1, 3)]


def test_reconciling_names_unknown_records_and_goes_on_past_them_when_told(operator: Operator) -> None:
    asyncio.run(create_topics(operator.broker, TOPIC))
    unknown = new_id()
    operator.sends(unknown)
    named = operator.types("reconcile", "obligations")
    assert (named.exit_code, f"{TOPIC}/1@0 {unknown}" in named.output) == (1, True), named.output
    assert "Accepted" in operator.types("reconcile", "obligations", "--accept").output
    again = operator.types("reconcile", "obligations")
    assert (again.exit_code, "0 records" in again.output) == (0, True), again.output


def test_a_parked_event_is_listed_and_dropped_for_good(operator: Operator) -> None:
    parked, aggregate = new_id(), new_id()
    operator.sql(PARKED, id=parked, aggregate=aggregate, sequence=1, kind="undecodable")
    listed = operator.types("parked", "list", "--consumer", "recovery").output
    assert str(parked) in listed
    assert "a reason to see" in listed
    assert "1 events are parked." in listed
    assert str(parked) not in operator.types("parked", "list", "--consumer", "monitoring").output
    asked = ("parked", "drop", "obligations", "recovery", str(parked))
    assert operator.types(*asked).exit_code == 1
    assert operator.sql("select count(*) from parked") == [(1,)]
    assert "Dropped." in operator.types(*asked, "--yes").output
    assert operator.sql("select count(*) from parked") == [(0,)]
    assert type(operator.types(*asked, "--yes").exception).__name__ == "ParkedEventNotFound"


def test_an_event_that_waits_for_its_predecessor_is_not_dropped(operator: Operator) -> None:
    waiting = new_id()
    operator.sql(PARKED, id=waiting, aggregate=new_id(), sequence=2, kind="waiting")
    refused = operator.types("parked", "drop", "obligations", "recovery", str(waiting), "--yes")
    assert type(refused.exception).__name__ == "EventWaits"
    assert operator.sql("select count(*) from parked") == [(1,)]


@pytest.mark.parametrize("words", [("replay",), ("reconcile", "nobody"), ("parked", "retry", "obligations", "x", "y")])
def test_a_wrong_command_is_refused(words: tuple[str, ...], tmp_path: Path) -> None:
    assert CliRunner().invoke(app, list(words)).exit_code != 0

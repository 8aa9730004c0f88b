"""What an operator does when the log and the topic differ: name the difference, go on past it, send the log again."""

from collections.abc import Collection, Sequence

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from shared.database.engine import Database
from shared.database.tables import event, outbox, relay_position
from shared.events.broker import Broker
from shared.events.memory import BrokerForgot, RecordsUnknown, UnknownRecord, verify
from shared.events.partitions import PARTITIONS
from shared.service import Service


async def find_unknown(database: Database, service: Service, broker: Broker) -> Sequence[UnknownRecord]:
    """The records above the last acknowledged ones that `event` does not know."""
    try:
        await verify(database, broker, service.topic, client_id=f"{service.name}-reconcile")
    except RecordsUnknown as found:
        return found.unknown
    except BrokerForgot:
        return []
    return []


async def accept_unknown(database: Database, service: Service, unknown: Sequence[UnknownRecord]) -> None:
    """Note the unknown records as seen, so that the relay goes on above them.

    Events that the restored database numbers anew will be parked as forked by consumers that have settled their
    numbers already: nothing is doubled, an operator decides each. The log goes on above the unknown records' places.
    """
    newest = {record.partition: record for record in sorted(unknown, key=lambda record: record.offset)}
    highest = max((record.position for record in unknown), default=0)
    async with database.engine.begin() as connection:
        await connection.execute(
            text("select setval('outbox_order', greatest(last_value, :highest)) from outbox_order"),
            {"highest": max(highest, 1)},
        )
        for partition, record in newest.items():
            row = {"topic": service.topic, "partition": partition, "kafka_offset": record.offset}
            statement = insert(relay_position).values(row | {"event_id": record.event_id})
            await connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["topic", "partition"],
                    set_={"kafka_offset": record.offset, "event_id": record.event_id},
                )
            )


async def replay(database: Database, service: Service, partitions: Collection[int] = ()) -> int:
    """Queue the log of these partitions (all, if none is named) again and begin a new epoch; answers how many events.

    The relay that holds the lease is fenced off first, so that it begins anew with the new epoch.
    """
    wanted = sorted(set(partitions) or range(PARTITIONS))
    async with database.engine.begin() as connection:
        await connection.execute(text("update relay_lease set token = token + 1, epoch = epoch + 1"))
        again = select(event.c.outbox_id).where(event.c.topic == service.topic, event.c.partition.in_(wanted))
        queued = await connection.execute(insert(outbox).from_select(["id"], again).on_conflict_do_nothing())
    return queued.rowcount

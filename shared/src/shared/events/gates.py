"""The gate: per consumer and aggregate, what may be settled now, what must wait and what is a fork."""

from collections.abc import Collection, Iterable
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Text, Uuid, bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database.tables import gate, inbox


class Verdict(StrEnum):
    """What the gate says of an event."""

    SETTLE = "settle"
    REPEAT = "repeat"
    WAIT = "wait"
    FORKED = "forked"


def judge(*, settled: int, known: bool, sequence: int) -> Verdict:
    """What to do with the event `sequence` of an aggregate whose events are settled up to `settled`.

    `known`: the inbox has it. An event at or below the gate that the inbox does not know has the number of another one:
    its database was restored and has gone on differently.
    """
    if known:
        return Verdict.REPEAT
    if sequence <= settled:
        return Verdict.FORKED
    return Verdict.SETTLE if sequence == settled + 1 else Verdict.WAIT


async def lock_gates(connection: AsyncConnection, consumer: str, aggregates: dict[UUID, str]) -> dict[UUID, int]:
    """Create the missing gates, lock them all in one order, and answer how far each is settled.

    `aggregates` gives the partition key of each aggregate. Locked before anything else is read, in batch and in retry.
    """
    ordered = sorted(aggregates)
    if not ordered:
        return {}
    rows = [{"consumer": consumer, "aggregate_id": id_, "partition_key": aggregates[id_]} for id_ in ordered]
    await connection.execute(insert(gate).on_conflict_do_nothing(), rows)
    statement = (
        select(gate.c.aggregate_id, gate.c.settled_sequence)
        .where(gate.c.consumer == consumer, gate.c.aggregate_id.in_(ordered))
        .order_by(gate.c.aggregate_id)
        .with_for_update()
    )
    return {row.aggregate_id: row.settled_sequence for row in await connection.execute(statement)}


async def known_events(connection: AsyncConnection, consumer: str, ids: Collection[UUID]) -> set[UUID]:
    """Which of these events the consumer has settled already."""
    statement = select(inbox.c.event_id).where(inbox.c.consumer == consumer, inbox.c.event_id.in_(ids))
    return set((await connection.execute(statement)).scalars())


async def settle(
    connection: AsyncConnection, consumer: str, outcomes: Iterable[tuple[UUID, str]], gates: dict[UUID, int]
) -> None:
    """Write the inbox rows (event, outcome) and move the gates to where they are now settled."""
    known = list(outcomes)
    if known:
        await connection.execute(
            _INBOX, {"consumer": consumer, "ids": [id_ for id_, _ in known], "outcomes": [what for _, what in known]}
        )
    if gates:
        await connection.execute(_GATES, {"consumer": consumer, "ids": list(gates), "sequences": list(gates.values())})


_INBOX = text(
    "insert into inbox (consumer, event_id, outcome)"
    " select :consumer, new.id, new.outcome from unnest(:ids, :outcomes) as new (id, outcome)"
).bindparams(
    bindparam("consumer", type_=Text), bindparam("ids", type_=ARRAY(Uuid)), bindparam("outcomes", type_=ARRAY(Text))
)

_GATES = text(
    "update gate set settled_sequence = moved.sequence"
    " from unnest(:ids, :sequences) as moved (id, sequence)"
    " where gate.consumer = :consumer and gate.aggregate_id = moved.id"
).bindparams(
    bindparam("consumer", type_=Text),
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("sequences", type_=ARRAY(BigInteger)),
)

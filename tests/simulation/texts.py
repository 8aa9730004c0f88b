"""What the product says to PostgreSQL in plain SQL, and what the model does for it: these words, and no others."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from tests.simulation.rows import Row, Rows, Transaction, refused
from tests.simulation.statements import Answer, NotModelled

Parameters = Mapping[str, Any]
Doing = Callable[[Rows, Transaction, Parameters], Awaitable[Answer]]
LEASE = (1,)

INBOX = (
    "insert into inbox (consumer, event_id, outcome)"
    " select :consumer, new.id, new.outcome from unnest(:ids, :outcomes) as new (id, outcome)"
)
GATES = (
    "update gate set settled_sequence = moved.sequence"
    " from unnest(:ids, :sequences) as moved (id, sequence)"
    " where gate.consumer = :consumer and gate.aggregate_id = moved.id"
)
PLACES = (
    "update consumed_epoch set next_offset = new.next_offset"
    " from unnest(:topics, :partitions, :epochs, :offsets) as new (topic, partition, epoch, next_offset)"
    " where consumed_epoch.consumer = :consumer and consumed_epoch.topic = new.topic"
    " and consumed_epoch.partition = new.partition and consumed_epoch.epoch = new.epoch"
    " and consumed_epoch.next_offset < new.next_offset"
)
PENDING_WORDS = """
select e.outbox_id, e.id, e.aggregate_id, e.sequence, e.type, e.occurred_at, e.topic, e.partition, e.partition_key,
       e.institute, e.causation_id, e.traceparent, e.data::text as data
from outbox o join event e on e.outbox_id = o.id
where o.id <> all($1::bigint[])
order by o.id
limit $2
"""


async def _delete_acknowledged(rows: Rows, transaction: Transaction, given: Parameters) -> Answer:
    return await delete_where(rows, transaction, lambda number: number in set(given["numbers"]))


async def delete_where(rows: Rows, transaction: Transaction, wanted: Callable[[int], bool]) -> Answer:
    """Delete the rows of the outbox whose number is wanted."""
    gone = 0
    for key, row in list(rows.seen(transaction, "outbox")):
        if wanted(row["id"]):
            await rows.lock(transaction, "outbox", key)
            if rows.get(transaction, "outbox", key) is not None:
                rows.put(transaction, "outbox", key, None)
                gone += 1
    return Answer(rowcount=gone)


async def _note_inbox(rows: Rows, transaction: Transaction, given: Parameters) -> Answer:
    for id_, outcome in zip(given["ids"], given["outcomes"], strict=True):
        key = (given["consumer"], id_)
        await rows.lock(transaction, "inbox", key)
        if rows.get(transaction, "inbox", key) is not None:
            raise refused("23505", f"duplicate key in inbox: {key}")
        row = {"consumer": given["consumer"], "event_id": id_, "outcome": outcome, "settled_at": None}
        rows.put(transaction, "inbox", key, row)
    return Answer(rowcount=len(given["ids"]))


async def _move_gates(rows: Rows, transaction: Transaction, given: Parameters) -> Answer:
    for id_, sequence in zip(given["ids"], given["sequences"], strict=True):
        key = (given["consumer"], id_)
        await rows.lock(transaction, "gate", key)
        if (row := rows.get(transaction, "gate", key)) is not None:
            rows.put(transaction, "gate", key, row | {"settled_sequence": sequence})
    return Answer(rowcount=len(given["ids"]))


def _lease(
    change: Callable[[Row], Row], *names: str, fits: Callable[[Row, Parameters], bool] = lambda _row, _given: True
) -> Doing:
    async def do(rows: Rows, transaction: Transaction, given: Parameters) -> Answer:
        await rows.lock(transaction, "relay_lease", LEASE)
        row = rows.get(transaction, "relay_lease", LEASE)
        if row is None or not fits(row, given):
            return Answer(rowcount=0)
        row = row | change(row)
        rows.put(transaction, "relay_lease", LEASE, row)
        return Answer([[row[name] for name in names]], names, rowcount=1)

    return do


async def note_places_of_any_epoch(rows: Rows, transaction: Transaction, given: Parameters) -> Answer:
    """As a planted fault would have it."""
    epochs = [row["epoch"] for row in _places(rows, transaction, given)]
    return await _note_places(rows, transaction, {**given, "epochs": epochs})


def _places(rows: Rows, transaction: Transaction, given: Parameters) -> list[Row]:
    keys = zip(given["topics"], given["partitions"], strict=True)
    return [rows.get(transaction, "consumed_epoch", (given["consumer"], *key)) or {"epoch": 0} for key in keys]


async def _note_places(rows: Rows, transaction: Transaction, given: Parameters) -> Answer:
    new = zip(given["topics"], given["partitions"], given["epochs"], given["offsets"], strict=True)
    for topic, partition, epoch, offset in new:
        key = (given["consumer"], topic, partition)
        await rows.lock(transaction, "consumed_epoch", key)
        row = rows.get(transaction, "consumed_epoch", key)
        if row is not None and row["epoch"] == epoch and row["next_offset"] < offset:
            rows.put(transaction, "consumed_epoch", key, row | {"next_offset": offset})
    return Answer()


async def _set_order(rows: Rows, _: Transaction, given: Parameters) -> Answer:
    rows.sequences["outbox_order"] = max(rows.sequences.get("outbox_order", 1), given["highest"])
    return Answer()


KNOWN: dict[str, Doing] = {
    "delete from outbox where id = any(:numbers)": _delete_acknowledged,
    INBOX: _note_inbox,
    GATES: _move_gates,
    PLACES: _note_places,
    "update relay_lease set epoch = epoch + 1 where token = :token returning epoch": _lease(
        lambda row: {"epoch": row["epoch"] + 1}, "epoch", fits=lambda row, given: row["token"] == given["token"]
    ),
    "update relay_lease set token = token + 1, epoch = epoch + 1": _lease(
        lambda row: {"token": row["token"] + 1, "epoch": row["epoch"] + 1}
    ),
    "update relay_lease set token = token + 1 returning token, epoch": _lease(
        lambda row: {"token": row["token"] + 1}, "token", "epoch"
    ),
    "select setval('outbox_order', greatest(last_value, :highest)) from outbox_order": _set_order,
}

PENDING = {PENDING_WORDS: "outbox_id"}
"""The reading of what is pending, and by which column it is ordered."""


async def execute_text(rows: Rows, transaction: Transaction, words: str, given: Parameters) -> Answer:
    """Do what the words say; raises `NotModelled`."""
    if (doing := KNOWN.get(words)) is None:
        raise NotModelled(words)
    return await doing(rows, transaction, given)


def pending(rows: Rows, transaction: Transaction, words: str, in_flight: list[int], limit: int) -> list[Row]:
    """The rows of `outbox` joined to `event`, those in flight left out."""
    if (by := PENDING.get(words)) is None:
        raise NotModelled(words)
    wanted = {row["id"] for _, row in rows.seen(transaction, "outbox")} - set(in_flight)
    if not wanted:
        return []
    found = [row for _, row in rows.seen(transaction, "event") if row["outbox_id"] in wanted]
    return sorted(found, key=lambda row: row[by])[:limit]

"""What must always hold of every service, whatever it does: sequences, topics, inboxes, replies, audit, no stuck work.

Each invariant is a function from the evidence to the rows that break it. Numbers I1…I20 are those of the catalogue.
"""

import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from shared.record import AggregateRecord
from shared.service import Consumer, Service
from tests.chaos.evidence import SERVICES, Evidence, OnTopic, Rows

Invariant = Callable[[Evidence], Awaitable[Rows]]


async def i6_an_acknowledged_command_has_exactly_one_effect(evidence: Evidence) -> Rows:
    """One event of the kind that the command is for, one audit row, one stored reply; a refused one has none."""
    broken: Rows = []
    for reply in evidence.replies:
        command = reply.command
        mine = {"key": command.key}
        events = await evidence.of(
            command.service, "select type, count(*) from event where causation_id = :key group by 1", **mine
        )
        rows = await evidence.of(
            command.service,
            "select (select count(*) from audit where idempotency_key = :key),"
            " (select count(*) from idempotency where key = :key)",
            **mine,
        )
        done = int(reply.is_success)
        if rows != [(done, done)] or (not done and events):
            broken.append((command.service, command.path, command.key, reply.status, rows, events))
        elif done and command.effect and (command.effect, 1) not in events:
            broken.append((command.service, command.path, command.key, "no single effect", events))
    return broken


async def i7_sequences_have_no_gap_and_end_at_the_version(evidence: Evidence) -> Rows:
    """The events of an aggregate are 1…n, and its version is n."""
    gaps = "select aggregate_id, min(sequence), max(sequence), count(*) from event group by 1"
    broken = await evidence.everywhere(f"{gaps} having min(sequence) <> 1 or max(sequence) <> count(*)")
    for service in SERVICES:
        for kind in aggregates_of(service):
            statement = (
                f"select a.id, a.version, coalesce(max(e.sequence), 0) from {kind.__tablename__} a"
                " left join event e on e.aggregate_id = a.id group by a.id, a.version"
                " having a.version <> coalesce(max(e.sequence), 0)"
            )
            broken += [(kind.__name__, *row) for row in await evidence.of(service.name, statement)]
    return broken


async def i8_every_event_has_its_aggregate(evidence: Evidence) -> Rows:
    """No event without the aggregate that it is about."""
    broken: Rows = []
    for service in SERVICES:
        known = {kind.__name__: kind for kind in aggregates_of(service)}
        for (name,) in await evidence.of(service.name, "select distinct aggregate_type from event"):
            if name not in known:
                broken.append((service.name, name, "unknown"))
                continue
            statement = (
                "select e.id from event e where e.aggregate_type = :kind"
                f" and not exists (select from {known[name].__tablename__} a where a.id = e.aggregate_id)"
            )
            broken += [(service.name, *row) for row in await evidence.of(service.name, statement, kind=name)]
    return broken


async def i9_the_topic_holds_the_log(evidence: Evidence) -> Rows:
    """The distinct records of a topic are the events of the log, and those of an aggregate came in its order."""
    broken: Rows = []
    for service in SERVICES:
        sent = evidence.topics[service.topic]
        first = {record.id: record for record in reversed(sent)}
        logged = {
            row[0]: row[1:]
            for row in await evidence.of(
                service.name, "select id, aggregate_id, sequence, type, data from event where topic = :topic",
                topic=service.topic,
            )
        }  # fmt: skip
        broken += [(service.topic, "not on the topic", id_) for id_ in logged.keys() - first.keys()]
        broken += [(service.topic, "not in the log", id_) for id_ in first.keys() - logged.keys()]
        broken += [
            (service.topic, "differs", id_)
            for id_ in first.keys() & logged.keys()
            if (first[id_].subject, first[id_].sequence, first[id_].type, json.loads(first[id_].value)) != logged[id_]
        ]
        broken += [(service.topic, "out of order", record) for record in _out_of_order(sent)]
    return broken


def _out_of_order(sent: Sequence[OnTopic]) -> Iterator[OnTopic]:
    """Records that came for the first time before their predecessor had.

    Where a broker has lost its records, the log is sent again in a new epoch; what came before that may stand alone.
    """
    of: dict[UUID, list[OnTopic]] = defaultdict(list)
    for record in sent:
        of[record.subject].append(record)
    for records in of.values():
        epoch = max((record.epoch for record in records if record.sequence == 1), default=0)
        begun = next((n for n, r in enumerate(records) if r.sequence == 1 and r.epoch == epoch), len(records))
        highest = 0
        for record in records[begun:]:
            if record.sequence > highest + 1:
                yield record
            highest = max(highest, record.sequence)
        yield from (record for record in records[:begun] if record.sequence > highest)


async def i10_inboxes_hold_what_was_subscribed(evidence: Evidence) -> Rows:
    """The inbox of a consumer is the log of its topics: its own types handled, the others ignored, once each."""
    owner = {service.topic: service.name for service in SERVICES}
    broken: Rows = []
    for service in SERVICES:
        for consumer in service.consumers:
            expected: dict[UUID, str] = {}
            ends: dict[UUID, int] = {}
            for topic in consumer.topics:
                if topic in owner:
                    await _expect(evidence, owner[topic], topic, consumer, expected, ends)
            broken += [(service.name, *row) for row in await _compare(evidence, service, consumer, expected, ends)]
    return broken


async def _expect(
    evidence: Evidence, owner: str, topic: str, consumer: Consumer, expected: dict[UUID, str], ends: dict[UUID, int]
) -> None:
    handled = {kind.type for kind in consumer.handlers}
    statement = "select id, type, aggregate_id, sequence from event where topic = :topic"
    for id_, type_, subject, sequence in await evidence.of(owner, statement, topic=topic):
        expected[id_] = "handled" if type_ in handled else "ignored"
        ends[subject] = max(ends.get(subject, 0), sequence)


async def _compare(
    evidence: Evidence, service: Service, consumer: Consumer, expected: Mapping[UUID, str], ends: Mapping[UUID, int]
) -> Rows:
    inbox = await _by_id(evidence, service, "select event_id, outcome from inbox where consumer = :name", consumer)
    gates = await _by_id(
        evidence, service, "select aggregate_id, settled_sequence from gate where consumer = :name", consumer
    )
    broken: Rows = [
        (consumer.name, id_, inbox.get(id_), expected.get(id_))
        for id_ in inbox.keys() | expected.keys()
        if inbox.get(id_) != expected.get(id_)
    ]
    return broken + [
        (consumer.name, "gate", id_, gates.get(id_), ends.get(id_))
        for id_ in gates.keys() | ends.keys()
        if gates.get(id_) != ends.get(id_)
    ]


async def _by_id(evidence: Evidence, service: Service, statement: str, consumer: Consumer) -> dict[UUID, Any]:
    return {row[0]: row[1] for row in await evidence.of(service.name, statement, name=consumer.name)}


async def i14_a_key_has_one_whole_reply(evidence: Evidence) -> Rows:
    """Each stored reply is a success and whole, and is what the caller was told, byte for byte."""
    broken = await evidence.everywhere(
        "select route, key, status from idempotency"
        " where status is null or body is null or headers is null or status not between 200 and 299"
    )
    for service in SERVICES:
        stored = {
            row[0]: row[1:] for row in await evidence.of(service.name, "select key, status, body from idempotency")
        }
        broken += [
            (service.name, reply.command.path, reply.command.key, reply.status, stored.get(reply.command.key))
            for reply in evidence.replies
            if reply.command.service == service.name
            and reply.is_success
            and stored.get(reply.command.key) != (reply.status, reply.body)
        ]
    return broken


async def i15_as_many_audit_rows_as_commands(evidence: Evidence) -> Rows:
    """One audit row a command, a handling and a unit of a job that published; each event has one, that names its own.

    A job's unit has a key of its own and no fingerprint, since nobody sent it.
    """
    commands = await evidence.everywhere(
        "select coalesce(i.route, a.action), coalesce(i.key, a.idempotency_key), count(i.key), count(a.id)"
        " from idempotency i full join (select * from audit where fingerprint is not null) a"
        " on (a.idempotency_key, a.actor, a.action, a.fingerprint)"
        " = (i.key, i.subject, i.route, encode(i.fingerprint, 'hex'))"
        " group by 1, 2 having count(i.key) <> 1 or count(a.id) <> 1"
    )
    handled = await evidence.everywhere(
        "select actor, cause, count(*) from audit where cause is not null and idempotency_key is null"
        " group by 1, 2 having count(*) > 1"
    )
    jobs = await evidence.everywhere(
        "select actor, idempotency_key, count(*) from audit where fingerprint is null and idempotency_key is not null"
        " group by 1, 2 having count(*) > 1 or min(actor) not like '%/jobs'"
    )
    unaudited = await evidence.everywhere(
        "select e.id, e.type from event e where e.causation_id is not null and not exists"
        " (select from audit a where (a.idempotency_key = e.causation_id or a.cause = e.causation_id)"
        " and a.aggregates ? (e.aggregate_type || '/' || e.aggregate_id))"
    )
    return commands + handled + jobs + unaudited


async def i17_no_work_is_stuck(evidence: Evidence) -> Rows:
    """Nothing is unsent, nothing parked, nothing to be recalculated, no transaction stands idle."""
    unsent = await evidence.everywhere("select 'unsent', id from outbox")
    parked = await evidence.everywhere("select 'parked', consumer, kind, type, reason from parked")
    owed = await evidence.of("obligations", "select 'to recalculate', agreement_id, trigger from pending_recalculation")
    idle = await evidence.everywhere(
        "select 'idle in transaction', application_name, query from pg_stat_activity"
        " where datname = current_database() and state = 'idle in transaction' and pid <> pg_backend_pid()"
        " and state_change < now() - interval '5 s'"
    )
    return unsent + parked + owed + idle


def aggregates_of(service: Service) -> list[type[AggregateRecord]]:
    """The aggregates whose tables the service declares."""

    def below(kind: type[AggregateRecord]) -> Iterator[type[AggregateRecord]]:
        for each in kind.__subclasses__():
            yield each
            yield from below(each)

    return [
        kind
        for kind in below(AggregateRecord)
        if getattr(getattr(kind, "__table__", None), "metadata", None) is service.metadata
    ]


OF_EVERY_SERVICE: tuple[Invariant, ...] = (
    i6_an_acknowledged_command_has_exactly_one_effect,
    i7_sequences_have_no_gap_and_end_at_the_version,
    i8_every_event_has_its_aggregate,
    i9_the_topic_holds_the_log,
    i10_inboxes_hold_what_was_subscribed,
    i14_a_key_has_one_whole_reply,
    i15_as_many_audit_rows_as_commands,
    i17_no_work_is_stuck,
)

"""Each invariant catches what it is for: one thing is made wrong in a copy of the databases, and it says so."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from shared.database.engine import async_url
from tests.chaos import invariants, money
from tests.chaos.actors import Actor
from tests.chaos.evidence import SERVICES, Evidence, OnTopic, connected, everything_on
from tests.chaos.house import House
from tests.chaos.invariants import Invariant
from tests.chaos.schedules import INVARIANTS, ask_everything, broken
from tests.chaos.traffic import Reply, Tally

pytestmark = [pytest.mark.kill, pytest.mark.timeout(600)]

COPY = "_copy"
WANTED = {"corrections", "repayments", "disbursement", "approval", "reversal"}


@dataclass(frozen=True)
class Copied:
    """Copies of the databases as they were when all had settled, the topics, and what callers were told."""

    urls: dict[str, str]
    topics: dict[str, list[OnTopic]]
    replies: list[Reply]


@pytest.fixture(scope="module")
def copied(house: House) -> Iterator[Copied]:
    """Traffic without any fault, until money has moved in every way; then both databases are copied."""
    house.desk.tally = Tally()
    draw = random.Random(20)
    actors = [Actor(house, each, random.Random(number), "paying") for number, each in enumerate(house.agreements[:2])]
    steps = 0
    while not house.desk.tally.verbs().keys() >= WANTED or steps < 30:
        steps += 1
        assert steps < 400, house.desk.tally.verbs()
        actor = draw.choice(actors)
        actor.mood = draw.choice(("paying", "paying", "owing"))
        actor.step()
    actors[0].mood = "owing"
    actors[0].report()
    replies = house.desk.tally.replies
    assert asyncio.run(ask_everything(house, replies)) == {}
    topics = asyncio.run(everything_on(house.broker, [each.topic for each in SERVICES]))
    with house.asleep():
        asyncio.run(_copy(house))
    yield Copied(house.urls(COPY), topics, replies)


async def _copy(house: House) -> None:
    engine = create_async_engine(async_url(house.postgres.dsn()), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for service in SERVICES:
            name = service.package
            await connection.execute(text(f'drop database if exists "{name}{COPY}"'))
            await connection.execute(text(f'create database "{name}{COPY}" template "{name}"'))
    await engine.dispose()


@pytest.fixture
async def evidence(copied: Copied) -> AsyncIterator[Evidence]:
    """The copies without their guards; what a test does to them is undone after it."""
    async with connected(copied.urls) as databases:
        for connection in databases.values():
            await connection.execute(text("set session_replication_role = replica"))
        yield Evidence(databases, {name: list(each) for name, each in copied.topics.items()}, copied.replies)


async def plant(connection: AsyncConnection, statement: str) -> None:
    """Make something wrong, whatever the table's constraints say; it must hit a row."""
    table = next(word for word in statement.split() if word not in ("update", "delete", "from", "insert", "into"))
    guards = (
        "select format('alter table %s drop constraint %I cascade', conrelid::regclass, conname) from pg_constraint"
        f" where conrelid = '{table}'::regclass and contype in ('c', 'u', 'p', 'x') union all"
        f" select format('drop index %s', indexrelid::regclass) from pg_index where indrelid = '{table}'::regclass"
        " and indisunique and not exists (select from pg_constraint where conindid = indexrelid)"
    )
    for (command,) in (await connection.execute(text(guards))).all():
        await connection.execute(text(command))
    assert (await connection.execute(text(statement))).rowcount > 0, statement


ONE = "ctid = (select ctid from {} order by 1 limit 1)"
A_COMMAND = "idempotency_key = (select key from idempotency order by recorded_at desc limit 1)"

PLANTED: list[tuple[Invariant, str, str]] = [
    (
        invariants.i6_an_acknowledged_command_has_exactly_one_effect,
        "grants",
        "update event set type = 'grants.something-else.v1' where type = 'support.tranche-disbursed.v1'",
    ),
    (invariants.i6_an_acknowledged_command_has_exactly_one_effect, "grants", f"delete from audit where {A_COMMAND}"),
    (
        invariants.i7_sequences_have_no_gap_and_end_at_the_version,
        "obligations",
        "delete from event where sequence = 1 and aggregate_type = 'Claim'",
    ),
    (
        invariants.i7_sequences_have_no_gap_and_end_at_the_version,
        "grants",
        f"update tranche set version = version + 1 where {ONE.format('tranche')}",
    ),
    (
        invariants.i8_every_event_has_its_aggregate,
        "obligations",
        f"delete from claim where {ONE.format('claim')}",
    ),
    (
        invariants.i9_the_topic_holds_the_log,
        "grants",
        "update event set data = data || '{\"amount\": \"1.00\"}' where type = 'support.tranche-disbursed.v1'",
    ),
    (
        invariants.i10_inboxes_hold_what_was_subscribed,
        "grants",
        f"delete from inbox where {ONE.format('inbox')}",
    ),
    (
        invariants.i10_inboxes_hold_what_was_subscribed,
        "obligations",
        "insert into inbox (consumer, event_id, outcome) values ('recovery', gen_random_uuid(), 'handled')",
    ),
    (
        invariants.i10_inboxes_hold_what_was_subscribed,
        "obligations",
        f"update gate set settled_sequence = settled_sequence - 1 where {ONE.format('gate')}",
    ),
    (
        invariants.i14_a_key_has_one_whole_reply,
        "grants",
        "update idempotency set body = body || ' '::bytea where route like '%/approval'",
    ),
    (
        invariants.i14_a_key_has_one_whole_reply,
        "obligations",
        f"update idempotency set status = null where {ONE.format('idempotency')}",
    ),
    (invariants.i15_as_many_audit_rows_as_commands, "obligations", f"delete from audit where {A_COMMAND}"),
    (
        invariants.i15_as_many_audit_rows_as_commands,
        "grants",
        "insert into audit (id, at, actor, roles, action, idempotency_key, aggregates, fingerprint) select -1, at,"
        f" actor, roles, action, idempotency_key, aggregates, fingerprint from audit where {A_COMMAND}",
    ),
    (
        invariants.i15_as_many_audit_rows_as_commands,
        "grants",
        "update audit set aggregates = '[]' where cause is not null",
    ),
    (invariants.i15_as_many_audit_rows_as_commands, "grants", f"update audit set fingerprint = null where {A_COMMAND}"),
    (invariants.i17_no_work_is_stuck, "grants", "insert into outbox (id) select max(outbox_id) from event"),
    (
        invariants.i17_no_work_is_stuck,
        "obligations",
        "insert into parked (consumer, event_id, aggregate_id, sequence, type, kind, reason, topic, partition,"
        " kafka_offset, headers) values ('recovery', gen_random_uuid(), gen_random_uuid(), 1, 't', 'waiting', 'r',"
        " 'grants.v1', 0, 0, '[]')",
    ),
    (invariants.i17_no_work_is_stuck, "obligations", "insert into pending_recalculation (id, agreement_id, event_id,"
     " trigger, reason, asked_at) select id, id, id, 't', 'r', now() from claim"),
    (
        money.i1_every_entry_balances,
        "grants",
        f"update ledger_posting set amount = amount + 0.01 where {ONE.format('ledger_posting')}",
    ),
    (money.i1_every_entry_balances, "grants", "delete from ledger_posting where kind = 'disbursement'"),
    (
        money.i2_balances_are_the_sums_of_postings,
        "grants",
        f"update ledger_balance set amount = amount + 0.01 where {ONE.format('ledger_balance')}",
    ),
    (
        money.i2_an_agreement_has_what_its_tranches_say,
        "grants",
        "update tranche set status = 'cancelled' where status = 'planned'",
    ),
    (
        money.i2_what_came_back_is_in_the_account,
        "grants",
        "delete from ledger_entry where kind = 'return'",
    ),
    (
        money.i2_what_came_back_is_in_the_account,
        "obligations",
        f"update repayment set amount = amount + 0.01 where {ONE.format('repayment')}",
    ),
    (
        money.i3_both_services_know_the_same_payments,
        "obligations",
        "update disbursement set reversed_on = null where reversed_on is not null",
    ),
    (
        money.i3_a_claim_balances,
        "obligations",
        "update claim set outstanding = outstanding + 0.01 where outstanding is not null",
    ),
    (
        money.i3_a_claim_balances,
        "obligations",
        f"delete from claim_version where {ONE.format('claim_version')}",
    ),
    (
        money.i3_the_principals_stay_within_what_was_paid,
        "obligations",
        "update claim set principal = 90000000 where principal is not null",
    ),
    (
        money.i3_a_claim_follows_from_the_facts,
        "obligations",
        "update claim_version set interest = interest + 0.01 where principal is not null",
    ),
    (
        money.i3_a_claim_follows_from_the_facts,
        "obligations",
        "update obligation set status = 'excused' where id in (select (f->>'obligation_id')::uuid from claim c"
        " join claim_version v on v.claim_id = c.id and v.number = c.number,"
        " jsonb_array_elements(v.facts->'evaluations') f)",
    ),
    (
        money.i3_a_claim_follows_from_the_facts,
        "obligations",
        "update repayment set received_on = received_on - 1",
    ),
    (
        money.i8_two_people_stand_behind_a_payment,
        "grants",
        "update tranche set approved_by = proposed_by where status = 'disbursed'",
    ),
    (money.i8_two_people_stand_behind_a_payment, "grants", "delete from audit where action like '%/approval'"),
    (
        money.i8_two_people_stand_behind_a_payment,
        "grants",
        "update ledger_entry set amount = amount + 1 where kind = 'disbursement'",
    ),
    (
        money.i8_a_bank_reference_stands_for_one_payment,
        "grants",
        "update ledger_entry set bank_reference = 'TWICE' where kind = 'disbursement'",
    ),
    (
        money.i8_a_bank_reference_stands_for_one_payment,
        "obligations",
        f"delete from bank_payment where {ONE.format('bank_payment')}",
    ),
    (
        money.holds_are_the_open_causes,
        "grants",
        f"update hold_cause set is_open = not is_open where {ONE.format('hold_cause')}",
    ),
    (
        money.known_obligations_are_the_obligations,
        "grants",
        "update known_obligation set status = 'active' where status <> 'active'",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("invariant", "service", "statement"),
    PLANTED,
    ids=[f"{n:02d}-{each[0].__name__}" for n, each in enumerate(PLANTED)],
)
async def test_what_is_planted_is_found(evidence: Evidence, invariant: Invariant, service: str, statement: str) -> None:
    assert await invariant(evidence) == []
    await plant(evidence.databases[service], statement)
    assert await invariant(evidence) != []


async def test_a_record_that_is_missing_alien_or_out_of_order_is_found_on_the_topic(evidence: Evidence) -> None:
    check = invariants.i9_the_topic_holds_the_log
    last = {record.id: replace(record, epoch=1) for record in reversed(evidence.topics["grants.v1"])}
    sent = list(reversed(last.values()))  # once each, whatever a broker that was lost has made the relay send again
    later = next(number for number, record in enumerate(sent) if record.sequence == 2)
    earlier = next(n for n, record in enumerate(sent) if (record.subject, record.sequence) == (sent[later].subject, 1))
    swapped = list(sent)
    swapped[earlier], swapped[later] = sent[later], sent[earlier]
    alien = replace(sent[0], id=UUID(int=1))
    for wrong, word in ((sent[1:], "not on the topic"), ([*sent, alien], "not in the log"), (swapped, "out of order")):
        evidence.topics = {**evidence.topics, "grants.v1": wrong}
        assert word in {row[1] for row in await check(evidence)}
    evidence.topics = {**evidence.topics, "grants.v1": [*sent, *sent]}
    assert await check(evidence) == []


def test_every_invariant_has_been_shown_to_catch_something() -> None:
    assert {planted[0] for planted in PLANTED} == set(INVARIANTS)


async def test_an_untouched_copy_breaks_nothing(evidence: Evidence) -> None:
    assert await broken(evidence) == {}

import random
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clock import SystemClock
from shared.contracts.envelope import Envelope, encode_data, to_headers
from shared.events.gates import Verdict, judge
from shared.events.message import Message
from shared.events.parked import EventWaits, drop_parked, list_parked, retry_parked
from shared.events.settling import Settler
from shared.identity import derived_id, new_id
from tests.shared.events import probe as probe_service
from tests.shared.events.conftest import Probe
from tests.shared.events.probe import ECHOES, NOTES, service

AT = datetime(2025, 2, 3, 5, tzinfo=UTC)


def a_message(
    aggregate: uuid.UUID,
    sequence: int,
    *,
    event_id: uuid.UUID | None = None,
    poison: bool = False,
    type_: str = "probe.counter-raised.v1",
    value: bytes | None = None,
) -> Message:
    envelope = Envelope(
        id=event_id or derived_id(aggregate, sequence),
        source="/services/probe",
        type=type_,
        subject=aggregate,
        time=AT,
        sequence=sequence,
        partition_key=str(aggregate),
        institute="industry",
        epoch=1,
    )
    data = {"agreement_id": str(aggregate), "to": sequence, "poison": poison}
    return Message(
        "probe.v1", 0, sequence, str(aggregate).encode(), tuple(to_headers(envelope)), value or encode_data(data)
    )


@pytest.fixture
def notes(probe: Probe) -> Settler:
    return Settler(probe.database, service, NOTES, SystemClock())


async def effects(probe: Probe) -> list[int]:
    return [row[0] for row in await probe.query('select "to" from effect order by id')]


async def kinds(probe: Probe) -> list[tuple[Any, ...]]:
    return await probe.query("select sequence, kind from parked where consumer = 'notes' order by sequence")


@given(st.integers(0, 5), st.booleans(), st.integers(1, 8))
def test_the_gate_lets_through_exactly_the_next_one(settled: int, known: bool, sequence: int) -> None:
    verdict = judge(settled=settled, known=known, sequence=sequence)
    assert (verdict is Verdict.SETTLE) == (not known and sequence == settled + 1)
    assert (verdict is Verdict.REPEAT) == known


async def test_the_same_event_a_hundred_times_has_one_effect(probe: Probe, notes: Settler) -> None:
    one = a_message(new_id(), 1)
    for _ in range(3):
        await notes.settle([one] * 100)
    assert await effects(probe) == [1]


@pytest.mark.parametrize("seed", range(10))
async def test_any_order_of_arrival_gives_the_order_in_which_it_happened(
    probe: Probe, notes: Settler, seed: int
) -> None:
    aggregate = new_id()
    messages = [a_message(aggregate, n) for n in range(1, 13)]
    chance = random.Random(seed)
    arriving = messages + chance.sample(messages, 6)
    chance.shuffle(arriving)
    while arriving:
        size = chance.randint(1, 5)
        await notes.settle(arriving[:size])
        del arriving[:size]
    assert await effects(probe) == list(range(1, 13))
    assert await list_parked(probe.database) == []


async def test_an_event_of_an_unknown_type_is_ignored_and_its_successor_is_not_held_up(
    probe: Probe, notes: Settler
) -> None:
    aggregate = new_id()
    await notes.settle([a_message(aggregate, 1, type_="probe.something-newer.v7"), a_message(aggregate, 2)])
    assert await effects(probe) == [2]
    assert await probe.query("select outcome from inbox order by outcome") == [("handled",), ("ignored",)]


async def test_a_poisoned_event_is_cured_by_a_retry_and_what_waited_follows(
    probe: Probe, notes: Settler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aggregate = new_id()
    sick = a_message(aggregate, 2, poison=True)
    await notes.settle([a_message(aggregate, 1), sick, a_message(aggregate, 3), a_message(aggregate, 4)])
    assert await kinds(probe) == [(2, "poisoned"), (3, "waiting"), (4, "waiting")]

    sick_id = derived_id(aggregate, 2)
    assert await retry_parked(probe.database, service, NOTES, sick_id, SystemClock()) is False
    monkeypatch.setattr(probe_service, "cured", tmp_path)
    assert await retry_parked(probe.database, service, NOTES, sick_id, SystemClock()) is True
    assert await effects(probe) == [1, 2, 3, 4]
    assert await list_parked(probe.database) == []


async def test_a_dropped_event_has_no_effect_and_frees_what_waited(probe: Probe, notes: Settler) -> None:
    aggregate = new_id()
    await notes.settle([a_message(aggregate, 1, poison=True), *(a_message(aggregate, n) for n in (2, 3))])
    with pytest.raises(EventWaits):
        await drop_parked(probe.database, service, NOTES, derived_id(aggregate, 2), SystemClock())
    await drop_parked(probe.database, service, NOTES, derived_id(aggregate, 1), SystemClock())
    assert await effects(probe) == [2, 3]
    assert await list_parked(probe.database) == []


async def test_another_event_under_a_settled_number_is_parked_as_forked(probe: Probe, notes: Settler) -> None:
    aggregate = new_id()
    await notes.settle([a_message(aggregate, 1), a_message(aggregate, 2)])
    await notes.settle([a_message(aggregate, 2, event_id=new_id())])
    assert await effects(probe) == [1, 2]
    assert await kinds(probe) == [(2, "forked")]


@pytest.mark.parametrize(
    ("headers", "value"),
    [((), b"{}"), ((("ce_id", b"\xff\xfe"),), b""), ((("ce_id", b"x"), ("ce_type", b"y")), None)],
)
async def test_a_record_that_is_no_event_is_parked_and_holds_nothing_up(
    probe: Probe, notes: Settler, headers: tuple[tuple[str, bytes], ...], value: bytes | None
) -> None:
    aggregate = new_id()
    stray = Message("probe.v1", 0, 7, None, headers, value)
    await notes.settle([a_message(aggregate, 1), stray, a_message(aggregate, 2)])
    assert await effects(probe) == [1, 2]
    assert await probe.query("select kind from parked") == [("undecodable",)]


@pytest.mark.parametrize("value", [b"not json", b"[]", b'{"to": "many"}', b"\xff"])
async def test_data_that_does_not_fit_its_contract_is_parked_with_its_aggregate(
    probe: Probe, notes: Settler, value: bytes
) -> None:
    aggregate, other = new_id(), new_id()
    await notes.settle([a_message(aggregate, 1, value=value), a_message(aggregate, 2), a_message(other, 1)])
    assert await effects(probe) == [1]
    assert await kinds(probe) == [(1, "poisoned"), (2, "waiting")]


async def test_handling_a_cause_again_gives_its_events_the_same_ids(probe: Probe) -> None:
    aggregate = new_id()
    echoes = Settler(probe.database, service, ECHOES, SystemClock())
    message = a_message(aggregate, 1)
    await echoes.settle([message])
    born = await probe.query("select id, causation_id from event")
    assert born == [(derived_id("probe", "echoes", derived_id(aggregate, 1), 1), str(derived_id(aggregate, 1)))]


async def test_the_record_of_events_cannot_be_changed_or_deleted(probe: Probe) -> None:
    counter = (await probe.new_counters(1))[0]
    await probe.raise_counter(counter)
    for statement in ("update event set type = 'x'", "delete from event", "truncate event cascade"):
        with pytest.raises(Exception, match="kept as they are"):
            await probe.query(statement)

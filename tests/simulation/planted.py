"""Faults planted into the product's code while it is imported, each to be found by the simulation."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType
from typing import Any


@dataclass(frozen=True)
class Planted:
    """A fault: in a module of the product, these words are replaced by those."""

    name: str
    module: str
    right: str
    wrong: str
    model: Callable[[], None] = lambda: None


def _up_to_the_highest() -> None:
    from tests.simulation import texts

    async def delete(rows: Any, transaction: Any, given: Any) -> Any:
        return await texts.delete_where(rows, transaction, lambda number: number <= max(given["numbers"]))

    texts.KNOWN["delete from outbox where id <= (select max(n) from unnest(:numbers) n)"] = delete


def _by_time() -> None:
    from tests.simulation import texts

    texts.PENDING[texts.PENDING_WORDS.replace("order by o.id", "order by e.occurred_at desc")] = "occurred_at"


def _any_epoch() -> None:
    from tests.simulation import texts

    texts.KNOWN[texts.PLACES.replace(" and consumed_epoch.epoch = new.epoch", "")] = texts.note_places_of_any_epoch


FAULTS: Sequence[Planted] = (
    Planted(
        "places noted before the batch is settled",
        "shared.events.consuming",
        "            await self._settler.settle(messages, then=partial(self._places.note, ends))\n",
        "            async with self._database.engine.begin() as connection:\n"
        "                await self._places.note(ends, connection)\n"
        "            await self._settler.settle(messages)\n",
    ),
    Planted(
        "inbox and gate outside the handlers' transaction",
        "shared.events.settling",
        "                await settle(connection, self._consumer.name, batch.outcomes, batch.moved)\n"
        "                await parking.unpark(connection, self._consumer.name, batch.unparked)\n"
        "                await then(connection)\n",
        "            async with self._database.engine.begin() as connection:\n"
        "                await settle(connection, self._consumer.name, batch.outcomes, batch.moved)\n"
        "                await parking.unpark(connection, self._consumer.name, batch.unparked)\n"
        "                await then(connection)\n",
    ),
    Planted(
        "DELETE id <= max",
        "shared.events.relay",
        "delete from outbox where id = any(:numbers)",
        "delete from outbox where id <= (select max(n) from unnest(:numbers) n)",
        _up_to_the_highest,
    ),
    Planted(
        "a failed send counts as acknowledged",
        "shared.events.relay",
        'numbers = [row["outbox_id"] for part, _ in done for row in part.rows]',
        'numbers = [row["outbox_id"] for part in sent for row in part.rows]',
    ),
    Planted(
        "a transient failure is not tried again",
        "shared.events.settling",
        "                    raise\n                await self._settle_apart",
        "                    return\n                await self._settle_apart",
    ),
    Planted(
        "no fencing: the lease is not checked before deleting",
        "shared.events.relay",
        "                await lease.check(connection)\n                await connection.execute(_ACKNOWLEDGED",
        "                await connection.execute(_ACKNOWLEDGED",
    ),
    Planted(
        "a load without its lock",
        "shared.database.loading",
        ".with_for_update().execution_options(populate_existing=True)",
        "",
    ),
    Planted(
        "sent in the order of the clock, not of the log",
        "shared.events.sending",
        "order by o.id",
        "order by e.occurred_at desc",
        _by_time,
    ),
    Planted(
        "a sequence used twice",
        "shared.events.publishing",
        "        aggregate.version += 1\n",
        "        aggregate.version = aggregate.version or 1\n",
    ),
    Planted(
        "the gate lets the one after the next through",
        "shared.events.gates",
        "if sequence == settled + 1 else",
        "if sequence <= settled + 2 else",
    ),
    Planted(
        "a parked event does not hold up its key",
        "shared.events.gates",
        "return Verdict.SETTLE if sequence == settled + 1 else Verdict.WAIT",
        "return Verdict.SETTLE",
    ),
    Planted(
        "nothing is read back before sending",
        "shared.events.memory",
        '    consumer = broker.consumer(group=None, client_id=f"{client_id}-verify")\n',
        '    return known\n    consumer = broker.consumer(group=None, client_id=f"{client_id}-verify")\n',
    ),
    Planted(
        "what was read back is not noted (the change of 139cb6b taken out)",
        "shared.events.memory",
        "            if newest is not None:\n                known[partition] = newest\n",
        "",
    ),
    Planted(
        "read back only before sending, not again after a time",
        "shared.events.relay",
        "READ_BACK_SECONDS = 30.0",
        "READ_BACK_SECONDS = 1e9",
    ),
    Planted(
        "an offset that is not above the last one is taken for good",
        "shared.events.relay",
        "if ack.offset < 0 or ack.offset <= before:",
        "if False:",
    ),
    Planted(
        "the last acknowledgement is not remembered",
        "shared.events.relay",
        '                await connection.execute(_ACKNOWLEDGED, {"numbers": numbers})\n'
        "                await _remember(connection, self._service.topic, newest)\n",
        '                await connection.execute(_ACKNOWLEDGED, {"numbers": numbers})\n',
    ),
    Planted(
        "the epoch is ignored",
        "shared.events.consuming",
        "            if epoch <= self._places.epoch(place):",
        "            if epoch <= self._places.epoch(place) or self._places.epoch(place):",
    ),
    Planted(
        "the log is queued again in the same epoch",
        "shared.events.memory",
        "        await lease.raise_epoch(connection)\n",
        "",
    ),
    Planted(
        "records that the database does not know are passed over",
        "shared.events.memory",
        "    if unknown:\n        raise RecordsUnknown(unknown)\n",
        "",
    ),
    Planted(
        "what waited is not drained",
        "shared.events.settling",
        "turn = batch.waiting[envelope.subject].pop(batch.gates[envelope.subject] + 1, None)",
        "turn = None",
    ),
    Planted(
        "the inbox is not asked",
        "shared.events.settling",
        "known = await known_events(connection, self._consumer.name, [arrived.envelope.id for arrived in arrivals])",
        "known: set[UUID] = set()",
    ),
    Planted(
        "a handler's event gets a new id each time",
        "shared.events.work",
        "        if self.cause is None:\n            return new_id()\n",
        "        if self.cause is None or True:\n            return new_id()\n",
    ),
    Planted(
        "a relay whose lease is cut goes on in a circle",
        "shared.events.relay",
        "        while not stop.is_set() and not lease.lost():\n            with suppress",
        "        while not stop.is_set():\n            with suppress",
    ),
    Planted(
        "the group's offsets count, not the database's",
        "shared.events.consuming",
        "            client.seek(place, offset)\n        self._held",
        "            _ = place, offset\n        self._held",
    ),
    Planted(
        "a place is noted in whatever epoch",
        "shared.events.places",
        '    " and consumed_epoch.partition = new.partition and consumed_epoch.epoch = new.epoch"\n',
        '    " and consumed_epoch.partition = new.partition"\n',
        _any_epoch,
    ),
)


SEEDS = {
    "DELETE id <= max": 6,
    "no fencing: the lease is not checked before deleting": 8,
    "sent in the order of the clock, not of the log": 16,
    "the gate lets the one after the next through": 2,
    "the last acknowledgement is not remembered": 0,
}
"""Of the faults that CI hunts, a seed that finds each."""


class _Planting(SourceFileLoader):
    """Loads one module with its fault; nothing of it is kept in a cache."""

    fault: Planted

    def get_code(self, fullname: str) -> CodeType:
        source = self.get_data(self.path).decode()
        if source.count(self.fault.right) != 1:
            raise LookupError(
                f"{self.fault.name}: its words stand {source.count(self.fault.right)} times in {fullname}"
            )
        return compile(source.replace(self.fault.right, self.fault.wrong), self.path, "exec")


class _Finder:
    def __init__(self, fault: Planted) -> None:
        self._fault = fault

    def find_spec(self, name: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name != self._fault.module:
            return None
        spec = PathFinder.find_spec(name, path)
        assert spec is not None
        assert spec.origin is not None
        loader = _Planting(name, spec.origin)
        loader.fault = self._fault
        spec.loader = loader
        return spec


def plant(name: str) -> None:
    """Plant the fault of this name; before anything of the product is imported."""
    fault = next(each for each in FAULTS if each.name == name)
    assert fault.module not in sys.modules, f"{fault.module} is imported already"
    sys.meta_path.insert(0, _Finder(fault))
    fault.model()

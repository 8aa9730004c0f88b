"""What must hold: while a run goes on, and when it has settled."""

from collections import Counter as Count
from collections import defaultdict
from itertools import pairwise
from typing import Any
from uuid import UUID

from shared.contracts.envelope import event_id_of
from shared.identity import derived_id
from tests.simulation.broker import Record
from tests.simulation.business import CounterRaised, EchoMade
from tests.simulation.house import House
from tests.simulation.rows import Row

CONSUMERS = (("noting", "notes"), ("counting", "echoes"))

NAMES = {
    "one effect": "each accepted event has exactly one effect per consumer",
    "in order": "the effects of an aggregate have the order of its events",
    "no gap": "a gate never moves back, nor past an event that is not settled",
    "topic": "the topic holds every event of the log once all has settled",
    "order of sending": "one producer is given an aggregate's events in their order, none of them twice",
    "fenced": "only the relay that drew the last token deletes from the outbox",
    "acknowledged": "what leaves the outbox has been on the topic",
    "stands still": "a restored database sends nothing until it is reconciled",
    "emits nothing": "an echo is made once for its cause, whatever is sent again",
    "only its key": "a parked event holds up its own aggregate only",
    "settles": "when the faults have ended everything settles within the bound",
    "no surprise": "nothing fails for a reason that is the code's own",
}
"""The invariants by name."""


class Watching:
    """Looks at every commit and every append as it happens."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.broken: list[tuple[str, str]] = []
        self.sent: set[UUID | None] = set()
        self._given: dict[tuple[Any, bytes], int] = defaultdict(int)
        self.checked: Count[str] = Count()
        self._holder = ""
        for name, server in house.servers.items():
            server.rows.watchers.append(lambda owner, table, before, row: self._change(owner, table, before, row))
            del name
        house.kafka.watchers.append(self._append)
        house.kafka.hand_over.append(self._hand_over)

    def offend(self, invariant: str, words: str) -> None:
        """Note what has been broken."""
        self.broken.append((invariant, words))
        self.house.world.note(f"BROKEN {invariant}: {words}")

    def _change(self, owner: str, table: str, before: Row | None, row: Row | None) -> None:
        if table == "relay_lease" and before and row and row["token"] != before["token"]:
            self._holder = owner
        elif table == "outbox" and before is not None and row is None:
            self._deleted(owner, before["id"])
        elif table == "gate" and before is not None and row is not None:
            self.checked["no gap"] += 1
            if row["settled_sequence"] < before["settled_sequence"]:
                self.offend("no gap", f"the gate moves back from {before} to {row}")

    def _deleted(self, owner: str, number: int) -> None:
        self.checked["fenced"] += 1
        self.checked["acknowledged"] += 1
        if owner != self._holder:
            self.offend("fenced", f"{owner} deletes {number}, {self._holder} has the token")
        events = self.house.servers["counting"].rows.committed.get("event", {}).values()
        if all(row["id"] not in self.sent for row in events if row["outbox_id"] == number):
            self.offend("acknowledged", f"{number} has never been on the topic")

    def _append(self, writer: str, record: Record) -> None:
        id_ = event_id_of(record.headers)
        if writer and self.house.unreconciled and _is_worker_since(self.house, writer):
            self.offend("stands still", f"{writer} sends {id_} before the topic is reconciled")
        self.sent.add(id_)

    def _hand_over(self, producer: Any, records: list[tuple[Any, Any, Any]]) -> None:
        if self.house.world.fired["replay"]:
            return  # what is queued again is given again, once, until the lease is checked
        for _, _, headers in records:
            self.checked["order of sending"] += 1
            told = dict(headers)
            place, sequence = (producer, told["ce_subject"]), int(told["ce_sequence"])
            if sequence <= self._given[place]:
                self.offend("order of sending", f"{sequence} after {self._given[place]}")
            self._given[place] = sequence


def _is_worker_since(house: House, writer: str) -> bool:
    known = {id_ for (id_,) in house.servers["counting"].rows.committed.get("event", {})}
    there = {event_id_of(record.headers) for log in house.kafka.logs.values() for record in log}
    strange = bool(there - known - {None})
    return strange and any(process.name == writer and process.alive for process in house.workers["counting"])


def events_of(house: House) -> list[Row]:
    """The log, in its order."""
    rows = house.servers["counting"].rows.committed.get("event", {}).values()
    return sorted(rows, key=lambda row: row["outbox_id"])


def unsettled(house: House, *, sick: bool) -> list[str]:
    """What is still to come; with `sick`, an aggregate whose event is poisoned may wait."""
    left = []
    counting = house.servers["counting"].rows.committed
    if counting.get("outbox"):
        left.append(f"{len(counting['outbox'])} in the outbox")
    events = events_of(house)
    standing = {event_id_of(r.headers) for log in house.kafka.logs.values() for r in log}
    if missing := [row["outbox_id"] for row in events if row["id"] not in standing]:
        left.append(f"not on the topic: {missing}")
    for name, consumer in CONSUMERS:
        tables = house.servers[name].rows.committed
        known = {id_ for who, id_ in tables.get("inbox", {}) if who == consumer}
        parked = {row["event_id"]: row for row in tables.get("parked", {}).values() if row["consumer"] == consumer}
        ill = {row["aggregate_id"] for row in parked.values() if row["kind"] == "poisoned"} if sick else set()
        late = [
            row["outbox_id"]
            for row in events
            if row["id"] not in known
            and row["aggregate_id"] not in ill
            and not (row["id"] in parked and parked[row["id"]]["kind"] == "forked")
        ]
        if late:
            left.append(f"{consumer} has not settled {late}")
    return left


def examine(watching: Watching, *, restored: bool) -> None:
    """All that can be seen when the run has come to rest."""
    house = watching.house
    _effects(watching, restored=restored)
    _echoes(watching)
    for name, consumer in CONSUMERS:
        _gates(watching, house.servers[name].rows.committed, consumer)


def _effects(watching: Watching, *, restored: bool) -> None:
    tables = watching.house.servers["noting"].rows.committed
    effects = sorted(tables.get("effect", {}).values(), key=lambda row: row["id"])
    outcomes = {id_: row["outcome"] for (_, id_), row in tables.get("inbox", {}).items()}
    times = Count(row["event_id"] for row in effects)
    forked = {row["event_id"] for row in tables.get("parked", {}).values() if row["kind"] == "forked"}
    for event in events_of(watching.house):
        if event["type"] != CounterRaised.type:
            continue
        watching.checked["one effect"] += 1
        wanted = 1 if outcomes.get(event["id"]) == "handled" else 0
        if times[event["id"]] != wanted or (not wanted and event["id"] not in forked and event["id"] not in outcomes):
            watching.offend("one effect", f"{event['outbox_id']}: {times[event['id']]}, {outcomes.get(event['id'])}")
    if doubled := [id_ for id_, count in times.items() if count > 1]:
        watching.offend("one effect", f"doubled: {doubled}")
    order: dict[UUID, list[int]] = defaultdict(list)
    for row in effects:
        order[row["aggregate_id"]].append(row["sequence"])
    for aggregate, sequences in order.items():
        watching.checked["in order"] += 1
        if any(after <= before for before, after in pairwise(sequences)):
            watching.offend("in order", f"{aggregate}: {sequences}")
    if not restored and (split := [row["event_id"] for row in _parked(watching.house) if row["kind"] == "forked"]):
        watching.offend("one effect", f"taken for forks, though nothing was restored: {split}")
    if not restored and (strangers := set(times) - {row["id"] for row in events_of(watching.house)}):
        watching.offend("one effect", f"effects of nothing: {strangers}")


def _parked(house: House) -> list[Row]:
    return [row for server in house.servers.values() for row in server.rows.committed.get("parked", {}).values()]


def _echoes(watching: Watching) -> None:
    tables = watching.house.servers["counting"].rows.committed
    handled = {id_ for (who, id_), row in tables.get("inbox", {}).items() if row["outcome"] == "handled"}
    echoes = Count(row["causation_id"] for row in tables.get("event", {}).values() if row["type"] == EchoMade.type)
    ids = {row["id"] for row in tables.get("event", {}).values() if row["type"] == EchoMade.type}
    watching.checked["emits nothing"] += len(handled)
    if echoes != Count(str(id_) for id_ in handled) or ids != {derived_id("counting", "echoes", i, 1) for i in handled}:
        watching.offend("emits nothing", f"{len(handled)} causes, {sum(echoes.values())} echoes")


def _gates(watching: Watching, tables: dict[str, Any], consumer: str) -> None:
    known = {id_ for who, id_ in tables.get("inbox", {}) if who == consumer}
    for (who, aggregate), row in tables.get("gate", {}).items():
        if who != consumer:
            continue
        watching.checked["no gap"] += 1
        mine = [e for e in events_of(watching.house) if e["aggregate_id"] == aggregate]
        passed = [e["sequence"] for e in mine if e["sequence"] <= row["settled_sequence"] and e["id"] not in known]
        forked = {p["sequence"] for p in tables.get("parked", {}).values() if p["kind"] == "forked"}
        if gap := set(passed) - forked:
            watching.offend("no gap", f"{consumer} has passed {sorted(gap)} of {aggregate}")

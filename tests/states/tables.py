"""A table of state × verb: how its states are reached, every cell as it is, and as it is written down."""

import tomllib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.states.effects import Change, Row, Snapshot, in_words, standing_of
from tests.states.house import Answer, Attempt, House

WRITTEN = Path(__file__).parent / "written"
Step = str | Attempt | Callable[[House], Awaitable[Any]]
Cells = dict[str, dict[str, str]]
"""By verb, then by state: what comes of it."""


@dataclass(frozen=True)
class State:
    """A state with the state before it and the steps from there; each step must succeed. `status` is the record's."""

    name: str
    after: str | None
    steps: Sequence[Step]
    status: str | None = None


@dataclass(frozen=True)
class Table:
    """One aggregate: its record's table, the id that names it, the statuses there are, its states and its verbs.

    The verbs are all those of `rooms`, and `also` some of other rooms that look at this aggregate.
    """

    name: str
    title: str
    record: str
    key: str
    states: Sequence[State]
    rooms: Sequence[str] = ()
    also: Sequence[str] = ()
    statuses: Sequence[str] = ()
    column: str = "id"

    def attempts(self, house: House, known: Mapping[str, Attempt]) -> list[Attempt]:
        """How each of the table's verbs is tried; a verb that nobody knows how to try raises."""
        wanted = [verb.name for verb in house.verbs.values() if verb.room in self.rooms] + list(self.also)
        missing = [name for name in wanted if not any(attempt.verb == name for attempt in known.values())]
        assert not missing, f"{self.name}: nobody knows how to try {missing}"
        return [attempt for attempt in known.values() if attempt.verb in wanted]


async def observe(house: House, table: Table, known: Mapping[str, Attempt]) -> Cells:
    """Every cell of the table as it is."""
    attempts = table.attempts(house, known)
    cells: Cells = {attempt.name: {} for attempt in attempts}

    async def descend(parent: str | None, before: Snapshot) -> None:
        for state in (each for each in table.states if each.after == parent):
            async with house.undone():
                for step in state.steps:
                    await _take(house, known, step, state)
                snapshot = await Snapshot.take(house.connection, before)
                _require(snapshot, house, table, state)
                for attempt in attempts:
                    cells[attempt.name][state.name] = await _cell(house, table, attempt, snapshot)
                await descend(state.name, snapshot)

    await descend(None, await Snapshot.take(house.connection))
    return cells


async def _take(house: House, known: Mapping[str, Attempt], step: Step, state: State) -> None:
    if isinstance(step, str):
        step = known[step]
    if isinstance(step, Attempt):
        answer = await house.attempt(step)
        refused = answer.refusal or answer.parked
        assert refused is None, f"{state.name}: {step.name} is refused: {refused}"
        return
    await step(house)


def _require(snapshot: Snapshot, house: House, table: Table, state: State) -> None:
    """The record stands where the state says."""
    found = _record(snapshot.rows(table.record), house, table)
    standing = None if found is None else standing_of(found)
    assert standing == state.status, f"{table.name}: {state.name} has the status {standing}, not {state.status}"


async def _cell(house: House, table: Table, attempt: Attempt, snapshot: Snapshot) -> str:
    """What comes of the attempt; afterwards all is as before."""
    async with house.undone():
        ids = dict(house.ids)
        answer = await house.attempt(attempt)
        house.ids = ids
        return _outcome(answer, await snapshot.changes(), house, table)


def _outcome(answer: Answer, changes: list[Change], house: House, table: Table) -> str:
    effects = in_words(changes)
    if answer.refusal is not None:
        assert not changes, f"refused as {answer.refusal}, and yet: {[change.table for change in changes]}"
        return f"refused: {answer.refusal}"
    if answer.parked is not None:
        assert not changes, f"parked as {answer.parked}, and yet: {[change.table for change in changes]}"
        return f"parked: {answer.parked}"
    if answer.idle:
        assert not changes, f"nothing was due, and yet: {effects}"
        return "nothing is due"
    moved = _moved(changes, house, table)
    word = "stays" if moved is None else f"→ {moved[1]}"
    if moved is not None:
        own = f"{table.record.replace('_', ' ')} {moved[0]} → {moved[1]}"
        effects = [effect for effect in effects if effect != own]
    return "; ".join([word, *(effects or ([] if moved else ["nothing changes"]))])


def _moved(changes: list[Change], house: House, table: Table) -> tuple[str, str] | None:
    """From where to where the aggregate itself went."""
    for change in changes:
        if change.table != table.record:
            continue
        for before, after in change.changed:
            if str(after[table.column]) == str(house.ids.get(table.key)) and standing_of(before) != standing_of(after):
                return str(standing_of(before)), str(standing_of(after))
    return None


def _record(rows: Sequence[Row], house: House, table: Table) -> Row | None:
    return next((row for row in rows if str(row[table.column]) == str(house.ids.get(table.key))), None)


# -- what is written down ------------------------------------------------------------------------------------------
def written(service: str, table: Table) -> Cells:
    """The table as it is written down; a line stands for all states that it names."""
    path = WRITTEN / service / f"{table.name}.toml"
    if not path.exists():
        return {}
    read: dict[str, dict[str, str]] = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        verb: {state: outcome for states, outcome in lines.items() for state in states.split(" | ")}
        for verb, lines in read.items()
    }


def write(service: str, table: Table, cells: Cells) -> None:
    """Write the table down, states of the same outcome in one line."""
    path = WRITTEN / service / f"{table.name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    parts = []
    for verb, by_state in cells.items():
        lines = [f'"{states}" = "{outcome}"' for states, outcome in together(by_state)]
        parts.append("\n".join([f'["{verb}"]', *lines]))
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def together(by_state: Mapping[str, str]) -> list[tuple[str, str]]:
    """States of the same outcome, with it, in the order of the states."""
    groups: dict[str, list[str]] = {}
    for state, outcome in by_state.items():
        groups.setdefault(outcome, []).append(state)
    return [(" | ".join(states), outcome) for outcome, states in groups.items()]


def differences(observed: Cells, expected: Cells) -> list[str]:
    """Each cell that is not as written down, in a line."""
    lines = []
    for verb in dict.fromkeys([*observed, *expected]):
        for state in dict.fromkeys([*observed.get(verb, {}), *expected.get(verb, {})]):
            is_, was = observed.get(verb, {}).get(state), expected.get(verb, {}).get(state)
            if is_ != was:
                lines.append(f"{state} × {verb}\n    written: {was}\n    is:      {is_}")
    return lines


__all__ = ["State", "Table", "differences", "observe", "together", "write", "written"]

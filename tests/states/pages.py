"""The tables as pages for an operator: `docs/states/<service>.md`, made from what is written down and tested."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.states.tables import Cells, Table, together, written
from tests.states.verbs import Verb

DOCS = Path(__file__).parents[2] / "docs" / "states"

HEAD = """# {title}: what can be done in which state

Made from the tests, which try every verb in every state on a real database; do not edit by hand. A verb is a request,
an event that a consumer hears, or a scheduled job; after its name stands what is particular about the attempt.

`→ state` is where the {noun} itself goes; *stays* is said where its status remains. Then comes everything else that
is different in the database: published events, figures of the account, holds, obligations, claims, any other record.
What an event brings about in the other service stands in that service's table. **refused** names the refusal (each is
described under `/problems/<name>`), **parked** what became of an event that could not be handled: in both cases nothing
in the database has changed.

{contents}
"""


def page(service: str, title: str, tables: Sequence[Table], verbs: Mapping[str, Verb]) -> str:
    """The page of a service."""
    contents = "\n".join(f"- [{table.title}](#{_anchor(table.title)})" for table in tables)
    parts = [HEAD.format(title=title, noun="aggregate", contents=contents)]
    parts += [_section(table, written(service, table), verbs) for table in tables]
    return "\n".join(parts)


def path_of(service: str) -> Path:
    """Where the page of a service is committed."""
    return DOCS / f"{service}.md"


def _section(table: Table, cells: Cells, verbs: Mapping[str, Verb]) -> str:
    states = ", ".join(f"*{state.name}*" for state in table.states)
    parts = [f"## {table.title}\n\nStates: {states}.\n"]
    for name, by_state in cells.items():
        verb, _, when = name.partition(", ")
        says = verbs[verb].says if verb in verbs else ""
        lines = [
            f"### `{verb}`" + (f", {when}" if when else ""),
            "",
            says,
            "",
            "| State | What comes of it |",
            "|---|---|",
        ]
        lines += [f"| {_states(states, by_state)} | {_outcome(outcome)} |" for states, outcome in together(by_state)]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _states(states: str, by_state: Mapping[str, str]) -> str:
    named = states.split(" | ")
    return "every state" if len(named) == len(by_state) > 1 else " · ".join(named)


def _outcome(outcome: str) -> str:
    for word in ("refused", "parked"):
        if outcome.startswith(f"{word}: "):
            return f"**{word}**: `{outcome.removeprefix(f'{word}: ')}`"
    return outcome


def _anchor(title: str) -> str:
    return "".join(letter for letter in title.lower().replace(" ", "-") if letter.isalnum() or letter == "-")

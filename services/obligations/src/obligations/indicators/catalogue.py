"""The catalogue: a dated list of the service's own, an indicator a row, under measure, direction and code."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.contracts.support import Direction, Measure, TargetMode
from shared.reference.lists import NAME, SLUG, WORDS, Cell, ListDefinition, choice
from shared.reference.rows import Entry
from shared.values.wrong import found, wrong

WANTED = "measure.direction.code, such as industrial-grant.labour-productivity.energy-intensity"


def read_key(value: object) -> str:
    """Read the key of an indicator: a measure, a direction and a code, with points between."""
    text = SLUG(value)
    measure, _, rest = text.partition(".")
    direction, _, code = rest.partition(".")
    if measure not in set(Measure) or direction not in set(Direction) or not code or "." in code:
        raise wrong("indicator", found(value), WANTED)
    return text


INDICATORS = ListDefinition(
    "indicators",
    Cell("indicator", read_key),
    (
        NAME,
        Cell("unit", WORDS),
        Cell("mode", choice(*(mode.value for mode in TargetMode))),
        Cell("lower_is_better", choice("yes", "no")),
    ),
)
"""What counter-obligations may be about (Law 86-VII, Art. 27(3)): per measure; what is usual, the agreement decides."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """An entry of the catalogue, its key and attributes read."""

    entry: Entry
    measure: Measure
    direction: Direction
    code: str

    @classmethod
    def of(cls, entry: Entry) -> "Indicator":
        """The indicator of an entry."""
        measure, direction, code = entry.key.split(".")
        return cls(entry, Measure(measure), Direction(direction), code)

    @property
    def attributes(self) -> Mapping[str, str]:
        """Name, unit, mode and whether lower is better."""
        return self.entry.attributes

"""What is known about one line before it is judged: values only, gathered by somebody else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from export_support.currencies.official import OfficialRate
from export_support.destinations.rules import Rule
from export_support.goods.catalogue import Good
from export_support.lines.categories import CategoryRule


class Size(StrEnum):
    """The size of the applicant's business."""

    LARGE = "large"
    MEDIUM = "medium"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class Places:
    """The keys of the lists of places that are in force; `crossings` by key with their way of transport."""

    modes: frozenset[str] = frozenset()
    crossings: Mapping[str, str] = field(default_factory=dict)
    zones: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DocumentState:
    """A cost document as others left it: `total` as first stated, `left` of it, in the document's currency.

    `asked` is what all lines of this request ask of it together. `held_by` names the request that holds it, where the
    reader may know; `differs` says that somebody stated another total or currency for the same document.
    """

    left: Decimal
    asked: Decimal
    differs: bool = False
    held_by: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a line is judged on. `on` is the day of judgement: that of the signature, before it today.

    `earliest` is the first day that the look-back reaches. None where a table knows nothing.
    """

    on: date
    earliest: date
    size: Size | None
    category: CategoryRule | None
    good: Good | None
    rule: Rule | None
    rate: OfficialRate | None
    document: DocumentState
    places: Places
    low_processing_paid: bool = True

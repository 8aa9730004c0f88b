"""The rule of a destination: category × FEA CN prefix × destination × day, the longest prefix first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from shared.reference.lists import UNITS, WORDS, Cell, ListDefinition, choice
from shared.reference.rows import Entry
from shared.reference.rules import ByKeyAndDay, prefixes
from shared.values.codes import Code

ANY = "*"
KEY = Code(
    "destination_rule",
    r"([a-z][a-z-]{1,39}|\*)/(([0-9]{2}){1,5}|\*)/([A-Z]{2}|\*)",
    "category/FEA CN prefix/country, each of them or *, such as goods-delivery/8413/CN",
    "goods-delivery/8413/CN",
)

DESTINATION_RULES = ListDefinition(
    "destination-rules",
    Cell("rule", KEY.read),
    (
        Cell("answer", choice("allow", "deny")),
        Cell("rate", UNITS["percent"], required=False),
        Cell("cap", UNITS["KZT"], required=False),
        Cell("act", WORDS),
    ),
)
"""Where costs are reimbursed: allowed or denied, with a rate in percent or a cap in tenge a line of its own."""


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule that holds. `rate` in percent in place of the usual one, `cap` in tenge for a line; both may be None."""

    key: str
    allowed: bool
    rate: Decimal | None
    cap: Decimal | None
    act: str
    row: UUID
    verified: bool

    @classmethod
    def of(cls, entry: Entry) -> "Rule":
        """The rule of an entry; `none` as a rate or a cap is no rate or cap of its own."""
        told = entry.attributes
        rate, cap = told.get("rate", "none"), told.get("cap", "none")
        return cls(
            key=entry.key,
            allowed=told["answer"] == "allow",
            rate=None if rate == "none" else Decimal(rate),
            cap=None if cap == "none" else Decimal(cap),
            act=told["act"],
            row=entry.id,
            verified=entry.verified,
        )


def keys_for(category: str, code: str | None, destination: str) -> Iterator[str]:
    """The keys that could rule, the strongest first.

    The longest FEA CN prefix wins, then a rule for this destination over one for any, then one for this category.
    """
    for prefix in [*(prefixes(code) if code else ()), ANY]:
        for country in (destination, ANY):
            for of in (category, ANY):
                yield f"{of}/{prefix}/{country}"


def rule_on(rules: ByKeyAndDay, category: str, code: str | None, destination: str, on: date) -> Rule | None:
    """The rule in force on the day, or None where the table says nothing."""
    for key in keys_for(category, code, destination):
        if (entry := rules.on(key, on)) is not None:
            return Rule.of(entry)
    return None

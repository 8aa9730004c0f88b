"""The lists and the kinds of parameters that the platform knows, cell by cell; a service adds its own."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import get_args

from shared.calendar.working_days import DayKind
from shared.reference.rows import NO_LIMIT
from shared.values.codes import Code
from shared.values.dates import read_day
from shared.values.identifiers import ApplicantNumber, FeaCn
from shared.values.text import VisibleText
from shared.values.wrong import Words, found, wrong

Reader = Callable[[object], str]
"""Reads a cell's text into what is stored; raises the error of the value."""

PARAMETERS = "parameters"
"""The name under which parameters are imported."""

SLUG = Code(
    "slug", "[a-z0-9]+([.-][a-z0-9]+)*", "a name of small letters, digits, points and hyphens", "grants.term"
).read
WORDS = VisibleText(1_000).read
CONDITION = Code(
    "condition", r"[0-9A-Za-z().-]{1,40}", "an item of an act without blanks, such as 25(5)(4)", "25(5)(4)"
).read


def choice(*allowed: str) -> Reader:
    """One of these words."""

    def read(value: object) -> str:
        if value not in allowed:
            raise wrong("choice", found(value), Words("one of {choices}", choices=", ".join(allowed)))
        return str(value)

    return read


def whole_number(least: int, most: int) -> Reader:
    """A whole number from `least` to `most`, in ASCII digits."""

    def read(value: object) -> str:
        wanted = Words("a whole number from {least} to {most}", least=least, most=most)
        if not isinstance(value, str) or not re.fullmatch("[0-9]{1,9}", value, re.ASCII):
            raise wrong("whole_number", found(value), wanted)
        if not least <= int(value) <= most:
            raise wrong("whole_number", found(value), wanted)
        return str(int(value))

    return read


def day(value: object) -> str:
    """A day, `YYYY-MM-DD`."""
    return read_day(value).isoformat()


def _code(annotated: object) -> Reader:
    code = get_args(annotated)[1]
    assert isinstance(code, Code)  # noqa: S101
    return code.read


@dataclass(frozen=True, slots=True)
class Cell:
    """A column of a list: its name in the header, how it is read, whether it may be empty."""

    name: str
    read: Reader
    required: bool = True


@dataclass(frozen=True, slots=True)
class ListDefinition:
    """A dated list: the column that is its key, and its attributes; a personal one is not for everybody to read.

    In a `bounded` list every row names its last day: what is not known is then not taken for what was known before.
    """

    name: str
    key: Cell
    attributes: tuple[Cell, ...] = field(default=())
    personal: bool = False
    bounded: bool = False


NAME = Cell("name", WORDS)
APPLICANT = _code(ApplicantNumber)
FEA_CN = _code(FeaCn)

PRODUCERS = ListDefinition(
    "producers", Cell("number", APPLICANT), (NAME, Cell("entry", WORDS, required=False)), personal=True
)
"""The register of Kazakhstani commodity producers (Law 86-VII, Art. 51-1 to 51-7); removal ends an entry."""

PRIORITY_GOODS = ListDefinition(
    "priority-goods",
    Cell("fea_cn", FEA_CN),
    (NAME, Cell("processing", choice("medium", "high")), Cell("sector", WORDS, required=False)),
)
"""The list of priority goods: medium and high processing only (Law 86-VII, Art. 26), by longest prefix."""

EXCEPTIONAL_DAY = (Cell("kind", choice(*(kind.value for kind in DayKind))), NAME)
HOLIDAYS = ListDefinition("holidays", Cell("day", day), EXCEPTIONAL_DAY)
"""Exceptional days as the `holidays` package knows them; the calendar covers the years that it holds."""

HOLIDAY_OVERRIDES = ListDefinition("holiday-overrides", Cell("day", day), EXCEPTIONAL_DAY)
"""Exceptional days by decree: each replaces what the package says of that day."""

SUPPORT_CONDITIONS = ListDefinition(
    "support-conditions",
    Cell("condition", CONDITION),
    (NAME, Cell("status", choice("in-force", "unknown", "not-in-force"))),
)
"""The conditions of a measure and whether each applied, by day (Law 86-VII, Art. 25(5))."""

APPLICANT_CRITERIA = ListDefinition("grant-applicant-criteria", Cell("criterion", SLUG), (NAME,))
"""What the rules of grants ask of an applicant, by day."""

EXAMINATION_CRITERIA = ListDefinition(
    "grant-examination-criteria", Cell("criterion", SLUG), (NAME, Cell("highest_score", whole_number(1, 100)))
)
"""What experts score (Law 86-VII, Art. 42(3); by default the criteria of Art. 25(4))."""

ELIGIBLE_COSTS = ListDefinition("grant-eligible-costs", Cell("cost", SLUG), (NAME,))
"""The cost items that a grant may pay."""

LISTS: Mapping[str, ListDefinition] = {
    definition.name: definition
    for definition in (
        PRODUCERS,
        PRIORITY_GOODS,
        HOLIDAYS,
        HOLIDAY_OVERRIDES,
        SUPPORT_CONDITIONS,
        APPLICANT_CRITERIA,
        EXAMINATION_CRITERIA,
        ELIGIBLE_COSTS,
    )
}


def _number(pattern: str, wanted: str, *, may_be_none: bool = False) -> Reader:
    if may_be_none:
        wanted = Words("{wanted}, or {none}", wanted=Words(wanted), none=NO_LIMIT)

    def read(value: object) -> str:
        if may_be_none and value == NO_LIMIT:
            return NO_LIMIT
        if not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII):
            raise wrong("parameter_value", found(value), wanted)
        return value

    return read


def _words(value: object) -> str:
    return " ".join(SLUG(word) for word in WORDS(value).split())


_days = _number("[0-9]{1,4}", "a whole number of days")

UNITS: Mapping[str, Reader] = {
    "KZT": _number(r"[0-9]{1,15}(\.[0-9]{2})?", "tenge with no or two decimals", may_be_none=True),
    "MCI": _number(r"[0-9]{1,9}(\.[0-9]{1,2})?", "a number of monthly calculation indices", may_be_none=True),
    "percent": _number(r"[0-9]{1,3}(\.[0-9]{1,4})?", "percent", may_be_none=True),
    "count": _number("[0-9]{1,9}", "a whole number", may_be_none=True),
    "number": _number(r"[0-9]{1,12}(\.[0-9]{1,6})?", "a number with up to six decimals", may_be_none=True),
    "working day": _days,
    "calendar day": _days,
    "month": _number("[0-9]{1,4}", "a whole number of months"),
    "year": _number("[0-9]{1,3}", "a whole number of years"),
    "day": day,
    "choice": SLUG,
    "choices": _words,
    "text": WORDS,
}
"""How the value of a parameter is read by its unit."""
